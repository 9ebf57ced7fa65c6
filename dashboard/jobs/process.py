"""One worker process, seen from the server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

#: How long a worker may take to leave cleanly [s].
GRACE_S = 0.8
#: One core for each worker.
ONE_THREAD = dict.fromkeys(("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


class Process:
    """A spawned worker: orders in, messages out.

    It has a session of its own, so that an interrupt at the terminal reaches the server alone.
    """

    def __init__(self) -> None:
        self._told = False
        command = [sys.executable, "-P", "-m", "dashboard.jobs.worker"]
        self._child = subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment(), text=True, encoding="utf-8",
            start_new_session=True,
        )  # fmt: skip

    @property
    def pid(self) -> int:
        """Its number."""
        return self._child.pid

    def order(self, data: Mapping[str, Any]) -> None:
        """Send one line; to a dead worker it goes nowhere."""
        assert self._child.stdin is not None
        with suppress(OSError):
            self._child.stdin.write(json.dumps(data) + "\n")
            self._child.stdin.flush()

    def messages(self) -> Iterator[dict[str, Any]]:
        """What it says, until it ends."""
        assert self._child.stdout is not None
        for line in self._child.stdout:
            with suppress(ValueError):
                yield json.loads(line)

    @property
    def is_usable(self) -> bool:
        """Whether it lives and has not been told to end."""
        return not self._told and self._child.poll() is None

    def tell_to_end(self) -> None:
        """Ask it to leave, and take no more for an answer."""
        self._told = True
        self._child.terminate()

    def end(self) -> int:
        """Have it leave, by force if it must be; its exit code."""
        self.tell_to_end()
        try:
            code = self._child.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            code = self._child.wait()
        return code

    def close(self) -> int:
        """After it has ended: give its pipes back; its exit code."""
        code = self.end()
        for stream in (self._child.stdin, self._child.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        return code


def _environment() -> dict[str, str]:
    """Ours, with the folder of this very package first."""
    here = str(Path(__file__).resolve().parents[2])
    paths = [here, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {**os.environ, **ONE_THREAD, "PYTHONPATH": os.pathsep.join(paths)}
