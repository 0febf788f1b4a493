"""Forward and backward through the layers: the inner loop of training.

Nothing is checked here; :mod:`actlib.network` has done that at the door.
"""

from functools import partial

import numpy as np

from actlib.activations import ACTIVATIONS

# ---------------------------------------------------------------------------------------
# Activations inside the loop: f(z, out), and the slope at z, slope(z, f(z), out).
#
# A record's functions check their input on each call and know z only. Here z is sound, and
# f(z) is at hand, which saves the slope an exponential. Tests hold these equal to the records.
# ---------------------------------------------------------------------------------------


def sigmoid_into(z, out):
    np.negative(z, out=out)
    np.exp(out, out=out)  # may reach inf: 1 / inf is the right answer
    np.add(out, _ONE, out=out)
    np.reciprocal(out, out=out)


def _d_sigmoid(z, f, out):
    np.subtract(_ONE, f, out=out)
    np.multiply(out, f, out=out)


def _d_tanh(z, f, out):
    np.multiply(f, f, out=out)
    np.subtract(_ONE, out, out=out)


_ONE, _ZERO = np.array(1, np.int8), np.array(0, np.int8)  # quicker than a Python number
_FUSED = {
    "sigmoid": (sigmoid_into, _d_sigmoid),
    "tanh": (lambda z, out: np.tanh(z, out=out), _d_tanh),
    "relu": (
        lambda z, out: np.maximum(z, _ZERO, out=out),
        lambda z, f, out: np.sign(f, out=out),
    ),
    "identity": (lambda z, out: np.copyto(out, z), lambda z, f, out: out.fill(1.0)),
}


def resolve(choice):
    """Return (record, parameters) for a name, a record, or a pair of either with parameters."""
    record, parameters = choice if isinstance(choice, tuple) else (choice, {})
    if isinstance(record, str):
        if record not in ACTIVATIONS:
            raise ValueError(f"unknown activation {record!r}; known: {', '.join(ACTIVATIONS)}")
        record = ACTIVATIONS[record]
    for name in parameters:
        if name not in record.parameters:
            known = ", ".join(record.parameters) or "none"
            raise ValueError(f"{record.name} has no parameter {name!r}; it has: {known}")
    return record, parameters


def activation(choice):
    """Return (f, slope) as the passes call them."""
    record, parameters = resolve(choice)
    if record is ACTIVATIONS.get(record.name) and record.name in _FUSED:
        return _FUSED[record.name]
    f, df = partial(record.f, **parameters), partial(record.df, **parameters)
    f(np.zeros(1))  # a bad parameter is refused here, not in the middle of training
    return (
        lambda z, out: np.copyto(out, f(z)),
        lambda z, value, out: np.copyto(out, df(z)),
    )


# ---------------------------------------------------------------------------------------
# Normalisation over the units of a layer ("layer") or the points of the batch ("batch")
# ---------------------------------------------------------------------------------------

_EPSILON = 1e-5  # keeps a constant signal from being divided by zero


def _normalise(s, axis):
    """Return s with mean 0 and deviation 1 along the axis, and 1 / deviation."""
    centred = s - s.mean(axis=axis, keepdims=True)
    inverse = 1.0 / np.sqrt((centred * centred).mean(axis=axis, keepdims=True) + _EPSILON)
    return centred * inverse, inverse


def _d_normalise(d, normalised, inverse, axis):
    """Gradient by s of normalise(s): what moves the mean or the spread is taken out again."""
    along = (d * normalised).mean(axis=axis, keepdims=True)
    return (d - d.mean(axis=axis, keepdims=True) - normalised * along) * inverse


# ---------------------------------------------------------------------------------------
# The passes
# ---------------------------------------------------------------------------------------


class Layer:
    """What one layer reads and writes, under the names of the formulas.

    ``m`` is [W.T, b], ``extended`` is the input with a last unit of 1, ``a`` without it.
    """

    __slots__ = ("a", "extended", "f", "gain", "m", "normalised", "out", "residual", "shift",
                 "slope", "value", "w", "z")  # fmt: skip


