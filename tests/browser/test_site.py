"""The published site, page by page, in a real browser and as files.

Every message names the page and the element.
"""

import json
import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from playwright.sync_api import TimeoutError

from tests.browser.conftest import ROOT, SITE
from tests.browser.watch import ALL_POSITIONS, Watched, by_keyboard, explorer_name, report

TOC = yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))
PAGES = [
    TOC["root"],
    *(entry["file"] for part in TOC["parts"] for entry in part["chapters"]),
]
# All tests of one page go to one worker, which opens the page once (pytest --dist loadgroup).
BY_PAGE = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in PAGES]
EVERY_PAGE = pytest.mark.parametrize("name", BY_PAGE)


@lru_cache(maxsize=4)  # all tests of a page run in a row, and none of them changes it
def html(name):
    path = SITE / f"{name}.html"
    assert path.is_file(), f"{name}: it is in _toc.yml, but {path.name} was not built"
    return BeautifulSoup(path.read_text("utf8"), "html.parser")


def where(element):
    """An element in a few words."""
    return re.sub(r"\s+", " ", str(element))[:120]


# --- files --------------------------------------------------------------------------------------


@EVERY_PAGE
def test_page_exists(site, name):
    html(name)


def test_front_door_leads_to_the_first_page(site):
    assert f"url={TOC['root']}.html" in (site / "index.html").read_text("utf8")


@EVERY_PAGE
def test_head(site, name):
    page, problems = html(name), []
    if page.html.get("lang") != "en":
        problems.append(f'{name}: <html> says lang="{page.html.get("lang")}", not en')
    if "Bend the Line" not in page.title.get_text():
        problems.append(f"{name}: the title is {page.title.get_text()!r}")
    description = page.find("meta", attrs={"name": "description"})
    if description is None or len(description["content"]) < 30:
        problems.append(f"{name}: no <meta> description of 30 letters or more")
    if page.find("link", rel="icon") is None:
        problems.append(f"{name}: no favicon")
    report(problems)


@EVERY_PAGE
def test_nothing_of_the_theme_is_left_over(site, name):
    page, problems = html(name), []
    for phrase in ("Jupyter Book community", "Copyright 2023", "© Copyright", "unpkg.com"):
        if phrase in str(page):
            problems.append(f"{name}: {phrase!r} is on the page")
    buttons = str(page).count("search-button__button")
    if buttons != 2:  # the field in the sidebar, and the button that phones see
        problems.append(f"{name}: {buttons} search buttons")
    report(problems)


@EVERY_PAGE
def test_files_come_from_the_site(site, name):
    problems = []
    for element in html(name).select("script[src], img[src], link[href], iframe[src], source"):
        url = element.get("src") or element.get("href") or ""
        if re.match(r"(https?:)?//", url) and element.get("rel") != ["canonical"]:
            problems.append(f"{name}: {where(element)} comes from another host")
    report(problems)


def anchors(soup):
    return {e["id"] for e in soup.select("[id]")} | {e["name"] for e in soup.select("a[name]")}


@pytest.fixture(scope="module")
def known_anchors(site):
    return {
        path: anchors(BeautifulSoup(path.read_text("utf8"), "html.parser"))
        for path in site.rglob("*.html")
        if not {"_static", "lite"} & set(path.parts)
    }


@EVERY_PAGE
def test_links(site, name, known_anchors):
    problems, here = [], site / f"{name}.html"
    for link in html(name).select("a[href], img[src]"):
        target = link.get("href") or link.get("src")
        parts = urlsplit(target)
        if parts.scheme or parts.netloc or target == "#":
            continue
        path = (here.parent / unquote(parts.path)).resolve() if parts.path else here.resolve()
        if not path.is_file():
            problems.append(f"{name}: {where(link)} leads to a file that is not there")
        elif parts.fragment and path.suffix == ".html":
            known = known_anchors[path]
            if unquote(parts.fragment) not in known:
                problems.append(f"{name}: {where(link)} leads to an anchor that is not there")
    report(problems)


@EVERY_PAGE
def test_pictures_have_a_text(site, name):
    problems = []
    for image in html(name).select("article img, article [role=img]"):
        text = image.get("alt") if image.name == "img" else image.get("aria-label")
        if text is None or not text.strip() or text.startswith("_images/"):
            problems.append(f"{name}: {where(image)} has the text {text!r}")
    report(problems)


@EVERY_PAGE
def test_no_traceback(site, name):
    problems = []
    for output in html(name).select(".cell_output"):
        if "Traceback (most recent call last)" in output.get_text():
            problems.append(f"{name}: a cell shows a traceback: {output.get_text()[-160:].strip()}")
    report(problems)


def test_each_claim_has_its_row_and_each_row_its_claim(site):
    rows = {
        urlsplit(link["href"]).fragment
        for link in html("book/reference/claims").select("article a[href*='#claim-']")
    }
    made = {
        element["id"]
        for name in PAGES
        if name != "book/reference/claims"
        for element in html(name).select("[id^=claim-]")
    }
    assert made, "no page has a claim"
    report(
        [f"claims page: no row for {claim}" for claim in sorted(made - rows)]
        + [f"claims page: the row {claim} leads nowhere" for claim in sorted(rows - made)]
    )


