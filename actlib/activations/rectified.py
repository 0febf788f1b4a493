"""ReLU's family: what to do with the negative half."""

import functools

import numpy as np

from actlib._arrays import as_float
from actlib.activations.elementwise import choose, elementwise, finite, positive
from actlib.activations.record import Activation
from actlib.activations.tails import is_power_of_two, mend_far_left, product_error

INF = float("inf")
_alpha = functools.partial(positive, name="alpha")
_negative_slope = functools.partial(finite, name="negative_slope")


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
    name="relu6",
    title="ReLU6",
    f=relu6,
    df=d_relu6,
    formula=r"f(x) = \min(6, \max(0, x))",
    dformula=r"f'(x) = \begin{cases} 1 & 0 < x < 6 \\ 0 & \text{otherwise} \end{cases}",
    bounds=(0.0, 6.0),
    kinks=(0.0, 6.0),
    slope_max=1.0,
    zero_centred=False,
    saturates="both",
    dies=True,
    source="krizhevsky2010",
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


@elementwise(native=True, negative_slope=_negative_slope)
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


@elementwise(native=True, negative_slope=_negative_slope)
def d_leaky_relu(x, negative_slope=0.01):
    r"""Derivative of :func:`leaky_relu`: 1 or the small slope.

    .. math:: f'(x) = \begin{cases} 1 & x > 0 \\ s & x \le 0 \end{cases}

    At the kink, x = 0, the convention is the slope of the left side.

    >>> d_leaky_relu([-2.0, 0.0, 3.0])
    array([0.01, 0.01, 1.  ])
    """
    return choose(x > 0, 1, negative_slope, x)


LEAKY_RELU = Activation(
    name="leaky_relu",
    title="Leaky ReLU",
    f=leaky_relu,
    df=d_leaky_relu,
    formula=r"f(x) = \begin{cases} x & x > 0 \\ s\,x & x \le 0 \end{cases}",
    dformula=r"f'(x) = \begin{cases} 1 & x > 0 \\ s & x \le 0 \end{cases}",
    bounds=(-INF, INF),
    kinks=(0.0,),
    parameters={"negative_slope": 0.01},
    slope_max=1.0,
    zero_centred=False,
    saturates="no",
    dies=False,
    source="maas2013",
    pytorch="torch.nn.functional.leaky_relu(x, negative_slope=0.01)",
    jax="jax.nn.leaky_relu(x, negative_slope=0.01)",
    keras="keras.activations.leaky_relu(x, negative_slope=0.01)",
    when="Hidden layers where ReLU units die.",
)


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
    with np.errstate(all="ignore"):
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
    name="prelu",
    title="PReLU",
    f=prelu,
    df=d_prelu,
    formula=r"f(x) = \begin{cases} x & x > 0 \\ a\,x & x \le 0 \end{cases}",
    dformula=r"f'(x) = \begin{cases} 1 & x > 0 \\ a & x \le 0 \end{cases}",
    bounds=(-INF, INF),
    kinks=(0.0,),
    parameters={"slope": 0.25},
    slope_max=1.0,
    zero_centred=False,
    saturates="no",
    dies=False,
    source="he2015",
    pytorch="torch.nn.functional.prelu(x, torch.tensor([0.25]))",
    jax="jax.nn.leaky_relu(x, slope)",
    keras="keras.layers.PReLU()(x)",
    when="Deep networks with enough data to learn the slope of each unit as well.",
)


@elementwise(alpha=_alpha)
def elu(x, alpha=1.0):
    r"""Exponential linear unit: below zero it bends towards -alpha.

    .. math:: f(x) = \begin{cases} x & x > 0 \\ \alpha\,(e^{x} - 1) & x \le 0 \end{cases}

    It has a kink at x = 0 unless alpha is 1; the limits at minus and plus infinity are
    -alpha and infinity. An ``alpha`` that is not above 0 is a ValueError. Takes any shape
    and keeps shape and float type; input that does not hold real numbers is a TypeError.
    Source: Clevert, Unterthiner and Hochreiter (2016).

    >>> elu([-2.0, 0.0, 3.0]).round(6)
    array([-0.864665,  0.      ,  3.      ])
    >>> elu([-2.0, 0.0, 3.0], alpha=2.0).round(6)
    array([-1.729329,  0.      ,  3.      ])
    """
    out = np.expm1(np.minimum(x, 0))
    out *= alpha
    out += np.maximum(x, 0)
    return out


