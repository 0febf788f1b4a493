"""Is my derivative right? Compare it with a slope that is measured.

The measured slope is the central difference, (f(x + h) - f(x - h)) / 2h. With h = 1e-5
in float64 it is good to eight or nine digits, where f is smooth.
"""

from dataclasses import dataclass

import numpy as np

from actlib._arrays import as_float

__all__ = ["GradientCheck", "gradcheck", "gradcheck_loss", "numeric_derivative", "numeric_gradient"]


@dataclass(frozen=True, eq=False)
class GradientCheck:
    """The outcome of a gradient check. It is true where the gradient passed.

    ``error`` is the largest |given - measured| / max(1, |given|, |measured|), ``where``
    the place of it: an index, with the name of the array if there are several.
    """

    passed: bool
    error: float
    tolerance: float
    where: str
    at: float
    given: float
    measured: float

    def __bool__(self):
        return self.passed

    def __str__(self):
        if self.passed:
            return f"right: every slope agrees with the measured one to {self.error:.1e}"
        return (
            f"not right: at {self.where} = {self.at:.6g} your slope is {self.given:.6g}, "
            f"the measured one {self.measured:.6g}"
        )


def numeric_derivative(f, x, h=1e-5):
    """Measure the slope of an elementwise function ``f`` at every ``x``.

    .. math:: f'(x) \\approx \\frac{f(x + h) - f(x - h)}{2h}

    >>> print(f"{numeric_derivative(np.sin, 0.0):.6f}")
    1.000000
    >>> numeric_derivative(np.square, [1.0, 2.0]).round(6)
    array([2., 4.])
    """
    x = as_float(x).astype(np.float64, copy=False)
    above, below = x + h, x - h
    rise = as_float(f(above), "f(x)") - as_float(f(below), "f(x)")
    if rise.shape != x.shape:
        raise ValueError(f"f must keep the shape {x.shape} of x, but gave {rise.shape}")
    return rise / (above - below)  # the step that was taken, not the one that was meant


def numeric_gradient(f, x, h=1e-5):
    """Measure the gradient of ``f``, which takes an array and gives one number.

    One number of ``x`` at a time is moved, so this takes two calls of ``f`` for each.

    >>> numeric_gradient(lambda x: (x**2).sum(), [[1.0, 2.0], [3.0, 4.0]]).round(6)
    array([[2., 4.],
           [6., 8.]])
    """
    x = as_float(x).astype(np.float64)  # a copy, as its numbers are moved
    gradient = np.empty_like(x)
    for i in np.ndindex(x.shape):
        kept = x[i]
        x[i] = above = kept + h
        high = _number(f(x.copy()))
        x[i] = below = kept - h
        low = _number(f(x.copy()))
        x[i] = kept
        gradient[i] = (high - low) / (above - below)
    return gradient


def gradcheck(f, df, x=None, kinks=(), tolerance=1e-8, h=1e-5):
    """Check the derivative ``df`` of an elementwise function ``f``.

    Without ``x``, 401 numbers from -8 to 8 are tried. Those close to one of the
    ``kinks`` are left out, as there is no slope to measure. The answer is true or false
    and prints as a sentence that names the worst place.

    >>> from actlib import d_sigmoid, sigmoid
    >>> bool(gradcheck(sigmoid, d_sigmoid))
    True
    >>> print(gradcheck(np.sin, np.sin, x=[0.0, 1.5]))
    not right: at x[0] = 0 your slope is 0, the measured one 1
    """
    x = np.linspace(-8, 8, 401) if x is None else as_float(x).astype(np.float64)
    given = as_float(df(x.copy()), "df(x)")
    if given.shape != x.shape:
        raise ValueError(f"df must keep the shape {x.shape} of x, but gave {given.shape}")
    measured = numeric_derivative(f, x, h)
    counted = np.ones(x.shape, bool)
    for kink in kinks:
        counted &= np.abs(x - kink) > 2 * h
    return _compare({"x": x}, {"x": given}, {"x": measured}, tolerance, {"x": counted})


def gradcheck_loss(f, gradient, arrays, tolerance=1e-8, h=1e-5):
    """Check the gradient of a loss, or of a whole network, by each of its arrays.

    ``arrays`` is one array or a dict (or list) of them: ``f`` takes it and returns one
    number, ``gradient`` takes it and returns the gradients in the same form.

    >>> loss = lambda p: ((p["x"] @ p["w"]) ** 2).sum()
    >>> slope = lambda p: {"x": 2 * (p["x"] @ p["w"])[:, None] * p["w"], "w": np.zeros(2)}
    >>> arrays = {"x": np.array([[1.0, 2.0]]), "w": np.array([0.5, 1.0])}
    >>> print(gradcheck_loss(loss, slope, arrays))
    not right: at w[0] = 0.5 your slope is 0, the measured one 5
    """
    named, rebuild = _named(arrays)
    named = {name: as_float(array, name).astype(np.float64) for name, array in named.items()}
    given, _ = _named(gradient(rebuild({name: array.copy() for name, array in named.items()})))
    if given.keys() != named.keys():
        raise ValueError(
            f"gradient must answer for {', '.join(named)}, but answered for {', '.join(given)}"
        )
    measured = {}
    for name, array in named.items():
        given[name] = as_float(given[name], f"gradient of {name}")
        if given[name].shape != array.shape:
            raise ValueError(
                f"the gradient of {name} must have its shape {array.shape}, got {given[name].shape}"
            )

        def moved(value, name=name):
            others = {other: array.copy() for other, array in named.items()}
            return f(rebuild({**others, name: value}))

        measured[name] = numeric_gradient(moved, array, h)
    return _compare(named, given, measured, tolerance)


def _named(arrays):
    """Return the arrays as a dict, and what makes their own form of such a dict."""
    if isinstance(arrays, dict):
        return dict(arrays), dict
    if isinstance(arrays, list | tuple) and arrays and np.ndim(arrays[0]):
        names = [f"array {i}" for i in range(len(arrays))]
        return dict(zip(names, arrays, strict=True)), lambda named: list(named.values())
    return {"x": arrays}, lambda named: named["x"]


def _compare(points, given, measured, tolerance, counted=None):
    worst = GradientCheck(True, 0.0, tolerance, "nowhere", np.nan, np.nan, np.nan)
    for name in points:
        scale = np.maximum(1, np.maximum(np.abs(given[name]), np.abs(measured[name])))
        error = np.abs(given[name] - measured[name]) / scale
        error = np.where(np.isnan(error), np.inf, error)
        if counted is not None:
            error = np.where(counted[name], error, -1)
        if error.size and error.max() > worst.error:
            i = np.unravel_index(error.argmax(), error.shape)
            where = name + (f"[{', '.join(str(k) for k in i)}]" if i else "")
            numbers = (float(a[name][i]) for a in (points, given, measured))
            top = float(error[i])
            worst = GradientCheck(top <= tolerance, top, tolerance, where, *numbers)
    return worst


def _number(value):
    value = as_float(value, "f(x)")
    if value.size != 1:
        raise ValueError(f"f must return one number, got shape {value.shape}")
    return float(value.reshape(()))
