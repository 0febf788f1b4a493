"""Formulas become MathML that a browser sets well, and an unknown command is told."""

import re
import sys

import pytest
from sphinx.errors import ExtensionError

from tests.rules import NOTEBOOKS, PAGES, as_written
from tools.notebooks import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from formulas import to_mathml


def formulas(path):
    if path.suffix == ".md":
        texts = [path.read_text(encoding="utf-8")]
    else:
        texts = [c.source for c in as_written(path).cells if c.cell_type == "markdown"]
    for text in texts:
        text = re.sub(r"(?s)```.*?```|`[^`]*`", "", text)
        yield from re.findall(r"(?s)\$\$(.+?)\$\$", text)
        yield from re.findall(r"(?<![\\$])\$([^$\n]+)\$", text)


@pytest.mark.parametrize("name", [*NOTEBOOKS, *PAGES])
def test_every_formula_of_the_book_can_be_set(name):
    for formula in formulas((NOTEBOOKS | PAGES)[name]):
        assert "<math" in to_mathml(formula), formula


@pytest.mark.parametrize(("formula", "named"), [(r"\fcol{f} + 1", r"\\fcol"), ("a &= b", "&")])
def test_what_cannot_be_set_is_named(formula, named):
    with pytest.raises(ExtensionError, match=named):
        to_mathml(formula)


@pytest.mark.parametrize(
    ("formula", "has", "has_not"),
    [
        ("f'(x)", "&#x02032;", "<msup>"),
        (r"\mathrm{softmax}(z)", "<mi>softmax</mi>", "mspace"),
        (r"\log p", "<mi>log</mi><mspace width='0.17em'/><mi>p</mi>", "<mo>log"),
        (r"\operatorname{sign} x", "<mi>sign</mi><mspace", "<mo>sign"),
        (r"|e|", "lspace='0' rspace='0'>&#x0007C;", "mspace"),
        (r"\tanh^2(x)", "<msup><mi>tanh</mi><mn>2</mn></msup>", "mspace"),
        (r"\max(-1, x)", "<mo form='prefix'>&#x02212;</mo><mn>1</mn>", "mspace"),
        (r"a = -b", "<mo form='prefix'>&#x02212;</mo>", "mspace"),
        (r"x \tanh(y)", "<mi>x</mi><mspace width='0.17em'/><mi>tanh</mi>", "<mo>tanh"),
        (r"x_{\max}", "<msub><mi>x</mi>", "mspace"),
        (r"a - b", "<mo>&#x02212;</mo>", "form="),
        (r"\partial L", "lspace='0' rspace='0'>&#x02202;", "mspace"),
        (r"\max(0, x)", "<mi>max</mi>", "mspace"),
        (r"\begin{aligned} a &= b \\[1ex] c &= d \end{aligned}", "<mtable", "[1ex]"),
        (r"\begin{cases} 1 & x > 0 \\ 0 & x < 0 \end{cases}", 'class="bend-left"', "columnalign"),
    ],
)
def test_what_browsers_need_is_mended(formula, has, has_not):
    mathml = to_mathml(formula)
    assert has in mathml
    assert has_not not in mathml
