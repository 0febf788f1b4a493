"""Answers that are no functions: a number, an array, a choice."""

import difflib

import numpy as np

from actlib.check.report import is_blank, kind, say, sentence, shown, unfinished, verdict
from actlib.check.task import numbers

BLANK = "Put your answer in place of None, and run this again."


def _publish(name, passed, *lines):
    return say(verdict(name, passed, *lines))


def number(answer, expected, *, hint="", mistakes=None, tolerance=1e-3, name="answer"):
    """Grade a number.

    answer : what the reader gave; None or ... is an exercise not yet begun.
    expected : the right number.
    hint : said when the answer is wrong and no mistake is recognised.
    mistakes : {wrong number: hint} or a list of such pairs.
    tolerance : relative (absolute where the right number is 0).

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
    if is_blank(answer):
        return say(unfinished(name, BLANK))
    value = numbers(answer)
    if value is None or value.size != 1:
        return _publish(name, False, f"  A number is needed, but this is {_kind(answer)}.")
    value, expected = value.flat[0], float(expected)
    if _near(value, expected, tolerance):
        return _publish(name, True)
    lines = [f"  Your answer is {shown(value)}."]
    hint = _matching(mistakes, lambda wrong: _near(value, wrong, tolerance)) or hint
    if not hint and _near(value, expected, 20 * tolerance):
        hint = "close: round less on the way"
    elif not hint and expected and _near(-value, expected, tolerance):
        hint = "the size is right, the sign is not"
    return _publish(name, False, *lines, *_hint(hint or _direction(value, expected)))


def array(answer, expected, *, hint="", mistakes=(), tolerance=1e-6, name="answer"):
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
    if is_blank(answer):
        return say(unfinished(name, BLANK))
    value, expected = numbers(answer), np.asarray(expected, dtype=float)
    if value is None:
        return _publish(name, False, f"  Numbers are needed, but this is {_kind(answer)}.")

    def like(wrong):
        wrong = np.asarray(wrong)
        return wrong.shape == value.shape and _near(value, wrong, tolerance)

    if like(expected):
        return _publish(name, True)
    hint = _matching(mistakes, like) or hint
    if value.shape != expected.shape:
        line = f"  The shape is {value.shape}; it should be {expected.shape}."
        return _publish(name, False, line, *_hint(hint))
    wrong = ~np.isclose(value, expected, tolerance, tolerance * 1e-3, equal_nan=True)
    place = tuple(int(i) for i in np.argwhere(wrong)[0])
    line = f"  At place {list(place)} stands {shown(value[place])}; this is "
    line += f"{np.sum(wrong)} of {value.size} numbers that are not right."
    return _publish(name, False, line, *_hint(hint))


def choice(answer, expected, *, options=None, hints=None, hint="", name="answer"):
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
    if is_blank(answer):
        return say(unfinished(name, BLANK))
    try:
        several = isinstance(expected, (set, frozenset))
        given = list(answer) if isinstance(answer, (set, frozenset, list, tuple)) else [answer]
        wanted = expected if several else [expected]
        known = None if options is None else [_plain(option) for option in options]
        for one in given:
            if known is not None and _plain(one) not in known:
                return _publish(name, False, f"  Choose among {_listed(options)}.", *_nearest(
                    one, options))  # fmt: skip
        got, right = {_plain(one) for one in given}, {_plain(one) for one in wanted}
        if got == right:
            return _publish(name, True)
        told = {_plain(option): text for option, text in (hints or {}).items()}
        wrong = [one for one in given if _plain(one) not in right]
        hint = next((told[_plain(one)] for one in wrong if _plain(one) in told), hint)
        if several and not wrong:
            missing = len(right - got)
            line = f"  All you named belong there, but {missing} {_is(missing)} missing."
        else:
            line = f"  You chose {_listed(given)}."
    except Exception:
        return _publish(name, False, f"  This is {_kind(answer)}, which cannot be chosen.")
    return _publish(name, False, line, *_hint(hint))


def _is(count):
    return "is" if count == 1 else "are"


def _plain(option):
    """Options are compared without regard to case and blanks; True is not 1."""
    if isinstance(option, str):
        return " ".join(option.lower().split())
    return str(bool(option)) if isinstance(option, (bool, np.bool_)) else float(option)


def _listed(options):
    words = [option.strip() if isinstance(option, str) else str(option) for option in options]
    text = ", ".join(words)
    return text if len(text) <= 200 else text[:197] + "..."


def _nearest(one, options):
    near = difflib.get_close_matches(str(one), [str(option) for option in options], 1)
    return [f"  Hint: did you mean {near[0]}?"] if near else []


def _near(value, wanted, tolerance):
    if np.ndim(wanted) == 0:
        floor = 0.0 if wanted else tolerance
    else:  # an array may hold a 0 among other numbers
        floor = tolerance * 1e-3
    with np.errstate(all="ignore"):
        return bool(np.all(np.isclose(value, wanted, tolerance, floor, equal_nan=True)))


def _matching(mistakes, like):
    pairs = mistakes.items() if isinstance(mistakes, dict) else mistakes or ()
    return next((hint for wrong, hint in pairs if like(wrong)), "")


def _direction(value, expected):
    if np.isfinite(value) and np.isfinite(expected):
        return f"that is too {'large' if value > expected else 'small'}"
    return ""


def _hint(hint):
    return [f"  Hint: {sentence(hint)}"] if hint else []


def _kind(answer):
    return "a function without its result: call it" if callable(answer) else kind(answer)
