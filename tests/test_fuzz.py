"""Whatever comes in, every function answers, or says what is wrong: a TypeError or ValueError."""

import inspect
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import actlib
from actlib import activations, losses

RECORDS = {"ACTIVATIONS", "GATES", "Activation", "LOSSES", "Loss"}
FUNCTIONS = sorted({*activations.__all__, *losses.__all__, "collapse", "stack", "rank"} - RECORDS)

SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
REAL = st.sampled_from([np.float16, np.float32, np.float64, np.int8, np.uint64, np.bool_])
NUMBERS = st.one_of(
    st.floats(), st.sampled_from([0, 1, -1, 0.5, np.inf, 1e308, 5e-324]), st.integers(-3, 5)
)
ARRAYS = st.one_of(
    REAL.flatmap(lambda dtype: hnp.arrays(dtype, SHAPES)),
    hnp.arrays(float, SHAPES, elements=st.sampled_from([0.0, 1.0, 0.5, 0.25])),
    hnp.arrays(int, SHAPES, elements=st.integers(-1, 4)),
)
ANYTHING = st.one_of(
    ARRAYS,
    NUMBERS,
    st.lists(NUMBERS, max_size=4),
    st.none(),
    st.text(max_size=3),
    st.complex_numbers(),
    st.just(object()),
    st.just([[1.0], [1.0, 2.0]]),
    hnp.arrays(st.sampled_from([complex, "U3", object, "M8[s]", "S2"]), SHAPES),
    ARRAYS.map(np.ma.array),
)
LAYERS = st.one_of(
    ANYTHING,
    st.lists(st.one_of(st.tuples(ARRAYS, ARRAYS), st.tuples(ANYTHING, ANYTHING)), max_size=3),
)
SETTINGS = {
    "layers": LAYERS,
    "runs": st.one_of(st.integers(-2, 3), st.none(), st.floats()),
    "axis": st.one_of(st.integers(-3, 3), st.none(), st.floats()),
    "n_classes": st.one_of(st.integers(-2, 6), st.floats(), st.text(max_size=1)),
}


def arguments(function, data):
    shape = data.draw(SHAPES)
    fitting = st.one_of(  # one shape for all, so that the draw gets past the checks
        hnp.arrays(float, shape),
        hnp.arrays(float, shape, elements=st.sampled_from([0.0, 1.0, -1.0, 0.5, np.inf])),
        hnp.arrays(np.float16, shape, elements=st.sampled_from([0.0, 1.0, 6e4, np.nan])),
    )
    for parameter in inspect.signature(function).parameters.values():
        optional = parameter.default is not inspect.Parameter.empty
        if optional and parameter.name != "n_classes" and data.draw(st.booleans()):
            continue
        if parameter.name in SETTINGS:
            yield parameter.name, data.draw(SETTINGS[parameter.name])
        elif optional:
            yield parameter.name, data.draw(st.one_of(NUMBERS, ANYTHING))
        else:
            yield parameter.name, data.draw(st.one_of(fitting, fitting, ANYTHING))


@pytest.mark.parametrize("record", actlib.ACTIVATIONS.values(), ids=lambda record: record.name)
@settings(max_examples=60, deadline=None)
@given(x=hnp.arrays(float, SHAPES, elements=st.floats(allow_nan=False, allow_infinity=False)))
def test_values_lie_within_their_bounds(record, x):
    low, high = record.bounds
    assert np.all((low <= record(x)) & (record(x) <= high))
    assert np.all(record.df(x) <= record.slope_max * (1 + 1e-15))


@pytest.mark.parametrize("name", FUNCTIONS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_only_declared_errors(name, data):
    function = getattr(actlib, name)
    call = dict(arguments(function, data))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            result = function(**call)
        except (TypeError, ValueError) as error:
            assert str(error)
        else:
            for part in result if isinstance(result, tuple) else (result,):
                assert np.asarray(part).dtype.kind in "fi"
