"""Who plays: this process, a pool of processes, or a Dask cluster; all by one interface, `concurrent.futures.Executor`.

A worker ignores Ctrl-C, which is its parent's business, and ends when its parent does.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import connection, get_context, parent_process
from typing import Any, Protocol

from twin.errors import UsageError

#: How long is waited for a cluster to answer [s].
PATIENCE_S = 10.0
#: Threads of libraries in a worker: there is a worker for each core.
SINGLE = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


class Crew(Protocol):
    """Who plays batches, and can be made anew when a worker's death has broken it."""

    workers: int

    def open(self) -> Executor:
        """Workers that are ready to be asked."""

    def close(self) -> None:
        """Stop at once, whatever is under way."""


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Here(Executor):
    """The process itself: a batch is played when it is asked for."""

    workers = 1

    def open(self) -> Executor:
        """Itself."""
        return self

    def close(self) -> None:
        """There is nothing to stop."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call it now."""
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class Pool:
    """Processes of this machine, spawned: a forked child of a process with threads may stand still for ever."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def open(self) -> Executor:
        """A fresh pool."""
        self.close()
        before = {name: os.environ.get(name) for name in SINGLE}
        os.environ.update(dict.fromkeys(SINGLE, "1"))
        try:
            self._pool = ProcessPoolExecutor(self.workers, get_context("spawn"), begin)
            warm = [self._pool.submit(os.getpid) for _ in range(self.workers)]
            with suppress(Exception):  # a worker that dies at once is found out by the first batch
                warm[0].result()
        finally:
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})
        return self._pool

    def close(self) -> None:
        """End the processes; nothing that they have finished is lost, since it is in the store or in a part."""
        if self._pool is None:
            return
        processes = list((self._pool._processes or {}).values())  # noqa: SLF001 - the pool has no way to stop at once
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.kill()
        for process in processes:
            process.join()
        self._pool = None


def begin() -> None:
    """The first thing that a worker of the pool does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    """Die with the parent: nobody would take what is played."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


class Cluster:
    """A Dask cluster."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.workers = 1
        self._client: Any = None

    def open(self) -> Executor:
        """The executor of a client; equal calls are not merged."""
        if self._client is None:
            self._client = self._connected()
        self.workers = max(sum(self._client.nthreads().values()), 1)
        executor: Executor = self._client.get_executor(pure=False, retries=0)
        return executor

    def _connected(self) -> Any:
        try:
            from distributed import Client
        except ImportError:
            raise UsageError("--dask needs the extra: pip install 'preclinical-twin[dask]'") from None
        try:
            return Client(self.address, timeout=PATIENCE_S, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError, TimeoutError) as error:
            said = f"nobody answers at {self.address} ({type(error).__name__}); start one with: dask scheduler"
            raise UsageError(f"--dask: {said}") from None

    def close(self) -> None:
        """Leave the cluster, which is not ours."""
        if self._client is not None:
            self._client.close()
            self._client = None


def crew(workers: int | None = None, dask: str | None = None) -> Crew:
    """Who plays: a Dask cluster, or as many processes as there are cores; one worker is this process itself."""
    if dask is not None:
        return Cluster(dask)
    count = cores() if workers is None else workers
    return Pool(count) if count > 1 else Here()
