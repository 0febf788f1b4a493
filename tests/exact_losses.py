"""Losses and softmax in 50 digits, and the batches to try them on."""

from functools import cache

import mpmath
import numpy as np

MP = mpmath.MPContext()
MP.dps = 50


def mp_pairs(*arrays):
    return zip(*(map(MP.mpf, a.ravel().tolist()) for a in arrays), strict=True)


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
