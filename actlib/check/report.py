"""What the reader gets back: a few plain lines, and whether the exercise is solved."""

import numbers as abstract
import sys
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from actlib._frontend import somebody_is_there
from actlib.check.form import form


@dataclass(frozen=True)
class Report:
    """The outcome of a check: ``passed``, and the ``lines`` that were printed.

    It counts as true when passed. A notebook does not show it a second time.
    ``exercise`` is what was asked (an answers.Exercise); None for functions. ``begun`` is
    False while there is no answer yet.

    >>> report = Report(True, ("sigmoid: right.",))
    >>> report.passed, report.text
    (True, 'sigmoid: right.')
    """

    passed: bool
    lines: tuple[str, ...]
    exercise: object = None
    begun: bool = True

    @property
    def text(self):
        return "\n".join(self.lines)

    def __bool__(self):
        return self.passed

    def _ipython_display_(self):
        """On a page, a place to answer; in a notebook nothing, as the lines are printed."""
        if not self.begun and not somebody_is_there():
            from IPython.display import display

            display({"text/html": form(self.exercise)}, raw=True)


def verdict(name, passed, *lines):
    """The lines under a headline, as a Report."""
    return Report(passed, (f"{name}: {'right.' if passed else 'not yet.'}", *lines))


def unfinished(name, why):
    """Say kindly that there is nothing to check yet."""
    return Report(False, (f"{name}: nothing to check yet.", f"  {why}"), begun=False)


def say(report):
    """Print a Report, and hand it on. A console without a letter gets the letter's name."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    print(report.text.encode(encoding, "namereplace").decode(encoding))
    return report


def is_blank(answer):
    """Is this the place holder of an exercise: None, ... or NotImplemented?"""
    return answer is None or answer is Ellipsis or answer is NotImplemented


def numbers(value):
    """The value as an array of real numbers, or None if it is something else.

    Fractions, decimals and whole numbers of any size count as numbers; a masked array does
    not, as its mask would be lost.

    >>> from fractions import Fraction
    >>> numbers([Fraction(1, 4), 10**20]).tolist()
    [0.25, 1e+20]
    """
    if isinstance(value, np.ma.MaskedArray):
        return None
    try:
        array = np.asarray(value)
        if array.dtype.kind == "O":
            array = np.array([_real(one) for one in array.flat], float).reshape(array.shape)
    except Exception:
        return None
    if array.dtype.kind == "b":
        return array.astype(np.int8)
    return array if array.dtype.kind in "iuf" else None


def _real(value):
    if not isinstance(value, (abstract.Real, Decimal)):
        raise TypeError
    try:
        return float(value)
    except OverflowError:
        return np.inf if value > 0 else -np.inf


def sentence(text):
    """The text with one mark at its end."""
    return text if text[-1:] in "?!" else text.rstrip(".") + "."


def hint_line(hint):
    return [f"  Hint: {sentence(hint)}"] if hint else []


def shown(value):
    """A number or an array in words short enough for one line.

    >>> shown(0.1234567), shown([1.0, 2.0]), shown(np.zeros((9, 9)))
    ('0.123457', '[1, 2]', 'an array of shape (9, 9)')
    """
    if isinstance(value, tuple):
        return "(" + ", ".join(shown(part) for part in value) + ")"
    array = np.asarray(value)
    if array.size > 9:
        return f"an array of shape {array.shape}"
    return _nested(array.tolist())


def _nested(value):
    if isinstance(value, list):
        return "[" + ", ".join(map(_nested, value)) + "]"
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, (int, float)):
        return f"{value + 0:.6g}" if value else "0"
    return value if isinstance(value, str) else type(value).__name__


def kind(value):
    """What a thing is, with its article: 'a list', 'text', 'an array of shape (3,)'."""
    if isinstance(value, np.ma.MaskedArray):
        return "a masked array (.filled or .compressed gives a plain one)"
    if isinstance(value, np.ndarray):
        numbers = value.dtype.kind in "biuf"
        return f"an array of shape {value.shape}" if numbers else f"an array of {value.dtype}"
    if isinstance(value, complex):
        return "a complex number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, (bool, np.bool_)):
        return "True or False"
    if isinstance(value, (int, float, np.number)):
        return "a number"
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeio' else 'a'} {name}"
