"""Put Python for the reader's browser, JupyterLite, into the built site.

    python tools/lite.py [_build/html]      makes the folder `lite` in it

A notebook opened there finds actlib and the rest without an install cell. Python itself
(Pyodide) comes from its own network when a reader opens a notebook; with COURSE_PYODIDE=FOLDER
the files of that folder go into the site, which then asks no other host.
"""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tools.notebooks import ROOT, notebooks

KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
# ipywidgets and what it imports that Pyodide does not bring
PURE_PYTHON = ("comm", "ipywidgets")
# Pyodide looks for a wheel from the folder of the kernel's worker.
WHEELS = "../../../../wheels"


def run(*words, cwd):
    """Run a module of this Python; what it said is shown if it fails."""
    command = [sys.executable, "-m", *map(str, words)]
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout.decode(errors='replace')}")


def installed_as_wheel(name, folder):
    """Pack an installed package of pure Python, so that nothing has to be fetched."""
    package = distribution(name)
    wheel = folder / f"{name}-{package.version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in package.files:
            if ".." not in file.parts and file.suffix != ".pyc":
                archive.write(file.locate(), file.as_posix())


def build(site):
    lite = site / "lite"
    # A new folder each time: beside the record of an earlier build, settings get lost in silence.
    with TemporaryDirectory() as work:
        wheels = Path(work) / "wheels"
        wheels.mkdir()
        for name in PURE_PYTHON:
            installed_as_wheel(name, wheels)
        run("flit_core.wheel", "--outdir", wheels, ".", cwd=ROOT)
        source = Path(work) / "source"
        shutil.copytree(ROOT / "lite", source)
        settings = json.loads((source / "jupyter-lite.json").read_text("utf8"))
        kernel = settings["jupyter-config-data"]["litePluginSettings"][KERNEL]
        kernel["loadPyodideOptions"]["packages"] += sorted(
            f"{WHEELS}/{wheel.name}" for wheel in wheels.iterdir()
        )
        (source / "jupyter-lite.json").write_text(json.dumps(settings), "utf8")
        if pyodide := os.environ.get("COURSE_PYODIDE"):
            if not (Path(pyodide) / "pyodide-lock.json").is_file():
                raise SystemExit(f"COURSE_PYODIDE={pyodide}: there is no pyodide-lock.json in it")
            shutil.copytree(pyodide, source / "static/pyodide", copy_function=shutil.copyfile)
        contents = Path(work) / "contents"
        for path in notebooks():
            copy = contents / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        places = ["--lite-dir", source, "--contents", contents, "--output-dir", lite]
        run("jupyterlite_core", "build", *places, cwd=work)
        shutil.copytree(wheels, lite / "wheels")
    for name in ("start.html", "start.js"):
        shutil.copyfile(ROOT / "lite" / name, lite / name)


if __name__ == "__main__":
    build(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "_build/html").resolve())
