"""Numbers, arrays and choices as answers, and how the verdict is told."""

import io
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from actlib import check
from tests.test_check_unfinished import Hostile


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
