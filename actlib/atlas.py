"""The XOR atlas: which networks learn the four points, asked of 150,000 of them.

    python -m actlib.atlas                      makes the table, or goes on making it
    python -m actlib.atlas --tasks 10           does ten tasks more, estimates the rest
    python -m actlib.atlas --check 5            makes five tasks again and compares
    python -m actlib.atlas --scheduler ADDRESS  lets a Dask cluster do the work

A *cell* of the table is one activation, initialisation, depth, width and learning rate, with a
number of networks that differ in their starting weights. A *task* is all the learning rates of
one such choice, trained as one population.

Network r of a cell starts from its own generator, seeded by (seed, initialisation, depth, width,
r) and by nothing else. So all learning rates and all activations start from the same weights,
more networks leave the first ones as they are, and neither the order of the tasks nor who does
them can matter.

What is done is kept in the work folder, a line a task, written to the disk before it counts. The
file is named after the settings and versions, so results of different settings never meet.
Reading the table (:func:`read`) needs NumPy only; the progress bar wants tqdm, a cluster wants
dask.distributed: ``pip install "actlib[atlas]"``.
"""

import argparse
import contextlib
import csv
import datetime
import hashlib
import itertools
import json
import multiprocessing
import os
import platform
import random
import signal
import sys
import threading
import time
import zlib
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

import actlib
from actlib.activations import ACTIVATIONS
from actlib.diagnostics import dead_units
from actlib.initialise import INITIALISERS
from actlib.network import MLP
from actlib.optimise import GradientDescent
from actlib.train import SolvedAt, fit

PATH = Path(__file__).parent / "data" / "atlas.csv"
X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([[0.0], [1.0], [1.0], [0.0]])

AXES = ("activation", "initialise", "depth", "width", "learning_rate")
BUDGETS = (100, 300, 1000, 3000)
FLAT = 0.01
COLUMNS = {
    "networks": "networks trained",
    "solved": "all four points on the right side after the last step",
    "solved_once": "all four points on the right side at some step",
    **{f"by_{n}": f"all four points on the right side at some step up to {n}" for n in BUDGETS},
    "step_25": "first step on the right side: reached by a quarter of all networks; else empty",
    "step_50": "the same for half of all networks: the median, with failures counted as never",
    "step_75": "the same for three quarters",
    "step_50_solved": "median of that step among the networks that got there",
    "three": "three of the four points on the right side after the last step",
    "flat": f"not solved, and the four outputs differ by less than {FLAT} after the last step",
    "diverged": "a weight or an output is no longer a finite number after the last step",
    "dead_start": "in some hidden layer no unit has a slope other than 0 before the first step",
}


