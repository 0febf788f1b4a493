"""Where training starts: random weights for one matrix, or for a stack of them.

Every function takes the shape ``(..., n_in, n_out)`` and a random generator, and returns
float64. Signals travel from ``n_in`` units to ``n_out`` units; leading axes are independent
networks. ``INITIALISERS`` maps the names that :class:`actlib.network.MLP` accepts.
"""

import numpy as np


def _fans(shape):
    if len(shape) < 2:
        raise ValueError(f"a weight matrix needs a shape (..., n_in, n_out), got {tuple(shape)}")
    return shape[-2], shape[-1]


def uniform(shape, rng, low=-1.0, high=1.0):
    """Draw from [low, high), whatever the size of the layer.

    >>> w = uniform((2, 3), np.random.default_rng(0))
    >>> bool((abs(w) <= 1).all())
    True
    """
    _fans(shape)
    return rng.uniform(low, high, shape)


def glorot(shape, rng):
    r"""Draw from :math:`U(-a, a)`, :math:`a = \sqrt{6 / (n_{in} + n_{out})}`.

    The variance 2 / (n_in + n_out) is the compromise between a signal that keeps its size
    going forward and a gradient that keeps its size going back, for slopes near 1 (tanh).
    Source: Glorot and Bengio (2010).

    >>> w = glorot((300, 300), np.random.default_rng(0))
    >>> round(float(w.var() * 300), 1)
    1.0
    """
    n_in, n_out = _fans(shape)
    limit = np.sqrt(6.0 / (n_in + n_out))
    return rng.uniform(-limit, limit, shape)


def he(shape, rng):
    r"""Draw from :math:`N(0, 2 / n_{in})`.

    The 2 makes up for the half of the signal that ReLU sets to zero.
    Source: He, Zhang, Ren and Sun (2015).

    >>> w = he((300, 300), np.random.default_rng(0))
    >>> round(float(w.var() * 300), 1)
    2.0
    """
    n_in, _ = _fans(shape)
    return rng.normal(0.0, np.sqrt(2.0 / n_in), shape)


def lecun(shape, rng):
    r"""Draw from :math:`N(0, 1 / n_{in})`: a sum over inputs keeps the inputs' variance.

    SELU needs this one to normalise itself.
    Source: LeCun, Bottou, Orr and Müller (1998).

    >>> w = lecun((300, 300), np.random.default_rng(0))
    >>> round(float(w.var() * 300), 1)
    1.0
    """
    n_in, _ = _fans(shape)
    return rng.normal(0.0, np.sqrt(1.0 / n_in), shape)


INITIALISERS = {f.__name__: f for f in (uniform, glorot, he, lecun)}


def initialiser(choice):
    """Return the function of a name, or a function of (shape, rng) as it is."""
    if isinstance(choice, str):
        if choice not in INITIALISERS:
            raise ValueError(f"unknown initialiser {choice!r}; known: {', '.join(INITIALISERS)}")
        return INITIALISERS[choice]
    if not callable(choice):
        raise TypeError(
            f"initialise must be a name of INITIALISERS or a function (shape, rng), got {choice!r}"
        )
    return choice


def only_generator(rng, name):
    """Refuse a seed where a generator is needed."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"{name} must be a generator, np.random.default_rng(0), got {rng!r}")
