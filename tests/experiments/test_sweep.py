"""Sweeps: designs, folders that one can go on in, the same table whoever plays."""

import errno
import json
import os
import resource
import subprocess
import sys
import textwrap
from collections import Counter
from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from twin import api
from twin.errors import ScenarioError, StoreError, TwinError, UsageError
from twin.experiments import batches, designs, runner
from twin.experiments.executors import Here
from twin.results import sweep_query, sweep_store
from twin.scenario.sweep_file import bundled, load

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Runs that were played once are used by all tests of this file."""
    return tmp_path_factory.mktemp("store")


@pytest.fixture
def swept(sweep_file, tmp_path, store):
    return api.sweep(sweep_file, tmp_path / "one", workers=1, store=store)


def table(folder):
    return (folder / "table.parquet").read_bytes()


# Designs --------------------------------------------------------------------------------------------------------------


def test_a_grid_has_every_pair(sweep_file):
    plan = api.sweep_plan(sweep_file)
    assert plan.points == ((1, "30 min"), (1, "60 min"), (3, "30 min"), (3, "60 min"))
    assert plan.values(1) == {"technologists": 1, "uptake_min": 60.0}
    assert plan.sets(3) == ["staff.technologist.count=3", 'protocols.fdg.uptake="60 min"']


@pytest.mark.parametrize("design", ["latin_hypercube", "sobol"])
def test_a_drawn_design_covers_every_axis_evenly(design):
    places = designs.unit_points(design, 3, 16)
    assert places.shape == (16, 3)
    assert ((places >= 0.0) & (places < 1.0)).all()
    for column in places.T:
        assert sorted(np.floor(column * 16)) == list(range(16))  # one in each sixteenth
    np.testing.assert_array_equal(places, designs.unit_points(design, 3, 16))


def test_a_distribution_is_drawn_from(tmp_path, sweep_text):
    text = sweep_text.replace(
        'range: ["30 min", "60 min"], steps: 2', "distribution: {uniform: [30 min, 60 min]}, unit: min"
    )
    path = tmp_path / "drawn.yaml"
    path.write_text(text + "design: latin_hypercube\npoints: 20\n")
    plan = api.sweep_plan(path)
    drawn = sorted(plan.values(point)["uptake_min"] for point in range(20))
    assert all(30.0 + 1.5 * k <= value <= 31.5 + 1.5 * k for k, value in enumerate(drawn))
    assert Counter(plan.values(point)["technologists"] for point in range(20)) == {1: 10, 3: 10}


def test_points_come_from_a_table(tmp_path, sweep_text):
    (tmp_path / "points.csv").write_text("technologists,uptake\n2,45 min\n4,50 min\n")
    (tmp_path / "listed.yaml").write_text(sweep_text + "design: csv\nfile: points.csv\n")
    assert api.sweep_plan(tmp_path / "listed.yaml").points == ((2, "45 min"), (4, "50 min"))


def test_the_shipped_sweeps_are_well():
    assert set(bundled()) == {"quick", "demand", "durations"}
    for path in bundled().values():
        assert load(path).question
        assert path.read_text().startswith("# Question: ")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("staff.technologist.count", "staff.technologst.count", "did you mean 'staff.technologist'"),
        ("values: [1, 3]", "values: []", "the list is too short"),
        ("values: [1, 3]", "values: [3, 1, 3]", "this value stands here twice"),
        ("path: protocols.fdg.uptake", "path: staff.technologist.count", "the axis technologists sets this too"),
        ("kpis: [animals_per_day", "kpis: [animals_per_dya", "did you mean 'animals_per_day'"),
        ("  technologists:", "  status:", "the table has another column of this name"),
        ("  technologists:", "  animals_per_day:", "the table has another column of this name"),
        ("values: [1, 3]", "values: [1, 0]", "at least 1"),
        ('["30 min", "60 min"]', '["60 min", "60 min"]', "the axis is empty"),
        ('["30 min", "60 min"]', '["30 min", "60 MBq"]', "axes.uptake.range"),
        ("values: [1, 3]", "values: [1, 3], range: [1, 3]", "exactly one of values, range and distribution"),
        ("base: baseline", "base: baselin", "did you mean 'baseline'"),
        ("kind: sweep", "kind: sweeps", "allowed: sweep"),
        ("replications: 2", "replicatons: 2", "did you mean 'replications'"),
        ("replications: 2", "design: sobol", "sobol needs points"),
        ("schema: 1", "schema: 2", "newer schema"),
    ],
)
def test_mistakes_of_a_sweep_file_are_told(tmp_path, sweep_text, old, new, said):
    assert old in sweep_text
    path = tmp_path / "wrong.yaml"
    path.write_text(sweep_text.replace(old, new))
    with pytest.raises(ScenarioError) as found:
        api.sweep_plan(path)
    assert said in str(found.value)
    assert any(word in str(found.value) for word in ("wrong.yaml", "base", "kpis", "axes"))


# Playing --------------------------------------------------------------------------------------------------------------


def test_the_table_has_every_run(swept, store):
    frame = swept.table
    assert frame["run"].tolist() == list(range(8))
    assert list(frame.columns[:7]) == ["run", "point", "replication", "status", "error", "technologists", "uptake_min"]
    alone = api.simulate(api.load("baseline", swept.plan.sets(3), days=1), replication=1).kpis
    assert frame.loc[7, "animals_per_day"] == alone["animals_per_day"]["value"]
    assert swept.state.state == "finished"


def test_neither_clock_nor_path_nor_host_is_in_it(swept, tmp_path):
    whole = (swept.folder / "plan.json").read_bytes() + str(
        pq.read_table(swept.folder / "table.parquet").schema
    ).encode()
    for word in (str(tmp_path), os.uname().nodename, "T2", "202"):
        assert word.encode() not in whole.replace(b"2026-0", b""), word


def test_a_run_that_raises_is_a_row(tmp_path, sweep_text, store):
    """The price list names a role that nobody has then: the meaning is checked point by point."""
    path = tmp_path / "failing.yaml"
    path.write_text(
        sweep_text.replace(
            "staff.technologist.count, values: [1, 3]",
            "staff.animal_technician.role, values: [animal_technician, engineer]",
        )
    )
    swept = api.sweep(path, tmp_path / "failing", workers=1, store=store)
    assert swept.state.state == "failed"
    assert (swept.state.finished, swept.state.failed) == (4, 4)
    assert set(swept.table["error"].dropna().str.split(":").str[0]) == {"ScenarioError"}


def test_shards_make_the_same_table(swept, sweep_file, tmp_path, store):
    for part in (2, 1, 3):
        made = api.sweep(sweep_file, tmp_path / "parts", workers=1, shard=(part, 3), resume=True, store=store)
        assert made.state.state == ("finished" if part == 3 else "interrupted")
    assert table(tmp_path / "parts") == table(swept.folder)


@pytest.mark.parametrize("size", [1, 3, 8])
def test_batches_do_not_show_in_the_table(swept, sweep_file, tmp_path, store, monkeypatch, size):
    monkeypatch.setattr(
        runner._Rounds, "_next", lambda self: [self.waiting.popleft() for _ in range(min(size, len(self.waiting)))]
    )
    made = api.sweep(sweep_file, tmp_path / "other", workers=1, store=store)
    assert table(made.folder) == table(swept.folder)


def test_a_batch_ends_with_its_time(sweep_file, monkeypatch, store):
    plan = api.sweep_plan(sweep_file)
    monkeypatch.setattr(batches, "BATCH_S", 0.0)
    variants = {0: (plan.base, plan.sets(0), True)}
    answer = batches.play(batches.order([(0, 0, 0), (1, 0, 1)], variants, str(store)))
    assert [row["run"] for row in answer["rows"]] == [0]


# Going on -------------------------------------------------------------------------------------------------------------


class Dying(Here):
    """Stops as by Ctrl-C after some batches."""

    def __init__(self, after):
        self.left = after

    def submit(self, fn, /, *args, **kwargs):
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1
        return super().submit(fn, *args, **kwargs)


@pytest.fixture
def interrupted(sweep_file, tmp_path, store, monkeypatch):
    """A sweep that was interrupted after three batches of a run."""
    from twin.experiments import sweep

    monkeypatch.setattr(batches, "BATCH_S", 0.0)
    monkeypatch.setattr(
        runner._Rounds, "_next", lambda self: [self.waiting.popleft() for _ in range(min(1, len(self.waiting)))]
    )
    plan = api.sweep_plan(sweep_file)
    with pytest.raises(KeyboardInterrupt):
        sweep.run(plan, tmp_path / "two", Dying(3), store=store)
    return api.open_sweep(tmp_path / "two")


def test_what_was_interrupted_goes_on(interrupted, swept, sweep_file, store):
    assert interrupted.state.state == "interrupted"
    assert interrupted.state.missing == 6  # one more was asked for than was written
    made = api.sweep(sweep_file, interrupted.folder, workers=1, resume=True, store=store)
    assert table(made.folder) == table(swept.folder)


@pytest.mark.parametrize("damage", ["cut", "changed", "empty"])
def test_a_damaged_part_is_played_again(interrupted, swept, sweep_file, store, damage):
    part = min((interrupted.folder / "parts").glob("*.parquet"))
    whole = part.read_bytes()
    middle = len(whole) // 3
    changed = whole[:middle] + bytes(255 - byte for byte in whole[middle : middle + 40]) + whole[middle + 40 :]
    part.write_bytes({"cut": whole[: len(whole) // 2], "changed": changed, "empty": b""}[damage])
    assert interrupted.state.missing == 7
    made = api.sweep(sweep_file, interrupted.folder, workers=1, resume=True, store=store)
    assert table(made.folder) == table(swept.folder)


def test_what_a_killed_writer_left_is_swept_away(interrupted, sweep_file, store):
    left = interrupted.folder / "parts" / ".00000001-ab.parquet.999999999"
    left.write_bytes(b"half")
    api.sweep(sweep_file, interrupted.folder, workers=1, resume=True, store=store)
    assert not left.exists()


def test_a_folder_without_a_plan_is_begun(sweep_file, tmp_path, store):
    assert api.sweep(sweep_file, tmp_path / "new", workers=1, resume=True, store=store).state.state == "finished"


def test_a_folder_is_not_taken_from_anybody(swept, sweep_file, tmp_path, store):
    with pytest.raises(UsageError, match="--resume"):
        api.sweep(sweep_file, swept.folder, workers=1, store=store)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        api.sweep(sweep_file, tmp_path / "mine", workers=1, resume=True, store=store)


def test_another_scenario_is_refused(swept, sweep_file, sweep_text, store):
    sweep_file.write_text(sweep_text.replace("days: 1", "days: 2"))
    with pytest.raises(UsageError, match="differs in the scenario"):
        api.sweep(sweep_file, swept.folder, workers=1, resume=True, store=store)
    with pytest.raises(UsageError, match="other runs"):
        api.sweep(sweep_file, swept.folder, workers=1, resume=True, changed=True, store=store)


def test_another_version_is_refused_unless_told_otherwise(swept, sweep_file, store):
    path = swept.folder / "plan.json"
    said = json.loads(path.read_text())
    said["versions"]["code"] = "0" * 32
    path.write_text(json.dumps(said))
    with pytest.raises(UsageError, match=r"the version of code.*--changed"):
        api.sweep(sweep_file, swept.folder, workers=1, resume=True, store=store)
    made = api.sweep(sweep_file, swept.folder, workers=1, resume=True, changed=True, store=store)
    assert made.state.state == "finished"


def test_a_newer_store_is_refused(swept):
    path = swept.folder / "plan.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"plan_version": 99}))
    with pytest.raises(StoreError, match=r"version 99.*update preclinical-twin") as found:
        api.open_sweep(swept.folder)
    assert found.value.exit_code == 3


# Workers that die -----------------------------------------------------------------------------------------------------


class Mortal(Executor):
    """A pool that is broken as soon as a worker plays a poisonous run; ``unlucky``: also at these submissions."""

    def __init__(self, poison=(), unlucky=()):
        self.poison, self.unlucky, self.renewed, self.asked = set(poison), set(unlucky), 0, 0
        self.workers, self.broken = 2, False

    def open(self, due_s=None):
        return self

    def renew(self):
        self.renewed += 1
        self.broken = False

    def close(self):
        """Nothing to stop."""

    def submit(self, fn, /, batch):
        self.asked += 1
        if self.broken:
            raise BrokenExecutor
        done = Future()
        if self.poison & {run[0] for run in batch["runs"]} or self.asked in self.unlucky:
            self.broken = True
            done.set_exception(BrokenExecutor())
        else:
            done.set_result(fn(batch))
        return done


def answered(crew, count=20, reached=None):
    def order(runs):
        return {"runs": runs}

    def play(batch):
        rows = [{"run": run, "point": point, "replication": k, "status": "finished"} for run, point, k in batch["runs"]]
        return {"rows": rows[:reached], "units": {}, "seconds": 1e-6}

    found = list(runner.play_all([(k, k, 0) for k in range(count)], crew, order, play))
    return Counter((row["run"], row["status"]) for answer in found for row in answer["rows"])


def test_a_run_that_kills_its_workers_is_set_aside_and_named():
    rows = answered(Mortal(poison=[7]))
    assert rows == Counter([(k, "set_aside" if k == 7 else "finished") for k in range(20)])


def test_what_a_batch_did_not_reach_is_not_lost_when_a_worker_dies(monkeypatch):
    """Another batch had just ended, before all of its runs were played."""

    def wait(under_way, return_when):
        return {min(under_way, key=lambda future: future.exception() is None)}, set()

    monkeypatch.setattr(runner, "wait", wait)
    rows = answered(Mortal(unlucky=[6]), reached=1)
    assert rows == Counter((k, "finished") for k in range(20))


def test_workers_that_die_of_every_run_are_told_of():
    with pytest.raises(TwinError, match="die whatever they play"):
        answered(Mortal(poison=range(20)))


@pytest.mark.parametrize("unlucky", [[1], [2, 3], [3, 9, 11]])
def test_a_worker_that_is_killed_costs_no_run(unlucky):
    crew = Mortal(unlucky=unlucky)
    assert answered(crew) == Counter((k, "finished") for k in range(20))
    assert crew.renewed > 0


def test_what_was_set_aside_is_tried_again(sweep_file, tmp_path, store, swept):
    plan = api.sweep_plan(sweep_file)
    folder = tmp_path / "again"
    sweep_store.write_plan(folder, plan.as_data())
    row = runner.set_aside((0, 0, 0))
    sweep_store.write_part(folder, sweep_store.rows_table([row], [plan.values(0)], {}))
    made = api.sweep(sweep_file, folder, workers=1, resume=True, store=store)
    assert table(made.folder) == table(swept.folder)


# Asking ---------------------------------------------------------------------------------------------------------------


def test_groups_are_those_of_the_table(swept):
    """The points share their luck, so the replications are what is independent."""
    each = swept.table.groupby(["technologists", "replication"], as_index=False)["animals_per_day"].mean()
    frame = each.groupby("technologists")["animals_per_day"].agg(["count", "mean", "std"])
    with sweep_query.rows(str(swept.folder)) as rows:
        found = rows.groups("animals_per_day", ["technologists"])
    for group, (value, line) in zip(found, frame.iterrows(), strict=True):
        assert (group.values, group.n) == ((value,), line["count"])
        assert (group.mean, group.deviation) == pytest.approx((line["mean"], line["std"]))


def test_an_address_is_asked_like_a_folder(swept):
    fsspec = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")
    for name in ("plan.json", "table.parquet"):
        memory.pipe_file(f"/sweeps/tiny/{name}", (swept.folder / name).read_bytes())
    assert api.open_sweep("memory://sweeps/tiny").plan.name == "tiny"
    with sweep_query.rows("memory://sweeps/tiny") as rows, sweep_query.rows(str(swept.folder)) as local:
        assert rows.groups("end_of_day", ["uptake_min"]) == local.groups("end_of_day", ["uptake_min"])


# Processes ------------------------------------------------------------------------------------------------------------


def command(sweep_file, folder, *words):
    return [sys.executable, "-m", "twin", "sweep", "run", str(sweep_file), "--out", str(folder), *words]


def surroundings(store):
    return {**os.environ, "PYTHONPATH": str(ROOT), "TWIN_STORE": str(store)}


def test_a_write_that_stops_half_way_leaves_nothing(sweep_file, tmp_path, store, swept, monkeypatch):
    whole = sweep_store._write

    def full(table, path, lasts=True):
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sweep_store, "_write", full)
    with pytest.raises(StoreError, match="the disk is full"):
        api.sweep(sweep_file, tmp_path / "full", workers=1, store=store)
    assert not [path for path in (tmp_path / "full" / "parts").iterdir() if path.is_file()]
    monkeypatch.setattr(sweep_store, "_write", whole)
    made = api.sweep(sweep_file, tmp_path / "full", workers=1, resume=True, store=store)
    assert table(made.folder) == table(swept.folder)


@pytest.mark.slow
def test_a_full_disk_leaves_nothing_half_written(sweep_file, tmp_path, store, swept):
    """A limit on the size of files stands for a full disk."""
    code = textwrap.dedent("""
        import resource, sys
        resource.setrlimit(resource.RLIMIT_FSIZE, (8000, 8000))
        from twin.__main__ import main
        sys.argv[0] = "twin"
        main()
    """)
    words = ["sweep", "run", str(sweep_file), "--out", str(tmp_path / "full"), "--workers", "1"]
    done = subprocess.run([sys.executable, "-c", code, *words], env=surroundings(store), capture_output=True, text=True)
    assert done.returncode == 1
    assert "the disk is full or its limit is reached" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((tmp_path / "full").rglob("*.parquet"))
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 8000
    made = api.sweep(sweep_file, tmp_path / "full", workers=1, resume=True, store=store)
    assert table(made.folder) == table(swept.folder)


@pytest.mark.slow
def test_a_pool_makes_the_same_table(sweep_file, tmp_path, store, swept):
    made = api.sweep(sweep_file, tmp_path / "pool", workers=2, store=store)
    assert table(made.folder) == table(swept.folder)


def test_nobody_answers(sweep_file, tmp_path):
    from twin.experiments import executors

    crew = executors.Cluster("tcp://127.0.0.1:9")
    patience, executors.PATIENCE_S = executors.PATIENCE_S, 0.5
    try:
        with pytest.raises(UsageError, match=r"nobody answers at tcp://127\.0\.0\.1:9"):
            crew.open()
        with pytest.raises(UsageError, match="nobody answers"):
            api.sweep(sweep_file, tmp_path / "out", dask="tcp://127.0.0.1:9")
        assert not (tmp_path / "out").exists()
    finally:
        executors.PATIENCE_S = patience
