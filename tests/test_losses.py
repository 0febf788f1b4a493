"""Losses by hand-checked values, limits, shapes, run axes, dtypes and errors."""

import inspect

import numpy as np
import pytest

from actlib import gradcheck_loss, losses
from actlib.losses import LOSSES

NAMES = sorted(LOSSES)
INF, NAN = np.inf, np.nan
P = [0.5, 0.125, 0.125, 0.25]


def examples(name, shape=(6, 4), seed=0):
    """A prediction and a target of the kind that the loss takes; no ties, no kinks."""
    rng = np.random.default_rng(seed)
    prediction, target = rng.normal(0, 2, shape), rng.normal(0, 2, shape)
    if name == "binary_cross_entropy":
        return rng.uniform(0.05, 0.95, shape), rng.uniform(0, 1, shape)
    if name == "binary_cross_entropy_with_logits":
        return prediction, rng.uniform(0, 1, shape)
    if name == "focal":
        return prediction, rng.integers(0, 2, shape)
    if name == "hinge":
        return prediction, 2 * rng.integers(0, 2, shape) - 1
    if name == "categorical_cross_entropy":
        return losses.softmax(0.2 * prediction), losses.softmax(target)
    if LOSSES[name].target.startswith("class labels"):
        return prediction, losses.softmax(target)
    return prediction, target


# ------------------------------------------------------------ values


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (lambda: losses.softmax([0, np.log(3)]), [0.25, 0.75]),
        (lambda: losses.softmax([0, np.log(9)], temperature=2), [0.25, 0.75]),
        (lambda: losses.log_softmax([0, np.log(3)]), [-np.log(4), np.log(0.75)]),
        (lambda: losses.log_sum_exp([0, np.log(3)]), np.log(4)),
        (lambda: losses.softmax_jacobian([0, np.log(3)]), [[3 / 16, -3 / 16], [-3 / 16, 3 / 16]]),
        (
            lambda: losses.softmax_jacobian([0, 0], temperature=2),
            [[0.125, -0.125], [-0.125, 0.125]],
        ),
        (lambda: losses.entropy(P), 1.75 * np.log(2)),
        (lambda: losses.cross_entropy(P, [0.25] * 4), 2 * np.log(2)),
        (lambda: losses.cross_entropy(P, [0.5, 0.25, 0.125, 0.125]), 1.875 * np.log(2)),
        (lambda: losses.kl_divergence(P, [0.25] * 4), 0.25 * np.log(2)),
        (lambda: losses.mse([3, 5], [1, 5]), 2),
        (lambda: losses.rmse([3, 5], [1, 5]), np.sqrt(2)),
        (lambda: losses.mae([3, 5], [1, 5]), 1),
        (lambda: losses.huber([3, 5.5], [1, 5], delta=1), (1.5 + 0.125) / 2),
        (lambda: losses.log_cosh([np.log(2)], [0]), np.log(1.25)),
        (lambda: losses.quantile([3, 3], [4, 1], level=0.9), (0.9 + 0.2) / 2),
        (lambda: losses.binary_cross_entropy([0.25], [1]), np.log(4)),
        (lambda: losses.binary_cross_entropy([0.25, 0.25], [1, 0]), np.log(16 / 3) / 2),
        (lambda: losses.binary_cross_entropy_with_logits([np.log(3)], [0]), np.log(4)),
        (lambda: losses.categorical_cross_entropy([[0.25, 0.75]], [0]), np.log(4)),
        (lambda: losses.cross_entropy_with_logits([[0, np.log(3)]], [0]), np.log(4)),
        (
            lambda: losses.label_smoothing([[0, np.log(3)]], [0], smoothing=0.2),
            0.9 * np.log(4) + 0.1 * np.log(4 / 3),
        ),
        (
            lambda: losses.focal([np.log(3)], [1], gamma=2, alpha=0.25),
            0.25 * 0.25**2 * np.log(4 / 3),
        ),
        (
            lambda: losses.focal([np.log(3)], [0], gamma=2, alpha=0.25),
            0.75 * 0.75**2 * np.log(4),
        ),
        (lambda: losses.hinge([0.25, -3, 2], [1, 1, 1]), (0.75 + 4) / 3),
        (lambda: losses.smooth_labels([[1, 0]], 0.2), [[0.9, 0.1]]),
        (lambda: losses.one_hot([1, 0]), [[0, 1], [1, 0]]),
        (lambda: losses.one_hot([[True]], 3), [[[0, 1, 0]]]),
    ],
)
def test_value_by_hand(got, expected):
    np.testing.assert_allclose(got(), expected, rtol=1e-14)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("runs", [0, 1], ids=["one run", "run axis"])
