"""Losses for two classes: how much probability did the prediction give to what happened?

Prediction and target have the same shape, any shape; the mean is over all numbers. The
forms on logits never overflow and keep their gradient where probabilities round to 0 or 1:
train with those. The forms on probabilities show what is computed.
"""

import numpy as np

from actlib._arrays import fraction, not_negative
from actlib.losses.batch import gradient, loss, minus_or_plus_one, unit, weighted, zero_or_one
from actlib.losses.record import Loss

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "d_binary_cross_entropy",
    "d_binary_cross_entropy_with_logits",
    "d_focal",
    "d_hinge",
    "focal",
    "hinge",
]


@loss(probability=unit, target=unit)
def binary_cross_entropy(probability, target):
    r"""Binary cross-entropy of predicted probabilities.

    .. math:: -\frac{1}{n} \sum \left[ t \log q + (1 - t) \log (1 - q) \right]

    with 0 log 0 = 0 and nothing clipped: a certain mistake costs inf. Source: Good (1952).

    >>> float(binary_cross_entropy([0.5, 0.5], [0, 1]).round(4))
    0.6931
    >>> float(binary_cross_entropy([0.0], [1]))
    inf
    """
    return -weighted(target, np.log(probability)) - weighted(1 - target, np.log1p(-probability))


@gradient(probability=unit, target=unit)
def d_binary_cross_entropy(probability, target):
    r"""Gradient of binary_cross_entropy: without bound where q is sure and wrong.

    .. math:: \frac{q - t}{n\,q\,(1 - q)}

    At q = t = 0 and q = t = 1 it is the limit, 1/n and -1/n.

    >>> d_binary_cross_entropy([0.5, 0.5], [0, 1])
    array([ 1., -1.])
    """
    q = probability
    slope = np.where(target == 1, -1 / q, (q - target) / q / (1 - q))
    return np.where(target == 0, 1 / (1 - q), slope)


BINARY_CROSS_ENTROPY = Loss(
    title="Binary cross-entropy",
    value=binary_cross_entropy,
    gradient=d_binary_cross_entropy,
    minimised_by="the share of ones among the targets",
    noise="Bernoulli (a coin with probability q)",
    slope_max=float("inf"),
    takes="probabilities",
    target="numbers from 0 to 1",
    pytorch="torch.nn.functional.binary_cross_entropy(probability, target)",
    jax="none on probabilities: optax takes logits",
    keras="keras.losses.BinaryCrossentropy()(target, probability)",
)


@loss(target=unit)
def binary_cross_entropy_with_logits(logits, target):
    r"""Binary cross-entropy with the sigmoid inside.

    .. math:: \frac{1}{n} \sum \left[
        t\,\mathrm{softplus}(-z) + (1 - t)\,\mathrm{softplus}(z) \right]

    Two terms that are never negative, so nothing cancels. Source: Good (1952).

    >>> float(binary_cross_entropy_with_logits([0.0, 0.0], [0, 1]).round(4))
    0.6931
    >>> float(binary_cross_entropy_with_logits([-1000.0], [1]))
    1000.0
    """
    # The part that both softplus share is taken once.
    size = np.abs(logits)
    wrong = np.where(logits > 0, 1 - target, target)
    return np.log1p(np.exp(-size)) + weighted(wrong, size)


@gradient(target=unit)
def d_binary_cross_entropy_with_logits(logits, target):
    r"""Gradient of binary_cross_entropy_with_logits: the probability minus the target.

    .. math:: \frac{1}{n} (\sigma(z) - t)

    >>> d_binary_cross_entropy_with_logits([0.0, 0.0], [0, 1])
    array([ 0.25, -0.25])
    >>> bool(d_binary_cross_entropy_with_logits([40.0], [1]) < 0)
    True
    """
    # Seen from the likelier class: σ(40) - 1 rounds to 0, but σ(-40) does not.
    side = np.copysign(1, 0.5 - target)
    return side * (_sigmoid(side * logits) - np.minimum(target, 1 - target))


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))  # where exp overflows, 1 / inf = 0 is right


BINARY_CROSS_ENTROPY_WITH_LOGITS = Loss(
    title="Binary cross-entropy on logits",
    value=binary_cross_entropy_with_logits,
    gradient=d_binary_cross_entropy_with_logits,
    minimised_by="the logit of the share of ones among the targets",
    noise="Bernoulli, with probability sigmoid(z)",
    slope_max=1.0,
    takes="logits",
    target="numbers from 0 to 1",
    pytorch="torch.nn.functional.binary_cross_entropy_with_logits(logits, target)",
    jax="optax.losses.sigmoid_binary_cross_entropy(logits, target).mean()",
    keras="keras.losses.BinaryCrossentropy(from_logits=True)(target, logits)",
)


