"""How fast, how much memory: a table of ratios, all taken in one run.

    python benchmarks/bench.py                        everything
    python benchmarks/bench.py network                one of: elementwise, network, memory, import
    BEFORE=folder python benchmarks/bench.py network  with the copy of actlib in folder, too

It is no test: it asserts nothing and depends on the machine. Who is compared is timed in
turns, each in a process of its own, and the best of the turns counts, so that another busy
program disturbs all alike. PyTorch and JAX take part where they are installed, or where the
environment variable PEERS names a Python that has them.
"""

import importlib.util
import os
import subprocess
import sys
import time
import tracemalloc
from itertools import pairwise
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
TURNS = 15
X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([[0.0], [1.0], [1.0], [0.0]])
SIZES = (2, *[5] * 10, 1)  # the document's network: 11 matrices
RATE = 0.1


def best(functions, turns=7, seconds=0.05):
    """Seconds for one call of each function: best of some turns, taken alternately."""
    times = [np.inf] * len(functions)
    for function in functions:
        function()
    for _ in range(turns):
        for index, function in enumerate(functions):
            began, calls = time.perf_counter(), 0
            while calls == 0 or time.perf_counter() < began + seconds:
                function()
                calls += 1
            times[index] = min(times[index], (time.perf_counter() - began) / calls)
    return times


# -- elementwise functions --------------------------------------------------------------


def peers():
    """The fastest accurate version at hand: SciPy's, or the plain formula."""
    from scipy import special

    return {
        "identity": ("np.copy", np.copy),
        "sigmoid": ("scipy expit", special.expit),
        "log_sigmoid": ("scipy log_expit", special.log_expit),
        "tanh": ("np.tanh", np.tanh),
        "hard_tanh": ("np.clip", lambda x: np.clip(x, -1, 1)),
        "softsign": ("plain", lambda x: x / (1 + np.abs(x))),
        "relu": ("np.maximum", lambda x: np.maximum(x, 0)),
        "leaky_relu": ("plain", lambda x: np.maximum(x, 0.01 * x)),
        "elu": ("plain", lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0)))),
        "softplus": ("np.logaddexp", lambda x: np.logaddexp(x, 0)),
        "gelu": ("x · scipy ndtr", lambda x: x * special.ndtr(x)),
        "silu": ("x · scipy expit", lambda x: x * special.expit(x)),
        "hard_swish": ("plain", lambda x: x * np.clip(x + 3, 0, 6) / 6),
        "mish": ("plain", lambda x: x * np.tanh(np.logaddexp(x, 0))),
    }


def elementwise():
    from actlib import ACTIVATIONS

    x = np.random.default_rng(0).normal(0, 3, 1_000_000)
    print("\nElementwise, 1e6 float64 numbers; ratio = actlib / peer, at most 1.2 wanted")
    print(f"{'function':<14}{'ms':>8}{'peer ms':>9}{'ratio':>7}  {'peer':<18}{'derivative ms':>14}")
    for name, (label, peer) in peers().items():
        record = ACTIVATIONS[name]
        timed = best([lambda f=f: f(x) for f in (record.f, peer, record.df)], 5, 0)
        ours, theirs, slope = (seconds * 1e3 for seconds in timed)
        print(
            f"{name:<14}{ours:>8.2f}{theirs:>9.2f}{ours / theirs:>7.2f}  {label:<18}{slope:>14.2f}",
            flush=True,
        )


# -- networks: each maker returns a function that takes some steps of training -----------


def actlib_steps(runs, dtype, steps=100):
    from actlib import MLP, GradientDescent, fit

    net = MLP(SIZES, "sigmoid", "sigmoid")
    parameters = net.parameters(np.random.default_rng(0), runs=runs, dtype=dtype)
    return lambda: fit(net, parameters, X, Y, optimiser=GradientDescent(RATE), steps=steps)


def actlib_digits(steps=100):
    from actlib import MLP, fit

    rng, net = np.random.default_rng(0), MLP((64, 32, 10), "relu")
    x, labels = rng.random((1500, 64)), rng.integers(0, 10, 1500)
    return lambda: fit(
        net, net.parameters(rng, "he"), x, labels, loss="cross_entropy_with_logits",
        batch_size=32, rng=rng, steps=steps,
    )  # fmt: skip


def plain_steps(runs, dtype, steps=100):
    """The deep XOR network as one writes it without a second thought."""
    rng, lead = np.random.default_rng(0), () if runs is None else (runs,)
    W = [rng.uniform(-1, 1, (*lead, i, j)).astype(dtype) for i, j in pairwise(SIZES)]
    b = [np.zeros((*lead, 1, j), dtype) for j in SIZES[1:]]
    x, y = np.broadcast_to(X, (*lead, *X.shape)).astype(dtype), Y.astype(dtype)

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

    return lambda: [step() for _ in range(steps)]


