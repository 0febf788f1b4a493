"""Every value and slope within 4 units in the last place of 50-digit arithmetic."""

import re

import numpy as np
import pytest

from actlib import ACTIVATIONS, d_prelu_slope
from tests import accuracy

NAMES = list(ACTIVATIONS)


def test_every_activation_has_an_exact_counterpart():
    assert sorted(accuracy.EXACT) == sorted(NAMES)


@pytest.mark.parametrize("dtype", accuracy.DTYPES, ids=lambda dtype: dtype.__name__)
@pytest.mark.parametrize("name", NAMES)
def test_within_the_bar(name, dtype):
    for what, (error, x) in zip(("value", "slope"), accuracy.measure(name, dtype), strict=True):
        assert error <= accuracy.BAR, f"{what} of {name} is {error:.3g} units off at x = {x!r}"


def test_slope_gradient_of_prelu_is_exact():
    x = accuracy.grid(np.float64)
    np.testing.assert_array_equal(d_prelu_slope(x), np.where(x < 0, x, 0))


@pytest.mark.parametrize("dtype", accuracy.DTYPES, ids=lambda dtype: dtype.__name__)
def test_the_grid_looks_everywhere(dtype):
    x, info = accuracy.grid(dtype), np.finfo(dtype)
    assert x.dtype == dtype
    assert x.min() == info.min and x.max() == info.max
    assert {0.0, 3.0, -3.0, 6.0} <= set(x.tolist())
    magnitudes = np.abs(x[x != 0])
    assert magnitudes.min() == info.smallest_subnormal
    for low, high in ((info.tiny, 1e-2), (1e-2, 1), (1, 10), (10, 100)):
        assert ((magnitudes >= low) & (magnitudes < high)).sum() > 20


def _numbers(page):
    rows = re.findall(r"^\|([^|]+)\|([ \d.]+)\|([ \d.]+)\|$", page, re.MULTILINE)
    return {title.strip(): [float(value), float(slope)] for title, value, slope in rows}


def test_the_table_in_the_book_is_current():
    """Same words and rows; numbers may differ by what another processor's exp does."""
    book, new = accuracy.TABLE.read_text(encoding="utf-8"), accuracy.table()
    advice = "run: python -m tests.accuracy"
    assert re.sub(r"\d+(\.\d+)?", "#", book) == re.sub(r"\d+(\.\d+)?", "#", new), advice
    in_book, measured = _numbers(book), _numbers(new)
    titles = [record.title for record in ACTIVATIONS.values()]
    assert list(in_book) == list(measured) == titles, advice
    for title in titles:
        np.testing.assert_allclose(in_book[title], measured[title], atol=1, err_msg=advice)
