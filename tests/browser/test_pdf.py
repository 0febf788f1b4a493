"""The PDF of the book: made of two chapters here, in the same way as of all."""

import re
import sys
import unicodedata

import pytest
from pypdf import PdfReader

from tests.browser.conftest import ROOT
from tests.browser.test_site import html

sys.path.insert(0, str(ROOT / "tools"))
import pdf

CHOSEN = [("", ["book/intro"]), ("Chapters", ["book/linear_collapse", "book/first_network"])]


@pytest.fixture(scope="module")
def printed(site, browser, tmp_path_factory):
    path = tmp_path_factory.mktemp("pdf") / "book.pdf"
    pdf.write(site, path, CHOSEN, browser)
    return PdfReader(path)


def plain(text):
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))  # a printed fi is one letter


def test_contents_lead_to_the_chapters(printed):
    contents = printed.pages[1].extract_text()
    places = printed.named_destinations
    for name in CHOSEN[1][1]:
        title = html(name).h1.get_text().strip().rstrip("#").strip()
        number = printed.get_destination_page_number(places["/" + pdf.anchor(name)]) + 1
        assert plain(f"{title} {number}") in [plain(line) for line in contents.splitlines()]
        assert plain(title) in plain(printed.pages[number - 1].extract_text())
        assert printed.pages[number - 1].extract_text().strip().endswith(str(number))


def test_every_figure_has_its_sentence_and_solutions_are_open(printed):
    text = plain("".join(page.extract_text() for page in printed.pages))
    page = html("book/linear_collapse")
    for sentence in page.select(".btl [role=status]"):
        assert plain(sentence.get_text())[:40] in text
    for solution in page.select(".tag_hide-cell pre"):
        assert plain(solution.get_text())[:30] in text
    for phrase in ("Copylink", "▶", "Showthecode", "nothingtocheckyet"):
        assert phrase not in text


def test_it_has_an_outline(printed):
    titles = [item.title for item in printed.outline if not isinstance(item, list)]
    assert len(titles) >= 4, titles
