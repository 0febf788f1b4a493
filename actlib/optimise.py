"""From a gradient to a step: gradient descent, momentum, Adam.

An optimiser is a frozen object that holds its settings and nothing else. What must be
remembered between steps is a dictionary that ``start`` makes and ``update`` carries on::

    state = optimiser.start(parameters.flat)
    optimiser.update(parameters.flat, gradients.flat, state)      # moves the values, in place

``learning_rate`` may be one number, or one for each run of a population.
"""

from dataclasses import dataclass

import numpy as np

from actlib._arrays import as_float


def _working(values):
    """The dtype of rates and states: float16 would round a small step or square to 0."""
    return np.float32 if values.dtype == np.float16 else values.dtype


def _rate(learning_rate, values):
    """The learning rate in the working dtype, with an axis for the values of a run."""
    rate = np.asarray(learning_rate, _working(values))
    if rate.ndim and rate.shape != values.shape[:-1]:
        raise ValueError(
            f"learning_rate must be one number or one for each run, of shape "
            f"{values.shape[:-1]}, got shape {rate.shape}"
        )
    return rate[..., None] if rate.ndim else rate


def _check(optimiser):
    rate = as_float(optimiser.learning_rate, "learning_rate")
    if not (np.isfinite(rate).all() and (rate > 0).all()):
        raise ValueError(f"learning_rate must be positive, got {optimiser.learning_rate!r}")
    for name in {"momentum", "beta1", "beta2"} & set(vars(optimiser)):
        value = getattr(optimiser, name)
        if not 0 <= value < 1:
            raise ValueError(f"{name} must lie in [0, 1), got {value!r}")


@dataclass(frozen=True, eq=False)
class GradientDescent:
    """w ← w - learning_rate · gradient. Source: Cauchy (1847).

    >>> w = np.array([1.0, 2.0])
    >>> descent = GradientDescent(learning_rate=0.5)
    >>> descent.update(w, np.array([1.0, -1.0]), descent.start(w))
    >>> w
    array([0.5, 2.5])
    """

    learning_rate: float = 0.1

    def __post_init__(self):
        _check(self)

    def start(self, values):
        return {"rate": _rate(self.learning_rate, values)}

    def update(self, values, gradient, state):
        values -= state["rate"] * gradient


@dataclass(frozen=True, eq=False)
class Momentum:
    """v ← momentum · v + gradient,  w ← w - learning_rate · v.

    A ball that rolls: in a long valley it gathers speed, across it the pushes cancel.
    Source: Polyak (1964), in the form that PyTorch uses.

    >>> w = np.array([1.0])
    >>> ball = Momentum(learning_rate=0.5, momentum=0.5)
    >>> state = ball.start(w)
    >>> for _ in range(2):
    ...     ball.update(w, np.array([1.0]), state)
    >>> w
    array([-0.25])
    """

    learning_rate: float = 0.1
    momentum: float = 0.9

    def __post_init__(self):
        _check(self)

    def start(self, values):
        rate = _rate(self.learning_rate, values)
        return {"rate": rate, "velocity": np.zeros_like(values, _working(values))}

    def update(self, values, gradient, state):
        velocity = state["velocity"]
        velocity *= self.momentum
        velocity += gradient
        values -= state["rate"] * velocity


@dataclass(frozen=True, eq=False)
class Adam:
    """Each weight at its own pace: the running mean of its gradient over its running size.

    m ← β1·m + (1 - β1)·g,  v ← β2·v + (1 - β2)·g²,
    w ← w - learning_rate · m̂ / (√v̂ + epsilon),  m̂ = m / (1 - β1ᵗ),  v̂ = v / (1 - β2ᵗ).

    The first step is learning_rate long, whatever the size of the gradient: that is why
    Adam moves where gradients have all but vanished. Source: Kingma and Ba (2015).

    >>> w = np.array([1.0, 1.0])
    >>> adam = Adam(learning_rate=0.1)
    >>> adam.update(w, np.array([1000.0, -0.001]), adam.start(w))
    >>> w.round(4)
    array([0.9, 1.1])
    """

    learning_rate: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def __post_init__(self):
        _check(self)
        if not self.epsilon > 0:
            raise ValueError(f"epsilon must be positive, got {self.epsilon!r}")

    def start(self, values):
        mean, square = (np.zeros_like(values, _working(values)) for _ in range(2))
        rate = _rate(self.learning_rate, values)
        return {"rate": rate, "step": 0, "mean": mean, "square": square}

    def update(self, values, gradient, state):
        state["step"] += 1
        step, mean, square = state["step"], state["mean"], state["square"]
        gradient = gradient.astype(mean.dtype, copy=False)
        mean *= self.beta1
        mean += (1 - self.beta1) * gradient
        square *= self.beta2
        square += (1 - self.beta2) * gradient**2
        size = np.sqrt(square / (1 - self.beta2**step))
        values -= state["rate"] * (mean / (1 - self.beta1**step)) / (size + self.epsilon)
