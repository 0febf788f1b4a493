"""Losses for classes: how much probability did the prediction give to what happened?

Prediction first, target second. The value is the mean over the batch, and ``d_`` is the
gradient of exactly that mean, taken by the prediction (the 1/n is inside). The forms on
logits never overflow and keep their gradient where probabilities round to 0 or 1: train
with those. The forms on probabilities show what is computed.

Shapes: two-class losses take any shape, the same for prediction and target, and the mean is
over all numbers. Losses over k classes take (n, k) or (k,), classes on the last axis, and
the mean is over the rows; their target is class labels (n,), or one-hot rows or
probabilities (n, k). With ``runs=r`` the first r axes of the prediction are runs: the value
keeps them, and the target may lack them. The dtype is the prediction's.
Errors: ValueError for shapes that do not match, an empty batch, a probability outside
[0, 1], rows that do not sum to 1, a label out of range; TypeError for anything but numbers.
"""

import math

import numpy as np

from actlib._arrays import as_float
from actlib._batch import (
    check_batch,
    check_distribution,
    check_unit,
    class_target,
    mean,
    number,
    pair,
    quiet,
    share,
    weighted,
    working,
)
from actlib.logits import softmax_terms

# ------------------------------------------------------------ two classes


def _binary(prediction, target, runs, name):
    prediction, target, dtype = pair(prediction, target, runs, (name, "target"))
    check_unit(target, "target")
    return prediction, target, dtype


def _softplus(z):
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def _sigmoid(z):
    return 1 / (
        1 + np.exp(-z)
    )  # where exp overflows, 1 / inf = 0 is right to the last normal float


@quiet
def binary_cross_entropy(probability, target, runs=0):
    r"""Binary cross-entropy of predicted probabilities.

    :math:`-\frac{1}{n} \sum \left[ t \log q + (1 - t) \log (1 - q) \right]`, with 0 log 0 = 0
    and nothing clipped: a certain mistake costs inf. Source: Good (1952).

    >>> float(binary_cross_entropy([0.5, 0.5], [0, 1]).round(4))
    0.6931
    >>> float(binary_cross_entropy([0.0], [1]))
    inf
    """
    q, target, dtype = _binary(probability, target, runs, "probability")
    check_unit(q, "probability")
    return mean(-weighted(target, np.log(q)) - weighted(1 - target, np.log1p(-q)), runs, dtype)


@quiet
def d_binary_cross_entropy(probability, target, runs=0):
    r"""Gradient of binary_cross_entropy: :math:`(q - t) / (n q (1 - q))`.

    At q = t = 0 and q = t = 1 it is the limit, 1/n and -1/n.

    >>> d_binary_cross_entropy([0.5, 0.5], [0, 1])
    array([ 1., -1.])
    """
    q, target, dtype = _binary(probability, target, runs, "probability")
    check_unit(q, "probability")
    slope = np.where(target == 1, -1 / q, (q - target) / q / (1 - q))
    return share(np.where(target == 0, 1 / (1 - q), slope), runs, dtype)


@quiet
def binary_cross_entropy_with_logits(logits, target, runs=0):
    r"""Binary cross-entropy with the sigmoid inside.

    :math:`\frac{1}{n} \sum \left[ t\,\mathrm{softplus}(-z) + (1 - t)\,\mathrm{softplus}(z)
    \right]`: two terms that are never negative, so nothing cancels. Source: Good (1952).

    >>> float(binary_cross_entropy_with_logits([0.0, 0.0], [0, 1]).round(4))
    0.6931
    >>> float(binary_cross_entropy_with_logits([-1000.0], [1]))
    1000.0
    """
    z, target, dtype = _binary(logits, target, runs, "logits")
    # t softplus(-z) + (1 - t) softplus(z), with the part that both share taken once
    size = np.abs(z)
    wrong = np.where(z > 0, 1 - target, target)
    return mean(np.log1p(np.exp(-size)) + weighted(wrong, size), runs, dtype)


@quiet
def d_binary_cross_entropy_with_logits(logits, target, runs=0):
    r"""Gradient of binary_cross_entropy_with_logits: :math:`(\sigma(z) - t) / n`.

    >>> d_binary_cross_entropy_with_logits([0.0, 0.0], [0, 1])
    array([ 0.25, -0.25])
    >>> bool(d_binary_cross_entropy_with_logits([40.0], [1]) < 0)
    True
    """
    z, target, dtype = _binary(logits, target, runs, "logits")
    # Seen from the likelier class: σ(40) - 1 rounds to 0, but σ(-40) does not.
    side = np.copysign(1, 0.5 - target)
    return share(side * (_sigmoid(side * z) - np.minimum(target, 1 - target)), runs, dtype)