@elementwise(alpha=_alpha)
def d_elu(x, alpha=1.0):
    r"""Derivative of :func:`elu`: 1 on the right, fading to 0 on the left.

    .. math:: f'(x) = \begin{cases} 1 & x > 0 \\ \alpha\,e^{x} & x \le 0 \end{cases}

    At the kink, x = 0, the convention is the slope of the left side, alpha. The limits at
    minus and plus infinity are 0 and 1.

    >>> d_elu([-2.0, 0.0, 3.0]).round(6)
    array([0.135335, 1.      , 1.      ])
    >>> d_elu([-2.0, 0.0, 3.0], alpha=2.0).round(6)
    array([0.270671, 2.      , 1.      ])
    """
    return _one_or_decay(x, alpha)


def _one_or_decay(x, alpha):
    """Return 1 above zero and alpha·exp(x) below."""
    out = np.exp(np.minimum(x, 0))
    if alpha != 1:
        out *= alpha
        np.copyto(out, 1, where=x > 0)
        mend_far_left(out, x, lambda x: alpha)
    return out


ELU = Activation(
    name="elu",
    title="ELU",
    f=elu,
    df=d_elu,
    formula=r"f(x) = \begin{cases} x & x > 0 \\ \alpha\,(e^{x} - 1) & x \le 0 \end{cases}",
    dformula=r"f'(x) = \begin{cases} 1 & x > 0 \\ \alpha\,e^{x} & x \le 0 \end{cases}",
    bounds=(-1.0, INF),
    kinks=(0.0,),
    parameters={"alpha": 1.0},
    slope_max=1.0,
    zero_centred=False,
    saturates="left",
    dies=False,
    source="clevert2016",
    pytorch="torch.nn.functional.elu(x, alpha=1.0)",
    jax="jax.nn.elu(x, alpha=1.0)",
    keras="keras.activations.elu(x, alpha=1.0)",
    when="Hidden layers without normalisation, where a mean near zero helps.",
)

# The two numbers that keep mean 0 and variance 1 a fixed point, to 24 digits.
SELU_ALPHA = 1.67326324235437728481704
SELU_SCALE = 1.05070098735548049341933
_SELU_LEFT = 1.75809934084737685994022  # their product


@elementwise
def selu(x):
    r"""Scaled ELU: with its two constants, mean 0 and variance 1 keep themselves.

    .. math:: f(x) = \lambda \begin{cases} x & x > 0 \\ \alpha\,(e^{x} - 1) & x \le 0 \end{cases}

    with λ = 1.0507009873554805 and α = 1.6732632423543772. It has a kink at x = 0; the
    limits at minus and plus infinity are -1.758 and infinity. Takes any shape and keeps
    shape and float type; input that does not hold real numbers is a TypeError.
    Source: Klambauer, Unterthiner, Mayr and Hochreiter (2017).

    >>> selu([-2.0, 0.0, 3.0]).round(6)
    array([-1.520166,  0.      ,  3.152103])
    """
    out = np.expm1(np.minimum(x, 0))
    out *= _SELU_LEFT
    out += SELU_SCALE * np.maximum(x, 0)
    return out