# --- in the browser -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def context(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 860}, color_scheme="light")
    yield context
    context.close()


@pytest.fixture(scope="module", params=BY_PAGE)
def opened(request, context, address):
    """A page of the site, opened once for all the tests below."""
    watched = Watched(context, request.param).open(f"{address}/{request.param}.html")
    yield watched
    watched.page.close()


@pytest.fixture(autouse=True)
def as_found(request):
    """Give the page back as it was: width, colours, medium."""
    yield
    if "opened" in request.fixturenames:
        page = request.getfixturevalue("opened").page
        page.emulate_media(media="screen", color_scheme="light")
        page.set_viewport_size({"width": 1280, "height": 860})


def test_dark_is_dark_and_light_is_light(opened):
    shades = {}
    for colours in ("light", "dark"):
        opened.page.emulate_media(color_scheme=colours)
        opened.page.wait_for_function(f"document.documentElement.dataset.theme == '{colours}'")
        shades[colours] = opened.page.evaluate(
            "getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).slice(0, 3)"
            ".reduce((sum, part) => sum + Number(part), 0)"
        )
    assert shades["dark"] < 150 < 600 < shades["light"], f"{opened.name}: {shades}"


TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= width) return [];
  const inside = (e) => {        // a box of its own that scrolls is no problem
    for (let p = e.parentElement; p && p !== document.body; p = p.parentElement)
      if (["auto", "scroll", "hidden"].includes(getComputedStyle(p).overflowX)) return true;
    return false;
  };
  const wide = [...document.querySelectorAll("main *")].filter(
    (e) => e.getBoundingClientRect().right > width + 1 && !inside(e));
  return [...wide, document.documentElement].slice(0, 4).map((e) => e.outerHTML.slice(0, 110));
}"""


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_no_sideways_scroll(opened, width):
    opened.page.set_viewport_size({"width": width, "height": 740})
    wide = opened.page.evaluate(TOO_WIDE)
    report([f"{opened.name}: wider than {width} px: {where(element)}" for element in wide])


SMALL_TEXT = """() => [...document.querySelectorAll(".btl svg text")].map((text) => {
  const scale = text.getScreenCTM().a;
  return [text.textContent, parseFloat(getComputedStyle(text).fontSize) * scale];
}).filter(([, size]) => size < 10.95)"""


def test_figures_are_readable_on_a_phone(opened):
    opened.page.set_viewport_size({"width": 360, "height": 740})
    small = opened.page.evaluate(SMALL_TEXT)
    report([f"{opened.name}: {text!r} in a figure is {size:.1f} px high" for text, size in small])


def explorers(watched):
    for button in watched.page.query_selector_all(".bend-unveil"):  # a prediction waits
        button.evaluate("(b) => b.click()")
    boxes = watched.page.query_selector_all("bend-explorer")
    return [(box, f"{watched.name}: {explorer_name(box, n)}") for n, box in enumerate(boxes, 1)]


def test_explorers_follow_the_keyboard(opened):
    report(
        [
            problem
            for box, name in explorers(opened)
            for problem in by_keyboard(opened.page, box, name)
        ]
    )


def test_a_figure_comes_before_the_code_that_drew_it(opened):
    """With the Tab key: from the code's toggle back is where the figure's last control is."""
    problems = []
    for box, name in explorers(opened):
        toggle = box.evaluate_handle("(e) => e.closest('.cell').querySelector('summary')")
        if toggle.as_element() is None:
            continue
        toggle.as_element().focus()
        opened.page.keyboard.press("Shift+Tab")
        if not box.evaluate("(e) => e.contains(document.activeElement)"):
            problems.append(f"{name}: the key leads past it to its code")
    report(problems)


@EVERY_PAGE
def test_figures_are_numbered_and_share_one_script(site, name):
    page, problems = html(name), []
    topic = name.rsplit("/", 1)[-1]
    for n, figure in enumerate(page.select(".btl"), 1):
        number = figure.select_one("a.btl-number")
        if figure.get("id") != f"fig-{topic}-{n}" or number is None:
            problems.append(f"{name}: figure {n} is {figure.get('id')!r}")
        elif (number.text, number["href"]) != (f"Figure {n}.", f"#fig-{topic}-{n}"):
            problems.append(f"{name}: figure {n} says {where(number)}")
    scripts = [s for s in page.select("script[src]") if "explorer.js" in s["src"]]
    if len(scripts) != bool(page.select(".btl")) or "class Explorer" in str(page.select("script")):
        problems.append(f"{name}: the script of its figures is there {len(scripts)} times")
    report(problems)


@pytest.mark.parametrize("width", [1280, 360])
def test_explorers_at_every_position(opened, width):
    opened.page.set_viewport_size({"width": width, "height": 860})
    report(
        [
            f"{name} at {width} px: {problem}"
            for box, name in explorers(opened)
            for problem in box.evaluate(ALL_POSITIONS)
        ]
    )


def test_play_moves_the_slider(opened):
    problems = []
    for box, name in explorers(opened):
        button = box.query_selector(".btl-play")
        if button is None:
            continue
        before = box.inner_text()
        button.click()
        try:
            opened.page.wait_for_function(
                "([b, t]) => b.innerText != t", arg=[box, before], timeout=10_000
            )
        except TimeoutError:
            problems.append(f"{name}: the play button does not move the slider")
        button.click()
    report(problems)


def test_printed(opened):
    opened.page.emulate_media(media="print")
    problems = []
    for box, name in explorers(opened):
        if not box.query_selector("svg").is_visible():
            problems.append(f"{name}: no picture on paper")
        if not box.query_selector(".btl-say").is_visible():
            problems.append(f"{name}: no sentence on paper")
    for box in opened.page.query_selector_all(".admonition > p"):
        if not box.is_visible():
            problems.append(f"{opened.name}: folded on paper: {where(box.inner_html())}")
    for selector in (".bd-sidebar-primary", ".bd-header-article"):
        if opened.page.query_selector(selector).is_visible():
            problems.append(f"{opened.name}: {selector} is on paper")
    report(problems)


# One span of each kind of code is enough to judge its colour, and axe takes its time for each.
THIN_CODE = """() => {
  const seen = new Set();
  for (const span of document.querySelectorAll("pre span")) {
    const kind = span.className + Boolean(span.closest(".cell_output"));
    if (seen.has(kind)) span.replaceWith(...span.childNodes);
    seen.add(kind);
  }
}"""


def has_mathematics(page, node):
    """Does a place that axe finds empty hold MathML, which screen readers speak?"""
    return page.query_selector(node["target"][0]).query_selector("math") is not None


@pytest.mark.parametrize(("colours", "width"), [("light", 1280), ("dark", 1280), ("light", 360)])
def test_accessible(opened, colours, width):
    opened.page.set_viewport_size({"width": width, "height": 860})
    opened.page.emulate_media(color_scheme=colours)
    opened.page.wait_for_function(f"document.documentElement.dataset.theme == '{colours}'")
    opened.page.evaluate(THIN_CODE)
    opened.page.evaluate("dispatchEvent(new Event('resize'))")
    opened.page.wait_for_timeout(400)  # the theme then makes what scrolls reachable by key
    options = {"resultTypes": ["violations"], "preload": False}
    if colours == "dark":  # everything but the colours has been judged in light
        options["runOnly"] = ["color-contrast"]
    if width == 360:  # and most of the rest
        options["runOnly"] = ["scrollable-region-focusable"]
    problems = []
    for violation in Axe().run(opened.page, options=options).response["violations"]:
        for node in violation["nodes"]:
            if violation["id"] == "empty-table-header" and has_mathematics(opened.page, node):
                continue
            summary = " ".join(node["failureSummary"].split())
            problems.append(
                f"{opened.name} ({colours}, {width} px): {violation['id']} at {node['target']}: "
                f"{where(node['html'])}: {summary}"
            )
    report(problems)


def test_no_complaint_and_no_other_host(opened):
    """Runs last, so that whatever the tests above set off is seen too."""
    report(opened.problems)


@EVERY_PAGE
def test_from_disk_without_a_network(site, context, name):
    watched = Watched(context, name)
    context.set_offline(True)
    try:
        watched.open((site / f"{name}.html").as_uri())
        problems = []
        for box, title in explorers(watched)[:2]:
            problems += by_keyboard(watched.page, box, title)
        if watched.page.query_selector("div.math:not(:has(math))"):
            problems.append(f"{name}: mathematics is not set")
        report(watched.problems + problems)
    finally:
        context.set_offline(False)
        watched.page.close()


@pytest.fixture(scope="module")
def without_javascript(browser):
    context = browser.new_context(java_script_enabled=False)
    yield context
    context.close()


@EVERY_PAGE
def test_without_javascript(without_javascript, address, name):
    page = without_javascript.new_page()
    try:
        page.goto(f"{address}/{name}.html")
        problems = []
        for number in range(page.locator("bend-explorer").count()):
            box = page.locator("bend-explorer").nth(number)
            if not box.locator("svg").first.is_visible():
                problems.append(f"{name}: explorer {number + 1} shows no picture")
            if not box.locator("[role=status]").inner_text().strip():
                problems.append(f"{name}: explorer {number + 1} shows no sentence")
            if box.locator("input").first.is_visible():
                problems.append(f"{name}: explorer {number + 1} shows sliders that are dead")
        report(problems)
    finally:
        page.close()


def test_toc_of_the_site_is_the_toc_of_the_book(site):
    """The search index lists exactly the pages of the table of contents."""
    index = (site / "searchindex.js").read_text("utf8")
    names = json.loads(re.search(r'"docnames":\s*(\[.*?\])', index)[1])
    assert sorted(names) == sorted(PAGES)
