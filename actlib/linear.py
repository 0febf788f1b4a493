"""Affine layers: stack them, and see that a stack of them is one.

A layer is a pair ``(W, b)``. Numbers go through as rows, so ``W`` has the shape
(n_in, n_out), ``b`` the shape (n_out,), and a layer computes ``x @ W + b``.
"""

import numpy as np

from actlib._arrays import as_float

__all__ = ["collapse", "rank", "stack"]


def stack(layers, x):
    """Send ``x`` through affine layers, one after the other.

    .. math:: z_1 = x W_1 + b_1, \\quad z_2 = z_1 W_2 + b_2, \\quad \\dots

    ``x`` has the shape (..., n_in) and the result the shape (..., n_out). A layer whose
    shapes do not match is a ValueError that names it, also where NumPy would broadcast.

    >>> double, add_one = ([[2.0]], [0.0]), ([[1.0]], [1.0])
    >>> stack([double, add_one], [[3.0], [4.0]])
    array([[7.],
           [9.]])
    """
    layers = _checked(layers)
    x = as_float(x)
    n_in = layers[0][0].shape[0]
    if x.ndim == 0 or x.shape[-1] != n_in:
        raise ValueError(f"x has shape {x.shape}, but layer 1 takes {n_in} numbers: (..., {n_in})")
    with np.errstate(all="ignore"):
        for W, b in layers:
            x = x @ W + b
    return x


def collapse(layers):
    """Return the one layer ``(W, b)`` that does what the whole stack does.

    .. math:: W = W_1 W_2 \\cdots W_n, \\qquad b = (\\dots(b_1 W_2 + b_2) W_3 + \\dots) + b_n

    Works at any depth and width; the rank of ``W`` is at most the narrowest width.

    >>> W, b = collapse([([[2.0, 0.0]], [0.0, 1.0]), ([[3.0], [4.0]], [5.0])])
    >>> W, b
    (array([[6.]]), array([9.]))
    >>> layers = [(np.ones((4, 1)), [0.0]), (np.ones((1, 4)), [0.0] * 4)]
    >>> rank(collapse(layers)[0])
    1
    """
    layers = _checked(layers)
    W, b = layers[0]
    with np.errstate(all="ignore"):
        for W_next, b_next in layers[1:]:
            W, b = W @ W_next, b @ W_next + b_next
    return W.copy(), b.copy()


def rank(W):
    """Return how many directions a matrix keeps, as an int.

    Directions thinner than rounding error do not count. Anything but a matrix of
    finite numbers is a ValueError.

    >>> rank([[1.0, 2.0], [2.0, 4.0]])
    1
    >>> rank(np.eye(3))
    3
    """
    W = as_float(W, "W")
    if W.ndim != 2:
        raise ValueError(f"W must be a matrix, got shape {W.shape}")
    if not np.isfinite(W).all():
        raise ValueError("W must hold finite numbers, got inf or nan")
    return int(np.linalg.matrix_rank(W.astype(np.float64, copy=False)))


def _checked(layers):
    """Return the layers as pairs of arrays, or say which one does not fit."""
    checked = []
    for number, layer in enumerate(layers, start=1):
        try:
            W, b = layer
        except (TypeError, ValueError):
            raise ValueError(f"layer {number} must be a pair (W, b)") from None
        W = as_float(W, f"W of layer {number}")
        b = as_float(b, f"b of layer {number}")
        if W.ndim != 2:
            raise ValueError(f"layer {number}: W must have shape (n_in, n_out), got {W.shape}")
        if b.shape != W.shape[1:]:
            raise ValueError(
                f"layer {number}: W has shape {W.shape}, so b must have shape "
                f"({W.shape[1]},), got {b.shape}"
            )
        if checked and checked[-1][0].shape[1] != W.shape[0]:
            raise ValueError(
                f"layer {number} takes {W.shape[0]} numbers, "
                f"but layer {number - 1} gives {checked[-1][0].shape[1]}"
            )
        checked.append((W, b))
    if not checked:
        raise ValueError("layers must hold at least one pair (W, b), got none")
    return checked
