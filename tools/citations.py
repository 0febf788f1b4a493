"""Citations in the notebooks: Markdown links that JupyterLab shows as names and years.

A notebook cites `[Hu et al. (2022)](../reference/bibliography.md#hu2022)`, or in brackets
`([Hu et al., 2022](../reference/bibliography.md#hu2022))`. The site makes citations of the
bibliography of them (book/_ext/portable.py); a test compares names and year with the .bib.
"""

import re
from functools import cache

from pybtex.database import parse_file

from tools.notebooks import ROOT

LINK = r"\[(?P<text>[^\[\]]+)\]\((?P<page>[\w./]*bibliography\.md)#(?P<key>\w+)\)"
# One or more links in brackets, with semicolons between them.
IN_BRACKETS = re.compile(r"\((?:\[[^\[\]]+, \d{4}\]\([\w./]*bibliography\.md#\w+\)(?:; )?)+\)")


@cache
def bibliography():
    return parse_file(str(ROOT / "book" / "references.bib")).entries


def names(key):
    """The authors as a sentence names them: one, two, or the first with "et al."."""
    last = [" ".join(person.prelast_names + person.last_names) for person in authors(key)]
    if len(last) > 2:
        return f"{last[0]} et al."
    return " and ".join(last)


def authors(key):
    return bibliography()[key].persons["author"]


def cited(key, in_brackets=False):
    """What the link says."""
    year = bibliography()[key].fields["year"]
    text = f"{names(key)}, {year}" if in_brackets else f"{names(key)} ({year})"
    return re.sub(r"[{}]", "", text)