def _focal(logits, target, gamma, alpha, runs):
    z, target, dtype = pair(logits, target, runs, ("logits", "target"))
    if not np.all((target == 0) | (target == 1)):
        wrong = target[(target != 0) & (target != 1)].flat[0]
        raise ValueError(f"target must be 0 or 1, got {wrong:.6g}")
    gamma = number(gamma, "gamma", "a finite number, at least 0", lambda v: 0 <= v < math.inf)
    weight = np.ones_like(z)
    if alpha is not None:
        alpha = number(alpha, "alpha", "a number from 0 to 1, or None", lambda v: 0 <= v <= 1)
        weight = np.where(target == 1, alpha, 1 - alpha).astype(z.dtype)
    sign = 2 * target - 1
    return sign * z, sign, z.dtype.type(gamma), weight, dtype


@quiet
def focal(logits, target, gamma=2.0, alpha=0.25, runs=0):
    r"""Focal loss: binary cross-entropy that looks away from what is already right.

    :math:`-\alpha_t (1 - q_t)^{\gamma} \log q_t`, with :math:`q_t` the probability of what
    happened. ``gamma`` 0 and ``alpha`` None give binary_cross_entropy_with_logits. alpha
    weighs class 1, and 1 - alpha class 0. Targets are 0 or 1, nothing between.
    Errors: also ValueError for gamma below 0, alpha outside [0, 1]. Source: Lin et al. (2017).

    >>> float(focal([0.0], [1]).round(4))
    0.0433
    >>> float(focal([0.0], [1], gamma=0, alpha=None).round(4))
    0.6931
    """
    right, _, gamma, weight, dtype = _focal(logits, target, gamma, alpha, runs)
    doubt = _sigmoid(-right) ** gamma
    return mean(weighted(weight, weighted(doubt, _softplus(-right))), runs, dtype)


@quiet
def d_focal(logits, target, gamma=2.0, alpha=0.25, runs=0):
    r"""Gradient of focal.

    :math:`\mp \alpha_t (1 - q_t)^{\gamma} \left[ (1 - q_t) - \gamma q_t \log q_t \right] / n`,
    minus for class 1 and plus for class 0; both terms in the brackets are positive.

    >>> d_focal([0.0], [1]).round(4)
    array([-0.0746])
    """
    right, sign, gamma, weight, dtype = _focal(logits, target, gamma, alpha, runs)
    wrong = _sigmoid(-right)
    pull = wrong + weighted(gamma * _sigmoid(right), _softplus(-right))
    return share(-sign * weight * wrong**gamma * pull, runs, dtype)


def _hinge(scores, target, runs):
    scores, target, dtype = pair(scores, target, runs, ("scores", "target"))
    if not np.all(np.abs(target) == 1):
        wrong = target[np.abs(target) != 1].flat[0]
        raise ValueError(f"target must be -1 or 1, got {wrong:.6g} (2 * t - 1 turns 0, 1 into it)")
    return scores, target, dtype


@quiet
def hinge(scores, target, runs=0):
    r"""Hinge loss of the support vector machine: right is not enough, a margin is asked.

    :math:`\frac{1}{n} \sum \max(0, 1 - t s)` with targets t of -1 or 1 and a score s, which
    is no probability. Source: Cortes and Vapnik (1995).

    >>> float(hinge([2.0, 0.5, -1.0], [1, 1, 1]).round(4))
    0.8333
    """
    scores, target, dtype = _hinge(scores, target, runs)
    return mean(np.maximum(0, 1 - target * scores), runs, dtype)


@quiet
def d_hinge(scores, target, runs=0):
    r"""Gradient of hinge: :math:`-t / n` inside the margin, else 0; 0 at the kink t s = 1.

    >>> d_hinge([2.0, 0.5], [1, 1])
    array([ 0. , -0.5])
    """
    scores, target, dtype = _hinge(scores, target, runs)
    inside = np.where(np.isnan(scores), scores, target * scores < 1)
    return share(-target * inside + 0.0, runs, dtype)


# ------------------------------------------------------------ k classes


def _classes(prediction, target, runs, name):
    prediction = as_float(prediction, name)
    runs = check_batch(prediction, runs, name, rows=True)
    dtype, prediction = prediction.dtype, working(prediction)
    return prediction, class_target(target, prediction.shape, runs, prediction.dtype), dtype


