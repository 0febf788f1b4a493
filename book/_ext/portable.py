"""Notebooks in Markdown that JupyterLab can show; the site reads more in it.

Citations are links to the bibliography, and a claim's verdict is bold. Before Sphinx reads a
notebook, they become the roles for citations and badges.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
import re

from tools.boxes import VERDICTS
from tools.citations import IN_BRACKETS, LINK

VERDICT = re.compile("|".join(re.escape(verdict) for verdict in VERDICTS))


def with_roles(text):
    """The text of a notebook with the roles that the site knows."""

    def bracketed(match):
        keys = ",".join(link["key"] for link in re.finditer(LINK, match[0]))
        return f"{{cite:p}}`{keys}`"

    text = IN_BRACKETS.sub(bracketed, text)
    text = re.sub(LINK, r"{cite:t}`\g<key>`", text)
    return VERDICT.sub(lambda match: VERDICTS[match[0]], text)


def read(app, docname, source):
    if app.env.doc2path(docname).endswith(".ipynb"):
        source[0] = with_roles(source[0])


def setup(app):
    app.connect("source-read", read)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
