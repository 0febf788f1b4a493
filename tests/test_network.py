"""Networks: every gradient against the numerical one, populations against single networks."""

import inspect
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from actlib import network
from actlib.activations import ACTIVATIONS
from actlib.losses import LOSSES
from actlib.network import MLP
from actlib.parameters import MANY_RUNS

XOR = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
SIZES = (3, 4, 4, 4, 2)
BATCH = 5
STEP = 1e-4
NORMALISATIONS = [None, "layer", "batch"]
RUNS = [None, 3, MANY_RUNS]  # one network, and both orders of a population in memory


def draw(net, runs=None, seed=0):
    """Weights with biases, gains and shifts that are not zero."""
    rng = np.random.default_rng(seed)
    parameters = net.parameters(rng, runs=runs)
    parameters.flat[...] += rng.normal(0, 0.5, parameters.flat.shape)
    assert all(np.abs(b).min() > 0 for b in parameters.b)
    return parameters


def points(seed=1, runs=None, batch=BATCH, units=SIZES[0]):
    lead = () if runs is None else (runs,)
    return np.random.default_rng(seed).normal(size=(*lead, batch, units))


# Five points, error of the fourth order: normalised layers bend too much for three.
NUDGES = STEP * np.array([-2.0, -1.0, 1.0, 2.0])
WEIGHTS = np.array([1.0, -8.0, 8.0, -1.0]) / (12 * STEP)


def nudged(vector):
    """Copies of a vector, (4 · size, size), each with one entry moved by one of NUDGES."""
    moves = NUDGES[:, None, None] * np.eye(vector.size)
    return (vector.ravel() + moves).reshape(-1, vector.size)


def assert_close(gradient, values):
    expected = WEIGHTS @ values.reshape(4, -1)
    scale = max(1.0, np.abs(expected).max())
    np.testing.assert_allclose(gradient.ravel() / scale, expected / scale, rtol=0, atol=1e-8)


def away_from_kinks(net, seed):
    """Weights and points for which no pre-activation lies near a kink, where slopes jump."""
    x = points()
    kinks = np.array([0.0, *(x for layer in net.layers for x in layer.activation.kinks)])
    for attempt in range(seed, seed + 100):
        parameters = draw(net, seed=attempt)
        z = np.concatenate([z.ravel() for z in net.forward(parameters, x)[1].z])
        if np.abs(z - kinks[:, None]).min() > 20 * STEP:
            return parameters, x
    raise RuntimeError("no weights found away from the kinks")


def assert_gradients(net, loss=None, seed=0):
    """Analytic equals numerical at every parameter and every input.

    All nudged networks are one population, so that a check is two forward passes.
    """
    parameters, x = away_from_kinks(net, seed)
    weights = np.random.default_rng(2).normal(size=(BATCH, net.sizes[-1]))
    value, gradient = loss or (
        lambda output: (weights * output).sum(axis=(-2, -1)),
        lambda output: weights,
    )
    output, trace = net.forward(parameters, x)
    gradients = net.backward(trace, gradient(output))

    many = net.parameters(np.random.default_rng(0), runs=4 * parameters.flat.size)
    many.flat[...] = nudged(parameters.flat)
    assert_close(gradients.flat, value(net.predict(many, x)))

    same = net.parameters(np.random.default_rng(0), runs=4 * x.size)
    same.flat[...] = parameters.flat
    inputs = nudged(x).reshape(-1, *x.shape)
    assert_close(gradients.a[0], value(net.predict(same, inputs)))


# -- gradients --------------------------------------------------------------------------


@pytest.mark.parametrize("residual", [False, True], ids=["plain", "residual"])
@pytest.mark.parametrize("normalisation", NORMALISATIONS, ids=str)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_gradients_of_every_activation(name, normalisation, residual):
    assert_gradients(MLP(SIZES, name, name, normalisation, residual))


def loss_pair(name):
    rng = np.random.default_rng(3)
    record, shape = LOSSES[name], (BATCH, SIZES[-1])
    target = {
        "real": rng.normal(size=shape),
        "probabilities": rng.dirichlet(np.ones(SIZES[-1]), size=BATCH),
        "logits": rng.integers(0, 2, shape).astype(float),
    }[record.takes]
    if "class" in record.target:
        target = rng.dirichlet(np.ones(SIZES[-1]), size=BATCH)
    if record.target == "-1 or 1":
        target = np.sign(target)
    return (
        lambda output: record.value(output, target, runs=output.ndim - 2),
        lambda output: record.gradient(output, target),
    )


