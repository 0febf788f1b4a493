"""The work folder: one file, one writer, a line a task, on the disk before it counts."""

import json
import os
import zlib
from pathlib import Path

import numpy as np


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
