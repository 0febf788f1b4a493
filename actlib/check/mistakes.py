"""Recognising a mistake: by what a function gives in all its calls, not by how it looks."""

import numpy as np

from actlib.check.report import numbers
from actlib.check.trials import given

OVERFLOW = (
    "exponentiate a number that is never positive; np.where computes both of its branches "
    "for every number"
)
WHOLE = (
    "an array of whole numbers cannot hold fractions: np.zeros_like(x, dtype=float), and 0.0 "
    "in place of 0"
)
WARNS = "np.where and products compute all their parts, also those that do not count in the end"


def hint_for(task, trials, trial):
    """The hint of the mistake that behaves like the reader's function, or a general one."""
    outcome = trial.outcome
    if outcome.blank:
        return "does every branch end with return?"
    if outcome.crash:
        return outcome.hint
    values = [t for t in trials if t.aspect == "values" and not t.outcome.crash]
    compared = [t for t in trials if t.aspect in ("values", trial.aspect) and not t.outcome.crash]
    for wrong, hint in task.mistakes:
        if all(_alike(t.outcome.value, given(wrong, t)) for t in compared):
            return hint
    if "overflow" in outcome.warning:
        return OVERFLOW
    if task.quiet and outcome.warning:
        return WARNS
    for wrong, hint in _usual_mistakes(task, trials[0].parameters):
        if all(_alike(t.outcome.value, _quietly(wrong, t)) for t in compared):
            return hint
    return _cut_off(trial) or _factor(values)


def _cut_off(trial):
    """The hint, if the answer is right but for its fractions."""
    got, right = numbers(trial.outcome.value), numbers(trial.expected)
    whole = got is not None and got.dtype.kind == "i" and right is not None
    return WHOLE if whole and np.array_equal(got, np.trunc(right)) else ""


def _usual_mistakes(task, usual):
    """Mistakes that can be made from any right function: of a trial, what they give there."""
    right, f = task.right, task.slope_of
    if f:
        yield lambda t: f(*t.args, **t.parameters), "that is the function; its slope is asked"
        yield (
            lambda t: right(f(*t.args, **t.parameters), **t.parameters),
            "the slope was taken at the output f(x); it is taken at x",
        )
    if len(task.names) == 1:
        x = task.names[0]
        yield lambda t: right(-t.args[0], **t.parameters), f"{x} comes in with the wrong sign"
    if len(task.names) == 2:
        both = " and ".join(task.names)
        yield lambda t: right(*t.args[::-1], **t.parameters), f"{both} are exchanged"
    if usual:
        yield (
            lambda t: right(*t.args, **usual),
            f"{' and '.join(usual)} changes nothing: is it used?",
        )


def _quietly(wrong, trial):
    try:
        return wrong(trial)
    except Exception:
        return None


def _alike(value, wrong):
    if isinstance(wrong, (tuple, list)):
        fits = isinstance(value, (tuple, list)) and len(value) == len(wrong)
        return fits and all(map(_alike, value, wrong))
    value, wrong = numbers(value), numbers(wrong)
    same = value is not None and wrong is not None and value.shape == wrong.shape
    return same and bool(np.isclose(value, wrong, 1e-5, 1e-8, equal_nan=True).all())


def _factor(trials):
    """'every value is 2 times the right one', if one factor explains all trials."""
    factors, counts = [], []
    for trial in trials:
        got, right = numbers(trial.outcome.value), numbers(trial.expected)
        if got is None or right is None or got.shape != right.shape or not right.any():
            return ""
        factor = np.sum(got * right) / np.sum(right * right)
        if not np.allclose(got, factor * right, 1e-5, 1e-8):
            return ""
        factors.append(float(factor))
        counts.append({np.size(trial.args[0]), *np.shape(trial.args[0])[:1]})
    sign = "the sign is the wrong way round" if factors[0] < 0 else ""
    if np.ptp(factors) > 1e-5 * abs(factors[0]):
        by_count = all(
            any(np.isclose(abs(factor), count) for count in sizes)
            for factor, sizes in zip(factors, counts, strict=True)
        )
        missing = "the 1/n of the mean is missing" + (", and " + sign if sign else "")
        return missing if by_count else ""
    if np.isclose(abs(factors[0]), 1):
        return sign
    return f"every value is {factors[0]:.4g} times the right one"
