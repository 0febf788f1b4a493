"""The graders: right answers pass, each usual mistake gets its hint, nothing ever raises."""

import functools
import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

import actlib
from actlib import check, losses

POINTS = np.linspace(-3.5, 3.5, 12)
SCORES = [np.array([[1.0, 2.0, 3.0]]), np.array([[0.5, -1.5, 0.0], [1.0, 2.0, 4.0]]),
          np.array([[1.0, 2.0], [3.0, 5.0]])]  # fmt: skip
LARGE = [np.array([[1000.0, 0.0, -1000.0]]), np.array([[1000.0, 999.0], [-1000.0, -1001.0]])]
PAIRS = [(np.array([2.0, -1.0]), np.array([0.5, 3.0])),
         (np.array([0.5, 1.5, -2.0, 3.0]), np.array([0.0, 4.0, -2.5, 0.0]))]  # fmt: skip
ROWS = [(np.array([[2.0, 1.0, -1.0], [0.5, 1.5, 1.0]]), np.eye(3)[[0, 1]]),
        (np.array([[1.0, 2.0, 0.5]]), np.eye(3)[[2]])]  # fmt: skip
FAR_ROWS = [(np.array([[1000.0, 0.0, -1000.0]]), np.eye(3)[[2]]),
            (np.array([[1000.0, 999.0, 0.0], [-1000.0, -999.0, -998.0]]),
             np.eye(3)[[1, 0]])]  # fmt: skip


def layers(*sizes, seed=0):
    rng = np.random.default_rng(seed)
    return [(rng.normal(size=pair), rng.normal(size=pair[1])) for pair in pairwise(sizes)]


STACKS = [(layers(2, 2, 2),), (layers(2, 3, 1, seed=1),), (layers(2, 3, 2, 2, seed=2),)]


def log_softmax(z, dim=-1):
    z = z - z.max(axis=dim, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=dim, keepdims=True))


# Exercises, as a notebook would give them.
EXERCISES = {
    "sigmoid": (actlib.sigmoid, POINTS, {}),
    "relu": (actlib.relu, POINTS, {}),
    "softplus": (actlib.softplus, POINTS, {}),
    "d_sigmoid": (actlib.d_sigmoid, POINTS, {"slope_of": actlib.sigmoid}),
    "d_leaky": (actlib.d_leaky_relu, POINTS, {
        "slope_of": actlib.leaky_relu, "parameters": {"negative_slope": [0.01, 0.2]},
        "kinks": [0.0]}),
    "elu": (actlib.elu, POINTS, {"parameters": {"alpha": [1.0, 0.5]}}),
    "quiet_elu": (actlib.elu, POINTS, {"quiet": True}),
    "log_sigmoid": (actlib.log_sigmoid, POINTS, {"edges": [np.array([-40.0, 30.0]), 2.0]}),
    "log_softmax": (lambda z: log_softmax(z), SCORES, {"edges": LARGE, "names": ("z",)}),
    "mse": (actlib.mse, PAIRS, {"names": ("p", "t")}),
    "d_mse": (actlib.d_mse, PAIRS, {"names": ("p", "t")}),
    "cross_entropy": (losses.cross_entropy_with_logits, ROWS, {
        "names": ("z", "target"), "edges": FAR_ROWS}),
    "collapse": (actlib.collapse, STACKS, {"names": ("layers",)}),
    "square": (np.square, [3.0, -2.0, 0.5], {}),
    "kl": (lambda p, q: losses.cross_entropy(p, q) - losses.entropy(p),
           [(np.array([0.0, 1.0]), np.array([0.5, 0.5]))], {"names": ("p", "q")}),
}  # fmt: skip


def graded(name, answer, **more):
    right, inputs, options = EXERCISES[name]
    return check.function(answer, right, inputs, name=name, **{**options, **more})


# ------------------------------------------------------------ as readers write it, and right


def decorated(function):  # without functools.wraps: its signature is (*args, **kwargs)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)

    return inner


def slopes_into_full(x, negative_slope=0.01):  # for arrays only
    d = np.full(x.shape, negative_slope)
    d[x > 0] = 1
    return d


def square_in_full(x):  # for arrays only
    out = np.full(x.shape, 0.0)
    out[...] = (x > 0).astype(float) * x * x + (x <= 0).astype(float) * x * x
    return out


