"""Diagnostics: counted by hand on networks small enough to do so."""

import numpy as np
import pytest

from actlib.activations import ACTIVATIONS
from actlib.diagnostics import (
    dead_share,
    dead_units,
    gradient_norms,
    saturation,
    slopes,
    update_ratio,
    wilson,
)
from actlib.network import MLP
from actlib.parameters import MANY_RUNS

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
RUNS = [3, MANY_RUNS]


def relu_net():
    net = MLP((2, 3, 1), "relu")
    # Unit 0 fires for some points, unit 1 for none, unit 2 for all.
    W = [np.array([[1.0, -1.0, 1.0], [1.0, -1.0, 1.0]]), np.ones((3, 1))]
    return net, net.parameters_from(W, [np.array([-1.0, -0.5, 1.0]), np.zeros(1)])


def test_dead_units_are_those_no_point_activates():
    net, parameters = relu_net()
    _, trace = net.forward(parameters, X)
    (dead,) = dead_units(net, trace)
    assert dead.tolist() == [False, True, False]
    assert dead_share(net, trace) == pytest.approx(1 / 3)
    gradients = net.backward(trace, np.ones((4, 1)))
    assert (gradients.W[0][:, 1] == 0).all()
    assert gradients.b[0][1] == 0
    assert gradients.b[0][0] != 0


def test_saturation_counts_small_slopes():
    net, parameters = relu_net()
    _, trace = net.forward(parameters, X)
    # Unit 0 gives 0 for three points, unit 1 for four, unit 2 for none.
    assert saturation(net, trace).tolist() == [pytest.approx(7 / 12)]
    net = MLP((1, 1, 1), "sigmoid")
    parameters = net.parameters_from([[[1.0]], [[1.0]]], [[0.0], [0.0]])
    _, trace = net.forward(parameters, [[0.0], [2.0], [-5.0], [10.0]])  # slopes .25 .105 .007 0
    assert saturation(net, trace).tolist() == [0.5]
    assert saturation(net, trace, threshold=0.5).tolist() == [0.75]


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu"])
@pytest.mark.parametrize("runs", [None, *RUNS], ids=str)
def test_slopes_are_the_records(name, runs):
    net = MLP((2, 4, 4, 1), name, "sigmoid", residual=True)
    _, trace = net.forward(net.parameters(np.random.default_rng(0), runs=runs), X)
    for slope, z in zip(slopes(net, trace)[:-1], trace.z, strict=False):
        np.testing.assert_allclose(slope, ACTIVATIONS[name].df(z), atol=1e-15)


@pytest.mark.parametrize("runs", RUNS)
def test_a_population_is_its_networks_one_by_one(runs):
    net = MLP((2, 5, 4, 1), "relu", "sigmoid")
    parameters = net.parameters(np.random.default_rng(0), runs=runs, bias=-0.2)
    moved = parameters.copy()
    moved.flat[...] *= 1.01
    moved.b[0][...] = 5.0  # biases do not count

    def everything(parameters, moved):
        output, trace = net.forward(parameters, X)
        gradients = net.backward(trace, np.ones_like(output))
        return [
            saturation(net, trace),
            dead_share(net, trace),
            *dead_units(net, trace),
            *(gradient_norms(gradients, of) for of in "Wbza"),
            update_ratio(parameters, moved),
        ]

    together = everything(parameters, moved)
    assert together[0].shape == (runs, 2)
    np.testing.assert_allclose(together[-1], 0.01, rtol=1e-10)
    for run in range(runs):
        for one, many in zip(
            everything(parameters.select(run), moved.select(run)), together, strict=True
        ):
            np.testing.assert_allclose(many[run], one, rtol=1e-10, atol=1e-13)


def test_gradient_norms():
    net = MLP((2, 3, 1), "tanh")
    output, trace = net.forward(net.parameters(np.random.default_rng(0)), X)
    gradients = net.backward(trace, np.ones_like(output))
    expected = [np.sqrt((w**2).sum()) for w in gradients.W]
    np.testing.assert_allclose(gradient_norms(gradients), expected)
    with pytest.raises(ValueError, match="of must be"):
        gradient_norms(gradients, "weights")


def test_norms_of_vanished_gradients_do_not_underflow():
    class Vanished:
        W = (np.full((2, 2), 1e-200), np.zeros((2, 2)))

    np.testing.assert_allclose(gradient_norms(Vanished), [2e-200, 0.0], rtol=1e-12)


def test_wilson_ends_are_where_the_rate_is_z_deviations_away():
    k, n, z = np.arange(0, 51), 50, 1.959963984540054
    low, high = wilson(k, n)
    assert (low[0], high[-1]) == (0, 1)
    for end, part in ((low[1:], k[1:]), (high[:-1], k[:-1])):
        np.testing.assert_allclose(abs(part / n - end), z * np.sqrt(end * (1 - end) / n))
    assert (low <= k / n).all()
    assert (k / n <= high).all()
    np.testing.assert_allclose(low, 1 - high[::-1], atol=1e-15)


def test_wilson_known_values_and_shapes():
    # Newcombe (1998), table I, score method without continuity correction
    known = {(81, 263): (0.2553, 0.3662), (15, 148): (0.0624, 0.1605), (0, 20): (0, 0.1611)}
    known[1, 29] = (0.0061, 0.1718)
    for given, ends in known.items():
        assert wilson(*given) == pytest.approx(ends, abs=5e-5)
    assert np.ndim(wilson(5, 10)[0]) == 0
    low, high = wilson([[1], [2]], [10, 100, 1000])
    assert low.shape == high.shape == (2, 3)
    assert wilson(5, 10, 0.99)[0] < wilson(5, 10)[0] < wilson(5, 10, confidence=0.5)[0]
    assert wilson(np.float32(7), np.float32(1e6))[0].dtype == np.float64


def test_wilson_covers_the_true_rate():
    rng = np.random.default_rng(0)
    for rate in (0.05, 0.3, 0.9):
        low, high = wilson(rng.binomial(100, rate, 10_000), 100)
        assert 0.93 < np.mean((low <= rate) & (rate <= high)) < 0.98


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((1, 0), "runs must be"),
        ((1, 2.5), "runs must be"),
        ((1, np.nan), "runs must be"),
        ((-1, 10), "successes must be"),
        ((11, 10), "successes must be"),
        ((0.5, 10), "successes must be"),
        (([1, 20], [10, 10]), "successes must be"),
        ((1, 10, 95), "confidence must"),
        ((1, 10, 0), "confidence must"),
    ],
)
def test_wilson_refuses(given, message):
    with pytest.raises(ValueError, match=message):
        wilson(*given)
    with pytest.raises(TypeError, match="successes"):
        wilson("1", 10)
