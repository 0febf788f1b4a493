"""The functions that the field began with: identity, step, sigmoid, tanh and ReLU."""

import numpy as np

from actlib.activations.elementwise import elementwise, keep_nan
from actlib.activations.record import Activation

__all__ = [
    "d_identity",
    "d_relu",
    "d_sigmoid",
    "d_step",
    "d_tanh",
    "identity",
    "relu",
    "sigmoid",
    "step",
    "tanh",
]

INF = float("inf")


@elementwise(native=True, whole=True)
def identity(x):
    r"""Identity: the answer is the input. A neuron without activation.

    .. math:: f(x) = x

    Smooth everywhere; the limits at ±infinity are ±infinity.
    Takes any shape and keeps shape and float type; input that does not hold real
    numbers is a TypeError. Source: Widrow and Hoff (1960), whose Adaline learns on it.

    >>> identity([-1.5, 0.0, 2.0])
    array([-1.5,  0. ,  2. ])
    """
    return x.copy(order="K")


@elementwise(native=True)
def d_identity(x):
    r"""Derivative of :func:`identity`: 1 everywhere.

    .. math:: f'(x) = 1

    >>> d_identity([-1.5, 0.0, 2.0])
    array([1., 1., 1.])
    """
    return keep_nan(np.ones_like(x), x)


IDENTITY = Activation(
    title="Identity",
    f=identity,
    df=d_identity,
    bounds=(-INF, INF),
    slope_max=1.0,
    zero_centred=True,
    saturates="no",
    dies=False,
    pytorch="torch.nn.Identity()(x)",
    jax="jax.nn.identity(x)",
    keras="keras.activations.linear(x)",
    when="The output of a regression network, and nowhere between two layers.",
)


@elementwise(native=True, whole=True)
def step(x):
    r"""Step: all or nothing. A neuron of McCulloch and Pitts fires from zero on.

    .. math:: f(x) = \begin{cases} 1 & x \ge 0 \\ 0 & x < 0 \end{cases}

    It jumps at x = 0, where the value is 1; the limits at ±infinity are 0 and 1.
    Takes any shape and keeps shape and float type; input that does not hold real
    numbers is a TypeError. Source: McCulloch and Pitts (1943).

    >>> step([-2.0, -0.1, 0.0, 3.0])
    array([0., 0., 1., 1.])
    """
    return keep_nan((x >= 0).astype(x.dtype), x)


@elementwise(native=True)
def d_step(x):
    r"""Derivative of :func:`step`: 0 everywhere, so gradient descent cannot use it.

    .. math:: f'(x) = 0

    At the jump, x = 0, there is no derivative; 0 is the convention.

    >>> d_step([-2.0, 0.0, 3.0])
    array([0., 0., 0.])
    """
    return keep_nan(np.zeros_like(x), x)


STEP = Activation(
    title="Step",
    f=step,
    df=d_step,
    bounds=(0.0, 1.0),
    kinks=(0.0,),
    slope_max=0.0,
    zero_centred=False,
    saturates="both",
    dies=True,
    pytorch="torch.heaviside(x, torch.ones_like(x))",
    jax="jax.numpy.heaviside(x, 1.0)",
    keras="keras.ops.where(x >= 0, 1.0, 0.0)",
    when="To understand what a neuron decides; it cannot be trained by gradients.",
)


@elementwise
def sigmoid(x):
    r"""Sigmoid, the logistic function: any number becomes one between 0 and 1.

    .. math:: \sigma(x) = \frac{1}{1 + e^{-x}}

    Smooth everywhere; the limits at minus and plus infinity are 0 and 1.
    Takes any shape and keeps shape and float type; input that does not hold real
    numbers is a TypeError. Source: Rumelhart, Hinton and Williams (1986).

    >>> sigmoid(0.0)
    np.float64(0.5)
    >>> sigmoid([-2.0, 2.0]).round(6)
    array([0.119203, 0.880797])
    >>> print(f"{sigmoid(-700.0):.4e}")
    9.8597e-305
    """
    return 1 / (1 + np.exp(-x))


