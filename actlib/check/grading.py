"""Grading a function: try it beside the right one, find the mistake, tell.

Nothing here knows any particular function. Mistakes are recognised by what they give, not by
how they look.
"""

import textwrap

import numpy as np

from actlib.check.calling import call, parameters_for
from actlib.check.mistakes import WARNS, hint_for
from actlib.check.report import (
    hint_line,
    is_blank,
    kind,
    numbers,
    say,
    sentence,
    shown,
    unfinished,
    verdict,
)
from actlib.check.trials import ASPECTS, Task, Trial, all_trials, given

MOST_PROBLEMS = 2
NEW_ARRAY = "work on a new array; np.where and np.maximum make one, x[...] = changes x"


def function(answer, right, inputs, *, mistakes=(), names=("x",), name="function", edges=(),
             parameters=None, slope_of=None, kinks=(), tolerance=1e-6, quiet=False):  # fmt: skip
    """Grade a function against the right one.

    inputs : the calls to try, each one argument or a tuple of arguments; or one array of
        points, for a function that works number by number. It is then also tried on a table,
        on whole numbers, and at -1000 and 1000 where the right answer is finite.
    mistakes : pairs (wrong function, hint). These are found without being listed: a constant
        factor, a wrong sign, exchanged arguments, the sum for the mean, the function in place
        of its slope, an unused parameter.
    names : of the arguments, for the feedback.
    edges : calls that only a careful answer gets right; there every digit counts.
    parameters : {"alpha": [1.0, 0.5]}, values to try for an optional argument, the usual one
        first.
    slope_of : the function whose slope is asked.
    kinks : points at which every slope between those of the two sides is right.
    tolerance : relative.
    quiet : must NumPy not warn? Otherwise a warning is noted, and the value counts.

    >>> report = function(lambda x: x + x, lambda x: x**2, [3.0, 2.0], name="square")
    square: not yet.
      Right: 1 of 2 values.
      Not yet: for x = 3 it gives 6 instead of 9.
    """
    task = Task(name, right, tuple(names), tuple(mistakes), slope_of, quiet)
    with np.errstate(all="ignore"):
        trials = all_trials(right, inputs, edges, parameters or {}, kinks, tolerance)
        return say(_grade(task, answer, trials))


# ------------------------------------------------------------ trying and telling


def _grade(task, answer, trials):
    """Try the reader's function: the Report."""
    if is_blank(answer):
        blank = "..." if answer is Ellipsis else answer
        return unfinished(task.name, f"Put your function in place of {blank}, and run this again.")
    if not callable(answer):
        why = f"The check needs the function itself, but got {kind(answer)}: "
        return unfinished(task.name, why + "write its name without brackets after it.")
    first, notes = trials[0], []
    keywords = parameters_for(answer, first.args, first.parameters)
    if keywords is None:
        wanted = ", ".join(task.names)
        line = f"  The function should take {wanted}; yours cannot be called like that."
        return verdict(task.name, False, line)
    if len(keywords) < len(first.parameters):
        trials = [trial for trial in trials if trial.aspect != "parameters"]
        missing = " and ".join(name for name in first.parameters if name not in keywords)
        notes.append(f"your function takes no {missing}, so only the usual one was tried")
    for trial in trials:
        trial.outcome = _try_out(answer, trial)
    if all(trial.outcome.blank for trial in trials):
        why = "The function returns nothing so far."
        if any(trial.outcome.printed for trial in trials):
            why = "The function prints, but returns nothing: end it with return."
        return unfinished(task.name, why)
    for trial in trials:
        trial.fault = _fault(task, trial)
    return _tell(task, trials, notes + _notes(task, answer, trials))


def _try_out(answer, trial):
    """The outcome of a call. A number that fails as such may come as an array without axes."""
    keywords = parameters_for(answer, trial.args, trial.parameters)
    outcome = call(answer, trial.args, keywords)
    number = len(trial.args) == 1 and isinstance(trial.args[0], float)
    if outcome.crash and number and trial.aspect == "values":  # no edge: numbers are asked there
        again = call(answer, (np.array(trial.args[0]),), keywords)
        return outcome if again.crash else again
    return outcome


def _tell(task, trials, notes):
    failed = [trial for trial in trials if trial.fault]
    if any(trial.aspect == "values" for trial in failed):
        failed = [trial for trial in failed if trial.aspect == "values"]  # the rest follows
        good = _some_values(trials)
    else:
        tried = {trial.aspect for trial in trials} - {trial.aspect for trial in failed}
        good = [words for aspect, words in ASPECTS.items() if aspect in tried]
    problems, seen = [], set()
    for trial in sorted(failed, key=lambda trial: list(ASPECTS).index(trial.aspect)):
        hint = hint_for(task, trials, trial)
        if not {trial.aspect, hint or trial.fault} & seen:
            problems.append((trial.fault, hint))
        seen |= {trial.aspect, hint or trial.fault}
    changed = [t.outcome.changed for t in trials if t.outcome.changed is not None]
    if changed:
        what = task.names[min(changed[0], len(task.names) - 1)]
        problems.append((f"the function changes {what}, which belongs to the caller", NEW_ARRAY))
    elif "values" in good:
        good.append(ASPECTS["input"])
    right = textwrap.fill(f"  Right: {', '.join(good)}.", 78, subsequent_indent="  ")
    lines = [right] if good else []
    for fault, hint in problems[:MOST_PROBLEMS]:
        lines += [f"  Not yet: {fault}.", *hint_line(hint)]
    if not problems:
        lines += [f"  Note: {sentence(note)}" for note in notes]
    return verdict(task.name, not problems, *lines)


