"""Softmax, the losses and their gradients against 50 digits.

A case gives a function's answers, what they should be, and what the error is relative to:
the exact result, or where that is the difference of two positive terms (a probability minus
a soft target), the larger term, or the sum of their sizes.
It counts wherever the exact result is a normal number of the type.

`python -m tests.test_losses_accuracy` prints the errors themselves.
"""

import warnings
from functools import cache

import mpmath
import numpy as np
import pytest

from actlib import losses

MP = mpmath.MPContext()
MP.dps = 50
LIMIT = {np.float64: 4e-15, np.float32: 1e-6}  # 18 and 8 units in the last place
CASES = {}  # name -> a generator of (answers, exact, sizes) for a dtype


def case(function):
    CASES[function.__name__] = function
    return function


@cache
def measure(name, dtype):
    """The largest error of a function over its case."""
    errors = []
    for answers, exact, *sizes in CASES[name](dtype):
        assert np.size(answers) == len(exact)
        errors += _errors(answers, exact, *sizes)
    assert len(errors) > 20  # the grid reaches where something can be compared
    return max(errors)


def _errors(answers, exact, sizes=None):
    info = np.finfo(answers.dtype)
    return [
        float(abs(MP.mpf(answer) - wanted) / abs(size))
        for answer, wanted, size in zip(
            np.ravel(answers).tolist(), exact, sizes or exact, strict=True
        )
        if info.tiny <= abs(wanted) <= info.max
    ]


def mp_pairs(*arrays):
    return zip(*(map(MP.mpf, a.ravel().tolist()) for a in arrays), strict=True)


# ------------------------------------------------------------ number by number
#
# A loss of single numbers needs a grid of predictions and targets, its cost and its slope
# in 50 digits. A slope that is a difference is given as its two terms.


def sigmoid(z):
    return 1 / (1 + MP.exp(-z))


def softplus(z):
    return MP.log1p(MP.exp(z))


def log_cosh(e):
    e = abs(e)
    return MP.log1p(2 * MP.sinh(e / 2) ** 2) if e < 99 else e - MP.log(2) + MP.log1p(MP.exp(-2 * e))


def focal(z, t, gamma, alpha):
    s, weight = (z, alpha) if t else (-z, 1 - alpha)
    return weight * sigmoid(-s) ** gamma * softplus(-s)


def d_focal(z, t, gamma, alpha):
    s, weight = (z, -alpha) if t else (-z, 1 - alpha)
    wrong = sigmoid(-s)
    return weight * wrong**gamma * (wrong + gamma * sigmoid(s) * softplus(-s))


def crossed(*grids):
    return [a.reshape(-1, 1) for a in np.meshgrid(*grids)]


