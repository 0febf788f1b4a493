"""Initialisers: size, spread and shape of what they draw."""

import numpy as np
import pytest

from actlib.initialise import INITIALISERS, uniform


@pytest.mark.parametrize("shape", [(2, 5), (5, 1), (7, 2, 5), (3, 7, 5, 2)], ids=str)
@pytest.mark.parametrize("name", INITIALISERS)
def test_shape_and_seed(name, shape):
    draw = INITIALISERS[name]
    one, same, other = (draw(shape, np.random.default_rng(seed)) for seed in (0, 0, 1))
    assert one.shape == shape
    assert one.dtype == np.float64
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


# variance · n_in, for 200 -> 300 units
VARIANCES = {
    "uniform": 200 / 3,
    "glorot": 2 * 200 / 500,
    "he": 2.0,
    "lecun": 1.0,
}


@pytest.mark.parametrize("name", INITIALISERS)
def test_mean_and_variance(name):
    w = INITIALISERS[name]((200, 300), np.random.default_rng(0))
    # 60,000 draws: the mean is within 5 of its standard errors, the variance within 3%.
    assert abs(w.mean()) < 5 * np.sqrt(VARIANCES[name] / 200 / w.size)
    assert w.var() * 200 == pytest.approx(VARIANCES[name], rel=0.03)


def test_uniform_covers_its_interval():
    w = uniform((200, 300), np.random.default_rng(0))
    assert -1 <= w.min() < -0.999
    assert 0.999 < w.max() < 1
    assert uniform((2, 2), np.random.default_rng(0), 3.0, 4.0).min() >= 3


@pytest.mark.parametrize("name", INITIALISERS)
def test_a_vector_is_no_matrix(name):
    with pytest.raises(ValueError, match=r"needs a shape \(..., n_in, n_out\), got \(3,\)"):
        INITIALISERS[name]((3,), np.random.default_rng(0))
