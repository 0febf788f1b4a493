"""The one mechanism behind all graders of functions.

A :class:`Task` says what is right, what is tried and which mistakes are usual; ``grade``
tries a reader's function and finds words. Nothing here knows any particular function.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from actlib.check.calling import Outcome, call, takes
from actlib.check.report import is_blank, kind, say, sentence, shown, unfinished, verdict

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
MOST_PROBLEMS = 2
LAST = 10**6  # the place of a problem that belongs to no single call


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
        return [_right(self.right, trial) for trial in self.trials]

    @cached_property
    def known(self):
        """All mistakes; of the general ones those that are wrong here, and nothing new twice."""
        telling = ("values", "parameters", "shapes")
        trials = [trial for trial in self.trials if trial.aspect in telling]
        first = sum(trial.aspect == "values" for trial in trials)
        trials.sort(key=lambda trial: telling.index(trial.aspect))
        right = [_right(self.right, trial) for trial in trials]
        known, seen = list(self.mistakes), [right]
        seen += [[_wrong(mistake, t) for t in trials] for mistake in known]
        for mistake in self.general:
            given = [_wrong(mistake, trial) for trial in trials]
            if any(value is None for value in given):
                continue
            # Whatever is wrong in the values is told there, and no later trial counts.
            count = len(trials) if all(map(_equal, given[:first], right)) else first
            if not any(all(map(_equal, given[:count], other)) for other in seen):
                known.append(mistake)
                seen.append(given)
        return tuple(known)


@dataclass
class Problem:
    trial: Trial
    what: str
    hint: str
    position: int
    noted: bool = False


def grade(task, answer, skip=(), also=()):
    """Try the reader's function on the task, print feedback, and return the Report.

    Where the task may be read in several ways, the one that fits best counts.
    """
    attempts = [_attempt(form, answer, skip, also) for form in (task, *task.otherwise)]
    return say(max(attempts, key=lambda attempt: (attempt[0].passed, *attempt[1]))[0])


def _attempt(task, answer, skip, also):
    """The Report, and how well the calls fit: (minus the crashes, calls without a problem)."""
    skip, also = _aspects(skip), _aspects(also)
    if is_blank(answer):
        blank = "..." if answer is Ellipsis else answer
        why = f"Put your function in place of {blank}, and run this again."
        return unfinished(task.name, why), (0, 0)
    if not callable(answer):
        why = f"The check needs the function itself, but got {kind(answer)}: "
        return unfinished(task.name, why + "write its name without brackets after it."), (0, 0)
    tried = [trial for trial in task.trials if trial.aspect not in skip]
    tried = [trial for trial in tried if trial.aspect not in ON_REQUEST - also]
    first = task.trials[0]
    if not takes(answer, first.args) and not (first.keywords and _extra(answer, first)):
        wanted = ", ".join(first.names)
        line = f"  The function should take {wanted}; yours cannot be called like that."
        return verdict(task.name, False, line), (-(10**6), 0)
    fixed = [t for t in tried if t.aspect == "parameters" and _extra(answer, t) is None]
    tried = [trial for trial in tried if trial not in fixed]
    outcomes = [_try(answer, trial, trial.args) for trial in tried]
    if all(outcome.blank for outcome in outcomes):
        why = "The function returns nothing so far."
        if any(outcome.printed for outcome in outcomes):
            why = "The function prints, but returns nothing: end it with return."
        return unfinished(task.name, why), (0, 0)
    return _tell(task, answer, tried, outcomes, also, skip, fixed)


def _tell(task, answer, tried, outcomes, also, skip, fixed):
    expected = dict(zip(map(id, task.trials), task.expected, strict=True))
    results = [(t, o, expected[id(t)]) for t, o in zip(tried, outcomes, strict=True)]
    problems = [_judge(task, answer, results, place) for place in range(len(results))]
    problems = [problem for problem in problems if problem]
    for trial, outcome, _ in results:
        if outcome.changed is not None and "input" not in skip:
            name = trial.names[min(outcome.changed, len(trial.names) - 1)]
            hint = "work on a new array; np.where and np.maximum make one, x[...] = changes x"
            what = f"the function changes {name}, which belongs to the caller"
            problems.append(Problem(trial, what, hint, LAST))
            break
    for problem in problems:
        problem.noted = problem.trial.aspect in NOTED - also
    notes = [problem for problem in problems if problem.noted]
    wrong = [problem for problem in problems if not problem.noted]
    failed = {p.trial.aspect if p.position != LAST else "input" for p in problems}
    aspects = {trial.aspect for trial in tried} | ({"input"} - skip)
    good = [words for aspect, words in ASPECTS.items() if aspect in aspects - failed]
    if "values" in failed:
        good = _some_values(results)
    lines = [f"  Right: {', '.join(good)}."] if good else []
    chosen = _most_telling(wrong)
    for problem in chosen:
        lines.append(f"  Not yet: {problem.what}.")
        if problem.hint:
            lines.append(f"  Hint: {sentence(problem.hint)}")
    for problem in [] if wrong else _most_telling(notes, 3):
        hint = f" ({problem.hint})" if problem.hint else ""
        lines.append(f"  Note: {problem.what}{hint}.")
    if not wrong:
        lines += _conventions(results)
    if fixed and not wrong:
        names = " and ".join(fixed[0].keywords)
        lines.append(f"  Note: your function takes no {names}, so only the usual one was tried.")
    crashes = sum(bool(outcome.crash) for outcome in outcomes)
    return verdict(task.name, not wrong, *lines), (-crashes, len(results) - len(problems))


def _most_telling(problems, most=MOST_PROBLEMS):
    """The first problem of each aspect, no hint or finding twice, values first."""
    order = {aspect: place for place, aspect in enumerate(ASPECTS)}
    if any(problem.trial.aspect == "values" and problem.position != LAST for problem in problems):
        problems = [p for p in problems if p.trial.aspect == "values"]  # the rest follows from it
    chosen, seen = [], set()
    for problem in sorted(problems, key=lambda p: (p.position == LAST, order[p.trial.aspect])):
        marks = {problem.what, problem.hint or problem.what}
        if problem.position != LAST:
            marks.add(problem.trial.aspect)
        if not marks & seen:
            chosen.append(problem)
        seen |= marks
    return chosen[:most]


def _some_values(results):
    """How many of the values are right, if some are."""
    right = total = 0
    for trial, outcome, expected in results:
        if trial.aspect != "values" or isinstance(expected, tuple | list):
            continue
        got = numbers(outcome.value)
        if got is None or got.shape != np.shape(expected):
            continue
        same = np.isclose(got, expected, trial.tolerance, trial.floor, equal_nan=True)
        right, total = right + int(same.sum()), total + same.size
    return [f"{right} of {total} values"] if right else []


def _conventions(results):
    """Where several slopes are right: say which one the course takes."""
    for trial, outcome, expected in results:
        if trial.accepted:
            mine, ours = float(np.ravel(outcome.value)[0]), float(np.ravel(expected)[0])
            if abs(mine - ours) > 1e-6:
                at = f"at the kink {trial.said()} yours is {shown(mine)}"
                return [f"  Note: {at}; this course takes {shown(ours)}. Both are right."]
    return []


def _judge(task, answer, results, place):
    """What is wrong with one outcome, or None."""
    trial, outcome, expected = results[place]
    if outcome.blank:
        what = f"for {trial.said()} the function returns nothing"
        return Problem(trial, what, "does every branch end with return?", place)
    if outcome.crash:
        alone = _one_at_a_time(answer, trial, expected)
        what = f"for {trial.said()} it stops with {outcome.crash}"
        if alone:
            what = f"one number at a time is right, but {trial.said()} stops with {outcome.crash}"
        return Problem(trial, what, outcome.hint or trial.hint, place)
    try:
        fault = _difference(trial, outcome.value, expected, task)
    except Exception:
        fault = f"for {trial.said()} the result is no array of numbers"
    if fault:
        return Problem(trial, fault, _hint(task, results, place), place)
    if outcome.warning and trial.aspect not in NOTED:
        hint = task.overflow if "overflow" in outcome.warning else trial.hint
        # A matched mistake knows better, but it must differ: the value here is right.
        what = f"for {trial.said()} the value is right, but NumPy warns: {outcome.warning}"
        if "overflow" in outcome.warning:
            what = f"overflows at {trial.said()} on the way to the right value"
        return Problem(trial, what, hint, place)
    return None


def _difference(trial, value, expected, task):
    """Say how a value differs from the right one, or ''."""
    if isinstance(expected, tuple | list):
        if not isinstance(value, tuple | list) or len(value) != len(expected):
            wanted = " and ".join(task.parts) or f"{len(expected)} results"
            return f"for {trial.said()} it should return {wanted}, but returns {_returned(value)}"
        names = task.parts or [f"layer {place + 1}" for place in range(len(expected))]
        for name, got, wanted in zip(names, value, expected, strict=True):
            if isinstance(wanted, tuple | list):
                inner = replace(task, parts=(f"dW of {name}", f"db of {name}"))
                fault = _difference(trial, got, wanted, inner)
            else:
                fault = _array_difference(trial, got, wanted, name, None)
            if fault:
                return fault
        return ""
    return _array_difference(trial, value, expected, "", task.slope_of)


def _array_difference(trial, value, expected, name, slope_of):
    got = numbers(value)
    subject = f"{name} is" if name else "it gives"
    if got is None:
        return f"for {trial.said()} {subject} {_returned(value)}, where numbers are needed"
    expected = np.asarray(expected)
    if got.shape != expected.shape:
        what, wanted = _shape(got), _shape(expected)
        return f"for {trial.said()} {subject} {what} instead of {wanted}"
    if trial.accepted:
        low, high = trial.accepted
        if not np.all((low - 1e-6 <= got) & (got <= high + 1e-6)):
            return (
                f"at the kink {trial.said()} {subject} {shown(got.flat[0])}; "
                f"any slope from {shown(low)} to {shown(high)} would do"
            )
    elif not close(got, expected, trial):
        wrong = ~np.isclose(got, expected, trial.tolerance, trial.floor, equal_nan=True)
        index = tuple(int(i) for i in np.argwhere(wrong)[0])
        where = f"at {trial.said(index)}" if trial.pointwise else f"for {trial.said()}"
        if not trial.pointwise and got.size <= 9:
            return f"{where} {subject} {shown(got)} instead of {shown(expected)}"
        if not trial.pointwise and got.ndim:
            subject = f"{subject} at place {list(index)}"
        right = f"instead of {shown(expected[index])}"
        if slope_of is not None and abs(np.asarray(trial.args[0])[index]) < 100:
            right = f", but the slope measured there is {shown(_measured(slope_of, trial, index))}"
        return f"{where} {subject} {shown(got[index])} {right}".replace(" ,", ",")
    if trial.aspect == "dtype" and got.dtype != expected.dtype:
        return f"float32 comes in and {got.dtype} goes out"
    return ""


def _measured(f, trial, index):
    x, h = float(np.asarray(trial.args[0])[index]), 1e-5
    slope = (f(x + h, **trial.keywords) - f(x - h, **trial.keywords)) / (2 * h)
    return float(f"{slope:.4g}")


def _hint(task, results, place):
    """The hint of the mistake that behaves like the reader's function, or a general one."""
    trial, outcome, expected = results[place]
    if trial.aspect in NOTED:
        return trial.hint
    compared = [r for r in results if r[0].aspect == "values" and r[1].value is not None]
    compared = [r for r in compared if not r[1].crash] + [results[place]]
    for mistake in task.known:
        if mistake.aspect in ("", trial.aspect) and all(
            behaves_like(mistake, r[0], r[1]) for r in compared
        ):
            return mistake.hint
    if outcome.warning and "overflow" in outcome.warning:
        return task.overflow
    return trial.hint or _factor(outcome.value, expected, results)