def torch_steps(runs, dtype, steps=100):
    import torch

    torch.set_num_threads(1)
    rng, lead = np.random.default_rng(0), () if runs is None else (runs,)
    kind = torch.from_numpy(np.zeros(1, dtype)).dtype
    W = [
        torch.tensor(rng.uniform(-1, 1, (*lead, i, j)), dtype=kind, requires_grad=True)
        for i, j in pairwise(SIZES)
    ]
    b = [torch.zeros(*lead, 1, j, dtype=kind, requires_grad=True) for j in SIZES[1:]]
    x, y = (torch.tensor(np.broadcast_to(v, (*lead, *v.shape)).copy(), dtype=kind) for v in (X, Y))
    descent = torch.optim.SGD([*W, *b], lr=RATE)
    loss_of = torch.nn.functional.binary_cross_entropy_with_logits

    def step():
        a = x
        for w, bias in zip(W[:-1], b[:-1], strict=True):
            a = torch.sigmoid(a @ w + bias)
        loss = loss_of(a @ W[-1] + b[-1], y, reduction="sum") / 4
        descent.zero_grad()
        loss.backward()
        descent.step()

    return lambda: [step() for _ in range(steps)]


def jax_steps(runs, dtype, steps=100):
    import jax

    jax.config.update("jax_enable_x64", True)
    jnp, rng, lead = jax.numpy, np.random.default_rng(0), () if runs is None else (runs,)
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

    gradient = jax.grad(loss) if runs is None else jax.vmap(jax.grad(loss))

    def one(p, _):
        return jax.tree.map(lambda v, g: v - RATE * g, p, gradient(p)), None

    many = jax.jit(lambda p: jax.lax.scan(one, p, None, length=steps)[0])
    return lambda: jax.block_until_ready(many(parameters))


MAKERS = {f.__name__: f for f in (actlib_steps, actlib_digits, plain_steps, torch_steps, jax_steps)}


class Peer:
    """A process that times one maker's function when it is asked to."""

    def __init__(self, maker, arguments, steps, python=sys.executable, folder=ROOT):
        command = [python, __file__, "--peer", maker, *map(str, arguments), str(steps)]
        environment = {**os.environ, "PYTHONPATH": str(folder), "OPENBLAS_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.steps, self.times = steps, []
        self.there = self.process.stdout.readline() == "ready\n"

    def turn(self):
        print("go", file=self.process.stdin, flush=True)
        self.times.append(float(self.process.stdout.readline()) / self.steps)

    def end(self):
        self.process.communicate()


def serve(maker, *arguments):
    """The other side of a Peer: processor seconds of one call, for each line that comes in."""
    *arguments, steps = (None if word == "None" else word for word in arguments)
    if arguments:
        arguments = [arguments[0] and int(arguments[0]), np.dtype(arguments[1])]
    function = MAKERS[maker](*arguments, steps=int(steps))
    function()
    print("ready", flush=True)
    for _ in sys.stdin:
        began = time.process_time()
        function()
        print(time.process_time() - began, flush=True)


def network():
    print("\nOne gradient step, processor time: best and median of turns taken in one run")
    print(f"{'task':<30}{'who':<18}{'µs, best':>10}{'÷ actlib':>10}{'median':>10}{'÷ actlib':>10}")
    tasks = [("digits 64-32-10, batch of 32", (), 200)]
    for runs in (None, 1000):
        for dtype in ("float64", "float32"):
            steps = 300 if runs is None else 30
            tasks.append((f"deep XOR, {runs or 1:,} × {dtype}", (runs, dtype), steps))
    before, python = os.environ.get("BEFORE"), os.environ.get("PEERS", sys.executable)
    for task, arguments, steps in tasks:
        maker = "actlib_steps" if arguments else "actlib_digits"
        who = {"actlib": Peer(maker, arguments, steps)}
        if before:
            who["actlib, before"] = Peer(maker, arguments, steps, folder=before)
        if arguments:
            who["plain NumPy"] = Peer("plain_steps", arguments, steps)
            for name, label in (("torch", "PyTorch"), ("jax", "JAX, compiled")):
                if python != sys.executable or importlib.util.find_spec(name):
                    who[label] = Peer(f"{name}_steps", arguments, steps, python)
        who = {label: peer for label, peer in who.items() if peer.there}
        for _ in range(TURNS):
            for peer in who.values():
                peer.turn()
        rows = {k: (min(p.times) * 1e6, np.median(p.times) * 1e6) for k, p in who.items()}
        for label, (least, median) in rows.items():
            ratios = least / rows["actlib"][0], median / rows["actlib"][1]
            print(
                f"{task:<30}{label:<18}{least:>10.0f}{ratios[0]:>10.2f}"
                f"{median:>10.0f}{ratios[1]:>10.2f}",
                flush=True,
            )
            who[label].end()


# -- memory and import ------------------------------------------------------------------


def memory():
    from actlib import MLP, fit

    print("\nPeak memory of a training, deep XOR network")
    print(f"{'networks':>9}{'steps':>7}{'recorded':>12}{'MB':>8}")
    for runs, steps, every in (
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
        print(f"{runs:>9,}{steps:>7}{'every step' if every else 'nothing':>12}{peak / 1e6:>8.1f}")


def import_time():
    code = "import time, numpy; t = time.perf_counter(); import actlib; "
    code += "print(time.perf_counter() - t)"
    command = [sys.executable, "-c", code]
    times = [float(subprocess.check_output(command, text=True)) for _ in range(TURNS)]
    print(f"\nimport actlib, beyond NumPy: {min(times) * 1e3:.0f} ms (at most 50 wanted)")


PARTS = {"elementwise": elementwise, "network": network, "memory": memory, "import": import_time}


def main(names):
    if names[:1] == ["--peer"]:
        return serve(*names[1:])
    unknown = set(names) - set(PARTS)
    if unknown:
        raise SystemExit(f"unknown: {', '.join(unknown)}; known: {', '.join(PARTS)}")
    for name in names or PARTS:
        PARTS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
