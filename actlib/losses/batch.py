"""Everything that all losses share, so that each can be just its formula.

A function marked ``@loss`` is written as a formula for what each example costs, and gives
the mean over the batch. One marked ``@gradient`` is written as the slope of that cost, and
gives the gradient of exactly that mean: the 1/n is inside. The mark adds the rest:

- lists and integers become floats; the answer has the prediction's dtype, because the
  gradient goes back to where it came from (float16 is computed in float32);
- ``runs`` axes in front are a population of networks, and each run keeps its own value;
- the target has the shape of the prediction, or that shape without the run axes. Any other
  is a ValueError that names both, (n,) against (n, 1) too, and so is an empty batch;
- arrays and parameters are checked once, before any number is computed;
- floating-point warnings are off: overflow to inf and underflow to 0 are right here.

The formula sees its batch as one long axis behind the runs: (..., numbers), and where
classes stand on the last axis, (..., rows, classes).
"""

import functools
import inspect
import math

import numpy as np

from actlib._arrays import as_float, shown, whole


def loss(function=None, **options):
    """Make a formula for the cost of each example a loss, the mean over the batch.

    by : the array that is the prediction; the first if left out.
    rows : classes stand on the last axis, and the mean is over the rows.
    labels : the target may also be class labels.
    checks : for each array or parameter, a function of (value, name) that returns the
        checked value or raises.
    """
    if function is None:
        return functools.partial(loss, **options)
    return _marked(function, lambda costs, runs, shape: costs.mean(axis=-1), **options)


def gradient(function=None, **options):
    """Make a formula for the slope of each cost the gradient of the loss; options as there."""
    if function is None:
        return functools.partial(gradient, **options)
    return _marked(
        function,
        lambda slopes, runs, shape: (slopes / slopes.shape[runs]).reshape(shape),
        **options,
    )


def _marked(function, finish, by=None, rows=False, labels=False, **checks):
    signature = inspect.signature(function)
    arguments = list(signature.parameters.values())
    arrays = [argument.name for argument in arguments if argument.default is argument.empty]
    defaults = {a.name: a.default for a in arguments[len(arrays) :]}
    by = by or arrays[0]

    @functools.wraps(function)
    def checked(*given, runs=0, **named):
        if named or len(given) != len(arrays):
            call = signature.bind(*given, **named)
            call.apply_defaults()
            values = call.arguments
        else:  # the usual call, without the time that bind takes
            values = dict(zip(arrays, given)) | defaults
        prediction = as_float(values[by], by)
        runs = check_batch(prediction, runs, by, rows)
        dtype, shape = prediction.dtype, prediction.shape
        for name in arrays:
            if name == by:
                values[name] = prediction
            elif labels:
                values[name] = class_rows(values[name], name, shape, runs)
            else:
                values[name] = matching(values[name], name, shape, runs, by)
        wide, stop = working(dtype), len(shape) - rows
        flat = (*shape[:runs], math.prod(shape[runs:stop]), *shape[stop:])
        with np.errstate(all="ignore"):
            for name, check in checks.items():
                values[name] = check(values[name], name)
            for name in arrays:
                values[name] = values[name].astype(wide, copy=False).reshape(flat)
            answer = finish(function(**values), runs, shape)
            return answer.astype(dtype, copy=False)[()]

    last = inspect.Parameter("runs", inspect.Parameter.KEYWORD_ONLY, default=0)
    checked.__signature__ = signature.replace(parameters=[*arguments, last])
    return checked


# ------------------------------------------------------------ shapes and dtypes


def working(dtype):
    """float16 is computed in float32 (its own steps would eat the result); others stay."""
    return np.dtype(np.float32) if dtype == np.float16 else dtype


def check_batch(prediction, runs, name, rows=False):
    """Refuse run axes that are not there, and a batch with nothing in it."""
    runs = whole(runs, "runs")
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


def matching(given, name, shape, runs, by):
    """Return an array in the shape of the prediction, named ``by``."""
    array = as_float(given, name)
    if array.shape in (shape, shape[runs:]):
        return spread(array, shape)
    hint = ""
    shorter, longer = sorted([(shape, by), (array.shape, name)], key=lambda pair: len(pair[0]))
    if longer[0] == (*shorter[0], 1):
        hint = f" (drop the last axis of {longer[1]}: {longer[1]}[..., 0])"
    raise ValueError(f"{by} of shape {shape} and {name} of shape {array.shape} do not match{hint}")


def class_rows(given, name, shape, runs):
    """Return labels, one-hot rows or probabilities as probabilities of this shape."""
    array = as_float(given, name)
    labels = array.shape in (shape[:-1], shape[runs:-1])
    full = array.shape in (shape, shape[runs:])
    if labels and full and np.asarray(given).dtype.kind != "f":
        raise ValueError(
            f"{name} of shape {array.shape} may be labels or one-hot rows for predictions of "
            f"shape {shape} with runs={runs}: give floats for one-hot, one_hot(labels, "
            f"{shape[-1]}) for labels"
        )
    if full:
        return spread(distribution(array, name), shape)
    if not labels:
        raise ValueError(
            f"{name} of shape {array.shape} does not match predictions of shape {shape}: "
            f"give labels of shape {shape[runs:-1]} or probabilities of shape {shape[runs:]}"
        )
    return spread(label_rows(array, shape[-1]), shape)


def spread(array, shape):
    return array if array.shape == shape else np.broadcast_to(array, shape)


# ------------------------------------------------------------ what arrays may hold


def unit(values, name):
    """Refuse anything outside [0, 1]; nan passes, and comes out as nan.

    What rounding may do to a probability is let through and cut off: 0.0005, for four typed
    decimals and the steps of a numerical gradient.
    """
    slack = _slack(values)
    _refuse(values, (values < -slack) | (values > 1 + slack), f"{name} must lie in [0, 1]")
    return np.clip(values, 0, 1)


def distribution(values, name):
    """Refuse rows (last axis) that are no distribution: outside [0, 1], or not adding up to 1."""
    values = unit(values, name)
    sums = values.sum(axis=-1)
    off = np.abs(sums - 1) > _slack(values)
    _refuse(sums, off, f"{name} must sum to 1 over the last axis")
    return values


def _slack(values):
    return 5e-3 if values.dtype == np.float16 else 5e-4


def zero_or_one(values, name):
    _refuse(values, (values != 0) & (values != 1), f"{name} must be 0 or 1")
    return values


def minus_or_plus_one(values, name):
    wrong = np.abs(values) != 1
    _refuse(values, wrong, f"{name} must be -1 or 1", " (2 * t - 1 turns 0, 1 into it)")
    return values


def label_rows(labels, n_classes):
    """Return the one-hot rows of labels 0 .. n_classes - 1, or say which label is none."""
    rows = labels[..., None] == np.arange(n_classes)
    if np.count_nonzero(rows) < labels.size:
        outside = ~rows.any(axis=-1)
        _refuse(whole_labels(labels), outside, f"label must lie in 0..{n_classes - 1}")
    return rows


def whole_labels(labels):
    fits = np.isfinite(labels) & (labels == np.floor(labels))
    _refuse(labels, ~fits, "label must be a whole number")
    return labels


def _refuse(values, wrong, message, hint=""):
    if wrong.any():
        raise ValueError(f"{message}, got {shown(np.extract(wrong, values)[0])}{hint}")


def weighted(weight, value):
    """weight · value, with 0 · inf = 0: an outcome that never comes costs nothing."""
    return np.where(weight == 0, weight, weight * value)
