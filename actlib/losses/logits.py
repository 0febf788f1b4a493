"""Softmax and its relatives: from logits to probabilities, without overflow.

All of them subtract the largest logit first. Then no exponent is positive, nothing
overflows, and the largest term is exactly 1. What that subtraction and the division by the
temperature lose to rounding is carried along, because an exponential turns a small absolute
error of its input into a relative error of its output: at -1400 half a unit in the last
place is 1e-13.
"""

from typing import NamedTuple

import numpy as np

from actlib._arrays import as_float, positive, product_error, quiet
from actlib.losses.batch import label_rows, whole_labels, working

__all__ = ["d_softmax", "one_hot", "softmax", "softmax_jacobian"]


class _Terms(NamedTuple):
    """The terms of one softmax, classes on the last axis, relative to the largest logit."""

    top: np.ndarray  # True at the largest logit of each row (the first, when several are equal)
    gap: np.ndarray  # (logit - the largest) / temperature, never positive
    powers: np.ndarray  # exp(gap), exactly 1 at the top
    rest: np.ndarray  # sum of the powers but for the top's
    total: np.ndarray  # 1 + rest

    def probabilities(self):
        return self.powers / self.total

    def complement(self):
        """1 - probability, without cancellation where the probability is close to 1."""
        others = self.total - self.powers
        np.copyto(others, self.rest, where=self.top)
        return others / self.total


def softmax_terms(x, temperature=1.0):
    """Return the _Terms of a working float array with classes on the last axis."""
    x = np.ascontiguousarray(x)  # NumPy adds in pairs, with a small error, only along memory
    highest = x.max(axis=-1, keepdims=True)
    top = x.argmax(axis=-1)[..., None] == np.arange(x.shape[-1])
    gap = x - highest
    # Knuth's two-sum: gap + lost is the difference without any rounding.
    back = gap - x
    lost = (x - (gap - back)) - (highest + back)
    if temperature != 1:
        quotient = gap / temperature
        product = quotient * temperature
        left = (gap - product) - product_error(quotient, temperature, product)
        lost = (lost + left) / temperature
        gap = quotient
    finite = np.isfinite(lost)
    if not finite.all():
        np.copyto(lost, 0, where=~finite)
        np.copyto(gap, 0, where=top & np.isinf(x))  # inf - inf
    powers = np.exp(gap) * (1 + lost)
    rest = powers.sum(axis=-1, keepdims=True, where=~top)
    return _Terms(top, gap, powers, rest, 1 + rest)


def _logits(x, axis):
    """Return logits as floats with the classes on the last axis, and the dtype of the answer."""
    x = as_float(x, "logits")
    if x.ndim == 0:
        raise ValueError("logits need an axis of classes, got a single number")
    if isinstance(axis, bool) or not isinstance(axis, (int, np.integer)):
        raise TypeError(f"axis must be a whole number, got {type(axis).__name__}")
    if not -x.ndim <= axis < x.ndim:
        raise ValueError(
            f"axis must lie in {-x.ndim}..{x.ndim - 1} for logits of shape {x.shape}, got {axis}"
        )
    if x.shape[axis] == 0:
        raise ValueError(f"logits of shape {x.shape} have no class on axis {axis}")
    return np.moveaxis(x, axis, -1).astype(working(x.dtype), copy=False), x.dtype


@quiet
def softmax(x, temperature=1.0, axis=-1):
    r"""Turn logits into probabilities that sum to 1.

    :math:`q_i = e^{x_i / T} / \sum_j e^{x_j / T}`. Adding one number to all logits changes
    nothing. A high temperature T levels the probabilities, a low one picks the largest.
    A single inf takes everything; two inf, only -inf, or a nan give nan.

    Shapes: any, with the classes on ``axis``; the result has the same shape.
    Errors: ValueError for a temperature that is not positive and finite.
    Source: Bridle (1990); Hinton, Vinyals and Dean (2015) for the temperature; Blanchard,
    Higham and Higham (2021) for the subtraction.

    >>> softmax([0.0, 0.0])
    array([0.5, 0.5])
    >>> softmax([1.0, 2.0, 3.0]).round(4)
    array([0.09  , 0.2447, 0.6652])
    >>> softmax([1.0, 2.0, 3.0], temperature=10).round(4)
    array([0.3006, 0.3322, 0.3672])
    >>> softmax([1000.0, 0.0])
    array([1., 0.])
    """
    logits, dtype = _logits(x, axis)
    terms = softmax_terms(logits, positive(temperature, "temperature"))
    return np.moveaxis(terms.probabilities(), -1, axis).astype(dtype, copy=False)


@quiet
def softmax_jacobian(x, temperature=1.0, axis=-1):
    r"""The derivative of every probability by every logit.

    :math:`\partial q_i / \partial x_j = q_i (\delta_{ij} - q_j) / T`: symmetric, and every
    row sums to 0, because the probabilities can only be moved about.

    Shapes: the axis of k classes becomes two axes of k at the end, (..., k) → (..., k, k).
    Also named ``d_softmax``. Source: Bridle (1990).

    >>> softmax_jacobian([0.0, 0.0])
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    >>> softmax_jacobian([[1.0, 2.0, 3.0]]).shape
    (1, 3, 3)
    """
    logits, dtype = _logits(x, axis)
    temperature = positive(temperature, "temperature")
    terms = softmax_terms(logits, temperature)
    q = terms.probabilities()
    jacobian = q[..., :, None] * -q[..., None, :]
    places = np.arange(q.shape[-1])
    jacobian[..., places, places] = q * terms.complement()
    return (jacobian / temperature).astype(dtype, copy=False)


d_softmax = softmax_jacobian


def one_hot(labels, n_classes=None):
    """Turn class labels 0 .. n_classes - 1 into rows with a single 1.

    Without ``n_classes`` the largest label decides: give it whenever a class may be missing.
    Shapes: one axis of n_classes is added at the end. Labels are no function that could be
    differentiated, so there is no ``d_one_hot``.
    Errors: ValueError for a label that is not a whole number in 0 .. n_classes - 1.

    >>> one_hot([2, 0], 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    labels = as_float(labels, "label")
    if n_classes is None:
        if labels.size == 0:
            raise ValueError("no labels came, so n_classes must be given")
        n_classes = max(int(whole_labels(labels).max()) + 1, 1)
    if isinstance(n_classes, bool) or not isinstance(n_classes, (int, np.integer)):
        raise TypeError(f"n_classes must be a whole number, got {type(n_classes).__name__}")
    if n_classes < 1:
        raise ValueError(f"n_classes must be at least 1, got {n_classes}")
    return label_rows(labels, n_classes).astype(float)