def behaves_like(mistake, trial, outcome):
    """Does the reader's function give here what the mistake gives?"""
    wrong = _wrong(mistake, trial)
    return wrong is not None and _equal(outcome.value, wrong)


def _wrong(mistake, trial):
    if trial.keywords and not takes(mistake.wrong, trial.args, trial.keywords):
        trial = Trial(trial.aspect, trial.args, trial.names)
    return _right(mistake.wrong, trial)


def _equal(value, wrong):
    if isinstance(wrong, tuple | list):
        fits = isinstance(value, tuple | list) and len(value) == len(wrong)
        return fits and all(map(_equal, value, wrong))
    value, wrong = numbers(value), numbers(wrong)
    same = value is not None and wrong is not None and value.shape == wrong.shape
    return same and bool(np.isclose(value, wrong, 1e-5, 1e-8, equal_nan=True).all())


def _factor(value, expected, results):
    """'every value is 2 times the right one', if that is so in all trials of the values."""
    factors = []
    for trial, outcome, right in results:
        got = numbers(outcome.value)
        if trial.aspect != "values" or isinstance(right, tuple | list):
            continue
        right = np.asarray(right)
        if got is None or got.shape != right.shape:
            return ""
        large = np.abs(right) > 1e-6
        factors.extend((got[large] / right[large]).flat)
        if not np.all(np.abs(got[~large]) < 1e-6):
            return ""
    if len(factors) < 2 or not np.ptp(factors) < 1e-6 * max(map(abs, factors)):
        return ""
    factor = float(np.mean(factors))
    return f"every value is {factor:.4g} times the right one" if abs(factor - 1) > 1e-6 else ""


