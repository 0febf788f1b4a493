"""The notebooks of the course: which there are, run them, and keep figures out of git.

    python tools/notebooks.py list            the notebooks of _toc.yml, in order
    python tools/notebooks.py run [FILE...]   run in place, then strip (all of them by default)
    python tools/notebooks.py strip [FILE...] drop figures and an editor's metadata, write links
    python tools/notebooks.py verify          is every notebook stripped?

A committed notebook keeps what its cells print, so that nbval can compare it, and their
numbering. Figures are drawn again wherever the notebook is run.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# What the site does with a tag, in JupyterLab's words.
FOLDED = {
    "hide-input": {"source_hidden": True},
    "hide-cell": {"source_hidden": True, "outputs_hidden": True},
    "remove-cell": {"source_hidden": True, "outputs_hidden": True},
}
# The same flags as the hook in .pre-commit-config.yaml (a test holds them together).
NBSTRIPOUT = [
    "--keep-count",
    "--keep-output-type=stream",
    "--extra-keys=metadata.language_info.codemirror_mode metadata.language_info.file_extension"
    " metadata.language_info.mimetype metadata.language_info.nbconvert_exporter"
    " metadata.language_info.pygments_lexer metadata.language_info.version metadata.jupytext",
]
CELL_SECONDS = 300


def entries(node):
    """The files named in a part of _toc.yml, in reading order."""
    if isinstance(node, list):
        return [name for child in node for name in entries(child)]
    if not isinstance(node, dict):
        return []
    own = [node[key] for key in ("root", "file") if key in node]
    inside = [node[key] for key in ("parts", "chapters", "sections", "subtrees") if key in node]
    return own + entries(inside)


def read_toc(root=ROOT):
    """What _toc.yml says."""
    return yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))


def parts(root=ROOT):
    """[(caption, [page, ...]), ...] of _toc.yml; the first has no caption and the front page."""
    toc = read_toc(root)
    chapters = [(p["caption"], [entry["file"] for entry in p["chapters"]]) for p in toc["parts"]]
    return [("", [toc["root"]]), *chapters]


def table_of_contents(root=ROOT):
    """The files of _toc.yml as paths below root; a name without a file stays as it is."""
    toc = read_toc(root)
    paths = []
    for name in entries(toc):
        candidates = [root / f"{name}{suffix}" for suffix in (".ipynb", ".md", "")]
        paths.append(next((path for path in candidates if path.is_file()), root / name))
    return paths


def notebooks(root=ROOT):
    """The notebooks of _toc.yml."""
    return [path for path in table_of_contents(root) if path.suffix == ".ipynb"]


def run(path):
    """Run a notebook in its folder and write it back; leave the file alone if a cell raises."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name=METADATA["kernelspec"]["name"],
        resources={"metadata": {"path": str(path.parent)}},
        coalesce_streams=True,
        record_timing=False,
        store_widget_state=False,
    )
    try:
        client.execute()
    except CellExecutionError as error:
        raise SystemExit(f"{path}: a cell raises, the file stays as it was\n{error}") from None
    nbformat.write(tidy(notebook), path)


def tidy(notebook):
    """Our metadata and nothing else; what the site folds is folded in JupyterLab too."""
    import nbformat

    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        folded = FOLDED.get(next(iter(set(cell.metadata.get("tags", [])) & set(FOLDED)), ""))
        cell.metadata.pop("jupyter", None)
        if folded:
            cell.metadata["jupyter"] = dict(folded)
    return notebook


def nbstripout(paths, *extra):
    command = [sys.executable, "-m", "nbstripout", *extra, *NBSTRIPOUT, "--", *map(str, paths)]
    return subprocess.run(command, check=False).returncode


def strip(paths):
    """Drop figures and metadata that an editor leaves behind."""
    import nbformat

    for path in paths:
        nbformat.write(with_links(tidy(nbformat.read(path, as_version=4)), path), path)
    return nbstripout(paths)


def with_links(notebook, path):
    """Links, which JupyterLab can show, for the roles of citations and terms."""
    from tools.citations import REFERENCE, as_links

    reference = os.path.relpath(REFERENCE, path.parent).replace(os.sep, "/")
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = as_links(cell.source, reference)
    return notebook


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=("list", "run", "strip", "verify"))
    parser.add_argument("files", nargs="*", type=Path)
    arguments = parser.parse_args()
    paths = [path.resolve() for path in arguments.files] or notebooks()
    if not paths:
        raise SystemExit("_toc.yml lists no notebook: there is nothing to run and nothing to test")
    if arguments.command == "list":
        print(*(path.relative_to(ROOT).as_posix() for path in paths), sep="\n")
    elif arguments.command == "run":
        for path in paths:
            print(f"running {path.relative_to(ROOT).as_posix()}", flush=True)
            run(path)
        raise SystemExit(strip(paths))
    elif arguments.command == "strip":
        raise SystemExit(strip(paths))
    elif nbstripout(paths, "--verify"):
        raise SystemExit("a notebook holds a figure or an editor's metadata: run `make strip`")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
