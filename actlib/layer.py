"""What one layer does, but for its weights."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from actlib.activations import ACTIVATIONS, Activation


@dataclass(frozen=True)
class Layer:
    """What one layer does: its activation with its parameters, and what surrounds it.

    ``f(z)`` and ``slope(z, f(z))`` are the activation's formulas without their checks.
    """

    activation: Activation
    parameters: Mapping
    f: Callable
    slope: Callable
    axis: int | None  # along which a @ W + b is normalised
    residual: bool


def resolve(choice):
    """A name, a record, or a pair of either with parameters, as (record, parameters, f, slope)."""
    pair = isinstance(choice, tuple) and len(choice) == 2 and isinstance(choice[1], Mapping)
    record, parameters = choice if pair else (choice, {})
    if isinstance(record, str):
        if record not in ACTIVATIONS:
            raise ValueError(f"unknown activation {record!r}; known: {', '.join(ACTIVATIONS)}")
        record = ACTIVATIONS[record]
    if not isinstance(record, Activation):
        raise TypeError(
            "an activation is a name of ACTIVATIONS, a record, or a pair such as "
            f"('leaky_relu', {{'negative_slope': 0.1}}), got {choice!r}"
        )
    for name in parameters:
        if name not in record.parameters:
            known = ", ".join(record.parameters) or "none"
            raise ValueError(f"{record.name} has no parameter {name!r}; it has: {known}")
    return record, parameters, *record.formulas(**parameters)
