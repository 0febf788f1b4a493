"""What every activation promises: types, shapes, limits, errors, and a record that is true."""

import itertools
import pathlib
import re
import subprocess
import sys
import tracemalloc
import unicodedata
import warnings
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

import actlib
from actlib import ACTIVATIONS, GATES, LOSSES
from actlib.activations.elementwise import CHEAP_BLOCK
from tests.numeric import assert_gradient, assert_slope

RECORDS = pytest.mark.parametrize("record", ACTIVATIONS.values(), ids=lambda record: record.name)
FUNCTIONS = pytest.mark.parametrize(
    "f",
    [f for record in ACTIVATIONS.values() for f in (record.f, record.df)] + [actlib.d_prelu_slope],
    ids=lambda f: f.__name__,
)
INF = float("inf")
FAR = [0.0, 1.0, 5e-324, 2.3e-308, 1e-300, 40.0, 700.0, 709.0, 745.0, 1e10, 1e154, 1.7e308]


@FUNCTIONS
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_keeps_type_and_shape(f, dtype):
    for shape in [(), (0,), (1,), (5,), (2, 3), (2, 0, 3), (3, 70_000)]:
        x = np.linspace(-4, 4, int(np.prod(shape))).reshape(shape).astype(dtype)
        y = f(x)
        assert (y.shape, y.dtype) == (shape, dtype)
    assert isinstance(f(dtype(0.5)), dtype)


@FUNCTIONS
@pytest.mark.parametrize("x", [[1, -2, 3], [True, False], [[1], [2]], 3, -2.5, (1, 2)], ids=str)
def test_lists_and_integers_become_float64(f, x):
    y = f(x)
    assert (y.dtype, y.shape) == (np.float64, np.shape(x))
    np.testing.assert_array_equal(y, f(np.array(x, np.float64)))


@FUNCTIONS
@pytest.mark.parametrize("bad", [1j, "1", ["a"], None, [[1], [2, 3]], {}, b"1"], ids=str)
def test_refuses_what_is_not_real_numbers(f, bad):
    with pytest.raises(TypeError, match=r"x: expected real numbers, got (complex|str|bytes|N|a|d)"):
        f(bad)


@FUNCTIONS
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_long_input_is_computed_to_the_last_number_of_each_block(f, dtype):
    x = np.random.default_rng(2).normal(0, 4, 2 * CHEAP_BLOCK + 7).astype(dtype)
    parts = [f(part) for part in np.split(x, range(1000, len(x), 1000))]
    np.testing.assert_array_equal(f(x), np.concatenate(parts))


@FUNCTIONS
def test_leaves_the_input_alone_and_takes_any_memory_layout(f):
    rng = np.random.default_rng(1)
    base = rng.normal(size=(300, 200)) * 5
    for x in (base, base[::2, ::-3], base.T, np.asfortranarray(base), base.astype(">f8")):
        before = x.copy()
        x.flags.writeable = False
        y = f(x)
        assert y is not x and not np.shares_memory(x, y)
        y *= 2
        np.testing.assert_array_equal(x, before)
        np.testing.assert_array_equal(f(x), f(np.ascontiguousarray(before)))
        np.testing.assert_array_equal(f(x)[7, 11], f(x[7, 11]))


@FUNCTIONS
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_never_warns_and_is_never_nan_on_finite_input(f, dtype):
    with np.errstate(over="ignore"):
        x = np.array(FAR, dtype)
    x = np.concatenate([x[np.isfinite(x)], -x[np.isfinite(x)], [np.finfo(dtype).tiny]])
    x = np.concatenate([x, np.linspace(-800, 800, 1601)]).astype(dtype)
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        assert not np.isnan(f(x)).any()
        for one in x[:24]:
            f(one)


@FUNCTIONS
def test_nan_stays_nan_and_stays_where_it_was(f):
    y = f(np.array([-1.0, np.nan, 2.0, np.nan, -800.0]))
    np.testing.assert_array_equal(np.isnan(y), [False, True, False, True, False])
    assert np.isnan(f(np.nan))


@RECORDS
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_at_infinity_is_what_the_largest_numbers_tend_to(record, dtype):
    largest = np.finfo(dtype).max
    for f in (record.f, record.df):
        limit = f(np.array([-largest, largest], dtype))
        limit[limit > largest / 1000] = INF  # a slope of 0.01 gets there too
        limit[limit < -largest / 1000] = -INF
        np.testing.assert_array_equal(f(np.array([-INF, INF], dtype)), limit)