@elementwise
def d_selu(x):
    r"""Derivative of :func:`selu`.

    .. math:: f'(x) = \lambda \begin{cases} 1 & x > 0 \\ \alpha\,e^{x} & x \le 0 \end{cases}

    At the kink, x = 0, the convention is the slope of the left side, 1.758. The limits at
    minus and plus infinity are 0 and 1.0507.

    >>> d_selu([-2.0, 0.0, 3.0]).round(6)
    array([0.237933, 1.758099, 1.050701])
    """
    out = np.exp(np.minimum(x, 0))
    out *= choose(x > 0, SELU_SCALE, _SELU_LEFT, x)
    return mend_far_left(out, x, lambda x: _SELU_LEFT)


SELU = Activation(
    name="selu",
    title="SELU",
    f=selu,
    df=d_selu,
    formula=r"f(x) = \lambda \begin{cases} x & x > 0 \\ \alpha\,(e^{x} - 1) & x \le 0 \end{cases}",
    dformula=r"f'(x) = \lambda \begin{cases} 1 & x > 0 \\ \alpha\,e^{x} & x \le 0 \end{cases}",
    bounds=(-_SELU_LEFT, INF),
    kinks=(0.0,),
    slope_max=_SELU_LEFT,
    zero_centred=True,
    saturates="left",
    dies=False,
    source="klambauer2017",
    pytorch="torch.nn.functional.selu(x)",
    jax="jax.nn.selu(x)",
    keras="keras.activations.selu(x)",
    when="Deep plain networks without normalisation, with LeCun initialisation.",
)


@elementwise(alpha=_alpha)
def celu(x, alpha=1.0):
    r"""Continuously differentiable ELU: smooth at zero for every alpha.

    .. math:: f(x) = \begin{cases} x & x > 0 \\ \alpha\,(e^{x/\alpha} - 1) & x \le 0 \end{cases}

    No kink; the limits at minus and plus infinity are -alpha and infinity. An ``alpha``
    that is not above 0 is a ValueError. Takes any shape and keeps shape and float type;
    input that does not hold real numbers is a TypeError. Source: Barron (2017).

    >>> celu([-2.0, 0.0, 3.0]).round(6)
    array([-0.864665,  0.      ,  3.      ])
    >>> celu([-2.0, 0.0, 3.0], alpha=2.0).round(6)
    array([-1.264241,  0.      ,  3.      ])
    """
    out = np.expm1(np.minimum(x, 0) / alpha)
    out *= alpha
    out += np.maximum(x, 0)
    return out


@elementwise(alpha=_alpha)
def d_celu(x, alpha=1.0):
    r"""Derivative of :func:`celu`: 1 on the right, fading to 0 on the left.

    .. math:: f'(x) = \begin{cases} 1 & x > 0 \\ e^{x/\alpha} & x \le 0 \end{cases}

    Continuous at x = 0, where it is 1. The limits at minus and plus infinity are 0 and 1.

    >>> d_celu([-2.0, 0.0, 3.0], alpha=2.0).round(6)
    array([0.367879, 1.      , 1.      ])
    """
    if is_power_of_two(alpha):
        return np.exp(np.minimum(x, 0) / alpha)
    z = np.clip(x, max(-1000 * alpha, -1e290), 0)
    power = z / alpha
    out = np.exp(power)
    out *= 1 - product_error(power, alpha, z) / alpha  # what the division rounded off
    return out


CELU = Activation(
    name="celu",
    title="CELU",
    f=celu,
    df=d_celu,
    formula=r"f(x) = \begin{cases} x & x > 0 \\ \alpha\,(e^{x/\alpha} - 1) & x \le 0 \end{cases}",
    dformula=r"f'(x) = \begin{cases} 1 & x > 0 \\ e^{x/\alpha} & x \le 0 \end{cases}",
    bounds=(-1.0, INF),
    parameters={"alpha": 1.0},
    slope_max=1.0,
    zero_centred=False,
    saturates="left",
    dies=False,
    source="barron2017",
    pytorch="torch.nn.functional.celu(x, alpha=1.0)",
    jax="jax.nn.celu(x, alpha=1.0)",
    keras="keras.activations.celu(x, alpha=1.0)",
    when="In place of ELU when alpha is tuned, as it stays smooth.",
)
