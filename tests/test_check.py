"""The graders: right answers pass, each usual mistake gets its hint, nothing ever raises."""

import functools
import io
import math
import subprocess
import sys
import warnings
from decimal import Decimal
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
    "collapse": (actlib.collapse, STACKS, {"names": ("layers",), "parts": ("W", "b")}),
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
    ("collapse", lambda layers: 3, "it gives a number; W and b are asked"),
    ("collapse", lambda layers: (actlib.collapse(layers)[0], layers[-1][1]), "b is ["),
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

    report = check.function(wrong, right, STACKS, names=("layers",), parts=("dW", "db"))
    assert "for 2 layers db of entry 1 is [" in report.text
    report = check.function(lambda layers: right(layers)[:1], right, STACKS, parts=("dW", "db"))
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


# ------------------------------------------------------------ unfinished and crashing


def not_implemented(x):
    raise NotImplementedError


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "Put your function in place of None"),
        (..., "Put your function in place of ..."),
        (lambda x: None, "returns nothing so far"),
        (lambda x: ..., "returns nothing so far"),
        (lambda x: NotImplemented, "returns nothing so far"),
        (not_implemented, "returns nothing so far"),
        (lambda x: print(x), "end it with return"),
        (0.5, "write its name without brackets"),
        (np.ones(3), "write its name without brackets"),
        ("sigmoid", "got text"),
    ],
)
def test_unfinished_is_said_kindly(answer, words, capsys):
    report = graded("sigmoid", answer)
    assert not report.passed
    assert report.lines[0] == "sigmoid: nothing to check yet."
    assert words in report.text
    assert capsys.readouterr().out == report.text + "\n"  # what the reader printed is held back


def test_branch_without_return():
    report = graded("sigmoid", lambda x: actlib.sigmoid(x) if x.ndim == 1 else None)
    assert "for x of shape (2, 12) the function returns nothing" in report.text
    assert "does every branch end with return?" in report.text


def test_crash_names_error_input_and_line():
    def sigmoid(x):
        y = -x
        return 1 / (y + yy)  # noqa: F821

    report = graded("sigmoid", sigmoid)
    assert "for x of shape (12,) it stops with NameError (name 'yy' is not defined)" in report.text
    assert "in line 3: return 1 / (y + yy)" in report.text
    assert "Traceback" not in report.text


def test_crash_inside_a_helper_is_placed_in_the_readers_function():
    def helper(x):
        return x.missing

    def sigmoid(x):
        one = 1
        return one / helper(x)

    assert "in line 3: return one / helper(x)" in graded("sigmoid", sigmoid).text


def test_wrong_number_of_arguments():
    assert "The function should take x; yours" in graded("sigmoid", lambda: 1).text
    assert "The function should take p, t; yours" in graded("mse", lambda p: 1).text


class Silent(Exception):
    def __str__(self):
        raise RuntimeError


class Hostile:
    def __array__(self, *args, **kwargs):
        raise RuntimeError("no array")

    def __repr__(self):
        raise RuntimeError("no repr")


def raising(error):
    def function(*args, **parameters):
        raise error

    return function


def returning(value):
    return lambda *args, **parameters: value


def endless(*args, **parameters):
    return endless(*args, **parameters)


def ruin(*args, **parameters):
    for arg in args:
        if isinstance(arg, np.ndarray):
            arg[...] = 0
        elif isinstance(arg, list):
            arg.clear()
    return args[0]


HOSTILE = [
    None, ..., NotImplemented, 0, 1.5, 1j, "text", b"bytes", [], [1, [2]], {}, object(), Hostile(),
    int, float, list, max, np.sum, np.max, np.add, np.exp, math.exp, print, range, type, Hostile,
    raising(ValueError("x" * 500)), raising(Silent()), raising(SystemExit()), raising(KeyError()),
    raising(MemoryError()), raising(AssertionError("two\nlines")),
    *map(returning, ["text", 1j, [1, [2]], object(), Hostile(), (), (1,), (1, 2), (1, 2, 3), [],
                     {}, {"a": 1}, np.array("text"), np.array(None), np.nan, np.inf, True,
                     np.zeros((0,)), np.zeros((2, 0)), np.ones(3), np.ones((2, 2, 2)), "", b"",
                     [(1, 2)], [(None, None)] * 2, [(np.ones(2), "a")] * 2, Hostile, iter([]),
                     np.ma.masked_all(3), np.array([1], object), np.datetime64("2020-01-01")]),
    endless, ruin, lambda *a: a, lambda *a: a[0], lambda *a: a[-1], lambda *a, **p: iter(a[0]),
]  # fmt: skip


@pytest.mark.parametrize("name", EXERCISES)
def test_nothing_raises(name):
    for answer in HOSTILE:
        report = graded(name, answer)
        assert len(report.lines) <= 6
        assert all(len(line) < 700 and "\n" not in line for line in report.lines), report.text
        assert not report.passed, (answer, report.text)
    # What the reader's function did to its input has not reached the exercise.
    assert graded(name, EXERCISES[name][0]).passed


def test_state_of_the_caller_does_not_matter():
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        report = graded("sigmoid", lambda x: 1 / (1 + np.exp(-x)))
        assert report.passed and "overflow" in report.text
        assert np.geterr()["over"] == "raise"


# ------------------------------------------------------------ numbers, arrays, choices


