"""JupyterLab for readers: it opens a list of the chapters, and opening one changes no file.

python tools/lab.py [OPTION...]    the options are those of `jupyter lab`
"""

import sys
from pathlib import Path

import nbformat
from ipykernel.ipkernel import IPythonKernel
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import reading
from tools.notebooks import METADATA, ROOT, parts

START = ROOT / "start.md"


def start_page(root=ROOT):
    """The chapters of _toc.yml with their minutes, as Markdown."""
    lines = ["# Bend the Line", "", "A chapter opens when you click it."]
    lines += ["Run its cells from the top with *Run, Run All Cells*, then move the sliders.", ""]
    number = 0
    for caption, pages in parts(root):
        chapters = [path for page in pages if (path := root / f"{page}.ipynb").is_file()]
        if not chapters:
            continue
        lines += [f"## {caption}", ""]
        for path in chapters:
            number += 1
            link = f"[{title(path)}]({path.relative_to(root).as_posix()})"
            lines.append(f"{number}. {link}, {reading.measure(path).minutes} minutes")
        lines.append("")
    return "\n".join(lines)


def title(path):
    first = nbformat.read(path, as_version=4).cells[0].source.splitlines()[0]
    return first.removeprefix("# ")


class CourseFiles(AsyncLargeFileManager):
    """Notebooks arrive with what JupyterLab would add, so that nothing is changed by opening
    them, and are saved without it: the kernel's exact version, and a second word for folded.
    """

    async def get(self, path, *arguments, **options):
        model = await super().get(path, *arguments, **options)
        if model["type"] == "notebook" and model["content"]:
            model["content"]["metadata"].update(_of_this_kernel())
        return model

    async def save(self, model, path=""):
        if model.get("type") == "notebook" and model.get("content"):
            metadata = model["content"]["metadata"]
            if all(metadata.get(key) == value for key, value in _of_this_kernel().items()):
                metadata.update(METADATA)
            for cell in model["content"]["cells"]:
                cell["metadata"].pop("collapsed", None)
        return await super().save(model, path)


def _of_this_kernel():
    name = METADATA["kernelspec"]["name"]
    spec = KernelSpecManager().get_kernel_spec(name)
    kernel = {"display_name": spec.display_name, "language": spec.language, "name": name}
    return {"kernelspec": kernel, "language_info": IPythonKernel.language_info}


def main():
    from jupyterlab.labapp import LabApp

    START.write_text(start_page(), encoding="utf-8")
    LabApp.launch_instance(
        [
            f"--notebook-dir={ROOT}",
            f"--LabApp.default_url=/lab/tree/{START.name}",
            f"--LabApp.app_settings_dir={ROOT / 'tools' / 'lab_settings'}",
            "--ServerApp.contents_manager_class=lab.CourseFiles",
            *sys.argv[1:],
        ]
    )


if __name__ == "__main__":
    main()
