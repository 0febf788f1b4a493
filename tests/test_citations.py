"""Citations and terms in the notebooks are links that agree with the reference pages."""

import re
import sys

import pytest

from tests.rules import NOTEBOOKS, as_written
from tools.citations import (
    IN_BRACKETS,
    LINK,
    REFERENCE,
    ROLE,
    TERM,
    as_links,
    bibliography,
    bibliography_page,
    cited,
    terms,
)
from tools.notebooks import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from portable import PAGES, with_roles


def complaints(text):
    """What is wrong with the citations and terms of a Markdown text."""
    found = [f"{role[0]} is no link: run `make strip`" for role in ROLE.finditer(text)]
    for link in re.finditer(TERM, text):
        if link["anchor"] not in terms():
            found.append(f"{link['anchor']} is not in the glossary")
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
def test_citations_and_terms_are_links_that_lead_there(name):
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
BITS = "[bits](../reference/glossary.md#term-bit)"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"{HU} show it ({HU_ASIDE}; {GLOROT_ASIDE}).", []),
        (HU.replace("2022)]", "2021)]"), ["write [Hu et al. (2022)]"]),
        (HU.replace("#hu2022", "#hu2002"), ["hu2002 is not in"]),
        (f"as {HU_ASIDE} show", ["write [Hu et al. (2022)]"]),
        ("as {cite:t}`hu2022` show", ["{cite:t}`hu2022` is no link"]),
        (f"{BITS} and {{term}}`nats <nat>`", ["nats <nat>` is no link"]),
        (BITS.replace("-bit", "-bits"), ["term-bits is not in the glossary"]),
    ],
)
def test_a_wrong_citation_is_named(text, says):
    found = complaints(text)
    assert len(found) == len(says), found
    assert all(part in complaint for part, complaint in zip(says, found, strict=True))


def test_an_entry_of_the_glossary_has_one_name():
    """JupyterLab gives two names of one entry a single anchor."""
    text = (REFERENCE / "glossary.md").read_text(encoding="utf-8")
    assert re.findall(r"(?m)^\w.*\n(?=\w.*\n: )", text) == []
    assert len(terms()) == text.count("\n: ")
    assert re.findall(r"(?m)^\w.*\n(?=  )", text) == [], "a definition begins with a colon"


def test_roles_become_links():
    text = "By {cite:t}`hu2022` {cite:p}`hu2022,glorot2010` in {term}`bits <bit>`, {term}`Adam`."
    adam = "[Adam](../reference/glossary.md#term-adam)"
    links = f"By {HU.replace('(ref', '(../ref')} ({HU_ASIDE}; {GLOROT_ASIDE}) in {BITS}, {adam}."
    assert as_links(text, "../reference") == links
    assert not complaints(links)


def test_the_bibliography_is_that_of_the_bib_file():
    written = (REFERENCE / "bibliography.md").read_text(encoding="utf-8")
    assert written == bibliography_page(), "run python tools/citations.py"
    assert all(f"\n({key})=\n" in written for key in bibliography())


def test_the_site_reads_the_reference_pages():
    text = "# B\n\nPapers.\n\n(hu2022)=\nHu.\n\n(a)=\nA.\n"
    assert PAGES["book/reference/bibliography"](text).endswith(
        "Papers.\n\n```{bibliography}\n:cited:\n```\n"
    )
    assert PAGES["book/reference/glossary"]("nat\n: A unit: 1.\n  More.") == (
        "nat\n  A unit: 1.\n  More."
    )


def test_the_site_reads_citations_terms_and_badges():
    assert with_roles(f"in {BITS}.") == "in {term}`bits <bit>`."
    assert with_roles(f"{HU} show") == "{cite:t}`hu2022` show"
    assert with_roles(f"so ({HU_ASIDE}; {GLOROT_ASIDE}).") == "so {cite:p}`hu2022,glorot2010`."
    assert with_roles("**Does not hold.** It") == "{bdg-danger}`does not hold` It"
    assert with_roles("[a page](relu.ipynb#x) (an aside)") == "[a page](relu.ipynb#x) (an aside)"
