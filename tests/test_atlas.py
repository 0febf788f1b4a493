"""The atlas: its numbers, the folder it is kept in, and the committed table."""

import hashlib
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

from actlib.atlas import AXES, COLUMNS, Settings, check, grid, read, train
from actlib.atlas.store import Store
from actlib.atlas.table import PATH, write
from actlib.network import MLP
from actlib.optimise import GradientDescent
from actlib.train import SolvedAt, fit
from tests.tiny_atlas import TASKS, TINY


@pytest.fixture(scope="module")
def rows():
    return {task: train(TINY, task) for task in TASKS}


# ---- the numbers -------------------------------------------------------------------------


def test_a_cell_is_what_training_its_networks_one_by_one_gives(rows):
    task, steps, ends = ("tanh", "he", 2, 3), [], []
    net = MLP((2, 3, 3, 1), activation="tanh", output="sigmoid")
    weights = grid.starts(TINY, "he", 2, 3)
    for run in range(TINY.networks):
        solved_at = SolvedAt()
        history = fit(
            net, weights.select(run), grid.X, grid.Y,
            optimiser=GradientDescent(1.0), steps=TINY.steps, callbacks=[solved_at],
        )  # fmt: skip
        steps.append(int(solved_at.step))
        ends.append(((net.predict(history.parameters, grid.X) > 0.5) == grid.Y).all())
    row = dict(zip(COLUMNS, rows[task][1]))
    reached = [step for step in steps if step >= 0]
    assert (row["networks"], row["solved_once"], row["solved"]) == (32, len(reached), sum(ends))
    assert row["by_100"] == sum(step <= 100 for step in reached)
    assert row["step_50_solved"] == sorted(reached)[(len(reached) - 1) // 2]
    assert 8 < len(reached) < 32, "or this test would say little"


def test_a_row_counts_failures_as_never():
    step = np.array([5, 200, -1, -1])
    yes, no = np.array([True, False, False, False]), np.zeros(4, bool)
    row = dict(zip(COLUMNS, grid._row(4, step, yes, ~yes, no, no, no)))
    assert (row["step_25"], row["step_50"], row["step_75"]) == (5, 200, None)
    assert row["step_50_solved"] == 5
    assert (row["solved"], row["solved_once"], row["by_100"], row["by_300"]) == (1, 2, 1, 2)
    row = dict(zip(COLUMNS, grid._row(4, np.full(4, -1), no, no, no, no, no)))
    assert row["step_25"] is None and row["step_50_solved"] is None


def test_networks_that_ran_away_died_or_stand_still_are_counted():
    def cell(activation, rate, steps=50):
        settings = Settings((activation,), ("he",), (5,), (2,), (rate,), 64, steps)
        return dict(zip(COLUMNS, train(settings, settings.tasks()[0])[0]))

    wild = cell("elu", 1e30)
    assert wild["diverged"] > 32 and wild["solved"] + wild["diverged"] + wild["flat"] <= 64
    assert cell("sigmoid", 0.01)["flat"] == 64
    few = Settings(networks=64)
    net = MLP((2, *[2] * 5, 1), activation="relu")
    _, trace = net.forward(grid.starts(few, "he", 5, 2), grid.X)
    dead = np.any([(z <= 0).all(axis=(1, 2)) for z in trace.z[:-1]], axis=0).sum()
    assert cell("relu", 0.01)["dead_start"] == dead and 8 < dead < 56
    assert cell("tanh", 0.01)["dead_start"] == 0


def test_starts_are_shared_and_do_not_depend_on_how_many_there_are():
    few = grid.starts(Settings(networks=3), "glorot", 2, 5)
    many = grid.starts(Settings(networks=70), "glorot", 2, 5)
    assert np.array_equal(few.flat, many.flat[:3])
    assert not np.array_equal(few.select(0).flat, few.select(1).flat)
    other = grid.starts(Settings(networks=3, seed=1), "glorot", 2, 5)
    assert not np.array_equal(few.flat, other.flat)
    assert not any(b.any() for b in few.b)


# ---- the work folder ---------------------------------------------------------------------


def fill(folder, rows, count):
    with Store(folder, TINY) as store:
        for task in TASKS[:count]:
            store.add(task, rows[task])
    return store.path


def test_a_line_cut_off_at_any_place_is_done_again(tmp_path, rows):
    path = fill(tmp_path, rows, 3)
    whole = path.read_bytes()
    last = whole[:-1].rindex(b"\n") + 1
    for length in (last + 1, last + 8, last + 9, last + 20, len(whole) - 1):
        path.write_bytes(whole[:length])
        with Store(tmp_path, TINY) as store:
            assert list(store.rows) == TASKS[:2]
            assert set(store.missing()) == set(TASKS[2:])
            store.add(TASKS[2], rows[TASKS[2]])
            size = path.stat().st_size
            store.add(TASKS[2], rows[TASKS[2]])
            assert path.stat().st_size == size, "kept twice"
        with Store(tmp_path, TINY) as store:
            assert store.rows == {task: rows[task] for task in TASKS[:3]}


def test_a_damaged_line_is_done_again(tmp_path, rows):
    path = fill(tmp_path, rows, 3)
    damaged = path.read_bytes().splitlines(keepends=True)
    damaged[2] = damaged[2].replace(b"[[32", b"[[31")
    path.write_bytes(b"".join(damaged))
    with Store(tmp_path, TINY) as store:
        assert list(store.rows) == [TASKS[0], TASKS[2]]


def test_settings_name_themselves_by_everything_that_matters():
    names = {Settings(**{**vars(TINY), name: value}).name() for name, value in (
        ("activation", ("relu",)), ("depth", (2, 1)), ("learning_rate", (0.1,)),
        ("networks", 33), ("steps", 401), ("seed", 1),
    )}  # fmt: skip
    assert len(names | {TINY.name()}) == 7


# ---- reading -------------------------------------------------------------------------------


def test_reading_and_picking(tmp_path, rows):
    write(tmp_path / "tiny.csv", TINY, rows, "by hand")
    small = read(tmp_path / "tiny.csv")
    assert small.settings() == TINY
    assert small["solved"].shape == (2, 1, 2, 2, 2)
    assert small.axes["learning_rate"] == (0.1, 1.0)
    place = list(COLUMNS).index("solved")
    assert small.pick("solved", **dict(zip(AXES, ("tanh", "he", 2, 3)))).tolist() == [
        row[place] for row in rows["tanh", "he", 2, 3]
    ]
    assert small.pick("solved", depth=[2], width=3).shape == (2, 1, 1, 2)
    assert np.isnan(small["step_75"]).any()
    with pytest.raises(ValueError, match="no axis 'color'"):
        small.pick("solved", color="red")
    with pytest.raises(ValueError, match="the table has no depth 7; it has 1, 2"):
        small.pick("solved", depth=7)


def test_reading_needs_numpy_only():
    code = (
        "import sys; from actlib import atlas; atlas.read();"
        "print([m for m in ('tqdm', 'distributed', 'pandas', 'matplotlib') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


# ---- the committed table -------------------------------------------------------------------


@pytest.fixture(scope="module")
def committed():
    return read()


def test_the_table_is_small_whole_and_says_how_it_was_made(committed):
    content, about = PATH.read_bytes(), committed.about
    assert len(content) < 1_000_000
    assert hashlib.sha256(content).hexdigest() == about["sha256"]
    assert committed.settings() == Settings()
    assert committed["networks"].sum() == about["networks"] >= 100_000
    assert about["made by"] == "python -m actlib.atlas"
    assert set(about["versions"]) == {"python", "numpy", "actlib"}
    assert about["columns"] == COLUMNS and set(committed.columns) == set(COLUMNS)


def test_the_table_agrees_with_itself(committed):
    n, solved, once = (committed[name] for name in ("networks", "solved", "solved_once"))
    assert (solved <= once).all() and (once <= n).all()
    assert (solved + committed["three"] + committed["diverged"] <= n).all()
    assert (solved + committed["flat"] + committed["diverged"] <= n).all()
    by = [committed[f"by_{budget}"] for budget in grid.BUDGETS] + [once]
    assert all((a <= b).all() for a, b in pairwise(by))
    for percent in (25, 50, 75):
        assert np.array_equal(np.isnan(committed[f"step_{percent}"]), 100 * once < percent * n)
    assert np.array_equal(np.isnan(committed["step_50_solved"]), once == 0)
    assert (np.ptp(committed["dead_start"], axis=-1) == 0).all(), "the rate is not yet at work"


def test_a_random_sample_is_made_again(committed):
    # The seed is fixed, so that a failure repeats itself; `--check N` draws anew each time.
    quick = [t for t in Settings().tasks() if t[2] * t[3] <= 15 and t[0] != "gelu"]
    chosen = np.random.default_rng(20).choice(len(quick), 5, replace=False)
    complaints = check(committed, [quick[i] for i in chosen])
    assert not complaints, "\n".join(complaints)
