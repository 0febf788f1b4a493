"""The command: ``python -m actlib.atlas --help``."""

import argparse
import contextlib
import os
import random
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

from actlib.atlas.grid import AXES, Settings
from actlib.atlas.store import Busy, Store
from actlib.atlas.table import PATH, check, read, write
from actlib.atlas.workers import results


def make(settings, store, do, limit=None):
    """Do the missing tasks (at most ``limit``) with a progress bar. ``do(tasks)`` yields them."""
    from tqdm import tqdm

    tasks, name = store.missing()[:limit], settings.name()
    each = len(settings.learning_rate) * settings.networks
    total, kept = len(settings.tasks()) * each, len(store.rows) * each
    with (
        tqdm(total=total, initial=kept, unit=" networks", unit_scale=True, smoothing=0.05) as bar,
        contextlib.closing(do(tasks)) as results,
    ):
        for task, rows, made_as in results:
            if made_as != name:
                raise RuntimeError("a worker has other versions of NumPy or actlib than here")
            store.add(task, rows)
            bar.update(each)
    return len(tasks)


def _arguments(argv):
    parser = argparse.ArgumentParser(
        prog="python -m actlib.atlas",
        description="Train 150,000 small networks on XOR and write the table of their success. "
        "A first run costs about 35 core-minutes: some 20 minutes on two cores, 5 on eight. "
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
    if settings != Settings() and options.out is None:
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

    # A script's background jobs are born with SIGINT ignored: Ctrl-C is to work all the same.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with Store(options.work, settings) as store:
            return _make_and_tell(options, settings, store, out, command)
    except ImportError as error:
        print(f'atlas: {error.name} is missing: pip install "actlib[atlas]"', file=sys.stderr)
    except (Busy, RuntimeError, OSError) as error:
        print(f"atlas: {error}", file=sys.stderr)
    return 1


def _make_and_tell(options, settings, store, out, command):
    def do(tasks):
        return results(settings, tasks, options.workers, options.scheduler)

    began = time.monotonic()
    try:
        count = make(settings, store, do, options.tasks)
    except KeyboardInterrupt:
        done, total = len(store.rows), len(settings.tasks())
        print(f"Stopped. {done} of {total} tasks are kept; the same command goes on.")
        return 130
    left = len(store.missing())
    if left:
        more = left * (time.monotonic() - began) / count / 60
        about = f"about {more:.0f} minutes" if more >= 1.5 else "a minute or so"
        print(f"{left} tasks are left: {about} at this pace.")
    else:
        write(out, settings, store.rows, command)
        print(f"Written: {out} and {out.with_suffix('.json').name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
