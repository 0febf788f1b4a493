"""How fast, how much memory: a table of ratios, all taken in one run.

    python benchmarks/bench.py            everything
    python benchmarks/bench.py network    one of: elementwise, network, memory, import

It is no test: it asserts nothing and depends on the machine. Each pair is timed in turns, and
the best of the turns counts, so that another busy program disturbs both alike. PyTorch and
JAX take part where they are installed.
"""

import importlib.util
import subprocess
import sys
import time
import tracemalloc
from itertools import pairwise

import numpy as np

import actlib
from actlib.network import MLP
from actlib.optimise import GradientDescent
from actlib.train import fit

TURNS = 7
X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([[0.0], [1.0], [1.0], [0.0]])
SIZES = (2, *[5] * 10, 1)  # the document's network: 11 matrices
RATE = 0.1


def best(functions, turns=TURNS, seconds=0.05):
    """Seconds for one call of each function: best of some turns, taken alternately."""
    calls = []
    for function in functions:
        function()
        began = time.perf_counter()
        function()
        calls.append(max(1, int(seconds / (time.perf_counter() - began + 1e-9))))
    times = [np.inf] * len(functions)
    for _ in range(turns):
        for index, function in enumerate(functions):
            began = time.perf_counter()
            for _ in range(calls[index]):
                function()
            times[index] = min(times[index], (time.perf_counter() - began) / calls[index])
    return times


# -- elementwise functions --------------------------------------------------------------


def peers():
    """The fastest accurate version at hand: SciPy's, or the plain formula."""
    from scipy import special

    return {
        "identity": ("np.copy", np.copy),
        "step": ("plain", lambda x: (x >= 0).astype(x.dtype)),
        "sigmoid": ("scipy expit", special.expit),
        "log_sigmoid": ("scipy log_expit", special.log_expit),
        "hard_sigmoid": ("plain", lambda x: np.clip(x / 6 + 0.5, 0, 1)),
        "tanh": ("np.tanh", np.tanh),
        "hard_tanh": ("np.clip", lambda x: np.clip(x, -1, 1)),
        "softsign": ("plain", lambda x: x / (1 + np.abs(x))),
        "relu": ("np.maximum", lambda x: np.maximum(x, 0)),
        "relu6": ("np.clip", lambda x: np.clip(x, 0, 6)),
        "leaky_relu": ("plain", lambda x: np.maximum(x, 0.01 * x)),
        "prelu": ("plain", lambda x: np.maximum(x, 0.25 * x)),
        "elu": ("plain", lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0)))),
        "selu": (
            "plain",
            lambda x: (
                1.0507009873554805
                * np.where(x > 0, x, 1.6732632423543772 * np.expm1(np.minimum(x, 0)))
            ),
        ),
        "celu": ("plain", lambda x: np.maximum(x, 0) + np.expm1(np.minimum(x, 0))),
        "softplus": ("np.logaddexp", lambda x: np.logaddexp(x, 0)),
        "gelu": ("x · scipy ndtr", lambda x: x * special.ndtr(x)),
        "gelu_tanh": (
            "plain",
            lambda x: 0.5 * x * (1 + np.tanh(0.7978845608028654 * (x + 0.044715 * x**3))),
        ),
        "silu": ("x · scipy expit", lambda x: x * special.expit(x)),
        "hard_swish": ("plain", lambda x: x * np.clip(x + 3, 0, 6) / 6),
        "mish": ("plain", lambda x: x * np.tanh(np.logaddexp(x, 0))),
    }


