"""Citations and terms in the notebooks: Markdown links, which JupyterLab shows and follows.

A notebook cites `[Hu et al. (2022)](../reference/bibliography.md#hu2022)`, or in brackets
`([Hu et al., 2022](../reference/bibliography.md#hu2022))`, and explains a word by
`[bits](../reference/glossary.md#term-bit)`. The roles {cite:t}, {cite:p} and {term} are shorter
to type: `make notebooks` and `make strip` write the links for them. The site makes citations
and terms of the links (book/_ext/portable.py); a test compares them with the .bib and the glossary.

    python tools/citations.py    writes the bibliography that JupyterLab shows
"""

import re
import sys
from functools import cache
from pathlib import Path

from pybtex.database import parse_file
from pybtex.plugin import find_plugin
from pybtex.richtext import Text

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.notebooks import ROOT

REFERENCE = ROOT / "book" / "reference"
LINK = r"\[(?P<text>[^\[\]]+)\]\((?P<page>[\w./]*bibliography\.md)#(?P<key>\w+)\)"
# One or more links in brackets, with semicolons between them.
IN_BRACKETS = re.compile(r"\((?:\[[^\[\]]+, \d{4}\]\([\w./]*bibliography\.md#\w+\)(?:; )?)+\)")
TERM = r"\[(?P<text>[^\[\]]+)\]\([\w./]*glossary\.md#(?P<anchor>term-[\w-]+)\)"
ROLE = re.compile(
    r"\{(?P<role>cite:t|cite:p|term)\}`(?P<text>[^`<]*[^`<\s])(?:\s*<(?P<term>[^`>]+)>)?`"
)


@cache
def bibliography():
    return parse_file(str(ROOT / "book" / "references.bib")).entries


def names(key):
    """The authors as a sentence names them: one, two, or the first with "et al."."""
    last = [
        str(Text.from_latex(" ".join(person.prelast_names + person.last_names)))
        for person in bibliography()[key].persons["author"]
    ]
    return f"{last[0]} et al." if len(last) > 2 else " and ".join(last)


def cited(key, in_brackets=False):
    """What the link says."""
    year = bibliography()[key].fields["year"]
    return f"{names(key)}, {year}" if in_brackets else f"{names(key)} ({year})"


@cache
def terms():
    """{anchor: term} of the glossary, with the anchors that JupyterLab gives."""
    text = (REFERENCE / "glossary.md").read_text(encoding="utf-8")
    return {anchor(term): term for term in re.findall(r"(?m)^(.+)\n: ", text)}


def anchor(term):
    return "term-" + re.sub(r"[^a-z0-9]+", "-", term.lower())


def as_links(text, reference):
    """The text with links for its roles; `reference` is the way to book/reference."""

    def link(match):
        if match["role"] == "term":
            to = anchor(match["term"] or match["text"])
            return f"[{match['text']}]({reference}/glossary.md#{to})"
        in_brackets = match["role"] == "cite:p"
        links = [
            f"[{cited(key, in_brackets)}]({reference}/bibliography.md#{key})"
            for key in match["text"].split(",")
        ]
        return f"({'; '.join(links)})" if in_brackets else " and ".join(links)

    return ROLE.sub(link, text)


def bibliography_page():
    """book/reference/bibliography.md; the site puts the cited entries in place of the list."""
    lines = ["# Bibliography", "", "The original papers, as the chapters cite them.", ""]
    style = find_plugin("pybtex.style.formatting", "plain")()
    markdown = find_plugin("pybtex.backends", "markdown")()
    for entry in style.format_entries(bibliography().values()):
        lines += [f"({entry.key})=", entry.text.render(markdown), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    (REFERENCE / "bibliography.md").write_text(bibliography_page(), encoding="utf-8")
