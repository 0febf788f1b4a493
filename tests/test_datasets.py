"""The shipped data are what their papers say."""

import hashlib

import numpy as np
import pytest

from actlib.datasets import digits, newcomb


def test_digits():
    images, labels = digits()
    assert images.shape == (1797, 64)
    assert images.dtype == np.float64
    assert np.array_equal(np.unique(images), np.arange(17))
    # class sizes of the test set, as the collection's own description lists them
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_digits_are_legible():
    """A nearest neighbour reads them: labels and pictures belong together."""
    images, labels = digits()
    known, asked = images[:1500], images[1500:]
    distance = (asked**2).sum(1)[:, None] - 2 * asked @ known.T + (known**2).sum(1)
    assert (
        np.mean(labels[:1500][distance.argmin(1)] == labels[1500:]) > 0.9
    )  # 0.946 here; shuffled labels give 0.09


def test_digits_are_new_each_time():
    digits()[0][...] = 0
    assert digits()[0].max() == 16


def test_newcomb():
    times = newcomb()
    assert times.shape == (66,)
    assert round(times.mean(), 2) == 26.21
    assert sorted(times)[:3] == [-44, -2, 16]


@pytest.mark.parametrize(
    ("read", "digest"),
    [
        (digits, "68aea062d35a127749050fa0e52dca09d6569ac08092c925610e0954e172dde2"),
        (newcomb, "f75e7653a264a28a27fc304992d396692480cd8ea511cbe08e6cedd2d5497908"),
    ],
)
def test_not_a_number_has_changed(read, digest):
    columns = np.column_stack(read() if read is digits else [read()])
    assert (np.int8(columns) == columns).all()
    assert hashlib.sha256(np.int8(columns).tobytes()).hexdigest() == digest
