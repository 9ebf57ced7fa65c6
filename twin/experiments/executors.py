"""Who plays: this process, a pool of processes, or a Dask cluster; all by one interface, `concurrent.futures.Executor`.

A worker ignores Ctrl-C, which is its parent's business, and ends when its parent does.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import connection, get_context, parent_process
from types import ModuleType
from typing import Any, Protocol

from twin.errors import TwinError, UsageError

#: How long is waited for a cluster to answer [s].
PATIENCE_S = 10.0
#: What it takes until a pool has begun [s], and how often that is tried.
START_S, TRIES = 4.0, 3
#: After so many times of this a pool begins though little is known to be due.
OFTEN = 3.0
#: Threads of libraries in a worker: there is a worker for each core.
SINGLE = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


class Crew(Protocol):
    """Who plays batches, and can be made anew when a worker's death has broken it."""

    workers: int

    def open(self, due_s: float | None = None) -> Executor:
        """Workers that are ready to be asked; `due_s`: how long one of them would take for what is left, if known."""

    def renew(self) -> None:
        """Have other workers the next time that they are asked for."""

    def close(self) -> None:
        """Stop at once, whatever is under way."""


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Here(Executor):
    """The process itself: a batch is played when it is asked for."""

    workers = 1

    def open(self, due_s: float | None = None) -> Executor:
        """Itself."""
        return self

    def renew(self) -> None:
        """There is nothing to make anew."""

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

    def open(self, due_s: float | None = None) -> Executor:
        """The pool; its processes begin when it is first asked for.

        Raises
        ------
        TwinError
            When they end as soon as they begin.
        """
        for _ in range(TRIES):
            if self._pool is None:
                self._begin()
            if self._pool is not None:
                return self._pool
        raise TwinError("worker processes end as soon as they begin; with one worker this process plays itself")

    def _begin(self) -> None:
        """Start the processes; one that dies at once leaves no pool."""
        with _surroundings():
            self._pool = ProcessPoolExecutor(self.workers, get_context("spawn"), begin)
            with suppress(BrokenExecutor):
                ready = [self._pool.submit(os.getpid) for _ in range(self.workers)]
                ready[0].result()
                return
        self.close()

    def renew(self) -> None:
        """End the processes; others begin the next time."""
        self.close()

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


@contextmanager
def _surroundings() -> Iterator[None]:
    """What spawned processes find: one thread for each library, and not the script that began them.

    A worker needs nothing of the script, and one that has no ``if __name__ == "__main__":`` would begin again in each.
    """
    before = {name: os.environ.get(name) for name in SINGLE}
    script = sys.modules["__main__"]
    os.environ.update(dict.fromkeys(SINGLE, "1"))
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


class Growing:
    """The process itself as long as little is due, then a pool: what is short does not wait for processes to begin."""

    def __init__(self, most: int) -> None:
        self.most, self.workers = most, 1
        self._crew: Crew = Here()
        self._began_s = time.monotonic()

    def open(self, due_s: float | None = None) -> Executor:
        """Whoever plays now."""
        if self.workers == 1 and due_s is not None and self._is_worth_it(due_s):
            self._crew, self.workers = Pool(self.most), self.most
        return self._crew.open()

    def _is_worth_it(self, due_s: float) -> bool:
        """Whether a pool saves more than it takes to begin; who asks little again and again will go on to."""
        return due_s * (1.0 - 1.0 / self.most) > START_S or time.monotonic() - self._began_s > OFTEN * START_S

    def renew(self) -> None:
        """Have other workers the next time."""
        self._crew.renew()

    def close(self) -> None:
        """Stop at once."""
        self._crew.close()


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

    def open(self, due_s: float | None = None) -> Executor:
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
            said = f"nobody answers at {self.address} ({type(error).__name__})"
            raise UsageError(f"--dask: {said}; write tcp://HOST:PORT, where `dask scheduler` runs") from None

    def renew(self) -> None:
        """Ask the cluster anew."""
        self.close()

    def close(self) -> None:
        """Leave the cluster, which is not ours."""
        if self._client is not None:
            self._client.close()
            self._client = None


def crew(workers: int | None = None, dask: str | None = None) -> Crew:
    """Who plays: a Dask cluster, or as many processes as there are cores; one worker is this process itself."""
    if dask is not None:
        cluster = Cluster(dask)
        cluster.open()  # before anything is written
        return cluster
    count = cores() if workers is None else workers
    return Pool(count) if count > 1 else Here()


def growing(workers: int | None = None) -> Crew:
    """So many processes; None: this one, and one for each core when that is worth it."""
    return Growing(cores()) if workers is None and cores() > 1 else crew(workers)
