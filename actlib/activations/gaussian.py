"""GELU in its two forms: by the normal distribution, and by tanh."""

import numpy as np

from actlib.activations.elementwise import elementwise
from actlib.activations.record import Activation
from actlib.activations.tails import gauss_power, half_mills, mirrored, tanh_power, times_exp

__all__ = [
    "d_gelu",
    "d_gelu_tanh",
    "gelu",
    "gelu_tanh",
]

INF = float("inf")


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
    title="GELU",
    f=gelu,
    df=d_gelu,
    bounds=(-0.1699712074799037, INF),
    slope_max=1.1289041451851547,
    zero_centred=False,
    saturates="left",
    dies=False,
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
    title="GELU (tanh form)",
    f=gelu_tanh,
    df=d_gelu_tanh,
    bounds=(-0.17004075057125412, INF),
    slope_max=1.1289930686587717,
    zero_centred=False,
    saturates="left",
    dies=False,
    pytorch="torch.nn.functional.gelu(x, approximate='tanh')",
    jax="jax.nn.gelu(x)",
    keras="keras.activations.gelu(x, approximate=True)",
    when="To run a network that was trained with it, as the first GPT models were.",
)
