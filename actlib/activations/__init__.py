"""Activation functions, their derivatives, and the registry of what is known of them."""

from actlib.activations.classic import (
    IDENTITY,
    RELU,
    SIGMOID,
    STEP,
    TANH,
    d_identity,
    d_relu,
    d_sigmoid,
    d_step,
    d_tanh,
    identity,
    relu,
    sigmoid,
    step,
    tanh,
)
from actlib.activations.record import Activation, card

ACTIVATIONS = {record.name: record for record in (IDENTITY, STEP, SIGMOID, TANH, RELU)}

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "card",
    "d_identity",
    "d_relu",
    "d_sigmoid",
    "d_step",
    "d_tanh",
    "identity",
    "relu",
    "sigmoid",
    "step",
    "tanh",
]
