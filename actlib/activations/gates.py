"""Activations with more than one input: maxout, and the gates GLU and SwiGLU."""

import numpy as np

from actlib._arrays import as_float, quiet
from actlib.activations.classic import d_sigmoid, sigmoid
from actlib.activations.record import Activation
from actlib.activations.smooth import d_silu, silu

__all__ = [
    "d_glu",
    "d_maxout",
    "d_swiglu",
    "glu",
    "maxout",
    "swiglu",
]

INF = float("inf")


@quiet
def maxout(x, W, b):
    r"""Maxout: several affine pieces, of which the largest answers.

    .. math:: f(x) = \max_k \left( x W_k + b_k \right)

    ``x`` has the shape (..., n_in), ``W`` (pieces, n_in, n_out), ``b`` (pieces, n_out),
    and the result (..., n_out). It has kinks where two pieces meet. Shapes that do not
    match are a ValueError, input that does not hold real numbers is a TypeError.
    Source: Goodfellow and others (2013).

    >>> W, b = [[[1.0]], [[-1.0]]], [[0.0], [0.0]]
    >>> maxout([[-3.0], [2.0]], W, b)  # the absolute value
    array([[3.],
           [2.]])
    """
    x, W, b = _maxout_arrays(x, W, b)
    return _pieces(x, W, b).max(axis=0)


@quiet
def d_maxout(x, W, b, upstream=None):
    r"""Gradients of the sum of ``upstream * maxout(x, W, b)`` by ``x``, ``W`` and ``b``.

    .. math:: \frac{\partial f}{\partial x} = W_{k^*}, \quad
        \frac{\partial f}{\partial W_{k^*}} = x, \quad
        \frac{\partial f}{\partial b_{k^*}} = 1, \quad k^* = \operatorname{argmax}_k (x W_k + b_k)

    Only the piece that answered learns. Where pieces tie, the first one counts.
    ``upstream`` has the shape of the output and is 1 if left out.

    >>> W, b = [[[1.0]], [[-1.0]]], [[0.0], [0.0]]
    >>> d_x, d_W, d_b = d_maxout([[-3.0], [2.0]], W, b)
    >>> d_x.ravel(), d_W.ravel(), d_b.ravel()
    (array([-1.,  1.]), array([ 2., -3.]), array([1., 1.]))
    """
    x, W, b = _maxout_arrays(x, W, b)
    z = _pieces(x, W, b)
    shape = z.shape[1:]
    upstream = np.ones(shape, z.dtype) if upstream is None else as_float(upstream, "upstream")
    if upstream.shape != shape:
        raise ValueError(f"upstream must have the output's shape {shape}, got {upstream.shape}")
    answered = np.arange(len(W)).reshape(-1, *[1] * len(shape)) == z.argmax(axis=0)
    d_z = np.where(answered, upstream, 0).reshape(len(W), -1, shape[-1])  # (pieces, rows, n_out)
    rows = x.reshape(-1, x.shape[-1])
    d_x = (d_z @ W.swapaxes(1, 2)).sum(axis=0).reshape(x.shape)
    return d_x, rows.T @ d_z, d_z.sum(axis=1)


def _pieces(x, W, b):
    """Return what every piece answers, shape (pieces, ..., n_out)."""
    rows = x.reshape(-1, x.shape[-1])
    return (rows @ W + b[:, None, :]).reshape(len(W), *x.shape[:-1], W.shape[-1])


def _maxout_arrays(x, W, b):
    x, W, b = as_float(x), as_float(W, "W"), as_float(b, "b")
    if W.ndim != 3 or not len(W):
        raise ValueError(f"W must have shape (pieces, n_in, n_out), got {W.shape}")
    if b.shape != (W.shape[0], W.shape[2]):
        raise ValueError(f"b must have shape {(W.shape[0], W.shape[2])}, got {b.shape}")
    if x.ndim == 0 or x.shape[-1] != W.shape[1]:
        raise ValueError(f"x must have shape (..., {W.shape[1]}), got {x.shape}")
    return x, W, b