@quiet
def categorical_cross_entropy(probabilities, target, runs=0):
    r"""Cross-entropy of predicted class probabilities.

    :math:`-\frac{1}{n} \sum_i \sum_k t_{ik} \log q_{ik}`: with labels, minus the logarithm of
    the probability given to the right class. Nothing is clipped. Source: Bridle (1990).

    >>> float(categorical_cross_entropy([[0.7, 0.2, 0.1], [0.3, 0.4, 0.3]], [0, 1]).round(4))
    0.6365
    """
    q, target, dtype = _classes(probabilities, target, runs, "probabilities")
    check_distribution(q, "probabilities")
    return mean(-weighted(target, np.log(q)).sum(axis=-1), runs, dtype)


@quiet
def d_categorical_cross_entropy(probabilities, target, runs=0):
    r"""Gradient of categorical_cross_entropy: :math:`-t / (n q)`, 0 where t is 0.

    >>> d_categorical_cross_entropy([[0.5, 0.25, 0.25]], [0])
    array([[-2.,  0.,  0.]])
    """
    q, target, dtype = _classes(probabilities, target, runs, "probabilities")
    check_distribution(q, "probabilities")
    return share(np.where(target == 0, target, -target / q), runs, dtype, rows=True)


@quiet
def cross_entropy_with_logits(logits, target, runs=0):
    r"""Cross-entropy with the softmax inside.

    :math:`-\frac{1}{n} \sum_i \sum_k t_{ik} \log \mathrm{softmax}(z_i)_k`; the target is
    labels, one-hot or probabilities. Source: Bridle (1990).

    >>> float(cross_entropy_with_logits([[0.0, 0.0], [0.0, 0.0]], [0, 1]).round(4))
    0.6931
    >>> float(cross_entropy_with_logits([[1000.0, 0.0]], [1]))
    1000.0
    """
    logits, target, dtype = _classes(logits, target, runs, "logits")
    return _logit_loss(logits, target, runs, dtype)


@quiet
def d_cross_entropy_with_logits(logits, target, runs=0):
    r"""Gradient of cross_entropy_with_logits: :math:`(q - t) / n` with q = softmax(z).

    >>> d_cross_entropy_with_logits([[0.0, 0.0]], [0])
    array([[-0.5,  0.5]])
    """
    logits, target, dtype = _classes(logits, target, runs, "logits")
    return _d_logit_loss(logits, target, runs, dtype)


def _logit_loss(logits, target, runs, dtype):
    terms = softmax_terms(logits)
    surprise = np.log1p(terms.rest) - terms.gap
    return mean(weighted(target, surprise).sum(axis=-1), runs, dtype)


def _d_logit_loss(logits, target, runs, dtype):
    terms = softmax_terms(logits)
    # From 1 downwards for targets near 1: q may round to 1, its complement does not.
    gap = np.where(target > 0.5, (1 - target) - terms.complement(), terms.probabilities() - target)
    return share(gap, runs, dtype, rows=True)


def smooth_labels(target, smoothing=0.1):
    r"""Take a little probability from the right class and spread it over all k of them.

    :math:`(1 - \epsilon)\,t + \epsilon / k` for one-hot rows or probabilities t, classes on
    the last axis. Errors: ValueError for smoothing outside [0, 1].
    Source: Szegedy et al. (2016).

    >>> smooth_labels([[0, 1, 0, 0]], 0.2)
    array([[0.05, 0.85, 0.05, 0.05]])
    """
    target = as_float(target, "target")
    check_batch(target, 0, "target", rows=True)
    check_distribution(target, "target")
    return _smooth(target, smoothing)


def _smooth(target, smoothing):
    smoothing = number(smoothing, "smoothing", "a number from 0 to 1", lambda v: 0 <= v <= 1)
    return (1 - smoothing) * target + smoothing / target.shape[-1]


@quiet
def label_smoothing(logits, target, smoothing=0.1, runs=0):
    r"""cross_entropy_with_logits against smoothed labels.

    The targets are :math:`(1 - \epsilon)\,t + \epsilon / k`, so the loss is smallest at finite
    logits: no more reward for boundless confidence. Source: Szegedy et al. (2016).

    >>> float(label_smoothing([[10.0, 0.0]], [0]).round(4))
    0.5
    >>> float(label_smoothing([[10.0, 0.0]], [0], smoothing=0).round(6))
    4.5e-05
    """
    logits, target, dtype = _classes(logits, target, runs, "logits")
    return _logit_loss(logits, _smooth(target, smoothing), runs, dtype)


@quiet
def d_label_smoothing(logits, target, smoothing=0.1, runs=0):
    r"""Gradient of label_smoothing: :math:`(q - t_\epsilon) / n`.

    >>> d_label_smoothing([[0.0, 0.0]], [0])
    array([[-0.45,  0.45]])
    """
    logits, target, dtype = _classes(logits, target, runs, "logits")
    return _d_logit_loss(logits, _smooth(target, smoothing), runs, dtype)
