"""Everything that all elementwise functions share, so that each can be just its formula.

A function marked ``@elementwise`` is written as a formula on a float64 array. The
mark adds the rest:

- lists and integers become float64, float16 and float32 stay what they are;
- the shape is kept, one number gives one number back;
- floating-point warnings are off, as each formula is made to underflow to its limit;
- parameters are checked once, before any number is computed;
- the formula runs over blocks that fit the processor's cache. So its temporary arrays
  are small however large the input is, and it is faster than one pass over everything.

The inner loop of a network, whose arrays are sound, takes ``bare(function, ...)`` instead.
"""

import functools
import inspect

import numpy as np

from actlib._arrays import as_float

BLOCK = 8_192  # numbers; 64 kB in float64
CHEAP_BLOCK = 8 * BLOCK  # for formulas so short that the loop itself would be felt


def elementwise(function=None, *, native=False, whole=False, wide=False, by_value=None, **checks):
    """Make a formula on float64 arrays a function of anything that holds real numbers.

    native : plain arithmetic, as accurate in float32 as in float64, so float32 stays
        float32. All others compute in float64 and round once. (float16 is never
        computed in float16.)
    whole : no blocks, for what is a single NumPy call.
    wide : needs the range of float64, also in the inner loop of a network.
    by_value : for a derivative, its form by the value of the function, where that is simple.
    checks : for each parameter, a function of (value, name) that returns the checked value
        or raises.
    """
    if function is None:
        return functools.partial(
            elementwise, native=native, whole=whole, wide=wide, by_value=by_value, **checks
        )
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
            inner = np.float32 if native and x.dtype != np.float64 else np.float64
            out = np.empty(x.shape, x.dtype)
            flat, flat_out = x.reshape(-1), out.reshape(-1)
            for start in range(0, flat.size, block):
                part = slice(start, start + block)
                flat_out[part] = function(flat[part].astype(inner, copy=False), **parameters)
        return out if x.ndim else out[()]

    def bare(**parameters):
        given = signature.bind(None, **parameters)
        given.apply_defaults()
        parameters = {n: check(given.arguments[n], n) for n, check in checks.items()}

        def formula(x):
            if x.itemsize < (8 if wide else 4):
                return function(x.astype(np.float64), **parameters).astype(x.dtype)
            return function(x, **parameters)

        return formula

    checked.bare, checked.by_value = bare, by_value
    return checked


def bare(function, **parameters):
    """Return the formula of a function with its parameters checked and bound, for inner loops.

    It takes float arrays that are known to be sound and keeps their order in memory. It warns
    where a formula passes through infinity, works in float32 where it is given float32, right
    to about 2e-7 · max(1, |f(x)|), and in float64 for float16. A function that is not
    elementwise is returned as it is, with its parameters.
    """
    if hasattr(function, "bare"):
        return function.bare(**parameters)
    function(np.zeros(1), **parameters)  # a bad parameter is refused here
    return functools.partial(function, **parameters)


def keep_nan(out, x):
    """Put nan back where ``x`` is nan, for formulas made of comparisons."""
    np.copyto(out, x, where=np.isnan(x))
    return out


def choose(condition, if_true, if_false, x):
    """Return one number where the condition holds and another elsewhere; nan stays nan.

    A table of two, looked up: twice as fast as ``np.where`` on unordered data.
    """
    table = np.array([if_false, if_true], x.dtype)
    out = np.empty_like(x)  # in the memory order of x, which take alone would not keep
    return keep_nan(table.take(condition.view(np.int8), out=out, mode="clip"), x)
