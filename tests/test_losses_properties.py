"""Identities of softmax and the losses, that hold for any input."""

import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from actlib import losses
from actlib.losses import LOSSES

PROPERTY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

EPS = np.finfo(float).eps
FLOATS = st.floats(-700, 700)
ROWS = hnp.arrays(float, st.tuples(st.integers(1, 4), st.integers(2, 8)), elements=FLOATS)


@st.composite
def distributions(draw, n=2):
    """Several arrays of one shape whose rows sum to 1, exact zeros among them."""
    shape = draw(st.tuples(st.integers(1, 3), st.integers(2, 8)))
    weights = st.one_of(st.just(0.0), st.floats(1e-6, 1))
    arrays = []
    for _ in range(n):
        w = draw(hnp.arrays(float, shape, elements=weights))
        w[:, 0] += 1e-3
        arrays.append(w / w.sum(axis=-1, keepdims=True))
    return arrays


@PROPERTY
@given(ROWS, st.floats(0.05, 50))
def test_softmax_rows_sum_to_one(x, temperature):
    q = losses.softmax(x, temperature)
    np.testing.assert_allclose(q.sum(axis=-1), 1, rtol=8 * EPS)
    assert ((q >= 0) & (q <= 1)).all()
    order = np.argsort(x, axis=-1)
    assert (np.diff(np.take_along_axis(q, order, -1), axis=-1) >= 0).all()


@PROPERTY
@given(
    hnp.arrays(float, (2, 5), elements=st.integers(-(2**20), 2**20)), st.integers(-(2**30), 2**30)
)
def test_softmax_does_not_see_a_shift(x, shift):
    x = x / 2**10  # so that the shifted sum is exact
    np.testing.assert_array_equal(losses.softmax(x + shift), losses.softmax(x))


@PROPERTY
@given(distributions())
def test_cross_entropy_is_at_least_entropy(pair):
    p, q = pair
    floor = losses.entropy(p)
    assert 0 <= floor <= np.log(p.shape[-1]) + 8 * EPS
    np.testing.assert_allclose(losses.cross_entropy(p, p), floor, rtol=4 * EPS)
    assert losses.cross_entropy(p, q) >= floor - 8 * EPS
    assert losses.categorical_cross_entropy(q, p) == losses.cross_entropy(p, q)


@PROPERTY
@given(FLOATS, st.integers(0, 1))
def test_without_focus_or_smoothing_it_is_cross_entropy(z, t):
    plain = losses.binary_cross_entropy_with_logits([z], [t])
    slope = losses.d_binary_cross_entropy_with_logits([z], [t])[0]
    assert losses.focal([z], [t], gamma=0, alpha=None) == pytest.approx(plain, rel=1e-14)
    assert losses.d_focal([z], [t], gamma=0, alpha=None)[0] == pytest.approx(slope, rel=1e-14)
    assert losses.focal([z], [t], alpha=None) <= plain
    rows = [[z, 0.0]]
    same = losses.cross_entropy_with_logits(rows, [t])
    assert losses.label_smoothing(rows, [t], smoothing=0) == same


@pytest.mark.parametrize("name", sorted(LOSSES))
@PROPERTY
@given(st.data())
def test_fitting_input_is_taken(name, data):
    """Where kind and shape are right, a finite batch gives a number, and a gradient."""
    record = LOSSES[name]
    dtype = data.draw(st.sampled_from([np.float16, np.float32, np.float64]))
    shape = data.draw(st.tuples(st.integers(1, 3), st.integers(1, 4)))
    width = 8 * np.dtype(dtype).itemsize
    finite = st.floats(allow_nan=False, allow_infinity=False, width=width)
    prediction = data.draw(hnp.arrays(dtype, shape, elements=finite))
    if record.takes == "probabilities":
        prediction = losses.softmax(prediction)
    kinds = {
        "real numbers": lambda: data.draw(hnp.arrays(dtype, shape, elements=finite)),
        "numbers from 0 to 1": lambda: data.draw(
            hnp.arrays(dtype, shape, elements=st.floats(0, 1, width=width))
        ),
        "0 or 1": lambda: data.draw(hnp.arrays(int, shape, elements=st.integers(0, 1))),
        "-1 or 1": lambda: data.draw(hnp.arrays(int, shape, elements=st.sampled_from([-1, 1]))),
        "class labels, one-hot rows or probabilities": lambda: data.draw(
            hnp.arrays(int, shape[:1], elements=st.integers(0, shape[1] - 1))
        ),
    }
    target = kinds[record.target]()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value, gradient = record(prediction, target), record.gradient(prediction, target)
    assert value >= 0
    assert value.dtype == gradient.dtype == dtype
    assert gradient.shape == shape
    assert not np.isnan(gradient).any()
