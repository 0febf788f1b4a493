"""Networks: forward as on paper, populations as their networks one by one, errors."""

import numpy as np
import pytest

from actlib.activations import ACTIVATIONS
from actlib.network import MLP
from actlib.parameters import MANY_RUNS
from tests.networks import BATCH, NORMALISATIONS, RUNS, SIZES, XOR, draw, points

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
