"""Activations with weights, and gates of two inputs."""

import warnings

import numpy as np
import pytest

import actlib
from actlib import GATES
from tests.numeric import assert_gradient

INF = float("inf")


def test_prelu_learns_one_slope_for_each_unit():
    rng = np.random.default_rng(3)
    x, slope, upstream = rng.normal(size=(7, 4)), rng.uniform(0.1, 2, 4), rng.normal(size=(7, 4))
    y = actlib.prelu(x, slope)
    np.testing.assert_allclose(y, np.where(x > 0, x, slope * x), rtol=1e-15)
    by_x = upstream * actlib.d_prelu(x, slope)
    by_slope = (upstream * actlib.d_prelu_slope(x)).sum(axis=0)
    assert_gradient(lambda x: (upstream * actlib.prelu(x, slope)).sum(), by_x, x)
    assert_gradient(lambda slope: (upstream * actlib.prelu(x, slope)).sum(), by_slope, slope)


@pytest.mark.parametrize("shape", [(3,), (5, 3), (2, 5, 3)], ids=str)
def test_maxout_gradients(shape):
    rng = np.random.default_rng(4)
    arrays = {
        "x": rng.normal(size=shape),
        "W": rng.normal(size=(4, 3, 2)),
        "b": rng.normal(size=(4, 2)),
    }
    upstream = rng.normal(size=(*shape[:-1], 2))
    y = actlib.maxout(**arrays)
    assert y.shape == upstream.shape
    pieces = np.stack([arrays["x"] @ W + b for W, b in zip(arrays["W"], arrays["b"], strict=True)])
    np.testing.assert_allclose(y, pieces.max(axis=0), rtol=1e-12)
    assert len(set(pieces.argmax(axis=0).ravel())) > 1
    gradients = actlib.d_maxout(**arrays, upstream=upstream)
    for name, gradient in zip(arrays, gradients, strict=True):

        def value(moved, name=name):
            return (upstream * actlib.maxout(**{**arrays, name: moved})).sum()

        assert_gradient(value, gradient, arrays[name])


def test_gates_are_quiet_when_they_overflow():
    huge = np.full((2, 3), 1e200)
    for dtype in (np.float64, np.float32):
        with np.errstate(over="ignore"):
            x, W, b = huge.astype(dtype), np.full((2, 3, 3), 1e200, dtype), np.zeros((2, 3), dtype)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert (actlib.maxout(x, W, b) == INF).all()
            assert len(actlib.d_maxout(x, W, b, upstream=x)) == 3
            for gate in (GATES["glu"], GATES["swiglu"]):
                assert gate(x, x).min() > 1e38 and len(gate.df(x, x)) == 2


def test_maxout_refuses_shapes_that_do_not_match():
    x, W, b = np.zeros((5, 3)), np.zeros((4, 3, 2)), np.zeros((4, 2))
    for given, name in [
        ((np.zeros((5, 2)), W, b), "x"),
        ((x, np.zeros((3, 2)), b), "W"),
        ((x, W, np.zeros(2)), "b"),
        ((x, W, np.zeros((1, 2))), "b"),
        ((x, np.zeros((0, 3, 2)), np.zeros((0, 2))), "W"),
    ]:
        with pytest.raises(ValueError, match=rf"^{name} must have shape .*, got \("):
            actlib.maxout(*given)
    with pytest.raises(ValueError, match="upstream"):
        actlib.d_maxout(x, W, b, upstream=np.ones(2))


@pytest.mark.parametrize("gate", [GATES["glu"], GATES["swiglu"]], ids=lambda gate: gate.name)
def test_gates(gate):
    rng = np.random.default_rng(5)
    arrays = {"value": rng.normal(size=(4, 3)), "gate": 3 * rng.normal(size=(4, 3))}
    opened = actlib.sigmoid(arrays["gate"])
    if gate.name == "swiglu":
        opened = opened * arrays["gate"]
    np.testing.assert_allclose(gate(**arrays), arrays["value"] * opened, rtol=1e-14)
    value, opening = arrays.values()
    by_value, by_gate = gate.df(**arrays)
    assert_gradient(lambda moved: gate.f(moved, opening).sum(), by_value, value)
    assert_gradient(lambda moved: gate.f(value, moved).sum(), by_gate, opening)
    assert gate(np.float32([1]), np.float32([2])).dtype == np.float32
    assert all(d.dtype == np.float64 for d in gate.df([1.0], np.float32([2])))
    with pytest.raises(ValueError, match=r"same shape, got \(2,\) and \(2, 1\)"):
        gate(np.ones(2), np.ones((2, 1)))
