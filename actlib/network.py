"""A multilayer perceptron that hides nothing: forward leaves a trace, backward reads it.

One layer, with the row vectors ``a`` of a batch::

    z = a @ W + b                        or   z = gain * normalise(a @ W + b) + shift
    a = f(z)                             or   a = f(z) + a      (residual)

The same lines train one network or a population of independent ones, its *runs*:

=============  ======================  ============================
array          one network             population
=============  ======================  ============================
``W[l]``       (n_in, n_out)           (runs, n_in, n_out)
``b[l]``       (n_out,)                (runs, n_out)
``z[l]``       (batch, n_out)          (runs, batch, n_out)
=============  ======================  ============================
"""

from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise

import numpy as np

from actlib._arrays import as_float
from actlib.initialise import initialiser, only_generator
from actlib.layer import Layer, resolve
from actlib.normalise import AXES, d_normalise, normalise
from actlib.parameters import Gradients, Parameters, product, transpose


def affine(a, W, b):
    """z = a W + b."""
    z = product(a, W)
    z += b[..., None, :]
    return z


class Trace:
    """What forward saw: ``a[0]`` is the input, ``z[l]`` and ``a[l + 1]`` belong to layer l.

    ``f[l]`` is the activation of ``z[l]``: the same as ``a[l + 1]``, unless a residual
    connection adds to it. ``normalised[l]`` is what ``normalise`` returned, or None.
    """

    def __init__(self, parameters, x):
        self.parameters, self.a, self.z, self.f, self.normalised = parameters, [x], [], [], []


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

    Errors: ValueError for an unknown name or fewer than two sizes, TypeError for an activation
    that is no name, record or pair.

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
        self.layers  # noqa: B018 - refuses unknown activations at once

    @property
    def depth(self):
        """Number of weight matrices."""
        return len(self.sizes) - 1

    @cached_property
    def layers(self):
        """The ``Layer`` objects, from the first hidden one to the output."""
        hidden, output = resolve(self.activation), resolve(self.output)
        axis = AXES.get(self.normalisation)
        pairs = list(pairwise(self.sizes))
        return [
            *(Layer(*hidden, axis, self.residual and n_in == n_out) for n_in, n_out in pairs[:-1]),
            Layer(*output, None, False),
        ]

    @cached_property
    def shapes(self):
        """(n_in, n_out, normalised) of each layer."""
        normed = [layer.axis is not None for layer in self.layers]
        return tuple(zip(self.sizes, self.sizes[1:], normed))

    # -- weights ------------------------------------------------------------------------

    def parameters(
        self, rng, initialise="uniform", *, runs=None, scale=1.0, bias=0.0, dtype=np.float64
    ):
        """Draw weights: ``initialise`` is a name of INITIALISERS or a function (shape, rng).

        ``scale`` multiplies every weight, ``bias`` fills every bias, gains start at 1. With
        ``runs`` a population is drawn. A list of generators draws one network from each: run r
        is then the network that generator r draws alone.

        Errors: ValueError for an unknown name, fewer than one run or an initialiser's array of
        the wrong shape, TypeError for anything but generators, names or functions, float types.
        """
        if isinstance(rng, list | tuple):
            draw = partial(self.parameters, initialise=initialise, scale=scale, bias=bias)
            alone = [draw(generator, dtype=dtype).flat for generator in rng]
            new = self._blank(len(alone), dtype)
            new.flat[...] = alone
            return new
        only_generator(rng, "rng")
        initialise = initialiser(initialise)
        new = self._blank(runs, dtype)
        for weights, biases in zip(new.W, new.b, strict=True):
            drawn = initialise(weights.shape, rng)
            if np.shape(drawn) != weights.shape:
                raise ValueError(
                    f"initialise must return shape {weights.shape}, got {np.shape(drawn)}"
                )
            weights[...] = drawn
            weights *= scale
            biases[...] = bias
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
        for name, given, places in (("W", W, new.W), ("b", b, new.b)):
            for layer, (array, place) in enumerate(zip(given, places, strict=True)):
                if array.shape != place.shape:
                    raise ValueError(
                        f"{name}[{layer}] has shape {array.shape}; with weights of shape "
                        f"{new.W[layer].shape} it must be {place.shape}"
                    )
                place[...] = array
        return new

    def _blank(self, runs, dtype):
        """Zeros, and gains of 1."""
        new = Parameters(self.shapes, runs, dtype)
        new.flat[...] = 0.0
        for gain in new.gain:
            if gain is not None:
                gain[...] = 1.0
        return new

    # -- computing ----------------------------------------------------------------------

    def forward(self, parameters, x):
        """Return (output, trace) for points ``x`` of shape (batch, n_in) or (runs, batch, n_in).

        Errors: TypeError if x is not real numbers, ValueError if its shape does not fit, or the
        parameters are those of another network.
        """
        a = self._input(parameters, x)
        trace = Trace(parameters, a)
        with np.errstate(all="ignore"):
            for k, layer in enumerate(self.layers):
                z, normalised = affine(a, parameters.W[k], parameters.b[k]), None
                if layer.axis is not None:
                    normalised = normalise(z, layer.axis)
                    z = parameters.gain[k][..., None, :] * normalised[0]
                    z += parameters.shift[k][..., None, :]
                f = layer.f(z)
                a = f + a if layer.residual else f
                trace.z.append(z)
                trace.f.append(f)
                trace.a.append(a)
                trace.normalised.append(normalised)
        return a, trace

    def predict(self, parameters, x):
        """The output alone."""
        return self.forward(parameters, x)[0]

    def backward(self, trace, d_output, *, by="output"):
        """Return :class:`.Gradients`, given the loss's gradient by the output.

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
        given = np.empty_like(trace.z[-1])
        given[...] = d_output
        gradients = Gradients(trace)
        if by == "output":
            gradients.a[-1] = given
        else:
            gradients.a[-1], gradients.z[-1] = np.zeros_like(given), given
        with np.errstate(all="ignore"):
            backpropagate(self.layers, trace, gradients)
        return gradients

    def _input(self, parameters, x):
        """A checked copy of x, one for each run, laid in memory as the parameters are."""
        if not isinstance(parameters, Parameters):
            raise TypeError(f"parameters must be Parameters, got {type(parameters).__name__}")
        if parameters.shapes != self.shapes:
            raise ValueError(
                f"these are parameters of another network: their layers are {parameters.shapes}, "
                f"this network's {self.shapes} (n_in, n_out, normalised)"
            )
        x, runs = as_float(x), parameters.runs
        fits = x.ndim == 2 or (x.ndim == 3 and runs is not None and x.shape[0] == runs)
        if not fits or x.shape[-1] != self.sizes[0] or x.shape[-2] == 0:
            wanted = f"(batch, {self.sizes[0]})"
            if runs is not None:
                wanted += f" or ({runs}, batch, {self.sizes[0]})"
            raise ValueError(f"x must have shape {wanted} with a batch of 1 or more, got {x.shape}")
        a = parameters.empty(*x.shape[-2:])
        a[...] = x
        return a


def backpropagate(layers, trace, d):
    """Fill the gradients d from the last layer to the first; they hold d.a or d.z of the last."""
    for k in reversed(range(len(layers))):
        layer, W, a = layers[k], trace.parameters.W[k], trace.a[k]
        if d.z[k] is None:
            d.z[k] = layer.slope(trace.z[k], trace.f[k]) * d.a[k + 1]
        d_z = d.z[k]
        if layer.axis is not None:
            normalised, deviation = trace.normalised[k]
            d.gain[k][...] = (d_z * normalised).sum(axis=-2)
            d.shift[k][...] = d_z.sum(axis=-2)
            d_z = d_z * trace.parameters.gain[k][..., None, :]
            d_z = d_normalise(d_z, normalised, deviation, layer.axis)
        product(transpose(a), d_z, out=d.W[k])
        d_z.sum(axis=-2, out=d.b[k])
        d.a[k] = product(d_z, transpose(W))
        if layer.residual:
            d.a[k] += d.a[k + 1]