@elementwise(by_value=lambda s: s * (1 - s))
def d_sigmoid(x):
    r"""Derivative of :func:`sigmoid`: a bell, at most 1/4.

    .. math:: \sigma'(x) = \sigma(x)\,(1 - \sigma(x))

    Smooth everywhere; the limit at ±infinity is 0.

    >>> d_sigmoid(0.0)
    np.float64(0.25)
    >>> print(f"{d_sigmoid(10.0):.4e}")
    4.5396e-05
    >>> print(f"{d_sigmoid(40.0):.4e}")
    4.2484e-18
    """
    # This is e/(1 + e)². The textbook form loses all digits beyond x = 37, where s rounds
    # to 1. With e at most 1 nothing is subtracted, nothing overflows; the bell is symmetric.
    e = np.exp(-np.abs(x))
    return e / (1 + e * (2 + e))


SIGMOID = Activation(
    title="Sigmoid",
    f=sigmoid,
    df=d_sigmoid,
    bounds=(0.0, 1.0),
    slope_max=0.25,
    zero_centred=False,
    saturates="both",
    dies=False,
    pytorch="torch.sigmoid(x)",
    jax="jax.nn.sigmoid(x)",
    keras="keras.activations.sigmoid(x)",
    when="The output for a yes-or-no question, and gates; not the hidden layers of a deep network.",
)


@elementwise
def tanh(x):
    r"""Hyperbolic tangent: a sigmoid stretched to lie between -1 and 1.

    .. math:: \tanh(x) = \frac{e^{x} - e^{-x}}{e^{x} + e^{-x}} = 2\,\sigma(2x) - 1

    Smooth everywhere; the limits at ±infinity are ±1.
    Takes any shape and keeps shape and float type; input that does not hold real
    numbers is a TypeError. Source: LeCun, Bottou, Orr and Müller (1998).

    >>> tanh(0.0)
    np.float64(0.0)
    >>> tanh([-1.0, 1.0]).round(6)
    array([-0.761594,  0.761594])
    """
    return np.tanh(x)


@elementwise(by_value=lambda t: 1 - t * t)
def d_tanh(x):
    r"""Derivative of :func:`tanh`: a bell, at most 1.

    .. math:: \tanh'(x) = 1 - \tanh^2(x) = 4\,\sigma'(2x)

    Smooth everywhere; the limit at ±infinity is 0.

    >>> d_tanh(0.0)
    np.float64(1.0)
    >>> print(f"{d_tanh(1.0):.6f}")
    0.419974
    >>> print(f"{d_tanh(20.0):.4e}")
    1.6993e-17
    """
    e = np.exp(-2 * np.abs(x))
    return 4 * e / (1 + e * (2 + e))  # as in d_sigmoid: nothing is subtracted


TANH = Activation(
    title="Tanh",
    f=tanh,
    df=d_tanh,
    bounds=(-1.0, 1.0),
    slope_max=1.0,
    zero_centred=True,
    saturates="both",
    dies=False,
    pytorch="torch.tanh(x)",
    jax="jax.nn.tanh(x)",
    keras="keras.activations.tanh(x)",
    when="Small and recurrent networks, and outputs that lie between -1 and 1.",
)


@elementwise(native=True, whole=True)
def relu(x):
    r"""Rectified linear unit: negative numbers become 0, the others pass.

    .. math:: f(x) = \max(0, x)

    It has a kink at x = 0; the limits at minus and plus infinity are 0 and infinity.
    Takes any shape and keeps shape and float type; input that does not hold real
    numbers is a TypeError. Source: Nair and Hinton (2010).

    >>> relu([-3.0, 0.0, 2.5])
    array([0. , 0. , 2.5])
    """
    return np.maximum(x, 0)


@elementwise(native=True)
def d_relu(x):
    r"""Derivative of :func:`relu`: 1 where x is positive, else 0.

    .. math:: f'(x) = \begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}

    At the kink, x = 0, every number from 0 to 1 would do; 0 is the usual choice.

    >>> d_relu([-3.0, 0.0, 2.5])
    array([0., 0., 1.])
    """
    return keep_nan((x > 0).astype(x.dtype), x)


RELU = Activation(
    title="ReLU",
    f=relu,
    df=d_relu,
    bounds=(0.0, INF),
    kinks=(0.0,),
    slope_max=1.0,
    zero_centred=False,
    saturates="left",
    dies=True,
    pytorch="torch.relu(x)",
    jax="jax.nn.relu(x)",
    keras="keras.activations.relu(x)",
    when="The first thing to try in the hidden layers, with He initialisation.",
)