def _fraction_or_none(value, name):
    return None if value is None else fraction(value, name)


def _weight(target, alpha):
    if alpha is None:
        return np.ones_like(target)
    return np.where(target == 1, alpha, 1 - alpha).astype(target.dtype)


@loss(target=zero_or_one, gamma=not_negative, alpha=_fraction_or_none)
def focal(logits, target, gamma=2.0, alpha=0.25):
    r"""Focal loss: binary cross-entropy that looks away from what is already right.

    .. math:: -\frac{1}{n} \sum \alpha_t (1 - q_t)^{\gamma} \log q_t

    with :math:`q_t` the probability of what happened. ``gamma`` 0 and ``alpha`` None give
    binary_cross_entropy_with_logits. alpha weighs class 1, and 1 - alpha class 0. Targets
    are 0 or 1, nothing between.
    Errors: also ValueError for gamma below 0, alpha outside [0, 1]. Source: Lin et al. (2017).

    >>> float(focal([0.0], [1]).round(4))
    0.0433
    >>> float(focal([0.0], [1], gamma=0, alpha=None).round(4))
    0.6931
    """
    right = (2 * target - 1) * logits
    surprise = np.maximum(-right, 0) + np.log1p(np.exp(-np.abs(right)))  # softplus(-right)
    doubt = _sigmoid(-right) ** gamma
    return weighted(_weight(target, alpha), weighted(doubt, surprise))


@gradient(target=zero_or_one, gamma=not_negative, alpha=_fraction_or_none)
def d_focal(logits, target, gamma=2.0, alpha=0.25):
    r"""Gradient of focal: minus for class 1, plus for class 0.

    .. math:: \mp \frac{\alpha_t}{n} (1 - q_t)^{\gamma}
        \left[ (1 - q_t) - \gamma q_t \log q_t \right]

    Both terms in the brackets are positive.

    >>> d_focal([0.0], [1]).round(4)
    array([-0.0746])
    """
    sign = 2 * target - 1
    right = sign * logits
    surprise = np.maximum(-right, 0) + np.log1p(np.exp(-np.abs(right)))
    wrong = _sigmoid(-right)
    pull = wrong + weighted(gamma * _sigmoid(right), surprise)
    return -sign * _weight(target, alpha) * wrong**gamma * pull


FOCAL = Loss(
    title="Focal loss",
    value=focal,
    gradient=d_focal,
    minimised_by="no plain statistic: it pulls probabilities towards 1/2",
    noise="none: it is no likelihood",
    slope_max=0.8467374139262985,
    takes="logits",
    target="0 or 1",
    pytorch="torchvision.ops.sigmoid_focal_loss(logits, target, reduction='mean')",
    jax="optax.losses.sigmoid_focal_loss(logits, target, alpha=0.25, gamma=2.0).mean()",
    keras="keras.losses.BinaryFocalCrossentropy(apply_class_balancing=True, from_logits=True)"
    "(target, logits)",
)


@loss(target=minus_or_plus_one)
def hinge(scores, target):
    r"""Hinge loss of the support vector machine: right is not enough, a margin is asked.

    .. math:: \frac{1}{n} \sum \max(0, 1 - t s)

    with targets t of -1 or 1 and a score s, which is no probability.
    Source: Cortes and Vapnik (1995).

    >>> float(hinge([2.0, 0.5, -1.0], [1, 1, 1]).round(4))
    0.8333
    """
    return np.maximum(0, 1 - target * scores)


@gradient(target=minus_or_plus_one)
def d_hinge(scores, target):
    r"""Gradient of hinge: the same inside the margin, 0 beyond it, and 0 at the kink t s = 1.

    .. math:: \frac{1}{n} \begin{cases} -t & t s < 1 \\ 0 & t s \ge 1 \end{cases}

    >>> d_hinge([2.0, 0.5], [1, 1])
    array([ 0. , -0.5])
    """
    inside = np.where(np.isnan(scores), scores, target * scores < 1)
    return -target * inside + 0.0  # no -0


HINGE = Loss(
    title="Hinge loss",
    value=hinge,
    gradient=d_hinge,
    minimised_by="the more frequent class, -1 or 1",
    noise="none: it is no likelihood",
    slope_max=1.0,
    kink=True,
    target="-1 or 1",
    pytorch="torch.relu(1 - target * scores).mean()",
    jax="optax.losses.hinge_loss(scores, target).mean()",
    keras="keras.losses.Hinge()(target, scores)",
)
