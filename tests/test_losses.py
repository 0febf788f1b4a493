"""Losses: their slopes, limits, shapes, run axes and dtypes."""

import numpy as np
import pytest

from actlib import losses
from actlib.losses import LOSSES
from tests.examples import CLASS_LOSSES, NAMES, examples
from tests.numeric import assert_gradient

INF, NAN = np.inf, np.nan


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("runs", [0, 1], ids=["one run", "run axis"])
def test_gradient_is_the_slope_of_the_value(name, runs):
    loss = LOSSES[name]
    prediction, target = examples(name)
    gradient = loss.gradient(prediction, target, runs=runs)
    assert gradient.std() > 0
    assert_gradient(lambda p: loss(p, target, runs=runs).sum(), gradient, prediction)


@pytest.mark.parametrize("temperature", [1.0, 0.5, 3.0])
def test_jacobian_is_the_slope(temperature):
    x = np.random.default_rng(2).normal(0, 2, 5)
    jacobian = losses.d_softmax(x, temperature)
    for i, row in enumerate(jacobian):
        assert_gradient(lambda x, i=i: losses.softmax(x, temperature)[i], row, x)


# ------------------------------------------------------------ kinks and limits


@pytest.mark.parametrize(
    ("gradient", "arguments", "expected"),
    [
        (losses.d_mae, ([2.0], [2.0]), 0),
        (losses.d_rmse, ([2.0, 3.0], [2.0, 3.0]), [0, 0]),
        (losses.d_quantile, ([2.0], [2.0], 0.9), 0),
        (losses.d_quantile, ([1.0, 3.0], [2.0, 2.0], 0.9), [-0.45, 0.05]),
        (losses.d_hinge, ([1.0, -1.0], [1, -1]), [0, 0]),
        (losses.d_huber, ([1.0, -1.0, 3.0], [0.0, 0, 0]), [1 / 3, -1 / 3, 1 / 3]),
        (
            losses.d_binary_cross_entropy,
            ([0.0, 1.0, 0.0, 1.0], [0, 1, 1, 0]),
            [0.25, -0.25, -INF, INF],
        ),
        (losses.d_categorical_cross_entropy, ([[0.0, 1.0]], [1]), [[0, -1]]),
        (losses.d_categorical_cross_entropy, ([[0.0, 1.0]], [0]), [[-INF, 0]]),
        (losses.binary_cross_entropy, ([0.0, 1.0], [0, 1]), 0),
        (losses.binary_cross_entropy, ([0.0], [1]), INF),
        (losses.categorical_cross_entropy, ([[0.0, 1.0]], [0]), INF),
        (losses.categorical_cross_entropy, ([[0.0, 1.0]], [1]), 0),
        (losses.entropy, ([0.0, 1.0],), 0),
        (losses.cross_entropy, ([0.0, 1.0], [0.0, 1.0]), 0),
        (losses.cross_entropy, ([0.5, 0.5], [0.0, 1.0]), INF),
    ],
)
def test_kinks_and_certain_predictions(gradient, arguments, expected):
    np.testing.assert_allclose(gradient(*arguments), expected, rtol=1e-15)


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        ([INF, 0], [1, 0]),
        ([-INF, 0], [0, 1]),
        ([INF, -INF], [1, 0]),
        ([INF, INF], [NAN, NAN]),
        ([-INF, -INF], [NAN, NAN]),
        ([NAN, 0], [NAN, NAN]),
        ([NAN], [NAN]),
        ([INF], [1]),
        ([1.7e308, -1.7e308], [1, 0]),
        ([5e-324, 0], [0.5, 0.5]),
    ],
)
def test_softmax_limits(x, expected):
    np.testing.assert_array_equal(losses.softmax(x), expected)


@pytest.mark.parametrize("x", [-INF, INF])
def test_infinite_logits(x):
    right, wrong = (1, 0) if x > 0 else (0, 1)
    for loss in (losses.binary_cross_entropy_with_logits, losses.focal):
        assert loss([x], [right]) == 0
        assert loss([x], [wrong]) == INF
    assert losses.d_binary_cross_entropy_with_logits([x], [right]) == 0
    assert losses.d_binary_cross_entropy_with_logits([x], [wrong]) == np.sign(x)
    assert losses.d_focal([x], [wrong], alpha=None) == np.sign(x)
    assert losses.cross_entropy_with_logits([x, 0], 0 if x > 0 else 1) == 0
    assert losses.cross_entropy_with_logits([x, 0], 1 if x > 0 else 0) == INF


@pytest.mark.parametrize("name", NAMES)
def test_nan_comes_out_as_nan(name):
    prediction, target = examples(name)
    prediction[0, 1] = NAN
    assert np.isnan(LOSSES[name](prediction, target))
    gradient = LOSSES[name].gradient(prediction, target, runs=1)
    assert np.isnan(gradient[0, 1]) or (name == "categorical_cross_entropy" and target[0, 1] == 0)
    assert np.isfinite(gradient[1:]).all()


def test_rmse_survives_squares_that_do_not():
    assert losses.rmse([3e200, 4e200], [0, 0]) == pytest.approx(np.sqrt(12.5) * 1e200)
    assert losses.rmse([3e-200], [0]) == 3e-200
    np.testing.assert_allclose(
        losses.d_rmse([3e-200, 4e-200], [0, 0]), [0.3 * 2**0.5, 0.4 * 2**0.5]
    )


# ------------------------------------------------------------ shapes, runs, dtypes


