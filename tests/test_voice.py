"""Phrases that must not come back: they were in the book, and read as if translated."""

import re

import nbformat
import pytest

from tests.rules import NOTEBOOKS, PAGES

PHRASES = {
    r"(derivative|gradient|slope)s?( of [\w ]{1,30})? by (the|w|its|an?|x)\b": "with respect to",
    r"\bhas (\w+ ){0,3}a ceiling\b": "there is a limit to",
    r"\bthat it bears\b|\bbears (more|less|a (higher|larger))": "tolerates",
    r"\bone sign, one slope\b": "the same sign, the same slope",
    r"\bbut for (the|its|that)\b": "except for",
    r"\bwho (tunes|trains|reads|wants|asks|looks|counts) on\b": "if you",
    r"\bno use here, for\b": "does not help, because",
    r"\bdoes not only\b|\bdo not only\b": "not only … but",
    r"\bis leave to\b": "lets you",
    r"\bin other clothes\b": "in disguise",
    r"\b(leaves?|left|leaving) (it|them|this|that) away\b": "leave out",
    r"\bin brackets stands?\b": "the brackets hold",
    r"\b(loss|accuracy|value|number)s? stands? at\b": "stays at, is",
    r"\bthe chapters? before\b": "the previous chapter",
    r"\bhow dear\b|\bdear exp": "how expensive",
    r"\bdeaf ears?\b": "robustness to",
    r"\bit grants it\b": "concedes",
    r"\b(learns?|learned|must learn) to answer [\d$½]": "learn to output",
    r"\bholds? its level\b": "keeps its variance",
    r"\bby heart\b": "memorise",
    r"\bthan they keep\b": "promise more than they deliver",
    r"\btoo shy\b": "underconfident",
    r"\balso negative ones\b": "including negative ones",
    r"\bfirst of all\b": "start here",
    r"\bstand many\b": "tolerate many",
    r"\bweigh(s|ed|ing)? anew\b|\banew\b": "reweight, again",
    r"\bparts? (them|the (points|plane|two|four|classes|arms))\b|\bpart these\b": "separate",
    r"\bhidden units?\b|\bdead units?\b": "neuron",
    r"\bnote that\b|\bit is important to\b|\bit should be noted\b": "say it",
    r"\b(net|network)s? answers?\b": "outputs",
    r", for (it|its|they|there|nobody|nothing|then|here|both|no) ": "because",
    r"\bnobody expects\b|\bsurprisingly\b|\bof course\b": "drop it",
}
PATTERNS = {re.compile(phrase, re.IGNORECASE): better for phrase, better in PHRASES.items()}


def prose(path):
    """The lines of running text of a page, with the number of their cell (0 on a page)."""
    if path.suffix == ".md":
        cells = [(0, path.read_text(encoding="utf-8"))]
    else:
        cells = enumerate(nbformat.v4.reads(path.read_text(encoding="utf-8")).cells, 1)
        cells = [(n, cell.source) for n, cell in cells if cell.cell_type == "markdown"]
    for n, text in cells:
        text = re.sub(r"(?ms)^```.*?^```", "", text)
        yield from ((n, re.sub(r"`[^`]*`", "", line)) for line in text.splitlines())


def complaints(lines):
    for n, line in lines:
        for pattern, better in PATTERNS.items():
            if match := pattern.search(line):
                yield f"cell {n}: “{match[0]}” ({better}) in: {line.strip()[:80]}"


@pytest.mark.parametrize("name", [*NOTEBOOKS, *PAGES])
def test_the_old_phrases_are_gone(name):
    found = list(complaints(prose((NOTEBOOKS | PAGES)[name])))
    assert not found, f"{name}\n" + "\n".join(found)


OLD = """slope of the loss by w
why has the learning rate a ceiling
the largest that it bears
one sign, one slope
but for the minimum
who tunes on one seed picks noise
no use here, for its kink falls between
does not only add nothing
centring is leave to go faster
in other clothes
we leave it away
In brackets stands the 95% interval
the loss stands at ln 2
the chapter before
how dear exp is
deaf ears for noise
to ReLU it grants it
must learn to answer 1
SELU holds its level
nobody can learn by heart
they say more than they keep
too shy
also negative ones
First of all
functions that stand many rates
weigh anew
no line parts these, it cannot part these
a hidden unit
Note that this holds
the network answers the same
it is slow, for it counts
which nobody expects"""


@pytest.mark.parametrize("old", OLD.splitlines())
def test_an_old_phrase_is_noticed(old):
    assert list(complaints([(1, old)]))


@pytest.mark.parametrize(
    "good",
    [
        "the gradient of the loss with respect to w, divided by the number of points",
        "the loss stays at ln 2, but for a larger learning rate it falls",
        "It waits for it to end.",
    ],
)
def test_good_english_passes(good):
    assert not list(complaints([(1, good)]))
