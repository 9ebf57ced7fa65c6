"""Sizing: targets are read, held against runs, and the cheapest that meets them is found."""

import itertools
from math import factorial, sqrt

import numpy as np
import pytest

from twin import api
from twin.errors import ScenarioError, UsageError
from twin.experiments import targets
from twin.experiments.executors import Here
from twin.experiments.records import Record
from twin.experiments.size import sized
from twin.experiments.targets import Target, held, target
from twin.results.days import DAILY, daily


@pytest.fixture(scope="module")
def week():
    return api.simulate("baseline", seed=7)


# Days -----------------------------------------------------------------------------------------------------------------


def test_days_add_up_to_the_run(week):
    days = daily(week.run)
    assert set(days) == set(DAILY)
    assert all(len(values) == 5 for values in days.values())  # Monday to Friday
    assert sum(days["scans_completed"]) == week.kpis["scans_completed"]["value"]
    assert sum(days["animals_per_day"]) / 5 == pytest.approx(week.kpis["animals_per_day"]["value"])
    assert sum(days["overtime_min"]) == pytest.approx(week.kpis["overtime_min"]["value"])
    known = [value for value in days["end_of_day"] if value is not None]
    assert sum(known) / len(known) == pytest.approx(week.kpis["end_of_day"]["value"])


# Targets --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("animals_per_day.mean >= 40", ("animals_per_day", "mean", ">=", 40.0, "", 0.0)),
        ("wait_mean_min[person].mean<=2.5", ("wait_mean_min[person]", "mean", "<=", 2.5, "", 0.0)),
        ("overtime_min.p95 <= 15", ("overtime_min", "share", ">=", 0.95, "<=", 15.0)),
        ("end_of_day.share(<= 18) >= 90%", ("end_of_day", "share", ">=", 0.9, "<=", 18.0)),
    ],
)
def test_a_target_is_read(text, due):
    assert target(text) == Target(text, *due)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("animals_per_day >= 40", "FIGURE.mean"),
        ("animals_per_dai.mean >= 40", "did you mean 'animals_per_day'"),
        ("cost_total.p95 <= 15", "only these figures have days"),
        ("end_of_day.share(<= 18) >= 90", "a share is at least"),
    ],
)
def test_a_wrong_target_is_told(text, said):
    with pytest.raises(UsageError, match=said):
        target(text)


@pytest.mark.parametrize(
    "pair",
    [
        ("animals_per_day.mean >= 40", "animals_per_day.mean <= 30"),
        ("end_of_day.share(<= 16) >= 60%", "end_of_day.share(>= 18) >= 60%"),
        ("overtime_min.p95 <= 10", "overtime_min.p95 >= 20"),
    ],
)
def test_contradictions_are_named(pair):
    with pytest.raises(UsageError) as found:
        targets.refuse_contradictions([target(text) for text in pair])
    assert all(text in str(found.value) for text in pair)
    targets.refuse_contradictions([target("animals_per_day.mean >= 40"), target("animals_per_day.mean <= 50")])


def records(values, days=()):
    figures = [{"animals_per_day": {"value": value, "unit": "1/d"}} for value in values]
    return [Record(k, one, {"overtime_min": days}) for k, one in enumerate(figures)]


def test_a_mean_is_met_when_its_bound_is():
    wanted = target("animals_per_day.mean >= 10")
    assert held(wanted, records([12.0, 12.5, 11.5, 12.2]), 0.95).verdict == "met"
    assert held(wanted, records([9.0, 10.5, 11.5, 9.4]), 0.95).verdict == "undecided"
    assert held(wanted, records([8.0, 8.5, 8.2, 8.1]), 0.95).verdict == "missed"


def test_days_that_never_fail_are_not_yet_sure():
    """Of 10 days without a failure nothing follows for 95 of 100; of 100 it does."""
    wanted = target("overtime_min.p95 <= 15")
    few, many = (held(wanted, records([1.0] * count, [3.0] * 5), 0.95) for count in (2, 20))
    assert (few.verdict, many.verdict) == ("undecided", "met")
    assert few.p95 == 3.0


# Search ---------------------------------------------------------------------------------------------------------------


class Table:
    """Plays from a table: technologists, beds -> animals a day and cost."""

    def __init__(self):
        self.asked = []

    def play(self, batch):
        rows = []
        for run, point, k in batch["runs"]:
            technologists, beds = (int(text.partition("=")[2]) for text in batch["variants"][point][1])
            self.asked.append((technologists, beds))
            animals = 4.0 * min(technologists, 2 * beds) + (0.1 if k % 2 else -0.1)
            figures = {"animals_per_day": animals, "cost_total": 100.0 * technologists + 70.0 * beds}
            rows.append({"run": run, "point": point, "replication": k, "status": "finished", "error": None})
            rows[-1] |= {"figures": figures, "days": {}}
        return {"rows": rows, "units": {"animals_per_day": "1/d", "cost_total": "USD"}, "seconds": 0.001}