@pytest.mark.parametrize("residual", [False, True], ids=["plain", "residual"])
@pytest.mark.parametrize("normalisation", NORMALISATIONS, ids=str)
@pytest.mark.parametrize("name", sorted(set(LOSSES) - {"categorical_cross_entropy"}))
def test_gradients_of_every_loss(name, normalisation, residual):
    output = "sigmoid" if LOSSES[name].takes == "probabilities" else "identity"
    net = MLP(SIZES, "tanh", output, normalisation, residual)
    assert_gradients(net, loss_pair(name), seed=100)


def test_gradients_of_categorical_cross_entropy_on_its_softmax():
    """Its rows must sum to 1, so the softmax is part of the loss here."""
    value, gradient = loss_pair("categorical_cross_entropy")

    def softmax(z):
        e = np.exp(z - z.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)

    def d_value(z):
        p, d = softmax(z), gradient(softmax(z))
        return p * (d - (p * d).sum(axis=-1, keepdims=True))

    assert_gradients(MLP(SIZES, "tanh"), (lambda z: value(softmax(z)), d_value))


def test_gradients_by_pre_activations_and_activations():
    """z and a of every layer: what the chapter on vanishing gradients looks at."""
    net = MLP(SIZES, "tanh", "sigmoid", residual=True)
    parameters, x = draw(net), points()
    output, trace = net.forward(parameters, x)
    gradients = net.backward(trace, np.ones_like(output))
    for layer in range(net.depth):
        # A bias is added to every point's z, so its gradient is the sum over the points.
        np.testing.assert_allclose(gradients.z[layer].sum(axis=0), gradients.b[layer])
        assert gradients.z[layer].shape == trace.z[layer].shape
        assert gradients.a[layer].shape == trace.a[layer].shape
    slope = ACTIVATIONS["sigmoid"].df(trace.z[-1])
    np.testing.assert_allclose(gradients.z[-1], slope, rtol=1e-12)
    np.testing.assert_allclose(gradients.a[-2], gradients.z[-1] @ parameters.W[-1].T)


def test_backward_from_the_pre_activation():
    net = MLP((2, 3, 1), "tanh", "sigmoid")
    output, trace = net.forward(draw(net), XOR)
    slope = output * (1 - output)
    one = net.backward(trace, np.ones_like(output))
    other = net.backward(trace, slope, by="pre_activation")
    np.testing.assert_allclose(one.flat, other.flat, rtol=1e-12)


# -- wrong versions are caught ----------------------------------------------------------


