"""What all losses share: matching shapes, probabilities, labels, and the mean over a batch.

A loss is a mean over the batch. Arrays may carry leading run axes (a population of
networks): ``runs`` says how many axes in front are runs, and each run keeps its own value.
"""

import math
import operator

import numpy as np

from actlib._arrays import as_float

# Overflow to inf and underflow to 0 are the right answers here, and no news to a reader.
quiet = np.errstate(all="ignore")


def working(array):
    """float16 is computed in float32 (its own steps would eat the result); others stay."""
    return array.astype(np.float32) if array.dtype == np.float16 else array


def number(value, name, accepted, inside):
    """Return a parameter as a float, or say what came and what is accepted."""
    array = as_float(value, name)
    if array.ndim or not inside(float(array)):
        raise ValueError(f"{name} must be {accepted}, got {value!r}")
    return float(array)


def positive(value, name):
    return number(value, name, "a positive, finite number", lambda v: 0 < v < math.inf)


def check_batch(prediction, runs, name, rows=False):
    """Refuse run axes that are not there, and a batch with nothing in it."""
    try:
        runs = operator.index(runs)
    except TypeError:
        raise TypeError(f"runs must be a whole number, got {type(runs).__name__}") from None
    most = prediction.ndim - rows
    if rows and prediction.ndim == 0:
        raise ValueError(f"{name} needs an axis of classes, got a single number")
    if not 0 <= runs <= most:
        raise ValueError(
            f"runs must lie in 0..{most} for {name} of shape {prediction.shape}, got {runs}"
        )
    if 0 in prediction.shape[runs:]:
        raise ValueError(
            f"{name} of shape {prediction.shape} is an empty batch: "
            "a mean needs at least one example"
        )
    return runs


def pair(prediction, target, runs, names=("prediction", "target"), rows=False):
    """Return both as arrays of one shape and one dtype, and the dtype of the answer.

    The prediction decides the dtype, because the gradient goes back to where it came from.
    The target has the shape of the prediction, or that shape without the run axes.
    """
    prediction, target = as_float(prediction, names[0]), as_float(target, names[1])
    runs = check_batch(prediction, runs, names[0], rows)
    if target.shape != prediction.shape:
        if target.shape != prediction.shape[runs:]:
            raise shapes_differ(prediction.shape, target.shape, names)
        target = np.broadcast_to(target, prediction.shape)
    dtype = prediction.dtype
    prediction = working(prediction)
    return prediction, target.astype(prediction.dtype, copy=False), dtype


def shapes_differ(prediction, target, names=("prediction", "target")):
    hint = ""
    if sorted((prediction, target), key=len)[1] == (*min(prediction, target, key=len), 1):
        longer = names[0] if len(prediction) > len(target) else names[1]
        hint = f" (drop the last axis of {longer}: {longer}[..., 0])"
    return ValueError(
        f"{names[0]} of shape {prediction} and {names[1]} of shape {target} do not match{hint}"
    )


def mean(values, runs, dtype):
    """The mean over all axes but the leading run axes, in the dtype of the prediction."""
    kept = values.shape[:runs]
    # One long last axis: NumPy adds it in pairs, and the rounding stays small.
    flat = values.reshape(*kept, math.prod(values.shape[runs:]))
    return flat.mean(axis=-1).astype(dtype, copy=False)


def share(gradient, runs, dtype, rows=False):
    """Divide by the number of examples: the 1/n of the mean belongs to its gradient."""
    stop = gradient.ndim - rows
    return (gradient / math.prod(gradient.shape[runs:stop])).astype(dtype, copy=False)


def weighted(weight, value):
    """weight · value, with 0 · inf = 0: an outcome that never comes costs nothing."""
    return np.where(weight == 0, weight, weight * value)


def check_unit(values, name):
    """Refuse anything outside [0, 1]; nan passes, and comes out as nan."""
    low = np.fmin.reduce(values, axis=None, initial=0.0)
    high = np.fmax.reduce(values, axis=None, initial=1.0)
    if low < 0 or high > 1:
        raise ValueError(f"{name} must lie in [0, 1], got {low if low < 0 else high:.6g}")


def check_distribution(values, name):
    """Refuse rows (last axis) that are no distribution: outside [0, 1], or not adding up to 1.

    0.0005 is let through: four typed decimals, and the steps of a numerical gradient.
    """
    check_unit(values, name)
    sums = values.sum(axis=-1)
    off = np.abs(sums - 1) > (5e-4 if values.dtype != np.float16 else 5e-3)
    if off.any():
        raise ValueError(f"{name} must sum to 1 over the last axis, got {sums[off].flat[0]:.6g}")


def class_labels(labels, n_classes, name="label"):
    """Return labels as whole numbers 0 .. n_classes - 1."""
    if not np.all(labels == np.floor(labels)) or np.isinf(labels).any():
        wrong = labels[~np.isfinite(labels) | (labels != np.floor(labels))].flat[0]
        raise ValueError(f"{name} must be a whole number, got {wrong:.6g}")
    outside = (labels < 0) | (labels >= n_classes)
    if outside.any():
        wrong = labels[outside].flat[0]
        raise ValueError(f"{name} must lie in 0..{n_classes - 1}, got {wrong:.6g}")
    return labels.astype(np.int64)


def class_target(target, shape, runs, dtype):
    """Return a target (labels, one-hot or probabilities) as probabilities of this shape."""
    given = as_float(target, "target")
    labels = given.shape in (shape[:-1], shape[runs:-1])
    full = given.shape in (shape, shape[runs:])
    if labels and full and np.asarray(target).dtype.kind != "f":
        raise ValueError(
            f"target of shape {given.shape} may be labels or one-hot rows for predictions of "
            f"shape {shape} with runs={runs}: give floats for one-hot, one_hot(labels, "
            f"{shape[-1]}) for labels"
        )
    if full:
        check_distribution(given, "target")
        return np.broadcast_to(given, shape).astype(dtype, copy=False)
    if not labels:
        raise ValueError(
            f"target of shape {given.shape} does not match predictions of shape {shape}: "
            f"give labels of shape {shape[runs:-1]} or probabilities of shape {shape[runs:]}"
        )
    rows = class_labels(given, shape[-1])[..., None] == np.arange(shape[-1])
    return np.broadcast_to(rows, shape).astype(dtype)
