"""Graders for the exercises: ``check.NAME(answer)`` says what is right and what is not.

There is one for every function of the course and for every derivative (``check.sigmoid``,
``check.d_sigmoid``, ``check.softmax``, ``check.d_mse``, ``check.collapse``, ...), and four
general ones: ``check.number``, ``check.array``, ``check.choice`` and ``check.function``.
Each prints a few lines and returns a Report with ``passed``; none ever raises because of
what the reader wrote.

>>> import numpy as np
>>> from actlib import check
>>> def my_sigmoid(x):
...     return 1 / (1 + np.exp(x))
>>> report = check.sigmoid(my_sigmoid)
sigmoid: not yet.
  Right: 1 of 12 values.
  Not yet: at x = 1 it gives 0.268941 instead of 0.731059.
  Hint: the minus in the exponent is missing: exp(-x).
"""

import difflib

from actlib.check import elementwise, loss_tasks, networks, softmax_tasks
from actlib.check.answers import array, choice, number
from actlib.check.grading import grade
from actlib.check.networks import backward, forward
from actlib.check.report import Report
from actlib.check.task import ASPECTS, Mistake, Task, Trial


def function(answer, right, inputs, *, mistakes=(), names=("x",), name="function"):
    """Grade any function against the right one.

    inputs : the calls to try, each an array or number, or a tuple of arguments.
    mistakes : pairs (wrong function, hint).
    names : of the arguments, for the feedback.

    >>> report = function(lambda x: x + x, lambda x: x**2, [3.0, 2.0], name="square")
    square: not yet.
      Right: 1 of 2 values.
      Not yet: for x = 3 it gives 6 instead of 9.
    """
    calls = [call if isinstance(call, tuple) else (call,) for call in inputs]
    trials = tuple(Trial("values", call, tuple(names)) for call in calls)
    task = Task(name, right, trials, tuple(Mistake(*pair) for pair in mistakes))
    return grade(task, answer)


def _grader(task):
    """A plain function for one task: what help() and tab completion expect."""

    def grader(answer, *, skip=(), also=()):
        return grade(task, answer, skip, also)

    grader.__name__ = grader.__qualname__ = task.name
    grader.__doc__ = f"""Grade {task.about}.

    skip, also : aspects to leave out, or to insist on: {", ".join(ASPECTS)}.
    """
    return grader


TASKS = elementwise.tasks() | softmax_tasks.tasks() | loss_tasks.tasks() | networks.tasks()
globals().update({name: _grader(task) for name, task in TASKS.items()})

__all__ = ["Report", "array", "backward", "choice", "forward", "function", "number", *TASKS]


def __getattr__(name):
    """Only called for names that do not exist: suggest the nearest."""
    if name.startswith("__"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    near = difflib.get_close_matches(name, __all__, 1, 0.5)
    hint = f"; did you mean check.{near[0]}?" if near else ""
    raise AttributeError(f"there is no check.{name}{hint} (dir(check) lists all of them)")


def __dir__():
    return sorted(__all__)