def _notes(task, answer, trials):
    """What is worth a word though the answer is right."""
    notes = []
    warned = next((trial for trial in trials if trial.outcome.warning), None)
    if warned:
        why = f"NumPy warns for {warned.said(task.names)} ({warned.outcome.warning})"
        notes.append(f"{why}, and the value is right: {WARNS}")
    first = trials[0]
    if first.pointwise and not first.fault:
        small = Trial("values", (first.args[0].astype(np.float32),), first.parameters)
        kept, value = given(task.right, small), numbers(_try_out(answer, small).value)
        if value is not None and value.dtype != kept.dtype == np.float32:
            notes.append(f"float32 comes in and {value.dtype} goes out; .astype(x.dtype) keeps it")
    return notes


def _some_values(trials):
    """How many of the values are right, if some are."""
    right = total = 0
    for trial in trials:
        got, expected = numbers(trial.outcome.value), numbers(trial.expected)
        fits = expected is not None and got is not None and got.shape == expected.shape
        if trial.aspect == "values" and fits:
            same = _close(got, expected, trial)
            right, total = right + int(same.sum()), total + same.size
    return [f"{right} of {total} values"] if right else []


# ------------------------------------------------------------ judging one call


def _fault(task, trial):
    """What is wrong with one outcome, or ''."""
    outcome, said = trial.outcome, trial.said(task.names)
    if outcome.blank:
        return f"for {said} the function returns nothing"
    if outcome.crash:
        return f"for {said} it stops with {outcome.crash}"
    try:
        fault = _difference(task, trial, outcome.value, trial.expected)
    except Exception:
        return f"for {said} the result is no array of numbers"
    if not fault and outcome.warning and task.quiet:
        return f"for {said} the value is right, but NumPy warns: {outcome.warning}"
    return fault


def _difference(task, trial, value, expected, name=""):
    """Say how a value differs from the right one, or ''."""
    said, subject = trial.said(task.names), f"{name} is" if name else "it gives"
    if isinstance(expected, (tuple, list)):
        if not isinstance(value, (tuple, list, np.ndarray)) or len(value) != len(expected):
            return f"for {said} {subject} {_returned(value)}; {len(expected)} results are asked"
        of = f" of {name}" if name else ""
        inner = (
            _difference(task, trial, got, wanted, f"entry {place}{of}")
            for place, (got, wanted) in enumerate(zip(value, expected, strict=True))
        )
        return next(filter(None, inner), "")
    got, expected = numbers(value), np.asarray(expected)
    if got is None:
        return f"for {said} {subject} {_returned(value)}, where numbers are needed"
    if got.shape != expected.shape:
        return f"for {said} {subject} {_shape(got)} instead of {_shape(expected)}"
    if trial.accepted:
        low, high = trial.accepted
        if np.all((low - 1e-6 <= got) & (got <= high + 1e-6)):
            return ""
        slopes = f"any slope from {shown(low)} to {shown(high)} would do"
        return f"at the kink {said} {subject} {shown(got.flat[0])}; {slopes}"
    same = _close(got, expected, trial)
    if same.all():
        return ""
    index = tuple(int(i) for i in np.argwhere(~same)[0])
    if trial.pointwise:
        right = f" instead of {shown(expected[index])}"
        if task.slope_of and abs(trial.args[0][index]) < 100:
            right = f", but the slope measured there is {_measured(task, trial, index)}"
        return f"at {trial.said(task.names, index)} {subject} {shown(got[index])}{right}"
    if got.size <= 9:
        return f"for {said} {subject} {shown(got)} instead of {shown(expected)}"
    place = f"{shown(got[index])} at place {list(index)}"
    return f"for {said} {subject} {place} instead of {shown(expected[index])}"


def _close(got, expected, trial):
    return np.isclose(got, expected, trial.tolerance, trial.floor, equal_nan=True)


def _measured(task, trial, index):
    f, x, h = task.slope_of, trial.args[0], 1e-5
    slope = (f(x + h, **trial.parameters) - f(x - h, **trial.parameters)) / (2 * h)
    return f"{slope[index]:.4g}"


def _shape(array):
    return f"an array of shape {array.shape}" if array.ndim else "a single number"


def _returned(value):
    return "nothing" if is_blank(value) else kind(value)
