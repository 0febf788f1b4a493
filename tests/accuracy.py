"""Measures every elementwise function against 50-digit arithmetic, in units in the last place.

``python -m tests.accuracy`` writes the table of the book, book/reference/accuracy.md.
``tests/test_accuracy.py`` enforces the bar and checks that the table is current.
"""

import functools
import pathlib

import mpmath as mp
import numpy as np

from actlib import ACTIVATIONS
from actlib.activations.exponential import SELU_ALPHA, SELU_SCALE
from tests import test_losses_accuracy

BAR = 4.0  # units in the last place
TABLE = pathlib.Path(__file__).parent.parent / "book" / "reference" / "accuracy.md"
DTYPES = (np.float64, np.float32, np.float16)


def _sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def _softplus(x):
    return mp.log1p(mp.exp(x)) if x < 0 else x + mp.log1p(mp.exp(-x))


def _piecewise(x, kinks, pieces):
    """Return pieces[i] for the interval x is in; a kink belongs to the interval on its left."""
    return pieces[sum(x > kink for kink in kinks)]


def _slope_silu(x, beta):
    s = _sigmoid(beta * x)
    return s, beta * x * s * _sigmoid(-beta * x)


def _slope_mish(x):
    t = mp.tanh(_softplus(x))
    return t, x * mp.sech(_softplus(x)) ** 2 * _sigmoid(x)


def _normal_below(x):
    x = min(max(x, mp.mpf(-1000)), mp.mpf(1000))  # mpmath gives up on larger ones
    return mp.erfc(-x / mp.sqrt(2)) / 2


def _tanh_form(x):
    cubic = mp.mpf("0.044715")
    u = mp.sqrt(2 / mp.pi) * (x + cubic * x**3)
    return 2 * u, 2 * mp.sqrt(2 / mp.pi) * (1 + 3 * cubic * x**2)


def _slope_gelu_tanh(x):
    w, rise = _tanh_form(x)
    return _sigmoid(w), x * _sigmoid(w) * _sigmoid(-w) * rise


# What each function should give: exact in 50 digits. A tuple is a sum of terms, for the
# slopes that pass through zero: there the unit is that of the larger term.
EXACT = {
    "identity": (lambda x: x, lambda x: mp.mpf(1)),
    "step": (lambda x: mp.mpf(x >= 0), lambda x: mp.mpf(0)),
    "sigmoid": (_sigmoid, lambda x: _sigmoid(x) * _sigmoid(-x)),
    "log_sigmoid": (lambda x: -_softplus(-x), lambda x: _sigmoid(-x)),
    "hard_sigmoid": (
        lambda x: min(max(x + 3, 0), 6) / mp.mpf(6),
        lambda x: mp.mpf(abs(x) < 3) / 6,
    ),
    "tanh": (mp.tanh, lambda x: mp.sech(x) ** 2),
    "hard_tanh": (lambda x: min(max(x, -1), 1), lambda x: mp.mpf(abs(x) < 1)),
    "softsign": (lambda x: x / (1 + abs(x)), lambda x: 1 / (1 + abs(x)) ** 2),
    "relu": (lambda x: max(x, mp.mpf(0)), lambda x: mp.mpf(x > 0)),
    "relu6": (lambda x: min(max(x, mp.mpf(0)), 6), lambda x: mp.mpf(0 < x < 6)),
    "leaky_relu": (
        lambda x, negative_slope: _piecewise(x, [0], [negative_slope * x, x]),
        lambda x, negative_slope: _piecewise(x, [0], [negative_slope, mp.mpf(1)]),
    ),
    "prelu": (
        lambda x, slope: _piecewise(x, [0], [slope * x, x]),
        lambda x, slope: _piecewise(x, [0], [slope, mp.mpf(1)]),
    ),
    "elu": (
        lambda x, alpha: x if x > 0 else alpha * mp.expm1(x),
        lambda x, alpha: mp.mpf(1) if x > 0 else alpha * mp.exp(x),
    ),
    "selu": (
        lambda x: mp.mpf(SELU_SCALE) * (x if x > 0 else mp.mpf(SELU_ALPHA) * mp.expm1(x)),
        lambda x: mp.mpf(SELU_SCALE) * (1 if x > 0 else mp.mpf(SELU_ALPHA) * mp.exp(x)),
    ),
    "celu": (
        lambda x, alpha: x if x > 0 else alpha * mp.expm1(x / alpha),
        lambda x, alpha: mp.mpf(1) if x > 0 else mp.exp(x / alpha),
    ),
    "softplus": (
        lambda x, beta: _softplus(beta * x) / beta,
        lambda x, beta: _sigmoid(beta * x),
    ),
    "gelu": (
        lambda x: x * _normal_below(x),
        lambda x: (_normal_below(x), x * mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)),
    ),
    "gelu_tanh": (lambda x: x * _sigmoid(_tanh_form(x)[0]), _slope_gelu_tanh),
    "silu": (lambda x, beta: x * _sigmoid(beta * x), _slope_silu),
    "hard_swish": (
        lambda x: x * min(max(x + 3, 0), 6) / 6,
        lambda x: _piecewise(x, [-3], [mp.mpf(0), (2 * x + 3) / 6 if x < 3 else mp.mpf(1)]),
    ),
    "mish": (lambda x: x * mp.tanh(_softplus(x)), _slope_mish),
}

OTHER_PARAMETERS = {  # beside the defaults, some that do not multiply exactly
    "leaky_relu": [{"negative_slope": 0.3}],
    "prelu": [{"slope": 0.1}],
    "elu": [{"alpha": 0.7}, {"alpha": 30.0}],
    "celu": [{"alpha": 0.7}, {"alpha": 3.0}],
    "softplus": [{"beta": 0.3}, {"beta": 4.0}],
    "silu": [{"beta": 0.3}, {"beta": 1.702}],
}