@pytest.mark.parametrize(
    ("answer", "passed", "words"),
    [
        (0.25, True, "right."),
        (np.float32(0.25), True, "right."),
        ([0.25], True, "right."),
        (0.25001, True, "right."),
        (Fraction(1, 4), True, "right."),
        (Decimal("0.25"), True, "right."),
        (10**20, False, "Your answer is 1e+20"),
        (10**400, False, "Your answer is inf"),
        (0.253, False, "round less"),
        (-0.25, False, "the sign is not"),
        (4, False, "that is 1 / slope"),
        (7, False, "too large"),
        (0.01, False, "too small"),
        (np.nan, False, "Your answer is nan"),
        (None, False, "nothing to check yet"),
        (..., False, "nothing to check yet"),
        ("0.25", False, "this is text"),
        (1j, False, "A number is needed"),
        ([1, 2], False, "A number is needed"),
        (abs, False, "a function without its result"),
        (Hostile(), False, "A number is needed"),
    ],
)
def test_number(answer, passed, words):
    report = check.number(answer, 0.25, mistakes={4: "that is 1 / slope"}, name="exercise 1")
    assert report.passed is passed
    assert words in report.text
    assert report.text.startswith("exercise 1: ")


def test_number_zero_and_general_hint():
    assert check.number(1e-9, 0)
    assert not check.number(0.1, 0)
    assert not check.number(1e-11, 1e-10)  # small is no reason to count as equal
    assert not check.number(0, 1e-10)
    assert check.number(10**20, 1e20)
    assert check.number(3, 5, hint="add the bias").lines[-1] == "  Hint: add the bias."


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ([1.0, 2.0], "right."),
        ([2.0, 1.0], "Hint: the order."),
        ([1.0, 3.0], "At place [1] stands 3; this is 1 of 2"),
        ([[1.0, 2.0]], "The shape is (1, 2); it should be (2,)"),
        ([1.0, [2.0]], "Numbers are needed"),
        ([Fraction(1), 2], "right."),
        (np.ma.array([1.0, 2.0], mask=[0, 1]), "a masked array (.filled"),
        (None, "nothing to check yet"),
        (Hostile(), "Numbers are needed"),
    ],
)
def test_array(answer, words):
    report = check.array(answer, [1.0, 2.0], mistakes=[([2.0, 1.0], "the order")])
    assert words in report.text
    assert report.passed is (words == "right.")


@pytest.mark.parametrize(
    ("answer", "passed", "words"),
    [
        ("Tanh ", True, "right."),
        ("sigmoid", False, "Hint: its mean is 1/2."),
        ("tan", False, "did you mean tanh?"),
        ("relu", False, "Choose among sigmoid, tanh."),
        (None, False, "nothing to check yet"),
        (object(), False, "cannot be chosen"),
        (Hostile(), False, "cannot be chosen"),
    ],
)
def test_choice(answer, passed, words):
    options = ["sigmoid", "tanh"]
    report = check.choice(answer, "tanh", options=options, hints={"sigmoid": "its mean is 1/2"})
    assert report.passed is passed
    assert words in report.text


def test_choice_of_several_and_of_truth():
    assert check.choice({"a", "b"}, {"b", "a"})
    assert check.choice(["b", "a"], {"b", "a"})
    assert "1 is missing" in check.choice({"a"}, {"a", "b"}).text
    assert not check.choice({"a", "b", "c"}, {"a", "b"})
    assert check.choice(True, True)
    assert not check.choice(False, True)
    assert not check.choice(1, True)
    assert check.choice(3, 3)
    assert check.choice(np.array(["b", "a"]), {"a", "b"})
    assert check.choice(np.array(3), 3) and check.choice(np.array("A "), "a")
    assert check.choice(Fraction(6, 2), 3)
    assert not check.choice(np.array(["b", "c"]), {"a", "b"})


def test_a_report_knows_what_was_asked():
    slips = {2: "that is the input"}
    asked = check.number(None, 0.25, mistakes=slips, name="exercise 1", hint="halve").exercise
    assert (asked.name, asked.kind, asked.expected) == ("exercise 1", "number", 0.25)
    assert (asked.mistakes, asked.hint) == (((2, "that is the input"),), "halve")
    assert asked.judge(0.25).passed and "that is the input" in asked.judge(2).text
    asked = check.choice(None, "a", options=["a", "b"], hints={"b": "no"}).exercise
    assert (asked.kind, asked.options, asked.mistakes) == ("choice", ("a", "b"), (("b", "no"),))
    asked = check.array(None, [1, 2]).exercise
    assert asked.kind == "array" and asked.expected.tolist() == [1, 2]


# ------------------------------------------------------------ the module


def test_a_console_without_greek_is_no_reason_to_stop(monkeypatch):
    console = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    monkeypatch.setattr(sys, "stdout", console)
    check.number(2, 1, hint="δ is ½ of it")
    console.flush()
    said = console.buffer.getvalue().decode("cp1252")
    assert "Hint: \\N{GREEK SMALL LETTER DELTA} is ½ of it." in said


def test_report_is_quiet_in_a_notebook():
    report = check.number(1, 1)
    assert report._ipython_display_() is None
    assert bool(report) is True


@pytest.mark.parametrize(
    ("line", "absent"),
    [
        ("import actlib", ("actlib.check",)),
        ("from actlib import check", ("scipy", "matplotlib", "ipywidgets")),
    ],
)
def test_imports_are_light(line, absent):
    code = f"{line}; import sys; print([m for m in {absent!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