def softplus(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def stable_loss(z, target, reduction="mean"):
    return -np.mean((target * log_softmax(z)).sum(axis=-1))


RIGHT = [
    ("sigmoid", lambda x, derivative=False: actlib.d_sigmoid(x) if derivative
     else actlib.sigmoid(x)),
    ("elu", lambda x, derivative=False, alpha=1.0: derivative or actlib.elu(x, alpha)),
    ("elu", lambda x, inplace=False: actlib.elu(x)),
    ("elu", lambda x, a: actlib.elu(x, a)),
    ("elu", decorated(actlib.elu)),
    ("elu", functools.partial(actlib.elu)),
    ("softplus", lambda x, beta=1, threshold=20: softplus(x)),
    ("relu", np.vectorize(lambda x: x if x > 0 else 0.0)),
    ("elu", np.vectorize(lambda x, alpha=1.0: x if x > 0 else alpha * math.expm1(x))),
    ("d_leaky", slopes_into_full),
    ("d_leaky", lambda x, negative_slope=0.01: np.where(x >= 0, 1.0, negative_slope)),
    ("square", square_in_full),
    ("square", lambda x: x * x if x > 0 else math.pow(x, 2)),
    ("log_softmax", log_softmax),
    ("cross_entropy", stable_loss),
    ("mse", lambda p, t: Fraction(1, len(p)) * float(np.sum((p - t) ** 2))),
    ("collapse", lambda layers: list(actlib.collapse(layers))),
    ("sigmoid", lambda x: 1 / (1 + np.exp(-x))),
    ("kl", lambda p, q: np.where(p > 0, p * np.log(p / q), 0).sum()),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer"), [*RIGHT, *((n, e[0]) for n, e in EXERCISES.items())])
def test_right_answers_pass(name, answer, capsys):
    report = graded(name, answer)
    assert report.passed, report.text
    assert capsys.readouterr().out == report.text + "\n"


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("sigmoid", lambda x: 1 / (1 + np.exp(-x)), "NumPy warns for x = -1000 (overflow"),
        ("kl", lambda p, q: np.where(p > 0, p * np.log(p / q), 0).sum(), "np.where and products"),
        ("elu", lambda x: actlib.elu(x), "your function takes no alpha, so only the usual one"),
        ("relu", lambda x: np.where(x > 0, x, 0).astype(float), "float32 comes in and float64"),
    ],
)
def test_what_is_right_but_worth_a_word_is_noted(name, answer, words):
    report = graded(name, answer)
    assert report.passed and words in report.text, report.text
    assert graded(name, EXERCISES[name][0]).lines[2:] == ()


# ------------------------------------------------------------ wrong, and told what is wrong


def relu_in_place(x):
    x[x < 0] = 0
    return x


def into_zeros_like(x):
    out = np.zeros_like(x)
    np.copyto(out, actlib.elu(x), casting="unsafe")
    return out


def one_maximum(z):
    gap = z - z.max()
    return gap - np.log(np.exp(gap).sum(axis=-1, keepdims=True))


def minus_mean(z):
    gap = z - z.mean(axis=-1, keepdims=True)
    return gap - np.log(np.exp(gap).sum(axis=-1, keepdims=True))


def loss_of(log_q):
    return lambda z, target: -np.mean((target * log_q(z)).sum(axis=-1))