def elementwise():
    x = np.random.default_rng(0).normal(0, 3, 1_000_000)
    print("\nElementwise, 1e6 float64 numbers; ratio = actlib / peer, at most 1.2 wanted")
    print(
        f"{'function':<14}{'ms':>8}{'peer ms':>9}{'ratio':>7}  {'peer':<18}{'derivative ms':>14}"
        f"{'temporaries':>13}"
    )
    known = peers()
    for name, record in actlib.ACTIVATIONS.items():
        if name not in known:
            continue
        label, peer = known[name]
        ours, theirs, slope = best(
            [lambda r=record: r.f(x), lambda p=peer: p(x), lambda r=record: r.df(x)], 5, 0.0
        )
        tracemalloc.start()
        record.f(x)
        extra = tracemalloc.get_traced_memory()[1] / x.nbytes - 1  # the answer is one
        tracemalloc.stop()
        print(
            f"{name:<14}{ours * 1e3:>8.2f}{theirs * 1e3:>9.2f}{ours / theirs:>7.2f}  "
            f"{label:<18}{slope * 1e3:>14.2f}{max(extra, 0):>13.2f}",
            flush=True,
        )


# -- networks ---------------------------------------------------------------------------


def plain_step(runs, dtype):
    """One step of the deep XOR network as one writes it without a second thought."""
    rng, lead = np.random.default_rng(0), () if runs is None else (runs,)
    W = [rng.uniform(-1, 1, (*lead, i, j)).astype(dtype) for i, j in pairwise(SIZES)]
    b = [np.zeros((*lead, 1, j), dtype) for j in SIZES[1:]]
    x, y = X.astype(dtype), Y.astype(dtype)
    x = np.broadcast_to(x, (*lead, *x.shape)).copy()

    def step():
        a = [x]
        for w, bias in zip(W, b, strict=True):
            a.append(1 / (1 + np.exp(-(a[-1] @ w + bias))))
        d = (a[-1] - y) / 4
        for layer in range(len(W) - 1, -1, -1):
            dW = np.swapaxes(a[layer], -1, -2) @ d
            db = d.sum(axis=-2, keepdims=True)
            if layer:
                d = (d @ np.swapaxes(W[layer], -1, -2)) * a[layer] * (1 - a[layer])
            W[layer] -= RATE * dW
            b[layer] -= RATE * db

    return step


def torch_step(runs, dtype):
    import torch

    rng, lead = np.random.default_rng(0), () if runs is None else (runs,)
    kind = torch.float64 if dtype == np.float64 else torch.float32

    def tensor(array):
        return torch.tensor(array, dtype=kind)

    W = [tensor(rng.uniform(-1, 1, (*lead, i, j))).requires_grad_() for i, j in pairwise(SIZES)]
    b = [torch.zeros(*lead, 1, j, dtype=kind, requires_grad=True) for j in SIZES[1:]]
    x, y = (
        tensor(np.broadcast_to(X, (*lead, 4, 2)).copy()),
        tensor(np.broadcast_to(Y, (*lead, 4, 1)).copy()),
    )
    descent = torch.optim.SGD([*W, *b], lr=RATE)

    def step():
        a = x
        for w, bias in zip(W[:-1], b[:-1], strict=True):
            a = torch.sigmoid(a @ w + bias)
        loss = (
            torch.nn.functional.binary_cross_entropy_with_logits(
                a @ W[-1] + b[-1], y, reduction="sum"
            )
            / 4
        )
        descent.zero_grad()
        loss.backward()
        descent.step()

    return step


def jax_step(runs, dtype):
    import jax

    jax.config.update("jax_enable_x64", True)
    jnp = jax.numpy
    rng, lead = np.random.default_rng(0), () if runs is None else (runs,)
    parameters = [
        (jnp.asarray(rng.uniform(-1, 1, (*lead, i, j)), dtype), jnp.zeros((*lead, 1, j), dtype))
        for i, j in pairwise(SIZES)
    ]
    x, y = jnp.asarray(X, dtype), jnp.asarray(Y, dtype)

    def loss(parameters):
        a = x
        for w, bias in parameters[:-1]:
            a = jax.nn.sigmoid(a @ w + bias)
        z = a @ parameters[-1][0] + parameters[-1][1]
        return (jax.nn.softplus(z) - y * z).mean()

    gradient = jax.grad(loss)
    gradient = gradient if runs is None else jax.vmap(gradient)
    steps = 100

    @jax.jit
    def hundred(parameters):
        def one(p, _):
            return jax.tree.map(lambda v, g: v - RATE * g, p, gradient(p)), None

        return jax.lax.scan(one, parameters, None, length=steps)[0]

    def step():
        jax.block_until_ready(hundred(parameters))

    step.steps = steps
    return step


