"""Formulas are set when the book is built: LaTeX becomes MathML, which browsers show by themselves.

No script runs on the page, a reader without JavaScript sees the same formulas, and screen
readers speak them.
"""

import re

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

logger = logging.getLogger(__name__)


# What the converter leaves to be set: (what it writes, what a browser sets well, why).
MENDS = (
    # the sign for a prime is raised by itself; raised twice, it is a speck
    (r"<msup>(<mi>[^<]*</mi>)<mi>&#x02032;</mi></msup>",
     r"<mrow>\1<mo lspace='0' rspace='0'>&#x02032;</mo></mrow>"),
    # a minus after a bracket, a comma or a sign of equality is a sign, not a difference
    (r"(<mo[^>]*>&#x000(?:28|2C|3D);</mo>)<mo>&#x02212;</mo>",
     r"\1<mo form='prefix'>&#x02212;</mo>"),
    # a name of a function keeps a thin space before its argument, unless a bracket follows
    (r"(?<!<msup>)<m[io]>([a-zA-Z]{2,})</m[io]>(?=<m(?:i|n|frac|sub|sup|sqrt|over|row><mi))",
     r"<mi>\1</mi><mspace width='0.17em'/>"),
    # and after a factor before it, unless it is an exponent or an index
    (r"(?<=</mi>|</mn>)(<m[io]>[a-zA-Z]{2,}</m[io]>)(?!</ms)", r"<mspace width='0.17em'/>\1"),
    (r"<mo>([a-zA-Z]{2,})</mo>", r"<mi>\1</mi>"),
    # the alignment of a column is for style sheets to say
    (r'columnalign="(left|right)"', r'class="bend-\1"'),
    # bars and the sign of a derivative are no operators with space on both sides
    (r"<mo(?: stretchy=\"false\")?>(&#x0007C;|&#x02016;|&#x02202;)</mo>",
     r"<mo stretchy='false' lspace='0' rspace='0'>\1</mo>"),
)  # fmt: skip


def to_mathml(latex, display="inline"):
    """MathML of a formula; ExtensionError if a command in it is not known."""
    # A name set upright, as \mathrm{softmax}, is one identifier and not seven.
    upright = re.sub(r"\\mathrm\{([A-Za-z]{2,})\}", r"\\operatorname{\1}", latex.strip())
    # The converter knows this environment by its other name, and no extra space between lines.
    upright = upright.replace("{aligned}", "{split}")
    upright = re.sub(r"\\\\\[[\d.]+e[xm]\]", r"\\\\ ", upright)
    mathml = convert(upright, display=display)
    if unknown := re.search(r"<m\w+[^>]*>(\\[A-Za-z]+|&(?:amp;)?<)", mathml):
        raise ExtensionError(f"cannot set {unknown[1].rstrip('<')} in the formula {latex}")
    for pattern, mended in MENDS:
        mathml = re.sub(pattern, mended, mathml)
    return mathml


def _write(translator, node, display):
    try:
        return to_mathml(node.astext(), display)
    except Exception as error:  # with -W a formula that cannot be set stops the build
        logger.warning("%s", error, location=node)
        return translator.encode(node.astext())


def visit_inline(translator, node):
    translator.body.append(_write(translator, node, "inline"))
    raise nodes.SkipNode


def visit_block(translator, node):
    translator.body.append(translator.starttag(node, "div", CLASS="math"))
    if node["number"]:
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    translator.body.append(_write(translator, node, "block") + "</div>\n")
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
