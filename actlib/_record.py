"""What the records of activations and of losses have in common.

A fact that stands in the function itself (its name, its defaults, its formula, its source)
is read there, so that it cannot stand in the record in another way.
"""

import functools
import inspect
import re
from textwrap import fill

WIDTH = 76  # letters in a line of a card: what a page shows without scrolling


class Record:
    """A function that knows its facts.

    A kind of record gives ``function``, its ``derivative`` and ``facts``.
    """

    def __call__(self, *inputs, **parameters):
        return self.function(*inputs, **parameters)

    @property
    def name(self):
        return self.function.__name__

    @functools.cached_property
    def parameters(self):
        """The parameters that have a default, and the default."""
        arguments = inspect.signature(self.function).parameters.values()
        return {
            argument.name: argument.default
            for argument in arguments
            if argument.default is not argument.empty and argument.name != "runs"
        }

    @property
    def source(self):
        """Authors and year of the first source that the docstring names."""
        text = " ".join(self.function.__doc__.split())
        return re.search(r"Source: (.*?\(\d{4}\))", text)[1]

    @property
    def formula(self):
        """The formula in LaTeX, from the docstring."""
        return _first_formula(self.function)

    @property
    def derivative_formula(self):
        """The formula of the derivative or gradient in LaTeX, from the docstring."""
        return _first_formula(self.derivative)

    @property
    def arguments(self):
        """What stands between the brackets of a call, with the defaults."""
        given = inspect.signature(self.function).parameters
        inputs = [name for name in given if name not in {*self.parameters, "runs"}]
        return ", ".join(inputs + [f"{k}={v:g}" for k, v in self.parameters.items()])

    def card(self):
        """Return the facts as text, one to a line, to be printed."""
        rows = [
            fill(text, WIDTH, initial_indent=f"  {label:<13}  ", subsequent_indent=" " * 17)
            for label, text in self.facts()
        ]
        return "\n".join([self.title, *rows])


def _first_formula(function):
    """The first ``.. math::`` of a docstring, on one line."""
    text = inspect.getdoc(function)
    return " ".join(re.search(r"\.\. math::\s+(.+?)(?:\n\n|\Z)", text, re.DOTALL)[1].split())
