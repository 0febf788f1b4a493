"""Graders for the exercises: they say what is right and what is not.

``check.number``, ``check.array`` and ``check.choice`` compare an answer with the right one,
``check.function`` tries a function beside the right one. Each exercise gives its own right
answer and the mistakes that readers make, with a hint for each. A grader prints a few lines
and returns a Report with ``passed``; none ever raises because of what the reader wrote.

>>> import numpy as np
>>> from actlib import check, sigmoid
>>> def my_sigmoid(x):
...     return 1 / (1 + np.exp(x))
>>> slips = [(lambda x: 1 / (1 + np.exp(x)), "the minus in the exponent is missing: exp(-x)")]
>>> report = check.function(my_sigmoid, sigmoid, np.array([1.0, 0.0, -2.0]), mistakes=slips)
function: not yet.
  Right: 1 of 3 values.
  Not yet: at x = 1 it gives 0.268941 instead of 0.731059.
  Hint: the minus in the exponent is missing: exp(-x).
"""

from actlib.check.answers import array, choice, number
from actlib.check.grading import function
from actlib.check.report import Report

__all__ = ["Report", "array", "choice", "function", "number"]
