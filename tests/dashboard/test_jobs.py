"""Runs in processes of their own: a queue, re-use, mistakes, cancelling, death."""

import os
import signal
from dataclasses import replace

import pytest

from dashboard.jobs import Jobs, Refused, Request
from twin import api

SHORT = Request("baseline", days=1, user="anna")
LONG = Request("baseline", days=20000, user="anna")
#: A machine that is busy with other tests is slow [s].
LONG_ENOUGH_S = 90.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("scenarios")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def jobs(store, folder):
    made = Jobs(store, 1, folder)
    assert made.wait_until_warm(LONG_ENOUGH_S)
    yield made
    made.close()


def ended(jobs, job):
    status = jobs.wait(job, LONG_ENOUGH_S)
    assert not status.is_open, status
    return status


def begun(jobs, job):
    status = jobs.wait(job, LONG_ENOUGH_S, lambda status: status.share > 0)
    assert status.state == "running", status
    return status


def halves(store):
    """What is neither a run folder nor the folder of the jobs."""
    return [path for path in store.iterdir() if path.name != "jobs" and not (path / "manifest.json").exists()]


def test_a_run_is_a_run_folder_that_the_command_line_reads_too(jobs, store):
    status = ended(jobs, jobs.submit(replace(SHORT, seed=11)))
    assert (status.state, status.share, status.reused, status.user) == ("done", 1.0, None, "anna")
    assert status.submitted <= status.started <= status.ended
    assert status.run_dir.parent == store
    expected = api.simulate(api.load("baseline", days=1, seed=11))
    assert api.kpis(status.run_dir) == expected.kpis
    (line,) = [line for line in api.runs(store) if line.folder == status.run_dir]
    assert (line.seed, line.digest, line.by) == (11, expected.digest, "dashboard")


def test_a_run_of_the_command_line_is_used_again_and_says_so(jobs, store):
    kept = api.simulate(api.load("baseline", days=1, seed=12)).save(store=store)
    status = ended(jobs, jobs.submit(replace(SHORT, seed=12, days=1.0)))
    written = api.open(kept).written
    assert (status.state, status.run_dir) == ("done", kept)
    assert status.reused == f"re-used run from {written:%H:%M}"


def test_what_a_patch_says_is_what_is_played(jobs):
    patch = "staff: {technologist: {count: 2}}\npolicies: {shift_end: preempt}"
    status = ended(jobs, jobs.submit(replace(SHORT, patch=patch)))
    said = api.open(status.run_dir).manifest["scenario"]
    assert said["staff"]["technologist"]["count"] == 2
    assert status.label == "baseline, staff.technologist.count 2, policies.shift_end preempt, days 1"
    sets = ["staff.technologist.count=2", "policies.shift_end=preempt"]
    assert api.kpis(status.run_dir) == api.simulate(api.load("baseline", sets, days=1)).kpis


def test_mistakes_come_with_their_paths(jobs):
    patch = "staff: {technologist: {cuont: 2}}\nanimals_per_attendant: 5 MBq"
    status = ended(jobs, jobs.submit(replace(SHORT, patch=patch)))
    assert status.state == "failed"
    assert status.run_dir is None
    assert {problem["path"] for problem in status.problems} == {"staff.technologist.cuont", "animals_per_attendant"}
    (said,) = [problem["message"] for problem in status.problems if problem["path"].startswith("staff")]
    assert "did you mean 'count'?" in said
    assert "line" not in said


def test_a_job_waits_is_taken_out_or_played_and_one_that_runs_leaves_nothing_when_it_is_cancelled(jobs, store, folder):
    """One long run, and behind it: one that is taken out, one whose scenario goes, one that is played in the end."""
    (folder / "gone.yaml").write_text("extends: baseline\nname: gone\ndays: 1\n")
    before = set(store.iterdir())
    first = jobs.submit(LONG)
    status = begun(jobs, first)
    assert 0 < status.simulated_day < status.days == 20000
    second, late, third = (jobs.submit(one) for one in (replace(SHORT, seed=21), Request("gone.yaml", seed=52), SHORT))
    waiting = (first, second, late, third)
    assert [jobs.status(job).place_in_queue for job in waiting] == [None, 1, 2, 3]
    assert [status.job for status in jobs.listing()[:4]] == [*reversed(waiting)]
    jobs.cancel(second)
    assert [jobs.status(job).place_in_queue for job in (second, late, third)] == [None, 1, 2]
    assert jobs.status(second).state == "cancelled"
    (folder / "gone.yaml").unlink()
    process = jobs.processes()[0]
    jobs.cancel(first)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    assert jobs.status(first).state == "cancelled"
    assert ended(jobs, late).state == "failed"
    done = ended(jobs, third)
    assert set(store.iterdir()) == {*before, done.run_dir}
    assert halves(store) == []
    again = jobs.again(second)
    assert jobs.status(again).request == jobs.status(second).request
    assert ended(jobs, again).state == "done"


