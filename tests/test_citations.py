"""A citation in a notebook says whom it cites, and the site makes a citation of it."""

import re
import sys

import pytest

from tests.rules import NOTEBOOKS, as_written
from tools.citations import IN_BRACKETS, LINK, bibliography, cited
from tools.notebooks import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from portable import with_roles


def complaints(text):
    """What is wrong with the citations of a Markdown text."""
    found = [f"{role} is no Markdown: use a link" for role in re.findall(r"\{cite:?\w*\}`", text)]
    in_brackets = [
        range(*match.span()) for match in IN_BRACKETS.finditer(text)
    ]  # names and year with a comma
    for link in re.finditer(LINK, text):
        key = link["key"]
        if key not in bibliography():
            found.append(f"{key} is not in book/references.bib")
            continue
        right = cited(key, any(link.start() in place for place in in_brackets))
        if link["text"] != right:
            found.append(f"[{link['text']}] cites {key}: write [{right}]")
    return found


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_citations_say_whom_they_cite(name):
    wrong = [
        f"{name}, cell {n}: {complaint}"
        for n, cell in enumerate(as_written(NOTEBOOKS[name]).cells, 1)
        if cell.cell_type == "markdown"
        for complaint in complaints(cell.source)
    ]
    assert not wrong, "\n".join(wrong)


HU = "[Hu et al. (2022)](reference/bibliography.md#hu2022)"
HU_ASIDE = "[Hu et al., 2022](../reference/bibliography.md#hu2022)"
GLOROT_ASIDE = "[Glorot and Bengio, 2010](../reference/bibliography.md#glorot2010)"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"{HU} show it ({HU_ASIDE}; {GLOROT_ASIDE}).", []),
        (HU.replace("2022)]", "2021)]"), ["write [Hu et al. (2022)]"]),
        (HU.replace("#hu2022", "#hu2002"), ["hu2002 is not in"]),
        (f"as {HU_ASIDE} show", ["write [Hu et al. (2022)]"]),
        ("as {cite:t}`hu2022` show", ["use a link"]),
    ],
)
def test_a_wrong_citation_is_named(text, says):
    found = complaints(text)
    assert len(found) == len(says), found
    assert all(part in complaint for part, complaint in zip(says, found, strict=True))


def test_the_site_reads_citations_and_badges():
    assert with_roles(f"{HU} show") == "{cite:t}`hu2022` show"
    assert with_roles(f"so ({HU_ASIDE}; {GLOROT_ASIDE}).") == "so {cite:p}`hu2022,glorot2010`."
    assert with_roles("**Does not hold.** It") == "{bdg-danger}`does not hold` It"
    assert with_roles("[a page](relu.ipynb#x) (an aside)") == "[a page](relu.ipynb#x) (an aside)"
