"""What does not fit a loss is refused, and named."""

import numpy as np
import pytest

from actlib import losses
from actlib.losses import LOSSES
from tests.examples import CLASS_LOSSES, NAMES, examples

INF, NAN = np.inf, np.nan


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
    "temperature < 0": (lambda: losses.softmax([1, 2], -1.5), "temperature .*got -1.5"),
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
    "q negative": (lambda: losses.cross_entropy([0.5, 0.5], [-0.5, 1.5]), r"q.*\[0, 1\], got -0.5"),
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
        lambda: losses.cross_entropy([0.5, 0.5], "text"),
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
