"""Write constraints.txt: every package and version that requirements-dev.txt brings along.

It installs into an empty virtual environment with nothing but the pins in the requirement
files held, and writes down what came.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = """\
# Every package of a working set-up, direct or brought along. Written by `make lock`
# with Python {python}: change a version in the requirement files, not here.
"""


def lock():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for name in ("requirements.txt", "requirements-dev.txt", "binder/requirements.txt"):
            (folder / name).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
        (folder / "constraints.txt").touch()  # the new lock must not be held by the old one
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
        scripts = folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
        pip = [scripts / "python", "-m", "pip", "--disable-pip-version-check"]
        requirements = folder / "requirements-dev.txt"
        subprocess.run([*pip, "install", "--quiet", "-r", requirements], cwd=ROOT, check=True)
        freeze = subprocess.run(
            [*pip, "freeze", "--exclude-editable"], cwd=ROOT, check=True, stdout=subprocess.PIPE
        )
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    text = HEADER.format(python=python) + freeze.stdout.decode()
    (ROOT / "constraints.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    lock()
