"""A prediction and a target for each loss."""

import numpy as np

from actlib import LOSSES, losses

NAMES = sorted(LOSSES)
CLASS_LOSSES = [name for name in NAMES if LOSSES[name].target.startswith("class labels")]


def examples(name, shape=(6, 4), seed=0):
    """A prediction and a target of the kind that the loss takes; no ties, no kinks."""
    rng = np.random.default_rng(seed)
    prediction, target = rng.normal(0, 2, shape), rng.normal(0, 2, shape)
    if name == "binary_cross_entropy":
        return rng.uniform(0.05, 0.95, shape), rng.uniform(0, 1, shape)
    if name == "binary_cross_entropy_with_logits":
        return prediction, rng.uniform(0, 1, shape)
    if name == "focal":
        return prediction, rng.integers(0, 2, shape)
    if name == "hinge":
        return prediction, 2 * rng.integers(0, 2, shape) - 1
    if name == "categorical_cross_entropy":
        return losses.softmax(0.2 * prediction), losses.softmax(target)
    if name in CLASS_LOSSES:
        return prediction, losses.softmax(target)
    return prediction, target
