"""What keeps the last digits far from zero, where a slope is 1e-300 and still not zero.

Three things go wrong there. An exponent that was rounded: at x = -700 its last digit is
worth 500 units in the last place of exp(x). A factor that underflows before the product
does: x·exp(x) at x = -712. And a difference that leaves nothing: 1 - s where s is 1.
"""

import numpy as np

from actlib._arrays import product_error

FAR = 350.0  # there, 1 + exp(-FAR) has long been 1, and exp(2 FAR) is not yet infinite


def is_power_of_two(b):
    """Say whether multiplying by ``b`` is free of rounding."""
    return np.frexp(b)[0] == 0.5


def exp_scaled(x, beta):
    """Return exp(beta·x), to the last digit also where the rounding of beta·x would show."""
    if is_power_of_two(beta):
        return np.exp(x if beta == 1 else beta * x)
    limit = min(1000 / beta, 1e290)  # beyond, exp is 0 or infinite
    x = np.clip(x, -limit, limit)
    power = beta * x
    e = np.exp(power)
    e *= 1 + product_error(x, beta, power)
    return e


def mend_far_left(out, x, factor, beta=1.0):
    """Where beta·x < -FAR, put factor(x)·exp(beta·x) in place of what underflowed on the way.

    The exponential is taken in two halves: so the product is normal as long as it can be.
    """
    far = x < -FAR / beta
    if far.any():
        x = np.maximum(x[far], -2000 / beta)  # where both halves are 0
        half = exp_scaled(x, beta / 2)
        out[far] = factor(x) * half * half
    return out


def mirrored(left, x):
    """Complete a slope that is known at -|x|, where f(x) - f(-x) = x: f'(x) = 1 - f'(-x)."""
    right = (x >= 0).astype(x.dtype)
    return right + (1 - 2 * right) * left


def times_exp(factor, power, e, shrink=None):
    """Return factor·exp(-power)·(1 - shrink), where ``shrink`` is tiny and e is exp(-power).

    The product is right to the last digit also where ``e`` alone underflows.
    """
    out = factor * e
    far = power > 708  # beyond 708.4 exp(-power) is no normal number
    if far.any():
        half = np.exp(power[far] / -2)
        out[far] = factor[far] * half * half
    if shrink is not None:
        out -= out * shrink
    return out


def gauss_power(a):
    """Return ``a`` rounded to 20 binary places, and growth, for ``0 <= a <= 40``.

    exp(-a²/2) is exp(-high²/2)·(1 + growth). The square of high is exact, where that of
    ``a`` would be rounded; growth is small enough for three terms of the series.
    """
    high = np.rint(a * 1048576.0) / 1048576.0
    rest = (high - a) * (high + a) / 2
    return high, rest * (1 + rest * (0.5 + rest / 6))


# (a + 0.796875)·exp(a²/2)·(1 - Φ(a)) as a polynomial of t = (a - 4)/(a + 4), lowest power
# first: the Chebyshev interpolant of degree 23, computed with 60 digits. The change of
# variable is that of Shepherd and Laframboise (1981).
_MILLS = (
    0.4528760449953822,
    -0.062091440136995774,
    -0.011264901516357954,
    0.04316593116903013,
    -0.038467250762386024,
    0.019661054374323035,
    -0.005105477133984517,
    -0.0004153821582016914,
    0.0007329188781400552,
    -8.517694996824076e-05,
    -9.367222232246086e-05,
    2.0309451779632054e-05,
    1.4500554181544542e-05,
    -3.264349412987022e-06,
    -2.746390983690569e-06,
    3.639322724423718e-07,
    5.701604073275918e-07,
    1.0540754153230235e-08,
    -1.1236568847825383e-07,
    -2.1084867485100256e-08,
    1.7541266788772433e-08,
    6.176561447574632e-09,
    -1.5369385008238156e-09,
    -7.645583433784744e-10,
)


def half_mills(a, high, growth=0.0):
    """Return exp(a²/2) times the area of the normal distribution beyond ``a``.

    Also times (1 + growth). That, and the divisor's change from a + d to the exact
    high + d, are worked into the small part of the polynomial: they cost no rounding.
    """
    t = (a - 4) / (a + 4)
    total = np.full_like(a, _MILLS[-1])
    for coefficient in reversed(_MILLS[1:-1]):
        total *= t
        total += coefficient
    total *= t
    change = (high - a) / (a + 0.796875)
    total += (total + _MILLS[0]) * (growth + change + growth * change)
    total += _MILLS[0]
    total /= high + 0.796875
    return total


# sqrt(8/pi) and 0.044715·sqrt(8/pi), each as a short number and the rest
_LINEAR = (1.595769121660851, -5.5120230375072935e-11)
_CUBIC = (0.07135772705078125, -2.9107781810012236e-06)


def tanh_power(a):
    """Return power and shrink such that exp(-w) = exp(-power)·(1 - shrink).

    Here w = sqrt(8/pi)·(a + 0.044715·a³), the double argument of the tanh form of GELU, for
    ``0 <= a <= 30``. With ``a`` rounded to 8 binary places, the short coefficients times it
    and its cube are exact.
    """
    high = np.rint(a * 256.0) / 256.0
    low = a - high
    square = high * high
    cube = square * high
    main = _LINEAR[0] * high + _CUBIC[0] * cube
    slope = (_LINEAR[0] + _LINEAR[1]) + (_CUBIC[0] + _CUBIC[1]) * (
        3 * square + low * (3 * high + low)
    )
    rest = (_LINEAR[1] * high + _CUBIC[1] * cube) + low * slope
    power = main + rest
    return power, (main - power) + rest