def test_gradient_is_the_slope_of_the_value(name, runs):
    loss = LOSSES[name]
    prediction, target = examples(name)
    gradient = loss.gradient(prediction, target, runs=runs)
    assert gradient.std() > 0
    check = gradcheck_loss(
        lambda p: loss(p, target, runs=runs).sum(), lambda p: gradient, prediction
    )
    assert check, str(check)


@pytest.mark.parametrize(
    ("value", "gradient"),
    [
        (losses.cross_entropy, losses.d_cross_entropy),
        (losses.kl_divergence, losses.d_kl_divergence),
        (lambda p, q: losses.entropy(q), lambda p, q: losses.d_entropy(q)),
    ],
    ids=["cross_entropy", "kl_divergence", "entropy"],
)
def test_gradient_by_a_distribution(value, gradient):
    p, q = losses.softmax(np.random.default_rng(1).normal(0, 1, (2, 3, 4)))
    check = gradcheck_loss(lambda q: value(p, q), lambda q: gradient(p, q), q)
    assert check, str(check)


@pytest.mark.parametrize("temperature", [1.0, 0.5, 3.0])
@pytest.mark.parametrize(
    ("value", "jacobian"),
    [
        (losses.softmax, losses.softmax_jacobian),
        (losses.softmax, losses.d_softmax),
        (losses.log_softmax, losses.d_log_softmax),
    ],
)
def test_jacobian_is_the_slope(value, jacobian, temperature):
    x = np.random.default_rng(2).normal(0, 2, (3, 5))
    found = jacobian(x, temperature)
    for j in range(5):
        step = 1e-5 * np.eye(5)[j]
        slope = (value(x + step, temperature) - value(x - step, temperature)) / 2e-5
        np.testing.assert_allclose(found[..., j], slope, atol=1e-9)


def test_log_sum_exp_slope():
    assert gradcheck_loss(losses.log_sum_exp, losses.d_log_sum_exp, [0.3, -2.0, 1.5])


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
        (losses.kl_divergence, ([0.5, 0.5], [0.0, 1.0]), INF),
        (losses.kl_divergence, ([0.0, 1.0], [0.5, 0.5]), np.log(2)),
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


@pytest.mark.parametrize(
    ("x", "expected"),
    [([INF, 0], INF), ([INF, INF], INF), ([-INF, -INF], -INF), ([NAN, INF], NAN), ([-INF, 3], 3)],
)
def test_log_sum_exp_limits(x, expected):
    np.testing.assert_array_equal(losses.log_sum_exp(x), expected)


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


CLASS_LOSSES = [n for n in NAMES if LOSSES[n].target.startswith("class labels")]


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
    for function in (losses.softmax, losses.log_softmax):
        expected = np.moveaxis(function(moved), -1, axis)
        np.testing.assert_array_equal(function(x, axis=axis), expected)
    np.testing.assert_array_equal(losses.log_sum_exp(x, axis=axis), losses.log_sum_exp(moved))
    assert losses.softmax_jacobian(x, axis=axis).shape == (*moved.shape, moved.shape[-1])


def test_softmax_of_no_rows():
    assert losses.softmax(np.zeros((0, 3))).shape == (0, 3)
    assert losses.log_sum_exp(np.zeros((0, 3))).shape == (0,)
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
    for f in (losses.softmax, losses.log_softmax, losses.log_sum_exp, losses.softmax_jacobian):
        assert f(x).dtype == dtype
        assert f(x.astype(int)).dtype == np.float64
    for f in (losses.softmax, losses.softmax_jacobian, losses.d_log_softmax):
        assert f(x, temperature=0.3).dtype == dtype
    p = np.array([0.5, 0.5], dtype)
    for f in (losses.cross_entropy, losses.d_cross_entropy, losses.kl_divergence):
        assert f([0.25, 0.75], p).dtype == dtype
    assert losses.entropy(p).dtype == losses.d_entropy(p).dtype == dtype


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


