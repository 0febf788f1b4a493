"""Answers that are no functions: a number, an array, a choice."""

import difflib
from dataclasses import dataclass, replace

import numpy as np

from actlib.check.report import (
    hint_line,
    is_blank,
    kind,
    numbers,
    say,
    shown,
    unfinished,
    verdict,
)

BLANK = "Put your answer in place of None, and run this again."


@dataclass(frozen=True, eq=False)
class Exercise:
    """What an exercise asks, in one small object: it judges an answer, and can be exported."""

    name: str
    kind: str  # "number", "array" or "choice"
    expected: object
    mistakes: tuple = ()  # pairs (wrong answer, hint)
    hint: str = ""  # said when the answer is wrong and no mistake is recognised
    tolerance: float = 0.0  # relative
    options: tuple | None = None  # of a choice: all that may be chosen
    typed: bool = True  # is the answer itself judged, or what the reader's code made of it?

    def judge(self, answer):
        """The Report on an answer. Never raises because of the answer."""
        if is_blank(answer):
            report = unfinished(self.name, BLANK)
        else:
            report = verdict(self.name, *_JUDGES[self.kind](self, answer))
        return replace(report, exercise=self)

    def hint_for(self, like):
        """The hint of the first mistake that is like the answer, or the general one."""
        return next((hint for wrong, hint in self.mistakes if like(wrong)), self.hint)


def _pairs(mistakes):
    return tuple(mistakes.items() if isinstance(mistakes, dict) else mistakes or ())


def number(answer, expected, *, hint="", mistakes=(), tolerance=1e-3, name="answer", typed=True):
    """Grade a number.

    answer : what the reader gave; None or ... is an exercise not yet begun.
    expected : the right number.
    hint : said when the answer is wrong and no mistake is recognised.
    mistakes : {wrong number: hint} or a list of such pairs.
    tolerance : relative (absolute where the right number is 0).
    typed : False if ``answer`` was computed from what the reader gave, so that a page must
        not ask for it.

    >>> report = number(0.25, 0.25)
    answer: right.
    >>> report = number(0.5, 0.25, mistakes={0.5: "that is the value, not the slope"})
    answer: not yet.
      Your answer is 0.5.
      Hint: that is the value, not the slope.
    >>> report = number(None, 0.25)
    answer: nothing to check yet.
      Put your answer in place of None, and run this again.
    """
    mistakes = _pairs(mistakes)
    exercise = Exercise(name, "number", float(expected), mistakes, hint, tolerance, typed=typed)
    return say(exercise.judge(answer))


def _judge_number(exercise, answer):
    value, expected, tolerance = numbers(answer), exercise.expected, exercise.tolerance
    if value is None or value.size != 1:
        return False, f"  A number is needed, but this is {_kind(answer)}."
    value = value.flat[0]
    if _near(value, expected, tolerance):
        return (True,)
    hint = exercise.hint_for(lambda wrong: _near(value, wrong, tolerance))
    if not hint and _near(value, expected, 20 * tolerance):
        hint = "close: round less on the way"
    elif not hint and expected and _near(-value, expected, tolerance):
        hint = "the size is right, the sign is not"
    elif not hint and np.isfinite([value, expected]).all():
        hint = f"that is too {'large' if value > expected else 'small'}"
    return False, f"  Your answer is {shown(value)}.", *hint_line(hint)


def array(answer, expected, *, hint="", mistakes=(), tolerance=1e-6, name="answer", typed=True):
    """Grade an array: its shape, then its numbers.

    ``mistakes`` is a list of pairs (wrong array, hint); the rest is as in :func:`number`.

    >>> report = array([[1.0, 2.0]], [1.0, 2.0])
    answer: not yet.
      The shape is (1, 2); it should be (2,).
    >>> report = array([1.0, 3.0], [1.0, 2.0], hint="add the bias")
    answer: not yet.
      At place [1] stands 3; this is 1 of 2 numbers that are not right.
      Hint: add the bias.
    """
    expected = np.asarray(expected, dtype=float)
    exercise = Exercise(name, "array", expected, _pairs(mistakes), hint, tolerance, typed=typed)
    return say(exercise.judge(answer))


