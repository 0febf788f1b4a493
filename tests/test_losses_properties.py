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


# ------------------------------------------------------------ softmax


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
    np.testing.assert_array_equal(losses.log_softmax(x + shift), losses.log_softmax(x))


@PROPERTY
@given(st.floats(-700, 700))
def test_two_class_softmax_is_sigmoid(z):
    q = losses.softmax([z, 0])
    sigmoid = 1 / (1 + np.exp(-z))
    np.testing.assert_allclose(q[0], sigmoid, rtol=8 * EPS)
    for target in (0, 1):
        binary = losses.binary_cross_entropy_with_logits([z], [target])
        both = losses.cross_entropy_with_logits([[0, z]], [target])
        np.testing.assert_allclose(both, binary, rtol=8 * EPS)


@PROPERTY
@given(ROWS, st.floats(0.1, 10))
def test_temperature_divides_the_logits(x, temperature):
    q = losses.softmax(x, temperature)
    bound = 4 * EPS * (10 + np.abs(x / temperature).max())
    np.testing.assert_allclose(q, losses.softmax(x / temperature), rtol=bound, atol=1e-300)


@PROPERTY
@given(ROWS)
def test_log_softmax_is_the_logarithm(x):
    with np.errstate(divide="ignore"):
        plain = np.log(losses.softmax(x))
    ours = losses.log_softmax(x)
    assert (ours <= 0).all()
    np.testing.assert_allclose(ours[plain > -700], plain[plain > -700], rtol=1e-13, atol=1e-15)
    lse = losses.log_sum_exp(x)
    assert (lse >= x.max(axis=-1)).all()
    assert (lse <= x.max(axis=-1) + np.log(x.shape[-1]) + 1e-12).all()
    np.testing.assert_allclose(ours, x - lse[:, None], rtol=1e-13, atol=1e-12)


@PROPERTY
@given(ROWS)
def test_jacobian_rows_sum_to_nothing(x):
    jacobian = losses.softmax_jacobian(x)
    np.testing.assert_allclose(jacobian.sum(axis=-1), 0, atol=8 * EPS)
    np.testing.assert_array_equal(jacobian, np.swapaxes(jacobian, -1, -2))
    q = losses.softmax(x)
    upstream = np.sin(np.arange(x.shape[-1]))
    chained = np.einsum("nij,i->nj", jacobian, upstream)
    np.testing.assert_allclose(
        chained, q * (upstream - (q * upstream).sum(-1, keepdims=True)), atol=1e-14
    )


# ------------------------------------------------------------ entropy


@PROPERTY
@given(distributions())
def test_cross_entropy_is_at_least_entropy(pair):
    p, q = pair
    floor = losses.entropy(p)
    assert 0 <= floor <= np.log(p.shape[-1]) + 8 * EPS
    np.testing.assert_allclose(losses.cross_entropy(p, p), floor, rtol=4 * EPS)
    cross, divergence = losses.cross_entropy(p, q), losses.kl_divergence(p, q)
    assert cross >= floor - 8 * EPS
    assert divergence >= -8 * EPS
    assert losses.kl_divergence(p, p) == 0
    np.testing.assert_allclose(cross - floor, divergence, rtol=1e-12, atol=1e-13)
    assert losses.categorical_cross_entropy(q, p) == cross


@PROPERTY
@given(distributions())
def test_probabilities_and_logits_agree(pair):
    target, other = pair
    logits = np.log(other + 1e-3)
    q = losses.softmax(logits)
    np.testing.assert_allclose(
        losses.cross_entropy_with_logits(logits, target),
        losses.categorical_cross_entropy(q, target),
        rtol=1e-13,
    )
    np.testing.assert_allclose(  # the chain rule through softmax
        losses.d_cross_entropy_with_logits(logits, target),
        np.einsum(
            "ni,nij->nj",
            losses.d_categorical_cross_entropy(q, target),
            losses.softmax_jacobian(logits),
        ),
        atol=1e-14,
    )


# ------------------------------------------------------------ gradients


