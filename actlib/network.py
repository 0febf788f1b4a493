"""A multilayer perceptron that hides nothing: forward leaves a trace, backward reads it.

One layer, with the row vectors ``a`` of a batch::

    z = a @ W + b                        or   z = gain * normalise(a @ W + b) + shift
    a = f(z)                             or   a = f(z) + a      (residual)

The same lines train one network or a population of R independent ones. What you see:

=============  ======================  ============================
array          one network             population
=============  ======================  ============================
``W[l]``       (n_in, n_out)           (runs, n_in, n_out)
``b[l]``       (n_out,)                (runs, n_out)
``z[l]``       (batch, n_out)          (runs, batch, n_out)
=============  ======================  ============================

How they lie in memory is the business of ``_layout.py`` alone.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from actlib import _layout
from actlib._arrays import as_float
from actlib._passes import Backward, Forward, activation
from actlib.initialise import INITIALISERS


class Parameters:
    """All weights of a network, or of each network of a population.

    ``W[l]``, ``b[l]`` (and, with normalisation, ``gain[l]`` and ``shift[l]``, else None) are
    views of ``flat``, of shape (count,) or (runs, count): an optimiser needs one line.
    Change them in place, ``parameters.W[0][...] = 1``; the lists themselves are fixed.
    """

    def __init__(self, shapes, layout, dtype=np.float64):
        self.shapes, self.layout, self.runs = tuple(shapes), layout, layout.runs
        count = sum((n_in + 1 + 2 * normed) * n_out for n_in, n_out, normed in self.shapes)
        stored, start = layout.flat(count, dtype), 0

        def take(*shape):
            nonlocal start
            start, stop = start + int(np.prod(shape)), start
            return layout.part(stored, stop, start, shape)

        self._matrices, self._affine = [], []
        for n_in, n_out, normed in self.shapes:
            self._matrices.append(take(n_out, n_in + 1))
            self._affine.append((take(n_out), take(n_out)) if normed else (None, None))
        self.flat = layout.show_flat(stored)
        halves = [layout.split(m) for m in self._matrices]
        self.W = tuple(layout.show_matrix(w) for w, _ in halves)
        self.b = tuple(layout.show_vector(b) for _, b in halves)
        self.gain = tuple(None if g is None else layout.show_vector(g) for g, _ in self._affine)
        self.shift = tuple(None if s is None else layout.show_vector(s) for _, s in self._affine)

    @property
    def dtype(self):
        return self.flat.dtype

    def like(self):
        """Zeros of the same shapes, in the same layout."""
        return Parameters(self.shapes, self.layout, self.dtype)

    def copy(self):
        new = self.like()
        new.flat[...] = self.flat
        return new

    def run(self, index):
        """The parameters of one network of a population, as a copy."""
        if self.runs is None:
            raise ValueError("these are the parameters of one network: there is no run axis")
        new = Parameters(self.shapes, _layout.One(), self.dtype)
        new.flat[...] = self.flat[index]
        return new

    def __repr__(self):
        runs = "" if self.runs is None else f" in each of {self.runs:,} runs"
        count = self.flat.shape[-1]
        return f"<Parameters: {len(self.W)} layers, {count:,} numbers{runs}, {self.dtype}>"


class Gradients(Parameters):
    """Gradients by the parameters, under their names, and by the signals in ``a`` and ``z``.

    ``a[0]`` is the gradient by the network's input; ``z[l]`` and ``a[l + 1]`` belong to
    layer l. ``a[-1]`` stays 0 if backward was given the gradient by the last ``z``.
    """

    def __init__(self, forward):
        parameters = forward.parameters
        super().__init__(parameters.shapes, parameters.layout, parameters.dtype)
        self._pass = Backward(forward, self)
        self.a = tuple(map(self.layout.show_signal, self._pass.d_a))
        self.z = tuple(map(self.layout.show_signal, self._pass.d_z))


class Trace:
    """What forward saw: ``a[0]`` is the input, ``z[l]`` and ``a[l + 1]`` belong to layer l.

    ``f[l]`` is the activation of ``z[l]``: the same as ``a[l + 1]``, unless a residual
    connection adds to it.
    """

    def __init__(self, forward):
        show = forward.layout.show_signal
        self.a = tuple(map(show, forward.a))
        self.z = tuple(show(layer.z) for layer in forward.layers)
        self.f = tuple(show(layer.f) for layer in forward.layers)
        self._pass = forward


@dataclass(frozen=True)
class MLP:
    """The plan of a network: what is computed, without any weights.

    Parameters
    ----------
    sizes : units from input to output, e.g. ``(2, 5, 1)``: two matrices, one hidden layer.
    activation : of the hidden layers: a name, a record, or a pair with its parameters, as in
        ``("leaky_relu", {"negative_slope": 0.1})``.
    output : activation of the last layer; "identity" gives logits, the better companion of
        the losses on logits.
    normalisation : None, "layer" (over the units of a layer, for each point) or "batch"
        (over the points of the batch at hand, for each unit, also when predicting: there are
        no running averages, because nothing is remembered between calls). Hidden layers only;
        followed by a learned ``gain`` (1 at the start) and ``shift`` (0).
    residual : add a hidden layer's input to its output where both have the same width.

    Errors: ValueError for an unknown name or fewer than two sizes.

    >>> net = MLP((2, 3, 1), activation="tanh")
    >>> parameters = net.parameters(np.random.default_rng(0))
    >>> output, trace = net.forward(parameters, [[0.0, 1.0], [1.0, 1.0]])
    >>> output.shape, len(trace.z)
    ((2, 1), 2)
    >>> gradients = net.backward(trace, np.ones((2, 1)))
    >>> gradients.W[0].shape
    (2, 3)
    """

    sizes: tuple
    activation: object = "sigmoid"
    output: object = "identity"
    normalisation: str | None = None
    residual: bool = False

    def __post_init__(self):
        sizes = tuple(self.sizes)
        if len(sizes) < 2 or any(int(n) != n or n < 1 for n in sizes):
            raise ValueError(f"sizes must be at least two positive whole numbers, got {sizes}")
        object.__setattr__(self, "sizes", tuple(int(n) for n in sizes))
        if self.normalisation not in (None, "layer", "batch"):
            raise ValueError(
                f"normalisation must be None, 'layer' or 'batch', got {self.normalisation!r}"
            )
        self._plan  # noqa: B018 - refuses unknown activations at once

    @property
    def depth(self):
        """Number of weight matrices."""
        return len(self.sizes) - 1

    @cached_property
    def _plan(self):
        """For each layer: f, slope, whether it is normalised, whether its input is added."""
        hidden, last = activation(self.activation), activation(self.output)
        pairs = list(pairwise(self.sizes))
        plan = [
            (*hidden, self.normalisation is not None, self.residual and n_in == n_out)
            for n_in, n_out in pairs[:-1]
        ]
        return [*plan, (*last, False, False)]

    @property
    def _shapes(self):
        pairs = pairwise(self.sizes)
        return [(*pair, layer[2]) for pair, layer in zip(pairs, self._plan, strict=True)]

    # -- weights ------------------------------------------------------------------------

    def parameters(
        self, rng, initialise="uniform", *, runs=None, scale=1.0, bias=0.0, dtype=np.float64
    ):
        """Draw weights: ``initialise`` is a name of INITIALISERS or a function (shape, rng).

        ``scale`` multiplies every weight, ``bias`` fills every bias, gains start at 1. With
        ``runs`` a population is drawn. A list of generators draws one network from each: run r
        is then the network that generator r draws alone.
        """
        if isinstance(initialise, str):
            if initialise not in INITIALISERS:
                known = ", ".join(INITIALISERS)
                raise ValueError(f"unknown initialiser {initialise!r}; known: {known}")
            initialise = INITIALISERS[initialise]
        if isinstance(rng, list | tuple):
            alone = [
                self.parameters(g, initialise, scale=scale, bias=bias, dtype=dtype) for g in rng
            ]
            new = self._blank(len(alone), dtype)
            for row, one in zip(new.flat, alone, strict=True):
                row[...] = one.flat
            return new
        new = self._blank(runs, dtype)
        for weights, biases, gain in zip(new.W, new.b, new.gain, strict=True):
            weights[...] = initialise(weights.shape, rng)
            weights *= scale
            biases[...] = bias
            if gain is not None:
                gain[...] = 1.0
        return new

    def parameters_from(self, W, b):
        """Take given weights and biases, one array a layer, all with runs or all without.

        Errors: ValueError that names the layer and both shapes when one does not fit. A bias
        of shape (5,) for a layer with one unit would otherwise be spread by broadcasting,
        and nothing would complain.
        """
        if len(W) != self.depth or len(b) != self.depth:
            raise ValueError(
                f"a network of sizes {self.sizes} needs {self.depth} weights and as many "
                f"biases, got {len(W)} and {len(b)}"
            )
        W = [as_float(w, f"W[{layer}]") for layer, w in enumerate(W)]
        b = [as_float(v, f"b[{layer}]") for layer, v in enumerate(b)]
        new = self._blank(len(W[0]) if W[0].ndim == 3 else None, np.result_type(*W, *b))
        for layer in range(self.depth):
            for name, given, place in (
                ("W", W[layer], new.W[layer]),
                ("b", b[layer], new.b[layer]),
            ):
                if given.shape != place.shape:
                    raise ValueError(
                        f"{name}[{layer}] has shape {given.shape}; with weights of shape "
                        f"{new.W[layer].shape} it must be {place.shape}"
                    )
                place[...] = given
            if new.gain[layer] is not None:
                new.gain[layer][...] = 1.0
        return new

    def _blank(self, runs, dtype):
        if runs is not None and runs < 1:
            raise ValueError(f"runs must be at least 1, got {runs}")
        return Parameters(self._shapes, _layout.choose(runs, self.sizes), np.dtype(dtype))

    # -- computing ----------------------------------------------------------------------

    def forward(self, parameters, x):
        """Return (output, trace) for points ``x`` of shape (batch, n_in) or (runs, batch, n_in).

        Errors: TypeError if x is not real numbers, ValueError if its shape does not fit.
        """
        trace = self._trace(parameters, self._checked_input(parameters, x))
        trace._pass.run()
        return trace.a[-1], trace

    def predict(self, parameters, x):
        """The output alone."""
        return self.forward(parameters, x)[0]

    def backward(self, trace, d_output, *, by="output"):
        """Return :class:`Gradients`, given the loss's gradient by the output.

        The parameters are those that made the trace. ``by="pre_activation"`` says that
        ``d_output`` is the gradient by the last ``z`` instead: for a sigmoid with
        cross-entropy it is q - p there, sound even where the slope has become 0.

        Errors: ValueError if ``d_output`` has not the shape of the output.
        """
        if by not in ("output", "pre_activation"):
            raise ValueError(f"by must be 'output' or 'pre_activation', got {by!r}")
        d_output, shape = as_float(d_output, "d_output"), trace.z[-1].shape
        if d_output.shape != shape:
            raise ValueError(f"the output has shape {shape}, its gradient {d_output.shape}")
        gradients = Gradients(trace._pass)
        (gradients.a if by == "output" else gradients.z)[-1][...] = d_output
        gradients._pass.run(by)
        return gradients

    def _trace(self, parameters, x):
        trace = Trace(Forward(self, parameters, x.shape[-2]))
        trace.a[0][...] = x
        return trace

    def _checked_input(self, parameters, x):
        x = as_float(x).astype(parameters.flat.dtype, copy=False)
        runs = parameters.runs
        fits = x.ndim == 2 or (x.ndim == 3 and runs is not None and x.shape[0] == runs)
        if not fits or x.shape[-1] != self.sizes[0] or x.shape[-2] == 0:
            wanted = f"(batch, {self.sizes[0]})"
            if runs is not None:
                wanted += f" or ({runs}, batch, {self.sizes[0]})"
            raise ValueError(f"x must have shape {wanted} with a batch of 1 or more, got {x.shape}")
        return x
