"""The same network in PyTorch, where it is installed, learns the same, step by step.

PyTorch is not among the requirements: ``pip install torch`` and run this file. The two take
the same steps in another order of additions, so they differ by rounding errors only. Where
training is calm these stay near 1e-15. Where steps overshoot they grow from step to step, and
two right programs end in different places; hence the low rate for ReLU.
"""

import numpy as np
import pytest

from actlib import ACTIVATIONS, MLP, GradientDescent, fit

torch = pytest.importorskip("torch")

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([[0.0], [1.0], [1.0], [0.0]])
STEPS = 500
CASES = [
    # activation, rate, seed, whether it solves XOR within the steps
    ("sigmoid", 0.1, 0, False),
    ("tanh", 0.1, 5, True),
    ("relu", 0.03, 3, True),
    ("gelu", 0.03, 0, True),
]


def deep(activation):
    return MLP((2, *[5] * 10, 1), activation, output="sigmoid")


def in_torch(start, activation):
    """The network with these weights, as a torch.nn.Sequential in float64."""
    layers = []
    for w, b in zip(start.W, start.b, strict=True):
        linear = torch.nn.Linear(*w.shape, dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(np.ascontiguousarray(w.T)))
            linear.bias.copy_(torch.from_numpy(np.ascontiguousarray(b)))
        layers += [linear, activation()]
    return torch.nn.Sequential(*layers[:-1], torch.nn.Sigmoid())


MODULES = {
    "sigmoid": torch.nn.Sigmoid,
    "tanh": torch.nn.Tanh,
    "relu": torch.nn.ReLU,
    "gelu": torch.nn.GELU,
}


@pytest.mark.parametrize(("activation", "rate", "seed", "solves"), CASES)
def test_loss_curves_agree_step_by_step(activation, rate, seed, solves):
    net = deep(activation)
    start = net.parameters(np.random.default_rng(seed))
    before = start.flat.copy()
    ours = fit(net, start, X, Y, optimiser=GradientDescent(rate), steps=STEPS, every=1)

    model = in_torch(start, MODULES[activation])
    descent = torch.optim.SGD(model.parameters(), lr=rate)
    x, y = torch.from_numpy(X), torch.from_numpy(Y)
    theirs = []
    for step in range(STEPS + 1):
        loss = torch.nn.functional.binary_cross_entropy(model(x), y)
        theirs.append(loss.item())
        if step < STEPS:
            descent.zero_grad()
            loss.backward()
            descent.step()

    assert (start.flat == before).all()
    np.testing.assert_allclose(ours.loss, theirs, rtol=0, atol=1e-9)
    linears = [layer for layer in model if isinstance(layer, torch.nn.Linear)]
    for w, b, linear in zip(ours.parameters.W, ours.parameters.b, linears, strict=True):
        np.testing.assert_allclose(w, linear.weight.detach().numpy().T, atol=1e-8)
        np.testing.assert_allclose(b, linear.bias.detach().numpy(), atol=1e-8)
    # The comparison is worth nothing where nothing happens.
    assert (ours.loss[-1] < 0.2) == solves
    assert np.abs(ours.parameters.flat - before).max() > 0.01


@pytest.mark.parametrize("activation", MODULES)
def test_gradients_agree(activation):
    net = deep(activation)
    start = net.parameters(np.random.default_rng(7), bias=0.1)
    q, trace = net.forward(start, X)
    ours = net.backward(trace, (q - Y) / 4, by="pre_activation")
    model = in_torch(start, MODULES[activation])
    torch.nn.functional.binary_cross_entropy(
        model(torch.from_numpy(X)), torch.from_numpy(Y)
    ).backward()
    linears = [layer for layer in model if isinstance(layer, torch.nn.Linear)]
    for w, b, linear in zip(ours.W, ours.b, linears, strict=True):
        np.testing.assert_allclose(w, linear.weight.grad.numpy().T, rtol=1e-9, atol=1e-18)
        np.testing.assert_allclose(b, linear.bias.grad.numpy(), rtol=1e-9, atol=1e-18)


def test_every_module_is_an_activation_of_the_course():
    assert set(MODULES) <= set(ACTIVATIONS)
