"""The record that binds a loss, its gradient and what is known of both."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

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
    slope_max: float  # no gradient of one example is larger, at the default parameters
    pytorch: str
    jax: str
    keras: str
    takes: str = "real"  # what the prediction is: that, "logits" or "probabilities"
    target: str = "real numbers"  # what the target may be
    lowest: float = 0.0  # the smallest value for a target that is certain, of two classes
    kink: bool = False  # does the gradient jump, where the prediction meets the target?

    @property
    def function(self):
        return self.value

    @property
    def derivative(self):
        return self.gradient

    @property
    def end_points(self):
        """The smallest and the largest prediction there is."""
        return (0.0, 1.0) if self.takes == "probabilities" else (float("-inf"), float("inf"))

    @property
    def limits(self):
        """What the loss of one example tends to at both ends of its prediction, see along."""
        return tuple(self.along(self.end_points)[0].tolist())

    def along(self, x):
        """Value and gradient of one example for each prediction in ``x``.

        The target is 0 where targets are numbers, and 1, the class in question, elsewhere.
        Where there are several classes there are two here, and ``x`` is the prediction for
        the right one; the logit of the other one is 0.

        >>> from actlib import LOSSES
        >>> LOSSES["mae"].along([-2.0, 3.0])
        (array([2., 3.]), array([-1.,  1.]))
        """
        x = np.asarray(x, float)[:, None]
        target = np.full(x.shape, 0.0 if self.target == "real numbers" else 1.0)
        if not self.target.startswith("class labels"):
            return self.value(x, target, runs=1), self.gradient(x, target, runs=1)[:, 0]
        other = 1 - x if self.takes == "probabilities" else np.zeros_like(x)
        rows = np.stack([x, other], axis=-1)
        labels = np.zeros(x.shape)
        return self.value(rows, labels, runs=1), self.gradient(rows, labels, runs=1)[:, 0, 0]

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
