"""The manifest: what a run says of itself, and its address."""

import json

import pytest

from twin.facility.log import LOG_VERSION
from twin.results import manifest as m
from twin.results.facts import facts as facts_of
from twin.results.facts import prices
from twin.results.run import PlanFacts, StepFacts, facts_from_json, facts_to_json, plan_facts
from twin.scenario import digest as digests
from twin.scenario import expand, loading, model

SCENARIO = {"name": "small", "question": "Why?", "days": 1}
DIGEST = "0" * 32


def test_facts_survive_json(facts):
    assert facts_from_json(json.loads(json.dumps(facts_to_json(facts)))) == facts


#: The items of STRESS-DES v1.0.
CHECKLIST = (
    "1.1 1.2 1.3 2.1 2.2 2.3 2.4 2.5.1 2.5.2 2.5.3 2.5.4 2.5.5 3.1 3.2 3.3 3.4 4.1 4.2 4.3 5.1 5.2 5.3 5.4 6.1".split()
)


def test_the_manifest_is_json_and_complete(facts):
    made = m.manifest(
        scenario=SCENARIO,
        digest=DIGEST,
        facts=facts,
        seed=7,
        sources=["b", "a"],
        assumed=["tasks.x"],
        command=["twin", "run"],
    )
    assert json.loads(json.dumps(made, allow_nan=False)) == json.loads(json.dumps(made))
    assert (made["name"], made["seed"], made["replication"], made["log_version"]) == ("small", 7, 0, LOG_VERSION)
    assert (made["digest"], made["address"]) == (DIGEST, m.address(DIGEST, 7))
    assert made["sources"] == ["a", "b"]
    assert made["stress_des"]["1.1 purpose"] == "Why?"
    assert [item.split()[0] for item in made["stress_des"]] == CHECKLIST
    assert all(made["stress_des"].values())
    assert "2 sources" in made["stress_des"]["3.1 data sources"]
    assert made["effects"]["fdg_static"]["pet"] == "scan"
    assert {"numpy", "numba", "pandas", "simpy", "python", "twin"} <= set(made["versions"])


def test_clock_and_host_stand_apart(facts):
    once, again = (m.manifest(scenario=SCENARIO, digest=DIGEST, facts=facts, seed=7) for _ in range(2))
    for made in (once, again):
        del made["clock"], made["host"]
    assert once == again


def test_address_depends_on_what_the_log_depends_on():
    base = m.address(DIGEST, 1, 0)
    assert base == m.address(DIGEST, 1)
    assert len({base, m.address("1" * 32, 1), m.address(DIGEST, 2), m.address(DIGEST, 1, 1)}) == 4


def test_the_address_is_that_of_the_resolved_scenario_whatever_it_is_called():
    resolved = loading.load("baseline", days=2)
    renamed = loading.load_data(dict(resolved.data) | {"name": "other", "question": "Another?"})
    more = loading.load("baseline", ["policies.shift_end=preempt"], days=2)
    one, same, other = (m.address(digests.digest(made), 1) for made in (resolved, renamed, more))
    assert renamed.scenario.name == "other"
    assert one == same
    assert one != other


@pytest.mark.parametrize("what", ["code_digest", "_version"])
def test_address_depends_on_code_and_versions(monkeypatch, what):
    base = m.address(DIGEST, 1)
    monkeypatch.setattr(m, what, lambda *_: "changed")
    assert m.address(DIGEST, 1) != base


def test_facts_of_the_baseline():
    resolved = loading.load("baseline", days=3)
    site = expand.site(resolved)
    made = facts_of(site, resolved.scenario, resolved.numbers)
    assert made.horizon_s == 3 * 86400.0
    assert all(0 <= start < end <= made.horizon_s for start, end in made.opening)
    assert len(made.opening) == 3
    assert set(made.people) == set(site.people)
    assert made.plans["fdg"].uptake_s == 3600.0
    assert made.plans["fdg"].steps["pet"].effect == "scan"
    assert any("daily_check" in plan.steps for plan in made.plans.values())
    assert facts_from_json(json.loads(json.dumps(facts_to_json(made)))) == made


def test_plan_facts_know_the_step_that_uptake_leads_to():
    site = expand.site(loading.load("baseline"))
    known = plan_facts(site.plans["fdg"])
    assert isinstance(known, PlanFacts)
    assert (known.uptake_s, known.uptake_step) == (3600.0, "pet")
    assert known.steps["position"] == StepFacts(None, True, (("bed", "clean"),))


def test_prices_are_si():
    said = model.Prices(
        currency="CHF",
        staff_hour={"technologist": "36 CHF/h"},
        scanner_hour="60 CHF/h",
        room_day="24 CHF/d",
        tracer_activity={"FDG": "1 CHF/MBq"},
        recharge_per_scan="150 CHF",
    )
    made = prices(said)
    assert made.staff_per_s == {"technologist": pytest.approx(0.01)}
    assert made.scanner_per_s == pytest.approx(1 / 60)
    assert made.room_per_s == pytest.approx(1 / 3600)
    assert made.tracer_per_bq == {"FDG": pytest.approx(1e-6)}
    assert (made.recharge_per_scan, made.consumables_per_animal) == (150.0, None)
