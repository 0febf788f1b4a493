"""Calling a reader's function, whatever it does."""

import contextlib
import copy
import inspect
import io
import linecache
import warnings
from dataclasses import dataclass

import numpy as np

from actlib.check.report import is_blank


@dataclass
class Outcome:
    """What happened in one call: a value, or a crash, and what came with it."""

    value: object = None
    crash: str = ""  # one line: what, and in which line of the function
    hint: str = ""  # what the crash usually means
    blank: bool = False  # nothing returned, or NotImplementedError
    printed: bool = False
    warning: str = ""
    changed: int | None = None  # which argument was modified


def call(function, args, keywords=None):
    """Call the function on copies of its arguments. Never raises.

    >>> call(lambda x: x / 0, (1,)).crash.split(":")[0]
    'ZeroDivisionError (division by zero) in line 1'
    """
    given, outcome, printed = copy.deepcopy(args), Outcome(), io.StringIO()
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        try:
            with contextlib.redirect_stdout(printed):
                outcome.value = function(*given, **(keywords or {}))
            outcome.blank = is_blank(outcome.value)
        except NotImplementedError:
            outcome.blank = True
        except (Exception, SystemExit) as error:
            outcome.crash, outcome.hint = _describe(error, function)
    outcome.printed = bool(printed.getvalue())
    numeric = [str(w.message) for w in caught if issubclass(w.category, RuntimeWarning)]
    outcome.warning = numeric[0] if numeric else ""
    for position, (before, after) in enumerate(zip(args, given, strict=True)):
        if not _same(before, after):
            outcome.changed = position
            break
    return outcome


def takes(function, args, keywords=()):
    """Can the function be called with these arguments? True also if Python cannot tell."""
    try:
        inspect.signature(function).bind(*args, **dict.fromkeys(keywords))
    except TypeError:
        return False
    except Exception:
        return True
    return True


def _same(before, after):
    if isinstance(before, (list, tuple)):
        same_length = len(before) == len(after)
        return same_length and all(map(_same, before, after))
    try:
        before, after = np.asarray(before), np.asarray(after)
        return before.shape == after.shape and np.array_equal(before, after, equal_nan=True)
    except TypeError:
        return True


def _describe(error, function):
    name, message = type(error).__name__, _message(error)
    place = _place(error, function)
    hint = next((hint for sign, hint in _CRASHES if sign in f"{name}: {message}"), "")
    message = " ".join(message.split())
    if len(message) > 110:
        message = message[:107] + "..."
    return f"{name}{f' ({message})' if message else ''}{place}", hint


def _message(error):
    try:
        return str(error)
    except Exception:
        return ""


def _place(error, function):
    """' in line 3: the text of the line', counted from the function's first line."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    if code is None:
        return ""
    trace, line = error.__traceback__, None
    while trace is not None:
        if trace.tb_frame.f_code is code:
            line = trace.tb_lineno
        trace = trace.tb_next
    if line is None:
        return ""
    text = linecache.getline(code.co_filename, line).strip()
    text = f": {text}" if text and len(text) <= 70 and not text.startswith(">>>") else ""
    return f" in line {line - code.co_firstlineno + 1}{text}"


_CRASHES = (
    ("only length-1 arrays", "the math module takes one number; NumPy's np.exp, np.tanh, "
     "np.log take whole arrays"),
    ("only 0-dimensional arrays", "the math module takes one number; NumPy's np.exp, np.tanh, "
     "np.log take whole arrays"),
    ("math range error", "exponentiate a number that is never positive"),
    ("truth value of an array", "an if decides about one number; np.where(x > 0, ..., ...) "
     "decides for each number of an array"),
    ("does not support item assignment", "x may be a single number; np.where works for one "
     "number and for arrays"),
    ("not subscriptable", "x may be a single number; NumPy's functions work on numbers and "
     "arrays alike, without indexing"),
    ("has no len()", "x may be a single number; NumPy's functions work on numbers and arrays "
     "alike, without len"),
    ("object is not iterable", "x may be a single number; NumPy's functions need no loop"),
    ("could not be broadcast together", "two shapes do not fit; keepdims=True keeps the axis "
     "that a sum or a maximum removes, and print(x.shape) shows what there is"),
    ("matmul: Input operand", "in A @ B the last axis of A and the first of B must be equal; "
     "the course writes x @ W, with W of shape (n_in, n_out)"),
    ("not aligned", "in A @ B the last axis of A and the first of B must be equal; "
     "the course writes x @ W, with W of shape (n_in, n_out)"),
    ("AxisError", "count the axes with x.ndim; axis=-1 is the last, whatever their number"),
    ("NameError: name 'np'", "run the cell with the imports first: import numpy as np"),
    ("UnboundLocalError", "a name is used before a value is stored in it, in some branch"),
    ("NameError", "that name is not known here: a slip of the pen, or a cell that was not run"),
    ("RecursionError", "the function calls itself without end; did you mean the one of actlib "
     "or NumPy?"),
    ("division by zero", "which input makes the divisor 0?"),
    ("object is not callable", "a number stands before a bracket: is a * missing, or does a "
     "variable have the name of a function?"),
)  # fmt: skip
