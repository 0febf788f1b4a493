"""Smooth relatives of ReLU: softplus, SiLU, hard swish, Mish and the two forms of GELU."""

import functools

import numpy as np

from actlib.activations.elementwise import elementwise, positive
from actlib.activations.record import Activation
from actlib.activations.tails import (
    FAR,
    exp_scaled,
    gauss_power,
    half_mills,
    mend_far_left,
    mirrored,
    tanh_power,
    times_exp,
)

INF = float("inf")
_beta = functools.partial(positive, name="beta")


@elementwise(beta=_beta)
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


@elementwise(beta=_beta)
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
    name="softplus",
    title="Softplus",
    f=softplus,
    df=d_softplus,
    formula=r"f(x) = \frac{1}{\beta} \ln(1 + e^{\beta x})",
    dformula=r"f'(x) = \sigma(\beta x)",
    bounds=(0.0, INF),
    parameters={"beta": 1.0},
    slope_max=1.0,
    zero_centred=False,
    saturates="left",
    dies=False,
    source="dugas2001",
    pytorch="torch.nn.functional.softplus(x, beta=1.0)",
    jax="jax.nn.softplus(x)",
    keras="keras.activations.softplus(x)",
    when="An output that must be positive, such as a variance or a rate.",
)


@elementwise(beta=_beta)
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


@elementwise(beta=_beta)
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
    name="silu",
    title="SiLU (swish)",
    f=silu,
    df=d_silu,
    formula=r"f(x) = x\,\sigma(\beta x)",
    dformula=r"f'(x) = \sigma(\beta x) + \beta x\,\sigma(\beta x)\,(1 - \sigma(\beta x))",
    bounds=(-0.2784645427610738, INF),
    parameters={"beta": 1.0},
    slope_max=1.099839320128867,
    zero_centred=False,
    saturates="left",
    dies=False,
    source="elfwing2018",
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
    name="hard_swish",
    title="Hard swish",
    f=hard_swish,
    df=d_hard_swish,
    formula=r"f(x) = x \cdot \min(1, \max(0, (x + 3)/6))",
    dformula=(
        r"f'(x) = \begin{cases} 0 & x \le -3 \\ (2x + 3)/6 & |x| < 3 \\ 1 & x \ge 3 \end{cases}"
    ),
    bounds=(-0.375, INF),
    kinks=(-3.0, 3.0),
    slope_max=1.5,
    zero_centred=False,
    saturates="left",
    dies=True,
    source="howard2019",
    pytorch="torch.nn.functional.hardswish(x)",
    jax="jax.nn.hard_swish(x)",
    keras="keras.activations.hard_silu(x)",
    when="SiLU's place on phones and small chips, where exp is expensive.",
)


@elementwise
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


@elementwise
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
    name="mish",
    title="Mish",
    f=mish,
    df=d_mish,
    formula=r"f(x) = x \tanh(\ln(1 + e^{x}))",
    dformula=r"f'(x) = t + x\,(1 - t^2)\,\sigma(x), \quad t = \tanh(\ln(1 + e^{x}))",
    bounds=(-0.30884341301725043, INF),
    slope_max=1.088498161251728,
    zero_centred=False,
    saturates="left",
    dies=False,
    source="misra2020",
    pytorch="torch.nn.functional.mish(x)",
    jax="jax.nn.mish(x)",
    keras="keras.activations.mish(x)",
    when="Where SiLU does well and a little more computing is no matter, as in some detectors.",
)


@elementwise
def gelu(x):
    r"""GELU: the input times the chance that a normal random number is below it.

    .. math:: f(x) = x\,\Phi(x) = \frac{x}{2} \left(1 + \operatorname{erf}\frac{x}{\sqrt{2}}\right)

    Smooth everywhere, with a dip below zero near x = -0.75; the limits at minus and plus
    infinity are 0 and infinity. Takes any shape and keeps shape and float type; input
    that does not hold real numbers is a TypeError. Source: Hendrycks and Gimpel (2016).

    >>> gelu([-1.0, 0.0, 1.0]).round(6)
    array([-0.158655,  0.      ,  0.841345])
    >>> print(f"{gelu(-10.0):.4e}")
    -7.6199e-23
    >>> print(f"{gelu(-37.0):.4e}")
    -2.1185e-298
    """
    # On the right, x·Φ(x) = x - x·Φ(-x); so the small tail is all that is needed.
    a = np.minimum(np.abs(x), 40)
    high, growth = gauss_power(a)
    power = high * high / 2
    return np.maximum(x, 0) - times_exp(a * half_mills(a, high, growth), power, np.exp(-power))


