"""The formula sheet and the lists of uses are made from the records and the notebooks."""

import importlib
import re
import sys

import nbformat
import pytest

from actlib import ACTIVATIONS, GATES, LOSSES
from tests.rules import NOTEBOOKS
from tools.notebooks import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
import api
import sheet
import uses

RECORDS = {**ACTIVATIONS, **GATES, **LOSSES}


@pytest.mark.parametrize("name", RECORDS)
def test_each_row_fills_its_columns(name):
    record = RECORDS[name]
    loss = name in LOSSES
    facts = sheet.loss_row(record) if loss else sheet.activation_row(record)
    columns = sheet.LOSS_COLUMNS if loss else sheet.ACTIVATION_COLUMNS
    assert len(facts) == len(columns) - 4  # title, formulas, calls and source stand around them
    assert all(fact and "inf" not in fact and "nan" not in fact for fact in facts)
    assert sheet.calls(record).count("\n\n") == 3
    assert sheet.formulas(record).count("$") >= 4


def test_a_row_says_what_the_record_says():
    assert sheet.activation_row(ACTIVATIONS["gelu"]) == [
        "−0.169971 to ∞", "0, ∞", "1.1289", "none", "left", "no", "no",
    ]  # fmt: skip
    assert sheet.activation_row(ACTIVATIONS["elu"])[3] == "at 0 unless alpha = 1"
    assert sheet.activation_row(ACTIVATIONS["relu6"])[3] == "at 0 and 6"
    assert sheet.activation_row(GATES["maxout"])[1:4] == [
        "by its weights", "no bound", "where two pieces meet",
    ]  # fmt: skip
    assert sheet.loss_row(LOSSES["huber"])[4:6] == ["1", "no"]
    assert sheet.loss_row(LOSSES["hinge"])[3] == "∞, 0"


@pytest.mark.parametrize("name", [*ACTIVATIONS, *LOSSES])
def test_each_picture_has_its_two_curves(name):
    picture = sheet.picture(RECORDS[name])
    assert 'class="sf"' in picture and 'class="ss"' in picture
    assert "nan" not in picture and len(picture) < 3000


CELLS = """
import numpy as np
import actlib as al
from actlib import MLP, plots, relu as rectify
from actlib.diagnostics import interval

rectify(al.tanh(1.0)), plots.points(ax, 0, 0), np.tanh(1)
MLP((2, 1), "elu")
"""


def written(folder, source):
    path = folder / "chapter.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)]), path)
    return path


def test_what_a_chapter_uses_is_read_from_its_code(tmp_path):
    found = set(uses.used(written(tmp_path, CELLS)))
    assert {"actlib.relu", "actlib.tanh", "actlib.elu", "actlib.MLP"} <= found
    assert "actlib.plots.points" in found
    assert not {"actlib.diagnostics.interval", "actlib.sigmoid", "numpy.tanh"} & found


def test_a_name_stands_for_its_thing():
    assert uses.thing("actlib.relu") is ACTIVATIONS["relu"].f
    assert uses.thing("actlib.losses.mse") is LOSSES["mse"].value
    assert uses.thing("actlib.nothing") is None
    assert uses.thing("actlib.diagnostics.interval").__name__ == "interval"


def test_the_home_of_a_function_is_the_chapter_about_it():
    found = {name: uses.home(record, ROOT) for name, record in RECORDS.items()}
    for name in ("sigmoid", "tanh", "relu", "leaky_relu", "prelu", "elu", "maxout"):
        assert found[name] == f"book/activations/{name}"
    for name in ("gelu", "silu", "mish", "selu"):
        assert found[name] == "book/activations/rounded"
    assert found["huber"] == "book/losses/regression_losses"
    assert set(found.values()) - {None} <= {name.removesuffix(".ipynb") for name in NOTEBOOKS}


# ---- the pages of actlib ------------------------------------------------------------------


def test_arguments_become_a_list():
    lines = ["Grade.", "", "steps : updates", "    to make.", "x, y : data.", "", "Errors: none."]
    api.set_arguments(None, "function", "actlib.fit", None, None, lines)
    assert lines == [
        "Grade.", "", "``steps``", "   updates", "   to make.", "``x, y``", "   data.", "",
        "Errors: none.",
    ]  # fmt: skip


def test_what_chapters_use_has_its_place_on_a_page():
    """Each public name that a chapter links to is on a page made from docstrings."""
    documented = set()
    for page in (ROOT / "book/reference/api").glob("*.md"):
        text = page.read_text(encoding="utf-8")
        for module, given in re.findall(r"```\{api\} (\S+)\n(.*?)```", text, re.DOTALL):
            module = importlib.import_module(module)
            found = given.split() or api.members(module)
            documented |= {api.public_name(module, name) for name in found}
    wanted = {
        name for things in uses.by_chapter(ROOT).values() for name in api.names(things).values()
    }
    assert wanted and not wanted - documented


def test_the_shortest_name_is_taken():
    names = api.names([uses.thing("actlib.atlas.read"), uses.thing("actlib.relu")])
    assert names == {"read": "actlib.atlas.read", "relu": "actlib.relu"}
