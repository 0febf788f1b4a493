"""Explorers in a real browser: links to a position, goals, dragging, touch, playing by itself.

The page is made here, as the site makes it: the figures of a notebook, numbered, in one file.
"""

import re
import sys

import numpy as np
import pytest
from playwright.sync_api import expect

from actlib import plots
from actlib.explore import explore, figure
from tests.browser.conftest import ROOT
from tests.browser.watch import Watched, report

sys.path.insert(0, str(ROOT / "book" / "_ext"))
import figures

X = np.linspace(-4, 4, 81)
WIDTHS = pytest.mark.parametrize("width", [1280, 390])


def draw_point(left, right, x, w):
    for ax, y in ((left, np.tanh), (right, np.square)):
        ax.set(xlim=(-4, 4), ylim=(-2, 2))
        plots.plot_function(ax, X, w * y(X))
        plots.points(ax, x, w * y(x))


def draw_arm(ax, turn, colour):
    ax.set(xlim=(-2, 2), ylim=(-1.5, 1.5))
    ax.plot([0, np.cos(turn)], [0, np.sin(turn)], color=colour)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    shown = [
        explore(
            draw_point,
            panels=2,
            question="Where is it?",
            describe="At {x} with {w}.".format,
            x=np.linspace(-4, 4, 17),
            w=[0.5, 1.0, 2.0],
            start={"x": 0.0, "w": 1.0},
            goal=lambda x, w: x == 2 and w == 2,
            drag={"x": 1},
        ),
        figure(lambda ax: ax.plot([0, 1]), "A line."),
        explore(
            draw_arm,
            question="Which way?",
            describe="{turn:.1f} in {colour}.".format,
            turn=np.linspace(-1.5, 1.5, 7),
            colour={"blue": plots.FUNCTION, "the other one": plots.SLOPE},
            play="turn",
            autoplay=True,
            drag={"turn": lambda turn, colour: (np.cos(turn), np.sin(turn))},
        ),
    ]
    text = "<p style='height:60rem'>Text.</p>"
    body, count = figures.numbered(text.join(f.to_html() for f in shown) + text, "book/part/tanh")
    assert count == 3
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>Page</title>"
        "<meta name='viewport' content='width=device-width,initial-scale=1'>"
        f"<style>body{{max-width:44rem;margin:1rem auto}}</style><body>{body}",
        encoding="utf-8",
    )
    return path


@pytest.fixture
def opened(browser, file, request):
    """Opens the page at an address, in a window of a width, with or without a touch screen."""
    contexts = []

    def at(width, address="", touch=False, motion="reduce", scripts=True):
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            has_touch=touch,
            is_mobile=touch,
            reduced_motion=motion,
            java_script_enabled=scripts,
        )
        contexts.append(context)
        watched = Watched(context, f"page at {width} px")
        watched.page.goto(file.as_uri() + address)
        watcheds.append(watched)
        return watched.page

    watcheds = []
    yield at
    problems = [problem for watched in watcheds for problem in watched.problems]
    for context in contexts:
        context.close()
    report(problems)


def said(page, n=1):
    return page.locator(f"#fig-tanh-{n} [role=status]").inner_text()


def expect_address(page, wanted):
    """The address follows a moment after the hand has come to rest."""
    page.wait_for_function("(w) => location.hash === w", arg=wanted, timeout=5000)


def pixels(page, x, y=0.0, n=1, panel=0):
    """Where a point of a figure's panel is on the screen; the panel is in view."""
    svg = page.locator(f"#fig-tanh-{n} svg").nth(panel)
    svg.scroll_into_view_if_needed()
    left, right, low, high = (-4, 4, -2, 2) if n == 1 else (-2, 2, -1.5, 1.5)
    width, height = (350, 290) if n == 1 else (520, 300)
    px = 46 + (x - left) / (right - left) * (width - 60)
    py = 30 + (high - y) / (high - low) * (height - 74)
    box = svg.bounding_box()
    return box["x"] + px / width * box["width"], box["y"] + py / height * box["height"]


# --- the address --------------------------------------------------------------------------------


def test_figures_are_numbered_and_their_numbers_are_links(opened):
    page = opened(1280)
    numbers = page.locator("a.btl-number")
    assert numbers.all_inner_texts() == ["Figure 1.", "Figure 2.", "Figure 3."]
    numbers.nth(1).press("Enter")
    expect_address(page, "#fig-tanh-2")
    assert "A line." in page.locator("#fig-tanh-2").inner_text()


@WIDTHS
def test_the_keys_write_the_address_and_the_address_leads_back(opened, width):
    page = opened(width)
    slider = page.locator("#fig-tanh-1 input").first
    slider.press("ArrowLeft")
    assert said(page) == "At −0.5 with 1.0."
    expect_address(page, "#fig-tanh-1?x=-0.5&w=1.0")
    page.locator("#fig-tanh-3 input[type=radio]").last.click()
    expect_address(page, "#fig-tanh-3?turn=-1.5&colour=the%20other%20one")
    page.goto("about:blank")
    page.go_back()
    page.wait_for_selector("#fig-tanh-3[data-ready]")
    assert said(page) == "At −0.5 with 1.0." and "D55E00" in said(page, 3)


