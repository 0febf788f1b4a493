"""What is trained: the grid, one task of it, and what is counted.

A *task* is all the learning rates of one activation, initialisation, depth and width, trained
as one population.
"""

import hashlib
import itertools
import json
import zlib
from dataclasses import asdict, dataclass

import numpy as np

import actlib
from actlib.activations import ACTIVATIONS
from actlib.datasets import xor
from actlib.diagnostics import dead_units
from actlib.initialise import INITIALISERS
from actlib.network import MLP
from actlib.optimise import GradientDescent
from actlib.train import SolvedAt, fit

X, Y = xor()

AXES = ("activation", "initialise", "depth", "width", "learning_rate")
BUDGETS = (100, 300, 1000, 3000)
FLAT = 0.01
COLUMNS = {
    "networks": "networks trained",
    "solved": "all four points on the right side after the last step",
    "solved_once": "all four points on the right side at some step",
    **{f"by_{n}": f"all four points on the right side at some step up to {n}" for n in BUDGETS},
    "step_25": "first step on the right side: reached by a quarter of all networks; else empty",
    "step_50": "the same for half of all networks: the median, with failures counted as never",
    "step_75": "the same for three quarters",
    "step_50_solved": "median of that step among the networks that got there",
    "three": "three of the four points on the right side after the last step",
    "flat": f"not solved, and the four outputs differ by less than {FLAT} after the last step",
    "diverged": "a weight or an output is no longer a finite number after the last step",
    "dead_start": "in some hidden layer no unit has a slope other than 0 before the first step",
}


@dataclass(frozen=True)
class Settings:
    """What the table depends on. A task is one of ``tasks()``, a tuple of the first four axes."""

    activation: tuple = (
        "sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu", "silu", "gelu",
    )  # fmt: skip
    initialise: tuple = ("uniform", "glorot", "he", "lecun")
    depth: tuple = (1, 2, 3, 5, 10)
    width: tuple = (2, 3, 5, 10)
    learning_rate: tuple = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
    networks: int = 40
    steps: int = 5000
    seed: int = 0

    def __post_init__(self):
        for name, known in (("activation", ACTIVATIONS), ("initialise", INITIALISERS)):
            for value in getattr(self, name):
                if value not in known:
                    raise ValueError(f"unknown {name} {value!r}; known: {', '.join(known)}")
        for name in AXES:
            values = getattr(self, name)
            if not values or len(set(values)) < len(values):
                raise ValueError(f"{name} needs one value or more, each once, got {values}")
        for name in ("depth", "width"):
            if min(getattr(self, name)) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        if not all(0 < rate < np.inf for rate in self.learning_rate):
            raise ValueError(f"learning_rate must be positive and finite, got {self.learning_rate}")
        if self.networks < 1 or self.steps < 0 or self.seed < 0:
            raise ValueError("networks must be at least 1, steps and seed not negative")

    def tasks(self):
        return list(itertools.product(*(getattr(self, name) for name in AXES[:-1])))

    def identity(self):
        """Everything that a result may depend on, as JSON knows it."""
        versions = {"numpy": np.__version__, "actlib": actlib.__version__}
        return json.loads(json.dumps({**asdict(self), "dtype": "float32", **versions}))

    def name(self):
        text = json.dumps([self.identity(), list(COLUMNS)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def starts(settings, initialise, depth, width):
    """The starting weights of the networks, without an activation: one generator a network."""
    key = zlib.crc32(initialise.encode()), depth, width
    rngs = [
        np.random.default_rng(np.random.SeedSequence(settings.seed, spawn_key=(*key, run)))
        for run in range(settings.networks)
    ]
    net = MLP((2, *[width] * depth, 1))
    return net.parameters(rngs, initialise, dtype=np.float32)


def train(settings, task):
    """Train the networks of a task: a list of rows, one a learning rate, as in COLUMNS."""
    activation, initialise, depth, width = task
    rates, each = len(settings.learning_rate), settings.networks
    net = MLP((2, *[width] * depth, 1), activation=activation, output="sigmoid")
    start = starts(settings, initialise, depth, width)
    start = net.parameters_from(
        [np.tile(w, (rates, 1, 1)) for w in start.W], [np.tile(b, (rates, 1)) for b in start.b]
    )
    descent = GradientDescent(np.repeat(settings.learning_rate, each))
    solved_at = SolvedAt()
    history = fit(
        net, start, X, Y, optimiser=descent, steps=settings.steps, callbacks=[solved_at]
    )  # fmt: skip
    with np.errstate(all="ignore"):
        output = net.predict(history.parameters, X)[..., 0]
        finite = np.isfinite(output).all(axis=1) & np.isfinite(history.parameters.flat).all(axis=1)
        right = ((output > 0.5) == (Y[:, 0] > 0.5)).sum(axis=1)
        solved, three = (right == 4) & finite, (right == 3) & finite
        flat = (np.ptp(output, axis=1) < FLAT) & ~solved & finite
        dead = dead_units(net, net.forward(start, X)[1])
    dead = np.any([layer.all(axis=-1) for layer in dead], axis=0)
    parts = [np.split(a, rates) for a in (solved_at.step, solved, three, flat, ~finite, dead)]
    return [_row(each, *part) for part in zip(*parts)]


def _row(networks, step, solved, three, flat, diverged, dead):
    reached = np.sort(step[step >= 0])
    values = {
        "networks": networks,
        "solved": int(solved.sum()),
        "solved_once": len(reached),
        **{f"by_{n}": int((reached <= n).sum()) for n in BUDGETS},
        **{f"step_{q}": _quantile(reached, networks, q) for q in (25, 50, 75)},
        "step_50_solved": _quantile(reached, len(reached), 50),
        "three": int(three.sum()),
        "flat": int(flat.sum()),
        "diverged": int(diverged.sum()),
        "dead_start": int(dead.sum()),
    }
    return [values[name] for name in COLUMNS]


def _quantile(reached, of, percent):
    """The smallest step by which ``percent`` of ``of`` networks were there, or None."""
    place = -(-of * percent // 100)
    return int(reached[place - 1]) if 0 < place <= len(reached) else None


def do(settings, task):
    """What a worker runs. The name says which versions the worker has."""
    return task, train(settings, task), settings.name()
