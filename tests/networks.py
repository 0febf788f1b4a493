"""Networks to test with."""

import numpy as np

from actlib.parameters import MANY_RUNS

XOR = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
SIZES = (3, 4, 4, 4, 2)
BATCH = 5
NORMALISATIONS = [None, "layer", "batch"]
RUNS = [None, 3, MANY_RUNS]  # one network, and both orders of a population in memory


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