@WIDTHS
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?x=2.5&w=0.5", "At 2.5 with 0.5."),
        ("?x=-4", "At −4.0 with 1.0."),
        ("?x=2.6&w=100", "At 2.5 with 2.0."),
        ("?x=no&y=1&%", "At 0.0 with 1.0."),
        ("", "At 0.0 with 1.0."),
    ],
)
def test_an_address_opens_the_figure_at_its_position(opened, width, query, sentence):
    page = opened(width, "#fig-tanh-1" + query)
    assert said(page) == sentence
    page = opened(width, "#fig-tanh-3?turn=1.5")
    assert said(page, 3).startswith("1.5")
    box = page.locator("#fig-tanh-3").bounding_box()
    assert 0 <= box["y"] < 400, "the figure is not in view"


def test_a_link_on_the_same_page_and_the_way_back(opened):
    page = opened(1280)
    page.locator("#fig-tanh-1 input").first.press("End")
    expect_address(page, "#fig-tanh-1?x=4.0&w=1.0")
    page.evaluate("location.hash = '#fig-tanh-1?x=1.0&w=0.5'")
    page.wait_for_function("document.querySelector('[role=status]').innerText.includes('0.5')")
    assert said(page) == "At 1.0 with 0.5."
    page.go_back()
    page.wait_for_function("document.querySelector('[role=status]').innerText.includes('4.0')")
    assert said(page) == "At 4.0 with 1.0."


@WIDTHS
def test_copy_link(opened, width):
    page = opened(width)
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard',"
        "{configurable: true, value: {writeText: async (text) => { window.copied = text; }}})"
    )
    page.locator("#fig-tanh-1 input").first.press("ArrowRight")
    button = page.locator("#fig-tanh-1 .btl-copy")
    button.press("Enter")
    page.wait_for_function("window.copied")
    assert page.evaluate("copied").endswith("#fig-tanh-1?x=0.5&w=1.0")
    assert button.inner_text() == "Link copied"
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.locator("#fig-tanh-3 .btl-copy").click()
    page.wait_for_selector("text=Link is in the address")
    assert "#fig-tanh-3?turn=" in page.url


# --- goals --------------------------------------------------------------------------------------


@WIDTHS
def test_a_goal_is_said_when_it_is_reached_and_only_then(opened, width):
    page = opened(width, "#fig-tanh-1?x=1.5&w=2.0")
    assert said(page) == "At 1.5 with 2.0."
    slider = page.locator("#fig-tanh-1 input").first
    slider.press("ArrowRight")
    assert said(page) == "At 2.0 with 2.0. Found."
    assert page.locator("#fig-tanh-1[data-found]").count() == 1
    slider.press("ArrowRight")
    assert said(page) == "At 2.5 with 2.0."
    assert page.locator("#fig-tanh-1[data-found]").count() == 0


# --- dragging -----------------------------------------------------------------------------------


@WIDTHS
@pytest.mark.parametrize("panel", [0, 1])
def test_a_mouse_drags_the_point_along_the_axis(opened, width, panel):
    page = opened(width)
    page.mouse.move(*pixels(page, 0.1, panel=panel))
    page.mouse.down()
    page.mouse.move(*pixels(page, -2.1, 1, panel=panel), steps=4)
    assert said(page) == "At −2.0 with 1.0."
    page.mouse.move(*pixels(page, 3.4, -1, panel=panel), steps=4)
    page.mouse.up()
    assert said(page) == "At 3.5 with 1.0."
    expect_address(page, "#fig-tanh-1?x=3.5&w=1.0")
    page.mouse.move(*pixels(page, 0, panel=panel))
    assert said(page) == "At 3.5 with 1.0.", "it follows the pointer after the end"
    slider = page.locator("#fig-tanh-1 input").first
    slider.press("ArrowLeft")
    assert said(page) == "At 3.0 with 1.0.", "the slider does not go on from there"


@WIDTHS
def test_a_mouse_drags_the_arm_by_its_end(opened, width):
    page = opened(width, "#fig-tanh-3?turn=0.0&colour=the%20other%20one")
    page.mouse.move(*pixels(page, 1, 0, n=3))
    page.mouse.down()
    page.mouse.move(*pixels(page, 0.6, 0.9, n=3), steps=4)
    page.mouse.up()
    assert said(page, 3).startswith("1.0 in #D55E00")


AT_REST = """async () => {
  for (let y = NaN; y !== scrollY;) {
    y = scrollY;
    await new Promise((done) => setTimeout(done, 150));
  }
}"""


