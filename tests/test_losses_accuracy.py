"""Softmax, the losses and their gradients against 50 digits.

A case gives a function's answers, what they should be, and what the error is relative to:
the exact result, or where that is the difference of two positive terms (a probability minus
a soft target), the larger term, or the sum of their sizes.
It counts wherever the exact result is a normal number of the type.

`python -m tests.test_losses_accuracy` prints the errors themselves.
"""

import warnings
from functools import cache

import numpy as np
import pytest

from actlib import losses
from tests.exact_losses import (
    MP,
    NUMBERS,
    class_batches,
    distributions,
    errors_of_all_sizes,
    exact_softmax,
    logit_rows,
    mp_pairs,
    smoothed,
)

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


# ------------------------------------------------------------ number by number
#
# A loss of single numbers needs a grid of predictions and targets, its cost and its slope
# in 50 digits. A slope that is a difference is given as its two terms.


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
