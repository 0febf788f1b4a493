"""After the build: the doors of the site, texts for hover cards, and no asset that is not used."""

import json
import re
from pathlib import Path

from bs4 import BeautifulSoup

TEXTS = {".html", ".css", ".js"}


DOOR = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title} | Bend the Line</title>
<link rel="icon" href="{root}_static/mark.svg">
{head}
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1.1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 20vh auto;
  padding: 0 1rem; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>{text}</p>
</body>
</html>
"""


def write_doors(app, error):
    """index.html leads to the first page; 404.html is what a server shows for a wrong address."""
    if error is not None or app.builder.format != "html":
        return
    (Path(app.outdir) / ".nojekyll").touch()  # GitHub Pages would drop what begins with _
    first = f"{app.config.root_doc}.html"
    (Path(app.outdir) / "index.html").write_text(
        DOOR.format(
            title="A course on activation functions and losses",
            root="",
            head=f'<meta http-equiv="refresh" content="0; url={first}">',
            text=f'<a href="{first}">To the course</a>',
        ),
        "utf8",
    )
    # A 404 page is shown at any depth, so its links begin at the top of the server.
    repository = app.config.bend_repository
    name = repository.path.rsplit("/", 1)[-1] if repository else ""
    top = "/" if not name or name.endswith(".io") else f"/{name}/"
    (Path(app.outdir) / "404.html").write_text(
        DOOR.format(
            title="This page is not here",
            root=top,
            head="",
            text=f"The address may be old, or mistyped. Everything is within reach from "
            f'<a href="{top}{first}">the first page</a>, which lists the chapters, '
            f'and from <a href="{top}search.html">the search</a>.',
        ),
        "utf8",
    )


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
    app.connect("build-finished", write_doors, priority=400)
    app.connect("build-finished", write_cards, priority=500)
    app.connect("build-finished", drop_unused, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