def test_the_cheapest_of_a_table_is_found(monkeypatch):
    known = Table()
    monkeypatch.setattr(
        "twin.experiments.gathering.play_all", lambda runs, crew, order: iter([known.play(order(runs))])
    )
    vary = {"staff.technologist.count": [1, 2, 3, 4], "scanners.pet.beds": [1, 2, 3]}
    found = sized(api.load("baseline"), [target("animals_per_day.mean >= 11")], vary, Here())
    assert dict(found.best.values) == {"staff.technologist.count": 3, "scanners.pet.beds": 2}
    assert found.binds == ["animals_per_day.mean >= 11"]
    assert "cheapest that meets all targets" in found.sentence
    front = {tuple(one.values.values()) for one in found.configurations if one.frontier}
    assert front == {(1, 1), (2, 1), (3, 2), (4, 2)}
    assert set(known.asked) == set(itertools.product([1, 2, 3, 4], [1, 2, 3]))
    assert len(known.asked) == 120  # all was clear after the first look


def test_a_figure_that_no_run_has_is_told(monkeypatch):
    known = Table()
    monkeypatch.setattr(
        "twin.experiments.gathering.play_all", lambda runs, crew, order: iter([known.play(order(runs))])
    )
    vary = {"staff.technologist.count": [1, 2], "scanners.pet.beds": [1]}
    with pytest.raises(UsageError, match=r"no figure 'utilisation_pct\[bed-9\]'"):
        sized(api.load("baseline"), [target("utilisation_pct[bed-9].mean >= 11")], vary, Here())


def test_mistakes_are_told_before_anything_is_played():
    with pytest.raises(UsageError, match="what must be met"):
        api.size("baseline", [], {"staff.technologist.count": [1]})
    with pytest.raises(UsageError, match="what may be varied"):
        api.size("baseline", ["animals_per_day.mean >= 11"], {})
    with pytest.raises(ScenarioError, match="did you mean"):
        api.size("baseline", ["animals_per_day.mean >= 11"], {"staff.technologst.count": [1]})


def test_a_scenario_without_prices_is_told_after_one_run_each():
    """Not after all of them."""
    told = []
    with pytest.raises(UsageError, match="nothing has a price"):
        api.size(
            api.load("theory/mmc", days=0.1), ["wait_mean_min[all].mean <= 5"], {"staff.server.count": [2, 3]},
            most=10, workers=1, done=lambda done, of: told.append((done, of)),
        )  # fmt: skip
    assert max(done for done, _ in told) == 2


def erlang_wait(load, servers, service=1.0):
    """Mean wait of M/M/c by Erlang C."""
    last = load**servers / factorial(servers) * servers / (servers - load)
    return last / (sum(load**k / factorial(k) for k in range(servers)) + last) * service / (servers - load)


def spread_of_wait(load, servers, customers, runs=400):
    """Standard deviation of the mean wait of so many customers as a share of the mean, by Kiefer and Wolfowitz."""
    luck = np.random.default_rng(3)
    now, total, free = np.zeros(runs), np.zeros(runs), np.zeros((runs, servers))
    for _ in range(customers):
        now += luck.exponential(1.0 / load, runs)
        begin = np.maximum(now, free[:, 0])
        total += begin - now
        free[:, 0] = begin + luck.exponential(1.0, runs)
        free.sort(axis=1)
    return float(total.std(ddof=1) / total.mean())


@pytest.mark.slow
def test_the_staffing_of_erlang_c_is_found():
    """15 % are three standard errors of ten runs of 1.5 days, by a recursion that knows nothing of the twin."""
    limit, tolerance, days, runs = 0.25, 0.15, 1.5, 10
    due = next(count for count in range(3, 9) if erlang_wait(2.0, count) <= limit)
    assert [round(erlang_wait(2.0, count), 3) for count in (3, 4)] == [0.444, 0.087]
    assert 2.5 < tolerance / (spread_of_wait(2.0, 3, int(days * 2880)) / sqrt(runs)) < 3.5
    scenario = api.load("theory/mmc", ['prices.staff_hour={"server": "40 EUR/h"}'], days=days)
    found = api.size(scenario, [f"wait_mean_min[all].mean <= {limit}"], {"staff.server.count": [3, 4, 5]}, most=runs)
    print(found.sentence, found.configurations[0].targets[0].estimate)
    assert dict(found.best.values) == {"staff.server.count": due} == {"staff.server.count": 4}
    assert found.configurations[0].targets[0].estimate == pytest.approx(erlang_wait(2.0, 3), rel=tolerance)
