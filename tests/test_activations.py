"""What every activation promises: types, shapes, limits, errors, and a record that is true."""

import itertools
import re
import subprocess
import sys
import tracemalloc
import warnings
from functools import partial

import numpy as np
import pytest

import actlib
from actlib import ACTIVATIONS
from actlib.activations.elementwise import CHEAP_BLOCK
from tests.numeric import assert_slope

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
