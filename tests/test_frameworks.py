"""The calls of PyTorch, JAX and Keras that the records print.

Where a framework is installed, each call is made and compared with our function:
``pip install torch jax optax keras`` and run this file. It is not among the requirements,
so everywhere else the names in the calls are looked up in the list below, of names that
were found to exist.
"""

import ast
import math
import os
import re

import numpy as np
import pytest

from actlib import ACTIVATIONS, GATES, LOSSES

os.environ.setdefault("KERAS_BACKEND", "jax")
RECORDS = [*ACTIVATIONS.values(), *GATES.values(), *LOSSES.values()]
FRAMEWORKS = {"pytorch": ["torch", "torchvision"], "jax": ["jax", "optax"], "keras": ["keras"]}

KNOWN = {
    "jax.nn": (
        "celu elu gelu glu hard_sigmoid hard_swish hard_tanh identity leaky_relu log_sigmoid mish "
        "relu relu6 selu sigmoid silu soft_sign softplus tanh"
    ),
    "jax.numpy": "abs concatenate heaviside maximum sqrt",
    "keras.activations": (
        "celu elu gelu glu hard_sigmoid hard_silu hard_tanh leaky_relu linear log_sigmoid mish "
        "relu relu6 selu sigmoid silu softplus softsign tanh"
    ),
    "keras.losses": (
        "BinaryCrossentropy BinaryFocalCrossentropy CategoricalCrossentropy Hinge Huber LogCosh "
        "MeanAbsoluteError MeanSquaredError"
    ),
    "keras.metrics": "RootMeanSquaredError",
    "keras.ops": "concatenate matmul max maximum mean where",
    "optax.losses": (
        "hinge_loss huber_loss log_cosh sigmoid_binary_cross_entropy sigmoid_focal_loss "
        "softmax_cross_entropy squared_error"
    ),
    "optax": "smooth_labels",
    "torch": "cat heaviside log maximum ones_like relu sigmoid sqrt tanh tensor",
    "torch.nn": "Identity",
    "torch.nn.functional": (
        "binary_cross_entropy binary_cross_entropy_with_logits celu cross_entropy elu gelu glu "
        "hardsigmoid hardswish hardtanh huber_loss l1_loss leaky_relu logsigmoid mish mse_loss "
        "nll_loss prelu relu6 selu silu softplus softsign"
    ),
    "torchvision.ops": "sigmoid_focal_loss",
}


def parts(call):
    """Split "expression, name = expression" into the two."""
    expression, *given = re.split(r", (?=\w+ = )", call)
    return expression, dict(text.split(" = ") for text in given)


def names(call):
    """The dotted names of a call that start with a framework's."""
    found = set()
    expression, given = parts(call)
    for text in (expression, *given.values()):
        for node in ast.walk(ast.parse(text, mode="eval")):
            if isinstance(node, ast.Attribute):
                dotted = ast.unparse(node)
                if re.fullmatch(r"(torch|torchvision|jax|optax|keras)(\.\w+)+", dotted):
                    found.add(dotted)
    longer = {name.rpartition(".")[0] for name in found}
    return found - longer


CALLS = [
    pytest.param(record, kind, id=f"{record.name}-{kind}")
    for record in RECORDS
    for kind in FRAMEWORKS
    if not getattr(record, kind).startswith("none ")
]


@pytest.mark.parametrize(("record", "kind"), CALLS)
def test_the_names_are_known(record, kind):
    found = names(getattr(record, kind))
    for name in found:
        module, _, function = name.rpartition(".")
        advice = f"is {name} spelt right? Run this file where {kind} is installed"
        assert function in KNOWN.get(module, "").split(), advice
    roots = {name.split(".")[0] for name in found}
    assert roots <= set(FRAMEWORKS[kind])
    assert roots or record.name == "maxout"


RNG = np.random.default_rng(8)


