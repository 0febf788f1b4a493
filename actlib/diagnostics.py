"""Looking into a network while it learns, or does not.

Every function takes what forward and backward return. With a population the answers have a
run axis in front; the layer axis is last, unless said otherwise.
"""

from dataclasses import dataclass

import numpy as np

from actlib._passes import resolve


@dataclass
class LayerStatistics:
    """Mean and standard deviation by layer, over the points and the units."""

    mean: np.ndarray
    std: np.ndarray


def _by_layer(function, signals):
    return np.stack([function(signal) for signal in signals], axis=-1)


def layer_statistics(signals):
    """Statistics of ``trace.z``, ``trace.a``, ``gradients.z`` or ``gradients.a``.

    >>> layer_statistics([np.array([[0.0, 2.0], [4.0, 6.0]])]).mean
    array([3.])
    """
    return LayerStatistics(
        _by_layer(lambda s: s.mean(axis=(-2, -1)), signals),
        _by_layer(lambda s: s.std(axis=(-2, -1)), signals),
    )


def slopes(net, trace):
    """The slope of each layer's activation at its pre-activations: a list, shaped as trace.z."""
    answer = []
    for (_, slope, *_), z, f in zip(net._plan, trace.z, trace.f, strict=True):
        answer.append(np.empty_like(z))
        slope(z, f, answer[-1])
    return answer


def saturation(net, trace, threshold=0.05):
    """Share of (point, unit) pairs whose slope is below ``threshold`` × the largest slope.

    The largest slope is that of the activation: 0.25 for sigmoid. Hidden layers only.
    ReLU counts as saturated where it gives 0.
    """
    limit = threshold * resolve(net.activation)[0].slope_max
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


def _norm(array, axis):
    # The largest number is taken out first: vanished gradients would underflow when squared.
    largest = np.abs(array).max(axis=axis, keepdims=True)
    unit = np.where(largest > 0, largest, 1)
    return np.squeeze(unit, axis) * np.sqrt(np.square(array / unit).sum(axis=axis))
