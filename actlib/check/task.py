"""What an exercise is to a grader: the right function, what to try, the usual mistakes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from actlib.check.calling import takes
from actlib.check.report import shown

# What can be tried, in the order of the feedback, and its name when it went well.
ASPECTS = {
    "values": "values",
    "parameters": "the parameter",
    "integers": "whole numbers",
    "shapes": "shapes",
    "extremes": "extreme inputs",
    "kinks": "kinks",
    "nan": "nan",
    "dtype": "float32",
    "tails": "tails",
    "input": "input left unchanged",
}
NOTED = frozenset({"nan", "dtype"})  # said, but no reason to fail, unless asked for
ON_REQUEST = frozenset({"tails"})


@dataclass(frozen=True, eq=False)
class Trial:
    """One call: the arguments, in which aspect it counts, and how the input is named."""

    aspect: str
    args: tuple
    names: tuple[str, ...] = ("x",)
    keywords: dict = field(default_factory=dict)  # parameters, given if the reader takes them
    hint: str = ""  # if this fails, and no mistake is recognised
    tolerance: float = 1e-6  # relative
    floor: float = 1e-9  # absolute
    accepted: tuple[float, float] | None = None  # at a kink: every slope between two
    pointwise: bool = False  # each number of the answer belongs to one number of x

    def said(self, index=None):
        """The input in words; of one number of it, if the place is given."""
        if len(self.args) == 1 and np.shape(_array(self.args[0])) == (1,):
            index = 0
        if index is not None and len(self.args) == 1:
            text = f"{self.names[0]} = {shown(np.asarray(self.args[0])[index])}"
        else:
            much = sum(np.size(arg) for arg in self.args if isinstance(arg, np.ndarray)) > 12
            parts = zip(self.names, self.args, strict=True)
            text = ", ".join(_named(name, arg, much) for name, arg in parts)
        if self.aspect == "parameters":
            text += "".join(f", {name} = {value:g}" for name, value in self.keywords.items())
        return text


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that readers give, as a function, and what to tell them."""

    wrong: Callable
    hint: str
    aspect: str = ""  # if given, told in this aspect only


@dataclass(frozen=True)
class Task:
    """An exercise: the right function, what to try, the usual mistakes, in one place."""

    name: str
    right: Callable
    trials: tuple[Trial, ...]
    mistakes: tuple[Mistake, ...] = ()
    general: tuple[Mistake, ...] = ()  # made by a rule: kept where they make a difference
    overflow: str = "exponentiate a number that is never positive"
    parts: tuple[str, ...] = ()  # names of the results, if there are several
    slope_of: Callable | None = None  # for elementwise derivatives: the function
    otherwise: tuple = ()  # other tasks of this name: the reader may have meant one of them
    about: str = ""  # what the reader's function takes and gives

    @cached_property
    def expected(self):
        return [right_answer(self.right, trial) for trial in self.trials]

    @cached_property
    def known(self):
        """All mistakes; of the general ones those that are wrong here, and nothing new twice."""
        telling = ("values", "parameters", "shapes")
        trials = [trial for trial in self.trials if trial.aspect in telling]
        first = sum(trial.aspect == "values" for trial in trials)
        trials.sort(key=lambda trial: telling.index(trial.aspect))
        right = [right_answer(self.right, trial) for trial in trials]
        known, seen = list(self.mistakes), [right]
        seen += [[wrong_answer(mistake, t) for t in trials] for mistake in known]
        for mistake in self.general:
            given = [wrong_answer(mistake, trial) for trial in trials]
            if any(value is None for value in given):
                continue
            # Whatever is wrong in the values is told there, and no later trial counts.
            count = len(trials) if all(map(alike, given[:first], right)) else first
            if not any(all(map(alike, given[:count], other)) for other in seen):
                known.append(mistake)
                seen.append(given)
        return tuple(known)


def numbers(value):
    """The value as an array of real numbers, or None if it is something else."""
    try:
        array = np.asarray(value)
    except Exception:
        return None
    if array.dtype.kind == "b":
        return array.astype(np.int8)
    return array if array.dtype.kind in "iuf" else None


def right_answer(function, trial):
    with np.errstate(all="ignore"):
        try:
            return function(*trial.args, **trial.keywords)
        except Exception:
            return None


def wrong_answer(mistake, trial):
    if trial.keywords and not takes(mistake.wrong, trial.args, trial.keywords):
        trial = Trial(trial.aspect, trial.args, trial.names)
    return right_answer(mistake.wrong, trial)


def alike(value, wrong):
    if isinstance(wrong, tuple | list):
        fits = isinstance(value, tuple | list) and len(value) == len(wrong)
        return fits and all(map(alike, value, wrong))
    value, wrong = numbers(value), numbers(wrong)
    same = value is not None and wrong is not None and value.shape == wrong.shape
    return same and bool(np.isclose(value, wrong, 1e-5, 1e-8, equal_nan=True).all())


def _array(value):
    return value if isinstance(value, np.ndarray) else None


def _named(name, value, much):
    if isinstance(value, list):
        return f"{len(value)} {name}" if len(value) != 1 else f"1 {name.removesuffix('s')}"
    if isinstance(value, np.ndarray) and value.size > (2 if much else 9):
        return f"{name} of shape {value.shape}"
    return f"{name} = {shown(value)}"
