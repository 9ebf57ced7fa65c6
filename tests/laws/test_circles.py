"""Nobody waits in a circle, and nobody who has begun waits for ever."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, event, given

from tests.laws import strategies
from tests.laws.conftest import SKILLS, large_site
from tests.laws.log_view import Row, rows_of
from tests.laws.running import examples, many, passes_check, site_of
from twin.errors import CircleError, ScenarioError
from twin.facility.world import World
from twin.scenario.loading import load_data

DAY_S = 86400.0
#: A site that has not come to an end after so many days is given the longer time: it may have too much to do.
DAYS = (8, 60)
#: Nothing at all has begun for so long on a site that stands still [s].
STILL_S = 2 * DAY_S


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


def on_the_first_day(data: dict[str, Any], days: int) -> dict[str, Any]:
    """The same site with requests on the first day only, and staff on every day whose certificates do not end.

    Who may no longer do a step keeps a session waiting for ever, too; `twin check` tells it, and it is no circle.
    """
    data = data | {"days": days, "opening": {"hours": {"daily": "07:00-19:00"}}}
    always = {"shift": {"daily": "07:00-19:00"}, "certificates": {}}
    data["staff"] = {name: said | always for name, said in data["staff"].items()}
    data["studies"] = {
        name: said if "bookings" in said["arrival"] else said | {"arrival": {"dates": ["2026-03-02 08:00"]}}
        for name, said in data["studies"].items()
    }
    return data


def after(data: dict[str, Any], days: int) -> tuple[World, list[Row]]:
    """The site after so many days, and the starts of steps of its studies."""
    world = World(site_of(on_the_first_day(data, days))).begin().run()
    return world, [row for row in rows_of(world.log) if row.phase == "start" and row.study is not None]


def left_over(world: World, starts: list[Row]) -> dict[str, list[str]]:
    """Sessions that have begun long ago and have not come to their end, and the steps for which they wait."""
    begun = {row.session for row in starts}
    long_ago = world.clock.moment_s - STILL_S
    found = (s for s in world.sessions.values() if s.name in begun and s.started_s < long_ago)
    return {s.name: [s.program.ops[i].name for i in s.waiting] for s in found}


def stands_still(world: World, starts: list[Row]) -> bool:
    return starts[-1].time_s < world.clock.moment_s - STILL_S


def comes_to_an_end(data: dict[str, Any]) -> None:
    """A site that has too much to do is given time; what still waits when nothing moves any more waits for ever."""
    assume(passes_check(on_the_first_day(data, DAYS[0])))
    event("lived")
    if not left_over(*after(data, DAYS[0])):
        return
    world, starts = after(data, DAYS[1])
    event("took long")
    stuck = left_over(world, starts)
    assert not (stuck and stands_still(world, starts)), stuck


@examples(30)
@given(strategies.scenarios())
def test_who_has_begun_comes_to_an_end(data: dict[str, Any]) -> None:
    comes_to_an_end(data)


@pytest.mark.slow
@many(400)
@given(strategies.scenarios())
def test_who_has_begun_comes_to_an_end_in_many_rounds(data: dict[str, Any]) -> None:
    comes_to_an_end(data)
