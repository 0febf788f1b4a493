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
    keywords = copy.deepcopy(keywords or {})
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        try:
            with contextlib.redirect_stdout(printed):
                outcome.value = function(*given, **keywords)
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


def parameters_for(function, args, given):
    """Those of the exercise's parameters that the function has, as keywords.

    None if the function has no room for the arguments. An optional argument that the exercise
    does not know is left alone; one without a default has to be filled, whatever its name.

    >>> parameters_for(lambda x, derivative=False, alpha=2.0: x, (0,), {"alpha": 1.0})
    {'alpha': 1.0}
    >>> parameters_for(lambda x, a: x, (0,), {"alpha": 1.0})
    {'a': 1.0}
    """
    try:
        signature = inspect.signature(getattr(function, "pyfunc", function))  # np.vectorize's
    except Exception:
        return {}  # Python cannot tell
    own = list(signature.parameters.values())[len(args) :]
    found = {p.name: given[p.name] for p in own if p.name in given}
    rest = [value for name, value in given.items() if name not in found]
    needed = [p.name for p in own if p.default is p.empty and p.kind == p.POSITIONAL_OR_KEYWORD]
    found |= dict(zip([name for name in needed if name not in found], rest))
    try:
        signature.bind(*args, **found)
    except TypeError:
        return None
    return found


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


_MATH = "the math module takes one number; NumPy's np.exp, np.tanh, np.log take whole arrays"
_SINGLE = "x may be a single number: np.asarray(x), and all of NumPy, works on both kinds"
_MATMUL = (
    "in A @ B the last axis of A and the first of B must be equal; the course writes x @ W, "
    "with W of shape (n_in, n_out)"
)
_CRASHES = (
    ("can be converted to Python scalars", _MATH),
    ("only 0-dimensional arrays", _MATH),
    ("math range error", "exponentiate a number that is never positive"),
    ("truth value of an array", "an if decides about one number; np.where(x > 0, ..., ...) "
     "decides for each number of an array"),
    ("does not support item assignment", "x may be a single number; np.where works for one "
     "number and for arrays"),
    ("not subscriptable", _SINGLE),
    ("object has no attribute", _SINGLE),
    ("has no len()", _SINGLE),
    ("object is not iterable", _SINGLE),
    ("could not be broadcast together", "two shapes do not fit; keepdims=True keeps the axis "
     "that a sum or a maximum removes, and print(x.shape) shows what there is"),
    ("matmul: Input operand", _MATMUL),
    ("not aligned", _MATMUL),
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
