"""Parameters: views of one array, drawn, taken and chosen."""

from itertools import pairwise

import numpy as np
import pytest

from actlib.network import MLP
from actlib.parameters import MANY_RUNS
from tests.networks import RUNS, SIZES, XOR, draw


@pytest.mark.parametrize("runs", RUNS[1:], ids=str)
def test_a_list_of_generators_draws_each_network_alone(runs):
    net = MLP(SIZES, normalisation="layer")
    population = net.parameters([np.random.default_rng(seed) for seed in range(runs)], "he")
    for seed in range(runs):
        alone = net.parameters(np.random.default_rng(seed), "he")
        np.testing.assert_array_equal(population.flat[seed], alone.flat)


@pytest.mark.parametrize("runs", RUNS, ids=str)
def test_same_seed_same_weights_other_seed_others(runs):
    net = MLP(SIZES)
    one, same, other = (net.parameters(np.random.default_rng(s), runs=runs) for s in (0, 0, 1))
    np.testing.assert_array_equal(one.flat, same.flat)
    assert (one.W[0] != other.W[0]).any()


def test_wide_layers_keep_the_runs_first():
    wide = MLP((2, 500, 1)).parameters(np.random.default_rng(0), runs=MANY_RUNS)
    assert wide.W[0].strides[-1] == 8


@pytest.mark.parametrize("runs", RUNS, ids=str)
def test_weights_are_views_of_flat(runs):
    net = MLP(SIZES, normalisation="batch")
    parameters = net.parameters(np.random.default_rng(0), runs=runs)
    for arrays in (parameters.W, parameters.b, parameters.gain[:-1], parameters.shift[:-1]):
        for array in arrays:
            array[...] = 7.0
    assert (parameters.flat == 7.0).all()
    assert parameters.gain[-1] is None
    copy = parameters.copy()
    copy.flat[...] = 0
    assert (parameters.W[0] == 7.0).all()


@pytest.mark.parametrize("runs", RUNS[1:], ids=str)
def test_select(runs):
    net = MLP(SIZES, normalisation="layer")
    population = draw(net, runs)
    mask = np.arange(runs) % 2 == 0
    for chosen in (slice(1, None), [2, 0], np.array([1]), mask, list(mask), slice(None, None, -1)):
        some = population.select(chosen)
        np.testing.assert_array_equal(some.flat, population.flat[chosen])
        np.testing.assert_array_equal(some.W[1], population.W[1][chosen])
        assert some.runs == len(some.flat)
    for one in (1, -1, np.int64(2)):
        alone = population.select(one)
        assert alone.runs is None
        np.testing.assert_array_equal(alone.b[1], population.b[1][one])
    alone.flat[...] = some.flat[...] = 0
    assert (population.flat != 0).all()


@pytest.mark.parametrize(
    ("runs", "error", "message"),
    [
        (3, IndexError, "out of bounds"),
        ([], ValueError, "no run is selected"),
        ([False] * 3, ValueError, "no run is selected"),
        ([[0, 1]], ValueError, "more than one axis"),
        ("first", IndexError, "integers"),
    ],
)
def test_wrong_selections_are_refused(runs, error, message):
    with pytest.raises(error, match=message):
        MLP((2, 1)).parameters(np.random.default_rng(0), runs=3).select(runs)


def test_gain_starts_at_one_bias_and_scale_as_asked():
    net = MLP(SIZES, normalisation="layer")
    parameters = net.parameters(np.random.default_rng(0), scale=3.0, bias=0.25)
    plain = net.parameters(np.random.default_rng(0))
    np.testing.assert_array_equal(parameters.W[1], 3.0 * plain.W[1])
    assert (parameters.b[2] == 0.25).all()
    assert (parameters.gain[0] == 1).all()
    assert (parameters.shift[0] == 0).all()


def test_the_documents_bias_is_refused():
    """b10 with 5 entries where the layer has 1: NumPy would broadcast to 4x5 and go on."""
    sizes = (2, *[5] * 10, 1)
    net = MLP(sizes, "sigmoid", "sigmoid")
    rng = np.random.default_rng(0)
    W = [rng.uniform(-1, 1, pair) for pair in pairwise(sizes)]
    b = [np.zeros(5) for _ in range(11)]
    with pytest.raises(ValueError, match=r"b\[10\] has shape \(5,\).*\(5, 1\).*\(1,\)"):
        net.parameters_from(W, b)
    b[10] = np.zeros(1)
    assert net.predict(net.parameters_from(W, b), XOR).shape == (4, 1)


@pytest.mark.parametrize("runs", RUNS, ids=str)
def test_given_weights_come_back(runs):
    net = MLP((2, 3, 1))
    drawn = draw(net, runs)
    taken = net.parameters_from(drawn.W, drawn.b)
    np.testing.assert_array_equal(taken.flat, drawn.flat)


@pytest.mark.parametrize(
    ("W", "b", "message"),
    [
        ([np.ones((2, 3))], [np.zeros(3)], "needs 2 weights"),
        ([np.ones((3, 2)), np.ones((3, 1))], [np.zeros(3), np.zeros(1)], r"W\[0\] has shape"),
        ([np.ones((2, 3)), np.ones((3, 1))], [np.zeros((1, 3)), np.zeros(1)], r"b\[0\]"),
        ([np.ones((4, 2, 3)), np.ones((3, 1))], [np.zeros((4, 3)), np.zeros(1)], r"W\[1\]"),
        ([np.ones(3), np.ones((3, 1))], [np.zeros(3), np.zeros(1)], r"W\[0\] has shape \(3,\)"),
    ],
)
def test_wrong_weights_are_refused(W, b, message):
    with pytest.raises(ValueError, match=message):
        MLP((2, 3, 1)).parameters_from(W, b)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"rng": 0}, TypeError, "rng must be a generator, np.random.default_rng.0., got 0"),
        ({"rng": [0, 1]}, TypeError, "rng must be a generator"),
        ({"rng": np.random}, TypeError, "rng must be a generator"),
        ({"rng": None}, TypeError, "rng must be a generator"),
        ({"initialise": 3}, TypeError, "initialise must be a name of INITIALISERS or a function"),
        ({"initialise": lambda shape, rng: rng.normal()}, ValueError, r"shape \(2, 3\), got \(\)"),
        ({"initialise": lambda shape, rng: rng.normal(size=3)}, ValueError, r"got \(3,\)"),
        ({"runs": 2.0}, TypeError, "runs must be a whole number, got 2.0"),
        ({"runs": "3"}, TypeError, "runs must be a whole number, got '3'"),
        ({"dtype": int}, TypeError, "dtype must be float16, float32 or float64, got int64"),
    ],
)
def test_wrong_draws_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        MLP((2, 3, 1)).parameters(**{"rng": np.random.default_rng(0), **arguments})
