"""Everything that all elementwise functions share, so that each can be just its formula.

A function marked ``@elementwise`` is written as a formula on a float64 array. The
mark adds the rest:

- lists and integers become float64, float16 and float32 stay what they are;
- the shape is kept, one number gives one number back;
- floating-point warnings are off, as each formula is made to underflow to its limit;
- parameters are checked once, before any number is computed;
- the formula runs over blocks that fit the processor's cache. So its temporary arrays
  are small however large the input is, and it is faster than one pass over everything.
"""

import functools
import inspect

import numpy as np

from actlib._arrays import as_float

BLOCK = 8192  # numbers; 64 kB in float64, about the size of the first caches


def elementwise(function=None, *, native=False, **checks):
    """Make a formula on float64 arrays a function of anything that holds real numbers.

    native : compute float32 in float32, for formulas that are accurate there too. All
        others compute float32 (and float16 always) in a wider type and round once.
    checks : for each parameter, a function that returns the checked value or raises.
    """
    if function is None:
        return functools.partial(elementwise, native=native, **checks)
    signature = inspect.signature(function)
    takes_parameters = len(signature.parameters) > 1

    @functools.wraps(function)
    def whole(x, *args, **parameters):
        x = as_float(x)
        if takes_parameters or args or parameters:
            bound = signature.bind(x, *args, **parameters)
            bound.apply_defaults()
            parameters = {name: check(bound.arguments[name]) for name, check in checks.items()}
        with np.errstate(all="ignore"):
            if x.dtype == np.float64 and x.ndim and x.size <= BLOCK:
                return function(x, **parameters)
            wide = np.float32 if native and x.dtype != np.float64 else np.float64
            out = np.empty(x.shape, x.dtype)
            flat, flat_out = x.reshape(-1), out.reshape(-1)
            for start in range(0, flat.size, BLOCK):
                part = slice(start, start + BLOCK)
                flat_out[part] = function(flat[part].astype(wide, copy=False), **parameters)
        return out if x.ndim else out[()]

    return whole


def positive(name):
    """Return a check that a parameter is one finite number above zero."""

    def check(value):
        number = finite(name)(value)
        if number <= 0:
            raise ValueError(f"{name} must be a number above 0, got {value!r}")
        return number

    return check


def finite(name):
    """Return a check that a parameter is one finite number."""

    def check(value):
        number = as_float(value, name)
        if number.ndim or not np.isfinite(number):
            raise ValueError(f"{name} must be one finite number, got {value!r}")
        return float(number)

    return check


def keep_nan(out, x):
    """Put nan back where ``x`` is nan, for formulas made of comparisons."""
    np.copyto(out, x, where=np.isnan(x))
    return out
