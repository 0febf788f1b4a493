"""What an exercise about a function is to its grader: what is right, and which calls to try."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from actlib.check.calling import Outcome, parameters_for
from actlib.check.report import numbers, shown

# What can be tried, in the order of the feedback, and its name when it went well.
ASPECTS = {
    "values": "values",
    "parameters": "the parameter",
    "integers": "whole numbers",
    "shapes": "shapes",
    "edges": "edge cases",
    "kinks": "kinks",
    "input": "input left unchanged",
}
FAR = 1000.0


@dataclass(frozen=True, eq=False)
class Task:
    """An exercise: the right function, its usual mistakes, and how to speak of it."""

    name: str
    right: Callable
    names: tuple = ("x",)
    mistakes: tuple = ()  # pairs (wrong function, hint)
    slope_of: Callable | None = None
    quiet: bool = False


@dataclass(eq=False)
class Trial:
    """One call: the arguments, what it tests, and what came of it."""

    aspect: str
    args: tuple
    parameters: dict = field(default_factory=dict)
    tolerance: float = 1e-6  # relative
    floor: float = 1e-9  # absolute
    accepted: tuple | None = None  # at a kink: every slope between two
    pointwise: bool = False  # each number of the answer belongs to one number of x
    expected: object = None
    outcome: Outcome | None = None
    fault: str = ""  # what is wrong with it

    def said(self, names, index=None):
        """The input in words; of one number of it, if the place is given."""
        if self.pointwise and np.size(self.args[0]) == 1:
            index = (0,) * np.ndim(self.args[0])
        named = list(zip(names, self.args, strict=True))
        if index is not None:
            named = [(names[0], np.asarray(self.args[0])[index])]
        if self.aspect == "parameters":
            named += self.parameters.items()
        much = sum(np.size(arg) for _, arg in named if isinstance(arg, np.ndarray)) > 12
        return ", ".join(_named(*pair, much) for pair in named)


def _named(name, value, much):
    if isinstance(value, list):
        return f"{len(value)} {name}" if len(value) != 1 else f"1 {name.removesuffix('s')}"
    if isinstance(value, np.ndarray) and value.size > (2 if much else 9):
        return f"{name} of shape {value.shape}"
    return f"{name} = {shown(value)}"


def all_trials(right, inputs, edges, parameters, kinks, tolerance):
    """All calls to make, with their right answers."""
    usual = {name: values[0] for name, values in parameters.items()}
    others = [{**usual, name: value} for name, values in parameters.items() for value in values[1:]]
    pointwise = isinstance(inputs, np.ndarray)
    calls = [(inputs,)] if pointwise else [_as_call(one) for one in inputs]
    trials = [Trial("values", args, usual) for args in calls]
    trials += [Trial("parameters", args, other) for other in others for args in calls]
    if pointwise:
        whole = np.array([n for n in (-2, 2, -5, 5) if n not in kinks])
        trials += [
            Trial("integers", (whole,), usual),
            Trial("shapes", (np.stack([inputs, inputs[::-1]]),), usual),
            *(Trial("edges", (np.array([far]),), usual) for far in (-FAR, FAR)),
        ]
        for kink in kinks:
            sides = sorted(float(right(kink + side, **usual)) for side in (-1e-9, 1e-9))
            trials.append(Trial("kinks", (np.array([kink]),), usual, accepted=tuple(sides)))
    trials += [Trial("edges", _as_call(one), usual, floor=0.0) for one in edges]
    for trial in trials:
        trial.tolerance, trial.pointwise = tolerance, pointwise
        trial.expected = given(right, trial)
    return [t for t in trials if not (pointwise and t.aspect == "edges") or _finite(t.expected)]


def _as_call(one):
    return one if isinstance(one, tuple) else (one,)


def given(function, trial):
    """What a function of the exercise gives in this call; None if it stops."""
    try:
        keywords = parameters_for(function, trial.args, trial.parameters)
        return function(*trial.args, **keywords)
    except Exception:
        return None


def _finite(value):
    value = numbers(value)
    return value is not None and np.isfinite(value).all()
