"""ReLU's family: what to do with the negative half."""

import numpy as np

from actlib._arrays import as_float, finite, quiet
from actlib.activations.elementwise import choose, elementwise
from actlib.activations.record import Activation

__all__ = [
    "d_leaky_relu",
    "d_prelu",
    "d_prelu_slope",
    "d_relu6",
    "leaky_relu",
    "prelu",
    "relu6",
]

INF = float("inf")


@elementwise(native=True, whole=True)
def relu6(x):
    r"""ReLU6: ReLU with a ceiling at 6.

    .. math:: f(x) = \min(6, \max(0, x))

    It has kinks at x = 0 and x = 6; the limits at ±infinity are 0 and 6. Takes any
    shape and keeps shape and float type; input that does not hold real numbers is a
    TypeError. Source: Krizhevsky (2010).

    >>> relu6([-1.0, 2.5, 8.0])
    array([0. , 2.5, 6. ])
    """
    return np.clip(x, 0, 6)


@elementwise(native=True)
def d_relu6(x):
    r"""Derivative of :func:`relu6`: 1 between the floor and the ceiling, else 0.

    .. math:: f'(x) = \begin{cases} 1 & 0 < x < 6 \\ 0 & \text{otherwise} \end{cases}

    At the kinks the convention is the slope of the flat side, 0.

    >>> d_relu6([-1.0, 0.0, 2.5, 6.0])
    array([0., 0., 1., 0.])
    """
    return choose((x > 0) & (x < 6), 1, 0, x)


RELU6 = Activation(
    title="ReLU6",
    f=relu6,
    df=d_relu6,
    bounds=(0.0, 6.0),
    kinks=(0.0, 6.0),
    slope_max=1.0,
    zero_centred=False,
    saturates="both",
    dies=True,
    pytorch="torch.nn.functional.relu6(x)",
    jax="jax.nn.relu6(x)",
    keras="keras.activations.relu6(x)",
    when="Networks that will run with few bits, where a known ceiling keeps the digits.",
)


def _bent(x, slope):
    """Return x above zero and slope·x below; 0·infinity counts as 0."""
    below = np.minimum(x, 0)
    below *= slope
    if not np.all(slope):
        below[np.isnan(below) & ~np.isnan(x)] = 0
    below += np.maximum(x, 0)
    return below


@elementwise(native=True, negative_slope=finite)
def leaky_relu(x, negative_slope=0.01):
    r"""Leaky ReLU: negative numbers are not cut off, only made small.

    .. math:: f(x) = \begin{cases} x & x > 0 \\ s\,x & x \le 0 \end{cases}

    It has a kink at x = 0; the limits at ±infinity are ±infinity (for s above 0). The
    ``negative_slope`` s is one finite number, else a ValueError. Takes any shape and
    keeps shape and float type; input that does not hold real numbers is a TypeError.
    Source: Maas, Hannun and Ng (2013).

    >>> leaky_relu([-2.0, 0.0, 3.0])
    array([-0.02,  0.  ,  3.  ])
    >>> leaky_relu([-2.0, 0.0, 3.0], negative_slope=0.5)
    array([-1.,  0.,  3.])
    """
    return _bent(x, negative_slope)


@elementwise(native=True, negative_slope=finite)
def d_leaky_relu(x, negative_slope=0.01):
    r"""Derivative of :func:`leaky_relu`: 1 or the small slope.

    .. math:: f'(x) = \begin{cases} 1 & x > 0 \\ s & x \le 0 \end{cases}

    At the kink, x = 0, the convention is the slope of the left side.

    >>> d_leaky_relu([-2.0, 0.0, 3.0])
    array([0.01, 0.01, 1.  ])
    """
    return choose(x > 0, 1, negative_slope, x)


LEAKY_RELU = Activation(
    title="Leaky ReLU",
    f=leaky_relu,
    df=d_leaky_relu,
    bounds=(-INF, INF),
    kinks=(0.0,),
    slope_max=1.0,
    zero_centred=False,
    saturates="no",
    dies=False,
    pytorch="torch.nn.functional.leaky_relu(x, negative_slope=0.01)",
    jax="jax.nn.leaky_relu(x, negative_slope=0.01)",
    keras="keras.activations.leaky_relu(x, negative_slope=0.01)",
    when="Hidden layers where ReLU units die.",
)


@quiet
def prelu(x, slope=0.25):
    r"""Parametric ReLU: leaky ReLU with a slope that is learned.

    .. math:: f(x) = \begin{cases} x & x > 0 \\ a\,x & x \le 0 \end{cases}

    It has a kink at x = 0; the limits at ±infinity are ±infinity (for a above 0).
    The ``slope`` a is one number, or an array with one number for each unit, which is
    the last axis of ``x``; any other shape, inf or nan is a ValueError. Takes any shape
    and keeps shape and float type; input that does not hold real numbers is a TypeError.
    Source: He, Zhang, Ren and Sun (2015).

    >>> prelu([-2.0, 0.0, 3.0])
    array([-0.5,  0. ,  3. ])
    >>> prelu([[-2.0, -2.0], [4.0, 4.0]], slope=[0.1, 0.5])
    array([[-0.2, -1. ],
           [ 4. ,  4. ]])
    """
    x, slope = _with_slope(x, slope)
    return _bent(np.atleast_1d(x), slope).reshape(x.shape)[()]


def d_prelu(x, slope=0.25):
    r"""Derivative of :func:`prelu` by ``x``: 1 or the slope.

    .. math:: f'(x) = \begin{cases} 1 & x > 0 \\ a & x \le 0 \end{cases}

    At the kink, x = 0, the convention is the slope of the left side.

    >>> d_prelu([-2.0, 0.0, 3.0])
    array([0.25, 0.25, 1.  ])
    """
    x, slope = _with_slope(x, slope)
    return np.where(np.isnan(x), x, np.where(x > 0, x.dtype.type(1), slope))[()]


@elementwise(native=True, whole=True)
def d_prelu_slope(x):
    r"""Derivative of :func:`prelu` by its slope: the negative part of the input.

    .. math:: \frac{\partial f}{\partial a}(x) = \min(0, x)

    It has the shape of ``x``. Times the upstream gradient, and summed over the batch
    (over everything where one slope is shared), it is the gradient of the slope.

    >>> d_prelu_slope([-2.0, 0.0, 3.0])
    array([-2.,  0.,  0.])
    """
    return np.minimum(x, 0)


def _with_slope(x, slope):
    x, slope = as_float(x), as_float(slope, "slope")
    if slope.ndim and slope.shape not in ((1,), x.shape[-1:]):
        raise ValueError(
            f"slope must be one number or have one number for each unit, shape "
            f"{x.shape[-1:]}, got shape {slope.shape}"
        )
    if not np.isfinite(slope).all():
        raise ValueError(f"slope must hold finite numbers, got {slope}")
    return x, slope.astype(x.dtype)


PRELU = Activation(
    title="PReLU",
    f=prelu,
    df=d_prelu,
    bounds=(-INF, INF),
    kinks=(0.0,),
    slope_max=1.0,
    zero_centred=False,
    saturates="no",
    dies=False,
    pytorch="torch.nn.functional.prelu(x, torch.tensor([0.25]))",
    jax="jax.nn.leaky_relu(x, slope)",
    keras="keras.activations.leaky_relu(x, slope)",
    when="Deep networks with enough data to learn the slope of each unit as well.",
)