WRONG = [
    ("sigmoid", lambda x: np.exp(x) / (1 + np.exp(x)), "at x = 1000 it gives nan instead of 1"),
    ("sigmoid", lambda x: np.exp(x) / (1 + np.exp(x)), "a number that is never positive"),
    ("sigmoid", lambda x: 1 / (1 + np.exp(x)), "x comes in with the wrong sign"),
    ("sigmoid", lambda x: 3 * actlib.sigmoid(x), "every value is 3 times the right one"),
    ("sigmoid", lambda x: -actlib.sigmoid(x), "the sign is the wrong way round"),
    ("sigmoid", lambda x: np.round(actlib.sigmoid(x), 3), "at x = -3.5 it gives 0.029 instead of"),
    ("sigmoid", lambda x: 1 / (1 + math.exp(-x)), "NumPy's np.exp"),
    ("sigmoid", lambda x: actlib.sigmoid(x).ravel(), "instead of an array of shape (2, 12)"),
    ("softplus", lambda x: np.log(1 + np.exp(x)), "at x = 1000 it gives inf instead of 1000"),
    ("d_sigmoid", lambda x: x * (1 - x), "but the slope measured there is 0.02845"),
    ("d_sigmoid", lambda x: actlib.d_sigmoid(actlib.sigmoid(x)), "taken at the output f(x)"),
    ("d_sigmoid", actlib.sigmoid, "that is the function; its slope is asked"),
    ("d_leaky", lambda x, negative_slope=0.01: np.where(x > 0, 1.0, 0.01),
     "at x = -3.5, negative_slope = 0.2 it gives 0.01"),
    ("d_leaky", lambda x, s: np.where(x > 0, 1.0, 0.01), "negative_slope changes nothing"),
    ("d_leaky", lambda x, negative_slope=0.01: np.select([x > 0, x < 0], [1.0, negative_slope]),
     "at the kink x = 0 it gives 0; any slope from 0.01 to 1 would do"),
    ("elu", np.vectorize(lambda x, alpha=1.0: x if x > 0 else math.expm1(x)),
     "alpha changes nothing"),
    ("relu", relu_in_place, "the function changes x, which belongs to the caller"),
    ("relu", lambda x: max(0, x), "np.where(x > 0, ..., ...) decides for each number"),
    ("relu", np.vectorize(lambda x: x if x > 0 else 0), "and 0.0 in place of 0"),
    ("elu", into_zeros_like, "an array of whole numbers cannot hold fractions"),
    ("quiet_elu", lambda x: np.where(x > 0, x, np.exp(x) - 1), "but NumPy warns: overflow"),
    ("log_sigmoid", lambda x: np.log(actlib.sigmoid(x)), "at x = -1000 it gives -inf"),
    ("log_sigmoid", lambda x: np.minimum(x, 0) - np.log(1 + np.exp(-np.abs(x))), "at x = 30 it"),
    ("log_sigmoid", lambda x: actlib.log_sigmoid(x) + 0 * x.sum(), "np.asarray(x)"),
    ("log_softmax", one_maximum, "for z = [[1000, 999], [-1000, -1001]] it gives"),
    ("log_softmax", minus_mean, "for z = [[1000, 0, -1000]] it gives"),
    ("log_softmax", lambda z: log_softmax(z, 0), "for z = [[1, 2, 3]] it gives [[0, 0, 0]]"),
    ("log_softmax", lambda z: z - np.log(np.exp(z).sum(-1, keepdims=True)), "never positive"),
    ("log_softmax", lambda z: log_softmax(z).sum(axis=-1), "an array of shape (1,) instead of"),
    ("cross_entropy", loss_of(one_maximum), "it gives nan instead of 1.86"),
    ("cross_entropy", loss_of(minus_mean), "it gives nan instead of 2000"),
    ("cross_entropy", loss_of(lambda z: np.log(actlib.softmax(z))), "instead of 2000"),
    ("cross_entropy", lambda z, t: stable_loss(z, t) * len(z), "the 1/n of the mean is missing"),
    ("mse", lambda p, t: np.sum((p - t) ** 2), "the 1/n of the mean is missing"),
    ("mse", lambda p, t: (p - t) ** 2, "an array of shape (2,) instead of a single number"),
    ("d_mse", lambda p, t: 2 * (p - t), "the 1/n of the mean is missing"),
    ("d_mse", lambda p, t: 2 * (t - p), "the 1/n of the mean is missing, and the sign"),
    ("d_mse", lambda p, t: (p - t) / len(p), "every value is 0.5 times the right one"),
    ("collapse", lambda layers: 3, "it gives a number; 2 results are asked"),
    ("collapse", lambda layers: (actlib.collapse(layers)[0], layers[-1][1]), "entry 1 is ["),
    ("square", lambda x: "x²", "it gives text, where numbers are needed"),
    ("square", lambda x: np.ma.masked_equal([x * x], 0)[0] * np.ma.masked, "a masked array"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "words"), WRONG)
def test_wrong_answers_are_refused_in_these_words(name, answer, words):
    report = graded(name, answer)
    assert not report.passed
    assert words in report.text, report.text
    assert len(report.lines) <= 6


def test_exchanged_arguments_are_recognised():
    report = check.function(lambda a, b: b - a / 2, lambda a, b: a - b / 2, [(3.0, 1.0)],
                            names=("a", "b"))  # fmt: skip
    assert "a and b are exchanged" in report.text


def test_a_mistake_of_the_exercise_is_told_before_the_general_ones():
    slips = [(lambda p, t: t - p, "no"), (lambda p, t: np.sum((p - t) ** 2), "no sum"),
             (lambda p, t: 1 / 0, "stops")]  # fmt: skip
    report = graded("mse", lambda p, t: np.sum((p - t) ** 2), mistakes=slips)
    assert report.lines[-1] == "  Hint: no sum."
    assert "no sum" not in graded("mse", lambda p, t: p * 0, mistakes=slips).text


def test_mistakes_that_differ_at_the_edges_only_are_told_apart():
    slips = [(lambda x: np.log(actlib.sigmoid(x)), "the logarithm of 0"),
             (lambda x: np.minimum(x, 0) - np.log(1 + np.exp(-np.abs(x))), "log1p")]  # fmt: skip
    for wrong, hint in slips:
        assert f"Hint: {hint}." in graded("log_sigmoid", wrong, mistakes=slips).text


def test_a_nested_answer_names_its_part():
    def right(layers):
        return [(W, b) for W, b in layers]

    def wrong(layers):
        return [(W, b + (k == 1)) for k, (W, b) in enumerate(layers)]

    report = check.function(wrong, right, STACKS, names=("layers",))
    assert "for 2 layers entry 1 of entry 1 is [" in report.text
    report = check.function(lambda layers: right(layers)[:1], right, STACKS)
    assert "it gives a list; 2 results are asked" in report.text


def test_parameters_of_the_exercise_are_not_changed():
    slope = np.array([0.1, 0.5, 2.0])

    def answer(x, negative_slope=0.01):
        x = np.where(x > 0, 1.0, negative_slope)
        if np.ndim(negative_slope):
            negative_slope *= 0
        return x

    right, points = (lambda x, negative_slope=0.01: np.where(x > 0, 1.0, negative_slope)), POINTS
    values = {"negative_slope": [0.01, slope]}
    assert check.function(answer, right, points.reshape(4, 3), parameters=values)
    assert slope.tolist() == [0.1, 0.5, 2.0]