def errors_of_all_sizes(dtype):
    """Tiny, ordinary and huge errors, nearly equal pairs, and log_cosh's seam."""
    rng = np.random.default_rng(6)
    big = 150 if dtype is np.float64 else 17
    sizes = 10.0 ** np.arange(-big, big + 1, max(1, big // 12))
    seam = np.r_[np.linspace(0.05, 12, 120), np.nextafter(4, [0, 9]), 30, 90, 700, 1.3]
    a = np.r_[sizes, -sizes, rng.uniform(-5, 5, 60), seam, 2]
    b = np.r_[0 * sizes, sizes / 3, rng.uniform(-5, 5, 60), 0 * seam, 2 - 1e-6]
    return a.astype(dtype).reshape(-1, 1), b.astype(dtype).reshape(-1, 1)


def logits(dtype, targets=(0, 1, 0.5, 0.3, 0.9, 1e-20, 1 - 1e-15)):
    z = np.r_[-700:701:35, -40.5, -37, -1e-3, -1e-300, 1e-20, 0.3, 17, 36.9, 37.5, 710]
    return crossed(z.astype(dtype), np.array(targets, dtype))


def probabilities(dtype):
    eps = float(np.finfo(dtype).eps)
    q = [1e-30, 1e-9, 0.1, 0.3, 0.5, 0.7, 0.999, 1 - eps, 1 - eps / 2]
    q += [1e-300] if dtype is np.float64 else []
    return crossed(np.array(q, dtype), np.array([0, 1, 0.5, 0.3, 0.9, 1e-20], dtype))


def margins(dtype):
    s = np.r_[-700:701:50, 0.999999, 1, 1.000001, -0.5, 1e-12]
    return crossed(s.astype(dtype), np.array([-1, 1], dtype))


NUMBERS = {  # name: (grid, cost, slope, parameters)
    "mse": (errors_of_all_sizes, lambda a, b: (a - b) ** 2, lambda a, b: 2 * (a - b), {}),
    "mae": (errors_of_all_sizes, lambda a, b: abs(a - b), lambda a, b: MP.sign(a - b), {}),
    "huber": (
        errors_of_all_sizes,
        lambda a, b, delta: (
            (a - b) ** 2 / 2 if abs(a - b) <= delta else delta * (abs(a - b) - delta / 2)
        ),
        lambda a, b, delta: max(-delta, min(delta, a - b)),
        {"delta": 1.3},
    ),
    "log_cosh": (
        errors_of_all_sizes,
        lambda a, b: log_cosh(a - b),
        lambda a, b: MP.tanh(max(-1000, min(1000, a - b))),
        {},
    ),
    "quantile": (
        errors_of_all_sizes,
        lambda a, b, level: level * (b - a) if a < b else (1 - level) * (a - b),
        lambda a, b, level: -level if a < b else (1 - level) * MP.sign(a - b),
        {"level": 0.3},
    ),
    "binary_cross_entropy": (
        probabilities,
        lambda q, t: -t * MP.log(q) - (1 - t) * MP.log(1 - q),
        lambda q, t: (q - t) / (q * (1 - q)),
        {},
    ),
    "binary_cross_entropy_with_logits": (
        logits,
        lambda z, t: t * softplus(-z) + (1 - t) * softplus(z),
        lambda z, t: (1 - t, sigmoid(-z)) if t > 0.5 else (sigmoid(z), t),
        {},
    ),
    "focal": (
        lambda dtype: logits(dtype, [0, 1]),
        focal,
        d_focal,
        {"gamma": 1.5, "alpha": 0.3},
    ),
    "hinge": (
        margins,
        lambda s, t: max(0, 1 - s * t),
        lambda s, t: -t if s * t < 1 else MP.mpf(0),
        {},
    ),
}


def _number_case(name, slope):
    grid, *exact, parameters = NUMBERS[name]
    ours, exact = getattr(losses, "d_" * slope + name), exact[slope]

    def single_numbers(dtype):
        given = {k: float(dtype(v)) for k, v in parameters.items()}
        a, b = grid(dtype)
        in_mp = {k: MP.mpf(v) for k, v in given.items()}
        results = [exact(x, y, **in_mp) for x, y in mp_pairs(a, b)]
        terms = [r if isinstance(r, tuple) else (r, MP.mpf(0)) for r in results]
        results = [first - second for first, second in terms]
        sizes = [max(abs(first), abs(second)) for first, second in terms]
        yield ours(a, b, runs=1, **given), results, sizes
        batch = ours(a, b, **given)  # the same numbers as one batch
        if slope:
            yield batch, [r / len(a) for r in results], [s / len(a) for s in sizes]
        elif np.isfinite(batch):
            yield batch, [MP.fsum(results) / len(a)]

    return single_numbers


for _name in NUMBERS:
    CASES[_name], CASES[f"d_{_name}"] = _number_case(_name, False), _number_case(_name, True)


@case
def rmse(dtype):
    a, b = errors_of_all_sizes(dtype)
    yield losses.rmse(a, b, runs=1), [abs(x - y) for x, y in mp_pairs(a, b)]
    yield losses.rmse(a, b), [MP.sqrt(MP.fsum((x - y) ** 2 for x, y in mp_pairs(a, b)) / a.size)]


@case
def d_rmse(dtype):
    a, b = np.random.default_rng(7).normal(0, 30, (2, 100, 4)).astype(dtype)
    root = MP.sqrt(MP.fsum((x - y) ** 2 for x, y in mp_pairs(a, b)) / a.size)
    yield losses.d_rmse(a, b), [(x - y) / root / a.size for x, y in mp_pairs(a, b)]


# ------------------------------------------------------------ row by row


def logit_rows(dtype, longest=1000):
    """Rows of logits: up to 1,000 classes, up to ±700, ties and runaway winners among them."""
    rng = np.random.default_rng(3)
    rows = [
        [700.0, -700.0],
        [-700.0, -699.0, -700.0],
        [0.0, 0.0, 0.0, 0.0],
        [40.0, 0.0],
        [1e-9, -1e-9, 3e-300],
        [700.0, 699.5, 0.1, -0.1, -8.3],
        [2.0],
    ]
    for k, scale in [(2, 1), (3, 700), (10, 30), (10, 700), (100, 5), (1000, 700)]:
        rows.append(rng.uniform(-scale, scale, k))
    rows.append(np.r_[660.3, rng.uniform(-40, 40, 999)])
    return [np.asarray(row, dtype) for row in rows if len(row) <= longest]


def exact_softmax(row, temperature=1.0):
    """Return q, 1 - q and log q."""
    return _exact_softmax(tuple(row.tolist()), temperature)


@cache
def _exact_softmax(row, temperature):
    x = [MP.mpf(v) / temperature for v in row]
    top = max(range(len(x)), key=x.__getitem__)
    powers = [MP.exp(v - x[top]) for v in x]
    rest = MP.fsum(p for i, p in enumerate(powers) if i != top)
    others = [rest if i == top else 1 + rest - p for i, p in enumerate(powers)]
    log_total = MP.log1p(rest)
    return (
        [p / (1 + rest) for p in powers],
        [o / (1 + rest) for o in others],
        [v - x[top] - log_total for v in x],
    )


@case
def softmax(dtype):
    for row in logit_rows(dtype):
        for t in map(float, np.array([1.0, 0.7, 3.3, 2.0], dtype)):
            yield losses.softmax(row, t), exact_softmax(row, t)[0]
    wide = np.stack([row for row in logit_rows(dtype) if len(row) == 1000])
    by_column = losses.softmax(wide.T, axis=0)  # summed across memory
    yield by_column.T, [q for row in wide for q in exact_softmax(row)[0]]


@case
def softmax_jacobian(dtype):
    t = float(dtype(0.7))
    for row in logit_rows(dtype, longest=100):
        q, rest, _ = exact_softmax(row, t)
        n = range(len(row))
        exact = [q[i] * rest[i] / t if i == j else -q[i] * q[j] / t for i in n for j in n]
        yield losses.softmax_jacobian(row, t), exact


def class_batches(dtype, hard=False):
    """Yield logits (n, k), a target and the same target as exact rows."""
    rng = np.random.default_rng(4)
    for row in logit_rows(dtype):
        k, best = len(row), int(row.argmax())
        z, labels = np.stack([row, row[::-1]]), np.array([best, rng.integers(k)])
        yield z, labels, np.eye(k)[labels]
        if not hard:
            soft = rng.dirichlet(np.full(k, 0.3), 2).astype(dtype)
            yield z, soft, soft
            sure = np.full((2, k), 1e-9 / max(k - 1, 1), dtype)
            sure[:, best] = 1 - 1e-9
            yield z, sure, sure


def smoothed(dtype):
    eps = MP.mpf(float(dtype(0.1)))
    for z, labels, rows in class_batches(dtype, hard=True):
        yield z, labels, np.array([[(1 - eps) * t + eps / len(r) for t in r] for r in rows])


def _class_case(name, slope, batches):
    ours = getattr(losses, "d_" * slope + name)

    def rows_of_classes(dtype):
        for z, target, rows in batches(dtype):
            value, gradient, sizes, n = MP.mpf(0), [], [], len(z)
            for row, weights in zip(z, rows, strict=True):
                exact = zip(map(MP.mpf, weights.tolist()), *exact_softmax(row), strict=True)
                for t, q, complement, log_q in exact:
                    value -= t * log_q / n
                    one, other = (1 - t, complement) if t > 0.5 else (q, t)
                    gradient.append((one - other) / n)
                    sizes.append(max(one, other) / n)
            if slope:
                yield ours(z, target), gradient, sizes
            else:
                yield ours(np.stack([z, z]), target, runs=1), [value, value]

    return rows_of_classes


for _name, _batches in (
    ("cross_entropy_with_logits", class_batches),
    ("label_smoothing", smoothed),
):
    CASES[_name] = _class_case(_name, False, _batches)
    CASES[f"d_{_name}"] = _class_case(_name, True, _batches)


def distributions(dtype):
    """Yield pairs p, q of (n, k): far apart, close together, with zeros in p."""
    rng = np.random.default_rng(5)
    for k, n in ((2, 9), (3, 3), (10, 3), (1000, 1)):
        for spread in (0.05, 1.0):
            p = rng.dirichlet(np.full(k, spread), n).astype(dtype)
            q = np.maximum(rng.dirichlet(np.full(k, 1.0), n), 1e-30).astype(dtype)
            yield p, q
            close = np.maximum(p * (1 + 1e-5 * rng.standard_normal(p.shape)), 1e-30)
            yield p, (close / close.sum(-1, keepdims=True)).astype(dtype)
    yield np.array([[1.0, 0.0]], dtype), np.array([[1 - 1e-7, 1e-7]], dtype)


def _information(ours, term):
    """Each row's sum of terms, relative to the sum of the terms' sizes."""

    def rows_of_probabilities(dtype):
        for p, q in distributions(dtype):
            terms = [
                [term(a, b) if a else MP.mpf(0) for a, b in mp_pairs(*row)]
                for row in zip(p, q, strict=True)
            ]
            sizes = [MP.fsum(map(abs, row)) for row in terms]
            yield ours(p, q, runs=1), [MP.fsum(row) for row in terms], sizes
            yield ours(p, q), [MP.fsum(map(MP.fsum, terms)) / len(p)], [MP.fsum(sizes) / len(p)]

    return rows_of_probabilities


@case
def d_categorical_cross_entropy(dtype):
    for p, q in distributions(dtype):
        exact = [-a / b / len(p) for a, b in mp_pairs(p, q)]
        yield losses.d_categorical_cross_entropy(q, p), exact


CASES |= {
    "entropy": _information(
        lambda p, q, **runs: losses.entropy(p, **runs), lambda a, b: -a * MP.log(a)
    ),
    "cross_entropy": _information(losses.cross_entropy, lambda a, b: -a * MP.log(b)),
    "categorical_cross_entropy": _information(
        lambda p, q, **runs: losses.categorical_cross_entropy(q, p, **runs),
        lambda a, b: -a * MP.log(b),
    ),
}


# ------------------------------------------------------------


def test_every_public_function_is_measured():
    functions = set(losses.__all__) - {"LOSSES", "Loss"}
    exact = {"one_hot", "smooth_labels"}  # a comparison, and one multiplication
    twice = {"d_softmax"}  # softmax_jacobian, by a second name
    assert functions - exact - twice == set(CASES)


@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
@pytest.mark.parametrize("name", CASES)
def test_relative_error(name, dtype):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert measure(name, dtype) <= LIMIT[dtype]


if __name__ == "__main__":
    for name in CASES:
        print(f"{name:34} {measure(name, np.float64):.1e}  {measure(name, np.float32):.1e}")
