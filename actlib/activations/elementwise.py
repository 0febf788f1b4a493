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

BLOCK = 8_192  # numbers; 64 kB in float64
CHEAP_BLOCK = 8 * BLOCK  # for formulas so short that the loop itself would be felt


def elementwise(function=None, *, native=False, whole=False, **checks):
    """Make a formula on float64 arrays a function of anything that holds real numbers.

    native : plain arithmetic, as accurate in float32 as in float64, so float32 stays
        float32. All others compute in float64 and round once. (float16 is never
        computed in float16.)
    whole : no blocks, for what is a single NumPy call.
    checks : for each parameter, a function of (value, name) that returns the checked value
        or raises.
    """
    if function is None:
        return functools.partial(elementwise, native=native, whole=whole, **checks)
    signature = inspect.signature(function)
    block = CHEAP_BLOCK if native else BLOCK

    @functools.wraps(function)
    def checked(x, *args, **parameters):
        x = as_float(x)
        if checks or args or parameters:
            given = signature.bind(x, *args, **parameters)
            given.apply_defaults()
            parameters = {n: check(given.arguments[n], n) for n, check in checks.items()}
        with np.errstate(all="ignore"):
            if x.dtype == np.float64 and x.ndim and (whole or x.size <= block):
                return function(x, **parameters)
            wide = np.float32 if native and x.dtype != np.float64 else np.float64
            out = np.empty(x.shape, x.dtype)
            flat, flat_out = x.reshape(-1), out.reshape(-1)
            for start in range(0, flat.size, block):
                part = slice(start, start + block)
                flat_out[part] = function(flat[part].astype(wide, copy=False), **parameters)
        return out if x.ndim else out[()]

    return checked


def keep_nan(out, x):
    """Put nan back where ``x`` is nan, for formulas made of comparisons."""
    np.copyto(out, x, where=np.isnan(x))
    return out


def choose(condition, if_true, if_false, x):
    """Return one number where the condition holds and another elsewhere; nan stays nan.

    A table of two, looked up: twice as fast as ``np.where`` on unordered data.
    """
    table = np.array([if_false, if_true], x.dtype)
    return keep_nan(table.take(condition.view(np.int8)), x)
