"""The record that binds an activation, its derivative and what is known of both."""

from collections.abc import Callable
from dataclasses import dataclass

from actlib._record import Record
from actlib.activations.elementwise import bare


@dataclass(frozen=True, eq=False)
class Activation(Record):
    """An activation function and its facts, in one place.

    Calling the record calls the function; ``record.df`` is its derivative, by the
    pre-activation ``x``. ``name``, ``parameters`` and ``source`` are read from the function.

    >>> from actlib import ACTIVATIONS
    >>> relu = ACTIVATIONS["relu"]
    >>> relu([-2.0, 3.0])
    array([0., 3.])
    >>> relu.df([-2.0, 3.0])
    array([0., 1.])
    >>> print(relu.card())  # doctest: +ELLIPSIS
    ReLU
      value          relu(x), from 0 to infinity
      derivative     d_relu(x), at most 1
      ...
    """

    title: str
    f: Callable
    df: Callable
    bounds: tuple[float, float]  # smallest and largest value, or the limits it approaches
    slope_max: float  # largest value of the derivative, at the default parameters
    zero_centred: bool  # does it send both signs out, about equally?
    saturates: str  # "both", "left", "right" or "no": where the slope goes to zero
    dies: bool  # is there a whole half-line of slope exactly zero?
    pytorch: str
    jax: str
    keras: str
    when: str
    # where df is a convention, because the slope jumps; in words if that is no fixed place
    kinks: tuple[float, ...] | str = ()

    @property
    def function(self):
        return self.f

    @property
    def derivative(self):
        return self.df

    @property
    def limits(self):
        """What an elementwise function tends to at minus and at plus infinity."""
        return float(self.f(float("-inf"))), float(self.f(float("inf")))

    def formulas(self, **parameters):
        """Return ``f(x)`` and ``slope(x, f(x))`` for the inner loop of a network, unchecked.

        The parameters are checked here, once. The slope is taken from the value where the
        derivative says how: a sigmoid's is s·(1 - s) there, which saves an exponential.
        """
        f, df = bare(self.f, **parameters), bare(self.df, **parameters)
        # A derivative by the value holds for its own function only, not for another that a
        # copy of the record was given.
        own = self.df.__name__ == f"d_{self.f.__name__}"
        by_value = getattr(self.df, "by_value", None) if own else None
        return f, (lambda x, value: by_value(value)) if by_value else (lambda x, value: df(x))

    def facts(self):
        low, high = (_bound(bound) for bound in self.bounds)
        return [
            ("value", f"{self.f.__name__}({self.arguments}), from {low} to {high}"),
            ("derivative", f"{self.df.__name__}({self.arguments}), {_at_most(self.slope_max)}"),
            ("kinks", _places(self.kinks)),
            ("zero-centred", "yes" if self.zero_centred else "no"),
            ("saturates", _SIDES[self.saturates]),
            ("can die", "yes" if self.dies else "no"),
            ("PyTorch", self.pytorch),
            ("JAX", self.jax),
            ("Keras", self.keras),
            ("source", self.source),
            ("when", self.when),
        ]


_SIDES = {
    "both": "on both sides",
    "left": "on the left",
    "right": "on the right",
    "no": "no",
}


def _places(kinks):
    return kinks if isinstance(kinks, str) else ", ".join(f"x = {k:g}" for k in kinks) or "none"


def _at_most(slope):
    return "no bound" if slope == float("inf") else f"at most {slope:.6g}"


def _bound(value):
    return {float("inf"): "infinity", float("-inf"): "minus infinity"}.get(value, f"{value:.6g}")
