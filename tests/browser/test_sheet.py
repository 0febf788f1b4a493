"""The formula sheet in a browser: sorted by keyboard, whole without a script, on two pages."""

import re

import pytest

from tests.browser.watch import Watched, report

PAGE = "book/reference/formulas"
SHOWN = "table => [...table.tBodies[0].rows].filter(r => !r.hidden).map(r => r.cells[0].innerText)"


@pytest.fixture(scope="module")
def context(browser):
    context = browser.new_context(viewport={"width": 390, "height": 800})
    yield context
    context.close()


@pytest.fixture
def sheet(context, address):
    watched = Watched(context, PAGE).open(f"{address}/{PAGE}.html")
    watched.page.wait_for_selector(".bend-sheet-bar select")
    yield watched.page
    report(watched.problems)
    watched.page.close()


def names(page, table=0):
    rows = page.locator("table.bend-sheet").nth(table).evaluate(SHOWN)
    return [re.split("\n|\t", row.strip())[0] for row in rows]


def test_a_heading_sorts_by_keyboard(sheet):
    before = names(sheet)
    heading = sheet.locator("table.bend-sheet").first.locator("th", has_text="Largest slope")
    seen = []
    for _ in range(3):
        heading.locator("button").press("Enter")
        seen.append((heading.get_attribute("aria-sort"), names(sheet)))
    (first, falling), (second, rising), (third, last) = seen
    assert (first, second, third) == ("descending", "ascending", None)
    assert set(falling[:3]) == {"Maxout", "GLU", "SwiGLU"} and falling[3] == "SELU"
    assert rising[:2] == ["Step", "Hard sigmoid"] and last == before


def test_the_boxes_choose_rows(sheet):
    bar = sheet.locator(".bend-sheet-bar").first
    bar.get_by_label("Can die").select_option("yes")
    assert names(sheet) == ["Step", "ReLU", "Hard sigmoid", "Hard tanh", "ReLU6", "Hard swish"]
    bar.get_by_label("Zero-centred").select_option("yes")
    assert names(sheet) == ["Hard tanh"] and bar.get_by_role("status").inner_text() == "1 of 24"
    assert len(names(sheet, 1)) == 13
    sheet.locator(".bend-sheet-bar").nth(1).get_by_label("Find").fill("median")
    assert names(sheet, 1) == ["Mean absolute error"]


def test_the_first_column_stays_in_view_on_a_phone(sheet):
    scroller = sheet.locator(".pst-scrollable-table-container").first
    scroller.evaluate("box => { box.scrollLeft = 600; }")
    first = scroller.locator("tbody th").first.bounding_box()
    assert abs(first["x"] - scroller.bounding_box()["x"]) < 2


def test_every_row_is_there_without_a_script(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/{PAGE}.html")
    rows = page.locator("table.bend-sheet tbody tr")
    assert rows.count() == 37 and all(row.is_visible() for row in rows.all())
    assert page.locator(".bend-sheet-bar").count() == 0
    context.close()


def test_it_prints_on_two_pages(sheet):
    paper = sheet.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 2
