"""Smooth relatives of ReLU: softplus, SiLU, hard swish and Mish."""

import numpy as np

from actlib._arrays import positive
from actlib.activations.elementwise import elementwise
from actlib.activations.record import Activation
from actlib.activations.tails import FAR, exp_scaled, mend_far_left

__all__ = [
    "d_hard_swish",
    "d_mish",
    "d_silu",
    "d_softplus",
    "d_swish",
    "hard_swish",
    "mish",
    "silu",
    "softplus",
    "swish",
]

INF = float("inf")


@elementwise(beta=positive)
def softplus(x, beta=1.0):
    r"""Softplus: ReLU with its corner rounded off.

    .. math:: f(x) = \frac{1}{\beta} \ln(1 + e^{\beta x})

    Smooth everywhere; the limits at minus and plus infinity are 0 and infinity. The
    larger ``beta``, the closer to ReLU. Takes any shape and keeps shape and float type;
    a ``beta`` that is not above 0 is a ValueError, input that does not hold real numbers
    a TypeError. Source: Dugas, Bengio, Bélisle, Nadeau and Garcia (2001).

    >>> print(f"{softplus(0.0):.6f}")
    0.693147
    >>> softplus([-2.0, 2.0], beta=4.0).round(6)
    array([8.400000e-05, 2.000084e+00])
    >>> print(f"{softplus(-50.0):.4e}")
    1.9287e-22
    """
    out = np.log1p(exp_scaled(-np.abs(x), beta))
    if beta != 1:
        out /= beta
    out += np.maximum(x, 0)
    return mend_far_left(out, x, lambda x: 1 / beta, beta)


@elementwise(beta=positive)
def d_softplus(x, beta=1.0):
    r"""Derivative of :func:`softplus`: the sigmoid of beta·x.

    .. math:: f'(x) = \sigma(\beta x)

    Smooth everywhere; the limits at minus and plus infinity are 0 and 1.

    >>> d_softplus(0.0)
    np.float64(0.5)
    >>> print(f"{d_softplus(1.0, beta=2.0):.6f}")
    0.880797
    >>> print(f"{d_softplus(-50.0):.4e}")
    1.9287e-22
    """
    return 1 / (1 + exp_scaled(-x, beta))


SOFTPLUS = Activation(
    title="Softplus",
    f=softplus,
    df=d_softplus,
    bounds=(0.0, INF),
    slope_max=1.0,
    zero_centred=False,
    saturates="left",
    dies=False,
    pytorch="torch.nn.functional.softplus(x, beta=1.0)",
    jax="jax.nn.softplus(x)",
    keras="keras.activations.softplus(x)",
    when="An output that must be positive, such as a variance or a rate.",
)


@elementwise(beta=positive)
def silu(x, beta=1.0):
    r"""SiLU, also called swish: the input times its own sigmoid.

    .. math:: f(x) = x\,\sigma(\beta x)

    Smooth everywhere, with a dip below zero near x = -1.28; the limits at minus and plus
    infinity are 0 and infinity. Takes any shape and keeps shape and float type; a
    ``beta`` that is not above 0 is a ValueError, input that does not hold real numbers a
    TypeError. Source: Elfwing, Uchibe and Doya (2018); with ``beta``, Ramachandran, Zoph
    and Le (2017).

    >>> silu([-1.0, 0.0, 1.0]).round(6)
    array([-0.268941,  0.      ,  0.731059])
    >>> print(f"{silu(1.0, beta=2.0):.6f}")
    0.880797
    >>> print(f"{silu(-712.0):.4e}")
    -4.3133e-307
    """
    bottom = exp_scaled(-x, beta)
    bottom += 1
    out = np.maximum(x, -1000 / beta)
    out /= bottom
    return mend_far_left(out, x, lambda x: x, beta)


@elementwise(wide=True, beta=positive)
def d_silu(x, beta=1.0):
    r"""Derivative of :func:`silu`: a sigmoid that overshoots on both sides.

    .. math:: f'(x) = \sigma(\beta x) + \beta x\,\sigma(\beta x)\,(1 - \sigma(\beta x))

    Smooth everywhere; the limits at minus and plus infinity are 0 and 1.

    >>> d_silu(0.0)
    np.float64(0.5)
    >>> print(f"{d_silu(2.3994):.4f}")
    1.0998
    >>> print(f"{d_silu(-30.0):.4e}")
    -2.7137e-12
    """
    x = np.clip(x, -1000 / beta, 1000 / beta)
    e = exp_scaled(-np.maximum(x, -FAR / beta), beta)
    bottom = e + 2
    bottom *= e
    bottom += 1
    out = 1 + (x if beta == 1 else beta * x)
    out *= e
    out += 1
    out /= bottom  # (1 + e (1 + beta x)) / (1 + e)²
    return mend_far_left(out, x, lambda x: 1 + beta * x, beta)


