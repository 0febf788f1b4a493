"""Who does the tasks: a Dask cluster, on this machine or elsewhere."""

import contextlib
import logging
import signal

from actlib.atlas.grid import do


def dask_setup(worker):
    """Dask calls this in each local worker: Ctrl-C is the command's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def results(settings, tasks, workers, scheduler=None):
    """Do the tasks, and yield what ``grid.do`` returns for each, in the order they are done.

    workers : how many processes of this machine do them, if there is no ``scheduler``.
    scheduler : the address of a Dask scheduler whose workers do them instead.

    A worker that is lost costs its tasks a retry.
    Errors: ImportError without Dask, RuntimeError if the scheduler does not answer or tasks
    lose one worker after another.
    """
    from dask import distributed

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # losses are ours to tell
    with contextlib.ExitStack() as stack:
        if scheduler is None:
            scheduler = stack.enter_context(
                distributed.LocalCluster(
                    n_workers=workers, threads_per_worker=1, memory_limit=0,
                    dashboard_address=None, silence_logs=logging.CRITICAL, preload=[__name__],
                )
            )  # fmt: skip
        try:
            client = distributed.Client(scheduler, timeout="10s", set_as_default=False)
        except (OSError, ValueError) as error:
            raise RuntimeError(f"no Dask scheduler answers at {scheduler}: {error}") from None
        stack.enter_context(client)
        futures = client.map(do, [settings] * len(tasks), tasks, pure=False, retries=3)
        done = distributed.as_completed(futures, loop=client.loop, with_results=True)
        try:
            for future, result in done:
                future.release()  # or the loss of its worker would have it done again
                yield result
        except distributed.KilledWorker as error:
            raise RuntimeError(f"workers died one after another: {error}") from None