def inputs(record):
    """What the call and our function are given, by the names that the calls use."""
    shape = (6, 4)
    if record.name in ACTIVATIONS:
        return {"x": np.r_[RNG.normal(0, 3, 21), -3.0, 0.0, 3.0, 6.0], **record.parameters}
    if record.name == "maxout":
        return {"x": RNG.normal(size=(5, 3)), "W": RNG.normal(size=(2, 3, 4)), "b": np.ones((2, 4))}
    if record.name in GATES:
        return {"value": RNG.normal(size=shape), "gate": RNG.normal(size=shape)}
    prediction, target = RNG.normal(0, 2, shape), RNG.normal(0, 2, shape)
    weights = np.exp(target)
    target = {
        "real numbers": target,
        "numbers from 0 to 1": RNG.uniform(size=shape),
        "0 or 1": RNG.integers(0, 2, shape).astype(float),
        "-1 or 1": 2.0 * RNG.integers(0, 2, shape) - 1,
    }.get(record.target, weights / weights.sum(axis=-1, keepdims=True))
    if record.name == "categorical_cross_entropy":  # PyTorch takes labels, Keras rows
        target = np.eye(4)[RNG.integers(0, 4, 6)]
    if record.takes == "probabilities":
        prediction = np.exp(prediction) / (1 + np.exp(prediction))
        if record.name == "categorical_cross_entropy":
            prediction /= prediction.sum(axis=-1, keepdims=True)
    first, second, *_ = record.arguments.split(", ")
    return {first: prediction, second: target, "prediction": prediction, **record.parameters}


def scope_of(call, kind):
    """What a call may name: the framework's modules, skipped where they are not installed."""
    modules = {name.split(".")[0] for name in names(call)} or set(FRAMEWORKS[kind][:1])
    if kind == "jax":
        modules |= {"jax"}
    return {name: pytest.importorskip(name) for name in modules} | {"math": math}


@pytest.mark.parametrize(("record", "kind"), CALLS)
def test_the_call_gives_what_ours_gives(record, kind):
    call = getattr(record, kind)
    scope = scope_of(call, kind)
    given = inputs(record)
    expected = record(*(given[name] for name in record.arguments.split(", ") if "=" not in name))
    convert = {
        "pytorch": lambda a: scope["torch"].tensor(a),
        "jax": lambda a: scope["jax"].numpy.asarray(a),
        "keras": lambda a: scope["keras"].ops.convert_to_tensor(a),
    }[kind]
    scope |= {n: convert(np.float32(a)) if np.ndim(a) else a for n, a in given.items()}
    if record.name == "categorical_cross_entropy":
        scope["labels"] = convert(given["target"].argmax(axis=-1))
    expression, where = parts(call)
    scope |= {name: eval(text, scope) for name, text in where.items()}
    np.testing.assert_allclose(np.asarray(eval(expression, scope)), expected, rtol=2e-5, atol=2e-6)


# Keras takes its derivatives from JAX or PyTorch, and a step has none.
DIFFERENTIABLE = [
    call
    for call in CALLS
    if call.values[0].name in ACTIVATIONS | LOSSES
    and call.values[0].name != "step"
    and call.values[1] != "keras"
]


@pytest.mark.parametrize(("record", "kind"), DIFFERENTIABLE)
def test_the_derivative_is_what_theirs_is(record, kind):
    """By automatic differentiation, away from the kinks."""
    call = getattr(record, kind)
    scope, given = scope_of(call, kind), inputs(record)
    arrays = [given[name] for name in record.arguments.split(", ") if "=" not in name]
    first = record.arguments.split(", ")[0]
    if record.name in ACTIVATIONS:
        arrays = [given["x"][~np.isin(given["x"], record.kinks)]]
        given["x"] = arrays[0]
    expected = record.derivative(*arrays)
    expression, where = parts(call)
    asarray = scope["jax"].numpy.asarray if kind == "jax" else scope["torch"].tensor
    scope |= {n: asarray(np.float32(a)) if np.ndim(a) else a for n, a in given.items()}
    if record.name == "categorical_cross_entropy":
        scope["labels"] = asarray(given["target"].argmax(axis=-1))

    def total(x):
        names = scope | {first: x, "prediction": x}
        names |= {name: eval(text, names) for name, text in where.items()}
        return eval(expression, names).sum()

    if kind == "jax":
        found = scope["jax"].grad(total)(scope[first])
    else:
        x = scope[first].requires_grad_()
        total(x).backward()
        found = x.grad
    np.testing.assert_allclose(np.asarray(found), expected, rtol=2e-5, atol=2e-6)
