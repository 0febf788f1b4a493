"""Looking into a network while it learns, or does not.

Every function takes what forward and backward return. With a population the answers have a
run axis in front; the layer axis is last, unless said otherwise.
"""

import math
import time
from statistics import NormalDist

import numpy as np

from actlib._arrays import as_float


def _by_layer(function, signals):
    return np.stack([function(signal) for signal in signals], axis=-1)


def slopes(net, trace):
    """The slope of each layer's activation at its pre-activations: a list, shaped as trace.z."""
    return [
        layer.activation.df(z, **layer.parameters)
        for layer, z in zip(net.layers, trace.z, strict=True)
    ]


def saturation(net, trace, threshold=0.05):
    """Share of (point, unit) pairs whose slope is below ``threshold`` × the largest slope.

    The largest slope is that of the activation: 0.25 for sigmoid. Hidden layers only.
    ReLU counts as saturated where it gives 0.
    """
    limit = threshold * net.layers[0].activation.slope_max
    return _by_layer(lambda s: (np.abs(s) < limit).mean(axis=(-2, -1)), slopes(net, trace)[:-1])


def dead_units(net, trace):
    """For each hidden layer, which units no point of the data activates: (..., units) booleans.

    The slope of such a unit is 0 at every point, so no gradient by these data reaches its
    weights. A unit that is silent for some points only is at work, not dead.
    """
    return [(s == 0).all(axis=-2) for s in slopes(net, trace)[:-1]]


def dead_share(net, trace):
    """Share of dead units in each hidden layer."""
    return _by_layer(lambda dead: dead.mean(axis=-1), dead_units(net, trace))


def gradient_norms(gradients, of="W"):
    """Euclidean length of the gradient by layer, by "W", "b", "z" or "a".

    >>> from types import SimpleNamespace
    >>> gradient_norms(SimpleNamespace(W=[np.array([[3.0], [4.0]])]))
    array([5.])
    """
    if of not in ("W", "b", "z", "a"):
        raise ValueError(f"of must be 'W', 'b', 'z' or 'a', got {of!r}")
    axis = -1 if of == "b" else (-2, -1)
    return _by_layer(lambda g: _norm(g, axis), getattr(gradients, of))


def update_ratio(before, after):
    """Length of the change of W over the length of W, by layer; near 1e-3 is healthy.

    ``before`` and ``after`` are Parameters: copy them in a callback.
    """
    changes = [new - old for new, old in zip(after.W, before.W, strict=True)]
    lengths = _by_layer(lambda w: _norm(w, (-2, -1)), before.W)
    return _by_layer(lambda w: _norm(w, (-2, -1)), changes) / lengths


def wilson(successes, runs, confidence=0.95):
    """An interval for a success rate: (low, high), of the shape of successes and runs.

    For k successes in n runs, with q = k / n and z = 1.96 for a confidence of 95%::

        (q + z²/2n ± z √(q(1 - q)/n + z²/4n²)) / (1 + z²/n)

    Those are the rates p from which q is z standard deviations, √(p(1 - p)/n), away.
    Unlike q ± z √(q(1 - q)/n) it stays within 0 and 1, and has a width when k is 0 or n.
    Errors: ValueError unless runs is 1 or more and successes lies between 0 and runs, both
    whole numbers; ValueError unless 0 < confidence < 1.
    Source: Wilson (1927).

    >>> low, high = wilson(55, 100)
    >>> round(float(low), 3), round(float(high), 3)
    (0.452, 0.644)
    >>> low, high = wilson([0, 1000], 1000)
    >>> low.round(4), high.round(4)
    (array([0.    , 0.9962]), array([0.0038, 1.    ]))
    """
    k, n = as_float(successes, "successes"), as_float(runs, "runs")
    k, n = (array.astype(np.float64, copy=False) for array in (k, n))
    if not ((n >= 1) & (n == np.floor(n)) & np.isfinite(n)).all():
        raise ValueError(f"runs must be whole numbers of 1 or more, got {runs!r}")
    if not ((k >= 0) & (k <= n) & (k == np.floor(k))).all():
        raise ValueError(
            f"successes must be whole numbers from 0 to runs, got {successes!r} of {runs!r}"
        )
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence!r}")
    z2 = NormalDist().inv_cdf(0.5 + confidence / 2) ** 2
    middle = (k + z2 / 2) / (n + z2)
    half = np.sqrt(z2 * (k * (n - k) / n + z2 / 4)) / (n + z2)
    # Nothing but rounding parts the ends from 0 and 1 there.
    low = np.where(k == 0, 0.0, middle - half)[()]
    high = np.where(k == n, 1.0, middle + half)[()]
    return low, high


def interval(values, confidence=0.95):
    """The course's one way to say how sure a result is: a 95% interval, (low, high).

    ``values`` holds one result for each independent repetition (a seed, a draw of the data)
    along the first axis; other axes are kept. Where they are True and False, it is the
    interval of the success rate (:func:`wilson`). Where they are numbers, it is the interval
    of their mean::

        mean ± t · s / √n

    with s their standard deviation (n - 1 below) and t the quantile of Student's distribution,
    which takes into account that s is estimated from the same n numbers. To compare two
    sides that were run on the same repetitions, give their differences.

    Errors: ValueError for fewer than two numbers. Source: Student (1908).

    >>> low, high = interval([True] * 15 + [False] * 5)
    >>> round(float(low), 2), round(float(high), 2)
    (0.53, 0.89)
    >>> low, high = interval([1.0, 2.0, 3.0, 4.0, 5.0])
    >>> round(float(low), 2), round(float(high), 2)
    (1.04, 4.96)
    """
    values = np.asarray(values)
    if values.dtype == bool:
        return wilson(values.sum(axis=0), len(values), confidence)
    values = as_float(values, "values").astype(np.float64, copy=False)
    if values.ndim == 0 or len(values) < 2:
        raise ValueError("an interval needs at least two repetitions along the first axis")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence!r}")
    t = _student(0.5 + confidence / 2, len(values) - 1)
    half = t * values.std(axis=0, ddof=1) / math.sqrt(len(values))
    return values.mean(axis=0) - half, values.mean(axis=0) + half


def _student(share, freedom):
    """The quantile of Student's t, found by halving on its distribution function.

    With ``θ = atan(t / √freedom)`` that function is a sum of powers of cos θ (Abramowitz and
    Stegun 26.7.3 and 26.7.4).
    """

    def below(t):
        angle = math.atan(t / math.sqrt(freedom))
        term = total = math.cos(angle) if freedom % 2 else 1.0
        for k in range(3 if freedom % 2 else 2, freedom, 2):
            term *= math.cos(angle) ** 2 * (k - 1) / k
            total += term
        if freedom % 2:
            total = 0.0 if freedom == 1 else total
            return 0.5 + (angle + math.sin(angle) * total) / math.pi
        return 0.5 + math.sin(angle) * total / 2

    low, high = 0.0, 1.0
    while below(high) < share:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < share else (low, middle)
    return high


def best_time(function, *inputs, repeats=30):
    """Seconds of the fastest of ``repeats`` calls: the one that other work disturbed least.

    Compare two functions by the ratio of their times, measured in the same run.
    """
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        function(*inputs)
        times.append(time.perf_counter() - began)
    return min(times)


def _norm(array, axis):
    # The largest number is taken out first: vanished gradients would underflow when squared.
    largest = np.abs(array).max(axis=axis, keepdims=True)
    unit = np.where(largest > 0, largest, 1)
    return np.squeeze(unit, axis) * np.sqrt(np.square(array / unit).sum(axis=axis))
