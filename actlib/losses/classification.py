"""Losses for k classes: how much probability did the prediction give to the right one?

Predictions have the shape (n, k) or (k,), classes on the last axis, and the mean is over
the rows; targets are class labels (n,), or one-hot rows or probabilities (n, k). Train with
the form on logits, as with two classes.
"""

import numpy as np

from actlib._arrays import as_float, fraction
from actlib.losses.batch import check_batch, distribution, gradient, loss, weighted
from actlib.losses.logits import softmax_terms
from actlib.losses.record import Loss

__all__ = [
    "categorical_cross_entropy",
    "cross_entropy_with_logits",
    "d_categorical_cross_entropy",
    "d_cross_entropy_with_logits",
    "d_label_smoothing",
    "label_smoothing",
    "smooth_labels",
]


@loss(rows=True, labels=True, probabilities=distribution)
def categorical_cross_entropy(probabilities, target):
    r"""Cross-entropy of predicted class probabilities.

    .. math:: -\frac{1}{n} \sum_i \sum_k t_{ik} \log q_{ik}

    With labels, minus the logarithm of the probability given to the right class. Nothing is
    clipped. Source: Bridle (1990).

    >>> float(categorical_cross_entropy([[0.7, 0.2, 0.1], [0.3, 0.4, 0.3]], [0, 1]).round(4))
    0.6365
    """
    return -weighted(target, np.log(probabilities)).sum(axis=-1)


@gradient(rows=True, labels=True, probabilities=distribution)
def d_categorical_cross_entropy(probabilities, target):
    r"""Gradient of categorical_cross_entropy: 0 where t is 0.

    .. math:: -\frac{t}{n\,q}

    >>> d_categorical_cross_entropy([[0.5, 0.25, 0.25]], [0])
    array([[-2.,  0.,  0.]])
    """
    return np.where(target == 0, target, -target / probabilities)


CATEGORICAL_CROSS_ENTROPY = Loss(
    title="Categorical cross-entropy",
    value=categorical_cross_entropy,
    gradient=d_categorical_cross_entropy,
    minimised_by="the share of each class among the targets",
    noise="categorical (a die with probabilities q)",
    slope_max=float("inf"),
    takes="probabilities",
    target="class labels, one-hot rows or probabilities",
    pytorch="torch.nn.functional.nll_loss(torch.log(probabilities), labels)",
    jax="none on probabilities: optax takes logits",
    keras="keras.losses.CategoricalCrossentropy()(target, probabilities)",
)


def _surprise(logits, target):
    terms = softmax_terms(logits)
    return weighted(target, np.log1p(terms.rest) - terms.gap).sum(axis=-1)


def _excess(logits, target):
    """softmax(logits) - target, without cancellation where both are close to 1."""
    terms = softmax_terms(logits)
    down = (1 - target) - terms.complement()
    return np.where(target > 0.5, down, terms.probabilities() - target)


@loss(rows=True, labels=True)
def cross_entropy_with_logits(logits, target):
    r"""Cross-entropy with the softmax inside.

    .. math:: -\frac{1}{n} \sum_i \sum_k t_{ik} \log \mathrm{softmax}(z_i)_k

    The target is labels, one-hot or probabilities. Source: Bridle (1990).

    >>> float(cross_entropy_with_logits([[0.0, 0.0], [0.0, 0.0]], [0, 1]).round(4))
    0.6931
    >>> float(cross_entropy_with_logits([[1000.0, 0.0]], [1]))
    1000.0
    """
    return _surprise(logits, target)


@gradient(rows=True, labels=True)
def d_cross_entropy_with_logits(logits, target):
    r"""Gradient of cross_entropy_with_logits: the probabilities minus the target.

    .. math:: \frac{1}{n} (q - t), \quad q = \mathrm{softmax}(z)

    >>> d_cross_entropy_with_logits([[0.0, 0.0]], [0])
    array([[-0.5,  0.5]])
    """
    return _excess(logits, target)


CROSS_ENTROPY_WITH_LOGITS = Loss(
    title="Cross-entropy on logits",
    value=cross_entropy_with_logits,
    gradient=d_cross_entropy_with_logits,
    minimised_by="the logarithm of the share of each class, up to one constant",
    noise="categorical, with probabilities softmax(z)",
    slope_max=1.0,
    takes="logits",
    target="class labels, one-hot rows or probabilities",
    pytorch="torch.nn.functional.cross_entropy(logits, target)",
    jax="optax.losses.softmax_cross_entropy(logits, target).mean()",
    keras="keras.losses.CategoricalCrossentropy(from_logits=True)(target, logits)",
)


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
    return _smooth(distribution(target, "target"), fraction(smoothing, "smoothing"))


def _smooth(target, smoothing):
    return (1 - smoothing) * target + smoothing / target.shape[-1]


@loss(rows=True, labels=True, smoothing=fraction)
def label_smoothing(logits, target, smoothing=0.1):
    r"""cross_entropy_with_logits against smoothed labels.

    .. math:: -\frac{1}{n} \sum_i \sum_j t_{\epsilon ij} \log \mathrm{softmax}(z_i)_j, \quad
        t_\epsilon = (1 - \epsilon)\,t + \epsilon / k

    It is smallest at finite logits: no more reward for boundless confidence.
    Source: Szegedy et al. (2016).

    >>> float(label_smoothing([[10.0, 0.0]], [0]).round(4))
    0.5
    >>> float(label_smoothing([[10.0, 0.0]], [0], smoothing=0).round(6))
    4.5e-05
    """
    return _surprise(logits, _smooth(target, smoothing))


@gradient(rows=True, labels=True, smoothing=fraction)
def d_label_smoothing(logits, target, smoothing=0.1):
    r"""Gradient of label_smoothing: the probabilities minus the smoothed target.

    .. math:: \frac{1}{n} (q - t_\epsilon), \quad q = \mathrm{softmax}(z)

    >>> d_label_smoothing([[0.0, 0.0]], [0])
    array([[-0.45,  0.45]])
    """
    return _excess(logits, _smooth(target, smoothing))


LABEL_SMOOTHING = Loss(
    title="Cross-entropy with label smoothing",
    value=label_smoothing,
    gradient=d_label_smoothing,
    minimised_by="the logarithm of the smoothed shares: always finite",
    noise="categorical, a share of the labels replaced at random",
    slope_max=1.0,
    lowest=0.1985152433458726,
    takes="logits",
    target="class labels, one-hot rows or probabilities",
    pytorch="torch.nn.functional.cross_entropy(logits, target, label_smoothing=0.1)",
    jax="optax.losses.softmax_cross_entropy(logits, optax.smooth_labels(target, 0.1)).mean()",
    keras="keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)"
    "(target, logits)",
)
