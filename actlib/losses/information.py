"""Entropy and cross-entropy: how far apart are two distributions?

p is what really happens, q is what we predict. Both are probabilities on the last axis, so
both sum to 1 there (0.0005 is let through), and the mean is over the rows;
``runs=q.ndim - 1`` gives every row its own value. Natural logarithms: the unit is the nat
(divide by log 2 for bits).
"""

import numpy as np

from actlib.losses.batch import distribution, loss, weighted

__all__ = ["cross_entropy", "entropy"]


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