# ------------------------------------------------------------ errors


def raises(pattern, kind=ValueError):
    return pytest.raises(kind, match=pattern)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("part", ["value", "gradient"])
def test_errors_of_every_loss(name, part):
    function = getattr(LOSSES[name], part)
    prediction, target = examples(name)
    for wrong in (target[:5], target[..., None], target[0], target.ravel()):
        with raises("match") as caught:
            function(prediction, wrong)
        assert str(prediction.shape) in str(caught.value)
        assert str(wrong.shape) in str(caught.value)
    with raises(r"\(0, 4\).*empty batch"):
        function(np.zeros((0, 4)), np.zeros((0, 4)))
    with raises(r"runs must lie in 0\.\.\d.*got 3"):
        function(prediction, target, runs=3)
    with raises("runs must lie in .*got -1"):
        function(prediction, target, runs=-1)
    with raises("whole number", TypeError):
        function(prediction, target, runs=0.5)
    for wrong in ("text", [["a"]], 1j, [None], np.array([object()]), [[1.0], [1.0, 2.0]]):
        with raises("real numbers", TypeError):
            function(wrong, target)
        with raises("real numbers", TypeError):
            function(prediction, wrong)


@pytest.mark.parametrize("name", [n for n in NAMES if n not in CLASS_LOSSES])
def test_column_against_row_is_refused(name):
    prediction, target = (array[:, 0] for array in examples(name))
    with raises(r"\(6,\).*\(6, 1\).*drop the last axis of target"):
        LOSSES[name](prediction, target[:, None])
    with raises(r"\(6, 1\).*\(6,\).*drop the last axis of \w+: \w+\[\.\.\., 0\]"):
        LOSSES[name].gradient(prediction[:, None], target)


WRONG = {
    "temperature 0": (lambda: losses.softmax([1, 2], 0), "temperature must be .*positive.*got 0"),
    "temperature < 0": (lambda: losses.log_softmax([1, 2], -1.5), "temperature .*got -1.5"),
    "temperature inf": (lambda: losses.softmax_jacobian([1, 2], INF), "temperature .*got inf"),
    "temperature nan": (lambda: losses.softmax([1, 2], NAN), "temperature .*got nan"),
    "temperature array": (lambda: losses.softmax([1, 2], [1, 2]), r"temperature .*got \[1, 2\]"),
    "no class axis": (lambda: losses.softmax(3.0), "axis of classes"),
    "no classes": (lambda: losses.softmax(np.zeros((3, 0))), r"\(3, 0\) have no class"),
    "axis": (lambda: losses.softmax([1, 2], axis=1), r"axis must lie in -1\.\.0 .*got 1"),
    "label high": (lambda: losses.cross_entropy_with_logits([[1, 2]], [2]), r"0\.\.1, got 2"),
    "label low": (lambda: losses.categorical_cross_entropy([[0.5, 0.5]], [-1]), r"0\.\.1, got -1"),
    "label half": (lambda: losses.label_smoothing([[1, 2]], [0.5]), "whole number, got 0.5"),
    "label nan": (lambda: losses.cross_entropy_with_logits([[1, 2]], [NAN]), "whole number.*nan"),
    "label inf": (lambda: losses.one_hot([INF], 3), "whole number.*inf"),
    "one_hot label": (lambda: losses.one_hot([3], 3), r"0\.\.2, got 3"),
    "one_hot negative": (lambda: losses.one_hot([-1]), "got -1"),
    "one_hot nothing": (lambda: losses.one_hot([]), "n_classes"),
    "one_hot classes": (lambda: losses.one_hot([0], 0), "at least 1, got 0"),
    "row sum": (lambda: losses.categorical_cross_entropy([[0.5, 0.6]], [0]), "sum to 1.*got 1.1"),
    "target sum": (lambda: losses.cross_entropy_with_logits([[1, 2]], [[1, 1]]), "target.*got 2"),
    "p sum": (lambda: losses.entropy([0.5, 0.4]), "p must sum to 1.*got 0.9"),
    "q sum": (lambda: losses.cross_entropy([0.5, 0.5], [0.5, 0.4]), "q must sum to 1.*got 0.9"),
    "q negative": (lambda: losses.kl_divergence([0.5, 0.5], [-0.5, 1.5]), r"q.*\[0, 1\], got -0.5"),
    "p, q shapes": (lambda: losses.cross_entropy([1.0], [0.5, 0.5]), r"\(2,\).*\(1,\)"),
    "probability": (lambda: losses.binary_cross_entropy([1.5], [1]), r"\[0, 1\], got 1.5"),
    "target high": (lambda: losses.binary_cross_entropy([0.5], [2]), r"target.*\[0, 1\], got 2"),
    "target low": (
        lambda: losses.d_binary_cross_entropy_with_logits([0.5], [-1]),
        r"target.*\[0, 1\], got -1",
    ),
    "focal target": (lambda: losses.focal([0.5], [0.5]), "0 or 1, got 0.5"),
    "focal gamma": (lambda: losses.d_focal([0.5], [1], gamma=-1), "gamma .*got -1"),
    "focal alpha": (lambda: losses.focal([0.5], [1], alpha=2), "alpha .*got 2"),
    "hinge target": (lambda: losses.hinge([0.5], [0]), "-1 or 1, got 0"),
    "delta": (lambda: losses.huber([1], [1], delta=0), "delta .*positive.*got 0"),
    "level": (lambda: losses.d_quantile([1], [1], level=1), "level .*between 0 and 1.*got 1"),
    "smoothing": (lambda: losses.smooth_labels([[1, 0]], 1.1), "smoothing .*got 1.1"),
    "smoothing in loss": (lambda: losses.label_smoothing([[1, 0]], [0], -0.1), "smoothing .*-0.1"),
}


