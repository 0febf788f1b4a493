"""The graders: right answers pass, each usual mistake gets its hint, nothing ever raises."""

import math
import subprocess
import sys
import warnings

import numpy as np
import pytest

import actlib
from actlib import activations, check, losses
from actlib.activations import ACTIVATIONS
from actlib.check import networks
from actlib.check.task import ASPECTS
from actlib.losses import LOSSES

STRICT = tuple(ASPECTS)
NAMES = sorted(check.TASKS)


def tolerant(wrong):
    """A mistake as a reader's function: it may not take the parameters, and warns of nothing."""

    def reader(*args, **parameters):
        with np.errstate(all="ignore"):
            try:
                return wrong(*args, **parameters)
            except TypeError:
                return wrong(*args)

    return reader


# ------------------------------------------------------------ right and wrong, for every task


@pytest.mark.parametrize("name", NAMES)
def test_right_answer_passes_strictly(name, capsys):
    report = getattr(check, name)(check.TASKS[name].right, also=STRICT)
    assert report.passed, report.text
    assert len(report.lines) == 2
    assert capsys.readouterr().out == report.text + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_every_mistake_is_recognised(name):
    task = check.TASKS[name]
    for mistake in task.known:
        report = getattr(check, name)(tolerant(mistake.wrong))
        assert not report.passed, mistake.hint
        assert f"Hint: {mistake.hint}" in report.text, (mistake.hint, report.text)
        assert len(report.lines) <= 8


@pytest.mark.parametrize("name", [n for n in NAMES if n not in ("d_glu", "d_swiglu", "d_maxout")])
def test_each_task_has_mistakes_of_its_own(name):
    assert check.TASKS[name].mistakes


def test_every_public_function_has_a_grader():
    public = {*activations.__all__, *losses.__all__, "collapse", "stack"}
    functions = {name for name in public if callable(getattr(actlib, name))} - {"card"}
    assert {name for name in functions if name.islower()} == set(check.TASKS)


# ------------------------------------------------------------ as readers write it


def relu_in_place(x):
    x[x < 0] = 0
    return x


def softmax_without_keepdims(z):
    powers = np.exp(z - z.max())
    return powers / powers.sum(axis=-1)


def elu_both_branches(x, alpha=1.0):
    return np.where(x > 0, x, alpha * (np.exp(x) - 1))


def relu_into_zeros_like(x):
    out = np.zeros_like(x)
    np.copyto(out, x, where=x > 0)
    return out


def elu_into_zeros_like(x):
    out = np.zeros_like(x)
    np.copyto(out, np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1), casting="unsafe")
    return out


def log_softmax_rows(z):
    z = z - z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