def elu(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def d_elu(x, alpha=1.0):
    return np.where(x > 0, 1, alpha * np.exp(np.minimum(x, 0)))


TANH, SIGMOID = ACTIVATIONS["tanh"], ACTIVATIONS["sigmoid"]
ELU = replace(TANH, f=elu, df=d_elu)
WRONG_SLOPES = {
    "slope of the output": replace(SIGMOID, df=lambda x: SIGMOID.df(SIGMOID.f(x))),
    "missing minus": replace(TANH, df=lambda x: 1 + TANH.f(x) ** 2),
    "opposite sign": replace(TANH, df=lambda x: -TANH.df(x)),
    "elu without alpha": (replace(ELU, df=lambda x, alpha: d_elu(x)), {"alpha": 0.5}),
}


def test_the_mutants_are_wrong_only_where_they_say():
    assert_gradients(MLP(SIZES, (ELU, {"alpha": 0.5}), "identity"))
    assert_gradients(MLP(SIZES, replace(SIGMOID, df=lambda x: SIGMOID.df(x)), "identity"))


@pytest.mark.parametrize("normalisation", NORMALISATIONS, ids=str)
@pytest.mark.parametrize("wrong", WRONG_SLOPES)
def test_wrong_slopes_are_caught(wrong, normalisation):
    net = MLP(SIZES, WRONG_SLOPES[wrong], "identity", normalisation)
    with pytest.raises(AssertionError):
        assert_gradients(net)


@pytest.mark.parametrize("factor", [BATCH, 1 / BATCH, -1], ids=["n", "1/n", "minus"])
def test_wrong_factors_in_a_loss_are_caught(factor):
    value, gradient = loss_pair("mse")
    with pytest.raises(AssertionError):
        assert_gradients(MLP(SIZES, "tanh"), (value, lambda output: factor * gradient(output)))


def forget_the_spread(d, normalised, deviation, axis):
    return (d - d.mean(axis=axis, keepdims=True)) / deviation


def forget_the_mean(d, normalised, deviation, axis):
    return (d - normalised * (d * normalised).mean(axis=axis, keepdims=True)) / deviation


def wrong_backward(*changes):
    """The backward pass with some of its lines changed."""
    source = inspect.getsource(network.backpropagate)
    for old, new in changes:
        assert source.count(old) == 1
        source = source.replace(old, new)
    names = dict(vars(network))
    exec(source, names)
    return names["backpropagate"]


WRONG_PASSES = {
    "layer: spread": ("d_normalise", forget_the_spread, "layer"),
    "batch: spread": ("d_normalise", forget_the_spread, "batch"),
    "layer: mean": ("d_normalise", forget_the_mean, "layer"),
    **{
        old: ("backpropagate", wrong_backward((old, new)), "layer")
        for old, new in [
            ("(transpose(a), d_z, out=d.W[k])", "(transpose(a), d_z / 5, out=d.W[k])"),
            ("product(transpose(a), d_z", "product(transpose(trace.a[k] ** 2), d_z"),
            ("d_z.sum(axis=-2, out=d.b[k])", "d_z.mean(axis=-2, out=d.b[k])"),
            ("* d.a[k + 1]", "+ d.a[k + 1]"),
            ("layer.slope(trace.z[k], trace.f[k])", "layer.slope(trace.f[k], trace.z[k])"),
            ("d.a[k] += d.a[k + 1]", "pass"),
            ("(d_z * normalised).sum(axis=-2)", "d_z.sum(axis=-2)"),
            ("* trace.parameters.gain[k][..., None, :]", "* 1"),
        ]
    },
}


@pytest.mark.parametrize("wrong", WRONG_PASSES)
def test_wrong_passes_are_caught(monkeypatch, wrong):
    name, function, normalisation = WRONG_PASSES[wrong]
    net = MLP(SIZES, "tanh", "identity", normalisation, residual=True)
    assert_gradients(net)
    monkeypatch.setattr(network, name, function)
    with pytest.raises(AssertionError):
        assert_gradients(net)


# -- the formulas in the loop are the registry's ----------------------------------------


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_formulas_without_checks_equal_the_functions(name, dtype):
    """In the dtype and the memory order of z, from the middle to far out."""
    z = np.concatenate([np.linspace(-40, 40, 4001), [-1e4, -700, -100, 100, 700, 1e4, 0]])
    z = np.moveaxis(z.astype(dtype).reshape(4, -1, 2), -1, 0)
    f, slope = ACTIVATIONS[name].formulas()
    with np.errstate(all="ignore"):
        value = f(z)
        found = value, slope(z, value)
    for got, function in zip(found, (ACTIVATIONS[name].f, ACTIVATIONS[name].df), strict=True):
        expected = function(z.astype(np.float64))
        error = np.abs(got - expected) / np.maximum(1, np.abs(expected))
        assert error.max() < 2.5 * np.finfo(dtype).eps
        assert got.dtype == dtype
        assert got.strides == z.strides


def test_forward_warns_of_nothing(recwarn):
    net = MLP((1, 1, 1), "sigmoid", "sigmoid")
    parameters = net.parameters_from([[[-1e200]], [[1.0]]], [[0.0], [0.0]])
    assert net.predict(parameters, [[1.0]]) == 0.5
    assert not recwarn.list


# -- forward against a plain version ----------------------------------------------------


def plain_forward(net, W, b, gain, shift, x):
    """One network, as on paper."""
    a = x
    for layer in range(net.depth):
        z, hidden = a @ W[layer] + b[layer], layer < net.depth - 1
        if hidden and net.normalisation:
            axis = 1 if net.normalisation == "layer" else 0
            z = (z - z.mean(axis, keepdims=True)) / np.sqrt(z.var(axis, keepdims=True) + 1e-5)
            z = gain[layer] * z + shift[layer]
        f = ACTIVATIONS[net.activation if hidden else net.output](z)
        a = a + f if hidden and net.residual and a.shape == f.shape else f
    return a


@pytest.mark.parametrize("residual", [False, True], ids=["plain", "residual"])
@pytest.mark.parametrize("normalisation", NORMALISATIONS, ids=str)
@pytest.mark.parametrize("runs", RUNS, ids=str)
def test_forward_equals_the_plain_version(runs, normalisation, residual):
    net = MLP(SIZES, "tanh", "sigmoid", normalisation, residual)
    parameters, x = draw(net, runs), points(runs=runs)
    output = net.predict(parameters, x)
    for run in range(runs or 1):
        one = parameters if runs is None else parameters.select(run)
        expected = plain_forward(
            net, one.W, one.b, one.gain, one.shift, x if runs is None else x[run]
        )
        got = output if runs is None else output[run]
        np.testing.assert_allclose(got, expected, rtol=1e-12)


# -- populations ------------------------------------------------------------------------


@pytest.mark.parametrize("shared", [True, False], ids=["shared data", "data by run"])
@pytest.mark.parametrize("residual", [False, True], ids=["plain", "residual"])
@pytest.mark.parametrize("normalisation", NORMALISATIONS, ids=str)
@pytest.mark.parametrize("runs", RUNS[1:], ids=str)
def test_a_population_is_its_networks_one_by_one(runs, normalisation, residual, shared):
    net = MLP(SIZES, "sigmoid", "identity", normalisation, residual)
    parameters = draw(net, runs)
    x = points(runs=None if shared else runs)
    d = np.random.default_rng(4).normal(size=(runs, BATCH, SIZES[-1]))
    output, trace = net.forward(parameters, x)
    gradients = net.backward(trace, d)
    assert output.shape == (runs, BATCH, SIZES[-1])
    assert gradients.W[0].shape == (runs, SIZES[0], SIZES[1])
    assert gradients.b[0].shape == (runs, SIZES[1])
    for run in range(runs):
        alone, its_trace = net.forward(parameters.select(run), x if shared else x[run])
        its = net.backward(its_trace, d[run])
        np.testing.assert_allclose(output[run], alone, rtol=1e-12, atol=1e-14)
        # A bias before batch normalisation has gradient 0: only rounding is compared there.
        np.testing.assert_allclose(gradients.flat[run], its.flat, rtol=1e-10, atol=1e-11)
        for layer in range(net.depth):
            np.testing.assert_allclose(
                trace.z[layer][run], its_trace.z[layer], rtol=1e-12, atol=1e-14
            )
            np.testing.assert_allclose(
                gradients.z[layer][run], its.z[layer], rtol=1e-10, atol=1e-13
            )


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


@pytest.mark.parametrize("runs", RUNS, ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_is_that_of_the_parameters(dtype, runs):
    net = MLP(SIZES, "tanh", "sigmoid", "layer", True)
    parameters = net.parameters(np.random.default_rng(0), runs=runs, dtype=dtype)
    output, trace = net.forward(parameters, points())
    gradients = net.backward(trace, np.ones(output.shape))
    assert {output.dtype, gradients.flat.dtype, trace.z[0].dtype} == {np.dtype(dtype)}


@pytest.mark.parametrize("normalisation", NORMALISATIONS, ids=str)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_runs_lie_last_in_memory_everywhere(name, normalisation):
    """The speed of populations rests on it, and no operation may turn them round."""
    net = MLP((2, 3, 3, 1), name, name, normalisation, residual=True)
    parameters = net.parameters(np.random.default_rng(0), runs=MANY_RUNS)
    output, trace = net.forward(parameters, XOR)
    gradients = net.backward(trace, np.ones(output.shape))
    everything = [*parameters.W, *gradients.W, *trace.a, *trace.z, *gradients.a, *gradients.z]
    assert {array.strides[0] for array in everything} == {8}


def test_wide_layers_keep_the_runs_first():
    wide = MLP((2, 500, 1)).parameters(np.random.default_rng(0), runs=MANY_RUNS)
    assert wide.W[0].strides[-1] == 8


# -- parameters -------------------------------------------------------------------------


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


# -- no hidden state --------------------------------------------------------------------


def test_calls_do_not_touch_each_other():
    net = MLP(SIZES, "tanh")
    parameters, x, other = draw(net), points(1), points(5)
    output, trace = net.forward(parameters, x)
    kept, kept_z = output.copy(), trace.z[0].copy()
    first = net.backward(trace, np.ones_like(output))
    kept_first, kept_d = first.flat.copy(), first.z[0].copy()
    net.backward(trace, 2 * np.ones_like(output))
    net.forward(parameters, other)
    np.testing.assert_array_equal(output, kept)
    np.testing.assert_array_equal(trace.z[0], kept_z)
    np.testing.assert_array_equal(first.flat, kept_first)
    np.testing.assert_array_equal(first.z[0], kept_d)


def test_inputs_are_not_changed():
    net = MLP((2, 3, 1))
    parameters = net.parameters(np.random.default_rng(0))
    before = parameters.flat.copy()
    x, d = XOR.copy(), np.ones((4, 1))
    x.flags.writeable = d.flags.writeable = False
    _, trace = net.forward(parameters, x)
    net.backward(trace, d)
    np.testing.assert_array_equal(parameters.flat, before)


# -- errors -----------------------------------------------------------------------------


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
    ("arguments", "message"),
    [
        ({"sizes": (2,)}, "at least two"),
        ({"sizes": (2, 0, 1)}, "positive whole"),
        ({"sizes": (2, 2.5, 1)}, "positive whole"),
        ({"activation": "sigmoyd"}, "unknown activation 'sigmoyd'"),
        ({"activation": ("tanh", {"alpha": 1.0})}, "tanh has no parameter 'alpha'"),
        ({"normalisation": "group"}, "'layer' or 'batch'"),
    ],
)
def test_wrong_plans_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        MLP(**{"sizes": (2, 3, 1), **arguments})


@pytest.mark.parametrize(
    "choice",
    [np.tanh, ACTIVATIONS["tanh"].f, None, 3, ("tanh",), ("tanh", 0.1), ("tanh", {}, {}), MLP],
    ids=lambda choice: getattr(choice, "__name__", str(choice)),
)
@pytest.mark.parametrize("name", ["activation", "output"])
def test_what_is_no_activation_is_named(name, choice):
    with pytest.raises(TypeError, match="an activation is a name of ACTIVATIONS"):
        MLP((2, 3, 1), **{name: choice})


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


def test_wrong_parameters_are_refused():
    net, rng = MLP((2, 3, 1)), np.random.default_rng(0)
    with pytest.raises(ValueError, match="parameters of another network"):
        net.predict(MLP((2, 4, 1)).parameters(rng), XOR)
    with pytest.raises(ValueError, match="parameters of another network"):
        net.predict(MLP((2, 3, 1), normalisation="layer").parameters(rng), XOR)
    with pytest.raises(TypeError, match="parameters must be Parameters, got list"):
        net.predict([np.ones((2, 3))], XOR)


@pytest.mark.parametrize(
    "x", [np.zeros(2), np.zeros((4, 3)), np.zeros((0, 2)), np.zeros((3, 4, 2))], ids=np.shape
)
def test_wrong_points_are_refused(x):
    net = MLP((2, 3, 1))
    with pytest.raises(ValueError, match=r"x must have shape \(batch, 2\)"):
        net.predict(net.parameters(np.random.default_rng(0)), x)


def test_wrong_arguments_are_refused():
    net = MLP((2, 3, 1))
    rng = np.random.default_rng(0)
    _, trace = net.forward(net.parameters(rng), XOR)
    with pytest.raises(ValueError, match=r"shape \(4, 1\), its gradient \(4,\)"):
        net.backward(trace, np.ones(4))
    with pytest.raises(ValueError, match="'pre_activation'"):
        net.backward(trace, np.ones((4, 1)), by="z")
    with pytest.raises(ValueError, match="unknown initialiser 'xavier'"):
        net.parameters(rng, "xavier")
    with pytest.raises(ValueError, match="runs must be at least 1, got 0"):
        net.parameters(rng, runs=0)
    with pytest.raises(TypeError):
        net.predict(net.parameters(rng), [["a", "b"]])
    with pytest.raises(ValueError, match="no run axis"):
        net.parameters(rng).select(0)
