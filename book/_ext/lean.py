"""A light page: one script of our own, one style sheet, and nothing that the parser waits for."""

import re
import zlib
from pathlib import Path

MODULES = ("numbers", "ask", "predict", "exercises", "sidebar", "scrollers", "cards",
           "search", "print")  # fmt: skip
SHEET = re.compile(r'\s*<link[^>]*href="([^"?]*?)(_static/[^"?]+\.css)[^"]*"[^>]*>')
SCRIPT = re.compile(r"<script (?=[^>]*src=)(?![^>]*defer)")
# Parts of extensions and of the theme that the book does not use. The script that marks the words
# of a search in the page found would also forget what the page keeps for the way back to it.
UNUSED = re.compile(
    r'<link[^>]*sphinx-design[^>]*>|<script[^>]*src="[^"]*design-tabs[^>]*></script>'
    r"|<script>DOCUMENTATION_OPTIONS\.pagename = [^<]*</script>"
)
MARKS_WORDS = re.compile(r'<script[^>]*src="[^"]*sphinx_highlight[^>]*></script>')


def page_script():
    """One module a thing, in one scope of their own."""
    folder = Path(__file__).parent / "page"
    modules = "\n".join((folder / f"{name}.js").read_text("utf8") for name in MODULES)
    return f'"use strict";\n{{\n{modules}}}\n'


def write_script(app):
    folder = Path(app.outdir, "_static")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "page.js").write_text(page_script(), "utf8")


def lighten(page, static):
    """The page with its style sheets in one, and scripts that run once it is read."""
    page = UNUSED.sub("", page)
    if "searchtools.js" not in page:  # which asks for it
        page = MARKS_WORDS.sub("", page)
    page = SCRIPT.sub('<script defer="defer" ', page)
    links = list(SHEET.finditer(page))
    if not links:
        return page
    names = [link[2] for link in links]
    text = "\n".join(moved(static.parent / name, static) for name in names)
    sheet = static / f"site-{zlib.crc32(text.encode()):08x}.css"  # another name if it changes
    sheet.write_text(text, "utf8")
    address = f"{links[0][1]}_static/{sheet.name}"
    link = f'\n<link rel="stylesheet" href="{address}">'
    return SHEET.sub(lambda match: link if match.start() == links[0].start() else "", page)


def moved(path, folder):
    """A style sheet as it must read in `folder`: imports inside, addresses by their new way."""
    here = path.parent.relative_to(folder).as_posix()
    text = re.sub(r"/\*#? sourceMappingURL.*?\*/|@charset[^;]*;", "", path.read_text("utf8"))
    text = re.sub(r"url\((['\"]?)(?!data:|['\"]|#)", rf"url(\1{here}/", text)
    imported = re.compile(r"@import \"(.*?)\";")
    return imported.sub(lambda m: moved((path.parent / m[1]).resolve(), folder.resolve()), text)


def lighten_pages(app, error):
    if error is None and app.builder.format == "html":
        static = Path(app.outdir, "_static")
        for path in Path(app.outdir).rglob("*.html"):
            text = path.read_text("utf8")
            if "data-content_root=" in text:  # a page of the book, and not of JupyterLite
                path.write_text(lighten(text, static), "utf8")


def setup(app):
    app.connect("builder-inited", write_script)
    app.connect("build-finished", lighten_pages, priority=600)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
