"""Judging one call: is the result right, and if not, which mistake is it?"""

import inspect
from dataclasses import dataclass, replace

import numpy as np

from actlib.check.calling import call, takes
from actlib.check.report import is_blank, kind, shown
from actlib.check.task import NOTED, Trial, alike, numbers, wrong_answer


@dataclass
class Problem:
    """Something to tell the reader, found in a trial."""

    trial: Trial
    what: str
    hint: str
    position: int
    noted: bool = False


def judge(task, answer, results, place):
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
        place = ""
        if not trial.pointwise and got.ndim:
            place = f" at place {list(index)}"
        right = f"{place} instead of {shown(expected[index])}"
        if slope_of is not None and abs(np.asarray(trial.args[0])[index]) < 100:
            right = f", but the slope measured there is {shown(_measured(slope_of, trial, index))}"
        return f"{where} {subject} {shown(got[index])}{right}"
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
    wrong = wrong_answer(mistake, trial)
    return wrong is not None and alike(outcome.value, wrong)


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
    outcomes = [try_out(answer, trial, (float(v),)) for v in x.flat]
    values = [numbers(outcome.value) for outcome in outcomes]
    if any(v is None or v.ndim for v in values):
        return False
    return close(np.reshape(values, x.shape), np.asarray(expected), trial)


def close(got, expected, trial):
    same = np.isclose(got, expected, trial.tolerance, trial.floor, equal_nan=True)
    return bool(np.all(same))


def try_out(answer, trial, args):
    by_place, by_name = room_for(answer, trial) or ((), {})
    outcome = call(answer, args + by_place, by_name)
    if outcome.changed is not None and outcome.changed >= len(args):
        outcome.changed = None
    return outcome


def room_for(answer, trial):
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


def _shape(array):
    return f"an array of shape {array.shape}" if array.ndim else "a single number"


def _returned(value):
    return "nothing" if is_blank(value) else kind(value)
