"""What is left when a server dies, and two servers on one store."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.jobs import Jobs, Refused, Request
from dashboard.jobs.folders import Folders
from twin import api

HERE = Path(__file__).resolve()
LONG_ENOUGH_S = 90.0


@contextmanager
def other_server(store):
    """A server in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, str(HERE.with_name("run_jobs.py")), str(store)], text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(HERE.parents[2])},
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def order(process, days):
    """Name of the job, and number of the worker that plays it."""
    process.stdin.write(f"{days}\n")
    process.stdin.flush()
    return process.stdout.readline().strip(), int(process.stdout.readline())


def gone(pid, seconds=LONG_ENOUGH_S):
    """Whether a process ends in that time."""
    waiting = threading.Event()
    for _ in range(int(seconds / 0.05)):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        waiting.wait(0.05)
    return False


@contextmanager
def closing(jobs):
    try:
        yield jobs
    finally:
        jobs.close()


def test_a_killed_server_leaves_finished_runs_and_marks_the_others(tmp_path):
    with other_server(tmp_path) as process:
        finished, _ = order(process, 1)
        reader = Folders(tmp_path)
        unfinished, worker = order(process, 20000)
        assert reader.read(finished).state == "done"
        assert reader.read(unfinished).state == "running"
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert gone(worker), "a worker does not outlive its server"
        reader.close()
    with closing(Jobs(tmp_path, 0)) as jobs:
        assert [status.job for status in jobs.listing()] == [unfinished, finished]
        assert jobs.status(finished).state == "done"
        assert api.kpis(jobs.status(finished).run_dir)["scans_completed"]["unit"] == "1"
        status = jobs.status(unfinished)
        assert (status.state, status.user) == ("interrupted", "anna")
        assert "again" in status.message
        again = jobs.again(unfinished)
        assert jobs.status(again).request == status.request
    assert Folders(tmp_path).read(again).state == "interrupted"
    assert {path.name for path in tmp_path.iterdir()} == {"jobs", api.runs(tmp_path)[0].folder.name}
    assert len(list((tmp_path / "jobs" / "servers").iterdir())) <= 1, "locks of the dead are removed"


@pytest.mark.slow
def test_two_servers_share_a_store_and_keep_their_hands_off(tmp_path):
    with other_server(tmp_path) as process, closing(Jobs(tmp_path, 1)) as jobs:
        theirs, _ = order(process, 20000)
        assert jobs.status(theirs).state == "running"
        with pytest.raises(Refused, match="another server"):
            jobs.cancel(theirs)
        ours = jobs.submit(Request("baseline", days=1))
        assert jobs.wait(ours, LONG_ENOUGH_S).state == "done"
        assert jobs.status(theirs).state == "running"
        assert {status.job for status in jobs.listing()} == {theirs, ours}
        with closing(Jobs(tmp_path, 1)) as third:
            assert third.status(theirs).state == "running"
            assert third.status(ours).state == "done"


@pytest.mark.slow
def test_equal_inputs_of_two_users_are_two_jobs_with_their_own_answers(tmp_path):
    """The same scenario, days and seed, and patches that differ in one number, all at once."""
    with closing(Jobs(tmp_path, 2)) as jobs:
        request = Request("baseline", days=1, seed=5)
        patches = [f"staff: {{technologist: {{count: {count}}}}}" for count in (1, 2, 3)]
        asked = [replace(request, patch=patch, user=user) for patch in patches for user in ("anna", "bert")]
        names = [jobs.submit(one) for one in asked]
        assert len(set(names)) == 6
        for name, one in zip(names, asked, strict=True):
            status = jobs.wait(name, LONG_ENOUGH_S)
            assert (status.state, status.user, status.request) == ("done", one.user, one)
            expected = api.simulate(api.patched("baseline", one.patch, days=1, seed=5))
            assert api.kpis(status.run_dir) == expected.kpis
        folders = [jobs.status(name).run_dir for name in names]
        assert folders[0::2] == folders[1::2]
        assert len(set(folders)) == 3


def test_a_damaged_status_is_no_job_and_stops_nobody(tmp_path):
    folders = Folders(tmp_path)
    for name, text in {"a": "{", "b": "[]", "c": '{"job": 1}', "d": ""}.items():
        folder = tmp_path / "jobs" / f"20261120-144043-107249-{name * 8}"
        folder.mkdir()
        (folder / "status.json").write_text(text)
    assert list(folders.read_all()) == []
    folders.close()


@pytest.mark.slow
def test_only_so_many_jobs_are_remembered_and_wait(tmp_path, monkeypatch):
    monkeypatch.setattr("dashboard.jobs.jobs.MOST_KEPT", 3)
    monkeypatch.setattr("dashboard.jobs.jobs.MOST_WAITING", 2)
    with closing(Jobs(tmp_path, 1)) as jobs:
        for seed in range(5):
            assert jobs.wait(jobs.submit(Request("baseline", days=1, seed=seed)), LONG_ENOUGH_S).state == "done"
        assert len(jobs.listing()) == 3
        assert len(jobs._mine) == 3
        assert len(api.runs(tmp_path)) == 5
        first = jobs.submit(Request("baseline", days=20000))
        jobs.wait(first, LONG_ENOUGH_S, lambda status: status.share > 0)
        for _ in range(2):
            jobs.submit(Request("baseline", days=1))
        with pytest.raises(Refused, match="waiting"):
            jobs.submit(Request("baseline", days=1))
