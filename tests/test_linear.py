"""Stacks of affine layers, the one layer they are, and the shapes that are refused."""

import itertools

import numpy as np
import pytest

from actlib import collapse, rank, stack


def _layers(widths, seed=0):
    rng = np.random.default_rng(seed)
    return [
        (rng.normal(size=(n_in, n_out)), rng.normal(size=n_out))
        for n_in, n_out in itertools.pairwise(widths)
    ]


@pytest.mark.parametrize("widths", [(3, 2), (2, 5, 1), (4, 4, 4, 4, 4), (3, *[7] * 30, 2)], ids=str)
@pytest.mark.parametrize("batch", [(), (6,), (2, 6), (0,)], ids=str)
def test_the_collapsed_layer_is_the_stack(widths, batch):
    layers = _layers(widths)
    x = np.random.default_rng(1).normal(size=(*batch, widths[0]))
    W, b = collapse(layers)
    assert W.shape == (widths[0], widths[-1]) and b.shape == (widths[-1],)
    deep = stack(layers, x)
    scale = max(1.0, np.abs(deep).max(initial=0))
    np.testing.assert_allclose(deep, x @ W + b, rtol=0, atol=1e-12 * scale)


def test_two_layers_by_hand():
    (w0, w1), (w2, w3), (w5, w6) = (2.0, 3.0), (5.0, 7.0), (11.0, 13.0)
    first = np.array([[w0, w2], [w1, w3]]), np.array([1.0, -1.0])
    second = np.array([[w5], [w6]]), np.array([4.0])
    W, b = collapse([first, second])
    np.testing.assert_array_equal(W, [[w5 * w0 + w6 * w2], [w5 * w1 + w6 * w3]])
    np.testing.assert_array_equal(b, [w5 * 1 + w6 * -1 + 4])


@pytest.mark.parametrize("narrow", [1, 2, 3, 4])
def test_the_narrowest_layer_bounds_the_rank(narrow):
    assert rank(collapse(_layers((6, 5, narrow, 5, 4)))[0]) == narrow


def test_rank():
    assert rank(np.zeros((3, 2))) == 0
    assert rank(np.eye(4, dtype=np.float32)) == 4
    assert rank([[1, 2], [2, 4]]) == 1
    assert isinstance(rank(np.eye(2)), int)
    for bad in ([1.0, 2.0], np.zeros((2, 2, 2))):
        with pytest.raises(ValueError, match="W must be a matrix, got shape"):
            rank(bad)
    with pytest.raises(ValueError, match="finite"):
        rank([[np.inf]])


def test_the_collapsed_layer_is_a_copy():
    layers = _layers((2, 2))
    W, b = collapse(layers)
    W += 1
    b += 1
    assert not np.allclose(W, layers[0][0]) and not np.allclose(b, layers[0][1])


ONE, TWO = (np.ones((2, 3)), np.ones(3)), (np.ones((3, 1)), np.ones(1))


@pytest.mark.parametrize(
    ("layers", "says"),
    [
        ([], r"at least one pair"),
        ([TWO, ONE], r"layer 2 takes 2 numbers, but layer 1 gives 1"),
        ([ONE, (np.ones((3, 1)), np.ones(5))], r"layer 2: .*\(3, 1\).* shape \(1,\), got \(5,\)"),
        ([ONE, (np.ones((3, 5)), np.ones(1))], r"layer 2: .*\(3, 5\).* shape \(5,\), got \(1,\)"),
        (
            [(np.ones((2, 3)), np.ones((1, 3)))],
            r"layer 1: .*b must have shape \(3,\), got \(1, 3\)",
        ),
        ([(np.ones((2, 3)), 0.0)], r"layer 1: .*b must have shape \(3,\), got \(\)"),
        ([(np.ones(3), np.ones(3))], r"layer 1: W must have shape \(n_in, n_out\), got \(3,\)"),
        ([ONE, np.ones(3)], r"layer 2 must be a pair \(W, b\)"),
        ([3.0], r"layer 1 must be a pair \(W, b\)"),
    ],
    ids=str,
)
def test_layers_that_do_not_fit_are_named(layers, says):
    with pytest.raises(ValueError, match=says):
        collapse(layers)
    with pytest.raises(ValueError, match=says):
        stack(layers, np.ones((4, 2)))


def test_an_input_that_does_not_fit_is_named():
    with pytest.raises(ValueError, match=r"x has shape \(2, 4\), but layer 1 takes 2 numbers"):
        stack([ONE, TWO], np.ones((2, 4)))
    with pytest.raises(ValueError, match=r"x has shape \(\)"):
        stack([ONE, TWO], 1.0)
    with pytest.raises(TypeError, match="W of layer 1: expected real numbers, got str"):
        stack([([["a"]], [0.0])], [1.0])


def test_overflow_is_in_the_numbers_not_in_warnings(recwarn):
    layers = [([[1e200]], [0.0]), ([[1e200, -1e200]], [0.0, 0.0]), (np.ones((2, 1)), [0.0])]
    assert np.isnan(stack(layers, [1.0])).all()  # inf - inf
    assert np.isnan(collapse(layers)[0]).all()
    assert not recwarn.list