def _judge_array(exercise, answer):
    value, expected, tolerance = numbers(answer), exercise.expected, exercise.tolerance
    if value is None:
        return False, f"  Numbers are needed, but this is {_kind(answer)}."

    def like(wrong):
        return np.shape(wrong) == value.shape and _near(value, wrong, tolerance)

    if like(expected):
        return (True,)
    hint = hint_line(exercise.hint_for(like))
    if value.shape != expected.shape:
        return False, f"  The shape is {value.shape}; it should be {expected.shape}.", *hint
    wrong = ~np.isclose(value, expected, tolerance, tolerance * 1e-3, equal_nan=True)
    place = tuple(int(i) for i in np.argwhere(wrong)[0])
    line = f"  At place {list(place)} stands {shown(value[place])}; this is "
    line += f"{np.sum(wrong)} of {value.size} numbers that are not right."
    return False, line, *hint


def choice(answer, expected, *, options=None, hints=(), hint="", name="answer"):
    """Grade a choice between words, numbers, True and False.

    expected : the right option, or a set of options that are all to be named.
    options : all that may be chosen; anything else is answered with this list.
    hints : {wrong option: hint}.

    >>> report = choice("Sigmoid ", "sigmoid", options=["sigmoid", "tanh"])
    answer: right.
    >>> report = choice("tanh", "sigmoid", hints={"tanh": "its slope reaches 1"})
    answer: not yet.
      You chose tanh.
      Hint: its slope reaches 1.
    """
    options = None if options is None else tuple(options)
    exercise = Exercise(name, "choice", expected, _pairs(hints), hint, options=options)
    return say(exercise.judge(answer))


def _judge_choice(exercise, answer):
    try:
        given = _several(answer)
        got = {_plain(one) for one in given}
    except Exception:
        return False, f"  This is {kind(answer)}, which cannot be chosen."
    if exercise.options is not None:
        known = {_plain(option) for option in exercise.options}
        unknown = [one for one in given if _plain(one) not in known]
        if unknown:
            near = difflib.get_close_matches(str(unknown[0]), map(str, exercise.options), 1)
            hint = hint_line(f"did you mean {near[0]}?" if near else "")
            return False, f"  Choose among {_listed(exercise.options)}.", *hint
    right = {_plain(one) for one in _several(exercise.expected)}
    if got == right:
        return (True,)
    wrong = got - right
    if isinstance(exercise.expected, (set, frozenset)) and not wrong:
        missing = len(right - got)
        missing = f"{missing} {'is' if missing == 1 else 'are'} missing"
        line = f"  All you named belong there, but {missing}."
    else:
        line = f"  You chose {_listed(given)}."
    hint = exercise.hint_for(lambda option: _plain(option) in wrong)
    return False, line, *hint_line(hint)


def _several(answer):
    if isinstance(answer, np.ndarray):
        answer = answer.tolist()  # of one number it is that number
    return list(answer) if isinstance(answer, (set, frozenset, list, tuple)) else [answer]


def _plain(option):
    """Options are compared without regard to case and blanks; True is not 1."""
    if isinstance(option, str):
        return " ".join(option.lower().split())
    return str(bool(option)) if isinstance(option, (bool, np.bool_)) else float(option)


def _listed(options):
    text = ", ".join(str(option).strip() for option in options)
    return text if len(text) <= 200 else text[:197] + "..."


def _near(value, wanted, tolerance):
    if np.ndim(wanted) == 0:
        floor = 0.0 if wanted else tolerance
    else:  # an array may hold a 0 among other numbers
        floor = tolerance * 1e-3
    with np.errstate(all="ignore"):
        return bool(np.all(np.isclose(value, wanted, tolerance, floor, equal_nan=True)))


def _kind(answer):
    return "a function without its result: call it" if callable(answer) else kind(answer)


_JUDGES = {"number": _judge_number, "array": _judge_array, "choice": _judge_choice}
