"""Animals that go home radioactive, and animals that get a tracer and an agent."""

from __future__ import annotations

from math import log
from typing import Any

import pytest

from tests.laws import laws
from tests.laws.log_view import View
from tests.laws.running import site_of
from tests.laws.test_state import in_parts, rows
from tests.scanners.sites import delivery, site
from twin.facility.world import play
from twin.scenario.loading import load_data

Data = dict[str, Any]
LUTETIUM = {"template": "tracer_injection", "tracer": "Lu-177-PSMA-617", "activity": "20 MBq"}
HALF_LIFE_D = 6.6443
PLACES = 3


def therapy(**housing: Any) -> Data:
    """Five animals, three places; who finds none is booked again for the next days."""
    made = site({"dose": LUTETIUM}, {}, animals=5, **delivery("Lu-177-PSMA-617", "2 GBq"), days=12)
    made["rooms"]["shielded"] = {"kind": "radioactive_housing", "places": PLACES}
    made["opening"] = {"hours": {"daily": "07:00-20:00"}}
    return made | {"housing": housing, "policies": {"booking": "walk_in", "attempts": 9}}


@pytest.fixture(scope="module")
def view() -> View:
    made = site_of(therapy(below="15 MBq", excretion="stays"))
    return View(made, play(made))


def most_kept(view: View) -> int:
    """Most animals that had a place at once."""
    kept = [0]
    for row in view.happenings("kept_radioactive", "left_radioactive"):
        kept.append(kept[-1] + (1 if row.step == "kept_radioactive" else -1))
    return max(kept)


def at_home(view: View, time_s: float) -> int:
    """Animals in the radioactive housing at a moment."""
    rows = [row for row in view.happenings("kept_radioactive", "left_radioactive") if row.time_s < time_s]
    return sum(1 if row.step == "kept_radioactive" else -1 for row in rows)


def test_who_is_kept_is_cared_for_every_day(view: View) -> None:
    """A round each morning at which animals are at home, so long for each, and a dose of all of them."""
    opens = [day * 86400.0 + 7 * 3600.0 for day in range(12)]
    expected = {open_s: animals for open_s in opens if (animals := at_home(view, open_s))}
    rounds = [task for task in view.tasks if task.first.task == "animal_care"]
    assert [task.start_s for task in rounds] == list(expected)
    for task, animals in zip(rounds, expected.values(), strict=True):
        assert task.end_s - task.start_s == pytest.approx(animals * view.site.housing.care_s, abs=1e-2)
        assert task.last is not None
        assert task.last.value("person", "hp10_sv") > 0.0
    none = site_of(therapy(below="15 MBq", excretion="stays", care="0 min"))
    assert not [row for row in View(none, play(none)).rows if row.task == "animal_care"]


