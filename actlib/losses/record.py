"""The record that binds a loss, its gradient and what is known of both."""

from collections.abc import Callable
from dataclasses import dataclass

from actlib._record import Record


@dataclass(frozen=True, eq=False)
class Loss(Record):
    """A loss and its facts, in one place.

    Calling the record calls ``value``; ``record.gradient`` is the gradient of that mean, by
    the prediction. ``name``, ``parameters`` and ``source`` are read from the function.

    >>> from actlib import LOSSES
    >>> mse = LOSSES["mse"]
    >>> float(mse([1.0, 2.0], [0.0, 4.0]))
    2.5
    >>> mse.gradient([1.0, 2.0], [0.0, 4.0])
    array([ 1., -2.])
    >>> print(mse.card())  # doctest: +ELLIPSIS
    Mean squared error
      value          mse(prediction, target)
      gradient       d_mse(prediction, target)
      prediction     real
      ...
    """

    title: str
    value: Callable
    gradient: Callable
    minimised_by: str  # what a constant prediction should be
    noise: str  # the noise for which minus the log-likelihood is this loss
    pytorch: str
    jax: str
    keras: str
    takes: str = "real"  # what the prediction is: that, "logits" or "probabilities"
    target: str = "real numbers"  # what the target may be

    @property
    def function(self):
        return self.value

    def facts(self):
        return [
            ("value", f"{self.value.__name__}({self.arguments})"),
            ("gradient", f"{self.gradient.__name__}({self.arguments})"),
            ("prediction", self.takes),
            ("target", self.target),
            ("minimised by", self.minimised_by),
            ("noise", self.noise),
            ("PyTorch", self.pytorch),
            ("JAX", self.jax),
            ("Keras", self.keras),
            ("source", self.source),
        ]
