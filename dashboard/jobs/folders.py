"""The folders of jobs in a store: ``jobs/JOB/status.json``, replaced whole, and a lock for each server that lives.

Whoever reads a store sees every job. A job is open only as long as its server lives: a lock goes with the process that
holds it, so that a server that was killed is found out by the next one, and no server takes the jobs of another.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from dashboard.jobs.answers import ANSWER
from dashboard.jobs.record import Status, from_json, require_job, to_json, wall_clock
from dashboard.jobs.refused import Refused

FOLDER, STATUS, SERVERS = "jobs", "status.json", "servers"
SERVER_ENDED = "The server ended before this run did; it can be started again."


class Folders:
    """The jobs of a store on disk, as one server writes them and every one reads them.

    Parameters
    ----------
    store : Path
    """

    def __init__(self, store: Path) -> None:
        self.store = store.absolute()
        self.root = self.store / FOLDER
        self._servers = self.root / SERVERS
        self._servers.mkdir(parents=True, exist_ok=True)
        self._settled: dict[str, Status] = {}
        self.server = uuid.uuid4().hex
        self._lock = self._locked()

    def close(self) -> None:
        """Give the lock back; what is still open counts as interrupted then."""
        (self._servers / self.server).unlink(missing_ok=True)
        os.close(self._lock)

    def jobs(self) -> list[str]:
        """Every job, newest first."""
        return sorted((path.name for path in self.root.iterdir() if path.name != SERVERS), reverse=True)

    def write(self, status: Status, *, last: bool = False) -> None:
        """Replace a status whole; the last one is forced to the disk."""
        folder = self.root / status.job
        folder.mkdir(exist_ok=True)
        beside = folder / f".{STATUS}.part"
        with beside.open("w", encoding="utf-8") as file:
            json.dump(to_json(status), file, ensure_ascii=False, allow_nan=False)
            if last:
                file.flush()
                os.fsync(file.fileno())
        beside.replace(folder / STATUS)

    def read(self, job: str) -> Status:
        """How a job stands, whoever's it is.

        Raises
        ------
        Refused
            When there is no such job.
        """
        if require_job(job) in self._settled:
            return self._settled[job]
        try:
            text = (self.root / job / STATUS).read_text(encoding="utf-8")
            status = from_json(json.loads(text), self.store)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, Refused):
            raise Refused("there is no run of this name") from None
        if status.is_open and not self.lives(status.server):
            status = self._interrupted(status)
        if not status.is_open:
            self._settled[job] = status
        return status

    def answer(self, job: str) -> dict[str, Any]:
        """What the worker found out in an experiment; `Refused` if there is nothing."""
        try:
            said = json.loads((self.root / require_job(job) / ANSWER).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise Refused("the answer of this experiment is gone; ask again, what was played is kept") from None
        return said if isinstance(said, dict) else {}

    def read_all(self) -> Iterator[Status]:
        """Every job that can be read, newest first."""
        for job in self.jobs():
            try:
                yield self.read(job)
            except Refused:
                continue

    def remove(self, job: str) -> None:
        """Forget a job; its run stays."""
        self._settled.pop(job, None)
        shutil.rmtree(self.root / require_job(job), ignore_errors=True)

    def lives(self, server: str) -> bool:
        """Whether a server still holds its lock."""
        if server == self.server:
            return True
        try:
            handle = os.open(self._servers / Path(server).name, os.O_RDWR)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(handle)
        return False

    def _interrupted(self, status: Status) -> Status:
        """What a server that is gone has left behind."""
        ended = replace(status, state="interrupted", message=SERVER_ENDED, ended=wall_clock())
        self.write(ended, last=True)
        return ended

    def _locked(self) -> int:
        """Our lock; a server that sweeps may take the file away before it is locked, then there is another."""
        path = self._servers / self.server
        while True:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(handle, fcntl.LOCK_EX)
            if path.exists():
                return handle
            os.close(handle)

    def sweep(self) -> None:
        """Mark what killed servers left, and remove their locks."""
        for _ in self.read_all():
            pass
        for lock in self._servers.iterdir():
            if lock.name != self.server:
                _remove_unheld(lock)


def _remove_unheld(lock: Path) -> None:
    """Remove a lock that nobody holds, while we hold it."""
    with suppress(OSError):
        handle = os.open(lock, os.O_RDWR)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            lock.unlink()
        finally:
            os.close(handle)
