"""Is my derivative right? Compare it with a slope that is measured.

The measured slope is the central difference, (f(x + h) - f(x - h)) / 2h. With h = 1e-5
in float64 it is good to eight or nine digits, where f is smooth. Whatever is measured gets
copies, so that a function that changes its input, or answers in one buffer, is judged by
what it answers.
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
        digits = 6
        while digits < 17 and f"{self.given:.{digits}g}" == f"{self.measured:.{digits}g}":
            digits += 1
        return (
            f"not right: at {self.where} = {self.at:.6g} your slope is {self.given:.{digits}g}, "
            f"the measured one {self.measured:.{digits}g}"
        )


def numeric_derivative(f, x, h=1e-5):
    """Measure the slope of an elementwise function ``f`` at every ``x``.

    .. math:: f'(x) \\approx \\frac{f(x + h) - f(x - h)}{2h}

    >>> print(f"{numeric_derivative(np.sin, 0.0):.6f}")
    1.000000
    >>> numeric_derivative(np.square, [1.0, 2.0]).round(6)
    array([2., 4.])
    """
    x = as_float(x).astype(np.float64)
    above, below = x + h, x - h
    rise = _values(f, above) - _values(f, below)
    return rise / (above - below)  # the step that was taken, not the one that was meant


def numeric_gradient(f, x, h=1e-5):
    """Measure the gradient of ``f``, which takes an array and gives one number.

    One number of ``x`` at a time is moved, so this takes two calls of ``f`` for each.

    >>> numeric_gradient(lambda x: (x**2).sum(), [[1.0, 2.0], [3.0, 4.0]]).round(6)
    array([[2., 4.],
           [6., 8.]])
    """
    x = as_float(x).astype(np.float64)
    return numeric_derivative(_one_at_a_time(f, x), x, h)


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
    given = _values(df, x, "df")
    counted = np.ones(x.shape, bool)
    for kink in kinks:
        counted &= np.abs(x - kink) > 2 * h
    return _worst({"x": _judged(f, x, given, tolerance, h, counted)}, tolerance)


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
    copies = {name: array.copy() for name, array in named.items()}
    given, _ = _named(gradient(rebuild(copies)))
    if given.keys() != named.keys():
        raise ValueError(
            f"gradient must answer for {', '.join(named)}, but answered for {', '.join(given)}"
        )
    given = {name: as_float(slope, f"gradient of {name}").copy() for name, slope in given.items()}
    judged = {}
    for name, array in named.items():
        if given[name].shape != array.shape:
            raise ValueError(
                f"the gradient of {name} must have its shape {array.shape}, got {given[name].shape}"
            )

        def moved(value, name=name):
            others = {other: array.copy() for other, array in named.items()}
            return f(rebuild({**others, name: value}))

        judged[name] = _judged(_one_at_a_time(moved, array), array, given[name], tolerance, h)
    return _worst(judged, tolerance)


def _values(f, x, name="f"):
    """Return f(x) as an array of its own, of the shape of x."""
    values = as_float(f(x.copy()), f"{name}(x)").copy()
    if values.shape != x.shape:
        raise ValueError(f"{name} must keep the shape {x.shape} of x, but gave {values.shape}")
    return values


def _one_at_a_time(f, x):
    """Make of a function of a whole array an elementwise one: each number moves alone."""

    def moved(values):
        answers = np.empty_like(x)
        for i in np.ndindex(x.shape):
            there = x.copy()
            there[i] = values[i]
            answers[i] = _number(f(there))
        return answers

    return moved


def _named(arrays):
    """Return the arrays as a dict, and what makes their own form of such a dict."""
    if isinstance(arrays, dict):
        return dict(arrays), dict
    if isinstance(arrays, list | tuple) and arrays and np.ndim(arrays[0]):
        names = [f"array {i}" for i in range(len(arrays))]
        return dict(zip(names, arrays, strict=True)), lambda named: list(named.values())
    return {"x": arrays}, lambda named: named["x"]


def _judged(f, x, given, tolerance, h, counted=True):
    """Return x, the slopes given and measured there, and how far they are apart."""
    measured = numeric_derivative(f, x, h)
    error = _apart(given, measured)
    if (counted & (error > tolerance)).any():
        # Perhaps the measurement is at fault. Where the curvature jumps, the slopes from the
        # left and from the right are the true one; where f is large, its rounding needs a
        # larger step, and a formula of five points can afford it.
        wide = numeric_derivative(f, x, step := 100 * h * np.maximum(1, np.abs(x)))
        wider = numeric_derivative(f, x, 2 * step)
        left, right = _from_one_side(f, x, -h), _from_one_side(f, x, h)
        for slopes in ([left, right], [(4 * wide - wider) / 3]):
            closer = np.max([_apart(given, slope) for slope in slopes], axis=0)
            measured = np.where(closer < error, slopes[0], measured)
            error = np.minimum(closer, error)
    return x, given, measured, np.where(counted, error, -1)


def _from_one_side(f, x, h):
    at, near, far = (_values(f, x + step) for step in (0, h, 2 * h))
    return (4 * (near - at) - (far - at)) / (2 * h)


def _apart(given, measured):
    size = np.maximum(1, np.maximum(np.abs(given), np.abs(measured)))
    error = np.abs(given - measured) / size
    return np.where(np.isnan(error), np.inf, error)


def _worst(judged, tolerance):
    worst = GradientCheck(True, 0.0, tolerance, "nowhere", np.nan, np.nan, np.nan)
    for name, (*arrays, error) in judged.items():
        if error.size and error.max() > worst.error:
            i = np.unravel_index(error.argmax(), error.shape)
            where = name + (f"[{', '.join(str(k) for k in i)}]" if i else "")
            numbers, top = (float(array[i]) for array in arrays), float(error[i])
            worst = GradientCheck(top <= tolerance, top, tolerance, where, *numbers)
    return worst


def _number(value):
    value = as_float(value, "f(x)")
    if value.size != 1:
        raise ValueError(f"f must return one number, got shape {value.shape}")
    return float(value.reshape(()))
