"""The tasks of layers and networks: stack, collapse, forward, backward, and the gates.

``layers`` is a list of pairs (W, b), W of shape (n_in, n_out), as everywhere in the course.
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from actlib import linear, losses
from actlib.activations import ACTIVATIONS, GATES, glu, maxout, silu, swiglu
from actlib.check.grading import grade
from actlib.check.task import Mistake, Task, Trial

PASSED_ON = "the first bias goes through the second matrix too: b = b1 @ W2 + b2"


def _layers(*sizes, seed=0):
    """Layers with small numbers that are easy to print, and no zero among them."""
    rng = np.random.default_rng(seed)
    return [
        (rng.choice([-1.5, -1.0, -0.5, 0.5, 1.0, 2.0], (a, b)), rng.choice([-1.0, 0.5, 1.5], b))
        for a, b in pairwise(sizes)
    ]


SQUARE, NARROW, DEEP = _layers(2, 2, 2), _layers(2, 3, 1, seed=3), _layers(2, 3, 2, 2, seed=5)
X = np.array([[1.0, 2.0], [-1.0, 0.5], [0.25, -2.0]])


# ------------------------------------------------------------ linear


def _product(layers):
    W = layers[0][0]
    for W_next, _ in layers[1:]:
        W = W @ W_next
    return W


def _reversed(layers):
    W = layers[-1][0]
    for W_next, _ in layers[-2::-1]:
        W = W @ W_next
    return W


def _collapse(change):
    """A wrong collapse of layers: change(layers, W, b) gives the pair."""
    return lambda layers: change(layers, *linear.collapse(layers))


COLLAPSE = [
    (lambda layers: (_product(layers), sum(b for _, b in layers)), PASSED_ON),
    (_collapse(lambda layers, W, b: (W, layers[-1][1])), "the biases before the last one are "
     "lost; " + PASSED_ON),
    (_collapse(lambda layers, W, b: (W, layers[0][1])), "only the first bias is left; "
     + PASSED_ON),
    (_collapse(lambda layers, W, b: (W, b - layers[-1][1])), "the last bias is missing"),
    (_collapse(lambda layers, W, b: (W, np.zeros_like(b))), "the biases are missing"),
    (_collapse(lambda layers, W, b: (_reversed(layers), b)), "the order: x meets W1 first, so "
     "W = W1 @ W2"),
    (_collapse(lambda layers, W, b: (W.T, b)), "W has the shape (n_in, n_out): no transposing"),
    (_collapse(lambda layers, W, b: (b, W)), "return W first, then b"),
    (_collapse(lambda layers, W, b: W), "return the bias too: return W, b"),
    (_collapse(lambda layers, W, b: (sum(w for w, _ in layers), b)), "matrices are multiplied, "
     "W1 @ W2, not added"),
    (lambda layers: (np.prod([w for w, _ in layers], axis=0), linear.collapse(layers)[1]),
     "* multiplies entry by entry; the product of matrices is @"),
]  # fmt: skip


def _run(layers, x, add=True, f=lambda z: z):
    for W, b in layers:
        x = f(x @ W + (b if add else 0))
    return x


STACK = [
    (lambda layers, x: _run(layers, x, add=False), "the biases are missing"),
    (lambda layers, x: _run(layers[:1], x), "only the first layer was used: loop over all"),
    (lambda layers, x: _run(layers[-1:], x), "each layer takes what the one before gave, not x"),
    (lambda layers, x: _run(layers[::-1], x), "the first layer comes first"),
    (lambda layers, x: _run(layers[:-1], x), "the last layer is missing"),
    (lambda layers, x: _run(layers, x, f=lambda z: np.maximum(z, 0)), "no activation in between: "
     "these layers are affine"),
]  # fmt: skip


def _pairs(functions):
    return tuple(Mistake(*pair) for pair in functions)


def _collapse_task():
    names = ("layers",)
    trials = [Trial("values", (SQUARE,), names)]
    trials.append(Trial("shapes", (NARROW,), names, hint="write it for any widths"))
    deep = [Trial("shapes", (layers,), names, hint="write it for any number of layers")
            for layers in (DEEP, SQUARE[:1])]  # fmt: skip
    about = "collapse: a function of (layers) or of (W1, b1, W2, b2) that returns (W, b)"

    def unpacked(function):
        return lambda W1, b1, W2, b2: function([(W1, b1), (W2, b2)])

    four = Task(
        "collapse",
        unpacked(linear.collapse),
        tuple(
            replace(t, args=(*t.args[0][0], *t.args[0][1]), names=("W1", "b1", "W2", "b2"))
            for t in trials
        ),
        tuple(replace(m, wrong=unpacked(m.wrong)) for m in _pairs(COLLAPSE)),
        parts=("W", "b"),
    )
    return Task("collapse", linear.collapse, (*trials, *deep), _pairs(COLLAPSE), parts=("W", "b"),
                otherwise=(four,), about=about)  # fmt: skip


def _stack_task():
    names = ("layers", "x")
    trials = (
        Trial("values", (SQUARE, X), names),
        Trial("values", (DEEP, X), names, hint="write it for any number of layers"),
        Trial("shapes", (NARROW, X[0]), names, hint="x may be a single row"),
    )
    about = "stack: a function of (layers, x) that sends x through all layers"
    return Task("stack", linear.stack, trials, _pairs(STACK), about=about)


# ------------------------------------------------------------ forward and backward


def _forward(layers, x, f, last, wrong=""):
    """All pre-activations and activations; ``wrong`` names a mistake to make on the way."""
    zs, activations = [], [x]
    for place, (W, b) in enumerate(layers):
        final = place == len(layers) - 1
        z = activations[-1] @ W + (0 if wrong == "no bias" else b)
        function = last if final else f
        if (wrong == "no f" and not final) or (wrong == "no last" and final):
            function = ACTIVATIONS["identity"]
        zs.append(z)
        activations.append(function(z))
    return zs, activations


def _backward(layers, x, target, f, last, loss, wrong=""):
    """[(dW, db), ...] by the chain rule; ``wrong`` names a mistake to make on the way."""
    zs, activations = _forward(layers, x, f, last)
    d, found = loss.gradient(activations[-1], target), []
    d = {"no 1/n": d * d.size, "sign": -d, "no loss": activations[-1] - target}.get(wrong, d)
    for place in range(len(layers) - 1, -1, -1):
        record = last if place == len(layers) - 1 else f
        slope = record.df(activations[place + 1] if wrong == "output" else zs[place])
        skipped = wrong == "no slope" or (wrong == "no last slope" and place == len(layers) - 1)
        d_z = d if skipped else d * slope
        d_b = d_z.mean(axis=0) if wrong == "mean b" else d_z if wrong == "b" else d_z.sum(axis=0)
        a = zs[place - 1] if wrong == "z" and place else activations[place]
        found.insert(0, (a.T @ d_z, d_b))
        d = d_z @ layers[place][0].T
    return found


FORWARD = {
    "no bias": "the biases are missing: z = a @ W + b",
    "no f": "the activation between the layers is missing",
    "no last": "the output has an activation too",
}
BACKWARD = {
    "no 1/n": "the 1/n of the mean is missing in the gradient of the loss",
    "sign": "the sign: start with prediction - target, not target - prediction",
    "output": "the slope is taken at z, the pre-activation, not at the output a",
    "no slope": "chain rule: the slope of the activation is missing",
    "no last slope": "the slope of the output's activation is missing",
    "mean b": "the gradient of b is the sum over the batch: the 1/n is in the loss already",
    "b": "b is shared by all examples: add up its gradient over the batch, axis=0",
    "z": "the gradient of W takes the activations that came in, not the pre-activations",
    "no loss": "start with the gradient of the loss",
}


def forward(answer, *, activation="sigmoid", output="sigmoid", skip=(), also=()):
    """Grade a forward pass: a function of (layers, x) that returns the network's output.

    activation, output : names of the activations between the layers and at the end.

    >>> from actlib import sigmoid
    >>> def my_forward(layers, x):
    ...     for W, b in layers:
    ...         x = sigmoid(x @ W + b)
    ...     return x
    >>> forward(my_forward).passed
    forward: right.
      Right: values, shapes, input left unchanged.
    True
    """
    f, last = ACTIVATIONS[activation], ACTIVATIONS[output]
    names = ("layers", "x")

    def right(layers, x, wrong=""):
        return _forward(layers, x, f, last, wrong)[1][-1]

    def mistake(wrong, hint):
        return Mistake(lambda layers, x: right(layers, x, wrong), hint)

    trials = (
        Trial("values", (SQUARE, X), names),
        Trial("values", (NARROW, X), names),
        Trial("shapes", (DEEP, X), names, hint="write it for any number of layers"),
    )
    general = tuple(mistake(*item) for item in FORWARD.items())
    task = Task("forward", right, trials, general=general + _pairs(STACK))
    return grade(task, answer, skip, also)


def backward(answer, *, activation="sigmoid", output="sigmoid", loss="mse", skip=(), also=()):
    """Grade a backward pass: a function of (layers, x, target) that returns the gradients.

    They come as a list of pairs (dW, db), one for each layer, the first layer first.
    activation, output, loss : names of the activations and of the loss (its mean).
    """
    f, last, chosen = ACTIVATIONS[activation], ACTIVATIONS[output], losses.LOSSES[loss]
    names = ("layers", "x", "target")

    def right(layers, x, target, wrong=""):
        return _backward(layers, x, target, f, last, chosen, wrong)

    def mistake(wrong, hint):
        return Mistake(lambda layers, x, target: right(layers, x, target, wrong), hint)

    one, two = np.array([[1.0], [0.0], [1.0]]), np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
    trials = (
        Trial("values", (SQUARE, X, two), names),
        Trial("values", (NARROW, X, one), names),
        Trial("shapes", (DEEP, X, two), names, hint="write it for any number of layers"),
    )
    order = Mistake(lambda *a: right(*a)[::-1], "the first layer comes first in the list")
    turned = Mistake(
        lambda *a: [(dW.T, db) for dW, db in right(*a)],
        "dW has the shape of W: a.T @ dz, not dz.T @ a",
    )
    general = tuple(mistake(*item) for item in BACKWARD.items())
    task = Task("backward", right, trials, general=(*general, order, turned))
    return grade(task, answer, skip, also)


# ------------------------------------------------------------ gates

MAXOUT_W = np.array([[[1.0, 0.5], [-1.0, 2.0]], [[-0.5, 1.0], [1.5, -1.0]]])
MAXOUT_B = np.array([[0.5, -1.0], [0.25, 1.0]])
GATE_VALUES = {
    "maxout": [
        (lambda x, W, b: maxout(x, W, 0 * b), "the biases are missing"),
        (lambda x, W, b: -maxout(x, -W, -b), "the largest piece answers, not the smallest"),
        (lambda x, W, b: (np.einsum("...i,kij->k...j", x, W) + b[:, None]).sum(axis=0),
         "the largest piece answers; the pieces are not added"),
    ],
    "glu": [
        (lambda v, g: glu(g, v), "value and gate are exchanged: the sigmoid is of the gate"),
        (lambda v, g: v * g, "the sigmoid of the gate is missing"),
        (lambda v, g: v * np.tanh(g), "the gate is a sigmoid, not a tanh"),
        (swiglu, "that is SwiGLU; GLU has the bare sigmoid as its gate"),
    ],
    "swiglu": [
        (lambda v, g: swiglu(g, v), "value and gate are exchanged: SiLU is of the gate"),
        (glu, "that is GLU; here the gate is g * sigmoid(g)"),
        (lambda v, g: v * g, "the sigmoid of the gate is missing"),
        (lambda v, g: silu(v) * silu(g), "SiLU belongs to the gate only"),
    ],
}  # fmt: skip


def _gate_tasks():
    v, g = np.array([1.0, -2.0, 0.5, 3.0]), np.array([0.5, 1.0, -1.5, -0.5])
    for name, record in GATES.items():
        if name == "maxout":
            names, args = ("x", "W", "b"), (X, MAXOUT_W, MAXOUT_B)
            trials = [Trial("values", args, names)]
        else:
            names, far = ("value", "gate"), np.array([1000.0, -1000.0, 0.0, 2.0])
            trials = [Trial("values", (v, g), names), Trial("shapes", (2.0, 0.5), names),
                      Trial("extremes", (v, far), names)]  # fmt: skip
        about = f"{record.title}: a function of ({', '.join(names)})"
        yield Task(name, record.f, tuple(trials), _pairs(GATE_VALUES[name]), about=about)
        parts = tuple(f"the gradient by {part}" for part in names)
        general = [
            (lambda *a, d=record.df: d(*a)[::-1], f"the order: by {', by '.join(names)}"),
            (lambda *a, d=record.df: tuple(-part for part in d(*a)), "the sign is the wrong way "
             "round"),
            (record.f, "that is the function itself; its gradients are asked"),
        ]  # fmt: skip
        about = f"the gradients of {record.title}, a function of ({', '.join(names)})"
        yield Task(f"d_{name}", record.df, tuple(trials), (), _pairs(general), parts=parts,
                   about=about)  # fmt: skip


def tasks():
    """All tasks of this file without options, by name."""
    return {task.name: task for task in (_collapse_task(), _stack_task(), *_gate_tasks())}
