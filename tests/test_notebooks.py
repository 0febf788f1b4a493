"""The notebooks keep the rules, and each rule notices what it is for."""

import jupytext
import nbformat
import pytest

from tests import prose
from tests.rules import (
    NOTEBOOKS,
    PAGE_RULES,
    PAGES,
    RULES,
    as_written,
    cells_are_short,
    cells_have_ids,
    code_cells,
    figures_say_what_they_show,
    figures_stand_alone,
    folded_in_jupyterlab_too,
    follows_the_format,
    in_book,
    lines_fit,
    metadata_is_minimal,
    nothing_shown_bare,
    one_sentence_a_line,
    one_setup_cell,
    only_prints_are_committed,
    parsed,
    plain_python,
    prints_are_committed,
    run_in_order,
    solutions_are_folded,
    surely_prints,
    told,
)
from tools.notebooks import METADATA, ROOT, table_of_contents, tidy

# ---- the course keeps them ---------------------------------------------------------------


def test_the_table_of_contents_lists_a_notebook():
    assert NOTEBOOKS, "_toc.yml lists no notebook"


def test_every_listed_file_exists():
    missing = [in_book(path) for path in table_of_contents() if not path.is_file()]
    assert not missing, f"_toc.yml lists what is not there: {missing}"


def test_every_page_in_the_book_is_listed():
    there = {
        in_book(path)
        for suffix in ("ipynb", "md")
        for path in (ROOT / "book").rglob(f"*.{suffix}")
        if not {".ipynb_checkpoints", "_ext", "_static"} & set(path.parts)
    }
    listed = {in_book(path) for path in table_of_contents()}
    assert not there - listed, f"not in _toc.yml: {sorted(there - listed)}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook(name, rule):
    complaints = told(name, rule(as_written(NOTEBOOKS[name])))
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("name", PAGES)
def test_page(name):
    """A Markdown page may run code, but has nowhere to commit what it prints."""
    text = PAGES[name].read_text(encoding="utf-8")
    complaints = [(0, complaint) for complaint in prose.complaints(text)]
    if "{code-cell}" in text:
        page = jupytext.reads(text, fmt="md:myst")
        complaints += [found for rule in PAGE_RULES for found in rule(page)]
        for n, cell in code_cells(page):
            if surely_prints(parsed(cell)):
                complaints.append((n, "prints on a Markdown page, where nothing compares it"))
    assert not complaints, "\n".join(told(name, complaints))


# ---- the rules notice what they are for --------------------------------------------------


def code(source, count=1, prints=None, tags=(), **outputs):
    cell = nbformat.v4.new_code_cell(source, execution_count=count)
    if prints:
        cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=prints)]
    if outputs:
        cell.outputs = [nbformat.v4.new_output(**outputs)]
    if tags:
        cell.metadata["tags"] = list(tags)
    return cell


def markdown(text):
    return nbformat.v4.new_markdown_cell(text)


def notebook(*cells):
    return nbformat.v4.new_notebook(cells=list(cells), metadata=METADATA)


def with_ids(*names):
    wrong = notebook(*(code("a = 1", n) for n in range(1, len(names) + 1)))
    for cell, name in zip(wrong.cells, names, strict=True):
        if name is None:
            del cell["id"]
        else:
            cell["id"] = name
    return wrong


GOOD = tidy(notebook(
    markdown("# A title\n\nOne sentence, e.g. This one.\nAnother by {term}`x` et al. Here."),
    code("import numpy as np\n\nfrom actlib.explore import explore, figure"),
    code("for n in range(2):\n    print(n)", 2, "0\n1\n"),
    code("from actlib import relu\n\ndef show():\n    print(1)", 3),
    code("figure(draw, 'A line.')", 4),
    code("shown = explore(draw, question='Why?', describe=say, a=[1, 2])\nshown", 5),
    markdown(":::{admonition} Exercise 1\n:class: exercise\nFind $a$.\n:::\n\n### Solution"),
    code("a = 1\nassert a == 1", 6, tags=["hide-cell"]),
    code("b = 1\n" * 24 + f"c = '{78 * 'c'}'", 7, tags=["hide-input"]),
    code("print(b)", 8, 79 * "b", tags=["remove-cell"]),
    code("d = 1" + 73 * " ", 9, 78 * "b"),
))  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_good_notebook_passes(rule):
    assert list(rule(GOOD)) == []