@pytest.mark.parametrize(("call", "pattern"), WRONG.values(), ids=WRONG)
def test_wrong_value_is_named(call, pattern):
    with raises(pattern):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: losses.softmax([1, 2], "hot"),
        lambda: losses.softmax([1, 2], axis=0.5),
        lambda: losses.softmax("text"),
        lambda: losses.softmax([1j, 2]),
        lambda: losses.huber([1], [1], delta=None),
        lambda: losses.one_hot(["a"], 3),
        lambda: losses.one_hot([1], 2.5),
        lambda: losses.entropy([None]),
        lambda: losses.kl_divergence([0.5, 0.5], "text"),
    ],
)
def test_wrong_kind_is_a_type_error(call):
    with pytest.raises(TypeError):
        call()


def test_four_typed_decimals_are_a_distribution():
    third = [0.3333, 0.3333, 0.3333]
    assert losses.entropy(third) == pytest.approx(np.log(3), rel=1e-3)
    with raises("sum to 1"):
        losses.entropy([0.33, 0.33, 0.33])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_what_rounding_does_to_a_probability_is_let_through(dtype):
    eps = np.finfo(dtype).eps
    over, under = np.array([1 + eps], dtype), np.array([-eps], dtype)
    for q, t in ((over, 1), (under, 0), (over, over), (under, under)):
        assert losses.binary_cross_entropy(q, np.reshape(t, 1)) == 0
        assert np.isfinite(losses.d_binary_cross_entropy(q, np.reshape(t, 1)))
    assert losses.binary_cross_entropy(over, [0]) == INF
    row = np.array([[1 + eps, -eps]], dtype)
    assert losses.categorical_cross_entropy(row, [0]) == losses.entropy(row) == 0
    assert losses.cross_entropy_with_logits(np.zeros((1, 2), dtype), row) > 0
    with raises(r"\[0, 1\], got 1\.0\d+"):
        losses.binary_cross_entropy(np.array([1 + 10 * max(eps, 1e-3)], dtype), [1])
    with raises("got 1.0000001 "):  # more digits than six, where they are what is wrong
        losses.hinge([0.5], np.float32([1.0000001]))


