"""Python in the reader's own browser: the way there, the ways out, and what the chapters print.

Chapters run only in a site that was built with COURSE_PYODIDE, which holds Python itself: the
tests have no network. LITE_ALL=1 (make lite-all) runs every notebook instead of two.
"""

import json
import os
import time

import pytest
from playwright.sync_api import TimeoutError

from tests.browser.conftest import ROOT, SITE
from tests.browser.test_site import html
from tests.browser.watch import Watched, report
from tools.notebooks import notebooks

KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
NAMES = [path.relative_to(ROOT).with_suffix("").as_posix() for path in notebooks()]
# one with explorers and graders, one that follows gradients through deep networks
TWO = ["book/activations/sigmoid", "book/deep_xor/vanishing_gradient"]
CHOSEN = NAMES if os.environ.get("LITE_ALL") else TWO
PATIENCE = 300_000  # for a whole notebook, on a busy machine


def settings():
    text = (SITE / "lite/jupyter-lite.json").read_text("utf8")
    return json.loads(text)["jupyter-config-data"]["litePluginSettings"][KERNEL]


OWN_PYTHON = (SITE / "lite/static/pyodide").is_dir()


# --- files --------------------------------------------------------------------------------------


def test_lite_holds_the_notebooks_and_actlib(site):
    held = {
        path.relative_to(site / "lite/files").with_suffix("").as_posix()
        for path in (site / "lite/files").rglob("*.ipynb")
    }
    assert held == set(NAMES)
    wheels = [name for name in settings()["loadPyodideOptions"]["packages"] if "/" in name]
    assert len(wheels) == 3
    for wheel in wheels:
        name = wheel.rsplit("/", 1)[1]
        assert (site / "lite/wheels" / name).is_file(), f"{name} is not in lite/wheels"


def test_where_python_comes_from(site):
    # A stale record of an earlier build would lose either setting, and take a newer Pyodide.
    own = "./static/pyodide/pyodide.mjs"
    network = json.loads((ROOT / "lite/jupyter-lite.json").read_text("utf8"))
    network = network["jupyter-config-data"]["litePluginSettings"][KERNEL]["pyodideUrl"]
    assert settings()["pyodideUrl"] == (own if OWN_PYTHON else network)


@pytest.mark.parametrize("name", NAMES)
def test_each_chapter_has_the_button(site, name):
    links = [a for a in html(name).select(".article-header-buttons a") if "lite/" in a["href"]]
    assert [a.get_text() for a in links] == ["Run in your browser"]
    assert links[0]["href"].endswith(f"lite/start.html?path={name.replace('/', '%2F')}.ipynb")
    assert "MB" in links[0].find_next_sibling("small").get_text()


# --- the way there, and what is said where there is none -----------------------------------------

START = f"lite/start.html?path={CHOSEN[0]}.ipynb"
NO_WEBASSEMBLY = "delete window.WebAssembly"
NO_STORAGE = "indexedDB.open = () => { throw new Error('closed') }"
FULL = "navigator.storage.estimate = async () => ({quota: 100, usage: 100})"
LOST = "window.fetch = async () => { throw new TypeError('Failed to fetch') }"


@pytest.mark.parametrize(
    "spoil, said, way",
    [
        (NO_WEBASSEMBLY, "WebAssembly is missing", "Download the notebook"),
        (LOST, "does not answer", "Try again"),
        (NO_STORAGE, "keeps nothing", "Open the notebook"),
        (FULL, "keeps nothing", "Open the notebook"),
    ],
    ids=["no WebAssembly", "connection lost", "private window", "storage full"],
)
def test_a_sentence_says_what_is_missing(address, browser, spoil, said, way):
    if "keeps" in said and not OWN_PYTHON:
        pytest.skip("the site was built without COURSE_PYODIDE, so that no Python answers")
    context = browser.new_context()
    context.add_init_script(spoil)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/{START}")
    page.wait_for_function("(said) => document.body.innerText.includes(said)", arg=said)
    ways = {a.inner_text(): a.get_attribute("href") for a in page.query_selector_all("#ways a")}
    context.close()
    assert way in ways
    assert (SITE / "lite" / ways["Back to the chapter"]).resolve().is_file()
    assert (SITE / "lite" / ways["Download the notebook"]).is_file()


