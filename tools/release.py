"""Build the package, look at it, and say what is left to do for a release.

    python tools/release.py

It changes nothing outside dist/ and tells no other machine of it. Its tools are not among the
requirements; they get an environment of their own for the time that this takes.
"""

import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ("build==1.6.1", "twine==7.0.0")  # makes wheel and sdist; checks what is written in them
LEFT = """
Built and checked, in dist/: {files}

This has not been done, and only a person should do it:
  1. make test                     all stages pass
  2. git tag v{version}                  on the commit that is released
  3. git push origin v{version}          the tag, for readers and for Binder
  4. twine upload dist/*           only if the package is to be published
"""


def run(*command):
    print("+", *command, flush=True)
    subprocess.run(command, check=True, cwd=ROOT)


def main():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    shutil.rmtree(ROOT / "dist", ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder, "Scripts" if sys.platform == "win32" else "bin", "python")
        run(python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", *TOOLS)
        run(python, "-m", "build", "--outdir", "dist")
        built = sorted((ROOT / "dist").iterdir())
        run(python, "-m", "twine", "check", "--strict", *built)
    print(LEFT.format(files=", ".join(path.name for path in built), version=version))


if __name__ == "__main__":
    main()
