"""The records of the losses are true."""

import inspect

import numpy as np
import pytest

from actlib import losses
from actlib.losses import LOSSES
from tests.examples import NAMES, examples


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
        with pytest.raises(ValueError, match="label"):
            record([0.5, 0.5], 2)
        wild, target = [1.5, -0.5], 1
    else:
        taken, refused = TARGETS[record.target]
        for target in taken:
            assert np.isfinite(record(0.5, target))
        for target in refused:
            with pytest.raises(ValueError, match="target must"):
                record(0.5, target)
        wild, target = 1.5, 1
    if record.takes == "probabilities":
        with pytest.raises(ValueError, match=r"must lie in \[0, 1\], got 1.5"):
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
