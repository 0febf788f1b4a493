"""The facts that the formula sheet shows, looked for on a dense grid of each function.

Each fact is what a search finds without knowing it, and a record that says otherwise is
named: see the wrong ones at the end.
"""

import sys
from dataclasses import replace

import numpy as np
import pytest

from actlib import ACTIVATIONS, GATES, LOSSES
from tools.notebooks import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from formulas import to_mathml

INF = float("inf")
GRID = np.linspace(-12, 12, 240_001)  # holds every number with up to four decimals
STEP = GRID[1] - GRID[0]


def jumps(*curves):
    """The places between two neighbours of the grid where one of the curves jumps."""
    jumped = np.any([np.abs(np.diff(curve(GRID))) > 0.01 for curve in curves], axis=0)
    return (GRID[1:][jumped] - STEP / 2).round(3).tolist()


def wrong_of_activation(record):
    everywhere = np.concatenate([GRID, [-1e9, 1e9], np.nextafter(record.kinks, 0)])
    slope, value = record.df(everywhere), record.f(everywhere)
    if not np.isclose(slope.max(), record.slope_max, rtol=1e-7):
        yield f"the largest slope found is {slope.max()}"
    for bound, found in zip(record.bounds, (value.min(), value.max()), strict=True):
        if not (abs(found) > 1e6 if np.isinf(bound) else abs(found - bound) < 1e-6):
            yield f"the value goes to {found}, not {bound}"
    for end, limit in zip((-1e9, 1e9), record.limits, strict=True):
        if not (abs(record(end)) > 1e6 if np.isinf(limit) else abs(record(end) - limit) < 1e-6):
            yield f"f({end:g}) is {record(end)}, not near {limit}"
    found = jumps(record.f, record.df)
    for name, value in record.parameters.items():  # ELU has its kink at other parameters only
        other = {name: 1.7 * value}
        found += jumps(lambda x, p=other: record.f(x, **p), lambda x, p=other: record.df(x, **p))
    if {x + 0.0 for x in found} != set(record.kinks):
        yield f"kinks found at {sorted(set(found))}"


def examples(record):
    """Value and gradient along every prediction, for each certain target: what to search."""
    x = np.concatenate([[-1e3], GRID, [1e3]])
    if record.takes == "probabilities":
        x = np.linspace(0, 1, 10_001)[1:-1]
    if record.target.startswith("class labels"):
        other = 1 - x if record.takes == "probabilities" else np.zeros_like(x)
        rows = np.stack([x, other], axis=-1)[:, None]
        targets = [np.full((len(x), 1), label) for label in (0, 1)]
    else:
        rows = x[:, None]
        certain = {"real numbers": (0.0, 2.5), "-1 or 1": (-1.0, 1.0)}.get(record.target, (0, 1))
        targets = [np.full((len(x), 1), target) for target in certain]
    for target in targets:
        value = record.value(rows, target, runs=1)
        slope = record.gradient(rows, target, runs=1).reshape(len(x), -1)
        yield x, value, slope, target[0, 0]


def wrong_of_loss(record):
    curves = list(examples(record))
    largest = max(np.abs(slope).max() for _, _, slope, _ in curves)
    lowest = min(value.min() for _, value, _, _ in curves)
    if not np.isclose(lowest, record.lowest, atol=2e-4):
        yield f"the smallest value found is {lowest}"
    if np.isinf(record.slope_max):
        if largest < 1000:
            yield f"no gradient above {largest}"
    elif record.name == "label_smoothing":  # the bound is for any number of classes
        many = np.zeros((1, 1000))
        many[0, 1] = 1e6
        if not np.isclose(np.abs(record.gradient(many, [0])).max(), record.slope_max, rtol=1e-3):
            yield "the gradient with 1,000 classes is another"
    elif not np.isclose(largest, record.slope_max, rtol=1e-7):
        yield f"the largest gradient found is {largest}"
    for x, _, slope, target in curves:
        if record.takes != "probabilities":  # their gradients are steep towards 0 and 1
            places = x[1:-2][np.abs(np.diff(slope[1:-1, 0])) > 0.01].round(3)
            if set(places) != ({target} if record.kink else set()):
                yield f"the gradient jumps at {set(places)}, with the target {target}"
    ends = (1e-300, 1 - 1e-15) if record.takes == "probabilities" else (-1e9, 1e9)
    for value, limit in zip(record.along(ends)[0], record.limits, strict=True):
        if not (value > 100 if np.isinf(limit) else abs(value - limit) < 1e-6):
            yield f"at an end the value is {value}, not near {limit}"


def wrong(record):
    return list((wrong_of_loss if record.name in LOSSES else wrong_of_activation)(record))


ONE_NUMBER = [*ACTIVATIONS.values(), *LOSSES.values()]


@pytest.mark.parametrize("record", ONE_NUMBER, ids=lambda record: record.name)
def test_the_facts_are_what_a_search_finds(record):
    assert not wrong(record)


@pytest.mark.parametrize("record", [*ONE_NUMBER, *GATES.values()], ids=lambda r: r.name)
def test_both_formulas_can_be_set(record):
    for formula in (record.formula, record.derivative_formula):
        assert "<math" in to_mathml(formula)
    assert record.formula != record.derivative_formula


CHANGES = [
    ("gelu", {"slope_max": 1.0}, "largest slope found is 1.12"),
    ("silu", {"bounds": (-0.27, INF)}, "goes to -0.278"),
    ("relu", {"bounds": (0.0, 6.0)}, "not 6.0"),
    ("relu", {"kinks": ()}, "kinks found at [0.0]"),
    ("gelu", {"kinks": (0.0,)}, "kinks found at []"),
    ("relu6", {"kinks": (0.0,)}, "kinks found at [0.0, 6.0]"),
    ("elu", {"kinks": ()}, "kinks found at [0.0]"),
    ("mse", {"slope_max": 5.0}, "largest gradient found is 2"),
    ("huber", {"slope_max": INF}, "no gradient above 1"),
    ("huber", {"kink": True}, "jumps at set()"),
    ("mae", {"kink": False}, "jumps at {"),
    ("hinge", {"kink": False}, "with the target"),
    ("label_smoothing", {"lowest": 0.0}, "smallest value found is 0.198"),
    ("label_smoothing", {"slope_max": 0.9}, "with 1,000 classes"),
    ("focal", {"slope_max": 0.75}, "largest gradient found is 0.84"),
]


@pytest.mark.parametrize(("name", "change", "says"), CHANGES)
def test_a_wrong_fact_is_found(name, change, says):
    record = (ACTIVATIONS | LOSSES)[name]
    assert says in "; ".join(wrong(replace(record, **change)))


def test_wrong_limits_are_found():
    class Off(type(ACTIVATIONS["tanh"])):
        limits = (0.0, 1.0)

    tanh = ACTIVATIONS["tanh"]
    off = Off(**{name: getattr(tanh, name) for name in tanh.__dataclass_fields__})
    assert wrong(off) == ["f(-1e+09) is -1.0, not near 0.0"]
