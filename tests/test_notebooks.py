"""What a committed notebook keeps to, so that its diff reads well and nbval compares it all."""

import ast
import copy
import re
import warnings

import jupytext
import nbformat
import pytest

from tests import prose
from tools.notebooks import METADATA, ROOT, notebooks, table_of_contents, tidy

CELL_LINES = 15
HIDDEN_CELL_LINES = 25
HIDDEN = {"hide-input", "hide-cell", "remove-cell"}
SETUP_LINES = 6
LINE_LENGTH = 78  # what the page's column holds
# Notebooks that are still wider somewhere; a name goes when its lines fit.
STILL_WIDE = {
    f"book/{name}.ipynb"
    for name in (
        *(f"activations/{page}" for page in ("maxout",)),
        *(f"deep_xor/{page}" for page in ("atlas", "deep_xor")),
        *("first_network", "linear_collapse"),
    )
}
SHOWS = {"explore", "figure"}


def in_book(path):
    return path.relative_to(ROOT).as_posix()


NOTEBOOKS = {in_book(path): path for path in notebooks()}
PAGES = {in_book(path): path for path in table_of_contents() if path.suffix == ".md"}


# ---- the rules: each takes a notebook and yields (cell number, what is wrong) -------------


def code_cells(notebook):
    return [(n, cell) for n, cell in enumerate(notebook.cells, 1) if cell.cell_type == "code"]


def tags(cell):
    return cell.metadata.get("tags", [])


def parsed(cell):
    """The cell's syntax tree; an empty one where it is not plain Python."""
    try:
        return ast.parse(cell.source)
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])


