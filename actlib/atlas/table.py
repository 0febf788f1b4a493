"""The table: written, read, and made again to compare."""

import csv
import datetime
import hashlib
import json
import os
import platform
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np

import actlib
from actlib.atlas.grid import AXES, COLUMNS, Settings, train

PATH = files("actlib") / "data" / "atlas.csv"


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
