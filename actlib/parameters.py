"""The weights of networks, their gradients, and how they lie in memory.

NumPy multiplies a thousand 5x5 matrices one tiny product after the other. With the runs last
in memory the same work is a few long vector operations. Wide layers and few runs are better
off with one BLAS product a run. Elementwise operations, sums and einsum keep the order of what
they are given: so it is chosen here, where arrays are made, and nothing else knows of it.
"""

import functools
import math

import numpy as np

from actlib._arrays import whole

# Linux hands back freed blocks of 128 kB and more, and to get them again takes longer than to
# compute with them. Once a large one has been freed, its library keeps what is smaller.
np.empty(4_000_000)

MANY_RUNS, NARROW = 64, 12  # from so many runs on, and up to so many units, runs go last


def empty(shape, dtype, runs_last):
    """An array of shape (runs, ...) to be filled; its runs are neighbours in memory, if asked."""
    if runs_last:
        return np.moveaxis(np.empty((*shape[1:], shape[0]), dtype), -1, 0)
    return np.empty(shape, dtype)


def product(a, b, out=None):
    """``a @ b`` for each run, in the way that suits their order in memory."""
    if a.ndim == 3 and a.strides[0] == a.itemsize:  # the runs lie last
        return np.einsum("rij,rjk->rik", a, b, out=out)
    return np.matmul(a, b, out=out)


def transpose(a):
    return a.swapaxes(-1, -2)


@functools.cache
def places(shapes):
    """Where W, b, gain and shift of each layer stand in flat: how many numbers, and four rows.

    A place is (slice, shape), or None where a layer has no gain and shift.
    """
    start, layers = 0, []
    for n_in, n_out, normed in shapes:
        layer = []
        for shape in ((n_in, n_out), (n_out,), (n_out,), (n_out,))[: 4 if normed else 2]:
            layer.append((slice(start, start := start + math.prod(shape)), shape))
        layers.append(layer + [None] * (4 - len(layer)))
    return start, list(zip(*layers, strict=True))


class Parameters:
    """All weights of a network, or of each network of a population.

    ``W[l]``, ``b[l]`` (and, with normalisation, ``gain[l]`` and ``shift[l]``, else None) are
    views of ``flat``, of shape (count,) or (runs, count): an optimiser needs one line.
    Change them in place, ``parameters.W[0][...] = 1``; the lists themselves are fixed.
    ``shapes`` holds (n_in, n_out, normalised) for each layer.
    """

    def __init__(self, shapes, runs=None, dtype=np.float64):
        if runs is not None and whole(runs, "runs") < 1:
            raise ValueError(f"runs must be at least 1, got {runs}")
        dtype = np.dtype(dtype)
        if dtype not in (np.float16, np.float32, np.float64):
            raise TypeError(f"dtype must be float16, float32 or float64, got {dtype}")
        shapes = tuple(shapes)
        widest = max(max(n_in, n_out) for n_in, n_out, _ in shapes)
        runs_last = runs is not None and runs >= MANY_RUNS and widest <= NARROW
        self._make(shapes, runs, runs_last, dtype)

    def _make(self, shapes, runs, runs_last, dtype):
        """New numbers, to be filled by whoever makes the object, and the views of them."""
        self.shapes, self.runs, self.runs_last = shapes, runs, runs_last
        count, layers = places(shapes)
        self.flat = self.empty(count, dtype=dtype)
        lead = self.flat.shape[:-1]

        def view(place):
            return place and self.flat[..., place[0]].reshape(lead + place[1])

        self.W, self.b, self.gain, self.shift = (tuple(map(view, kind)) for kind in layers)

    def empty(self, *shape, dtype=None):
        """An array to be filled, with the parameters' runs in front, in their memory order."""
        lead = () if self.runs is None else (self.runs,)
        return empty((*lead, *shape), dtype or self.dtype, self.runs_last)

    @property
    def dtype(self):
        return self.flat.dtype

    def copy(self):
        new = Parameters(self.shapes, self.runs, self.dtype)
        new.flat[...] = self.flat
        return new

    def select(self, runs):
        """Copy some networks of a population: one (an int), or a population of those chosen.

        ``runs`` is an index, a slice, a list of indices, or a boolean for each run.

        >>> from actlib.network import MLP
        >>> population = MLP((2, 3, 1)).parameters(np.random.default_rng(0), runs=5)
        >>> population.select(0).W[0].shape, population.select([4, 0]).W[0].shape
        ((2, 3), (2, 2, 3))
        """
        if self.runs is None:
            raise ValueError("these are the parameters of one network: there is no run axis")
        chosen = np.arange(self.runs)[runs]
        if chosen.ndim > 1 or chosen.size == 0:
            raise ValueError(f"no run is selected, or more than one axis of them: {runs!r}")
        new = Parameters(self.shapes, len(chosen) if chosen.ndim else None, self.dtype)
        new.flat[...] = self.flat[chosen]
        return new

    def __repr__(self):
        runs = "" if self.runs is None else f" in each of {self.runs:,} runs"
        count = self.flat.shape[-1]
        return f"<Parameters: {len(self.W)} layers, {count:,} numbers{runs}, {self.dtype}>"


class Gradients(Parameters):
    """Gradients by the parameters, under their names, and by the signals in ``a`` and ``z``.

    ``a[0]`` is the gradient by the network's input; ``z[l]`` and ``a[l + 1]`` belong to
    layer l. ``a[-1]`` is 0 if backward was given the gradient by the last ``z``.
    """

    def __init__(self, trace):
        of = trace.parameters
        self._make(of.shapes, of.runs, of.runs_last, of.dtype)
        self.a, self.z = [None] * len(trace.a), [None] * len(trace.z)
