"""Networks: every gradient against the numerical one, populations against single networks."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from actlib import _layout, _passes
from actlib.activations import ACTIVATIONS
from actlib.losses import LOSSES
from actlib.network import MLP

XOR = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
SIZES = (3, 4, 4, 4, 2)
BATCH = 5
STEP = 1e-4
NORMALISATIONS = [None, "layer", "batch"]
RUNS = [None, 3, _layout.RUNS_LAST_FROM]  # one network, and both layouts of a population


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
    records = [_passes.resolve(choice)[0] for choice in (net.activation, net.output)]
    kinks = np.array([0.0, *records[0].kinks, *records[1].kinks])
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


def mutant(name, **changes):
    own = {"f": lambda x: ACTIVATIONS[name].f(x)}  # a record is named by its function
    return replace(ACTIVATIONS[name], **own | changes)


def elu(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


TANH, SIGMOID = ACTIVATIONS["tanh"], ACTIVATIONS["sigmoid"]
ELU = mutant(
    "tanh",
    f=elu,
    df=lambda x, alpha: np.where(x > 0, 1, alpha * np.exp(np.minimum(x, 0))),
)
WRONG_SLOPES = {
    "slope of the output": mutant("sigmoid", df=lambda x: SIGMOID.df(SIGMOID.f(x))),
    "missing minus": mutant("tanh", df=lambda x: 1 + TANH.f(x) ** 2),
    "opposite sign": mutant("tanh", df=lambda x: -TANH.df(x)),
    "elu without alpha": (
        replace(ELU, df=lambda x, alpha: np.where(x > 0, 1, np.exp(np.minimum(x, 0)))),
        {"alpha": 0.5},
    ),
}


def test_the_mutants_are_wrong_only_where_they_say():
    assert_gradients(MLP(SIZES, (ELU, {"alpha": 0.5}), "identity"))
    assert_gradients(MLP(SIZES, mutant("sigmoid"), "identity"))


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


def forget_the_spread(d, normalised, inverse, axis):
    return (d - d.mean(axis=axis, keepdims=True)) * inverse


def forget_the_mean(d, normalised, inverse, axis):
    return (d - normalised * (d * normalised).mean(axis=axis, keepdims=True)) * inverse


def mean_over_the_batch(self, d, a, out):
    np.dot(d / BATCH, a.T, out=out)


@pytest.mark.parametrize(
    ("where", "name", "wrong", "normalisation"),
    [
        (_passes, "_d_normalise", forget_the_spread, "layer"),
        (_passes, "_d_normalise", forget_the_spread, "batch"),
        (_passes, "_d_normalise", forget_the_mean, "layer"),
        (_layout.One, "d_matrix", mean_over_the_batch, None),
    ],
    ids=["layer: spread", "batch: spread", "layer: mean", "a factor n"],
)
def test_wrong_passes_are_caught(monkeypatch, where, name, wrong, normalisation):
    net = MLP(SIZES, "tanh", "identity", normalisation)
    assert_gradients(net)
    monkeypatch.setattr(where, name, wrong)
    with pytest.raises(AssertionError):
        assert_gradients(net)


def test_a_forgotten_residual_is_caught(monkeypatch):
    net = MLP(SIZES, "tanh", "identity", residual=True)
    backward = _passes.Backward.run

    def forgetful(self, by="output"):
        kept = [layer.residual for layer in self.forward.layers]
        for layer in self.forward.layers:
            layer.residual = False
        backward(self, by)
        for layer, residual in zip(self.forward.layers, kept, strict=True):
            layer.residual = residual

    monkeypatch.setattr(_passes.Backward, "run", forgetful)
    with pytest.raises(AssertionError):
        assert_gradients(net)


# -- the fused activations are the registry's -------------------------------------------


@pytest.mark.parametrize("name", _passes._FUSED)
def test_fused_activations_equal_the_records(name):
    z = np.concatenate([np.linspace(-40, 40, 4001), [-700.0, 700.0, -1e300, 1e300, -np.inf]])
    f, slope = np.empty_like(z), np.empty_like(z)
    value, d_value = _passes.activation(name)
    with np.errstate(over="ignore"):
        value(z, f)
    d_value(z, f, slope)
    record = ACTIVATIONS[name]
    np.testing.assert_allclose(f, record.f(z), rtol=4e-16, atol=0)
    np.testing.assert_allclose(slope, record.df(z), rtol=0, atol=3e-16)


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
        one = parameters if runs is None else parameters.run(run)
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
        alone, its_trace = net.forward(parameters.run(run), x if shared else x[run])
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


def test_runs_lie_last_in_memory_where_it_pays():
    """The speed of populations rests on this one decision."""
    strides = MLP((2, 5, 1)).parameters(np.random.default_rng(0), runs=1000).W[0].strides
    assert strides[0] == 8
    wide = MLP((2, 500, 1)).parameters(np.random.default_rng(0), runs=4)
    assert wide.W[0].strides[0] > 8


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
        net.parameters(rng).run(0)
