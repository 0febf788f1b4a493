"""One door for arrays: what may not come in is named, everywhere, with what to do about it."""

import inspect

import numpy as np
import pytest

import actlib
from actlib import activations, losses
from actlib._arrays import as_float, shown

RECORDS = {"ACTIVATIONS", "GATES", "Activation", "LOSSES", "Loss"}
FUNCTIONS = sorted({*activations.__all__, *losses.__all__} - RECORDS)


def doors():
    """Each array that each function takes, and those that fit beside it."""
    for name in FUNCTIONS:
        function = getattr(actlib, name)
        given = inspect.signature(function).parameters.values()
        arrays = [a.name for a in given if a.default is a.empty]
        plain = {a: [[0.5, 0.5]] if set(arrays) & {"p", "q", "target"} else [1.0] for a in arrays}
        if "W" in arrays:
            plain = {"x": [1.0], "W": [[[1.0]]], "b": [[1.0]]}
        for array in arrays:
            yield pytest.param(function, plain, array, id=f"{name}-{array}")


@pytest.mark.parametrize(("function", "others", "name"), list(doors()))
def test_a_mask_is_not_forgotten(function, others, name):
    masked = np.ma.array([0.5, 0.5], mask=[False, True])
    for came in (masked, [masked, masked], [[0.5], [np.ma.masked]], np.ma.masked):
        with pytest.raises(TypeError, match=r"without a mask; \.compressed\(\).*\.filled\(value\)"):
            function(**{**others, name: came})


@pytest.mark.parametrize(
    ("came", "named"),
    [
        (np.array([1.0, None], object), "NoneType"),
        (np.array([[1, 2], [3, "4"]], object), "str"),
        (np.array([1.0, 2j], object), "complex"),
        ([1.0, None], "NoneType"),
        (np.array([1.0, 2.0], object), r"an array of objects \(\.astype\(float\)"),
        (np.array([], object), "an array of objects"),
        (np.array(["a"]), "str"),
        (np.array(["2020"], "M8[Y]"), "datetime64"),
        (None, "NoneType"),
        (1j, "complex"),
        ([[1.0], [1.0, 2.0]], "a ragged list"),
    ],
)
def test_what_is_no_real_number_is_named(came, named):
    with pytest.raises(TypeError, match=f"^prices: expected real numbers, got {named}"):
        as_float(came, "prices")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (2.0, "2"),
        (0.1, "0.1"),
        (1.0000001, "1.0000001"),
        (np.float32(1.0000001), "1.0000001"),
        (1e300, "1e+300"),
        (float("nan"), "nan"),
        (-float("inf"), "-inf"),
    ],
)
def test_numbers_in_messages_have_the_digits_that_matter(number, text):
    assert shown(number) == text