def calls(tree, names):
    """Calls of the named functions, wherever they stand."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


def always_runs(node):
    """The parts of a syntax tree that run whenever the cell runs."""
    yield node
    later = (ast.FunctionDef, ast.Lambda, ast.ClassDef, ast.If, ast.IfExp, ast.Try, ast.While)
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, later):
            yield from always_runs(child)


def surely_prints(tree):
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        for node in always_runs(tree)
    )


def plain_python(notebook):
    for n, cell in code_cells(notebook):
        try:
            ast.parse(cell.source)
        except SyntaxError as error:
            yield n, f"is not plain Python (no % and no ! lines): {error}"


def run_in_order(notebook):
    for expected, (n, cell) in enumerate(code_cells(notebook), 1):
        if cell.execution_count != expected:
            yield n, f"has execution count {cell.execution_count} instead of {expected}"
        if not cell.source.strip():
            yield n, "is empty"


def prints_are_committed(notebook):
    for n, cell in code_cells(notebook):
        if surely_prints(parsed(cell)) and not cell.outputs:
            yield n, "prints, but its output is not committed"


def only_prints_are_committed(notebook):
    for n, cell in code_cells(notebook):
        for output in cell.outputs:
            if output.output_type != "stream":
                shown = ", ".join(output.get("data", {})) or output.output_type
                yield n, f"has a committed output that is not printed text: {shown}"
            elif output.name != "stdout":
                yield n, f"has a committed warning: {output.text.strip()[:80]}"


def shown_last(tree):
    """The explore or figure call that a cell ends in, itself or by the name it was given."""
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        return None
    named = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    value = last.value
    if isinstance(value, ast.Name):
        value = named.get(value.id)
    return value if value in calls(tree, SHOWS) else None


def nothing_shown_bare(notebook):
    for n, cell in code_cells(notebook):
        tree = parsed(cell)
        last = tree.body[-1] if tree.body else None
        bare = isinstance(last, ast.Expr) and not isinstance(last.value, ast.Call)
        if bare and shown_last(tree) is None:
            yield n, f"ends in the bare value {ast.unparse(last)}: print it, rounded"


def cells_are_short(notebook):
    for n, cell in code_cells(notebook):
        lines = len(cell.source.splitlines())
        most = HIDDEN_CELL_LINES if HIDDEN.intersection(tags(cell)) else CELL_LINES
        if lines > most:
            yield n, f"has {lines} lines, over {most}"


def lines_fit(notebook):
    for n, cell in code_cells(notebook):
        printed = [output.text for output in cell.outputs if output.output_type == "stream"]
        shown = [] if HIDDEN.intersection(tags(cell)) else [cell.source]
        if "remove-cell" not in tags(cell):
            shown += printed
        for line in "\n".join(shown).splitlines():
            if len(line) > LINE_LENGTH:
                yield n, f"shows {len(line)} letters in a line, over {LINE_LENGTH}: {line[:40]}"


def one_setup_cell(notebook):
    cells = code_cells(notebook)
    if not cells:
        yield 0, "no code cell at all"
        return
    (first, setup), *others = cells
    imports = (ast.Import, ast.ImportFrom)
    if not any(isinstance(node, imports) for node in parsed(setup).body):
        yield first, "is the first code cell and imports nothing"
    lines = len(setup.source.strip().splitlines())
    if lines > SETUP_LINES:
        yield first, f"is the setup cell and has {lines} lines, over {SETUP_LINES}"
    for n, cell in others:
        for node in ast.walk(parsed(cell)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                if name.split(".")[0] != "actlib":
                    yield n, f"imports {name}, which belongs into the setup cell"


def metadata_is_minimal(notebook):
    if notebook.metadata != METADATA:
        yield 0, f"metadata is {dict(notebook.metadata)}, not {METADATA}: run `make strip`"


def folded_in_jupyterlab_too(notebook):
    wanted = tidy(copy.deepcopy(notebook))
    for n, (cell, tidied) in enumerate(zip(notebook.cells, wanted.cells, strict=True), 1):
        if cell.metadata.get("jupyter") != tidied.metadata.get("jupyter"):
            folds = tidied.metadata.get("jupyter")
            yield n, f"needs the metadata jupyter: {folds}: run `make strip`"


def figures_say_what_they_show(notebook):
    for n, cell in code_cells(notebook):
        tree = parsed(cell)
        for call in calls(tree, SHOWS):
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            if call.func.id == "figure" and len(call.args) > 1:
                given["description"] = call.args[1]
            needed = {"explore": ("question", "describe"), "figure": ("description",)}
            for name in needed[call.func.id]:
                value = given.get(name)
                empty = isinstance(value, ast.Constant) and not value.value
                if value is None or empty:
                    yield n, f"calls {call.func.id} without {name}"
        for node in ast.walk(tree):
            module = getattr(node, "module", None) or ""
            named = [alias.name for alias in getattr(node, "names", []) if hasattr(alias, "name")]
            if any("pyplot" in name for name in [module, *named]):
                yield n, "imports pyplot: its figures carry no description, figure() does"


def figures_stand_alone(notebook):
    for n, cell in code_cells(notebook):
        tree = parsed(cell)
        shown = list(calls(tree, SHOWS))
        if not shown:
            continue
        if shown != [shown_last(tree)]:
            yield n, f"must end in its one {shown[0].func.id}(...)"
        if cell.get("outputs") or surely_prints(tree):
            yield n, "prints and shows a figure: make two cells of it"


def solutions_are_folded(notebook):
    heading, exercises, solutions = "", 0, 0
    for n, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "markdown":
            exercises += len(re.findall(r"^:class:.*\bexercise\b", cell.source, re.MULTILINE))
            heading = cell.source
        elif cell.cell_type == "code" and "hide-cell" in tags(cell):
            solutions += 1
            if not re.search(r"^(?:#+ .*|\*\*)\bSolution", heading, re.MULTILINE):
                yield n, "is folded (hide-cell) without a heading `Solution` above it"
    if solutions < exercises:
        yield 0, f"{exercises} exercises, but {solutions} folded solutions (tag hide-cell)"


def one_sentence_a_line(notebook):
    for n, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "markdown":
            for complaint in prose.complaints(cell.source):
                yield n, complaint


def cells_have_ids(notebook):
    """Formats 4.5 and later ask for one; an editor keeps a cell's history by it."""
    seen = set()
    for n, cell in enumerate(notebook.cells, 1):
        name = cell.get("id")
        if not name:
            yield n, "has no id: run `make strip`"
        elif name in seen:
            yield n, f"has the id {name}, as a cell before it: run `make strip`"
        seen.add(name)


def follows_the_format(notebook):
    """nbformat repairs some things in silence or with a warning: both are told here."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            nbformat.validate(copy.deepcopy(notebook))
        except (nbformat.ValidationError, Warning) as error:
            yield 0, f"is no valid notebook: {str(error).strip().splitlines()[0]}"


RULES = (
    cells_have_ids,
    follows_the_format,
    plain_python,
    run_in_order,
    prints_are_committed,
    only_prints_are_committed,
    nothing_shown_bare,
    cells_are_short,
    lines_fit,
    one_setup_cell,
    metadata_is_minimal,
    folded_in_jupyterlab_too,
    figures_say_what_they_show,
    figures_stand_alone,
    solutions_are_folded,
    one_sentence_a_line,
)
PAGE_RULES = (plain_python, figures_say_what_they_show, figures_stand_alone)


def as_written(path):
    """The notebook as it is in the file; nbformat.read would add missing ids to it."""
    return nbformat.v4.reads(path.read_text(encoding="utf-8"))


def told(name, complaints):
    return [f"{name}, " + (f"cell {n} {what}" if n else what) for n, what in complaints]


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
    if rule is lines_fit and name in STILL_WIDE:
        pytest.skip("is still wide")
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