@PROPERTY
@given(distributions(1), st.data())
def test_logit_gradient_is_q_minus_p(target, data):
    (p,) = target
    z = data.draw(hnp.arrays(float, p.shape, elements=FLOATS))
    gradient = losses.d_cross_entropy_with_logits(z, p)
    np.testing.assert_allclose(gradient, (losses.softmax(z) - p) / len(p), atol=4 * EPS)
    np.testing.assert_allclose(gradient.sum(axis=-1), 0, atol=8 * EPS)
    np.testing.assert_array_equal(losses.d_label_smoothing(z, p, smoothing=0), gradient)


@PROPERTY
@given(FLOATS, st.floats(0, 1))
def test_binary_logit_gradient_is_q_minus_t(z, t):
    q = 1 / (1 + np.exp(-z))
    gradient = losses.d_binary_cross_entropy_with_logits([z], [t])[0]
    assert gradient == pytest.approx(q - t, abs=4 * EPS)
    if 1e-3 < q < 0.999:
        assert losses.binary_cross_entropy([q], [t]) == pytest.approx(
            losses.binary_cross_entropy_with_logits([z], [t]), rel=1e-12
        )
        chained = losses.d_binary_cross_entropy([q], [t])[0] * q * (1 - q)
        assert chained == pytest.approx(gradient, abs=1e-14)


@PROPERTY
@given(FLOATS, st.integers(0, 1))
def test_focal_without_focus_is_binary_cross_entropy(z, t):
    plain = losses.binary_cross_entropy_with_logits([z], [t])
    slope = losses.d_binary_cross_entropy_with_logits([z], [t])[0]
    assert losses.focal([z], [t], gamma=0, alpha=None) == pytest.approx(plain, rel=1e-14)
    assert losses.d_focal([z], [t], gamma=0, alpha=None)[0] == pytest.approx(slope, rel=1e-14)
    assert losses.focal([z], [t], alpha=None) <= plain


# ------------------------------------------------------------ numbers

ERRORS = hnp.arrays(float, st.integers(1, 9), elements=st.floats(-1e6, 1e6))


@PROPERTY
@given(ERRORS)
def test_order_of_the_regression_losses(e):
    zero, slack = np.zeros_like(e), 1 + 1e-12
    mae, rmse, mse = (f(e, zero) for f in (losses.mae, losses.rmse, losses.mse))
    assert mae <= rmse * slack
    assert rmse <= np.abs(e).max() * slack
    assert rmse**2 == pytest.approx(mse, rel=1e-12, abs=1e-300)
    huber, log_cosh = losses.huber(e, zero), losses.log_cosh(e, zero)
    assert log_cosh <= huber * slack + 1e-300
    assert huber <= min(mae, mse / 2) * slack
    assert losses.quantile(e, zero) == pytest.approx(mae / 2, rel=1e-12)
    assert losses.huber(e, zero, delta=1e7) == pytest.approx(mse / 2, rel=1e-12, abs=1e-300)
    for name in ("mse", "rmse", "mae", "huber", "log_cosh"):
        record = LOSSES[name]
        assert record(e, zero) == record(zero, e) >= 0
        np.testing.assert_array_equal(record.gradient(e, zero), -record.gradient(zero, e))


@PROPERTY
@given(ERRORS, st.floats(0.01, 0.99))
def test_quantile_levels_mirror(e, level):
    zero = np.zeros_like(e)
    left, right = losses.quantile(e, zero, level), losses.quantile(-e, zero, 1 - level)
    assert left == pytest.approx(right, rel=1e-12)


@PROPERTY
@given(hnp.arrays(int, st.integers(1, 6), elements=st.integers(0, 7)))
def test_one_hot_and_back(labels):
    rows = losses.one_hot(labels, 8)
    np.testing.assert_array_equal(rows.argmax(axis=-1), labels)
    np.testing.assert_array_equal(rows.sum(axis=-1), 1)
    assert losses.one_hot(labels).shape == (labels.size, labels.max() + 1)


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
