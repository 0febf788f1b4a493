"""The rules that a committed notebook keeps: its diff reads well, and nbval compares it all."""

import ast
import copy
import re
import warnings

import nbformat

from tests import prose
from tools.notebooks import METADATA, ROOT, notebooks, table_of_contents, tidy

CELL_LINES = 15
HIDDEN_CELL_LINES = 25
HIDDEN = {"hide-input", "hide-cell", "remove-cell"}
SETUP_LINES = 6
LINE_LENGTH = 78  # what the page's column holds
SHOWS = {"explore", "figure"}


def in_book(path):
    return path.relative_to(ROOT).as_posix()


NOTEBOOKS = {in_book(path): path for path in notebooks()}
WRITTEN_BY_A_TOOL = {"book/reference/bibliography.md"}
PAGES = {
    in_book(path): path
    for path in table_of_contents()
    if path.suffix == ".md" and in_book(path) not in WRITTEN_BY_A_TOOL
}


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
