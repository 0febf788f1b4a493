"""What the site needs beyond Jupyter Book: addresses, buttons, claims, reading times."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from docutils import nodes
from docutils.statemachine import StringList
from portable import with_roles
from sphinx.util.docutils import SphinxDirective, SphinxRole

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tools import boxes, reading
from tools.notebooks import notebooks

TITLE = "Bend the Line: activation functions and losses, by experiment"
DESCRIPTION = (
    "A course on activation functions and losses in which every claim is put to an experiment: "
    "sliders that work on the page, notebooks that you can run."
)

# --- the repository, known from one place -------------------------------------------------------

ADDRESS = re.compile(
    r"""^(?:(?:https?|ssh|git)://(?:[^@/]+@)?(?P<host>[\w.-]+)(?::\d+)?/   # https://host/...
        |(?:[\w.-]+@)(?P<scp>[\w.-]+):(?!//))                              # git@host:...
        (?P<path>[\w.~-]+(?:/[\w.~-]+)+?)(?:\.git)?/?$""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Repository:
    """Where readers find the sources: host, path ("owner/name"), branch and kind of forge."""

    host: str
    path: str
    branch: str = "main"

    @property
    def forge(self) -> str:
        return "github" if "github" in self.host.lower() else "gitlab"

    @property
    def url(self) -> str:
        return f"https://{self.host}/{self.path}"

    def _file(self, action: str, file: str) -> str:
        infix = "" if self.forge == "github" else "-/"
        return f"{self.url}/{infix}{action}/{quote(self.branch)}/{quote(file)}"

    def source(self, file: str) -> str:
        return self._file("blob", file)

    def edit(self, file: str) -> str:
        return self._file("edit", file)

    def issue(self, page: str) -> str:
        title = f"On the page {page}"
        if self.forge == "github":
            return f"{self.url}/issues/new?{urlencode({'title': title})}"
        return f"{self.url}/-/issues/new?{urlencode({'issue[title]': title})}"

    def binder(self, file: str) -> str:
        where = {"github.com": f"gh/{self.path}", "gitlab.com": f"gl/{quote(self.path, safe='')}"}
        repo = where.get(self.host.lower(), f"git/{quote(self.url, safe='')}")
        branch = quote(self.branch, safe="")
        query = urlencode({"urlpath": f"lab/tree/{file}"})
        return f"https://mybinder.org/v2/{repo}/{branch}?{query}"

    def colab(self, file: str) -> str | None:
        if self.host.lower() != "github.com":
            return None
        branch = quote(self.branch)
        return f"https://colab.research.google.com/github/{self.path}/blob/{branch}/{quote(file)}"


def parse_address(address: str, branch: str = "main") -> Repository | None:
    """The repository behind an https, ssh or scp-like address; None if it is no known forge.

    A name or a token in the address is dropped, a path on disk is not an address.
    """
    match = ADDRESS.match(address.strip())
    if match is None:
        return None
    host = match["host"] or match["scp"]
    if not re.search(r"(^|\.)(github|gitlab)\.", host, re.IGNORECASE):
        return None
    return Repository(host, match["path"].removesuffix(".git"), branch)


def _git(root: Path, *words: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *words], capture_output=True, text=True, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def find_repository(root: Path, environ=os.environ) -> Repository | None:
    """COURSE_REPOSITORY if set ("" or "none" switches the buttons off), else git's origin."""
    address = environ.get("COURSE_REPOSITORY")
    if address is None:
        address = _git(root, "remote", "get-url", "origin")
    branch = environ.get("COURSE_BRANCH")
    if not branch:
        head = _git(root, "symbolic-ref", "--short", "refs/remotes/origin/HEAD")
        branch = head.removeprefix("origin/") or "main"
    return parse_address(address, branch)


# --- the buttons over a page --------------------------------------------------------------------

# What the click downloads, as the tests measure it; tools/lite.py reads the same variable.
LITE_NOTE = "Python comes to you: 40 MB the first time, " + (
    "all from this site."
    if os.environ.get("COURSE_PYODIDE")
    else "30 MB of it from cdn.jsdelivr.net."
)


def page_buttons(
    repository: Repository | None, page: str, suffix: str, top: str = ""
) -> list[dict]:
    """The menus over a page; without a known repository only those that need none.

    `top` leads from the page to the top folder of the site.
    """
    file = page + suffix
    menus = []
    if suffix == ".ipynb":
        address = f"{top}lite/start.html?{urlencode({'path': file})}"
        links = [{"text": "Run in your browser", "url": address, "note": LITE_NOTE}]
        if repository is not None:
            runs = [("Binder", repository.binder(file)), ("Colab", repository.colab(file))]
            links += [{"text": f"Run on {name}", "url": url} for name, url in runs if url]
        menus.append({"label": "Run this page", "icon": "fas fa-rocket", "links": links})
    if repository is not None:
        links = [
            {"text": "Repository", "url": repository.url},
            {"text": "Source of this page", "url": repository.source(file)},
        ]
        if suffix != ".ipynb":  # a notebook's JSON is nothing to edit on a web page
            links.append({"text": "Suggest an edit", "url": repository.edit(file)})
        links.append({"text": "Open an issue", "url": repository.issue(page)})
        menus.append({"label": "Source", "icon": f"fab fa-{repository.forge}", "links": links})
    return menus


def add_page_context(app, pagename, templatename, context, doctree):
    suffix = context.get("page_source_suffix") or ""
    context["bend_menus"] = (
        page_buttons(app.config.bend_repository, pagename, suffix, context["content_root"])
        if suffix
        else []
    )
    context["bend_source"] = f"_sources/{context['sourcename']}" if suffix else ""
    # "light" is what a page without JavaScript shows; the line below prefers the reader's choice.
    context["default_mode"] = "light"
    # docutils gives bibliography entries a role that has since been withdrawn.
    if "body" in context:
        context["body"] = context["body"].replace('role="doc-biblioentry"', 'role="listitem"')
        if suffix == ".ipynb":
            notebook = Path(app.srcdir, pagename + suffix)
            body = with_header(context["body"], notebook, Path(app.srcdir))
            context["body"] = with_prompts(body)
    description = DESCRIPTION
    if pagename == app.config.root_doc:
        context["title"], context["docstitle"] = TITLE, ""
    elif doctree is not None:
        description = first_paragraph(doctree) or DESCRIPTION
    tag = f'<meta name="description" content="{escape(description)}" />'
    context["metatags"] = context.get("metatags", "") + tag


def with_header(body: str, notebook: Path, root: Path) -> str:
    """The page with its number and reading time under the title."""
    number = notebooks(root).index(notebook) + 1
    minutes = f"Chapter {number} · about {reading.measure(notebook).minutes} minutes"
    return body.replace("</h1>", f'</h1>\n<p class="bend-minutes">{minutes}</p>', 1)


def with_prompts(body: str) -> str:
    """A folded solution offers the solution, and not just code."""
    head, *cells = re.split(r'(?=<div class="cell tag_hide-cell)', body)
    return head + "".join(
        re.sub(r">(Show|Hide) the code<", r">\1 the solution<", cell, count=2) for cell in cells
    )


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def first_paragraph(doctree, limit: int = 160) -> str:
    """The first paragraph of a page in at most `limit` characters, cut between words.

    A formula has no place there: what comes from its sentence on is left out.
    """
    for paragraph in doctree.findall(nodes.paragraph):
        if not isinstance(paragraph.parent, nodes.section):
            continue
        parts = itertools.takewhile(lambda n: not isinstance(n, nodes.math), paragraph.children)
        text = " ".join("".join(part.astext() for part in parts).split())
        if paragraph.next_node(nodes.math) is not None:
            text = text[: text.rfind(". ") + 1]
        if len(text) > limit:
            text = text[: limit - 1].rsplit(" ", 1)[0] + "…"
        if text:
            return text
    return ""


# --- what the documents say ---------------------------------------------------------------------


class Claims(SphinxDirective):
    """A table of one document's claims (``A`` to ``E``), read from the boxes of the chapters.

    A claim that several documents make has one box, labelled with all its numbers; only the
    row of the first number tells it in full.
    """

    required_arguments = 1

    def run(self):
        document, rows = self.arguments[0], []
        for path in notebooks(Path(self.env.srcdir)):
            self.env.note_dependency(str(path))
            for claim in boxes.claims(path)[0]:
                home = claim.ids[0]
                for name in (name for name in claim.ids if name.startswith(document)):
                    says, finding = with_roles(claim.says), with_roles(claim.finding)
                    if name != home:
                        says, finding = f"Says the same as {home}.", ""
                    link = f"{{ref}}`{name} <{claim.label}>`"
                    row = f"| {link} | {says} | {boxes.VERDICTS[claim.verdict]} | {finding} |"
                    rows.append((int(name[1:]), row))
        head = "| no. | the claim, in our words | verdict | what the experiment shows |"
        table = [head, "|-|-|-|-|"]
        table += [row for _, row in sorted(rows)]
        holder = nodes.container(classes=["bend-claims"])
        self.state.nested_parse(StringList(table, self.env.docname), 0, holder)
        return [holder]


# --- reading times ----------------------------------------------------------------------------


class Minutes(SphinxRole):
    """{minutes}`activations/tanh`: the reading time of a chapter, or `least`, `most`, `all`."""

    def run(self):
        root = Path(self.env.srcdir)
        times = {
            path.relative_to(root / "book").with_suffix("").as_posix(): reading.measure(
                path
            ).minutes
            for path in notebooks(root)
        }
        for path in notebooks(root):
            self.env.note_dependency(str(path))
        total = sum(times.values())
        times |= {"least": min(times.values()), "most": max(times.values())}
        times["all"] = f"{round(total / 30) / 2:g} hours"
        if self.text not in times:
            error = self.inliner.reporter.error(f"no chapter {self.text}", line=self.lineno)
            return [], [error]
        return [nodes.Text(str(times[self.text]))], []


def configure(app, config):
    config.bend_repository = find_repository(Path(app.confdir))
    # Run the notebooks on every core. One extension that Jupyter Book always brings does not
    # say that it allows this; it numbers tables of contents, and is switched off here.
    app.parallel = os.cpu_count() or 1
    app.extensions["sphinx_multitoc_numbering"].parallel_read_safe = True


def setup(app):
    app.add_config_value("bend_repository", None, "html", types=(Repository, type(None)))
    app.add_config_value("comments_config", {}, "")  # Jupyter Book sets it in any case
    app.add_role("minutes", Minutes())
    app.add_directive("claims", Claims)
    app.add_js_file(
        None,
        body=(
            "{const d=document.documentElement.dataset;let m;"
            "try{m=localStorage.getItem('mode')}catch{}"
            "d.mode=m||'auto';d.theme=['light','dark'].includes(m)?m:"
            "matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light'}"
        ),
        priority=100,
    )
    app.connect("config-inited", configure)
    app.connect("html-page-context", add_page_context, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