@dataclass(frozen=True)
class Settings:
    """What the table depends on. A task is one of ``tasks()``, a tuple of the first four axes."""

    activation: tuple = (
        "sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu", "silu", "gelu",
    )  # fmt: skip
    initialise: tuple = ("uniform", "glorot", "he", "lecun")
    depth: tuple = (1, 2, 3, 5, 10)
    width: tuple = (2, 3, 5, 10)
    learning_rate: tuple = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
    networks: int = 40
    steps: int = 5000
    seed: int = 0

    def __post_init__(self):
        for name, known in (("activation", ACTIVATIONS), ("initialise", INITIALISERS)):
            for value in getattr(self, name):
                if value not in known:
                    raise ValueError(f"unknown {name} {value!r}; known: {', '.join(known)}")
        for name in AXES:
            values = getattr(self, name)
            if not values or len(set(values)) < len(values):
                raise ValueError(f"{name} needs one value or more, each once, got {values}")
        for name in ("depth", "width"):
            if min(getattr(self, name)) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        if not all(0 < rate < np.inf for rate in self.learning_rate):
            raise ValueError(f"learning_rate must be positive and finite, got {self.learning_rate}")
        if self.networks < 1 or self.steps < 0 or self.seed < 0:
            raise ValueError("networks must be at least 1, steps and seed not negative")

    def tasks(self):
        return list(itertools.product(*(getattr(self, name) for name in AXES[:-1])))

    def identity(self):
        """Everything that a result may depend on, as JSON knows it."""
        versions = {"numpy": np.__version__, "actlib": actlib.__version__}
        return json.loads(json.dumps({**asdict(self), "dtype": "float32", **versions}))

    def name(self):
        text = json.dumps([self.identity(), list(COLUMNS)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


# ---------------------------------------------------------------------------------------
# One task
# ---------------------------------------------------------------------------------------


def starts(settings, initialise, depth, width):
    """The starting weights of the networks, without an activation: one generator a network."""
    key = zlib.crc32(initialise.encode()), depth, width
    rngs = [
        np.random.default_rng(np.random.SeedSequence(settings.seed, spawn_key=(*key, run)))
        for run in range(settings.networks)
    ]
    net = MLP((2, *[width] * depth, 1))
    return net.parameters(rngs, initialise, dtype=np.float32)


def train(settings, task):
    """Train the networks of a task: a list of rows, one a learning rate, as in COLUMNS."""
    activation, initialise, depth, width = task
    rates, each = len(settings.learning_rate), settings.networks
    net = MLP((2, *[width] * depth, 1), activation=activation, output="sigmoid")
    start = starts(settings, initialise, depth, width)
    start = net.parameters_from(
        [np.tile(w, (rates, 1, 1)) for w in start.W], [np.tile(b, (rates, 1)) for b in start.b]
    )
    descent = GradientDescent(np.repeat(settings.learning_rate, each))
    solved_at = SolvedAt()
    history = fit(
        net, start, X, Y, optimiser=descent, steps=settings.steps, callbacks=[solved_at]
    )  # fmt: skip
    with np.errstate(all="ignore"):
        output = net.predict(history.parameters, X)[..., 0]
        finite = np.isfinite(output).all(axis=1) & np.isfinite(history.parameters.flat).all(axis=1)
        right = ((output > 0.5) == (Y[:, 0] > 0.5)).sum(axis=1)
        solved, three = (right == 4) & finite, (right == 3) & finite
        flat = (np.ptp(output, axis=1) < FLAT) & ~solved & finite
        dead = dead_units(net, net.forward(start, X)[1])
    dead = np.any([layer.all(axis=-1) for layer in dead], axis=0)
    parts = [np.split(a, rates) for a in (solved_at.step, solved, three, flat, ~finite, dead)]
    return [_row(each, *part) for part in zip(*parts)]


def _row(networks, step, solved, three, flat, diverged, dead):
    reached = np.sort(step[step >= 0])
    values = {
        "networks": networks,
        "solved": int(solved.sum()),
        "solved_once": len(reached),
        **{f"by_{n}": int((reached <= n).sum()) for n in BUDGETS},
        **{f"step_{q}": _quantile(reached, networks, q) for q in (25, 50, 75)},
        "step_50_solved": _quantile(reached, len(reached), 50),
        "three": int(three.sum()),
        "flat": int(flat.sum()),
        "diverged": int(diverged.sum()),
        "dead_start": int(dead.sum()),
    }
    return [values[name] for name in COLUMNS]


def _quantile(reached, of, percent):
    """The smallest step by which ``percent`` of ``of`` networks were there, or None."""
    place = -(-of * percent // 100)
    return int(reached[place - 1]) if 0 < place <= len(reached) else None


def _do(settings, task):
    """What a worker runs. The name says which versions the worker has."""
    return task, train(settings, task), settings.name()


# ---------------------------------------------------------------------------------------
# The work folder: one file, one writer, a line a task
# ---------------------------------------------------------------------------------------


class Busy(Exception):
    """Another run is writing this file."""


class Store:
    """Rows of the tasks that are done, on the disk.

    A line is the checksum of what follows, and what follows as JSON; the first line holds the
    settings. A line that was cut off or damaged does not count, and its task is done again.
    """

    def __init__(self, folder, settings):
        self.settings, self.rows = settings, {}
        self.path = Path(folder) / f"{settings.name()}.jsonl"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.file = open(self.path, "a+b")  # noqa: SIM115 - closed by __exit__
        try:
            _lock(self.file)
        except OSError:
            self.file.close()
            raise Busy(f"another run is writing {self.path}") from None
        self._read()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def _read(self):
        known = {tuple(task) for task in self.settings.tasks()}
        self.file.seek(0)
        lines = self.file.read().split(b"\n")
        for line in lines[:-1]:
            record = _unpacked(line)
            if isinstance(record, list) and tuple(record[0]) in known:
                self.rows.setdefault(tuple(record[0]), record[1])
        if lines[-1]:  # the last line was cut off: what comes next starts on a new one
            self.file.write(b"\n")
        if self.file.tell() == 0:
            self._write(self.settings.identity())

    def _write(self, record):
        self.file.write(_packed(record))
        self.file.flush()
        os.fsync(self.file.fileno())

    def add(self, task, rows):
        task = tuple(task)
        if task not in self.rows:
            self._write([task, rows])
            self.rows[task] = rows

    def missing(self):
        """The tasks still to do, in a random order that is always the same.

        Random, so that any part of them says how long the whole will take.
        """
        tasks = self.settings.tasks()
        order = np.random.default_rng(self.settings.seed).permutation(len(tasks))
        return [tasks[i] for i in order if tasks[i] not in self.rows]


def _packed(record):
    text = json.dumps(record, separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _unpacked(line):
    checksum, _, text = line.partition(b" ")
    if checksum != b"%08x" % zlib.crc32(text):
        return None
    return json.loads(text)


def _lock(file):
    """Held until the file is closed, or its process is gone, however it went."""
    try:
        import fcntl
    except ImportError:
        import msvcrt

        file.seek(1 << 30)  # a byte that nobody reads
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


# ---------------------------------------------------------------------------------------
# Who does the tasks: processes here, or a Dask cluster. Both yield what _do returns.
# ---------------------------------------------------------------------------------------


def _follow(parent):
    """A worker ends when its parent lets go of the pipe, or is gone, even in mid-task."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle

    def watch():
        with contextlib.suppress(EOFError, OSError):
            parent.recv_bytes()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def here(settings, tasks, workers):
    """Do the tasks in processes of this machine. A process that dies costs its task a retry."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # the processes are the parallel part
    spawn, tasks, deaths = multiprocessing.get_context("spawn"), list(tasks), 0
    while tasks:
        theirs, ours = spawn.Pipe(duplex=False)
        pool = ProcessPoolExecutor(workers, spawn, _follow, (theirs,))
        try:
            futures = [pool.submit(_do, settings, task) for task in tasks]
            for future in as_completed(futures):
                done = future.result()
                tasks.remove(done[0])
                deaths = 0
                yield done
        except BrokenProcessPool:
            deaths += 1
            if deaths == 3:
                raise RuntimeError("worker processes died three times in a row") from None
        finally:
            ours.close()
            pool.shutdown(wait=False, cancel_futures=True)


def on_cluster(settings, tasks, address):
    """Do the tasks on a Dask cluster; Dask gives a lost worker's tasks to another."""
    try:
        from dask import distributed
    except ImportError:
        raise RuntimeError(
            '--scheduler needs dask.distributed: pip install "actlib[atlas]"'
        ) from None
    try:
        client = distributed.Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise RuntimeError(f"no Dask scheduler answers at {address}: {error}") from None
    with client:
        futures = client.map(_do, [settings] * len(tasks), tasks, pure=False, retries=3)
        done = distributed.as_completed(futures, loop=client.loop, with_results=True)
        for future, result in done:
            future.release()  # or the loss of its worker would have it done again
            yield result


# ---------------------------------------------------------------------------------------
# The table
# ---------------------------------------------------------------------------------------


def write(path, settings, rows, command):
    """Write the table, and beside it, in a .json file, how it was made."""
    lines = [",".join((*AXES, *COLUMNS))]
    for task in settings.tasks():
        for rate, row in zip(settings.learning_rate, rows[task]):
            cells = (*task, f"{rate:g}", *("" if value is None else value for value in row))
            lines.append(",".join(map(str, cells)))
    table = ("\n".join(lines) + "\n").encode()
    cells = len(lines) - 1
    about = {
        "what": "XOR, learned by multilayer perceptrons from random starts: one row a cell",
        "cells": cells,
        "networks": cells * settings.networks,
        "made by": command,
        "on": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "actlib": actlib.__version__,
        },
        "settings": asdict(settings),
        "network": "2 inputs, `depth` hidden layers of `width` units, 1 sigmoid output; biases 0",
        "training": "full-batch gradient descent on binary cross-entropy, float32",
        "starts": "seeded by (seed, initialise, depth, width, network): the same weights for "
        "every learning rate and every activation",
        "columns": COLUMNS,
        "sha256": hashlib.sha256(table).hexdigest(),
    }
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, table)
    _replace(path.with_suffix(".json"), (json.dumps(about, indent=1) + "\n").encode())


def _replace(path, content):
    new = path.with_name(path.name + ".new")
    with open(new, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)


@dataclass(frozen=True, eq=False)
class Atlas:
    """The table: ``atlas["solved"]`` is an array with one axis for each of ``axes``, in order.

    ``axes`` maps each axis to its values, ``about`` says how the table was made.
    """

    axes: dict
    columns: dict
    about: dict

    def __getitem__(self, column):
        return self.columns[column]

    def pick(self, column, **where):
        """The column at the given values: an array over the axes that are not named.

        A list keeps its axis. Errors: ValueError for a name or value that the table has not.
        """
        array = self.columns[column]
        for name in where:
            if name not in self.axes:
                raise ValueError(f"no axis {name!r}; the axes are {', '.join(self.axes)}")
        for axis, name in reversed(list(enumerate(self.axes))):
            if name in where:
                array = np.take(array, self._places(name, where[name]), axis=axis)
        return array

    def _places(self, name, wanted):
        if isinstance(wanted, list | tuple):
            return [self._places(name, value) for value in wanted]
        if wanted not in self.axes[name]:
            known = ", ".join(map(str, self.axes[name]))
            raise ValueError(f"the table has no {name} {wanted!r}; it has {known}")
        return self.axes[name].index(wanted)

    def settings(self):
        """The :class:`Settings` that the table was made with."""
        kept = self.about["settings"]
        return Settings(**{k: tuple(v) if isinstance(v, list) else v for k, v in kept.items()})


def read(path=PATH):
    """Read the table as an :class:`Atlas`. Empty cells become NaN."""
    path = Path(path)
    about = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    axes = {name: tuple(about["settings"][name]) for name in AXES}
    with open(path, newline="", encoding="utf-8") as file:
        header, *lines = csv.reader(file)
    shape = [len(values) for values in axes.values()]
    columns = {}
    for name, column in zip(header, zip(*lines)):
        if name not in AXES:
            kind = float if "" in column else int
            column = np.array([cell or "nan" for cell in column]).astype(kind)
            columns[name] = column.reshape(shape)
    return Atlas(axes, columns, about)


# ---------------------------------------------------------------------------------------
# Doing it again
# ---------------------------------------------------------------------------------------

# Another processor may round a sum or an exponential differently in the last digit. Where
# training is chaotic, at high rates, that digit decides some networks; elsewhere next to none.
# Tried: every starting weight moved to the next float32 changed `solved` by 0.25 networks a
# cell in the mean of 84 cells, by 4 in the worst. Other starts change it by 2 in the mean.
MEAN_OFF, WORST_OFF = 1, 8  # networks of 40


def compare(atlas, task):
    """Train a task again. Return, for each rate, by how many networks ``solved`` differs."""
    old = atlas.pick("solved", **dict(zip(AXES, task)))
    place = list(COLUMNS).index("solved")
    return np.array([row[place] for row in train(atlas.settings(), task)]) - old


def check(atlas, tasks):
    """Train the tasks again. Return a complaint for each that differs, and one if all do a bit."""
    off = np.array([compare(atlas, task) for task in tasks])
    complaints = [
        f"{task}: `solved` differs by {row.tolist()} networks"
        for task, row in zip(tasks, off)
        if np.abs(row).max() > WORST_OFF
    ]
    if np.abs(off).mean() > MEAN_OFF:
        complaints.append(f"`solved` differs by {np.abs(off).mean():.2f} networks a cell")
    return complaints


# ---------------------------------------------------------------------------------------
# The command
# ---------------------------------------------------------------------------------------


class _Lines:
    """The progress bar where tqdm is not installed: a line now and then."""

    def __init__(self, total, initial, **_):
        self.total, self.done, self.told = total, initial, time.monotonic()

    def update(self, more):
        self.done += more
        if time.monotonic() - self.told > 10 or self.done == self.total:
            self.told = time.monotonic()
            print(f"{self.done:,} of {self.total:,} networks", file=sys.stderr, flush=True)

    def close(self):
        pass


def _bar(**keywords):
    try:
        from tqdm import tqdm
    except ImportError:
        return _Lines(**keywords)
    return tqdm(unit=" networks", unit_scale=True, smoothing=0.05, **keywords)


def make(settings, store, do, limit=None):
    """Do the missing tasks (at most ``limit``) with a progress bar. ``do(tasks)`` yields them."""
    tasks = store.missing()[:limit]
    each = len(settings.learning_rate) * settings.networks
    bar = _bar(total=len(settings.tasks()) * each, initial=len(store.rows) * each)
    name = settings.name()
    try:
        with contextlib.closing(do(tasks)) as results:
            for task, rows, made_as in results:
                if made_as != name:
                    raise RuntimeError("a worker has other versions of NumPy or actlib than here")
                store.add(task, rows)
                bar.update(each)
    finally:
        bar.close()
    return len(tasks)


def _arguments(argv):
    parser = argparse.ArgumentParser(
        prog="python -m actlib.atlas",
        description="Train 150,000 small networks on XOR and write the table of their success. "
        "About 20 minutes on two cores. "
        "Kill it when you like: the same command goes on where it was.",
    )
    parser.add_argument("--out", type=Path, help="the table to write (default: the package's)")
    parser.add_argument(
        "--work", type=Path, default=Path("_build/atlas"),
        help="folder that keeps what is done (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, help="processes (default: %(default)s)"
    )
    parser.add_argument("--scheduler", metavar="ADDRESS", help="use this Dask cluster instead")
    parser.add_argument("--tasks", type=int, metavar="N", help="do N tasks more and stop")
    parser.add_argument("--check", type=int, metavar="N", help="make N tasks again and compare")
    grid = parser.add_argument_group("another table (needs --out)")
    for name in AXES:
        kind = str if name in AXES[:2] else float if name == "learning_rate" else int
        option = f"--{name.replace('_', '-')}"
        usual = "default: " + " ".join(map(str, getattr(Settings, name)))
        grid.add_argument(option, dest=name, type=kind, nargs="+", metavar="X", help=usual)
    for name, what in (("networks", "networks in a cell"), ("steps", "steps of training"),
                       ("seed", "seed of the starting weights")):  # fmt: skip
        usual = f"{what} (default: {getattr(Settings, name)})"
        grid.add_argument(f"--{name}", type=int, metavar="N", help=usual)
    options = parser.parse_args(argv)

    changed = {}
    for name in Settings.__dataclass_fields__:
        value = getattr(options, name)
        if value is not None:
            changed[name] = tuple(value) if isinstance(value, list) else value
    try:
        settings = replace(Settings(), **changed)
    except ValueError as error:
        parser.error(str(error))
    for name in ("workers", "tasks", "check"):
        value = getattr(options, name)
        if value is not None and value < 1:
            parser.error(f"--{name} must be at least 1, got {value}")
    if changed and options.check is not None:
        parser.error("--check takes the settings of the table that it checks (--out)")
    if settings != Settings() and options.out is None and options.check is None:
        parser.error("another table than the package's needs --out")
    if options.out is not None and (options.out.is_dir() or options.out.suffix == ".json"):
        parser.error(f"--out is the name of a table, such as mine.csv, got {options.out}")
    given = " ".join(
        f"--{name.replace('_', '-')} " + (" ".join(map(str, v)) if isinstance(v, tuple) else str(v))
        for name, v in changed.items()
    )
    return options, settings, f"{parser.prog} {given}".strip()


def main(argv=None):
    options, settings, command = _arguments(argv)
    out = options.out or PATH
    if options.check is not None:
        try:
            atlas = read(out)
        except OSError as error:
            print(f"atlas: {error}", file=sys.stderr)
            return 1
        tasks = atlas.settings().tasks()
        tasks = random.sample(tasks, min(options.check, len(tasks)))
        complaints = check(atlas, tasks)
        print("\n".join(complaints) or f"{len(tasks)} tasks made again: as in {out.name}")
        return 1 if complaints else 0

    def do(tasks):
        if options.scheduler:
            return on_cluster(settings, tasks, options.scheduler)
        return here(settings, tasks, options.workers)

    try:
        with Store(options.work, settings) as store:
            try:
                began = time.monotonic()
                count = make(settings, store, do, options.tasks)
                seconds = time.monotonic() - began
            except KeyboardInterrupt:
                done, all_ = len(store.rows), len(settings.tasks())
                print(f"Stopped. {done} of {all_} tasks are kept; the same command goes on.")
                return 130
            left = len(store.missing())
            if left:
                more = left * seconds / count / 60
                about = f"about {more:.0f} minutes" if more >= 1.5 else "a minute or so"
                print(f"{left} tasks are left: {about} at this pace.")
            else:
                write(out, settings, store.rows, command)
                print(f"Written: {out} and {out.with_suffix('.json').name}")
    except (Busy, RuntimeError, OSError) as error:
        print(f"atlas: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    # Workers look for the functions in actlib.atlas, not in this nameless run of the file.
    from actlib.atlas import main as run

    sys.exit(run())
