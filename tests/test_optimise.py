"""Optimisers: their formulas written out, their state, their settings."""

import numpy as np
import pytest

from actlib.optimise import Adam, GradientDescent, Momentum

OPTIMISERS = {
    "descent": GradientDescent(0.1),
    "momentum": Momentum(0.1, 0.8),
    "adam": Adam(0.1, 0.7, 0.9, 1e-6),
}


def descent(w, gradients):
    for g in gradients:
        w = w - 0.1 * g
    return w


def momentum(w, gradients):
    v = 0
    for g in gradients:
        v = 0.8 * v + g
        w = w - 0.1 * v
    return w


def adam(w, gradients):
    m = v = 0
    for t, g in enumerate(gradients, start=1):
        m = 0.7 * m + 0.3 * g
        v = 0.9 * v + 0.1 * g**2
        w = w - 0.1 * (m / (1 - 0.7**t)) / (np.sqrt(v / (1 - 0.9**t)) + 1e-6)
    return w


FORMULAS = {"descent": descent, "momentum": momentum, "adam": adam}


def run(optimiser, w, gradients):
    w, state = w.copy(), optimiser.start(w)
    for g in gradients:
        optimiser.update(w, g, state)
    return w


@pytest.mark.parametrize("shape", [(7,), (3, 7)], ids=str)
@pytest.mark.parametrize("name", OPTIMISERS)
def test_formula(name, shape):
    rng = np.random.default_rng(0)
    w, gradients = rng.normal(size=shape), rng.normal(size=(6, *shape))
    kept = gradients.copy()
    got = run(OPTIMISERS[name], w, gradients)
    np.testing.assert_allclose(got, FORMULAS[name](w, gradients), rtol=1e-12)
    np.testing.assert_array_equal(gradients, kept)
    # The object holds no state: a second use starts afresh.
    np.testing.assert_array_equal(run(OPTIMISERS[name], w, gradients), got)


@pytest.mark.parametrize("kind", [GradientDescent, Momentum, Adam])
def test_a_learning_rate_for_each_run(kind):
    rng = np.random.default_rng(0)
    w, gradients = rng.normal(size=(3, 7)), rng.normal(size=(4, 3, 7))
    rates = [0.1, 0.01, 0.5]
    together = run(kind(np.array(rates)), w, gradients)
    for index, rate in enumerate(rates):
        np.testing.assert_allclose(
            together[index], run(kind(rate), w[index], gradients[:, index]), rtol=1e-12
        )


@pytest.mark.parametrize("kind", [GradientDescent, Momentum, Adam])
def test_float32_stays(kind):
    w = np.ones(3, np.float32)
    optimiser = kind(0.1)
    state = optimiser.start(w)
    optimiser.update(w, w.copy(), state)
    assert {v.dtype for v in state.values() if isinstance(v, np.ndarray)} == {w.dtype}


@pytest.mark.parametrize("kind", [GradientDescent, Momentum, Adam])
def test_float16_loses_neither_a_small_rate_nor_a_small_square(kind):
    """1e-8, Adam's epsilon, and the square of 1e-4 are 0 in float16."""
    w, optimiser = np.array([0.0, 0.01], np.float16), kind(2e-8)
    state = optimiser.start(w)
    for gradient in ([0.0, 0.0], [1e-4, 1e-4], [1.0, 1e4]):
        optimiser.update(w, np.array(gradient, np.float16), state)
    assert w.dtype == np.float16
    assert np.isfinite(w).all()
    assert kind(2e-8).start(w)["rate"] > 0


@pytest.mark.parametrize("kind", [GradientDescent, Momentum, Adam])
def test_the_bottom_of_a_bowl_is_found(kind):
    w, optimiser = np.array([3.0, -2.0]), kind(0.05)
    state = optimiser.start(w)
    for _ in range(500):
        optimiser.update(w, w * [1.0, 10.0], state)
    assert np.abs(w).max() < 1e-3


@pytest.mark.parametrize("kind", [GradientDescent, Momentum, Adam])
@pytest.mark.parametrize("rate", [0.0, -0.1, np.nan, np.inf, np.array([0.1, -0.1])], ids=str)
def test_bad_learning_rates(kind, rate):
    with pytest.raises(ValueError, match="learning_rate must be positive"):
        kind(rate)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Momentum(0.1, 1.0), r"momentum must lie in \[0, 1\), got 1.0"),
        (lambda: Adam(0.1, beta1=-0.1), r"beta1 must lie in"),
        (lambda: Adam(0.1, beta2=1.0), r"beta2 must lie in"),
        (lambda: Adam(0.1, epsilon=0.0), r"epsilon must be positive"),
        (lambda: GradientDescent(np.ones(3)).start(np.ones((2, 7))), r"shape \(2,\), got"),
    ],
)
def test_bad_settings(make, message):
    with pytest.raises(ValueError, match=message):
        make()