class Forward:
    """The arrays of a forward pass, made once for a batch size and bound to parameters.

    Training runs through them again and again, as allocating costs more than computing.
    A public call of forward makes new ones, so that nothing is remembered between calls.
    """

    def __init__(self, net, parameters, batch):
        layout = self.layout = parameters.layout
        self.parameters, self.batch = parameters, batch
        self.signals = [self._signal(units + 1) for units in net.sizes]
        for signal in self.signals:
            layout.last_unit(signal)[...] = 1.0
        self.a = [layout.without_last_unit(signal) for signal in self.signals]
        self.axis = None
        if net.normalisation:
            self.axis = layout.unit_axis if net.normalisation == "layer" else layout.batch_axis
        self.layers = [self._layer(net, index) for index in range(net.depth)]

    def _signal(self, units):
        return self.layout.signal(self.batch, units, self.parameters.dtype)

    def _layer(self, net, index):
        layer, units = Layer(), net.sizes[index + 1]
        layer.value, layer.slope, normed, layer.residual = net._plan[index]
        layer.normalised = () if normed else None
        layer.m = self.parameters._matrices[index]
        layer.w = self.layout.split(layer.m)[0]
        layer.gain, layer.shift = self.parameters._affine[index]
        layer.extended, layer.a, layer.out = self.signals[index], self.a[index], self.a[index + 1]
        layer.z = self._signal(units)
        layer.f = self._signal(units) if layer.residual else layer.out
        return layer

    def run(self):
        """From the input in ``a[0]`` to the output in ``a[-1]``."""
        layout = self.layout
        with np.errstate(over="ignore"):
            for layer in self.layers:
                layout.forward(layer.m, layer.extended, layer.z)
                if layer.normalised is not None:
                    self._normalise(layer)
                layer.value(layer.z, layer.f)
                if layer.residual:
                    np.add(layer.f, layer.a, out=layer.out)

    def _normalise(self, layer):
        layer.normalised = _normalise(layer.z, self.axis)
        np.multiply(layer.normalised[0], self.layout.along_batch(layer.gain), out=layer.z)
        layer.z += self.layout.along_batch(layer.shift)


class Backward:
    """The arrays of a backward pass, and the gradients that it fills (``into``)."""

    def __init__(self, forward, into):
        self.forward, self.into = forward, into
        self.d_a = [forward._signal(a.shape[forward.layout.unit_axis]) for a in forward.a]
        self.d_z = [
            forward._signal(z.shape[forward.layout.unit_axis])
            for z in (layer.z for layer in forward.layers)
        ]

    def run(self, by="output"):
        """From ``d_a[-1]``, or ``d_z[-1]`` if by is "pre_activation", to all the others."""
        layout, layers, into = self.forward.layout, self.forward.layers, self.into
        d_a, d_z, last = self.d_a, self.d_z, len(layers) - 1
        for index in range(last, -1, -1):
            layer, d = layers[index], d_z[index]
            if index < last or by == "output":
                layer.slope(layer.z, layer.f, d)
                np.multiply(d, d_a[index + 1], out=d)
            if layer.normalised is not None:
                d = self._d_normalise(layer, d, *into._affine[index])
            layout.d_matrix(d, layer.extended, into._matrices[index])
            layout.d_input(layer.w, d, d_a[index])
            if layer.residual:
                d_a[index] += d_a[index + 1]

    def _d_normalise(self, layer, d, d_gain, d_shift):
        layout = self.forward.layout
        normalised, inverse = layer.normalised
        np.sum(d * normalised, axis=layout.batch_axis, out=d_gain)
        np.sum(d, axis=layout.batch_axis, out=d_shift)
        d = d * layout.along_batch(layer.gain)
        return _d_normalise(d, normalised, inverse, self.forward.axis)