def our_steps(runs, dtype, activation="sigmoid", steps=100):
    net = MLP(SIZES, activation, "sigmoid")
    parameters = net.parameters(np.random.default_rng(0), runs=runs, dtype=dtype)

    def run():
        fit(net, parameters, X, Y, optimiser=GradientDescent(RATE), steps=steps)

    run.steps = steps
    return run


def network():
    others = {"plain NumPy": plain_step}
    for package, label, make in (("torch", "PyTorch", torch_step), ("jax", "JAX", jax_step)):
        if importlib.util.find_spec(package):
            others[label] = make
    print("\nOne gradient step of the deep XOR network, 4 points; bars: 100 µs, 1,300 µs")
    print(
        f"{'networks':>9}  {'dtype':<9}{'who':<22}{'µs a step':>10}{'÷ plain':>9}"
        f"{'networks trained 1,000 steps, a second':>41}"
    )
    for runs in (None, 1000):
        for dtype in (np.float64, np.float32):
            steps = 300 if runs is None else 30
            rows = {"actlib.fit, sigmoid": our_steps(runs, dtype, steps=steps)}
            rows |= {label: make(runs, dtype) for label, make in others.items()}
            rows |= {
                f"actlib.fit, {name}": our_steps(runs, dtype, name, steps)
                for name in ("relu", "tanh")
            }
            times = best(list(rows.values()))
            each = {
                label: seconds / getattr(function, "steps", 1)
                for (label, function), seconds in zip(rows.items(), times, strict=True)
            }
            for label, seconds in each.items():
                print(
                    f"{runs or 1:>9,}  {np.dtype(dtype).name:<9}{label:<22}{seconds * 1e6:>10.0f}"
                    f"{seconds / each['plain NumPy']:>9.2f}"
                    f"{(runs or 1) / (1000 * seconds):>41,.0f}",
                    flush=True,
                )


# -- memory and import ------------------------------------------------------------------


def memory():
    print("\nPeak memory of a training, deep XOR network")
    print(f"{'networks':>9}{'steps':>7}{'recorded':>10}{'MB':>9}")
    for runs, steps, every in (
        (500, 20, None),
        (1000, 20, None),
        (2000, 20, None),
        (1000, 200, None),
        (1000, 200, 1),
    ):
        net = MLP(SIZES, "sigmoid", "sigmoid")
        parameters = net.parameters(np.random.default_rng(0), runs=runs)
        tracemalloc.start()
        fit(net, parameters, X, Y, steps=steps, every=every)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(f"{runs:>9,}{steps:>7}{'every step' if every else 'nothing':>11}{peak / 1e6:>8.1f}")


def import_time():
    code = (
        "import time, numpy; t = time.perf_counter(); import actlib; print(time.perf_counter() - t)"
    )
    times = [
        float(
            subprocess.run(
                [sys.executable, "-c", code], capture_output=True, text=True, check=True
            ).stdout
        )
        for _ in range(TURNS)
    ]
    print(f"\nimport actlib, beyond NumPy: {min(times) * 1e3:.0f} ms (at most 50 wanted)")


PARTS = {"elementwise": elementwise, "network": network, "memory": memory, "import": import_time}


def main(names):
    unknown = set(names) - set(PARTS)
    if unknown:
        raise SystemExit(f"unknown: {', '.join(unknown)}; known: {', '.join(PARTS)}")
    for name in names or PARTS:
        PARTS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
