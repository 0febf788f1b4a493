"""Who does the tasks: processes here, or a Dask cluster. Both yield what ``grid.do`` returns."""

import contextlib
import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from actlib.atlas.grid import do


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
            futures = [pool.submit(do, settings, task) for task in tasks]
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
        futures = client.map(do, [settings] * len(tasks), tasks, pure=False, retries=3)
        done = distributed.as_completed(futures, loop=client.loop, with_results=True)
        for future, result in done:
            future.release()  # or the loss of its worker would have it done again
            yield result