def test_a_number_comes_out_as_a_number():
    """Not as an array without axes: whatever has no axis left is a NumPy scalar."""
    p = [0.5, 0.5]
    for name in losses.__all__:
        if name in LOSSES:
            assert isinstance(LOSSES[name](*(a[0] for a in examples(name))), np.float64)
        elif name[2:] in LOSSES and LOSSES[name[2:]].target == "real numbers":
            assert isinstance(getattr(losses, name)(1.5, 2.0), np.float64)
    assert isinstance(losses.log_sum_exp([0, 0]), np.float64)
    assert isinstance(losses.log_sum_exp(np.float32([0, 0])), np.float32)
    for f in (losses.cross_entropy, losses.kl_divergence, lambda p, q: losses.entropy(p)):
        assert isinstance(f(p, p), np.float64)


# ------------------------------------------------------------ records


@pytest.mark.parametrize("name", NAMES)
def test_record_matches_its_functions(name):
    record = LOSSES[name]
    assert record.name == name and record.gradient.__name__ == f"d_{name}"
    assert getattr(losses, name) is record.value
    assert getattr(losses, f"d_{name}") is record.gradient
    for function in (record.value, record.gradient):
        arguments = list(inspect.signature(function).parameters.values())[2:]
        assert {a.name: a.default for a in arguments} == {**record.parameters, "runs": 0}
        assert ">>>" in function.__doc__ and ":math:" in function.__doc__.replace(
            ".. math::", ":math:"
        )
    card = "".join(record.card().split())  # long lines are broken, in a call too
    assert record.card().startswith(record.title)
    for text in (record.pytorch, record.jax, record.keras, record.minimised_by, record.noise):
        assert text and "".join(text.split()) in card
    prediction, target = examples(name)
    assert record(prediction, target) == record.value(prediction, target)


TARGETS = {  # what a record says of the target: some that are taken, some that are not
    "real numbers": ([7.5, -3], []),
    "numbers from 0 to 1": ([0, 0.3, 1], [2, -1]),
    "0 or 1": ([0, 1], [0.5, -1]),
    "-1 or 1": ([-1, 1], [0, 0.5]),
}


@pytest.mark.parametrize("name", NAMES)
def test_record_says_what_is_taken(name):
    record = LOSSES[name]
    if record.target == "class labels, one-hot rows or probabilities":
        for target in (1, [0, 1], [0.3, 0.7]):
            assert np.isfinite(record([0.5, 0.5], target))
        with raises("label"):
            record([0.5, 0.5], 2)
        wild, target = [1.5, -0.5], 1
    else:
        taken, refused = TARGETS[record.target]
        for target in taken:
            assert np.isfinite(record(0.5, target))
        for target in refused:
            with raises("target must"):
                record(0.5, target)
        wild, target = 1.5, 1
    if record.takes == "probabilities":
        with raises(r"must lie in \[0, 1\], got 1.5"):
            record(wild, target)
    else:
        assert record.takes in {"real", "logits"}
        assert np.isfinite(record(wild, target))


@pytest.mark.parametrize(
    ("name", "statistic"),
    [("mse", np.mean), ("rmse", np.mean), ("mae", np.median), ("quantile", np.median)],
)
def test_minimised_by(name, statistic):
    data = np.array([1.0, 2.0, 4.0, 7.0, 30.0])
    best = LOSSES[name](np.full(5, statistic(data)), data)
    for other in np.linspace(0, 31, 200):
        assert LOSSES[name](np.full(5, other), data) >= best


def test_huber_and_log_cosh_are_minimised_where_their_slopes_add_up_to_zero():
    data = np.array([3.0, 4.0, 6.0, 7.0, 20.0])
    error = 5.75 - data  # below the median, 6, and the mean, 8
    assert np.clip(error, -3, 3).sum() == 0
    best = losses.huber(5.75 + 0 * data, data, delta=3)
    guesses = np.linspace(0, 21, 200)
    assert all(losses.huber(g + 0 * data, data, delta=3) >= best for g in guesses)
    costs = [losses.log_cosh(g + 0 * data, data) for g in guesses]
    turn = guesses[np.argmin(costs)]
    assert np.tanh(turn - 0.15 - data).sum() < 0 < np.tanh(turn + 0.15 - data).sum()


def test_quantile_is_minimised_by_the_quantile():
    data, level = np.arange(1.0, 12.0), 0.8
    costs = [losses.quantile(np.full(11, guess), data, level) for guess in data]
    assert np.mean(data <= data[np.argmin(costs)]) == pytest.approx(level, abs=1 / 11)
