"""Every gradient against the numerical one, and wrong versions that must be caught."""

import inspect
from dataclasses import replace

import numpy as np
import pytest

from actlib import network
from actlib.activations import ACTIVATIONS
from actlib.losses import LOSSES
from actlib.network import MLP
from tests.networks import BATCH, NORMALISATIONS, SIZES, XOR, draw, points

STEP = 1e-4
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