def test_a_dead_worker_fails_its_job_and_is_replaced(jobs):
    job = jobs.submit(LONG)
    begun(jobs, job)
    os.kill(jobs.processes()[0], signal.SIGKILL)
    status = ended(jobs, job)
    assert status.state == "failed"
    assert "SIGKILL" in status.message
    assert "memory" in status.message
    assert ended(jobs, jobs.submit(replace(SHORT, seed=41))).state == "done"


@pytest.mark.slow
def test_a_worker_that_dies_idle_fails_nobody(jobs):
    assert jobs.wait_until_warm(LONG_ENOUGH_S)
    os.kill(jobs.processes()[0], signal.SIGKILL)
    assert ended(jobs, jobs.submit(replace(SHORT, seed=42))).state == "done"


def test_own_files_are_picked_by_name(jobs, folder):
    (folder / "mine.yaml").write_text("extends: baseline\nname: mine\ndays: 1\n")
    assert "mine.yaml" in jobs.scenarios()
    status = ended(jobs, jobs.submit(Request("mine.yaml", seed=51)))
    assert api.open(status.run_dir).name == "mine"


HOSTILE_JOBS = [
    "../..",
    "",
    "/etc/passwd",
    "servers",
    "20261120-144043-107249-3eb002c9",
    "a" * 9999,
    "\0",
    None,
    7,
    ["x"],
]


@pytest.mark.parametrize("job", HOSTILE_JOBS)
def test_no_job_has_a_hostile_name(jobs, job):
    for ask in (jobs.status, jobs.cancel, jobs.again):
        with pytest.raises(Refused):
            ask(job)


def test_no_other_file_of_the_machine_is_a_scenario(jobs, folder, tmp_path):
    outside = tmp_path / "outside.yaml"
    outside.write_text("extends: baseline\n")
    (folder / "link.yaml").symlink_to(outside)
    (folder / "users.yaml").write_text("anna: scrypt\n")
    (folder / "sub").mkdir()
    (folder / "sub" / "deep.yaml").write_text("extends: baseline\n")
    names = [str(outside), "link.yaml", "users.yaml", "sub/deep.yaml", "../outside.yaml", "theory/mm1", "/dev/zero", ""]
    assert not set(names) & set(jobs.scenarios())
    for name in names:
        with pytest.raises(Refused):
            jobs.submit(Request(name))


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


TAG = "!!python/object/apply:os.system [id]"


@pytest.mark.parametrize(
    "patch", [BOMB, "extends: /etc/passwd", TAG, "[1, 2]", "{", "a: 1\na: 2", "x" * 300_000, 5, None]
)
def test_a_hostile_patch_is_refused_at_once(jobs, patch):
    with pytest.raises(Refused) as refused:
        jobs.submit(Request("baseline", patch))
    assert "Traceback" not in str(refused.value)


@pytest.mark.parametrize("words", [{"seed": -1}, {"seed": True}, {"seed": "1"}, {"seed": 2**70}, {"days": 0},
                                   {"days": float("nan")}, {"days": "7"}, {"days": 1e9}, {"user": 3}])  # fmt: skip
def test_a_hostile_number_is_refused(jobs, words):
    with pytest.raises(Refused):
        jobs.submit(replace(SHORT, **words))


def test_a_patch_names_files_of_the_folder_only(jobs, folder, tmp_path):
    (tmp_path / "times.csv").write_text("minutes\n5\n6\n")
    (folder / "times.csv").write_text("minutes\n5\n6\n")
    (folder / "led-out.csv").symlink_to(tmp_path / "times.csv")
    inside = "{scan: {empirical: {file: %s, column: minutes, unit: min}}}"
    for name in ("../times.csv", str(tmp_path / "times.csv"), "/etc/passwd", "led-out.csv"):
        status = ended(jobs, jobs.submit(replace(SHORT, patch=f"durations: {inside % name}")))
        assert status.state == "failed"
        (problem,) = status.problems
        assert problem["path"] == "durations.scan.empirical.file"
        assert "only files of the scenarios' folder" in problem["message"]
    problems = api.problems("baseline", f"durations: {inside % 'times.csv'}", folder)
    assert not [problem for problem in problems if "file" in problem.path]