swish, d_swish = silu, d_silu

SILU = Activation(
    title="SiLU (swish)",
    f=silu,
    df=d_silu,
    bounds=(-0.2784645427610738, INF),
    slope_max=1.099839320128867,
    zero_centred=False,
    saturates="left",
    dies=False,
    pytorch="torch.nn.functional.silu(x)",
    jax="jax.nn.silu(x)",
    keras="keras.activations.silu(x)",
    when="Hidden layers of deep convolutional networks and of language models, as in SwiGLU.",
)


@elementwise(native=True)
def hard_swish(x):
    r"""Hard swish: SiLU with a straight-line sigmoid.

    .. math:: f(x) = x \cdot \min(1, \max(0, (x + 3)/6))

    It has kinks at x = -3 and x = 3; the limits at minus and plus infinity are 0 and
    infinity. Takes any shape and keeps shape and float type; input that does not hold
    real numbers is a TypeError. Source: Howard and others (2019).

    >>> hard_swish([-4.0, -1.5, 0.0, 3.0])
    array([-0.   , -0.375,  0.   ,  3.   ])
    """
    out = x + 3
    np.clip(out, 0, 6, out=out)
    out /= 6
    out *= np.maximum(x, -3)  # 0 times minus infinity would be nan
    return out


@elementwise(native=True)
def d_hard_swish(x):
    r"""Derivative of :func:`hard_swish`: a ramp between two flats.

    .. math:: f'(x) = \begin{cases} 0 & x \le -3 \\ (2x + 3)/6 & |x| < 3 \\ 1 & x \ge 3 \end{cases}

    At the kinks the convention is the slope outside, 0 at -3 and 1 at 3.

    >>> d_hard_swish([-3.0, -1.5, 0.0, 3.0])
    array([0. , 0. , 0.5, 1. ])
    """
    inside = np.abs(x) < 3
    ramp = (2 * np.clip(x, -3, 3) + 3) / 6
    return inside * ramp + (x >= 3)


HARD_SWISH = Activation(
    title="Hard swish",
    f=hard_swish,
    df=d_hard_swish,
    bounds=(-0.375, INF),
    kinks=(-3.0, 3.0),
    slope_max=1.5,
    zero_centred=False,
    saturates="left",
    dies=True,
    pytorch="torch.nn.functional.hardswish(x)",
    jax="jax.nn.hard_swish(x)",
    keras="keras.activations.hard_silu(x)",
    when="SiLU's place on phones and small chips, where exp is expensive.",
)


@elementwise(wide=True)
def mish(x):
    r"""Mish: the input times the tanh of its softplus.

    .. math:: f(x) = x \tanh(\ln(1 + e^{x}))

    Smooth everywhere, with a dip below zero near x = -1.19; the limits at minus and plus
    infinity are 0 and infinity. Takes any shape and keeps shape and float type; input
    that does not hold real numbers is a TypeError. Source: Misra (2020).

    >>> mish([-1.0, 0.0, 1.0]).round(6)
    array([-0.303401,  0.      ,  0.865098])
    >>> print(f"{mish(-50.0):.4e}")
    -9.6437e-21
    """
    e = np.exp(np.clip(x, -FAR, FAR))
    m = e * (e + 2)  # (1 + e)² - 1, so that the tanh is m/(m + 2)
    out = np.maximum(x, -FAR) * (m / (m + 2))
    return mend_far_left(out, x, lambda x: x)


@elementwise(wide=True)
def d_mish(x):
    r"""Derivative of :func:`mish`: it overshoots 1 as the slope of SiLU does.

    .. math:: f'(x) = t + x\,(1 - t^2)\,\sigma(x), \quad t = \tanh(\ln(1 + e^{x}))

    Smooth everywhere; the limits at minus and plus infinity are 0 and 1.

    >>> print(f"{d_mish(0.0):.1f}")
    0.6
    >>> print(f"{d_mish(1.4907):.4f}")
    1.0885
    >>> print(f"{d_mish(-30.0):.4e}")
    -2.7137e-12
    """
    z = np.clip(x, -FAR, FAR)
    e = np.exp(z)
    m = e * (e + 2)
    steep = 4 * z * (e / (m + 2)) * ((1 + e) / (m + 2))
    return mend_far_left(m / (m + 2) + steep, x, lambda x: 1 + x)


MISH = Activation(
    title="Mish",
    f=mish,
    df=d_mish,
    bounds=(-0.30884341301725043, INF),
    slope_max=1.088498161251728,
    zero_centred=False,
    saturates="left",
    dies=False,
    pytorch="torch.nn.functional.mish(x)",
    jax="jax.nn.mish(x)",
    keras="keras.activations.mish(x)",
    when="Where SiLU does well and a little more computing is no matter, as in some detectors.",
)