def _one_at_a_time(answer, trial, expected):
    """Is the function right when each number of the array comes alone?"""
    x = trial.args[0] if len(trial.args) == 1 else None
    if not isinstance(x, np.ndarray) or not x.ndim or trial.aspect != "values":
        return False
    if isinstance(expected, tuple | list) or np.shape(expected) != x.shape:
        return False
    outcomes = [_try(answer, trial, (float(v),)) for v in x.flat]
    values = [numbers(outcome.value) for outcome in outcomes]
    if any(v is None or v.ndim for v in values):
        return False
    return close(np.reshape(values, x.shape), np.asarray(expected), trial)


def close(got, expected, trial):
    same = np.isclose(got, expected, trial.tolerance, trial.floor, equal_nan=True)
    return bool(np.all(same))


def numbers(value):
    """The value as an array of real numbers, or None if it is something else."""
    try:
        array = np.asarray(value)
    except Exception:
        return None
    if array.dtype.kind == "b":
        return array.astype(np.int8)
    return array if array.dtype.kind in "iuf" else None


def _right(function, trial):
    with np.errstate(all="ignore"):
        try:
            return function(*trial.args, **trial.keywords)
        except Exception:
            return None


def _try(answer, trial, args):
    by_place, by_name = _extra(answer, trial) or ((), {})
    outcome = call(answer, args + by_place, by_name)
    if outcome.changed is not None and outcome.changed >= len(args):
        outcome.changed = None
    return outcome


