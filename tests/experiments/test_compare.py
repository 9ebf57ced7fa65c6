"""Replicate and compare: the same luck, the right signs, what is kept is used again."""

import pytest

from twin import api
from twin.errors import UsageError
from twin.experiments import records

DAYS = 1


def scenario(*sets, name="baseline"):
    return api.load(name, sets, days=DAYS)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Runs that were played once are used by all tests of this file."""
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def made(store):
    return api.replicate(scenario(), 4, store=store)


@pytest.fixture(scope="module")
def two(store):
    slower = scenario("protocols.fdg.uptake=90 min")
    kpis = ("anaesthesia_mean_min", "end_of_day", "activity_delivered_mbq")
    return api.compare(scenario(), slower, n=4, kpis=kpis, store=store)


def test_replications_are_the_runs_of_their_numbers(made):
    for number, record in enumerate(made.records):
        assert record.replication == number
    alone = api.simulate(scenario(), replication=3)
    assert dict(made.records[3].figures) == alone.kpis


def test_every_figure_has_its_interval(made):
    said = made.as_data()
    assert set(said["kpis"]) == set(api.simulate(scenario()).kpis)
    found = said["kpis"]["scans_completed"]
    assert found["n"] == 4
    assert found["low"] < found["mean"] < found["high"]
    assert said["kpis"]["cost[scanner]"]["mean"] is None  # it has no price
    assert made.table.shape == (4, len(said["kpis"]))


def test_precision_stops_when_it_is_reached(store):
    found = api.replicate(scenario(), precision=0.9, kpis=["activity_delivered_mbq"], store=store)
    assert found.precision.enough == 3
    assert len(found.records) == 8  # with five more to look ahead


def test_precision_stops_at_the_most(store):
    found = api.replicate(scenario(), precision=0.001, kpis=["scans_completed"], most=4, store=store)
    assert (found.precision.enough, len(found.records)) == (None, 4)


def test_a_difference_is_paired(two, store):
    later = {found.kpi: found for found in two.differences}["end_of_day"]
    a, b = (api.replicate(made.scenario, 4, store=store).values("end_of_day") for made in two.scenarios)
    assert later.difference == pytest.approx(sum(y - x for x, y in zip(a, b, strict=True)) / 4)
    assert later.difference > 0.0
    assert later.confidence == pytest.approx(1.0 - 0.05 / 3)  # three statements share the doubt


def test_what_is_the_same_is_marked(two):
    same = {found.kpi: found for found in two.differences}["activity_delivered_mbq"]
    assert (same.difference, same.low, same.high, same.variance_ratio, same.identical) == (0.0, 0.0, 0.0, None, True)
    assert same.verdict == "same"
    assert any("is like baseline in each of 4 runs" in sentence for sentence in two.sentences)


def test_the_first_ones_seed_is_everybodys(store):
    found = api.compare(scenario(), scenario("seed=99"), n=2, store=store)
    assert all(one.identical for one in found.differences if one.difference is not None)


def test_what_is_unfair_is_said(store):
    found = api.compare(scenario(), api.load("baseline", days=0.5), n=2, kpis=["cost_total"], store=store)
    assert any("0.5 days" in warning for warning in found.warnings)


def test_figures_of_one_side_have_no_difference(store):
    fewer = scenario("staff.technologist.count=2")
    found = {one.kpi: one for one in api.compare(scenario(), fewer, n=2, store=store).differences}
    gone = found["utilisation_pct[technologist-3]"]
    assert (gone.b, gone.difference, gone.low, gone.better, gone.verdict) == (None, None, None, None, "undefined")
    assert gone.a is not None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"kpis": ["wait_mean_min[persn]"]}, "did you mean 'wait_mean_min\\[person\\]'"),
        ({"kpis": ["wait_mean_min"]}, "did you mean 'wait_mean_min\\[person\\]'"),
        ({"kpis": ["wait_meen_min[person]"]}, "did you mean 'wait_mean_min'"),
        ({"n": 1}, "one run proves nothing"),
        ({"confidence": 1.5}, "confidence"),
    ],
)
def test_wrong_words(words, said, store):
    with pytest.raises(UsageError, match=said):
        api.compare(scenario(), scenario("days=1"), store=store, **{"n": 2, **words})


def test_what_is_kept_is_used_again(store, monkeypatch, made):
    monkeypatch.setattr(records, "played", lambda *_: pytest.fail("it was played again"))
    again = api.replicate(scenario(), 4, store=store)
    assert again.as_data() == made.as_data()
    assert list(again.kpis) == list(made.kpis)


def test_what_is_damaged_is_played_again(tmp_path, made):
    damages = (b"", b"{", b'{"record": {"replication": 1, "figures": {}}, "seal": "0"}')
    api.replicate(scenario(), 3, store=tmp_path)
    files = list(tmp_path.rglob("*.json"))
    assert len(files) == 3
    for file, damage in zip(files, damages, strict=True):
        file.write_bytes(damage)
    again = api.replicate(scenario(), 3, store=tmp_path)
    assert [one.figures for one in again.records] == [one.figures for one in made.records[:3]]


def test_a_store_that_cannot_be_written_stops_nobody(tmp_path):
    (tmp_path / "file").write_text("")
    assert len(api.replicate(scenario(), 2, store=tmp_path / "file").records) == 2


@pytest.mark.slow
def test_shared_luck_is_worth_it():
    """In at least two of the three, the largest ratio among what is asked first is above 5."""
    names = ("second_scanner", "two_shifts", "spare_bed")
    found = api.compare("baseline", *names, n=10)
    largest = dict.fromkeys(names, 0.0)
    for one in found.differences:
        if one.kpi.startswith(("animals_per_day", "lead_time_days", "wait_mean_min[")):
            largest[one.scenario_b] = max(largest[one.scenario_b], one.variance_ratio or 0.0)
    print(largest)
    assert sum(ratio > 5.0 for ratio in largest.values()) >= 2
