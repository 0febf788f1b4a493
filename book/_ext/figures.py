"""Figures as part of the page: a number and an address for each, their script and style once."""

import re
from pathlib import Path

from actlib.explore import html

START = re.compile(r"<(?:bend-explorer|figure) (?=class='btl )")


def numbered(body, page):
    """The page with its figures numbered from 1, and how many there are.

    The figures of book/part/topic are Figure 1, 2, ... with the addresses #fig-topic-1, ...
    """
    topic = page.rsplit("/", 1)[-1]
    first, *figures = START.split(body)
    tags = [match[0] for match in START.finditer(body)]
    parts = [first]
    for n, (tag, figure) in enumerate(zip(tags, figures, strict=True), 1):
        name = f"fig-{topic}-{n}"
        link = f"<a class='btl-number' href='#{name}'>Figure {n}.</a> "
        parts.append(f"{tag}id='{name}' {figure.replace(html.NUMBER, link, 1)}")
    return "".join(parts), len(figures)


def add_figures(app, pagename, templatename, context, doctree):
    if "body" not in context:
        return
    body, count = numbered(context["body"], pagename)
    if count:
        # Each figure brings its own, so that it works in a notebook; the page has them once.
        context["body"] = body.replace(html.style(), "").replace(html.script(), "")
        app.add_js_file("explorer.js", defer="defer")


def write_files(app):
    folder = Path(app.outdir, "_static")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "explorer.css").write_text(html.css() + "\n", encoding="utf-8")
    (folder / "explorer.js").write_text(html.javascript() + "\n", encoding="utf-8")


def setup(app):
    app.connect("builder-inited", write_files)
    app.connect("html-page-context", add_figures)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