READERS = [
    ("sigmoid", lambda x: 1 / (1 + np.exp(-x)), "overflows at x = -1000"),
    ("sigmoid", lambda x: 1 / (1 + np.exp(-x)), "exponentiate a number that is never positive"),
    ("sigmoid", lambda x: np.exp(x) / (1 + np.exp(x)), "at x = 1000 it gives nan instead of 1"),
    ("sigmoid", lambda x: 1 / (1 + np.exp(x)), "the minus in the exponent is missing"),
    ("sigmoid", lambda x: 1 / (1 + math.exp(-x)), "one number at a time is right"),
    ("sigmoid", lambda x: 1 / (1 + math.exp(-x)), "NumPy's np.exp"),
    ("sigmoid", lambda x: 3 * (1 / (1 + np.exp(-x))), "3 times the right one"),
    ("sigmoid", lambda x: np.round(1 / (1 + np.exp(-x)), 3), "instead of 0.731059"),
    ("d_sigmoid", lambda x: x * (1 - x), "the s is sigmoid(x), not x"),
    ("d_sigmoid", lambda x: x * (1 - x), "the slope measured there is 0.1966"),
    ("d_sigmoid", lambda x: actlib.d_sigmoid(actlib.sigmoid(x)), "taken at the output"),
    ("d_sigmoid", lambda x: -actlib.d_sigmoid(x), "the sign"),
    ("d_tanh", lambda x: 1 - np.tanh(x), "the square is missing"),
    ("relu", relu_in_place, "the function changes x"),
    ("relu", relu_in_place, "for x = 2 it stops with TypeError"),
    ("relu", relu_in_place, "in line 2"),
    ("relu", lambda x: max(0, x), "np.where(x > 0, ..., ...) decides for each number"),
    ("relu", lambda x: np.max(x, 0), "np.maximum(x, 0) compares number by number"),
    ("elu", elu_both_branches, "np.where computes both branches"),
    ("elu", lambda x, alpha: actlib.elu(x), "alpha changes nothing"),
    ("elu", lambda x, a=1.0: actlib.elu(x), "alpha changes nothing"),
    ("elu", elu_into_zeros_like, "an array of whole numbers cannot hold fractions"),
    ("celu", lambda x, alpha=1.0: actlib.elu(x, alpha), "that is ELU"),
    ("gelu", actlib.gelu_tanh, "that is the approximation with tanh"),
    ("step", lambda x: np.where(x > 0, 1.0, 0.0), "1 at x = 0 too"),
    ("d_relu", lambda x: 0.5 + 0.5 * x / np.abs(x), "any slope from 0 to 1 would do"),
    ("softplus", lambda x: np.log(1 + np.exp(x)), "at x = 1000 it gives inf instead of 1000"),
    ("softmax", lambda z: np.exp(z) / np.exp(z).sum(), "each row is treated alone"),
    ("softmax", lambda z: np.exp(z) / np.exp(z).sum(-1, keepdims=True), "subtract the largest"),
    ("softmax", softmax_without_keepdims, "keepdims=True keeps the axis"),
    ("d_softmax", lambda z: actlib.softmax(z) * (1 - actlib.softmax(z)), "is the diagonal"),
    ("mse", lambda p, t: np.sum((p - t) ** 2), "the mean over the batch, not the sum"),
    ("mse", lambda p, t: (p - t) ** 2, "one number"),
    ("mse", lambda p, t: np.sqrt(np.mean((p - t) ** 2)), "that is the rmse"),
    ("d_mse", lambda p, t: 2 * (p - t), "the 1/n of the mean is missing"),
    ("d_mse", lambda p, t: (p - t) / len(p), "the 2 from the square is missing"),
    ("d_mse", lambda p, t: 2 * (t - p) / len(p), "the sign"),
    ("d_rmse", actlib.d_mse, "chain rule: divide by 2 rmse"),
    ("rmse", actlib.mse, "the square root is missing"),
    ("binary_cross_entropy", lambda q, t: -np.mean(t * np.log(q) + (1 - t) * np.log(1 - q)),
     "0 * log(0) is nan"),
    ("binary_cross_entropy", lambda q, t: np.mean(t * np.log(q) + (1 - t) * np.log(1 - q)),
     "the minus is missing"),
    ("d_binary_cross_entropy", lambda q, t: (q - t) / q.size, "the gradient by the logit"),
    ("cross_entropy_with_logits", lambda z, t: -np.mean(t * actlib.log_softmax(z)),
     "within one row the terms are added up"),
    ("cross_entropy_with_logits", lambda z, t: -log_softmax_rows(z)[np.arange(len(t)), t].sum(),
     "the mean over the batch, not the sum"),
    ("cross_entropy", lambda p, q: actlib.cross_entropy(q, p), "are exchanged"),
    ("collapse", lambda W1, b1, W2, b2: (W1 @ W2, b1 + b2), "b = b1 @ W2 + b2"),
    ("collapse", lambda layers: (layers[0][0] @ layers[1][0], layers[0][1] @ layers[1][0]
                                 + layers[1][1]), "any number of layers"),
    ("collapse", lambda layers: 3, "it should return W and b, but returns a number"),
    ("stack", lambda layers, x: x @ layers[0][0] + layers[0][1], "only the first layer"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "words"), READERS)
def test_reader_gets_the_intended_words(name, answer, words):
    report = getattr(check, name)(answer)
    assert not report.passed
    assert words in report.text, report.text
    assert len(report.lines) <= 8


GOOD = [
    ("tanh", np.tanh),
    ("d_sigmoid", lambda x: np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))) ** 2),
    ("d_relu", lambda x: np.where(x > 0, 1, 0)),
    ("d_relu", lambda x: x > 0),
    ("relu", lambda x: np.where(x > 0, x, 0)),
    ("elu", lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0)))),
    ("elu", lambda x, a: np.where(x > 0, x, a * np.expm1(np.minimum(x, 0)))),
    ("softmax", lambda z, axis=-1: actlib.softmax(z, axis=axis)),
    ("mse", lambda p, t: float(np.mean((p - t) ** 2))),
    ("cross_entropy_with_logits", lambda z, t: -log_softmax_rows(z)[np.arange(len(t)), t].mean()),
    ("collapse", lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W2 + b2)),
    ("collapse", lambda layers: list(actlib.collapse(layers))),
    ("relu", relu_into_zeros_like),
]


@pytest.mark.parametrize(("name", "answer"), GOOD)
def test_other_ways_to_be_right(name, answer):
    report = getattr(check, name)(answer)
    assert report.passed, report.text


