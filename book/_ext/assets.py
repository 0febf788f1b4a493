"""After the build: texts for hover cards, and nothing in _static that no page asks for."""

import json
import re
from pathlib import Path

from bs4 import BeautifulSoup

TEXTS = {".html", ".css", ".js"}


def cards(outdir):
    """{anchor: HTML} of the glossary's terms and the bibliography's entries."""
    found = {}
    glossary = outdir / "book/reference/glossary.html"
    if glossary.is_file():
        page = BeautifulSoup(glossary.read_text("utf8"), "html.parser")
        for term in page.select("dl.glossary dt[id]"):
            meaning = term.find_next_sibling("dd")
            for link in [*term.select("a.headerlink"), *meaning.select("a")]:
                link.unwrap() if "headerlink" not in link.get("class", []) else link.decompose()
            found[term["id"]] = (
                f"<strong>{term.get_text().strip()}</strong>{meaning.decode_contents()}"
            )
    bibliography = outdir / "book/reference/bibliography.html"
    if bibliography.is_file():
        page = BeautifulSoup(bibliography.read_text("utf8"), "html.parser")
        for entry in page.select("[id].citation, dl.citation dt[id], div.citation[id]"):
            body = entry.select_one("p") or entry.find_next_sibling("dd")
            if body is not None:
                found[entry["id"]] = f"<p>{body.decode_contents()}</p>"
    return found


def write_cards(app, error):
    if error is None and app.builder.format == "html":
        text = json.dumps(cards(Path(app.outdir)), ensure_ascii=False)
        (Path(app.outdir) / "_static/cards.js").write_text(f"window.bendCards = {text};\n", "utf8")


def drop_unused(app, error):
    """Remove the files of _static whose name stands in no page, style or script that is used."""
    if error is not None or app.builder.format != "html":
        return
    outdir = Path(app.outdir)
    static = outdir / "_static"
    pages = [page for page in outdir.rglob("*.html") if static not in page.parents]
    texts = [page.read_text("utf8") for page in pages]
    left = {p for p in static.rglob("*") if p.is_file() and p.suffix != ".map"}
    while texts:
        asked = {p for p in left if any(re.search(rf"\b{re.escape(p.name)}\b", t) for t in texts)}
        left -= asked
        texts = [p.read_text("utf8") for p in asked if p.suffix in TEXTS]
    for path in [*left, *static.rglob("*.map")]:
        path.unlink(missing_ok=True)
    for folder in sorted(static.rglob("*"), reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def setup(app):
    app.connect("build-finished", write_cards, priority=500)
    app.connect("build-finished", drop_unused, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