@elementwise
def d_gelu(x):
    r"""Derivative of :func:`gelu`: it overshoots to 1.129 at the square root of 2.

    .. math:: f'(x) = \Phi(x) + x\,\varphi(x), \quad \varphi(x) = \frac{1}{\sqrt{2\pi}} e^{-x^2/2}

    Smooth everywhere; the limits at minus and plus infinity are 0 and 1.

    >>> print(f"{d_gelu(0.0):.4f}")
    0.5000
    >>> print(f"{d_gelu(2**0.5):.4f}")
    1.1289
    >>> print(f"{d_gelu(-10.0):.4e}")
    -7.6184e-22
    """
    a = np.minimum(np.abs(x), 40)
    high, growth = gauss_power(a)
    power = high * high / 2
    factor = half_mills(a, high) - a * 0.3989422804014327  # 1/sqrt(2 pi)
    return mirrored(times_exp(factor, power, np.exp(-power), -growth), x)


GELU = Activation(
    name="gelu",
    title="GELU",
    f=gelu,
    df=d_gelu,
    formula=(
        r"f(x) = x\,\Phi(x) = \frac{x}{2} \left(1 + \operatorname{erf}\frac{x}{\sqrt{2}}\right)"
    ),
    dformula=(
        r"f'(x) = \Phi(x) + x\,\varphi(x), \quad "
        r"\varphi(x) = \frac{1}{\sqrt{2\pi}} e^{-x^2/2}"
    ),
    bounds=(-0.1699712074799037, INF),
    slope_max=1.1289041451851547,
    zero_centred=False,
    saturates="left",
    dies=False,
    source="hendrycks2016",
    pytorch="torch.nn.functional.gelu(x)",
    jax="jax.nn.gelu(x, approximate=False)",
    keras="keras.activations.gelu(x)",
    when="Hidden layers of transformers.",
)


@elementwise
def gelu_tanh(x):
    r"""GELU by tanh: the formula that stood in for GELU when erf was slow.

    .. math::
        f(x) = \frac{x}{2} \left(1 + \tanh(u)\right), \quad
        u = \sqrt{2/\pi}\,(x + 0.044715\,x^3)

    Within 0.0005 of :func:`gelu` everywhere, but far on the left its tail is another one.
    Smooth everywhere; the limits at minus and plus infinity are 0 and infinity. Takes any
    shape and keeps shape and float type; input that does not hold real numbers is a
    TypeError. Source: Hendrycks and Gimpel (2016).

    >>> gelu_tanh([-1.0, 0.0, 1.0]).round(6)
    array([-0.158808,  0.      ,  0.841192])
    >>> print(f"{gelu_tanh(-10.0):.4e}")
    -1.2041e-37
    """
    a = np.minimum(np.abs(x), 30)
    w, shrink = tanh_power(a)
    e = np.exp(-w)
    return np.maximum(x, 0) - times_exp(a, w, e, shrink) / (1 + e)


@elementwise
def d_gelu_tanh(x):
    r"""Derivative of :func:`gelu_tanh`.

    .. math::
        f'(x) = \frac{1 + \tanh(u)}{2} + \frac{x}{2}\,(1 - \tanh^2(u))\,u', \quad
        u' = \sqrt{2/\pi}\,(1 + 0.134145\,x^2)

    Smooth everywhere; the limits at minus and plus infinity are 0 and 1.

    >>> print(f"{d_gelu_tanh(0.0):.4f}")
    0.5000
    >>> print(f"{d_gelu_tanh(-3.0):.6f}")
    -0.011584
    """
    a = np.minimum(np.abs(x), 30)
    w, shrink = tanh_power(a)
    e = np.exp(-w)
    cube = 0.1427096325452005 * (a * a * a)  # as a·w'(a) is w and twice its cubic part
    rise = w + (cube + shrink * (1 - w - cube))
    left = times_exp(1 + e - rise, w, e) / (1 + e * (2 + e))
    return mirrored(left, x)


GELU_TANH = Activation(
    name="gelu_tanh",
    title="GELU (tanh form)",
    f=gelu_tanh,
    df=d_gelu_tanh,
    formula=(
        r"f(x) = \frac{x}{2} \left(1 + \tanh(u)\right), \quad "
        r"u = \sqrt{2/\pi}\,(x + 0.044715\,x^3)"
    ),
    dformula=(
        r"f'(x) = \frac{1 + \tanh(u)}{2} + \frac{x}{2}\,(1 - \tanh^2(u))\,u', \quad "
        r"u' = \sqrt{2/\pi}\,(1 + 0.134145\,x^2)"
    ),
    bounds=(-0.17004075057125412, INF),
    slope_max=1.1289930686587717,
    zero_centred=False,
    saturates="left",
    dies=False,
    source="hendrycks2016",
    pytorch="torch.nn.functional.gelu(x, approximate='tanh')",
    jax="jax.nn.gelu(x)",
    keras="keras.activations.gelu(x, approximate=True)",
    when="To run a network that was trained with it, as the first GPT models were.",
)
