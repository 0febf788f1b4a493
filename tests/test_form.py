"""What a page holds of an exercise: enough to judge an answer, and not in plain sight."""

import base64
import json
import re

import numpy as np
import pytest

from actlib import check
from actlib.check.form import form


def unpacked(html):
    text = re.search("data-entry='([^']+)'", html)[1]
    return json.loads(base64.b64decode(text[::-1]))


def shown(report, capsys, monkeypatch):
    """What a cell displays that ends in this report, as Jupyter Book runs it."""
    displayed = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: displayed.append(data))
    report._ipython_display_()
    return displayed


def test_an_open_exercise_becomes_a_field(capsys, monkeypatch):
    report = check.number(None, 0.25, mistakes={0.5: "that is the value"}, name="exercise 1")
    (data,) = shown(report, capsys, monkeypatch)
    facts = unpacked(data["text/html"])
    assert (facts["kind"], facts["expected"], facts["name"]) == ("number", 0.25, "exercise 1")
    assert facts["mistakes"] == [[0.5, "that is the value"]]
    assert "0.25" not in data["text/html"] and "value" not in data["text/html"]


def test_an_answered_exercise_shows_nothing_more(capsys, monkeypatch):
    assert shown(check.number(0.25, 0.25), capsys, monkeypatch) == []
    assert shown(check.number(0.5, 0.25), capsys, monkeypatch) == []


def test_where_somebody_can_answer_nothing_is_shown(capsys, monkeypatch):
    monkeypatch.setattr("actlib.check.report.somebody_is_there", lambda: True)
    assert shown(check.number(None, 0.25), capsys, monkeypatch) == []


def test_arrays_and_choices_are_told_in_full():
    array = check.array(None, [[1, 2], [3, 4]], mistakes=[([np.nan] * 2, "no"), ([0, 1], "yes")])
    facts = unpacked(form(array.exercise))
    assert (facts["expected"], facts["mistakes"]) == ([1, 2, 3, 4], [[[0, 1], "yes"]])
    choice = check.choice(None, {"b", "a"}, options=["a", "b", "c"], hints={"c": "look again"})
    facts = unpacked(form(choice.exercise))
    assert (facts["expected"], facts["options"]) == (["a", "b"], ["a", "b", "c"])
    assert facts["mistakes"] == [["c", "look again"]]


@pytest.mark.parametrize(
    "report",
    [
        lambda: check.array(None, [1, 0], typed=False),
        lambda: check.number(None, 1, typed=False),
        lambda: check.function(lambda x: None, np.exp, [1.0]),
    ],
)
def test_what_cannot_be_typed_asks_for_code(report, capsys, monkeypatch):
    (data,) = shown(report(), capsys, monkeypatch)
    assert "data-code" in data["text/html"]
