"""The atlas is the same file however it is made, killed or not."""

import json
import os
import re
import signal
import subprocess
import sys

import pytest

from actlib.atlas import train
from actlib.atlas.__main__ import main, make
from actlib.atlas.store import Store
from actlib.atlas.table import write
from tests.tiny_atlas import TASKS, TINY, alive, children, lines, made, options, start, wait_for


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """The tiny table, made without workers and without a work folder."""
    path = tmp_path_factory.mktemp("whole") / "tiny.csv"
    write(path, TINY, {task: train(TINY, task) for task in TASKS}, "by hand")
    return path.read_bytes()


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


def test_two_runs_at_once_are_refused(tmp_path, capsys):
    with Store(tmp_path / "work", TINY):
        assert main(options(tmp_path)) == 1
    assert "another run is writing" in capsys.readouterr().err


def test_a_part_at_a_time(tmp_path, table):
    assert "3 tasks are left" in made(tmp_path, "--tasks", "5")
    assert not (tmp_path / "tiny.csv").exists()
    made(tmp_path, "--tasks", "5")
    assert (tmp_path / "tiny.csv").read_bytes() == table


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