def test_from_disk_a_sentence_instead_of_a_dead_click(site, browser):
    context = browser.new_context()
    watched = Watched(context, "lite from disk")
    watched.page.set_default_timeout(PATIENCE)
    watched.open((site / f"{CHOSEN[0]}.html").as_uri())
    watched.page.click("[aria-label='Run this page']")
    watched.page.click("text=Run in your browser >> visible=true")
    watched.page.wait_for_function("document.body.innerText.includes('opened from disk')")
    context.close()
    report(watched.problems)


# --- the chapters -------------------------------------------------------------------------------

IS_OPEN = "window.jupyterapp?.shell?.currentWidget?.content?.model?.cells?.length > 1"
RUN_ALL = """async () => {
  const {commands, shell} = jupyterapp;
  await shell.currentWidget.sessionContext.ready;
  await commands.execute("notebook:clear-all-cell-outputs");
  commands.execute("notebook:run-all-cells").finally(() => { window.bendDone = true; });
}"""
NOTEBOOK = "jupyterapp.shell.currentWidget.content.model.toJSON()"


def printed(cell):
    return "".join(
        "".join(output["text"]) for output in cell["outputs"] if output["output_type"] == "stream"
    )


def compare(committed, got):
    """What the cells of a notebook do otherwise here than where it was committed."""
    for was, cell in zip(committed["cells"], got["cells"], strict=True):
        if was["cell_type"] != "code":
            continue
        where = f"the cell that begins {''.join(was['source']).splitlines()[0]!r}"
        raised = [o["evalue"] for o in cell["outputs"] if o["output_type"] == "error"]
        if raised:
            yield f"{where} raises {raised[0]}"
        elif "nbval-ignore-output" in was["metadata"].get("tags", []):
            continue
        elif printed(was) != printed(cell):
            lines = zip(printed(was).splitlines(), printed(cell).splitlines(), strict=False)
            other = next((pair for pair in lines if pair[0] != pair[1]), ("", "other lines"))
            yield f"{where} prints {other[1]!r} instead of {other[0]!r}"


def test_comparing_sees_a_number_that_differs():
    def notebook(text, tags=()):
        output = {"output_type": "stream", "name": "stdout", "text": text}
        cell = {"cell_type": "code", "source": "x", "metadata": {"tags": [*tags]}}
        return {"cells": [{**cell, "outputs": [output]}]}

    assert not list(compare(notebook("0.25\n"), notebook(["0.2", "5\n"])))
    assert list(compare(notebook("0.25\n"), notebook("0.26\n"))) == [
        "the cell that begins 'x' prints '0.26' instead of '0.25'"
    ]
    assert list(compare(notebook("0.25\n"), notebook("0.25\n1\n")))
    assert not list(compare(notebook("1 s", ["nbval-ignore-output"]), notebook("2 s")))


def move_a_slider(page, name):
    """The first explorer of the notebook: its slider moves the picture."""
    output = page.locator(".jp-OutputArea-output:has(.widget-slider)").first
    before = output.locator(".btl-figure").inner_html()
    handle = output.locator(".noUi-handle").first
    handle.scroll_into_view_if_needed()
    handle.focus()
    page.keyboard.press("ArrowRight")
    try:
        page.wait_for_function(
            "([output, was]) => output.querySelector('.btl-figure').innerHTML != was",
            arg=[output.element_handle(), before],
        )
    except TimeoutError:
        return [f"{name}: the slider does not change the picture"]
    return []


@pytest.mark.skipif(not OWN_PYTHON, reason="the site was built without COURSE_PYODIDE")
@pytest.mark.parametrize("name", CHOSEN)
def test_a_chapter_runs_as_it_was_committed(address, browser, name):
    committed = json.loads((ROOT / f"{name}.ipynb").read_text("utf8"))
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    hosts = set()
    context.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    begun = time.monotonic()
    page.goto(f"{address}/lite/start.html?path={name}.ipynb")
    page.wait_for_function(IS_OPEN)
    page.evaluate(RUN_ALL)
    page.wait_for_selector(".jp-OutputArea .btl-figure svg")
    first = time.monotonic() - begun
    page.wait_for_function("window.bendDone")
    print(f"{name}: first figure after {first:.0f} s, all after {time.monotonic() - begun:.0f} s")
    problems = [f"{name}: {problem}" for problem in compare(committed, page.evaluate(NOTEBOOK))]
    if page.locator(".jp-OutputArea .widget-slider").count():
        problems += move_a_slider(page, name)
    if page.locator(".jp-MarkdownCell .myst-admonition").count() == 0:
        problems.append(f"{name}: no box, is jupyterlab_myst there?")
    problems += [f"{name}: asks {host}" for host in hosts if host != address.split("/")[2]]
    context.close()
    report(problems)
