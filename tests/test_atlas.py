"""The atlas: the same table however it is made, killed or not, and the committed one is true."""

import contextlib
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from itertools import pairwise

import numpy as np
import pytest

from actlib.atlas import AXES, COLUMNS, Settings, check, grid, read, train
from actlib.atlas.__main__ import main, make
from actlib.atlas.store import Store
from actlib.atlas.table import PATH, write
from actlib.network import MLP
from actlib.optimise import GradientDescent
from actlib.train import SolvedAt, fit

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


@pytest.fixture(scope="module")
def rows():
    return {task: train(TINY, task) for task in TASKS}


@pytest.fixture(scope="module")
def table(rows, tmp_path_factory):
    """The tiny table, made without workers and without a work folder."""
    path = tmp_path_factory.mktemp("whole") / "tiny.csv"
    write(path, TINY, rows, "by hand")
    return path.read_bytes()


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


# ---- made in any way ---------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2])
def test_any_number_of_workers_gives_the_same_file(tmp_path, table, workers):
    made(tmp_path, "--workers", str(workers))
    assert (tmp_path / "tiny.csv").read_bytes() == table
    assert len(lines(tmp_path)) == 1 + len(TASKS)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_killed_it_goes_on_and_counts_nothing_twice(tmp_path, table):
    run = start(tmp_path)
    wait_for(lambda: len(lines(tmp_path)) >= 2)
    workers = children(run.pid)
    run.kill()
    run.communicate(timeout=60)
    kept = lines(tmp_path)
    assert len(kept) < 1 + len(TASKS), "it was done before it was killed"
    assert not (tmp_path / "tiny.csv").exists()
    wait_for(lambda: not any(map(alive, workers)))

    made(tmp_path)
    done = lines(tmp_path)
    assert done[: len(kept)] == kept
    assert sorted(json.loads(line[9:])[0] for line in done[1:]) == sorted(map(list, TASKS))
    assert (tmp_path / "tiny.csv").read_bytes() == table


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("ignored", [False, True])
def test_ctrl_c_says_what_is_kept(tmp_path, ignored):
    # As in the background of a script, where SIGINT is ignored from birth.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if ignored else None
    try:
        run = start(tmp_path, "--steps", "5000", start_new_session=True)
    finally:
        if ignored:
            signal.signal(signal.SIGINT, before)
    wait_for(lambda: len(lines(tmp_path)) >= 2)
    workers = children(run.pid)
    os.killpg(run.pid, signal.SIGINT)  # as the terminal does: to the workers too
    out, err = run.communicate(timeout=60)
    assert run.returncode == 130, err
    assert re.search(r"Stopped\. \d+ of 8 tasks are kept", out)
    assert "Traceback" not in err
    wait_for(lambda: not any(map(alive, workers)))


def test_on_a_cluster_that_loses_a_worker(tmp_path, table):
    script = """
import os, signal, sys
from distributed import LocalCluster
from actlib.atlas.__main__ import main
from actlib.atlas.store import Store
if __name__ == "__main__":
    keep = Store.add
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        def add(store, task, rows):
            keep(store, task, rows)
            if len(store.rows) == 2:
                os.kill(next(iter(cluster.workers.values())).pid, signal.SIGTERM)
                print("one worker less")
        Store.add = add
        sys.exit(main([*sys.argv[1:], "--scheduler", cluster.scheduler_address]))
"""
    path = tmp_path / "cluster.py"
    path.write_text(script)
    command = [sys.executable, str(path), *options(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    assert "one worker less" in run.stdout
    assert (tmp_path / "tiny.csv").read_bytes() == table
    assert len(lines(tmp_path)) == 1 + len(TASKS)


def test_a_worker_with_other_versions_is_refused(tmp_path):
    def do(tasks):
        yield tasks[0], [], "of another version"

    with (
        Store(tmp_path, TINY) as store,
        pytest.raises(RuntimeError, match="other versions of NumPy"),
    ):
        make(TINY, store, do)
    assert not store.rows


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


def test_two_runs_at_once_are_refused(tmp_path, capsys):
    with Store(tmp_path / "work", TINY):
        assert main(options(tmp_path)) == 1
    assert "another run is writing" in capsys.readouterr().err


def test_a_part_at_a_time(tmp_path, table):
    assert "3 tasks are left" in made(tmp_path, "--tasks", "5")
    assert not (tmp_path / "tiny.csv").exists()
    made(tmp_path, "--tasks", "5")
    assert (tmp_path / "tiny.csv").read_bytes() == table


# ---- what can go wrong at the door ---------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--steps", "10"], "needs --out"),
        (["--activation", "rellu"], "unknown activation 'rellu'; known: "),
        (["--learning-rate", "0"], "learning_rate must be positive"),
        (["--depth", "0"], "depth must be at least 1"),
        (["--width", "3", "3"], "each once"),
        (["--networks", "0"], "networks must be at least 1"),
        (["--workers", "0"], "--workers"),
        (["--tasks", "0"], "--tasks must be at least 1"),
        (["--check", "0"], "--check must be at least 1"),
        (["--check", "1", "--steps", "10"], "--check takes the settings of the table"),
        (["--learning-rate", "inf", "--out", "x.csv"], "learning_rate must be positive and finite"),
        (["--steps", "10", "--out", "x.json"], "--out is the name of a table"),
    ],
)
def test_wrong_options_are_explained(arguments, message, capsys):
    with pytest.raises(SystemExit):
        main(arguments)
    assert message in capsys.readouterr().err


def test_a_table_that_is_not_there(tmp_path, capsys):
    assert main(["--check", "1", "--out", str(tmp_path / "none.csv")]) == 1
    assert "none.json" in capsys.readouterr().err


def test_a_scheduler_that_does_not_answer(tmp_path, capsys):
    assert main(options(tmp_path, "--scheduler", "nonsense://here")) == 1
    assert "no Dask scheduler answers at nonsense://here" in capsys.readouterr().err


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