def test_limits_with_parameters():
    ends = [-np.inf, np.inf]
    np.testing.assert_array_equal(actlib.elu(ends, alpha=2.5), [-2.5, np.inf])
    np.testing.assert_array_equal(actlib.celu(ends, alpha=2.5), [-2.5, np.inf])
    np.testing.assert_array_equal(actlib.leaky_relu(ends, negative_slope=0.0), [0, np.inf])
    np.testing.assert_array_equal(actlib.prelu(ends, slope=0.0), [0, np.inf])
    for f, beta in itertools.product((actlib.softplus, actlib.silu), (0.3, 4.0, 1e-200, 1e200)):
        np.testing.assert_array_equal(f(ends, beta=beta), [0, np.inf])
    for f, beta in itertools.product((actlib.d_softplus, actlib.d_silu), (0.3, 4.0, 1e200)):
        np.testing.assert_array_equal(f(ends, beta=beta), [0, 1])


@RECORDS
def test_derivative_is_the_slope(record):
    for factor in (1, 1.7):
        given = {name: factor * value for name, value in record.parameters.items()}
        assert_slope(partial(record.f, **given), partial(record.df, **given), record.kinks)


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


def test_swish_is_silu():
    assert actlib.swish is actlib.silu and actlib.d_swish is actlib.d_silu


