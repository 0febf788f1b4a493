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
        raise TypeError(f"{name}: expected real numbers, got a ragged list") from error
    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind == "f" and size <= 8:
        return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))
    if kind in "biu":
        return array.astype(np.float64)
    got = type(x).__name__ if array.ndim == 0 else _element_name(array)
    raise TypeError(f"{name}: expected real numbers, got {got}")


def _element_name(array):
    """Name what an array of the wrong kind holds, in the reader's words."""
    if array.dtype == object and array.size:
        return type(array.flat[0]).__name__
    return {"U": "str", "S": "bytes", "c": "complex"}.get(array.dtype.kind, str(array.dtype))