def test_clipped_probabilities_are_right():
    def loss(q, t):
        q = np.clip(q, 1e-12, 1 - 1e-12)
        return -np.mean(t * np.log(q) + (1 - t) * np.log(1 - q))

    assert check.binary_cross_entropy(loss).passed


# ------------------------------------------------------------ networks


def my_forward(layers, x):
    for W, b in layers:
        x = actlib.sigmoid(x @ W + b)
    return x


def test_forward():
    assert check.forward(my_forward)
    report = check.forward(lambda layers, x: actlib.stack(layers, x))
    assert "the activation between the layers is missing" not in report.text
    assert not report.passed
    assert check.forward(actlib.stack, activation="identity", output="identity")


@pytest.mark.parametrize("wrong", networks.FORWARD)
def test_forward_mistakes(wrong):
    f = ACTIVATIONS["tanh"]
    report = check.forward(
        lambda layers, x: networks._forward(layers, x, f, f, wrong)[1][-1],
        activation="tanh", output="tanh",
    )  # fmt: skip
    assert f"Hint: {networks.FORWARD[wrong]}." in report.lines[-1]


@pytest.mark.parametrize(
    ("activation", "output", "loss"),
    [("sigmoid", "sigmoid", "mse"), ("tanh", "sigmoid", "binary_cross_entropy"),
     ("gelu", "identity", "mse")],
)  # fmt: skip
@pytest.mark.parametrize("wrong", ["", *networks.BACKWARD])
def test_backward(activation, output, loss, wrong):
    f, last = ACTIVATIONS[activation], ACTIVATIONS[output]

    def reader(layers, x, target):
        return networks._backward(layers, x, target, f, last, LOSSES[loss], wrong)

    report = check.backward(reader, activation=activation, output=output, loss=loss)
    changes_nothing = wrong == "no last slope" and output == "identity"
    if not wrong or changes_nothing:
        assert report.passed, report.text
    else:
        assert f"Hint: {networks.BACKWARD[wrong]}." in report.text, report.text


def test_right_backward_is_the_slope_of_the_loss():
    f, last, loss = ACTIVATIONS["tanh"], ACTIVATIONS["sigmoid"], LOSSES["mse"]
    layers = [(W.copy(), b.copy()) for W, b in networks.DEEP]
    target = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
    gradients = networks._backward(layers, networks.X, target, f, last, loss)

    def value():
        return loss(networks._forward(layers, networks.X, f, last)[1][-1], target)

    for pair, slopes in zip(layers, gradients, strict=True):
        for array, slope in zip(pair, slopes, strict=True):
            for index in np.ndindex(array.shape):
                kept = array[index]
                array[index] = kept + 1e-5
                above = value()
                array[index] = kept - 1e-5
                below = value()
                array[index] = kept
                assert abs((above - below) / 2e-5 - slope[index]) < 1e-8


def test_backward_list_in_wrong_order():
    f, loss = ACTIVATIONS["sigmoid"], LOSSES["mse"]
    report = check.backward(lambda layers, x, t: networks._backward(layers, x, t, f, f, loss)[::-1])
    assert "the first layer comes first in the list" in report.text


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
    report = check.sigmoid(answer)
    assert not report.passed
    assert report.lines[0] == "sigmoid: nothing to check yet."
    assert words in report.text
    assert capsys.readouterr().out == report.text + "\n"  # what the reader printed is held back


def test_branch_without_return():
    def step(x):
        if np.ndim(x):
            return np.where(x >= 0, 1.0, 0.0)

    report = check.step(step)
    assert "for x = 2 the function returns nothing" in report.text
    assert "does every branch end with return?" in report.text


def test_crash_names_error_input_and_line():
    def sigmoid(x):
        y = -x
        return 1 / (y + yy)  # noqa: F821

    report = check.sigmoid(sigmoid)
    assert "for x of shape (12,) it stops with NameError (name 'yy' is not defined)" in report.text
    assert "in line 3: return 1 / (y + yy)" in report.text
    assert "Traceback" not in report.text


def test_crash_inside_a_helper_is_placed_in_the_readers_function():
    def helper(x):
        return x.missing

    def sigmoid(x):
        one = 1
        return one / helper(x)

    assert "in line 3: return one / helper(x)" in check.sigmoid(sigmoid).text


def test_wrong_number_of_arguments():
    assert "The function should take x" in check.sigmoid(lambda: 1).text
    assert "The function should take prediction, target" in check.mse(lambda p: 1).text


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