@pytest.mark.parametrize("name", NAMES)
def test_runs_are_separate_losses(name):
    loss = LOSSES[name]
    prediction, target = examples(name, (2, 3, 5, 4))
    values = loss(prediction, target, runs=2)
    gradient = loss.gradient(prediction, target, runs=2)
    assert values.shape == (2, 3)
    assert gradient.shape == prediction.shape
    for run in np.ndindex(2, 3):
        assert values[run] == pytest.approx(loss(prediction[run], target[run]), rel=1e-14)
        np.testing.assert_allclose(
            gradient[run], loss.gradient(prediction[run], target[run]), rtol=1e-13
        )
    one, shared = target[0, 0], np.broadcast_to(target[0, 0], target.shape)
    np.testing.assert_array_equal(loss(prediction, one, runs=2), loss(prediction, shared, runs=2))
    np.testing.assert_array_equal(
        loss.gradient(prediction, one, runs=2), loss.gradient(prediction, shared, runs=2)
    )


@pytest.mark.parametrize("name", NAMES)
def test_no_runs_no_values(name):
    _, target = examples(name)
    none = np.zeros((0, 6, 4))
    assert LOSSES[name](none, target, runs=1).shape == (0,)
    assert LOSSES[name].gradient(none, target, runs=1).shape == (0, 6, 4)


@pytest.mark.parametrize("name", CLASS_LOSSES)
def test_labels_one_hot_and_probabilities_are_one(name):
    loss = LOSSES[name]
    prediction, _ = examples(name, (2, 6, 4))
    labels = np.random.default_rng(3).integers(0, 4, (2, 6))
    rows = losses.one_hot(labels, 4)
    for target in (labels, labels.astype(float), rows, rows.astype(int), rows.tolist()):
        assert loss(prediction, target) == loss(prediction, rows)
        np.testing.assert_array_equal(
            loss.gradient(prediction, target, runs=1), loss.gradient(prediction, rows, runs=1)
        )
    np.testing.assert_array_equal(
        loss(prediction, labels[0], runs=1), loss(prediction, [rows[0], rows[0]], runs=1)
    )
    assert loss(prediction[0, 0], 2) == loss(prediction[0, :1], [2])


def test_labels_or_one_hot_is_asked_when_both_fit():
    logits, rows = np.zeros((2, 2, 2)), np.eye(2)
    assert losses.cross_entropy_with_logits(logits, rows, runs=1).shape == (2,)
    with pytest.raises(ValueError, match="may be labels or one-hot"):
        losses.cross_entropy_with_logits(logits, rows.astype(int), runs=1)


@pytest.mark.parametrize("axis", [0, 1, -1, -2])
def test_softmax_along_any_axis(axis):
    x = np.random.default_rng(4).normal(0, 3, (3, 4, 5))
    moved = np.moveaxis(x, axis, -1)
    expected = np.moveaxis(losses.softmax(moved), -1, axis)
    np.testing.assert_array_equal(losses.softmax(x, axis=axis), expected)
    assert losses.softmax_jacobian(x, axis=axis).shape == (*moved.shape, moved.shape[-1])


def test_softmax_of_no_rows():
    assert losses.softmax(np.zeros((0, 3))).shape == (0, 3)
    assert losses.softmax_jacobian(np.zeros((0, 3))).shape == (0, 3, 3)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("name", NAMES)
def test_dtype_is_the_predictions(name, dtype):
    prediction, target = examples(name)
    prediction = prediction.astype(dtype)
    assert LOSSES[name](prediction, target).dtype == dtype
    assert LOSSES[name](prediction, target.tolist(), runs=1).dtype == dtype
    assert LOSSES[name].gradient(prediction, target).dtype == dtype
    exact = LOSSES[name].gradient(prediction.astype(float), target)
    tolerance = 8 * np.finfo(dtype).eps
    np.testing.assert_allclose(
        LOSSES[name].gradient(prediction, target), exact, rtol=tolerance, atol=tolerance / 8
    )


def test_half_precision_overflows_only_in_the_result():
    errors = np.float16([300, 0, 0, 0])  # 300² is beyond float16, its mean is not
    assert losses.mse(errors, [0, 0, 0, 0]) == np.float16(22500)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_softmax_dtype(dtype):
    x = np.array([[1, 2, 3]], dtype)
    for f in (losses.softmax, losses.softmax_jacobian):
        assert f(x).dtype == f(x, temperature=0.3).dtype == dtype
        assert f(x.astype(int)).dtype == np.float64
    p = np.array([0.5, 0.5], dtype)
    assert losses.cross_entropy([0.25, 0.75], p).dtype == losses.entropy(p).dtype == dtype


@pytest.mark.parametrize("name", NAMES)
def test_input_is_left_alone(name):
    loss = LOSSES[name]
    prediction, target = examples(name, (4, 6, 4))
    before = prediction.copy(), target.copy()
    for array in (prediction, target):
        array.setflags(write=False)
    expected, slope = loss(prediction, target), loss.gradient(prediction, target)
    np.testing.assert_array_equal(prediction, before[0])
    np.testing.assert_array_equal(target, before[1])
    strided = np.repeat(prediction, 2, axis=1)[:, ::2]
    assert loss(strided, target.astype(float, order="F")) == expected
    np.testing.assert_array_equal(loss.gradient(strided, target), slope)
    slope[...] = 0  # the result is the caller's to change


def test_a_number_comes_out_as_a_number():
    """Not as an array without axes: whatever has no axis left is a NumPy scalar."""
    p = [0.5, 0.5]
    for name in losses.__all__:
        if name in LOSSES:
            assert isinstance(LOSSES[name](*(a[0] for a in examples(name))), np.float64)
        elif name[2:] in LOSSES and LOSSES[name[2:]].target == "real numbers":
            assert isinstance(getattr(losses, name)(1.5, 2.0), np.float64)
    assert isinstance(losses.cross_entropy(p, p), np.float64)
    assert isinstance(losses.entropy(p), np.float64)
