"""Nobody waits in a circle, and nobody who has begun waits for ever."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, event, given

from tests.laws import strategies
from tests.laws.conftest import SKILLS, large_site
from tests.laws.running import examples, passes_check, rounds, site_of
from twin.errors import CircleError, ScenarioError
from twin.facility.world import World
from twin.scenario.loading import load_data

DAY_S = 86400.0
DAYS = 8


def there_and_back() -> dict[str, Any]:
    """Two rooms with one place each; some go from the one to the other, some the other way."""
    data = large_site()
    for kind in ("uptake", "recovery"):
        data["rooms"][kind]["places"] = 1
    minute = {"task": "other_service", "duration": "10 min"}
    there = [minute | {"step": "one", "place": "uptake"}, minute | {"step": "two", "place": "recovery"}]
    back = [minute | {"step": "one", "place": "recovery"}, minute | {"step": "two", "place": "uptake"}]
    data["protocols"] = {"there": {"plan": there}, "back": {"plan": back}}
    arrival = {"dates": ["2026-03-02 08:00"]}
    data["studies"] = {name: {"protocol": name, "animals": 1, "arrival": arrival} for name in ("there", "back")}
    data["scanners"], data["hot_lab"] = {}, {}
    return data


def attended() -> dict[str, Any]:
    """One person for the bed and one for the animal, and each of two sessions has one of them."""
    data = large_site()
    data["scanners"]["pet"] |= {"count": 1, "beds": 1}
    data["staff"] = {"all": {"role": "technologist", "skills": SKILLS, "count": 2}}
    minute = {"task": "other_service", "duration": "10 min"}
    first = minute | {"step": "induce", "people": [["anaesthesia"]], "effect": "anaesthetise"}
    bed = minute | {"step": "bed", "scanner": "pet", "bed": True, "people": [["imaging"], ["imaging"]]}
    plan = [first, bed | {"effect": "scan"}, minute | {"step": "wake", "effect": "wake"}]
    data["protocols"] = {"both": {"plan": plan}}
    arrival = {"dates": ["2026-03-02 08:00"], "batch": 2}
    data["studies"] = {"s": {"protocol": "both", "animals": 2, "hotel": 1, "arrival": arrival}}
    data["hot_lab"] = {}
    return data


@pytest.mark.parametrize(
    ("data", "names"), [(there_and_back(), ("there/animal-001", "back/animal-001")), (attended(), ("s/animal-00",))]
)
def test_a_circle_is_refused_and_named_by_a_run_that_is_forced_into_it(
    data: dict[str, Any], names: tuple[str, ...]
) -> None:
    with pytest.raises(ScenarioError, match="for ever"):
        load_data(data)
    with pytest.raises(CircleError) as error:
        World(site_of(data)).begin().run()
    assert all(name in str(error.value) for name in names)


def test_if_all_go_the_same_way_there_is_no_circle() -> None:
    data = there_and_back()
    data["studies"]["back"]["protocol"] = "there"
    world = World(site_of(data, check=True)).begin().run()
    assert not world.sessions


def on_the_first_day(data: dict[str, Any]) -> dict[str, Any]:
    """The same site with requests on the first day only, and staff on every day."""
    data = data | {"days": DAYS, "opening": {"hours": {"daily": "07:00-19:00"}}}
    data["staff"] = {name: said | {"shift": {"daily": "07:00-19:00"}} for name, said in data["staff"].items()}
    data["studies"] = {
        name: said if "bookings" in said["arrival"] else said | {"arrival": {"dates": ["2026-03-02 08:00"]}}
        for name, said in data["studies"].items()
    }
    return data


def comes_to_an_end(data: dict[str, Any]) -> None:
    data = on_the_first_day(data)
    assume(passes_check(data))
    world = World(site_of(data)).begin().run()
    stuck = [s.name for s in world.sessions.values() if s.visits and s.started_s < (DAYS - 2) * DAY_S]
    waits = {name: [world.sessions[name].program.ops[i].step for i in world.sessions[name].waiting] for name in stuck}
    assert not stuck, waits
    event("lived")


@examples(60)
@given(strategies.scenarios())
def test_who_has_begun_comes_to_an_end(data: dict[str, Any]) -> None:
    comes_to_an_end(data)


@pytest.mark.slow
@examples(rounds(2000), derandomize=False)
@given(strategies.scenarios())
def test_who_has_begun_comes_to_an_end_in_many_rounds(data: dict[str, Any]) -> None:
    comes_to_an_end(data)
