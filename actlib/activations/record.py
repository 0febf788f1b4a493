"""The record that binds a function, its derivative and what is known of both."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, eq=False)
class Activation:
    """An activation function and its facts, in one place.

    Calling the record calls the function; ``record.df`` is its derivative, by the
    pre-activation ``x``. Formulas are LaTeX without dollar signs.

    >>> from actlib import ACTIVATIONS
    >>> relu = ACTIVATIONS["relu"]
    >>> relu([-2.0, 3.0])
    array([0., 3.])
    >>> relu.df([-2.0, 3.0])
    array([0., 1.])
    """

    name: str
    title: str
    f: Callable
    df: Callable
    formula: str
    dformula: str
    bounds: tuple[float, float]  # smallest and largest value, or the limits it approaches
    slope_max: float  # largest value of the derivative, at the default parameters
    zero_centred: bool  # does it send both signs out, about equally?
    saturates: str  # "both", "left", "right" or "no": where the slope goes to zero
    dies: bool  # is there a whole half-line of slope exactly zero?
    source: str  # key in book/references.bib
    pytorch: str
    jax: str
    keras: str
    when: str
    kinks: tuple[float, ...] = ()  # where df is a convention, because the slope jumps
    parameters: Mapping[str, float] = field(default_factory=dict)

    def __call__(self, *inputs, **parameters):
        return self.f(*inputs, **parameters)

    def card(self):
        """Return the facts as text, one to a line, to be printed."""
        return card(self)


def card(record):
    """Return the facts of an activation as text, one to a line, to be printed.

    >>> from actlib import ACTIVATIONS, card
    >>> print(card(ACTIVATIONS["relu"]))  # doctest: +ELLIPSIS
    ReLU
      value          relu(x), from 0 to infinity
      derivative     d_relu(x), at most 1
      ...
    """
    arguments = "".join(f", {name}={value:g}" for name, value in record.parameters.items())
    low, high = (_bound(bound) for bound in record.bounds)
    rows = [
        ("value", f"{record.f.__name__}(x{arguments}), from {low} to {high}"),
        ("derivative", f"{record.df.__name__}(x{arguments}), {_at_most(record.slope_max)}"),
        ("kinks", ", ".join(f"x = {kink:g}" for kink in record.kinks) or "none"),
        ("zero-centred", "yes" if record.zero_centred else "no"),
        ("saturates", _SIDES[record.saturates]),
        ("can die", "yes" if record.dies else "no"),
        ("PyTorch", record.pytorch),
        ("JAX", record.jax),
        ("Keras", record.keras),
        ("source", record.source),
        ("when", record.when),
    ]
    return "\n".join([record.title, *(f"  {label:<13}  {text}" for label, text in rows)])


_SIDES = {
    "both": "on both sides",
    "left": "on the left",
    "right": "on the right",
    "no": "no",
}


def _at_most(slope):
    return "no bound" if slope == float("inf") else f"at most {slope:.6g}"


def _bound(value):
    return {float("inf"): "infinity", float("-inf"): "minus infinity"}.get(value, f"{value:.6g}")
