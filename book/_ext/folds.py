"""What is folded: the disclosure of HTML, which needs no script and says what it opens."""

from docutils import nodes
from myst_nb.sphinx_ext import HideCodeCellNode

# A toggle that reads "Show the code" needs no other name.
NAMELESS = ' aria-label="Toggle hidden content"'


class Fold(nodes.Element):
    """A box of class dropdown."""


class FoldTitle(nodes.Element):
    """Its title, which opens it."""


def visit_fold(translator, node):
    translator.body.append(translator.starttag(node, "details", CLASS="admonition"))


def depart_fold(translator, node):
    translator.body.append("</details>\n")


def visit_title(translator, node):
    translator.body.append('<summary class="admonition-title">')


def depart_title(translator, node):
    translator.body.append("</summary>\n")


def fold_boxes(app, doctree, docname):
    for box in list(doctree.findall(nodes.admonition)):
        if "dropdown" in box["classes"]:
            title, *rest = box.children
            fold = Fold("", FoldTitle("", *title.children), *rest, classes=box["classes"])
            fold["ids"] = box["ids"]
            box.replace_self(fold)


def is_cell(node):
    return isinstance(node, nodes.container) and "tag_hide-input" in node["classes"]


def has_output(cell):
    return any("cell_output" in part["classes"] for part in cell.children)


def one_toggle_a_figure(app, doctree, docname):
    """The figure first, then all the code that drew it, for the eye and for the Tab key.

    Folded cells that print nothing, right before a folded cell, share its toggle.
    """
    cells = [cell for cell in doctree.findall(nodes.container) if is_cell(cell)]
    for cell in cells:
        after = cell.next_node(descend=False, siblings=True)
        if is_cell(after) and not has_output(cell):
            fold, next_fold = (next(c.findall(HideCodeCellNode)) for c in (cell, after))
            next_fold.insert(0, fold.children)
            cell.parent.remove(cell)
        else:
            cell.children.sort(key=lambda part: "cell_output" not in part["classes"])


def name_toggles(app, pagename, templatename, context, doctree):
    if "body" in context:
        context["body"] = context["body"].replace(NAMELESS, "")


def setup(app):
    app.add_node(Fold, html=(visit_fold, depart_fold))
    app.add_node(FoldTitle, html=(visit_title, depart_title))
    app.connect("doctree-resolved", fold_boxes)
    app.connect("doctree-resolved", one_toggle_a_figure)
    app.connect("html-page-context", name_toggles)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