def swipe(page, start, end):
    """A finger over the page, as the browser's own machinery sees one."""
    session = page.context.new_cdp_session(page)
    points = np.linspace(start, end, 8)
    for kind, places in (("Start", points[:1]), ("Move", points[1:])):
        for x, y in places:
            touch = [{"x": float(x), "y": float(y)}]
            session.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": touch})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.evaluate(AT_REST)


def test_a_finger_drags_sideways_and_scrolls_up_and_down(opened):
    page = opened(390, touch=True)
    say = page.locator("#fig-tanh-1 [role=status]")
    x, y = pixels(page, 0.0)
    swipe(page, (x, y), pixels(page, 2.0, 0.1))
    expect(say).to_have_text("At 2.0 with 1.0.")
    x, y = pixels(page, -3.0, -1.0)
    before = page.evaluate("scrollY")
    swipe(page, (x, y), (x, y - 150))
    assert page.evaluate("scrollY") > before + 50
    expect(say, "a swipe over the page moved the point").to_have_text("At 2.0 with 1.0.")


def test_a_swipe_that_begins_on_a_slider_scrolls_and_leaves_it(opened):
    page = opened(390, touch=True)
    say = page.locator("#fig-tanh-1 [role=status]")
    slider = page.locator("#fig-tanh-1 input").first
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    x, y = box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2
    before = page.evaluate("scrollY")
    swipe(page, (x, y), (x + 3, y - 200))
    assert page.evaluate("scrollY") > before + 50
    expect(say).to_have_text("At 0.0 with 1.0.")
    assert slider.input_value() == "8"
    page.wait_for_timeout(500)  # until the scrolling has come to rest
    box = slider.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] - 12, box["y"] + box["height"] / 2)
    expect(say, "a tap does not move it").to_have_text("At 4.0 with 1.0.")


# --- playing by itself --------------------------------------------------------------------------


def test_it_plays_once_by_itself(opened):
    page = opened(1280, motion="no-preference")
    page.wait_for_function(
        "document.querySelector('#fig-tanh-3 [role=status]').innerText.startsWith('1.5')",
        timeout=10_000,
    )
    assert page.locator("#fig-tanh-3 .btl-play").inner_text() == "▶ Play"
    page.wait_for_timeout(400)
    assert "#" not in page.url


def test_a_touch_of_a_control_stops_it(opened):
    page = opened(1280, motion="no-preference")
    page.locator("#fig-tanh-3 input").first.press("ArrowRight")
    here = said(page, 3)
    page.wait_for_timeout(1200)
    assert said(page, 3) == here


@pytest.mark.parametrize("kept", ["", "?turn=-1.0"])
def test_it_does_not_play_where_it_should_not(opened, kept):
    motion = "no-preference" if kept else "reduce"
    page = opened(1280, f"#fig-tanh-3{kept}", motion=motion)
    here = said(page, 3)
    page.wait_for_timeout(1200)
    assert said(page, 3) == here


def test_each_step_is_not_spoken_while_it_plays(opened):
    page = opened(1280, "#fig-tanh-3?turn=-1.5", motion="no-preference")
    say, button = page.locator("#fig-tanh-3 [role=status]"), page.locator("#fig-tanh-3 .btl-play")
    button.click()
    assert say.get_attribute("aria-live") == "off"
    button.click()
    assert say.get_attribute("aria-live") == "polite"


# --- without a script, and before it runs -------------------------------------------------------


@WIDTHS
def test_the_page_does_not_grow_when_the_script_runs(opened, file, width):
    page = opened(width)
    height = "document.querySelector('#fig-tanh-1').getBoundingClientRect().height"
    ready = page.evaluate(height)
    page.evaluate("document.querySelector('#fig-tanh-1').removeAttribute('data-ready')")
    assert page.evaluate(height) == ready
    assert not page.locator("#fig-tanh-1 input").first.is_visible()


def test_without_a_script_there_are_no_dead_controls(opened):
    page = opened(1280, scripts=False)
    assert not page.locator("#fig-tanh-1 input").first.is_visible()
    assert page.locator("#fig-tanh-1 .btl-controls").bounding_box() is None
    assert page.locator("#fig-tanh-1 svg").first.is_visible()


def test_texts_are_as_large_as_the_page_s(opened):
    for width, least in ((1440, 13), (390, 11)):
        page = opened(width)
        sizes = page.evaluate(
            "[...document.querySelectorAll('.btl svg text')].map("
            "(t) => parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a)"
        )
        assert min(sizes) >= least, f"{width} px: {min(sizes):.1f}"


def test_a_point_at_the_end_of_its_axis_is_whole(opened):
    page = opened(1280, "#fig-tanh-1?x=4.0&w=0.5")
    circle = page.locator("#fig-tanh-1 svg path.fk").first
    assert circle.get_attribute("clip-path") is None
    assert re.search(r"a3\.5 3\.5", circle.get_attribute("d"))
