"""What a page is made of, and what folds, veils and the search do, by keyboard and by pointer."""

import gzip
import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_site import EVERY_PAGE, PAGES, html, where
from tests.browser.watch import Watched, report

WIDTHS = pytest.mark.parametrize("width", [1280, 390])
CHAPTER = "book/linear_collapse"


@pytest.fixture
def opened(browser, address):
    """Opens an address of the site in a window of a width."""
    contexts, pages = [], []

    def at(width, path):
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}))
        pages.append(Watched(contexts[-1], path).open(f"{address}/{path}"))
        return pages[-1].page

    yield at
    for context in contexts:
        context.close()
    report([problem for watched in pages for problem in watched.problems])


# --- files --------------------------------------------------------------------------------------


@EVERY_PAGE
def test_a_page_is_light(site, name):
    page, problems = html(name), []
    sheets = page.select("link[rel=stylesheet]")
    if len(sheets) != 1:
        problems.append(f"{name}: {len(sheets)} style sheets, not one")
    for script in page.select("script[src]"):
        if not script.has_attr("defer"):
            problems.append(f"{name}: the page waits for {where(script)}")
    for element in page.find_all(True):
        if handlers := [key for key in element.attrs if key.startswith("on")]:
            problems.append(f"{name}: {handlers[0]} in {where(element)}")
    report(problems)


def test_scripts_of_our_own_are_small(site):
    ours = [site / "_static" / name for name in ("page.js", "explorer.js")]
    size = sum(len(gzip.compress(file.read_bytes())) for file in ours)
    assert size <= 20_000, f"{size / 1000:.1f} kB gzipped"


@EVERY_PAGE
def test_a_toggle_says_what_it_opens(site, name):
    problems = []
    for summary in html(name).select("article summary"):
        says = summary.get_text(" ", strip=True)
        if summary.get("aria-label") or not says or says == "Show":
            problems.append(f"{name}: {where(summary)}")
    report(problems)


@EVERY_PAGE
def test_a_figure_has_one_toggle(site, name):
    problems = []
    for cell in html(name).select("article .cell.tag_hide-input"):
        before = cell.find_previous_sibling()
        classes = before.get("class", []) if before else []
        if "tag_hide-input" in classes and not before.select_one(".cell_output"):
            problems.append(f"{name}: two toggles before {where(cell.select_one('pre').text)}")
    report(problems)


# --- in the browser -----------------------------------------------------------------------------


@WIDTHS
@pytest.mark.parametrize("by", ["pointer", "keyboard"])
def test_a_fold_opens_and_closes(opened, width, by):
    name = next(
        n for n in PAGES if html(n).select("article > section > section > details.dropdown")
    )
    page = opened(width, f"{name}.html")
    fold = page.locator("article > section > section > details.dropdown").first
    text = fold.locator("p").first
    for is_open in (True, False):
        title = fold.locator("summary")
        title.click() if by == "pointer" else title.press("Enter")
        assert text.is_visible() == is_open


def veiled_figure(page):
    """The id of a figure that waits for a prediction."""
    return page.locator(".bend-veiled bend-explorer").first.get_attribute("id")


@WIDTHS
def test_a_link_to_a_figure_lifts_its_veil(opened, width):
    page = opened(width, f"{CHAPTER}.html")
    name, veiled = veiled_figure(page), page.locator(".bend-veiled").count()
    page.evaluate("(name) => { location.hash = name; }", name)
    expect(page.locator(f".bend-veiled #{name}")).to_have_count(0)
    page = opened(width, f"{CHAPTER}.html#{name}?depth=3")
    expect(page.locator(f".bend-veiled #{name}")).to_have_count(0)
    assert page.locator(".bend-veiled").count() in range(1, veiled), "other veils are lifted too"
    page.locator(f"#{name} input").first.press("End")


@WIDTHS
def test_what_was_shown_is_shown_on_the_way_back(opened, width):
    page = opened(width, f"{CHAPTER}.html")
    veiled = page.locator(".bend-veiled")
    before = veiled.count()
    page.locator(".bend-unveil").first.press("Enter")
    after = veiled.count()
    assert 0 < after < before
    assert page.evaluate("document.activeElement.tagName") != "BODY", "the key lost its place"
    page.reload()
    expect(veiled).to_have_count(after)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [("sigmoid", "activations/sigmoid"), ("시그모이드", "activations/sigmoid"), ("배타적", "xor")],
)
def test_search(opened, words, wanted):
    page = opened(1280, f"search.html?q={words}")
    page.locator("ul.search li a").first.wait_for()
    links = [a.get_attribute("href") for a in page.locator("ul.search li a").all()]
    assert any(wanted in link for link in links), links
    page.locator("ul.search li p.context").first.wait_for()
    for excerpt in page.locator("ul.search p.context").all_inner_texts():
        assert not re.search(r"\\\(|Show the code|Show the solution|Download the", excerpt), excerpt
    assert page.locator("input:visible").count() == 1
