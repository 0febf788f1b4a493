"""Activation functions, their derivatives, and the registry of what is known of them."""

from actlib.activations import (
    classic,
    exponential,
    gates,
    gaussian,
    rectified,
    smooth,
    squashing,
)
from actlib.activations.classic import *
from actlib.activations.exponential import *
from actlib.activations.gates import *
from actlib.activations.gaussian import *
from actlib.activations.record import Activation
from actlib.activations.rectified import *
from actlib.activations.smooth import *
from actlib.activations.squashing import *

_ELEMENTWISE = (classic, squashing, rectified, exponential, smooth, gaussian)


def _records(modules):
    found = (thing for module in modules for thing in vars(module).values())
    return {record.name: record for record in found if isinstance(record, Activation)}


ACTIVATIONS = _records(_ELEMENTWISE)  # one number in, one out
GATES = _records([gates])  # with more than one input

__all__ = ["ACTIVATIONS", "GATES", "Activation", *gates.__all__]
for _module in _ELEMENTWISE:
    __all__ += _module.__all__
