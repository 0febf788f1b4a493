"""Identities that hold for every number, tried on numbers that nobody picked."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import actlib
from actlib import ACTIVATIONS

RECORDS = pytest.mark.parametrize("record", ACTIVATIONS.values(), ids=lambda record: record.name)
EXAMPLES = settings(max_examples=60, deadline=None)
finite = st.floats(allow_nan=False, allow_infinity=False)
moderate = st.floats(-300, 300)
slopes = st.floats(0.01, 4)


def arrays(elements=finite, dtype=np.float64):
    return hnp.arrays(
        dtype, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4), elements=elements
    )


def close(got, wanted, units=8.0):
    """Equal to some units in the last place, or to a subnormal number."""
    info = np.finfo(np.float64)
    np.testing.assert_allclose(got, wanted, rtol=units * info.eps, atol=2 * info.tiny)


@EXAMPLES
@given(moderate)
def test_tanh_is_a_stretched_sigmoid(x):
    assert actlib.tanh(x) == pytest.approx(2 * actlib.sigmoid(2 * x) - 1, abs=4e-16)
    close(actlib.d_tanh(x), 4 * actlib.d_sigmoid(2 * x))


@EXAMPLES
@given(finite)
def test_sigmoid_family(x):
    close(actlib.d_softplus(x), actlib.sigmoid(x))
    close(actlib.d_sigmoid(x), actlib.sigmoid(x) * actlib.sigmoid(-x))
    close(actlib.log_sigmoid(x), -actlib.softplus(-x))
    close(actlib.d_log_sigmoid(x), actlib.sigmoid(-x))
    close(actlib.silu(x), x * actlib.sigmoid(x))
    close(actlib.mish(x), x * actlib.tanh(actlib.softplus(x)), units=12)
    assert actlib.sigmoid(x) + actlib.sigmoid(-x) == pytest.approx(1, abs=4e-16)


@EXAMPLES
@given(moderate, slopes)
def test_what_parameters_do(x, k):
    assert actlib.softplus(x, beta=k) == pytest.approx(actlib.softplus(k * x) / k, rel=1e-12)
    assert actlib.silu(x, beta=k) == pytest.approx(actlib.silu(k * x) / k, rel=1e-12)
    assert actlib.celu(x, alpha=k) == pytest.approx(k * actlib.celu(x / k), rel=1e-12)
    assert actlib.elu(x, alpha=k) == pytest.approx(
        k * actlib.elu(min(x, 0.0)) + max(x, 0.0), rel=1e-12
    )
    assert actlib.leaky_relu(x, k) == actlib.prelu(x, k) == (x if x > 0 else k * x)
    assert actlib.leaky_relu(x, k) == pytest.approx(x - (1 - k) * min(x, 0.0), rel=1e-12)


@EXAMPLES
@given(moderate)
def test_reflections(x):
    for name in ("identity", "tanh", "hard_tanh", "softsign"):
        record = ACTIVATIONS[name]
        assert record(-x) == -record(x) and record.df(-x) == record.df(x)
    for name in ("relu", "gelu", "gelu_tanh", "silu", "softplus", "hard_swish"):
        record = ACTIVATIONS[name]
        assert record(x) - record(-x) == pytest.approx(x, rel=1e-14, abs=1e-15)


@RECORDS
@EXAMPLES
@given(x=arrays(st.one_of(finite, st.floats(-4, 4))))
def test_values_lie_within_their_bounds(record, x):
    y, slope = record(x), record.df(x)
    low, high = record.bounds
    assert np.all((low <= y) & (y <= high))
    assert np.all(slope <= record.slope_max * (1 + 1e-15))
    assert y.shape == slope.shape == x.shape


@RECORDS
@EXAMPLES
@given(x=moderate)
def test_derivative_is_the_slope_of_the_value(record, x):
    assume(all(abs(x - kink) > 1e-4 for kink in (*record.kinks, 0.0)))
    measured = actlib.numeric_derivative(record.f, x)
    assert record.df(x) == pytest.approx(measured, abs=1e-8 + 2e-11 * abs(x))


@RECORDS
@EXAMPLES
@given(x=arrays(st.floats(width=16, allow_nan=True), np.float16))
def test_every_float16_is_taken_and_is_the_rounded_float64(record, x):
    for f in (record.f, record.df):
        y = f(x)
        with np.errstate(over="ignore"):
            wanted = f(x.astype(np.float64)).astype(np.float16)
        assert y.dtype == np.float16
        with np.errstate(all="ignore"):
            np.testing.assert_allclose(
                y.astype(float), wanted.astype(float), rtol=2**-10, atol=2**-23
            )


@RECORDS
@EXAMPLES
@given(x=hnp.arrays(np.float64, st.integers(0, 40), elements=st.floats()))
def test_a_number_does_not_depend_on_its_neighbours(record, x):
    for f in (record.f, record.df):
        np.testing.assert_array_equal(f(x), [f(one) for one in x])


@EXAMPLES
@given(arrays(moderate))
def test_maxout_contains_relu_abs_and_leaky_relu(x):
    def two_pieces(first, second):
        return actlib.maxout(x[..., None], [[[first]], [[second]]], np.zeros((2, 1)))[..., 0]

    np.testing.assert_array_equal(two_pieces(1.0, 0.0), actlib.relu(x))
    np.testing.assert_array_equal(two_pieces(1.0, -1.0), np.abs(x))
    np.testing.assert_array_equal(two_pieces(1.0, 0.01), actlib.leaky_relu(x))
