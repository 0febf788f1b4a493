"""The local reader: JupyterLab for real, as `make lab` starts it, and nbconvert."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import TimeoutError

from tests.browser.conftest import ROOT
from tests.browser.watch import ALL_POSITIONS, Watched, by_keyboard, report
from tools.notebooks import notebooks

NOTEBOOK = "book/activations/gates.ipynb"
PATIENCE = 180_000  # milliseconds until a test gives up, not what anything should take


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def never_run():
    """The notebook without what its cells printed, so that a cell that has run is one of ours."""
    notebook = json.loads((ROOT / NOTEBOOK).read_text("utf8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["execution_count"], cell["outputs"] = None, []
    return json.dumps(notebook)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """`make lab` without a token on a copy of the course; gives its address and its folder."""
    tmp_path = tmp_path_factory.mktemp("lab")
    work = tmp_path / "course"
    for folder in ("actlib", "book", "tools"):
        leave = shutil.ignore_patterns("_static", "__pycache__")
        shutil.copytree(ROOT / folder, work / folder, ignore=leave)
    shutil.copy(ROOT / "_toc.yml", work)
    # all cells in the page at once, so that they can be looked at
    path = tmp_path / "settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"windowingMode": "none"}), "utf8")
    port = free_port()
    environment = dict(
        os.environ,
        JUPYTERLAB_SETTINGS_DIR=str(tmp_path / "settings"),
        JUPYTERLAB_WORKSPACES_DIR=str(tmp_path / "workspaces"),
        JUPYTER_CONFIG_DIR=str(tmp_path / "config"),
        JUPYTER_RUNTIME_DIR=str(tmp_path / "runtime"),
        IPYTHONDIR=str(tmp_path / "ipython"),
    )
    command = [sys.executable, "tools/lab.py", "--no-browser", "--allow-root"]
    command += [f"--port={port}", "--ip=127.0.0.1", "--ServerApp.port_retries=0"]
    command += ["--IdentityProvider.token="]
    with open(tmp_path / "log", "w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=work)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, server, tmp_path / "log")
        yield address, work
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait_for(address, server, log):
    """Until the server answers; its log if it does not."""
    end = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < end:
        assert server.poll() is None, f"JupyterLab ended at once:\n{log.read_text()}"
        try:
            urllib.request.urlopen(f"{address}/api/status").close()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    pytest.fail(f"JupyterLab does not answer:\n{log.read_text()}")


# JupyterLab shows tracebacks and warnings alike with this type.
COMPLAINT = ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']"
# Every cell has been run, none is running or waiting; or one has complained, and it is over.
# A folded cell has an empty prompt.
ALL_RUN = """(complaint) => {
  if (document.querySelector(complaint)) return true;
  const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")]
    .map((p) => p.textContent.trim()).filter((text) => text);
  const idle = /Idle/.test(document.querySelector("#jp-main-statusbar").textContent);
  return idle && prompts.length > 0 && prompts.every((text) => /^\\[\\d+\\]:$/.test(text));
}"""


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


def test_it_opens_the_chapters_in_order_and_reading_changes_nothing(lab, page):
    address, work = lab
    path = "book/first_network.ipynb"
    before = (work / path).read_bytes()
    page.goto(address)
    links = page.locator(".jp-MarkdownViewer li a")
    links.first.wait_for()
    minutes = page.locator(".jp-MarkdownViewer li").all_inner_texts()
    assert len(minutes) == len(notebooks(work)) and all("minutes" in line for line in minutes)
    assert "depth" in links.first.inner_text()

    links.filter(has_text="first network").click()
    page.wait_for_selector(".jp-NotebookPanel .jp-CodeCell .jp-InputPrompt")
    page.wait_for_selector("#jp-main-statusbar >> text=| Idle")
    assert page.locator(".jp-mod-dirty").count() == 0, "a notebook is modified by opening it"
    with page.expect_response(lambda answer: answer.request.method == "PUT") as saved:
        page.click(".jp-NotebookPanel-toolbar [data-command='docmanager:save']")
    assert saved.value.ok
    assert (work / path).read_bytes() == before, "saving an unchanged notebook changes the file"


def test_a_reader_runs_the_notebook_and_moves_a_slider(lab, page):
    address, work = lab
    (work / NOTEBOOK).write_text(never_run(), "utf8")
    cells = json.loads((work / NOTEBOOK).read_text("utf8"))["cells"]
    page.goto(f"{address}/lab/tree/{NOTEBOOK}?reset")
    page.wait_for_selector(".jp-CodeCell .jp-InputPrompt")
    page.wait_for_selector("#jp-main-statusbar >> text=| Idle")
    page.click("text=Run >> visible=true")
    page.click("[data-command='runmenu:run-all'] >> visible=true")
    page.wait_for_function(ALL_RUN, arg=COMPLAINT)

    problems = []
    for output in page.query_selector_all(COMPLAINT):
        cell = output.evaluate("(o) => o.closest('.jp-Cell').querySelector('.cm-line').innerText")
        said = output.inner_text().strip().splitlines()[-1]
        problems.append(f"{NOTEBOOK} in JupyterLab, the cell that begins {cell!r}: {said}")
    report(problems)

    boxes = page.locator(".jp-MarkdownCell .myst-admonition")
    assert boxes.count() > 0, f"{NOTEBOOK} in JupyterLab: no box, is jupyterlab_myst there?"
    text = page.locator(".jp-Notebook").inner_text()
    raw = (":::", "{term}", "{cite", "{bdg", "Unknown")
    report([f"{NOTEBOOK} in JupyterLab shows {word!r}" for word in raw if word in text])
    assert "Dauphin et al. (2017)" in text
    folded = sum("source_hidden" in cell["metadata"].get("jupyter", {}) for cell in cells)
    shown = page.locator(".jp-CodeCell .jp-InputPlaceholder").count()
    assert shown == folded > 0, f"{shown} of {folded} solutions and drawings are folded"

    outputs = page.locator(".jp-OutputArea-output:has(.widget-slider)")
    for number in range(outputs.count()):
        output = outputs.nth(number)
        figure = output.locator(".btl-figure")
        before = figure.inner_html()
        name = f"{NOTEBOOK} in JupyterLab, explorer {number + 1}"
        handle = output.locator(".noUi-handle").first
        handle.scroll_into_view_if_needed()
        handle.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        try:
            page.wait_for_function(
                "([output, was]) => output.querySelector('.btl-figure').innerHTML != was",
                arg=[output.element_handle(), before],
                timeout=20_000,
            )
        except TimeoutError:
            problems.append(f"{name}: its slider does not change the picture")
        if not output.locator(".btl-say").inner_text().strip():
            problems.append(f"{name}: no sentence")
    report(problems)
    assert outputs.count() > 0, f"{NOTEBOOK} shows no slider in JupyterLab"

    page.locator(".jp-MarkdownCell a", has_text="Shazeer").first.click()
    page.wait_for_selector(".jp-MarkdownViewer >> text=GLU variants improve transformer")
    page.click(f".lm-TabBar-tabLabel >> text={NOTEBOOK.rsplit('/', 1)[-1]}")
    page.locator(".jp-MarkdownCell a", has_text="gated linear unit").first.click()
    page.wait_for_selector(".jp-MarkdownViewer dt#term-glu")


CELL = """
from actlib.explore import explore

def draw(ax, a):
    ax.set(xlim=(0, 1), ylim=(0, 3))
    ax.plot([0, 1], [0, a])

def describe(a):
    return f"The line rises to {a}."

explore(draw, a=[1, 2, 3], question="How steep?", describe=describe)
"""


def test_nbconvert_makes_a_page_whose_sliders_work(tmp_path, browser):
    notebook = {
        "cells": [
            {
                "cell_type": "code",
                "execution_count": None,
                "id": "one",
                "metadata": {},
                "outputs": [],
                "source": CELL.strip(),
            }
        ],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path = tmp_path / "small.ipynb"
    path.write_text(json.dumps(notebook), "utf8")
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--execute", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr

    context = browser.new_context()
    watched = Watched(context, "nbconvert's page")
    watched.page.goto(path.with_suffix(".html").as_uri())
    box = watched.page.wait_for_selector("bend-explorer[data-ready]")
    problems = by_keyboard(watched.page, box, "its explorer") + box.evaluate(ALL_POSITIONS)
    context.close()
    report(problems)