@pytest.mark.parametrize(
    ("f", "name", "bad"),
    [
        *itertools.product(
            (actlib.elu, actlib.d_elu, actlib.celu, actlib.d_celu),
            ["alpha"],
            [0, -1.0, INF, float("nan"), [1.0, 2.0]],
        ),
        *itertools.product(
            (actlib.softplus, actlib.d_softplus, actlib.silu, actlib.d_silu),
            ["beta"],
            [0, -1.0, INF, float("nan"), [1.0, 2.0]],
        ),
        *itertools.product(
            (actlib.leaky_relu, actlib.d_leaky_relu),
            ["negative_slope"],
            [INF, float("nan"), [1.0, 2.0]],
        ),
        *itertools.product((actlib.prelu, actlib.d_prelu), ["slope"], [INF, [1.0, 2.0, 3.0]]),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_bad_parameter_is_named(f, name, bad):
    with pytest.raises(ValueError, match=f"{name} must .*got ") as error:
        f(np.zeros((4, 2)), **{name: bad})
    assert "nan" in str(error.value) or re.search(r"\d|inf", str(error.value))
    with pytest.raises(TypeError, match=f"{name}: expected real numbers, got str"):
        f(0.0, **{name: "big"})


def test_parameters_by_place_and_unknown_ones():
    assert actlib.leaky_relu(-1.0, 0.5) == -0.5
    with pytest.raises(TypeError):
        actlib.leaky_relu(-1.0, slope=0.5)
    with pytest.raises(TypeError):
        actlib.sigmoid(0.0, 1.0)


def test_elu_needs_its_alpha_in_the_slope():
    assert actlib.d_elu(-1.0, alpha=3.0) == pytest.approx(3 * np.exp(-1), rel=1e-15)
    assert actlib.d_elu(2.0, alpha=3.0) == 1


def test_prelu_learns_one_slope_for_each_unit():
    rng = np.random.default_rng(3)
    x, slope, upstream = rng.normal(size=(7, 4)), rng.uniform(0.1, 2, 4), rng.normal(size=(7, 4))
    y = actlib.prelu(x, slope)
    np.testing.assert_allclose(y, np.where(x > 0, x, slope * x), rtol=1e-15)
    by_x = upstream * actlib.d_prelu(x, slope)
    by_slope = (upstream * actlib.d_prelu_slope(x)).sum(axis=0)
    assert_gradient(lambda x: (upstream * actlib.prelu(x, slope)).sum(), by_x, x)
    assert_gradient(lambda slope: (upstream * actlib.prelu(x, slope)).sum(), by_slope, slope)


@pytest.mark.parametrize("shape", [(3,), (5, 3), (2, 5, 3)], ids=str)
def test_maxout_gradients(shape):
    rng = np.random.default_rng(4)
    arrays = {
        "x": rng.normal(size=shape),
        "W": rng.normal(size=(4, 3, 2)),
        "b": rng.normal(size=(4, 2)),
    }
    upstream = rng.normal(size=(*shape[:-1], 2))
    y = actlib.maxout(**arrays)
    assert y.shape == upstream.shape
    pieces = np.stack([arrays["x"] @ W + b for W, b in zip(arrays["W"], arrays["b"], strict=True)])
    np.testing.assert_allclose(y, pieces.max(axis=0), rtol=1e-12)
    assert len(set(pieces.argmax(axis=0).ravel())) > 1
    gradients = actlib.d_maxout(**arrays, upstream=upstream)
    for name, gradient in zip(arrays, gradients, strict=True):

        def value(moved, name=name):
            return (upstream * actlib.maxout(**{**arrays, name: moved})).sum()

        assert_gradient(value, gradient, arrays[name])


def test_gates_are_quiet_when_they_overflow():
    huge = np.full((2, 3), 1e200)
    for dtype in (np.float64, np.float32):
        with np.errstate(over="ignore"):
            x, W, b = huge.astype(dtype), np.full((2, 3, 3), 1e200, dtype), np.zeros((2, 3), dtype)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert (actlib.maxout(x, W, b) == INF).all()
            assert len(actlib.d_maxout(x, W, b, upstream=x)) == 3
            for gate in (GATES["glu"], GATES["swiglu"]):
                assert gate(x, x).min() > 1e38 and len(gate.df(x, x)) == 2


def test_maxout_refuses_shapes_that_do_not_match():
    x, W, b = np.zeros((5, 3)), np.zeros((4, 3, 2)), np.zeros((4, 2))
    for given, name in [
        ((np.zeros((5, 2)), W, b), "x"),
        ((x, np.zeros((3, 2)), b), "W"),
        ((x, W, np.zeros(2)), "b"),
        ((x, W, np.zeros((1, 2))), "b"),
        ((x, np.zeros((0, 3, 2)), np.zeros((0, 2))), "W"),
    ]:
        with pytest.raises(ValueError, match=rf"^{name} must have shape .*, got \("):
            actlib.maxout(*given)
    with pytest.raises(ValueError, match="upstream"):
        actlib.d_maxout(x, W, b, upstream=np.ones(2))


@pytest.mark.parametrize("gate", [GATES["glu"], GATES["swiglu"]], ids=lambda gate: gate.name)
def test_gates(gate):
    rng = np.random.default_rng(5)
    arrays = {"value": rng.normal(size=(4, 3)), "gate": 3 * rng.normal(size=(4, 3))}
    opened = actlib.sigmoid(arrays["gate"])
    if gate.name == "swiglu":
        opened = opened * arrays["gate"]
    np.testing.assert_allclose(gate(**arrays), arrays["value"] * opened, rtol=1e-14)
    value, opening = arrays.values()
    by_value, by_gate = gate.df(**arrays)
    assert_gradient(lambda moved: gate.f(moved, opening).sum(), by_value, value)
    assert_gradient(lambda moved: gate.f(value, moved).sum(), by_gate, opening)
    assert gate(np.float32([1]), np.float32([2])).dtype == np.float32
    assert all(d.dtype == np.float64 for d in gate.df([1.0], np.float32([2])))
    with pytest.raises(ValueError, match=r"same shape, got \(2,\) and \(2, 1\)"):
        gate(np.ones(2), np.ones((2, 1)))


def test_import_brings_numpy_only():
    code = (
        "import sys, actlib;"
        "print(*sorted({m.split('.')[0] for m in sys.modules}"
        " & {'scipy', 'matplotlib', 'ipywidgets', 'IPython', 'mpmath'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_large_inputs_need_no_large_temporary_arrays():
    x = np.linspace(-9, 9, 1_000_000)
    for record in ACTIVATIONS.values():
        for f in (record.f, record.df):
            tracemalloc.start()
            f(x)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert peak <= 3.05 * x.nbytes, f"{f.__name__}: {peak / x.nbytes:.2f} arrays"


def test_a_copy_with_another_function_keeps_the_derivative_that_was_given():
    """The derivative by the value belongs to the function of its own record alone."""
    centred = replace(ACTIVATIONS["sigmoid"], f=lambda x: ACTIVATIONS["sigmoid"].f(x) - 0.5)
    x = np.linspace(-3, 3, 7)
    f, slope = centred.formulas()
    np.testing.assert_allclose(slope(x, f(x)), centred.df(x), rtol=1e-12)