@pytest.mark.parametrize(
    ("hours", "hour"),
    [("always", 0), ({"daily": "00:00-24:00"}, 0), ({"daily": ["07:00-10:00", "11:00-14:00", "15:00-20:00"]}, 7)],
)
def test_a_day_begins_once(hours: Any, hour: int) -> None:
    """Rounds and checks without a time of day: at midnight where it never closes, once where it closes at noon."""
    made = therapy(below="15 MBq", excretion="stays") | {"opening": {"hours": hours}, "days": 6}
    check = {"days": "daily", "duration": "10 min"}
    made["scanners"] = {
        "pet": {"modality": "pet", "room": "suite", "beds": 1, "quality_control": {"daily_check": check}}
    }
    own = View(found := site_of(made), play(found))
    begun = [task.start_s for task in own.tasks if task.first.task == "animal_care"]
    assert len(begun) > 2
    assert {int(moment // 86400.0) for moment in begun} == {int(begun[0] // 86400.0) + k for k in range(len(begun))}
    checks = [task for task in own.tasks if task.first.task == "quality_control"]
    assert [int(task.start_s // 86400.0) for task in checks] == list(range(6))
    assert all(task.start_s % 86400.0 >= hour * 3600.0 for task in checks)


@pytest.mark.parametrize("booking", ["walk_in", "first_come", "earliest_due"])
def test_a_session_begins_when_a_place_will_be_there(booking: str) -> None:
    """Nobody is turned away at the door: who finds the places promised to others waits until one of those is left."""
    made = therapy(below="15 MBq", excretion="stays")
    made["policies"]["booking"] = booking
    found = site_of(made)
    own = View(found, play(found))
    assert not list(own.happenings("visit_cancelled"))
    assert most_kept(own) == PLACES
    at = sorted(row.time_s for row in own.happenings("injected"))
    left = sorted(row.time_s for row in own.happenings("left_radioactive"))
    assert len(at) == 5, "later there are places"
    assert left[0] < at[PLACES] < left[0] + 1.5 * 86400.0, "as soon as one of them is free, and the vial of a day there"


def test_who_finds_no_place_in_the_window_is_cancelled_at_once() -> None:
    made = therapy(below="15 MBq", excretion="stays")
    made["studies"]["dose"]["time_points"] = {"dose": {"at": "0 h", "window": "2 d"}}
    made["policies"]["booking"] = "first_come"
    found = site_of(made)
    own = View(found, play(found))
    refused = list(own.happenings("visit_cancelled"))
    assert [row.reason for row in refused] == ["radioactive_housing"] * (5 - PLACES)
    assert {row.time_s for row in refused} == {row.time_s for row in own.happenings("visit_requested")}


def test_who_comes_by_a_list_and_has_no_place_is_not_injected() -> None:
    """A list of bookings foresees nothing: who has no place is booked again."""
    made = therapy(below="15 MBq", excretion="stays")
    rows = [{"animal": f"m{n}", "start": "2026-03-02 09:00", "time_point": "now"} for n in range(5)]
    made["studies"]["dose"] = {"protocol": "dose", "time_points": {"now": {"at": "0 h"}}, "arrival": {"bookings": rows}}
    made["policies"]["booking"] = "given"
    found = site_of(made)
    own = View(found, play(found))
    refused = [row for row in own.happenings("visit_cancelled") if row.reason == "radioactive_housing"]
    assert len(refused) == 5 - PLACES
    assert most_kept(own) == PLACES
    assert len(list(own.happenings("injected"))) == 5, "they are booked again for when there are places"


def test_an_animal_leaves_when_little_enough_is_left(view: View) -> None:
    """The time in which what it came home with decays to the limit."""
    came = {row.names("animal")[0]: row for row in view.happenings("kept_radioactive")}
    left = list(view.happenings("left_radioactive"))
    assert len(left) >= PLACES
    for row in left:
        (animal,) = row.names("animal")
        amount = came[animal].involved["animal"][0][1]["activity_bq"]
        expected_d = log(amount / 15e6) / log(2.0) * HALF_LIFE_D
        assert (row.time_s - came[animal].time_s) / 86400.0 == pytest.approx(expected_d, rel=1e-3)


def test_what_it_voids_lets_it_out_sooner(view: View) -> None:
    """By hand: what the tracer's kinetics leave in the body decays, and is at the limit when the animal leaves."""
    from twin.animals import excretion
    from twin.sources import default_numbers

    made = site_of(therapy(below="5 MBq"))
    own = View(made, play(made))
    given = {row.names("animal")[0]: row for row in own.happenings("injected")}
    voided = excretion.known_per_s(default_numbers(), "mouse", "Lu-177-PSMA-617")
    assert voided is not None
    left = list(own.happenings("left_radioactive"))
    assert len(left) >= PLACES
    for row in left:
        (animal,) = row.names("animal")
        amount = given[animal].involved["animal"][0][1]["activity_bq"]
        elapsed_s = row.time_s - given[animal].time_s
        stays = 1.0 - float(voided.integral(elapsed_s))
        assert stays < 0.9
        assert amount * stays * 2.0 ** (-elapsed_s / 86400.0 / HALF_LIFE_D) == pytest.approx(5e6, rel=1e-4)


def test_laws_hold_and_the_run_can_be_continued(view: View) -> None:
    for each in laws.LAWS:
        each(view)
    first = next(view.happenings("kept_radioactive"))
    assert in_parts(
        therapy(below="15 MBq", excretion="stays"), [first.time_s - 600.0, first.time_s + 1.0, 5e5]
    ) == rows(play(view.site))


@pytest.mark.parametrize(
    ("study", "words"),
    [
        (
            {"animals": 5, "arrival": {"dates": ["2026-03-02 08:00"]}},
            "bring 5 animals here at a time (on Mon 2026-03-02), by",
        ),
        ({"arrival": {"poisson": {"rate": "1/d"}}}, "bring about 4 animals here at a time, by"),
    ],
)
def test_check_tells_of_too_few_places(study: Data, words: str) -> None:
    """Each is kept for four days: the time in which 20 MBq of 177Lu, and twice the spread of a syringe, become 15."""
    made = therapy(below="15 MBq", excretion="stays")
    made["studies"] = {"dose": {"protocol": "dose"} | study}
    (warning,) = load_data(made).warnings
    assert warning.path == "rooms.shielded.places"
    assert words in str(warning)
    made["rooms"]["shielded"]["places"] = 5
    assert load_data(made).warnings == ()


@pytest.mark.parametrize("rule", ["survey", "clearance", "ten_half_lives"])
def test_rules_of_waste_let_animals_go(rule: str) -> None:
    """The more strict a rule, the longer; nobody leaves within the run."""
    limit = site_of(therapy(release=rule)).housing.limit_bq("Lu-177", 0.025, 2e7)
    assert 0.0 < limit < 2e5


def test_a_rule_without_a_number_is_refused() -> None:
    made = therapy(release="clearance") | delivery("Cu-64-chelate", "2 GBq")
    made["protocols"]["dose"] = LUTETIUM | {"tracer": "Cu-64-chelate"}
    known = site_of(made).housing.per_kg_bq
    if "Cu-64" not in known:
        with pytest.raises(Exception, match="clearance"):
            load_data(made)


CONTRAST = {
    "template": "pet_mri_contrast", "tracer": "FDG", "agent": "gadolinium", "uptake": "60 min", "attempts": 2,
}  # fmt: skip


def test_a_visit_with_tracer_and_agent_needs_both() -> None:
    """The agent changes nothing of the tracer; a visit whose agent missed the vein has an image that is of no use."""
    scanners = {"both": {"modality": "pet_mri", "room": "suite", "hotel": 2, "coils": 2, "beds": 2}}
    made = site({"one": CONTRAST}, scanners, animals=10, **delivery("FDG", "20 GBq"))
    made["staff"]["person"]["injection_level"] = "weak"
    found = site_of(made)
    view = View(found, play(found))
    agent = {row.visit: row.reason for row in view.happenings("agent_given")}
    done = {row.visit: row.reason for row in view.happenings("visit_completed")}
    assert "good" in agent.values()
    assert {"image_unusable"} >= {
        done[visit] for visit, outcome in agent.items() if outcome != "good" and visit in done
    }
    injected = [row.visit for row in view.happenings("injected")]
    assert len(injected) == len(set(injected)), "the agent is no second injection of the tracer"
    assert set(agent) <= set(injected)
