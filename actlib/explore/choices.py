"""The choices of an explorer: their values, and the texts that stand for them."""

import math
import re
from collections.abc import Mapping

import numpy as np

# A hyphen means minus at the start of a word, in an exponent, and between spaces before a
# number: "-0.5", "(-x)", "1e-05", "2x - 1". One inside a word (half-way) or after a number
# (2-3) stays what it is.
_MINUS = re.compile(r"(?<![\w)\]-])-(?=[\w.(√∞])|(?<=\de)-(?=\d)|(?<= )-(?= [\d.])")


def true_minus(text):
    """``text`` with the minus sign − where a keyboard's hyphen means one.

    >>> true_minus("half-way at x = -0.5: 2x - 1 has a slope of 1e-05")
    'half-way at x = −0.5: 2x − 1 has a slope of 1e−05'
    """
    return _MINUS.sub("−", text)


class Choice:
    """One choice of an explorer: ``name``, ``label``, and a text for each of its ``values``."""

    def __init__(self, name, values, labels):
        self.name, self.label = name, true_minus(labels.get(name, name))
        if isinstance(values, Mapping):
            self.texts, self.values = [str(key) for key in values], list(values.values())
        elif isinstance(values, str) or not hasattr(values, "__iter__"):
            raise TypeError(
                f"explore: the choice {name} must be a list, a range, an array or a "
                f"mapping of values, got {values!r}"
            )
        else:
            self.values = [v.item() if isinstance(v, np.generic) else v for v in values]
            self.texts = _texts(self.values)
        self.texts = [true_minus(text) for text in self.texts]
        if not self.values:
            raise ValueError(f"explore: the choice {name} is empty; give it at least one value")
        if isinstance(values, Mapping):
            self.is_slider = len(self.values) > 5
        else:
            self.is_slider = not any(isinstance(v, str) for v in self.values)

    def index_of(self, value):
        """The place of ``value`` among the values; the first if it is None."""
        if value is None:
            return 0
        for i, known in enumerate(self.values):
            if known == value or (isinstance(known, float) and math.isclose(known, value)):
                return i
        raise ValueError(
            f"explore: start puts {self.name} at {value!r}, which is not one of its "
            f"values {self.values!r}"
        )


def _texts(values):
    """Values as texts of equal precision."""
    if not all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in values):
        return [str(v) for v in values]
    if not any(isinstance(v, float) for v in values):
        return [str(v) for v in values]
    shortest = [f"{v:.4g}" for v in values]
    if any("e" in text for text in shortest):
        return shortest
    decimals = max(len(text.partition(".")[2]) for text in shortest)
    return [f"{v:.{decimals}f}" for v in values]
