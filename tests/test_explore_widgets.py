"""At a kernel where a person sits, explorers are real widgets."""

import re
from types import SimpleNamespace

import pytest

from actlib._frontend import somebody_is_there
from actlib.explore import explore, widgets
from tests.test_explore import line, pair


@pytest.fixture
def somebody(monkeypatch):
    monkeypatch.setattr(widgets, "somebody_is_there", lambda: True)


@pytest.mark.parametrize(
    "platform, kernel, there",
    [
        ("linux", None, False),
        ("linux", SimpleNamespace(_allow_stdin=False), False),
        ("linux", SimpleNamespace(_allow_stdin=True), True),
        ("emscripten", None, False),
        ("emscripten", SimpleNamespace(), True),
    ],
)
def test_a_person_is_at_a_kernel_that_may_ask_and_at_any_in_a_browser(
    monkeypatch, platform, kernel, there
):
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setattr("IPython.get_ipython", lambda: SimpleNamespace(kernel=kernel))
    assert somebody_is_there() is there


def test_nobody_there_gives_html_and_no_widget():
    bundle = explore(line, a=range(3))._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}


def test_somebody_there_gets_real_widgets_that_swap_the_same_pictures(somebody):
    explorer = explore(pair, panels=2, a=range(3), kind=["one", "two"], start={"a": 1}, play="a")
    assert "application/vnd.jupyter.widget-view+json" in explorer._repr_mimebundle_()
    image, slider, radios, play, sentence = widgets.box(explorer).children
    before = image.value
    slider.index = 2
    assert image.value != before and "a = 2" in sentence.value
    radios.index = 1
    assert explorer.pictures.svg(5) in image.value
    play.value = 0
    assert slider.index == 0 and explorer.pictures.svg(1) in image.value


@pytest.mark.parametrize("kinds", [["one", "two", "three"], {"three": "c", "one": "a"}])
def test_controls_have_the_choices_in_their_order(kinds, somebody):
    explorer = explore(pair, panels=2, kind=kinds, a=range(2), describe="{kind}, {a}".format)
    image, radios, _, sentence = widgets.box(explorer).children
    buttons = re.findall(r"<input type='radio'[^>]*>(\w+)", explorer.to_html())
    assert list(radios.options) == [(text, i) for i, text in enumerate(buttons)] != []
    assert buttons == list(kinds)
    for i, kind in enumerate(kinds.values() if isinstance(kinds, dict) else kinds):
        radios.index = i
        assert f"{kind}, 0" in sentence.value and f"{kind} &lt;&amp;&gt; 0" in image.value


def test_slow_drawing_shows_a_progress_bar_that_goes_away(somebody, monkeypatch):
    import IPython.display

    shown = []
    clock = iter(range(0, 100, 2))
    monkeypatch.setattr(widgets.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(IPython.display, "display", shown.append)
    explore(line, a=range(4))
    (bar,) = shown
    assert (bar.value, bar.max) == (4, 4)
    assert bar.comm is None  # closed