WRONG = [
    (cells_have_ids, with_ids("0", None), "cell 2 has no id"),
    (cells_have_ids, with_ids("0", "1", "0"), "cell 3 has the id 0"),
    (follows_the_format, with_ids("0", None), "no valid notebook"),
    (follows_the_format, with_ids("0", "0"), "no valid notebook"),
    (follows_the_format, with_ids("not an id"), "no valid notebook"),
    (plain_python, notebook(code("%matplotlib inline")), "cell 1 is not plain Python"),
    (run_in_order, notebook(code("a = 1", 1), code("b = 2", 3)), "cell 2 has execution count 3"),
    (run_in_order, notebook(code("a = 1", None)), "execution count None"),
    (run_in_order, notebook(code(" ")), "is empty"),
    (prints_are_committed, notebook(code("print(1)")), "its output is not committed"),
    (prints_are_committed, notebook(code("for n in x:\n    print(n)")), "not committed"),
    (
        only_prints_are_committed,
        notebook(code("f", output_type="display_data", data={"image/svg+xml": "<svg/>"})),
        "image/svg+xml",
    ),
    (
        only_prints_are_committed,
        notebook(code("f", output_type="stream", name="stderr", text="RuntimeWarning: x")),
        "committed warning: RuntimeWarning",
    ),
    (nothing_shown_bare, notebook(code("x = 1\nx.mean")), "bare value x.mean"),
    (cells_are_short, notebook(code("a = 1\n" * 16)), "has 16 lines, over 15"),
    (cells_are_short, notebook(code("a = 1\n" * 16, tags=["draw"])), "has 16 lines, over 15"),
    (cells_are_short, notebook(code("a = 1\n" * 26, tags=["hide-input"])), "26 lines, over 25"),
    (lines_fit, notebook(code("a = 1\nb = '" + 74 * "x" + "'")), "shows 80 letters in a line"),
    (lines_fit, notebook(code("print(a)", prints="a\n" + 79 * "a")), "79 letters in a line"),
    (
        lines_fit,
        notebook(code("print(a)", prints=79 * "a", tags=["hide-cell"])),
        "79 letters in a line",
    ),
    (one_setup_cell, notebook(markdown("text")), "no code cell"),
    (one_setup_cell, notebook(code("a = 1")), "imports nothing"),
    (one_setup_cell, notebook(code("import a\n" * 7)), "has 7 lines, over 6"),
    (one_setup_cell, notebook(code("import a"), code("import b.c", 2)), "cell 2 imports b.c"),
    (one_setup_cell, notebook(code("import a"), code("from b import c", 2)), "imports b,"),
    (metadata_is_minimal, nbformat.v4.new_notebook(metadata={}), "metadata is {}"),
    (figures_say_what_they_show, notebook(code("figure(draw)")), "figure without description"),
    (figures_say_what_they_show, notebook(code("figure(draw, '')")), "without description"),
    (figures_say_what_they_show, notebook(code("explore(d, describe=s)")), "without question"),
    (figures_say_what_they_show, notebook(code("explore(d, question='?')")), "without describe"),
    (
        figures_say_what_they_show,
        notebook(code("import matplotlib.pyplot as plt")),
        "imports pyplot",
    ),
    (
        figures_say_what_they_show,
        notebook(code("from matplotlib import pyplot")),
        "imports pyplot",
    ),
    (figures_stand_alone, notebook(code("figure(d, 'x')\na = 1")), "must end in its one figure"),
    (figures_stand_alone, notebook(code("a = figure(d, 'x')")), "must end in its one figure"),
    (figures_stand_alone, notebook(code("figure(d, 'x')\nfigure(d, 'y')")), "must end in its one"),
    (
        folded_in_jupyterlab_too,
        notebook(code("a = 1", tags=["hide-input"])),
        "cell 1 needs the metadata jupyter: {'source_hidden': True}",
    ),
    (nothing_shown_bare, notebook(code("x = f(1)\nx")), "bare value x"),
    (figures_stand_alone, notebook(code("print(1)\nfigure(d, 'x')")), "make two cells"),
    (solutions_are_folded, notebook(*GOOD.cells[:-4]), "1 exercises, but 0 folded"),
    (
        solutions_are_folded,
        notebook(markdown("text"), code("a = 1", tags=["hide-cell"])),
        "cell 2 is folded",
    ),
    (one_sentence_a_line, notebook(markdown("One. Two.")), "cell 1 line 1 holds two sentences"),
    (one_sentence_a_line, notebook(markdown("- Is it `a`? `b` is.")), "two sentences"),
    (one_sentence_a_line, notebook(markdown("It gives $x$. `y` gives 3. So do we.")), "holds two"),
    (one_sentence_a_line, notebook(markdown("A sentence\nthat goes on.")), "of line 1"),
    (
        one_sentence_a_line,
        notebook(
            markdown(":::{admonition} Predict\n:class: predict dropdown\nA. It is so. B is.\n:::")
        ),
        "line 3 holds two",
    ),
]


@pytest.mark.parametrize(("rule", "bad", "says"), WRONG)
def test_a_rule_names_the_cell_that_breaks_it(rule, bad, says):
    complaints = told("x.ipynb", rule(bad))
    assert any(says in complaint for complaint in complaints), complaints


def test_formulas_code_and_titles_are_no_sentences():
    text = """# One. Two.

(label)=
A formula follows.
$$
a. B
$$
| One. Two. | Three. |

```python
a. B
```
:::{admonition} Predict. What?
:class: predict
1. See Fig. A and J. Smith, cf. Kim vs. Lee.
:::
"""
    assert prose.complaints(text) == []