@quiet
def glu(value, gate):
    r"""Gated linear unit: one signal passes as far as another opens the gate.

    .. math:: f(v, g) = v\,\sigma(g)

    Smooth everywhere. A ``value`` of infinity at a closed gate is nan, as it has no limit.
    Both have the same shape, else a ValueError; the result has it too. Input that does not
    hold real numbers is a TypeError. Source: Dauphin, Fan, Auli and Grangier (2017).

    >>> glu([2.0, 2.0, 2.0], [-50.0, 0.0, 50.0]).round(6)
    array([0., 1., 2.])
    """
    value, gate = _pair(value, gate)
    return value * sigmoid(gate)


@quiet
def d_glu(value, gate):
    r"""Derivatives of :func:`glu` by the value and by the gate.

    .. math:: \frac{\partial f}{\partial v} = \sigma(g), \quad
        \frac{\partial f}{\partial g} = v\,\sigma'(g)

    >>> d_glu([2.0], [0.0])
    (array([0.5]), array([0.5]))
    """
    value, gate = _pair(value, gate)
    return sigmoid(gate).astype(value.dtype), value * d_sigmoid(gate)


@quiet
def swiglu(value, gate):
    r"""SwiGLU: a gated linear unit whose gate is a SiLU.

    .. math:: f(v, g) = v\,g\,\sigma(g)

    Smooth everywhere. A ``value`` of infinity at a closed gate is nan, as it has no limit.
    Both have the same shape, else a ValueError; the result has it too. Input that does not
    hold real numbers is a TypeError. Source: Shazeer (2020).

    >>> swiglu([2.0, 2.0, 2.0], [-50.0, 0.0, 50.0]).round(6)
    array([ -0.,   0., 100.])
    """
    value, gate = _pair(value, gate)
    return value * silu(gate)


@quiet
def d_swiglu(value, gate):
    r"""Derivatives of :func:`swiglu` by the value and by the gate.

    .. math:: \frac{\partial f}{\partial v} = g\,\sigma(g), \quad
        \frac{\partial f}{\partial g} = v\,(\sigma(g) + g\,\sigma'(g))

    >>> d_swiglu([2.0], [0.0])
    (array([0.]), array([1.]))
    """
    value, gate = _pair(value, gate)
    return silu(gate).astype(value.dtype), value * d_silu(gate)


def _pair(value, gate):
    value, gate = as_float(value, "value"), as_float(gate, "gate")
    if value.shape != gate.shape:
        raise ValueError(
            f"value and gate must have the same shape, got {value.shape} and {gate.shape}"
        )
    wider = np.result_type(value, gate)
    return value.astype(wider, copy=False), gate.astype(wider, copy=False)


MAXOUT = Activation(
    title="Maxout",
    f=maxout,
    df=d_maxout,
    bounds=(-INF, INF),
    kinks="where two pieces meet",
    slope_max=INF,
    zero_centred=False,
    saturates="no",
    dies=False,
    pytorch="(x @ W + b[:, None]).amax(0)",
    jax="(x @ W + b[:, None]).max(0)",
    keras="keras.ops.max(keras.ops.matmul(x, W) + b[:, None], axis=0)",
    when="To let a unit learn its own convex activation, at a multiple of the parameters.",
)

GLU = Activation(
    title="GLU",
    f=glu,
    df=d_glu,
    bounds=(-INF, INF),
    slope_max=INF,
    zero_centred=True,
    saturates="no",
    dies=False,
    pytorch="torch.nn.functional.glu(torch.cat([value, gate], -1))",
    jax="jax.nn.glu(jax.numpy.concatenate([value, gate], -1))",
    keras="keras.activations.glu(keras.ops.concatenate([value, gate], -1))",
    when="Convolutional and recurrent networks on text, where a layer should select.",
)

SWIGLU = Activation(
    title="SwiGLU",
    f=swiglu,
    df=d_swiglu,
    bounds=(-INF, INF),
    slope_max=INF,
    zero_centred=True,
    saturates="no",
    dies=False,
    pytorch="value * torch.nn.functional.silu(gate)",
    jax="value * jax.nn.silu(gate)",
    keras="value * keras.activations.silu(gate)",
    when="The feed-forward part of current language models.",
)
