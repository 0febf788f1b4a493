"""Relatives of the sigmoid and the tanh: cheaper, straighter, or on a log scale."""

import numpy as np

from actlib.activations.elementwise import choose, elementwise
from actlib.activations.record import Activation

__all__ = [
    "d_hard_sigmoid",
    "d_hard_tanh",
    "d_log_sigmoid",
    "d_softsign",
    "hard_sigmoid",
    "hard_tanh",
    "log_sigmoid",
    "softsign",
]

INF = float("inf")


@elementwise
def log_sigmoid(x):
    r"""Logarithm of the sigmoid: how surprised a classifier is by a yes.

    .. math:: f(x) = \ln \sigma(x) = -\ln(1 + e^{-x})

    Smooth everywhere; the limits at minus and plus infinity are minus infinity and 0.
    Takes any shape and keeps shape and float type; input that does not hold real
    numbers is a TypeError. Source: Mächler (2012), on computing it without loss.

    >>> print(f"{log_sigmoid(0.0):.6f}")
    -0.693147
    >>> print(f"{log_sigmoid(-1000.0):.1f}")
    -1000.0
    >>> print(f"{log_sigmoid(100.0):.4e}")
    -3.7201e-44
    """
    return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))


@elementwise
def d_log_sigmoid(x):
    r"""Derivative of :func:`log_sigmoid`: the sigmoid, mirrored.

    .. math:: f'(x) = 1 - \sigma(x) = \sigma(-x)

    Smooth everywhere; the limits at minus and plus infinity are 1 and 0.

    >>> d_log_sigmoid(0.0)
    np.float64(0.5)
    >>> print(f"{d_log_sigmoid(-5.0):.6f}")
    0.993307
    >>> print(f"{d_log_sigmoid(100.0):.4e}")
    3.7201e-44
    """
    return 1 / (1 + np.exp(x))


LOG_SIGMOID = Activation(
    title="Log-sigmoid",
    f=log_sigmoid,
    df=d_log_sigmoid,
    bounds=(-INF, 0.0),
    slope_max=1.0,
    zero_centred=False,
    saturates="right",
    dies=False,
    pytorch="torch.nn.functional.logsigmoid(x)",
    jax="jax.nn.log_sigmoid(x)",
    keras="keras.activations.log_sigmoid(x)",
    when="Inside a loss, where the logarithm of a probability is wanted.",
)


@elementwise(native=True)
def hard_sigmoid(x):
    r"""Hard sigmoid: three straight lines in place of the curve.

    .. math:: f(x) = \min(1, \max(0, (x + 3)/6))

    It has kinks at x = -3 and x = 3; the limits at ±infinity, reached there, are 0 and 1.
    Takes any shape and keeps shape and float type; input that does not hold real
    numbers is a TypeError. Source: Howard and others (2019); Courbariaux, Bengio and
    David (2015) used a steeper one, (x + 1)/2.

    >>> hard_sigmoid([-4.0, 0.0, 1.5, 4.0])
    array([0.  , 0.5 , 0.75, 1.  ])
    """
    out = x + 3
    np.clip(out, 0, 6, out=out)
    out /= 6
    return out


@elementwise(native=True)
def d_hard_sigmoid(x):
    r"""Derivative of :func:`hard_sigmoid`: 1/6 on the slope, 0 on the flats.

    .. math:: f'(x) = \begin{cases} 1/6 & |x| < 3 \\ 0 & |x| \ge 3 \end{cases}

    At the kinks the convention is the slope of the flat side, 0.

    >>> d_hard_sigmoid([-3.0, 0.0, 4.0]).round(6)
    array([0.      , 0.166667, 0.      ])
    """
    return choose(np.abs(x) < 3, 1 / 6, 0, x)


HARD_SIGMOID = Activation(
    title="Hard sigmoid",
    f=hard_sigmoid,
    df=d_hard_sigmoid,
    bounds=(0.0, 1.0),
    kinks=(-3.0, 3.0),
    slope_max=1 / 6,
    zero_centred=False,
    saturates="both",
    dies=True,
    pytorch="torch.nn.functional.hardsigmoid(x)",
    jax="jax.nn.hard_sigmoid(x)",
    keras="keras.activations.hard_sigmoid(x)",
    when="Gates on phones and small chips, where exp is expensive.",
)


@elementwise(native=True, whole=True)
def hard_tanh(x):
    r"""Hard tanh: the input, cut off at -1 and 1.

    .. math:: f(x) = \min(1, \max(-1, x))

    It has kinks at x = -1 and x = 1; the limits at ±infinity, reached there, are ±1.
    Takes any shape and keeps shape and float type; input that does not hold real
    numbers is a TypeError. Source: Collobert (2004).

    >>> hard_tanh([-2.0, -0.5, 0.5, 2.0])
    array([-1. , -0.5,  0.5,  1. ])
    """
    return np.clip(x, -1, 1)


@elementwise(native=True)
def d_hard_tanh(x):
    r"""Derivative of :func:`hard_tanh`: 1 in the middle, 0 on the flats.

    .. math:: f'(x) = \begin{cases} 1 & |x| < 1 \\ 0 & |x| \ge 1 \end{cases}

    At the kinks the convention is the slope of the flat side, 0.

    >>> d_hard_tanh([-1.0, -0.5, 2.0])
    array([0., 1., 0.])
    """
    return choose(np.abs(x) < 1, 1, 0, x)


HARD_TANH = Activation(
    title="Hard tanh",
    f=hard_tanh,
    df=d_hard_tanh,
    bounds=(-1.0, 1.0),
    kinks=(-1.0, 1.0),
    slope_max=1.0,
    zero_centred=True,
    saturates="both",
    dies=True,
    pytorch="torch.nn.functional.hardtanh(x)",
    jax="jax.nn.hard_tanh(x)",
    keras="keras.activations.hard_tanh(x)",
    when="Bounded outputs without exp, in small or quantised networks.",
)


@elementwise(native=True)
def softsign(x):
    r"""Softsign: like tanh, but it takes its time to saturate.

    .. math:: f(x) = \frac{x}{1 + |x|}

    Smooth everywhere (its second derivative jumps at 0); the limits at ±infinity are ±1.
    Takes any shape and keeps shape and float type; input that does not hold real
    numbers is a TypeError. Source: Turian, Bergstra and Bengio (2009).

    >>> softsign([-1.0, 0.0, 3.0])
    array([-0.5 ,  0.  ,  0.75])
    """
    largest = np.finfo(x.dtype).max  # infinity over infinity would be nan
    out = np.clip(x, -largest, largest)
    bottom = np.abs(out)
    bottom += 1
    out /= bottom
    return out


@elementwise(native=True)
def d_softsign(x):
    r"""Derivative of :func:`softsign`: it falls like 1/x², not like exp(-x).

    .. math:: f'(x) = \frac{1}{(1 + |x|)^2}

    The limit at ±infinity is 0.

    >>> d_softsign([-1.0, 0.0, 3.0])
    array([0.25  , 1.    , 0.0625])
    """
    out = np.abs(x)
    out += 1
    np.divide(1, out, out=out)
    out *= out  # squared last, as (1 + |x|)² may overflow
    return out


SOFTSIGN = Activation(
    title="Softsign",
    f=softsign,
    df=d_softsign,
    bounds=(-1.0, 1.0),
    slope_max=1.0,
    zero_centred=True,
    saturates="both",
    dies=False,
    pytorch="torch.nn.functional.softsign(x)",
    jax="jax.nn.soft_sign(x)",
    keras="keras.activations.softsign(x)",
    when="In place of tanh, where units saturate early in training.",
)
