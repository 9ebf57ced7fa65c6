"""Faults: workers and parents that are killed, sweeps side by side, a cluster. ``TWIN_ROUNDS`` scales how often."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from twin import api

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = int(os.environ.get("TWIN_ROUNDS", "1"))

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def due(sweep_text, tmp_path_factory):
    """The table that an undisturbed sweep makes."""
    place = tmp_path_factory.mktemp("due")
    (place / "tiny.yaml").write_text(sweep_text)
    made = api.sweep(place / "tiny.yaml", place / "out", workers=1, store=place / "store")
    return (made.folder / "table.parquet").read_bytes()


def begun(sweep_file, folder, store, *words):
    """A sweep as a process of its own, in a session of its own."""
    return command(store, "sweep", "run", str(sweep_file), "--out", str(folder), *words)


def command(store, *words):
    """A command as a process of its own, in a session of its own."""
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "TWIN_STORE": str(store)}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, "-m", "twin", *words], env=surroundings, start_new_session=True, **streams)


def workers(process):
    """The spawned processes of a sweep."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            command = (stat.parent / "cmdline").read_bytes()
            if parent == process.pid and b"spawn_main" in command:
                found.append(int(stat.parent.name))
    return found


def wait_for(what, limit_s=300.0):
    began = time.monotonic()
    while not (found := what()):
        assert time.monotonic() - began < limit_s
        time.sleep(0.02)
    return found


def ended(process, code):
    said = process.communicate(timeout=600)
    assert process.returncode == code, said
    return said


def parts(folder):
    return list((folder / "parts").glob("[!.]*.parquet"))


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_worker_is_killed(sweep_file, tmp_path, due, number):
    luck = random.Random(number)
    process = begun(sweep_file, tmp_path / "out", tmp_path / "store", "--workers", "2")
    found = wait_for(lambda: workers(process))
    time.sleep(luck.uniform(0.0, 6.0))
    with suppress(ProcessLookupError):
        os.kill(luck.choice(found), signal.SIGKILL)
    ended(process, 0)
    assert (tmp_path / "out" / "table.parquet").read_bytes() == due


@pytest.mark.parametrize("number", range(ROUNDS))
def test_the_parent_is_killed(sweep_file, tmp_path, due, number):
    luck = random.Random(1000 + number)
    process = begun(sweep_file, tmp_path / "out", tmp_path / "store", "--workers", "2")
    found = wait_for(lambda: workers(process))
    time.sleep(luck.uniform(0.0, 8.0))
    process.kill()
    process.communicate()
    wait_for(lambda: not any(Path(f"/proc/{worker}").exists() for worker in found))  # nobody is left behind
    again = begun(sweep_file, tmp_path / "out", tmp_path / "store", "--workers", "1", "--resume")
    ended(again, 0)
    assert (tmp_path / "out" / "table.parquet").read_bytes() == due


def test_ctrl_c_stops_cleanly_and_says_how_to_go_on(sweep_file, tmp_path, due):
    sweep_file.write_text(sweep_file.read_text().replace("replications: 2", "replications: 200"))
    process = begun(sweep_file, tmp_path / "out", tmp_path / "store", "--workers", "2")
    wait_for(lambda: parts(tmp_path / "out"))
    os.killpg(process.pid, signal.SIGINT)
    _, errors = ended(process, 130)
    assert "runs are done and kept; go on with: twin sweep run" in errors
    assert "--resume" in errors
    assert "Traceback" not in errors
    assert api.open_sweep(tmp_path / "out").state.state == "interrupted"


def test_ctrl_c_stops_replications_and_keeps_them(tmp_path):
    words = ("replicate", "baseline", "--days", "1", "-n", "2000", "--workers", "2")
    process = command(tmp_path / "store", *words)
    found = wait_for(lambda: workers(process))
    wait_for(lambda: list((tmp_path / "store").rglob("*.json")))
    os.killpg(process.pid, signal.SIGINT)
    _, errors = ended(process, 130)
    assert "Traceback" not in errors
    wait_for(lambda: not any(Path(f"/proc/{worker}").exists() for worker in found))


def test_a_script_without_a_guard_may_ask_for_workers(tmp_path):
    """A spawned process would begin the script again: it would ask for workers, and so on."""
    script = tmp_path / "script.py"
    script.write_text(
        "from twin import api\nprint(len(api.replicate(api.load('baseline', days=1), 3, workers=2).records))\n"
    )
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, script], env=surroundings, capture_output=True, text=True, timeout=600)
    assert (done.stdout, done.stderr) == ("3\n", "")


@pytest.mark.parametrize("same_folder", [False, True])
def test_two_sweeps_at_once(sweep_file, tmp_path, due, same_folder):
    api.sweep_plan(sweep_file)
    folders = [tmp_path / "a", tmp_path / ("a" if same_folder else "b")]
    first = begun(sweep_file, folders[0], tmp_path / "store", "--workers", "1", "--resume")
    if same_folder:
        wait_for((folders[0] / "plan.json").exists)
    second = begun(sweep_file, folders[1], tmp_path / "store", "--workers", "1", "--resume")
    for process in (first, second):
        ended(process, 0)
    for folder in folders:
        assert (folder / "table.parquet").read_bytes() == due


def test_a_dask_cluster_makes_the_same_table(sweep_file, tmp_path, due):
    from distributed import LocalCluster

    where = {"dashboard_address": None, "local_directory": str(tmp_path / "dask")}
    with LocalCluster(n_workers=1, threads_per_worker=1, processes=False, **where) as cluster:
        made = api.sweep(sweep_file, tmp_path / "out", dask=cluster.scheduler_address, store=tmp_path / "store")
    assert (made.folder / "table.parquet").read_bytes() == due
