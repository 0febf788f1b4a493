"""One door for every number that enters the package."""

import numpy as np


def as_float(x, name="x"):
    """Return ``x`` as a floating-point array, without copying when it is one already.

    Integers, booleans and (nested) lists of them become float64; float16, float32
    and float64 stay what they are. The input is never modified.

    Raises
    ------
    TypeError
        If ``x`` holds anything but real numbers (complex, text, objects, ragged lists).
    """
    try:
        array = np.asarray(x)
    except ValueError as error:
        raise TypeError(
            f"{name} must be a number or an array of real numbers, got a ragged list"
        ) from error
    if array.dtype.kind == "f" and array.dtype.itemsize <= 8:
        return array
    if array.dtype.kind in "biu" or (array.size == 0 and array.dtype.kind == "f"):
        return array.astype(np.float64)
    kind = type(x).__name__ if array.dtype == object and array.ndim == 0 else f"{array.dtype}"
    raise TypeError(f"{name} must be a number or an array of real numbers, got {kind}")
