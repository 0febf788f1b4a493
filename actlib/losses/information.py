"""Entropy, cross-entropy and divergence: how far apart are two distributions?

p is what really happens, q is what we predict. Both are probabilities on the last axis, so
both sum to 1 there (0.0005 is let through), and the mean is over the rows;
``runs=q.ndim - 1`` gives every row its own value. Natural logarithms: the unit is the nat
(divide by log 2 for bits). Gradients are by q, the prediction.
"""

import numpy as np

from actlib.losses.batch import distribution, gradient, loss, weighted

__all__ = [
    "cross_entropy",
    "d_cross_entropy",
    "d_entropy",
    "d_kl_divergence",
    "entropy",
    "kl_divergence",
]


@loss(rows=True, p=distribution)
def entropy(p):
    r"""The surprise to be expected from a distribution, and the floor of cross_entropy.

    :math:`H(p) = -\sum p \log p`, with 0 log 0 = 0: from 0 (certain) to log k (all equal).
    Source: Shannon (1948).

    >>> float(entropy([0.5, 0.5]).round(4))
    0.6931
    >>> float(entropy([0.5, 0.125, 0.125, 0.25]).round(6))
    1.213008
    """
    return -weighted(p, np.log(p)).sum(axis=-1)


@gradient(rows=True, p=distribution)
def d_entropy(p):
    r"""Gradient of entropy: :math:`-(\log p + 1) / n`, inf where p is 0.

    >>> d_entropy([0.5, 0.5]).round(4)
    array([-0.3069, -0.3069])
    """
    return -(np.log(p) + 1)


@loss(by="q", rows=True, p=distribution, q=distribution)
def cross_entropy(p, q):
    r"""The surprise to be expected when p happens and q was believed.

    :math:`H(p, q) = -\sum p \log q`. Smallest at q = p, where it is entropy(p). It is inf
    where q calls impossible what p allows. Source: Shannon (1948), Good (1952).

    >>> p = [0.5, 0.125, 0.125, 0.25]
    >>> float(cross_entropy(p, [0.25, 0.25, 0.25, 0.25]).round(6))
    1.386294
    >>> float(cross_entropy(p, [0.5, 0.25, 0.125, 0.125]).round(6))
    1.299651
    """
    return -weighted(p, np.log(q)).sum(axis=-1)


@gradient(by="q", rows=True, p=distribution, q=distribution)
def d_cross_entropy(p, q):
    r"""Gradient of cross_entropy by the prediction q: :math:`-p / (n q)`, 0 where p is 0.

    Each entry of q counts as free; on the way to logits, softmax_jacobian keeps the sum at 1.

    >>> d_cross_entropy([0.5, 0.5], [0.25, 0.75]).round(4)
    array([-2.    , -0.6667])
    """
    return np.where(p == 0, p, -p / q)


@loss(by="q", rows=True, p=distribution, q=distribution)
def kl_divergence(p, q):
    r"""What believing q costs when p happens: cross-entropy above its floor.

    :math:`D(p \| q) = \sum p \log (p / q) = H(p, q) - H(p)`. 0 at q = p, positive elsewhere,
    and not the same both ways round. Terms of both signs cancel when q is close to p: the
    rounding is small beside the sum of the terms' sizes, not beside the result.
    Source: Kullback and Leibler (1951).

    >>> float(kl_divergence([0.5, 0.5], [0.9, 0.1]).round(4))
    0.5108
    >>> float(kl_divergence([0.9, 0.1], [0.5, 0.5]).round(4))
    0.3681
    """
    return weighted(p, _log_ratio(p, q)).sum(axis=-1)


def _log_ratio(p, q):
    """log(p / q), exact also where the two are nearly equal, or their ratio overflows."""
    ratio = p / q
    tiny = np.finfo(ratio.dtype).tiny
    plain = np.where((ratio > tiny) & np.isfinite(ratio), np.log(ratio), np.log(p) - np.log(q))
    return np.where((ratio > 0.5) & (ratio < 2), np.log1p((p - q) / q), plain)


d_kl_divergence = d_cross_entropy  # H(p), the difference of the two, does not contain q
