"""The one mechanism behind all graders of functions: try, judge, tell.

Nothing here knows any particular function: a :class:`Task` says what is right, what is
tried and which mistakes are usual.
"""

import numpy as np

from actlib.check.calling import takes
from actlib.check.judging import Problem, judge, room_for, try_out
from actlib.check.report import is_blank, kind, say, sentence, shown, unfinished, verdict
from actlib.check.task import ASPECTS, NOTED, ON_REQUEST, numbers

MOST_PROBLEMS = 2
LAST = 10**6  # the place of a problem that belongs to no single call


def grade(task, answer, skip=(), also=()):
    """Try the reader's function on the task, print feedback, and return the Report.

    Where the task may be read in several ways, the one that fits best counts.
    """
    with np.errstate(all="ignore"):
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
    if not takes(answer, first.args) and not (first.keywords and room_for(answer, first)):
        wanted = ", ".join(first.names)
        line = f"  The function should take {wanted}; yours cannot be called like that."
        return verdict(task.name, False, line), (-(10**6), 0)
    fixed = [t for t in tried if t.aspect == "parameters" and room_for(answer, t) is None]
    tried = [trial for trial in tried if trial not in fixed]
    outcomes = [try_out(answer, trial, trial.args) for trial in tried]
    if all(outcome.blank for outcome in outcomes):
        why = "The function returns nothing so far."
        if any(outcome.printed for outcome in outcomes):
            why = "The function prints, but returns nothing: end it with return."
        return unfinished(task.name, why), (0, 0)
    return _tell(task, answer, tried, outcomes, also, skip, fixed)


def _tell(task, answer, tried, outcomes, also, skip, fixed):
    expected = dict(zip(map(id, task.trials), task.expected, strict=True))
    results = [(t, o, expected[id(t)]) for t, o in zip(tried, outcomes, strict=True)]
    problems = [judge(task, answer, results, place) for place in range(len(results))]
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


def _aspects(names):
    names = {names} if isinstance(names, str) else set(names)
    if unknown := names - set(ASPECTS):
        raise ValueError(f"unknown aspect {min(unknown)!r}; known: {', '.join(ASPECTS)}")
    return names
