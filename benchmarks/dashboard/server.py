"""The real server as a process, its pages as a program sees them, and what it uses of the machine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONG_ENOUGH_S = 300.0
#: Between two looks of an HTTP client at its run [s]; a page looks every 0.3 s.
LOOK_EVERY_S = 0.1
#: The server believes this much of who asks, in the benchmark of many users.
USER, ROLES = "X-Twin-User", "X-Twin-Roles"
PROXIED = ("--proxy", "127.0.0.1", "--user-header", USER, "--roles-header", ROLES)


@dataclass(frozen=True, slots=True)
class Server:
    """A server with a store of its own."""

    pid: int
    address: str
    store: Path


@contextmanager
def serving(workers: int, *words: str) -> Iterator[Server]:
    """A server until it is no longer needed."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        store = Path(folder) / "runs"
        command = [sys.executable, "-m", "twin", "dashboard", "--port", "0", "--no-browser", "--workers", str(workers)]
        command += ["--store", str(store), "--scenarios", folder, *words]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        quiet = subprocess.DEVNULL
        with subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=quiet, env=env) as process:
            try:
                assert process.stdout is not None
                yield Server(process.pid, process.stdout.readline().strip(), store)
            finally:
                process.terminate()


class RefusedError(Exception):
    """The server says no, in a sentence."""


class Pages:
    """The pages as a program sees them: callbacks by what they listen to.

    Parameters
    ----------
    address : str
        Of the server.
    user : str, optional
        Who asks, where the server believes it.
    callbacks : sequence, optional
        What a server says of its callbacks, if that is known.

    Attributes
    ----------
    took_s : list of float
        Each request [s].
    """

    def __init__(self, address: str, user: str = "", callbacks: Sequence[Mapping[str, Any]] = ()) -> None:
        self.address = address
        self.headers = {"Content-Type": "application/json"} | ({USER: user, ROLES: "viewer"} if user else {})
        self.took_s: list[float] = []
        self.callbacks: Sequence[Mapping[str, Any]] = callbacks or self._asked("_dash-dependencies")

    def call(self, trigger: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """What the callback that listens to a property answers.

        Parameters
        ----------
        trigger : str
            Such as ``run.n_clicks``.
        values : mapping
            Of inputs and states; what is not named is null.
        """
        found = next(c for c in self.callbacks if trigger in map(_name, c["inputs"]))
        sent = {kind: [one | {"value": values.get(_name(one))} for one in found[kind]] for kind in ("inputs", "state")}
        outputs = [_output(text) for text in re.sub(r"^\.\.|\.\.$", "", found["output"]).split("...")]
        several = found["output"].startswith("..")
        body = {"output": found["output"], "outputs": outputs if several else outputs[0], "changedPropIds": [trigger]}
        answer = self._asked("_dash-update-component", body | sent)
        response: dict[str, Any] = answer.get("response", {})
        return response

    def _asked(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, self.headers)  # noqa: S310
        began = time.monotonic()
        with urllib.request.urlopen(request, timeout=LONG_ENOUGH_S) as answer:  # noqa: S310
            text = answer.read()
        self.took_s.append(time.monotonic() - began)
        return json.loads(text) if text else {}

    def asked_for(self, changes: Mapping[str, str], seed: int, days: float, times: int = 0) -> Mapping[str, str]:
        """Click on *Run*; the jobs."""
        values = {
            "run.n_clicks": 1, "fields.data": changes, "said.data": changes, "scenario.value": "baseline",
            "times.value": times, "seed.value": seed, "days.value": days,
        }  # fmt: skip
        said = self.call("run.n_clicks", values)
        if not said["jobs"]["data"]:
            raise RefusedError(str(said))
        jobs: Mapping[str, str] = said["jobs"]["data"]
        return jobs

    def played(self, changes: Mapping[str, str], seed: int, days: float) -> str:
        """Click on *Run*, look until it is done; the name of the run folder."""
        shown = self.watched(self.asked_for(changes, seed, days))
        return shown["run"]

    def watched(self, jobs: Mapping[str, str], every_s: float = LOOK_EVERY_S) -> Mapping[str, str]:
        """Look until jobs are done, as a page does; what it shows then."""
        waiting, until, shown = threading.Event(), time.monotonic() + LONG_ENOUGH_S, {}
        while time.monotonic() < until:
            values = {"poll.n_intervals": 1, "jobs.data": jobs, "compared.data": shown}
            seen = self.call("poll.n_intervals", values)
            if "compared" in seen:
                shown = seen["compared"]["data"]
                self.call("compared.data", {"compared.data": shown, "jobs.data": jobs})
            if shown and (shown.get("sure") or "sure" not in jobs):
                return shown
            waiting.wait(every_s)
        raise TimeoutError(f"the jobs {jobs} do not end")


def _name(one: Mapping[str, Any]) -> str:
    return f"{one['id']}.{one['property']}"


def _output(text: str) -> dict[str, str]:
    thing, _, prop = text.rpartition(".")
    return {"id": thing, "property": prop}


def warm(address: str) -> None:
    """Have both workers play something, so that neither is still waking up."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda seed: Pages(address).played({}, seed, 30.0), (1, 2)))
    Pages(address).played({}, 2, 7.0)


def cpu_s(pid: int) -> float:
    """Processor time that a process has used [s], without those that it started."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    """Memory of a process and of those that it started [MB]."""
    family = {pid, *(child for child, parent in _parents() if parent == pid)}
    return round(sum(_resident_kb(one) for one in family) / 1024, 1)


def _parents() -> Iterator[tuple[int, int]]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            yield int(stat.parent.name), int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue


def _resident_kb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"VmRSS:[ \t]*([0-9]+)", status)[0])
