"""Slopes that are measured, for the slopes that are given to be compared with.

The central difference, (f(x + h) - f(x - h)) / 2h with h = 1e-5, is good to eight or nine
digits in float64, where f is smooth.
"""

import numpy as np

H = 1e-5


def assert_slope(f, df, kinks=()):
    """df is the slope of the elementwise f, away from its kinks and from 0, the seam of many."""
    x = np.linspace(-8, 8, 402)
    x = x[np.abs(x - np.reshape([0.0, *kinks], (-1, 1))).min(axis=0) > 2 * H]
    above, below = x + H, x - H
    close(df(x), (f(above) - f(below)) / (above - below))


def assert_gradient(f, gradient, x):
    """The gradient is that of f, which takes an array like x and gives one number."""
    measured = np.empty(x.shape)
    for place in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[place] += H
        below[place] -= H
        measured[place] = (f(above) - f(below)) / (above[place] - below[place])
    close(gradient, measured)


def close(given, measured):
    np.testing.assert_allclose(given, measured, rtol=1e-8, atol=1e-8)