@pytest.mark.parametrize(
    "name",
    ["sigmoid", "d_elu", "d_relu", "softmax", "d_softmax", "mse", "d_cross_entropy_with_logits",
     "entropy", "collapse", "stack", "d_glu", "maxout", "one_hot", "forward", "backward"],
)  # fmt: skip
def test_nothing_raises(name):
    for answer in HOSTILE:
        report = getattr(check, name)(answer)
        assert len(report.lines) <= 8
        assert all(len(line) < 700 and "\n" not in line for line in report.lines), report.text
        assert not report.passed, report.text
    # What the reader's function did to its input has not reached the task.
    right = check.TASKS[name].right if name in check.TASKS else None
    assert right is None or getattr(check, name)(right).passed


def test_state_of_the_caller_does_not_matter():
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        report = check.sigmoid(lambda x: 1 / (1 + np.exp(-x)))
        assert "overflows at x = -1000" in report.text
        assert np.geterr()["over"] == "raise"


def test_feedback_is_the_same_each_time():
    assert check.relu(relu_in_place).text == check.relu(relu_in_place).text


# ------------------------------------------------------------ how strict


def test_skip_and_also():
    textbook = READERS[0][1]
    assert not check.sigmoid(textbook)
    assert check.sigmoid(textbook, skip="extremes")
    assert check.relu(relu_in_place, skip=("shapes", "input"))

    def product(x):
        s = actlib.sigmoid(x)
        return s * (1 - s)

    assert check.d_sigmoid(product)
    report = check.d_sigmoid(product, also="tails")
    assert "far out the digits are lost" in report.text
    branches = GOOD[4][1]
    report = check.relu(branches)
    assert "Note: at x = nan it gives 0 instead of nan" in report.text
    assert not check.relu(branches, also=("nan",))
    report = check.d_relu(GOOD[2][1])
    assert "Note: float32 comes in and int64 goes out" in report.text
    assert not check.d_relu(GOOD[2][1], also="dtype")


def test_a_kink_may_be_taken_from_either_side_but_is_said():
    report = check.d_relu(lambda x: np.where(x >= 0, 1.0, 0.0) + 0 * x)
    assert report.passed
    assert "at the kink x = 0 yours is 1; this course takes 0" in report.text


def test_missing_parameter_is_noted():
    assert "takes no alpha" in check.elu(GOOD[5][1]).text


def test_unknown_aspect_is_the_authors_error():
    with pytest.raises(ValueError, match="unknown aspect 'speed'; known: values"):
        check.sigmoid(np.tanh, skip="speed")


# ------------------------------------------------------------ numbers, arrays, choices


@pytest.mark.parametrize(
    ("answer", "passed", "words"),
    [
        (0.25, True, "right."),
        (np.float32(0.25), True, "right."),
        ([0.25], True, "right."),
        (0.25001, True, "right."),
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
    assert check.number(3, 5, hint="add the bias").lines[-1] == "  Hint: add the bias."


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ([1.0, 2.0], "right."),
        ([2.0, 1.0], "Hint: the order."),
        ([1.0, 3.0], "At place [1] stands 3; this is 1 of 2"),
        ([[1.0, 2.0]], "The shape is (1, 2); it should be (2,)"),
        ([1.0, [2.0]], "Numbers are needed"),
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


def test_function():
    wrong = [(lambda a, b: a - b, "add, do not subtract")]
    calls = [(1.0, 2.0), (np.ones(3), np.ones(3))]

    def graded(answer):
        return check.function(answer, np.add, calls, mistakes=wrong, names=("a", "b"), name="sum")

    assert graded(lambda a, b: a + b)
    assert "Hint: add, do not subtract." in graded(lambda a, b: a - b).text
    assert "for a = 1, b = 2 it gives 2 instead of 3" in graded(lambda a, b: a * b).text


# ------------------------------------------------------------ the module


def test_unknown_grader_suggests_the_nearest():
    with pytest.raises(AttributeError, match=r"no check.sigmiod; did you mean check.sigmoid\?"):
        check.sigmiod  # noqa: B018
    assert not hasattr(check, "__wrapped__")


def test_graders_are_found_by_help_and_completion():
    assert {"sigmoid", "d_sigmoid", "number"} <= set(dir(check))
    assert set(dir(check)) == set(check.__all__)
    assert all(getattr(check, name).__doc__ for name in check.__all__)
    assert check.d_elu.__name__ == "d_elu"
    assert "the derivative of ELU" in check.d_elu.__doc__


def test_report_is_quiet_in_a_notebook():
    report = check.number(1, 1)
    assert report._ipython_display_() is None
    assert bool(report) is True


def test_text_is_plain():
    for name, answer, _ in READERS:
        text = getattr(check, name)(answer).text
        assert "\x1b" not in text
        assert text == text.rstrip()


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
