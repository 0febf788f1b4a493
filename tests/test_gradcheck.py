"""The gradient check finds what is wrong, says where, and leaves what is right in peace."""

import numpy as np
import pytest

import actlib
from actlib import gradcheck, gradcheck_loss, numeric_derivative, numeric_gradient

WRONG = {  # a derivative with a typical mistake, and the function it is for
    "tanh of the output": (actlib.tanh, lambda x: 1 - np.tanh(np.tanh(x)) ** 2),
    "sigmoid of the output": (actlib.sigmoid, lambda x: actlib.d_sigmoid(actlib.sigmoid(x))),
    "a missing minus": (np.cos, np.sin),
    "a factor": (np.square, lambda x: x),
    "elu without alpha": (lambda x: actlib.elu(x, alpha=2.0), lambda x: actlib.d_elu(x)),
    "gelu by three decimals": (actlib.gelu, actlib.d_gelu_tanh),
    "silu by its sigmoid only": (actlib.silu, actlib.sigmoid),
    "nan": (np.square, lambda x: np.where(x > 7, np.nan, 2 * x)),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_finds_the_mistake(mistake):
    f, df = WRONG[mistake]
    check = gradcheck(f, df)
    assert not check and check.error > check.tolerance
    x = np.linspace(-8, 8, 401)
    index = int(check.where.removeprefix("x[").removesuffix("]"))
    assert check.at == x[index]
    np.testing.assert_array_equal(check.given, df(x)[index])
    assert f"at {check.where} = {check.at:.6g}" in str(check)


def test_the_worst_point_is_the_one_named():
    check = gradcheck(np.square, lambda x: 2 * x + (x == 3.0), x=[[1.0, 2.0], [3.0, 4.0]])
    assert check.where == "x[1, 0]" and check.at == 3.0 and check.given == 7.0
    assert check.measured == pytest.approx(6)
    assert str(check).startswith("not right: at x[1, 0] = 3 your slope is 7, the measured one 6")


def test_leaves_what_is_right_in_peace():
    check = gradcheck(np.sin, np.cos)
    assert check.passed is True and bool(check) and str(check).startswith("right")
    assert gradcheck(actlib.relu, actlib.d_relu, kinks=[0.0])
    assert not gradcheck(actlib.relu, actlib.d_relu)  # without its kink: 0.5 is measured there
    assert gradcheck(np.exp, np.exp, x=1.0)
    assert gradcheck(np.exp, np.exp, x=[])


def doubled_in_place(x):
    x *= 2
    return x


def test_a_function_that_changes_its_input_is_judged_by_its_answers():
    np.testing.assert_allclose(numeric_derivative(doubled_in_place, [1.0, 2.0]), 2, rtol=1e-9)
    assert gradcheck(doubled_in_place, lambda x: 2 + 0 * x)
    assert not gradcheck(doubled_in_place, lambda x: 1 + 0 * x)
    x = np.array([1.0, 2.0])
    assert gradcheck(np.square, doubled_in_place, x=x) and x.tolist() == [1.0, 2.0]


def test_a_function_that_answers_in_one_buffer():
    buffer = np.empty(401)
    assert gradcheck(lambda x: np.sin(x, out=buffer), lambda x: np.cos(x, out=buffer))
    assert not gradcheck(lambda x: np.sin(x, out=buffer), lambda x: np.sin(x, out=buffer))

    def loss(x):
        np.square(x, out=buffer[:2])
        return buffer[:2].sum()

    assert gradcheck_loss(loss, lambda x: np.multiply(2, x, out=buffer[:2]), [1.0, 2.0])


@pytest.mark.parametrize(
    ("f", "df", "x"),
    [
        (actlib.softsign, actlib.d_softsign, [0.0]),
        (actlib.celu, actlib.d_celu, [0.0]),
        (lambda x: x * abs(x), lambda x: 2 * abs(x), [0.0]),
        (np.square, lambda x: 2 * x, [1e4, -1e4, 1e6]),
        (lambda x: x**3, lambda x: 3 * x**2, [1e4, -1e5]),
        (np.sin, np.cos, [1e4]),
        (np.exp, np.exp, [100.0]),
        (lambda x: 1e4 + np.square(x), lambda x: 2 * x, [1.0, 2.0]),
    ],
    ids=["softsign", "celu", "x|x|", "square", "cube", "sin", "exp", "a loss of 1e4"],
)
def test_where_the_measurement_is_hard(f, df, x):
    """The curvature jumps, or x or f is large: the right slope passes, a near one does not."""
    assert gradcheck(f, df, x=x)
    off = gradcheck(f, lambda x: df(x) + 1e-7 * np.maximum(1, np.abs(df(x))), x=x)
    assert not off
    given, measured = str(off).split("slope is ")[1].split(", the measured one ")
    assert given != measured


def test_a_loss_with_a_seam_and_a_large_one():
    def right(p):
        return actlib.d_huber(p, [0.0, 0.0])

    assert gradcheck_loss(lambda p: actlib.huber(p, [0.0, 0.0]), right, [1.0, -1.0])
    assert gradcheck_loss(lambda p: 1e4 + actlib.huber(p, [0.0, 0.0]), right, [0.3, -0.6])
    assert not gradcheck_loss(lambda p: actlib.mae(p, [0.0, 0.0]), lambda p: 0 * p, [0.0, 1.0])


def test_numeric_derivative():
    x = np.linspace(-3, 3, 12).reshape(3, 4)
    np.testing.assert_allclose(numeric_derivative(np.sin, x), np.cos(x), rtol=0, atol=1e-10)
    np.testing.assert_allclose(numeric_derivative(np.square, [1, 2]), [2, 4], rtol=1e-9)
    with pytest.raises(ValueError, match=r"f must keep the shape \(2,\) of x, but gave \(\)"):
        numeric_derivative(np.sum, [1.0, 2.0])
    with pytest.raises(ValueError, match=r"df must keep the shape \(2,\) of x, but gave \(\)"):
        gradcheck(np.square, lambda x: 2.0, x=[1.0, 2.0])
    with pytest.raises(TypeError, match="expected real numbers"):
        numeric_derivative(np.sin, "one")


def test_numeric_gradient_leaves_its_input_alone():
    x = np.array([[1.0, -2.0], [3.0, 0.5]])
    before = x.copy()
    np.testing.assert_allclose(numeric_gradient(lambda x: (x**3).sum(), x), 3 * x**2, rtol=1e-9)
    np.testing.assert_array_equal(x, before)
    assert numeric_gradient(lambda x: x**2, 3.0) == pytest.approx(6)
    with pytest.raises(ValueError, match=r"f must return one number, got shape \(2,\)"):
        numeric_gradient(lambda x: x, [1.0, 2.0])


RNG = np.random.default_rng(7)
ARRAYS = {
    "W1": RNG.normal(size=(3, 4)),
    "b1": RNG.normal(size=4),
    "W2": RNG.normal(size=(4, 1)),
    "b2": RNG.normal(size=1),
}
X, Y = RNG.normal(size=(6, 3)), RNG.normal(size=(6, 1))


def _loss(p):
    return ((actlib.tanh(X @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"] - Y) ** 2).mean()


def _gradient(p, wrong=""):
    z = X @ p["W1"] + p["b1"]
    a = actlib.tanh(z)
    d_y = 2 * (a @ p["W2"] + p["b2"] - Y) / (1 if wrong == "a factor n" else Y.size)
    d_a = d_y @ p["W2"].T
    d_z = d_a * actlib.d_tanh(a if wrong == "the output" else z)
    d_b1 = d_z.sum(axis=0) * (-1 if wrong == "a minus" else 1)
    return {"W1": X.T @ d_z, "b1": d_b1, "W2": a.T @ d_y, "b2": d_y.sum(axis=0)}


def test_a_network_that_is_right():
    check = gradcheck_loss(_loss, _gradient, ARRAYS)
    assert check, str(check)


@pytest.mark.parametrize(
    ("wrong", "where"), [("a factor n", ""), ("the output", ""), ("a minus", "b1[")], ids=str
)
def test_a_network_that_is_wrong(wrong, where):
    check = gradcheck_loss(_loss, lambda p: _gradient(p, wrong), ARRAYS)
    assert not check and check.where.startswith(where)


def test_one_array_and_a_list_of_arrays():
    x = RNG.normal(size=(3, 2))
    assert gradcheck_loss(lambda x: (x**2).sum(), lambda x: 2 * x, x)
    assert not gradcheck_loss(lambda x: (x**2).mean(), lambda x: 2 * x, x)
    several = [x, RNG.normal(size=2)]
    assert gradcheck_loss(
        lambda p: (p[0] @ p[1]).sum(), lambda p: [0 * p[0] + p[1], p[0].sum(0)], several
    )


def test_gradients_of_another_form_are_named():
    with pytest.raises(ValueError, match=r"gradient of x must have its shape \(2,\), got \(1,\)"):
        gradcheck_loss(lambda x: x.sum(), lambda x: np.ones(1), [1.0, 2.0])
    with pytest.raises(ValueError, match="must answer for W1, b1, W2, b2, but answered for W1"):
        gradcheck_loss(_loss, lambda p: {"W1": p["W1"]}, ARRAYS)
