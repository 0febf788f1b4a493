"""Where the numbers of a network lie in memory: decided here, and nowhere else.

NumPy multiplies a thousand 5x5 matrices one tiny product after the other. With the runs as
the *last* axis in memory, the same work is a few long vector operations: far faster for many
narrow networks. Wide layers and few runs are better off with one BLAS product a run. A single
network wants each array in one piece, as a call on 20 numbers costs more than the numbers.

So there are three layouts, and :func:`choose` picks one. Shapes that a user sees do not
depend on it: a layout knows how to show its arrays as (runs, batch, units) and so on.

Two conventions make the products short. A matrix is stored with its bias as a last column,
``M = [W.T, b]``, and a signal with a last unit that is always 1: then ``M`` times the signal
includes the bias, and the gradient by ``M`` includes the gradient by the bias.
"""

import numpy as np

RUNS_LAST_FROM = 64  # runs: below, BLAS wins
RUNS_LAST_WIDTH = 12  # units of the widest layer: above, BLAS wins


def choose(runs, sizes):
    """The layout for this many runs (None: one network without a run axis)."""
    if runs is None:
        return One()
    if runs >= RUNS_LAST_FROM and max(sizes) <= RUNS_LAST_WIDTH:
        return RunsLast(runs)
    return RunsFirst(runs)


class One:
    """M is (n_out, n_in + 1), a signal is (units, batch)."""

    runs = None
    unit_axis, batch_axis = 0, 1

    def flat(self, count, dtype):
        return np.zeros(count, dtype)

    def part(self, flat, start, stop, shape):
        """A view of some of the numbers, e.g. as the matrix M."""
        return flat[start:stop].reshape(shape)

    def signal(self, batch, units, dtype):
        return np.zeros((units, batch), dtype)

    # What the user sees: views, so that writing to them reaches the stored numbers.
    def show_flat(self, flat):
        return flat

    def show_matrix(self, w):
        return w.T

    def show_vector(self, v):
        return v

    def show_signal(self, s):
        return s.T

    def along_batch(self, v):
        """A vector (one number a unit) ready to be combined with a signal."""
        return v[:, None]

    def without_last_unit(self, s):
        return s[:-1]

    def last_unit(self, s):
        return s[-1]

    def split(self, m):
        """M as its weights and its bias."""
        return m[:, :-1], m[:, -1]

    def forward(self, m, a, out):
        np.dot(m, a, out=out)

    def d_matrix(self, d, a, out):
        np.dot(d, a.T, out=out)

    def d_input(self, w, d, out):
        np.dot(w.T, d, out=out)


class RunsLast(One):
    """M is (n_out, n_in + 1, runs), a signal is (batch, units, runs)."""

    unit_axis, batch_axis = 1, 0

    def __init__(self, runs):
        self.runs = runs

    def flat(self, count, dtype):
        return np.zeros((count, self.runs), dtype)

    def part(self, flat, start, stop, shape):
        return flat[start:stop].reshape(*shape, self.runs)

    def signal(self, batch, units, dtype):
        return np.zeros((batch, units, self.runs), dtype)

    def show_flat(self, flat):
        return flat.T

    def show_vector(self, v):
        return v.T

    def show_signal(self, s):
        return np.moveaxis(s, -1, 0)

    def along_batch(self, v):
        return v

    def without_last_unit(self, s):
        return s[:, :-1]

    def last_unit(self, s):
        return s[:, -1]

    def forward(self, m, a, out):
        np.einsum("jir,bir->bjr", m, a, out=out)

    def d_matrix(self, d, a, out):
        np.einsum("bir,bjr->jir", a, d, out=out)

    def d_input(self, w, d, out):
        np.einsum("jir,bjr->bir", w, d, out=out)


class RunsFirst(RunsLast):
    """M is (runs, n_out, n_in + 1), a signal is (runs, batch, units)."""

    unit_axis, batch_axis = 2, 1

    def flat(self, count, dtype):
        return np.zeros((self.runs, count), dtype)

    def part(self, flat, start, stop, shape):
        return flat[:, start:stop].reshape(self.runs, *shape)

    def signal(self, batch, units, dtype):
        return np.zeros((self.runs, batch, units), dtype)

    def show_flat(self, flat):
        return flat

    def show_matrix(self, w):
        return w.swapaxes(1, 2)

    def show_vector(self, v):
        return v

    def show_signal(self, s):
        return s

    def along_batch(self, v):
        return v[:, None]

    def without_last_unit(self, s):
        return s[..., :-1]

    def last_unit(self, s):
        return s[..., -1]

    def split(self, m):
        return m[..., :-1], m[..., -1]

    def forward(self, m, a, out):
        np.matmul(a, m.swapaxes(1, 2), out=out)

    def d_matrix(self, d, a, out):
        np.matmul(d.swapaxes(1, 2), a, out=out)

    def d_input(self, w, d, out):
        np.matmul(d, w, out=out)
