"""The exponential family: units that bend towards a floor below zero."""

import numpy as np

from actlib._arrays import positive, product_error
from actlib.activations.elementwise import choose, elementwise
from actlib.activations.record import Activation
from actlib.activations.tails import is_power_of_two, mend_far_left

__all__ = [
    "celu",
    "d_celu",
    "d_elu",
    "d_selu",
    "elu",
    "selu",
]

INF = float("inf")


@elementwise(alpha=positive)
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


@elementwise(alpha=positive)
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
    title="ELU",
    f=elu,
    df=d_elu,
    bounds=(-1.0, INF),
    kinks=(0.0,),
    slope_max=1.0,
    zero_centred=False,
    saturates="left",
    dies=False,
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
    title="SELU",
    f=selu,
    df=d_selu,
    bounds=(-_SELU_LEFT, INF),
    kinks=(0.0,),
    slope_max=_SELU_LEFT,
    zero_centred=True,
    saturates="left",
    dies=False,
    pytorch="torch.nn.functional.selu(x)",
    jax="jax.nn.selu(x)",
    keras="keras.activations.selu(x)",
    when="Deep plain networks without normalisation, with LeCun initialisation.",
)


@elementwise(alpha=positive)
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


@elementwise(alpha=positive)
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
    title="CELU",
    f=celu,
    df=d_celu,
    bounds=(-1.0, INF),
    slope_max=1.0,
    zero_centred=False,
    saturates="left",
    dies=False,
    pytorch="torch.nn.functional.celu(x, alpha=1.0)",
    jax="jax.nn.celu(x, alpha=1.0)",
    keras="keras.activations.celu(x, alpha=1.0)",
    when="In place of ELU when alpha is tuned, as it stays smooth.",
)