@functools.cache
def grid(dtype):
    """Return where to look: tails, middle, kinks, the very small, and both their signs."""
    rng = np.random.default_rng(20)
    info = np.finfo(dtype)
    small = np.log10(float(info.tiny))
    tail = min(-np.log(float(info.tiny)) * 1.06, 750.0)
    positive = np.concatenate(
        [
            rng.uniform(0, tail, 120),
            rng.uniform(0, 40, 200),
            rng.uniform(0, 4, 280),
            10.0 ** rng.uniform(small, 0, 60),
            10.0 ** rng.uniform(0, np.log10(float(info.max)) - 0.1, 20),
            [tail, 37.43, 36.74, 700.0, 708.4, 709.8, 712.0, 1.0, 3.0, 6.0, 20.0],
            [0.7517915247, 1.278464543, 1.192431215, float(info.tiny), float(info.max)],
            [float(info.smallest_subnormal), 0.0],
        ]
    )
    with np.errstate(over="ignore"):
        points = positive.astype(dtype)
    kinks = np.array([kink for record in ACTIVATIONS.values() for kink in record.kinks], dtype)
    beside = [np.nextafter(kinks, dtype(side)) for side in (-np.inf, np.inf)]
    points = np.concatenate([points, -points, kinks, *beside])
    return np.unique(points[np.isfinite(points)])


def worst(function, exact, dtype, parameters=None):
    """Return the largest error in units in the last place, and the x where it is.

    Counted wherever the exact result is a normal number of the type, zero included.
    """
    parameters = parameters or {}
    x = grid(dtype)
    info = np.finfo(dtype)
    tiny, largest = float(info.tiny), float(info.max)
    got = function(x, **parameters)
    assert got.dtype == dtype
    given = {name: mp.mpf(value) for name, value in parameters.items()}
    record, at = 0.0, 0.0
    with mp.workdps(50):
        for xi, value in zip(x, got, strict=True):
            result = exact(mp.mpf(float(xi)), **given)
            terms = result if isinstance(result, tuple) else (result,)
            total = sum(terms)
            if total and not tiny <= abs(total) <= largest:
                continue
            size = max(tiny, *(abs(term) for term in (*terms, total)))
            unit = mp.ldexp(1, int(mp.frexp(size)[1]) - info.nmant - 1)
            error = float(abs(mp.mpf(float(value)) - total) / unit)
            if not error <= record:  # nan is the worst
                record, at = error, float(xi)
    return record, at


@functools.cache
def measure(name, dtype):
    """Return the worst errors of a function and its derivative, over several parameters."""
    record, several = ACTIVATIONS[name], [{}]
    if dtype == np.float64:
        several += OTHER_PARAMETERS.get(name, [])
    return [
        max(worst(f, exact, dtype, {**record.parameters, **given}) for given in several)
        for f, exact in zip((record.f, record.df), EXACT[name], strict=True)
    ]


def table():
    """Return the page of the book as Markdown."""
    rows = []
    for name, record in ACTIVATIONS.items():
        numbers = [_up(error) for error, _ in measure(name, np.float64)]
        rows.append(f"| {record.title} | {' | '.join(numbers)} |")
    single = [error for name in ACTIVATIONS for error, _ in measure(name, np.float32)]
    return PAGE.format(
        rows="\n".join(rows),
        bar=BAR,
        points=len(grid(np.float64)),
        single=_up(max(single)),
        rounded=_up(sorted(single)[len(single) // 2]),
        losses=len(test_losses_accuracy.CASES),
        limit=_power_of_ten(test_losses_accuracy.LIMIT[np.float64]),
        limit32=_power_of_ten(test_losses_accuracy.LIMIT[np.float32]),
    )


def _up(error):
    """Round up to halves, so that another processor's exp prints the same."""
    return f"{np.ceil(2 * error) / 2:.1f}" if error else "0"


def _power_of_ten(number):
    factor, exponent = f"{number:.0e}".split("e")
    power = f"$10^{{{int(exponent)}}}$"
    return power if factor == "1" else rf"${factor} \cdot {power[1:]}"


PAGE = """\
# How exact the functions are

Each activation of `actlib` is compared with the same function computed in 50 digits, \
at {points} points, with its default parameters and with some that are harder to multiply by.
The points cover the kinks and their neighbours, the smallest numbers, \
and both tails to where the result leaves the range of the type.
The table gives the largest error in units in the last place, rounded up to the next half.
One unit is the distance from the result to the next number that the type can hold: \
0 means exact, and 0.5 is as near as rounding can be.
The bar is {bar:g} units, wherever the exact result is a normal number of the type.
Where a slope passes through zero between two terms, as those of GELU, SiLU and Mish do, \
the unit is that of the larger term.

| function | value | slope |
| :-- | --: | --: |
{rows}

These are for 64-bit numbers.
With 32 bits no error is larger than {single} units, and most are {rounded}: \
the functions with an exponential compute in 64 bits and round once.

Softmax, the losses and their gradients, {losses} functions, are compared with 50 digits too, \
on logits from -700 to 700 and up to 1,000 classes.
No relative error is larger than {limit} with 64 bits, or {limit32} with 32; \
where a result is a difference of two terms, the error is relative to the larger one.

The page is written by `python -m tests.accuracy`, \
and a test compares it with a new measurement.
"""

if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
    for name in ACTIVATIONS:
        for dtype in DTYPES:
            (value, x), (slope, at) = measure(name, dtype)
            print(
                f"{name:13} {dtype.__name__:8} value {value:6.2f} at {x:<14.6g} "
                f"slope {slope:6.2f} at {at:.6g}"
            )
