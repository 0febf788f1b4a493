"""Pages in Markdown that JupyterLab can show; the site reads more in it.

In a notebook, citations and terms are links, and a claim's verdict is bold. Before Sphinx reads
it, they become roles. The glossary is a list of definitions, and the bibliography is written out.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
import re

from tools.boxes import VERDICTS
from tools.citations import IN_BRACKETS, LINK, TERM, terms

VERDICT = re.compile("|".join(re.escape(verdict) for verdict in VERDICTS))


def with_roles(text):
    """The text of a notebook with the roles that the site knows."""

    def bracketed(match):
        keys = ",".join(link["key"] for link in re.finditer(LINK, match[0]))
        return f"{{cite:p}}`{keys}`"

    def term(link):
        return f"{{term}}`{link['text']} <{terms().get(link['anchor'], link['anchor'])}>`"

    text = IN_BRACKETS.sub(bracketed, text)
    text = re.sub(LINK, r"{cite:t}`\g<key>`", text)
    text = re.sub(TERM, term, text)
    return VERDICT.sub(lambda match: VERDICTS[match[0]], text)


def glossary(text):
    """The directive of Sphinx knows definitions by their indent."""
    return re.sub(r"(?m)^: ", "  ", text)


def bibliography(text):
    """The entries that are cited, by sphinxcontrib-bibtex, in place of the list."""
    head, _, _ = text.partition("\n(")
    return head + "\n```{bibliography}\n:cited:\n```\n"


PAGES = {"book/reference/glossary": glossary, "book/reference/bibliography": bibliography}


def read(app, docname, source):
    if app.env.doc2path(docname).endswith(".ipynb"):
        source[0] = with_roles(source[0])
    elif docname in PAGES:
        source[0] = PAGES[docname](source[0])


def setup(app):
    app.connect("source-read", read)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
