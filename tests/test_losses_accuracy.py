"""Softmax, the losses and their gradients against 50 digits.

Every case returns the worst relative error wherever the exact result is a normal number.
Where a result is the difference of two positive terms (a probability minus a soft target,
the logarithm that log_sum_exp adds to the largest logit, the terms of kl_divergence), the
error is relative to the larger term, or to the sum of their sizes.

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
LIMIT = {np.float64: 1e-14, np.float32: 1e-6}  # 45 and 8 units in the last place
CASES = {}


def case(function):
    CASES[function.__name__] = cache(function)
    return function


def worst(ours, exact, scale=None):
    """The largest error relative to scale (default: the exact result)."""
    ours = np.asarray(ours)
    flat = [exact] if ours.ndim == 0 else exact
    sizes = flat if scale is None else ([scale] if ours.ndim == 0 else scale)
    assert ours.size == len(flat) == len(sizes)
    info, largest, compared = np.finfo(ours.dtype), MP.mpf(0), 0
    for value, wanted, size in zip(ours.ravel().tolist(), flat, sizes, strict=True):
        if info.tiny <= abs(wanted) <= info.max:
            compared += 1
            largest = max(largest, abs(value - wanted) / abs(size))
    assert compared or all(abs(wanted) < info.tiny for wanted in flat)
    return float(largest)


def logit_rows(dtype):
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
    return [np.asarray(row, dtype) for row in rows]


def exact_softmax(row, temperature=1.0):
    """Return q, 1 - q, log q, the largest logit, and log_sum_exp minus that."""
    return _exact_softmax(tuple(row.tolist()), temperature)


@cache
def _exact_softmax(row, temperature):
    x = [MP.mpf(v) / temperature for v in row]
    top = max(range(len(x)), key=x.__getitem__)
    powers = [MP.exp(v - x[top]) for v in x]
    rest = MP.fsum(p for i, p in enumerate(powers) if i != top)
    others = [rest if i == top else 1 + rest - p for i, p in enumerate(powers)]
    q = [p / (1 + rest) for p in powers]
    return (
        q,
        [o / (1 + rest) for o in others],
        [v - x[top] - MP.log1p(rest) for v in x],
        x[top],
        MP.log1p(rest),
    )


TEMPERATURES = (1.0, 0.7, 3.3, 2.0)


@case
def softmax(dtype):
    errors = []
    for row in logit_rows(dtype):
        for t in TEMPERATURES:
            t = float(dtype(t))
            errors.append(worst(losses.softmax(row, t), exact_softmax(row, t)[0]))
    wide = np.stack([r for r in logit_rows(dtype) if len(r) == 1000])
    by_column = losses.softmax(wide.T, axis=0)  # summed across memory
    errors += [worst(by_column[:, i], exact_softmax(r)[0]) for i, r in enumerate(wide)]
    return max(errors)


@case
def log_softmax(dtype):
    return max(
        worst(losses.log_softmax(row, t), exact_softmax(row, t)[2])
        for row in logit_rows(dtype)
        for t in (1.0, float(dtype(0.7)))
    )


@case
def log_sum_exp(dtype):
    errors = []
    for row in logit_rows(dtype):
        *_, top, added = exact_softmax(row)
        size = max(abs(top), added) or 1
        errors.append(worst(losses.log_sum_exp(row), top + added, size))
    return max(errors)


@case
def softmax_jacobian(dtype):
    errors = []
    for row in logit_rows(dtype):
        if len(row) > 100:
            continue
        t = float(dtype(0.7))
        q, rest, *_ = exact_softmax(row, t)
        n = range(len(row))
        exact = [q[i] * rest[i] / t if i == j else -q[i] * q[j] / t for i in n for j in n]
        errors.append(worst(losses.softmax_jacobian(row, t), exact))
    return max(errors)


@case
def d_log_softmax(dtype):
    errors = []
    for row in logit_rows(dtype):
        if len(row) > 100:
            continue
        q, rest, *_ = exact_softmax(row)
        n = range(len(row))
        exact = [rest[i] if i == j else -q[j] for i in n for j in n]
        errors.append(worst(losses.d_log_softmax(row), exact))
    return max(errors)


def class_batches(dtype):
    """Yield logits (n, k), a target and the same target as exact rows."""
    rng = np.random.default_rng(4)
    for row in logit_rows(dtype):
        k = len(row)
        logits = np.stack([row, row[::-1]])
        best = int(row.argmax())
        labels = np.array([best, rng.integers(k)])
        yield logits, labels, np.eye(k)[labels]
        soft = rng.dirichlet(np.full(k, 0.3), 2).astype(dtype)
        yield logits, soft, soft
        sure = np.full((2, k), 1e-9 / max(k - 1, 1), dtype)
        sure[:, best] = 1 - 1e-9
        yield logits, sure, sure


def exact_class_loss(logits, target):
    """Return the mean cross-entropy, its gradient, and the larger term of each entry."""
    value, gradient, sizes, n = MP.mpf(0), [], [], len(logits)
    for row, weights in zip(logits, target, strict=True):
        q, rest, log_q, *_ = exact_softmax(row)
        for t, a, b, log_a in zip(map(MP.mpf, weights.tolist()), q, rest, log_q, strict=True):
            value -= t * log_a / n
            one, other = (1 - t, b) if t > 0.5 else (a, t)
            gradient.append((one - other) / n)
            sizes.append(max(one, other) / n)
    return value, gradient, sizes


@case
def cross_entropy_with_logits(dtype):
    return max(
        worst(losses.cross_entropy_with_logits(z, target), exact_class_loss(z, rows)[0])
        for z, target, rows in class_batches(dtype)
    )


@case
def d_cross_entropy_with_logits(dtype):
    return max(
        worst(losses.d_cross_entropy_with_logits(z, target), *exact_class_loss(z, rows)[1:])
        for z, target, rows in class_batches(dtype)
    )


def smoothed(dtype):
    for z, labels, rows in class_batches(dtype):
        if labels.ndim == 1:
            eps = MP.mpf(float(dtype(0.1)))
            yield z, labels, np.array([[(1 - eps) * t + eps / len(r) for t in r] for r in rows])


@case
def label_smoothing(dtype):
    return max(
        worst(losses.label_smoothing(z, labels, 0.1), exact_class_loss(z, rows)[0])
        for z, labels, rows in smoothed(dtype)
    )


@case
def d_label_smoothing(dtype):
    return max(
        worst(losses.d_label_smoothing(z, labels, 0.1), *exact_class_loss(z, rows)[1:])
        for z, labels, rows in smoothed(dtype)
    )


def binary_grid(dtype, soft=True):
    z = np.r_[-700:701:35, -40.5, -37, -1e-3, -1e-300, 1e-20, 0.3, 17, 36.9, 37.5, 710]
    t = [0, 1, 0.5, 0.3, 0.9, 1e-20, 1 - 1e-15] if soft else [0, 1]
    z, t = np.meshgrid(z.astype(dtype), np.array(t, dtype))
    return z.reshape(-1, 1), t.reshape(-1, 1)


def mp_pairs(*arrays):
    return zip(*(map(MP.mpf, a.ravel().tolist()) for a in arrays), strict=True)


def mp_sigmoid(z):
    return 1 / (1 + MP.exp(-z))


def mp_softplus(z):
    return MP.log1p(MP.exp(z))


@case
def binary_cross_entropy_with_logits(dtype):
    z, t = binary_grid(dtype)
    exact = [b * mp_softplus(-a) + (1 - b) * mp_softplus(a) for a, b in mp_pairs(z, t)]
    together = worst(losses.binary_cross_entropy_with_logits(z, t), MP.fsum(exact) / len(exact))
    return max(together, worst(losses.binary_cross_entropy_with_logits(z, t, runs=1), exact))


@case
def d_binary_cross_entropy_with_logits(dtype):
    z, t = binary_grid(dtype)
    terms = [(1 - b, mp_sigmoid(-a)) if b > 0.5 else (mp_sigmoid(a), b) for a, b in mp_pairs(z, t)]
    exact, sizes = [a - b for a, b in terms], [max(a, b) for a, b in terms]
    return worst(losses.d_binary_cross_entropy_with_logits(z, t, runs=1), exact, sizes)


@case
def focal(dtype):
    z, t = binary_grid(dtype, soft=False)
    alpha, gamma, exact = float(dtype(0.3)), 1.5, []
    for a, b in mp_pairs(z, t):
        s, weight = (a, alpha) if b else (-a, 1 - MP.mpf(alpha))
        exact.append(weight * mp_sigmoid(-s) ** gamma * mp_softplus(-s))
    return worst(losses.focal(z, t, gamma, alpha, runs=1), exact)


@case
def d_focal(dtype):
    z, t = binary_grid(dtype, soft=False)
    alpha, gamma, exact = float(dtype(0.3)), 1.5, []
    for a, b in mp_pairs(z, t):
        s, weight = (a, -alpha) if b else (-a, 1 - MP.mpf(alpha))
        wrong = mp_sigmoid(-s)
        exact.append(weight * wrong**gamma * (wrong + gamma * mp_sigmoid(s) * mp_softplus(-s)))
    return worst(losses.d_focal(z, t, gamma, alpha, runs=1), exact)


def probability_grid(dtype):
    eps = float(np.finfo(dtype).eps)
    q = [1e-30, 1e-9, 0.1, 0.3, 0.5, 0.7, 0.999, 1 - eps, 1 - eps / 2]
    q += [1e-300] if dtype is np.float64 else []
    q, t = np.meshgrid(np.array(q, dtype), np.array([0, 1, 0.5, 0.3, 0.9, 1e-20], dtype))
    return q.reshape(-1, 1), t.reshape(-1, 1)


@case
def binary_cross_entropy(dtype):
    q, t = probability_grid(dtype)
    exact = [-b * MP.log(a) - (1 - b) * MP.log(1 - a) for a, b in mp_pairs(q, t)]
    return worst(losses.binary_cross_entropy(q, t, runs=1), exact)


@case
def d_binary_cross_entropy(dtype):
    q, t = probability_grid(dtype)
    exact = [(a - b) / (a * (1 - a)) for a, b in mp_pairs(q, t)]
    return worst(losses.d_binary_cross_entropy(q, t, runs=1), exact)


def distributions(dtype):
    """Yield pairs p, q of (n, k): far apart, close together, with zeros in p."""
    rng = np.random.default_rng(5)
    for k, n in ((2, 3), (3, 3), (10, 3), (1000, 1)):
        for spread in (0.05, 1.0):
            p = rng.dirichlet(np.full(k, spread), n).astype(dtype)
            q = np.maximum(rng.dirichlet(np.full(k, 1.0), n), 1e-30).astype(dtype)
            yield p, q
            close = p * (1 + 1e-5 * rng.standard_normal(p.shape))
            yield p, (close / close.sum(-1, keepdims=True)).astype(dtype)
    yield np.array([[1.0, 0.0]], dtype), np.array([[1 - 1e-7, 1e-7]], dtype)


def _information(dtype, ours, term, absolute=False):
    errors = []
    for p, q in distributions(dtype):
        terms = [term(a, b) / len(p) if a else MP.mpf(0) for a, b in mp_pairs(p, q)]
        if any(not MP.isfinite(v) for v in terms):
            continue
        scale = MP.fsum(map(abs, terms)) if absolute else None
        errors.append(worst(ours(p, q), MP.fsum(terms), scale))
    assert len(errors) >= 10
    return max(errors)


def mp_log(v):
    return MP.log(v) if v else MP.ninf


@case
def entropy(dtype):
    return _information(dtype, lambda p, q: losses.entropy(p), lambda a, b: -a * MP.log(a))


@case
def cross_entropy(dtype):
    return _information(dtype, losses.cross_entropy, lambda a, b: -a * mp_log(b))


@case
def kl_divergence(dtype):
    def term(a, b):
        return a * (MP.log(a) - mp_log(b))

    return _information(dtype, losses.kl_divergence, term, absolute=True)


@case
def categorical_cross_entropy(dtype):
    def swap(p, q):
        return losses.categorical_cross_entropy(q, p)

    return _information(dtype, swap, lambda a, b: -a * mp_log(b))


def _d_information(dtype, ours):
    errors = []
    for p, q in distributions(dtype):
        q = np.maximum(q, 1e-30).astype(dtype)
        exact = [-a / b / len(p) for a, b in mp_pairs(p, q)]
        errors.append(worst(ours(p, q), exact))
    return max(errors)


@case
def d_cross_entropy(dtype):
    return _d_information(dtype, losses.d_cross_entropy)


@case
def d_kl_divergence(dtype):
    return _d_information(dtype, losses.d_kl_divergence)


@case
def d_categorical_cross_entropy(dtype):
    return _d_information(dtype, lambda p, q: losses.d_categorical_cross_entropy(q, p))


@case
def d_entropy(dtype):
    errors = []
    for p, _ in distributions(dtype):
        p = np.maximum(p, 1e-30).astype(dtype)
        terms = [(MP.log(a), MP.mpf(1)) for (a,) in mp_pairs(p)]
        exact = [-(a + 1) / len(p) for a, _ in terms]
        sizes = [max(abs(a), 1) / len(p) for a, _ in terms]
        errors.append(worst(losses.d_entropy(p), exact, sizes))
    return max(errors)


def regression_grid(dtype):
    """Predictions and targets (n, 1): tiny, ordinary and huge errors, nearly equal pairs."""
    rng = np.random.default_rng(6)
    big = 150 if dtype is np.float64 else 17
    sizes = 10.0 ** np.arange(-big, big + 1, max(1, big // 12))
    a = np.r_[sizes, -sizes, rng.uniform(-5, 5, 60), 700, 1.3, 3.9999, 4.0001, 2]
    b = np.r_[0 * sizes, sizes / 3, rng.uniform(-5, 5, 60), -700, 0, 0, 0, 2 - 1e-6]
    return a.astype(dtype).reshape(-1, 1), b.astype(dtype).reshape(-1, 1)


def ordinary_batch(dtype):
    rng = np.random.default_rng(7)
    return rng.normal(0, 30, (100, 4)).astype(dtype), rng.normal(0, 30, (100, 4)).astype(dtype)


def _value(dtype, ours, term):
    a, b = regression_grid(dtype)
    single = worst(ours(a, b, runs=1), [term(x - y) for x, y in mp_pairs(a, b)])
    a, b = ordinary_batch(dtype)
    exact = MP.fsum(term(x - y) for x, y in mp_pairs(a, b)) / a.size
    return max(single, worst(ours(a, b), exact))


def _gradient(dtype, ours, slope):
    a, b = regression_grid(dtype)
    single = worst(ours(a, b, runs=1), [slope(x - y) for x, y in mp_pairs(a, b)])
    a, b = ordinary_batch(dtype)
    return max(single, worst(ours(a, b), [slope(x - y) / a.size for x, y in mp_pairs(a, b)]))


@case
def mse(dtype):
    return _value(dtype, losses.mse, lambda e: e**2)


@case
def d_mse(dtype):
    return _gradient(dtype, losses.d_mse, lambda e: 2 * e)


@case
def rmse(dtype):
    a, b = ordinary_batch(dtype)
    exact = MP.sqrt(MP.fsum((x - y) ** 2 for x, y in mp_pairs(a, b)) / a.size)
    single = worst(
        losses.rmse(*regression_grid(dtype), runs=1),
        [abs(x - y) for x, y in mp_pairs(*regression_grid(dtype))],
    )
    return max(single, worst(losses.rmse(a, b), exact))


@case
def d_rmse(dtype):
    a, b = ordinary_batch(dtype)
    root = MP.sqrt(MP.fsum((x - y) ** 2 for x, y in mp_pairs(a, b)) / a.size)
    exact = [(x - y) / root / a.size for x, y in mp_pairs(a, b)]
    return worst(losses.d_rmse(a, b), exact)


@case
def mae(dtype):
    return _value(dtype, losses.mae, abs)


@case
def d_mae(dtype):
    return _gradient(dtype, losses.d_mae, MP.sign)


@case
def huber(dtype):
    delta = float(dtype(1.3))
    return _value(
        dtype,
        lambda a, b, **runs: losses.huber(a, b, delta, **runs),
        lambda e: e**2 / 2 if abs(e) <= delta else delta * (abs(e) - MP.mpf(delta) / 2),
    )


@case
def d_huber(dtype):
    delta = float(dtype(1.3))
    return _gradient(
        dtype,
        lambda a, b, **runs: losses.d_huber(a, b, delta, **runs),
        lambda e: max(-MP.mpf(delta), min(MP.mpf(delta), e)),
    )


@case
def log_cosh(dtype):
    def exact(e):
        e = abs(e)
        if e < 100:
            return MP.log1p(2 * MP.sinh(e / 2) ** 2)
        return e - MP.log(2) + MP.log1p(MP.exp(-2 * e))

    return _value(dtype, losses.log_cosh, exact)


@case
def d_log_cosh(dtype):
    return _gradient(dtype, losses.d_log_cosh, lambda e: MP.tanh(max(-1000, min(1000, e))))


@case
def quantile(dtype):
    level = float(dtype(0.3))
    return _value(
        dtype,
        lambda a, b, **runs: losses.quantile(a, b, level, **runs),
        lambda e: -level * e if e < 0 else (1 - MP.mpf(level)) * e,
    )


@case
def d_quantile(dtype):
    level = float(dtype(0.3))
    return _gradient(
        dtype,
        lambda a, b, **runs: losses.d_quantile(a, b, level, **runs),
        lambda e: MP.mpf(-level) if e < 0 else (1 - MP.mpf(level)) * MP.sign(e),
    )


@case
def hinge(dtype):
    s, t = _margins(dtype)
    exact = [max(0, 1 - a * b) for a, b in mp_pairs(s, t)]
    return worst(losses.hinge(s, t, runs=1), exact)


@case
def d_hinge(dtype):
    s, t = _margins(dtype)
    exact = [-b if a * b < 1 else MP.mpf(0) for a, b in mp_pairs(s, t)]
    return worst(losses.d_hinge(s, t, runs=1), exact)


def _margins(dtype):
    s = np.r_[-700:701:50, 0.999999, 1, 1.000001, -0.5, 1e-12].astype(dtype)
    s, t = np.meshgrid(s, np.array([-1, 1], dtype))
    return s.reshape(-1, 1), t.reshape(-1, 1)


def test_every_public_function_is_measured():
    functions = {n for n in losses.__all__ if n not in {"LOSSES", "Loss"}}
    left_out = {"one_hot", "smooth_labels"}  # exact, and one multiplication
    twice = {"d_softmax", "d_log_sum_exp"}  # softmax_jacobian and softmax by another name
    assert functions - left_out - twice == set(CASES)


@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
@pytest.mark.parametrize("name", CASES)
def test_relative_error(name, dtype):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert CASES[name](dtype) <= LIMIT[dtype]


STEPS = {np.float64: ("1e-15", "2e-15", "5e-15", "1e-14"), np.float32: ("5e-7", "1e-6")}


def rows():
    """Rows of the table in the book: bounds in coarse steps, the same on every processor."""
    lines = []
    for name, measure in CASES.items():
        bounds = [
            next((step for step in STEPS[dtype] if measure(dtype) <= float(step)), "more")
            for dtype in STEPS
        ]
        lines.append(f"| `{name}` | {' | '.join(bounds)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    for name, measure in CASES.items():
        print(f"{name:34} {measure(np.float64):.1e}  {measure(np.float32):.1e}")
