"""Which parts of actlib a chapter uses, read from the code of its notebook."""

import ast
import functools
import importlib
from collections import Counter
from pathlib import Path

import nbformat

from actlib import ACTIVATIONS, GATES, LOSSES
from tools.notebooks import notebooks

RECORDS = ACTIVATIONS | GATES | LOSSES
NAMED_IN_TEXT = RECORDS.keys() - {"step"}  # sliders are called "step", for another reason


def code(path):
    """The syntax tree of each code cell of a notebook."""
    cells = nbformat.v4.reads(path.read_text(encoding="utf-8")).cells
    return [ast.parse(cell.source) for cell in cells if cell.cell_type == "code"]


def dotted(node):
    """``a.b.c`` as ["a", "b", "c"]; anything else, as a call in between, ends it."""
    if isinstance(node, ast.Attribute):
        left = dotted(node.value)
        return left and [*left, node.attr]
    return [node.id] if isinstance(node, ast.Name) else []


def imported(trees):
    """{name in the notebook: dotted name} of what comes from actlib."""
    names = {}
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "actlib":
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "actlib":
                    names[alias.asname or "actlib"] = alias.name if alias.asname else "actlib"
    return names


def used(path):
    """How often a notebook names each thing of actlib, as a Counter of dotted names.

    A record is used where its name stands as text, too: MLP((2, 5, 1), "relu").
    """
    trees = code(path)
    names, found = imported(trees), Counter()
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Constant) and node.value in NAMED_IN_TEXT:
            found[f"actlib.{node.value}"] += 1
        first, *rest = dotted(node) or [None]
        if first in names:
            found[".".join([names[first], *rest])] += 1
    return found


def thing(name):
    """What a dotted name of actlib stands for; None if it is not there."""
    module, _, rest = name.partition(".")
    found = importlib.import_module(module)
    for part in filter(None, rest.split(".")):
        if not hasattr(found, part):
            try:
                importlib.import_module(f"{found.__name__}.{part}")
            except (ImportError, AttributeError):
                return None
        found = getattr(found, part)
    return found


@functools.cache
def by_chapter(root):
    """{page: the things of actlib that it uses}, in the order of reading."""
    return {
        path.relative_to(root).with_suffix("").as_posix(): [
            found for name in used(path) if (found := thing(name)) is not None
        ]
        for path in notebooks(Path(root))
    }


def chapters(things, root):
    """The pages that use one of some things, in the order of reading."""
    return [page for page, there in by_chapter(root).items() if any(t in there for t in things)]


def home(record, root):
    """The page to send a reader to: of that name, else where its card is, else the first use."""
    pages = chapters([record.function, record.derivative], root)
    for page in by_chapter(root):
        if page.rsplit("/", 1)[-1] == record.name:
            return page
    for page in pages:
        for tree in code(Path(root, page).with_suffix(".ipynb")):
            text = ast.unparse(tree)
            if ".card()" in text and f"'{record.name}'" in text:
                return page
    return pages[0] if pages else None
