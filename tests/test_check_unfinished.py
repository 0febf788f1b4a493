"""Answers that are not there, crash or misbehave: the graders never raise."""

import math
import warnings

import numpy as np
import pytest

import actlib
from tests.test_check import EXERCISES, graded


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
