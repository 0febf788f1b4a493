"""The book as one PDF: its pages in one document, which Chromium prints, with contents and numbers.

    python tools/pdf.py _build/html _build/bend-the-line.pdf        (or: make pdf)

What a page shows on paper is said in `book/_static/bend.css`: figures at their first position,
solutions open. The numbers in the contents are read from a first print.
"""

import os
import sys
import tempfile
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from browser import find_or_install
from bs4 import BeautifulSoup
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tools.notebooks import parts

ON_SCREEN_ONLY = (
    "script, noscript, .btl-controls, .headerlink, button, .bend-letters, details.hide > summary"
)
FOOTER = """<div style="font: 8pt sans-serif; width: 100%; text-align: center; color: #555">
<span class="pageNumber"></span></div>"""
STYLE = """
.bend-cover { height: 200mm; display: grid; align-content: center; }
.bend-cover p { font-size: 1.2rem; }
.bend-contents, .bend-cover, article > section { break-after: page; }
.bend-contents ol { list-style: none; padding: 0; }
.bend-contents li { display: flex; gap: 1rem; }
.bend-contents li span { margin-left: auto; font-variant-numeric: tabular-nums; }
.bend-contents a { text-decoration: none; }
"""


def anchor(page, fragment=""):
    return page.replace("/", "-") + (f"--{fragment}" if fragment else "")


def article(site, page, known):
    """What a page says, with addresses that lead to places of the one document."""
    path = site / f"{page}.html"
    text = BeautifulSoup(path.read_text("utf8"), "html.parser").select_one("article")
    for element in text.select(ON_SCREEN_ONLY):
        element.decompose()
    for place in text.select(".bend-exercise"):  # "nothing to check yet", which paper cannot mend
        place.find_parent(class_="cell_output").decompose()
    for element in text.select("[id]"):
        if element.find_parent("svg") is None:  # a picture refers to its own parts
            element["id"] = anchor(page, element["id"])
    for link in text.select("a[href]"):
        parts = urlsplit(link["href"])
        if parts.scheme or parts.netloc:
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        name = target.relative_to(site).with_suffix("").as_posix()
        if target.suffix == ".html" and name in known:
            link["href"] = "#" + anchor(name, parts.fragment.split("?")[0])
        else:
            link.unwrap()
    for image in text.select("img[src]"):
        image["src"] = (path.parent / image["src"]).resolve().relative_to(site).as_posix()
    text.select_one("h1")["id"] = anchor(page)
    return text


def document(site, chosen):
    """The pages in one HTML document, after a cover and the contents."""
    known = {page for _, pages in chosen for page in pages}
    contents, articles = [], []
    for caption, pages in chosen:
        contents.append(f"<p><strong>{escape(caption)}</strong></p><ol>")
        for page in pages:
            text = article(site, page, known)
            title = text.select_one("h1").get_text().strip()
            contents.append(
                f'<li><a href="#{anchor(page)}">{escape(title)}</a>'
                f'<span data-page="{anchor(page)}">000</span></li>'
            )
            articles.append(str(text))
        contents.append("</ol>")
    first = BeautifulSoup((site / f"{chosen[0][1][0]}.html").read_text("utf8"), "html.parser")
    sheets = {Path(link["href"]).name for link in first.select("link[rel=stylesheet]")}
    links = "".join(f'<link rel="stylesheet" href="_static/{sheet}">' for sheet in sorted(sheets))
    return (
        '<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
        f"<title>Bend the Line</title>{links}<style>{STYLE}</style></head><body>"
        '<main class="bd-main"><div class="bd-content"><div class="bd-article-container">'
        '<article class="bd-article"><div class="bend-cover"><h1>Bend the Line</h1>'
        "<p>Activation functions and losses, by experiment</p></div>"
        f'<nav class="bend-contents"><h1>Contents</h1>{"".join(contents)}</nav></article>'
        f"{''.join(articles)}</div></div></main></body></html>"
    )


def write(site, pdf, chosen, browser):
    """Print the pages `chosen`, as `parts` gives them, into the file `pdf`."""
    site = Path(site).resolve()
    with tempfile.NamedTemporaryFile("w", suffix=".html", dir=site, encoding="utf8") as file:
        file.write(document(site, chosen))
        file.flush()
        page = browser.new_page()
        page.goto(Path(file.name).as_uri(), timeout=300_000)
        page.evaluate("document.fonts.ready.then(() => null)")
        options = {
            "path": str(pdf), "format": "A4", "outline": True, "tagged": True,
            "print_background": True, "display_header_footer": True,
            "header_template": "<span></span>", "footer_template": FOOTER,
        }  # fmt: skip
        page.pdf(**options)
        reader = PdfReader(pdf)
        places = {
            name.lstrip("/"): reader.get_destination_page_number(place) + 1
            for name, place in reader.named_destinations.items()
        }
        page.evaluate(
            "(places) => document.querySelectorAll('[data-page]').forEach("
            "(span) => { span.textContent = places[span.dataset.page]; })",
            places,
        )
        page.pdf(**options)
        page.close()


def main(site="_build/html", pdf="_build/bend-the-line.pdf"):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_or_install(), args=["--no-sandbox", "--disable-gpu"]
        )
        write(site, pdf, parts(), browser)
        browser.close()
    print(f"{pdf}: {len(PdfReader(pdf).pages)} pages, {os.path.getsize(pdf) / 1e6:.1f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])
