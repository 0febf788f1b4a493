"""The records of activations, gates and losses are whole and true."""

import pathlib
import re
import unicodedata
from dataclasses import replace

import numpy as np
import pytest

import actlib
from actlib import ACTIVATIONS, GATES, LOSSES

RECORDS = pytest.mark.parametrize("record", ACTIVATIONS.values(), ids=lambda record: record.name)
INF = float("inf")


@RECORDS
def test_the_record_is_true(record):
    x = np.concatenate([np.linspace(-60, 60, 240_001), [-1e6, 1e6]])
    x = np.concatenate([x, np.nextafter(record.kinks, np.inf), np.nextafter(record.kinks, -np.inf)])
    y, slope = record.f(x), record.df(x)
    low, high = record.bounds
    assert low <= y.min() and y.max() <= high
    for bound, reached in zip(record.bounds, (y.min(), y.max()), strict=True):
        assert reached == pytest.approx(bound, abs=1e-6) or (np.isinf(bound) and abs(reached) > 900)
    assert slope.max() == pytest.approx(record.slope_max, rel=1e-8)
    flat = (abs(record.df(-1e6)) < 1e-9, abs(record.df(1e6)) < 1e-9)
    sides = {(True, True): "both", (True, False): "left", (False, True): "right"}
    assert record.saturates == sides.get(flat, "no")
    dead = any((slope[side] == 0).all() for side in (x < -20, x > 20))
    inside = np.linspace(-6.5, 6.5, 1001)
    assert record.dies == (
        dead and bool((record.df(inside[(inside < -6) | (inside > 6)]) == 0).any())
    )
    for kink in record.kinks:  # the slope jumps there, or the value does
        beside = np.array([kink - 1e-9, kink + 1e-9])
        jump = np.ptp(record.df(beside)) + np.ptp(record.f(beside))
        parameters_matter = bool(record.parameters)
        assert jump > 0.01 or parameters_matter


@RECORDS
def test_zero_centred_is_a_mean_of_zero(record):
    points, weights = np.polynomial.hermite_e.hermegauss(101)
    mean = (weights * record.f(points)).sum() / weights.sum()  # of normal input
    assert record.zero_centred == (abs(mean) < 0.005)


def test_the_records_of_the_gates_are_true():
    points, weights = np.polynomial.hermite_e.hermegauss(101)
    value, gate = np.meshgrid(np.r_[points, -1e6, 1e6], np.r_[points, -1e6, 1e6])
    product = np.outer(weights, weights)
    for name in ("glu", "swiglu"):
        record, y = GATES[name], GATES[name](value, gate)
        mean = (product * y[:-2, :-2]).sum() / product.sum()
        assert record.zero_centred == (abs(mean) < 0.005)
        assert y.min() < -1e5 and y.max() > 1e5 and record.bounds == (-INF, INF)
        assert max(np.abs(d).max() for d in record.df(value, gate)) > 1e5
        assert record.slope_max == INF and record.saturates == "no" and not record.dies
    record, x = GATES["maxout"], points[:, None]
    y = record(x, W=[[[1.0]], [[-1.0]]], b=[[0.0], [0.0]])
    assert record.zero_centred == (abs((weights * y[:, 0]).sum()) < 0.005)
    ends = record([[-1e6], [1e6]], W=[[[1.0]]], b=[[0.0]])
    assert ends.tolist() == [[-1e6], [1e6]] and record.bounds == (-INF, INF)
    assert record.saturates == "no" and not record.dies
    assert record.df([[1.0]], W=[[[1e6]]], b=[[0.0]])[0] == 1e6 and record.slope_max == INF


ALL = {**ACTIVATIONS, **GATES, **LOSSES}.values()


@pytest.mark.parametrize("record", ALL, ids=lambda record: record.name)
def test_the_source_is_in_the_bibliography(record):
    bibliography = (pathlib.Path(__file__).parent.parent / "book/references.bib").read_text("utf-8")
    plain = re.sub(r"[{}\\\"]", "", bibliography)
    author = re.split(r",| and | et al| \(", record.source)[0]
    author = re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFKD", author))
    entry = rf"author = {author},[^@]*year = {record.source[-5:-1]},"
    assert re.search(entry, plain), record.source
    assert "".join(record.source.split()) in "".join(record.card().split())


@pytest.mark.parametrize("record", [*ACTIVATIONS.values(), *GATES.values()], ids=lambda r: r.name)
def test_records_are_whole(record):
    assert record.df.__name__ == f"d_{record.name}"
    assert getattr(actlib, record.name) is record.f
    assert getattr(actlib, f"d_{record.name}") is record.df
    assert record.when.endswith(".")
    for function in (record.f, record.df):
        assert ".. math::" in function.__doc__ and ">>>" in function.__doc__
    for fact in (record.title, record.pytorch, record.jax, record.keras, record.when):
        assert fact and fact == fact.strip()
        assert "".join(fact.split()) in "".join(record.card().split())  # long lines are broken


def test_the_registry_is_keyed_by_the_records_names():
    for registry in (ACTIVATIONS, GATES):
        assert all(name == record.name for name, record in registry.items())
    assert not ACTIVATIONS.keys() & GATES.keys()


def test_a_record_is_frozen_and_calls_its_function():
    record = ACTIVATIONS["leaky_relu"]
    with pytest.raises(AttributeError):
        record.name = "other"
    assert record(-2.0, negative_slope=0.5) == -1.0
    assert record.df(-2.0, negative_slope=0.5) == 0.5


def test_a_copy_with_another_function_keeps_the_derivative_that_was_given():
    """The derivative by the value belongs to the function of its own record alone."""
    centred = replace(ACTIVATIONS["sigmoid"], f=lambda x: ACTIVATIONS["sigmoid"].f(x) - 0.5)
    x = np.linspace(-3, 3, 7)
    f, slope = centred.formulas()
    np.testing.assert_allclose(slope(x, f(x)), centred.df(x), rtol=1e-12)
