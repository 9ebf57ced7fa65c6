"""What came of many runs: in their order whoever plays, from the store if it is known, an error as it was raised."""

import datetime as dt

import pytest

from twin import api
from twin.errors import CircleError, TwinError
from twin.experiments import batches, executors, gathering, runner
from twin.experiments.executors import Growing, Here


@pytest.fixture(scope="module")
def scenario():
    return api.load("baseline", days=1)


def rows(runs, **more):
    made = [{"run": n, "point": place, "replication": k, "status": "finished", "error": None} for n, place, k in runs]
    return [row | {"figures": {"scans": float(row["run"])}, "days": {}} | more for row in made]


def test_outcomes_come_in_the_order_that_was_asked_for(monkeypatch):
    """Whoever is quick: the last come first here."""

    def play_all(runs, crew, order):
        for run in reversed(list(runs)):
            yield {"rows": rows([run]), "units": {"scans": "1"}}

    monkeypatch.setattr(gathering, "play_all", play_all)
    pairs, told = [(1, 4), (0, 2), (0, 3)], []
    found = list(gathering.outcomes([], pairs, Here(), None, lambda *count: told.append(count)))
    assert [(one.place, one.replication) for one in found] == pairs
    assert [one.record.value("scans") for one in found] == [0.0, 1.0, 2.0]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_what_the_store_has_is_not_played(scenario, tmp_path, monkeypatch):
    def some(*places):
        return list(gathering.records([scenario], [(0, k) for k in places], Here(), tmp_path))

    first = some(1)
    asked = []
    monkeypatch.setattr(
        gathering, "play_all", lambda runs, crew, order: asked.extend(runs) or runner.play_all(runs, crew, order)
    )
    assert some(0, 1, 2)[1] == first[0]
    assert asked == [(0, 0, 0), (1, 0, 2)]


def test_a_run_that_fails_elsewhere_fails_here_with_its_own_error(scenario, monkeypatch):
    """A worker sends no more than words; the run is played once more, here."""
    monkeypatch.setattr(
        gathering, "play_all", lambda runs, crew, order: iter([{"rows": rows(runs, status="failed"), "units": {}}])
    )

    def fails(*_):
        raise CircleError(["anna", "bed-1"])

    monkeypatch.setattr(gathering, "record", fails)
    with pytest.raises(CircleError, match="anna -> bed-1"):
        list(gathering.records([scenario], [(0, 0)], Here()))


def test_a_run_that_kills_its_workers_is_named(scenario, monkeypatch):
    dead = runner.set_aside((0, 0, 7))
    monkeypatch.setattr(gathering, "play_all", lambda runs, crew, order: iter([{"rows": [dead], "units": {}}]))
    with pytest.raises(TwinError, match="replication 7 of baseline: it killed 2 workers"):
        list(gathering.records([scenario], [(0, 7)], Here()))


def test_a_worker_gets_the_scenario_as_it_is(scenario):
    """Also in the order of its names: who is named first is asked first."""
    answer = batches.play(batches.order([(0, 0, 3)], {0: gathering.variant(scenario)}))
    figures = {name: figure["value"] for name, figure in api.simulate(scenario, replication=3).kpis.items()}
    assert answer["rows"][0]["figures"] == figures


# Who plays ------------------------------------------------------------------------------------------------------------


class Begun(Here):
    """Instead of processes."""

    def __init__(self, workers):
        self.workers = workers


@pytest.mark.parametrize(("due_s", "workers"), [(None, 1), (1.0, 1), (60.0, 4)])
def test_a_pool_begins_when_it_is_worth_it(monkeypatch, due_s, workers):
    monkeypatch.setattr(executors, "Pool", Begun)
    crew = Growing(4)
    crew.open()
    crew.open(due_s)
    assert crew.workers == workers
    crew.open(1.0)
    assert crew.workers == workers


def test_who_asks_little_again_and_again_gets_a_pool(monkeypatch):
    monkeypatch.setattr(executors, "Pool", Begun)
    crew = Growing(2)
    crew._began_s -= 60.0
    crew.open(0.5)
    assert crew.workers == 2


def test_workers_that_cannot_begin_are_told_of(monkeypatch):
    monkeypatch.setattr(executors.Pool, "_begin", lambda self: None)
    with pytest.raises(TwinError, match="end as soon as they begin"):
        executors.Pool(2).open()


class Shared(executors.Pool):
    """Stays, so that it need not begin for each question."""

    def close(self):
        """The test ends it."""


@pytest.mark.slow
def test_a_pool_gives_what_this_process_gives(scenario, monkeypatch):
    both = (scenario, api.load("two_shifts", days=1))
    moment = dt.datetime(2026, 3, 2, 16)
    varied, ranges = {"staff.technologist.count": [1, 2]}, {"protocols.fdg.uptake": ("30 min", "90 min")}

    def all_of_it():
        yield api.replicate(scenario, 3).as_data()
        yield api.compare(*both, n=2).as_data()
        yield api.select(*both, kpi="cost_total", within=2000.0).as_data()
        yield api.finished_by(scenario, moment, 3)
        yield api.size(scenario, ["scans_completed.mean >= 5"], varied, most=2).as_data()
        yield api.sensitivity(scenario, ["end_of_day"], ranges, size=2)[0].as_data()

    alone = list(all_of_it())
    pool = Shared(2)
    monkeypatch.setattr(executors, "growing", lambda _: pool)
    try:
        assert list(all_of_it()) == alone
    finally:
        super(Shared, pool).close()
