"""An atlas of eight cells, made by the command in a process of its own."""

import contextlib
import subprocess
import sys
import time

from actlib.atlas import Settings

TINY = Settings(("relu", "tanh"), ("he",), (1, 2), (2, 3), (0.1, 1.0), 32, 400)
GRID = (
    "--activation relu tanh --initialise he --depth 1 2 --width 2 3 "
    "--learning-rate 0.1 1 --networks 32 --steps 400"
)


TASKS = TINY.tasks()


def options(folder, *more):
    return [*GRID.split(), "--out", str(folder / "tiny.csv"), "--work", str(folder / "work"), *more]


def start(folder, *more, **how):
    """The command in a process of its own."""
    command = [sys.executable, "-m", "actlib.atlas", *options(folder, *more)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, **how)


def made(folder, *more):
    """What the command prints, once it is through."""
    run = start(folder, *more)
    out, err = run.communicate(timeout=120)
    assert run.returncode == 0, err
    return out


def lines(folder):
    """The whole lines of the only work file, the settings first."""
    files = list((folder / "work").glob("*.jsonl"))
    return files[0].read_bytes().split(b"\n")[:-1] if files else []


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def children(pid):
    """Processes below this one (Linux), to see that none is left."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(child) for child in file.read().split()]
    return []


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
