"""Normalisation, over the units of a layer or over the points of the batch."""

import numpy as np

AXES = {"layer": -1, "batch": -2}
EPSILON = 1e-5  # keeps a constant signal from being divided by zero


def normalise(s, axis):
    """Return s with mean 0 and deviation 1 along the axis, and the deviation."""
    centred = s - s.mean(axis=axis, keepdims=True)
    deviation = np.sqrt((centred * centred).mean(axis=axis, keepdims=True) + EPSILON)
    return centred / deviation, deviation


def d_normalise(d, normalised, deviation, axis):
    """Gradient by s of normalise(s): what moves the mean or the spread is taken out again."""
    along = (d * normalised).mean(axis=axis, keepdims=True)
    return (d - d.mean(axis=axis, keepdims=True) - normalised * along) / deviation
