"""One door for every number that enters the package, and the words for what is wrong."""

import math
import operator

import numpy as np

# Overflow to inf and underflow to 0 are the right answers, and no news to a reader.
quiet = np.errstate(all="ignore")


def as_float(x, name="x"):
    """Return ``x`` as a floating-point array, without copying when it is one already.

    Integers, booleans and (nested) lists of them become float64; float16, float32
    and float64 stay what they are. The input is never modified.

    Raises
    ------
    TypeError
        If ``x`` holds anything but real numbers (complex, text, objects, ragged lists), or
        is a masked array, whose mask NumPy's functions would forget on the way.
    """
    if _holds_a_mask(x):
        raise TypeError(
            f"{name}: expected an array without a mask; .compressed() leaves out what is "
            "masked, .filled(value) puts a number in its place"
        )
    try:
        array = np.asarray(x)
    except ValueError as error:
        raise TypeError(f"{name}: expected real numbers, got a ragged list") from error
    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind == "f" and size <= 8:
        return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))
    if kind in "biu":
        return array.astype(np.float64)
    raise TypeError(f"{name}: expected real numbers, got {_what_came(x, array)}")


def _holds_a_mask(x):
    if isinstance(x, list | tuple):
        return any(_holds_a_mask(part) for part in x)
    return isinstance(x, np.ma.MaskedArray)


def _what_came(x, array):
    """Name the first thing that is no real number, in the reader's words."""
    if array.dtype != object:
        names = {"U": "str", "S": "bytes", "c": "complex"}
        return names.get(array.dtype.kind, str(array.dtype)) if array.ndim else type(x).__name__
    for element in array.flat:
        if not isinstance(element, int | float | np.number | np.bool_):
            return type(element).__name__
    return "an array of objects (.astype(float) makes one of numbers)"


def shown(number):
    """Return a number as text: short where that says all, else with every digit."""
    short = f"{number:.6g}"
    return short if float(short) == number else str(number)


def number(value, name, accepted, inside):
    """Return a parameter as a float, or say what came and what is accepted."""
    array = as_float(value, name)
    if array.ndim or not inside(float(array)):
        raise ValueError(f"{name} must be {accepted}, got {value!r}")
    return float(array)


def finite(value, name):
    return number(value, name, "a finite number", math.isfinite)


def positive(value, name):
    return number(value, name, "a positive, finite number", lambda v: 0 < v < math.inf)


def not_negative(value, name):
    return number(value, name, "a finite number, at least 0", lambda v: 0 <= v < math.inf)


def fraction(value, name):
    return number(value, name, "a number from 0 to 1", lambda v: 0 <= v <= 1)


def between(value, name):
    return number(value, name, "a number between 0 and 1", lambda v: 0 < v < 1)


def whole(value, name):
    """Return a whole number as an int, or say what came."""
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, got {value!r}") from None


def product_error(a, b, product):
    """Return a·b - product, all of it, where product is the rounded a·b and b is one number.

    Both factors are cut in halves of half the digits, whose products are exact (Dekker, 1971).
    """
    splitter = a.dtype.type(2 ** (np.finfo(a.dtype).nmant // 2 + 1) + 1)

    def halves(number):
        high = splitter * number - (splitter * number - number)
        return high, number - high

    (a_high, a_low), (b_high, b_low) = halves(a), halves(a.dtype.type(b))
    return ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