def _extra(answer, trial):
    """The parameters for this reader: (by place, by name), or None if there is no room."""
    given = trial.keywords
    if not given or takes(answer, trial.args, given):
        return (), given
    try:
        names = list(inspect.signature(answer).parameters)
    except Exception:
        return None
    if len(names) == len(trial.args) + len(given) and not {"axis", "runs"} & set(names):
        return tuple(given.values()), {}
    return None


def _aspects(names):
    names = {names} if isinstance(names, str) else set(names)
    if unknown := names - set(ASPECTS):
        raise ValueError(f"unknown aspect {min(unknown)!r}; known: {', '.join(ASPECTS)}")
    return names


def _array(value):
    return value if isinstance(value, np.ndarray) else None


def _named(name, value, much):
    if isinstance(value, list):
        return f"{len(value)} {name}" if len(value) != 1 else f"1 {name.removesuffix('s')}"
    if isinstance(value, np.ndarray) and value.size > (2 if much else 9):
        return f"{name} of shape {value.shape}"
    return f"{name} = {shown(value)}"


def _shape(array):
    return f"an array of shape {array.shape}" if array.ndim else "a single number"


def _returned(value):
    return "nothing" if is_blank(value) else kind(value)


__all__ = ["ASPECTS", "Mistake", "Outcome", "Task", "Trial", "grade"]
