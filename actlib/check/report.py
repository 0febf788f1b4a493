"""What the reader gets back: a few plain lines, and whether the exercise is solved."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Report:
    """The outcome of a check: ``passed``, and the ``lines`` that were printed.

    It counts as true when passed. A notebook does not show it a second time.

    >>> report = Report(True, ("sigmoid: right.",))
    >>> report.passed, report.text
    (True, 'sigmoid: right.')
    """

    passed: bool
    lines: tuple[str, ...]

    @property
    def text(self):
        return "\n".join(self.lines)

    def __bool__(self):
        return self.passed

    def _ipython_display_(self):
        """Nothing: the lines are printed already."""


def verdict(name, passed, *lines):
    """The lines under a headline, as a Report."""
    return Report(passed, (f"{name}: {'right.' if passed else 'not yet.'}", *lines))


def unfinished(name, why):
    """Say kindly that there is nothing to check yet."""
    return Report(False, (f"{name}: nothing to check yet.", f"  {why}"))


def say(report):
    """Print a Report, and hand it on."""
    print(report.text)
    return report


def is_blank(answer):
    """Is this the place holder of an exercise: None, ... or NotImplemented?"""
    return answer is None or answer is Ellipsis or answer is NotImplemented


def sentence(text):
    """The text with one mark at its end."""
    return text if text[-1:] in "?!" else text.rstrip(".") + "."


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
    return type(value).__name__


def kind(value):
    """What a thing is, with its article: 'a list', 'text', 'an array of shape (3,)'."""
    if isinstance(value, np.ndarray):
        numbers = value.dtype.kind in "biuf"
        return f"an array of shape {value.shape}" if numbers else f"an array of {value.dtype}"
    if isinstance(value, complex):
        return "a complex number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, (bool, np.bool_)):
        return "True or False"
    if isinstance(value, (int, float, np.number)) and not isinstance(value, np.complexfloating):
        return "a number"
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeio' else 'a'} {name}"
