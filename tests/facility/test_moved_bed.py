"""Two machines and a bed that is moved: every law holds, a run can be continued, and who is given up gets out."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from tests.laws import laws
from tests.laws.log_view import View
from tests.laws.running import passes_check, site_of
from tests.laws.test_state import in_parts, rows
from tests.scanners.sites import delivery, site
from twin.facility.slots import Book
from twin.facility.world import World, play
from twin.plan import Step, with_steps
from twin.scenario.circles import find_circle

Data = dict[str, Any]
FDG = {"tracer": "FDG", "uptake": "60 min"}
SCANNERS = {
    "pet": {"modality": "pet_ct", "room": "suite", "hotel": 2, "beds": 2},
    "mri": {"modality": "mri", "room": "magnet", "hotel": 2, "coils": 2},
}
FAILS = {"time_between_failures": {"exponential": {"mean": "8 h"}}, "repair_time": "2 h"}


def moved(protocols: Data, scanners: Data, **more: Any) -> Data:
    made = site(protocols, scanners, animals=16, **delivery("FDG", "20 GBq"), **more)
    made["rooms"]["magnet"] = {"kind": "scanner", "temperature": "18 degC"}
    return made


@pytest.fixture(scope="module")
def busy() -> Data:
    """Beds go both ways between machines that break down, and people are few."""
    both = {
        "there": FDG | {"template": "pet_then_mri"},
        "drug": FDG
        | {"template": "mri_contrast_then_pet", "agent": "gadolinium", "scanner": "mri", "second_scanner": "pet"},
        "back": FDG | {"template": "mri_then_pet", "scanner": "mri", "second_scanner": "pet"},
    }
    failing = {name: scanner | {"breakdown": FAILS} for name, scanner in SCANNERS.items()}
    made = moved(both, failing, policies={"booking": "first_come", "breakdown": "rebook", "shift_end": "preempt"})
    made["staff"]["person"]["breaks"] = {"lunch": {"at": "12:00", "duration": "30 min"}}
    made["numbers"] = {}
    return made


@pytest.fixture(scope="module")
def view(busy: Data) -> View:
    made = site_of(busy)
    return View(made, play(made))


def test_every_law_holds_though_machines_break_down(view: View) -> None:
    for each in laws.LAWS:
        each(view)
    reasons = {row.reason for row in view.rows if row.step == "visit_incomplete"}
    assert "breakdown" in reasons
    assert any(task.step and task.step.second and task.last is not None for task in view.tasks)


def test_a_bed_on_its_way_is_written_down_and_continued(busy: Data, view: View) -> None:
    way = [task for task in view.tasks if task.step is not None and task.step.second]
    moments = [way[0].start_s + 1.0, way[len(way) // 2].start_s + 1.0, way[-1].start_s]
    assert in_parts(busy, sorted(moments)) == rows(play(view.site))


def test_no_two_sessions_are_booked_on_a_machine_at_once(busy: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it is their first or their second, with beds that go both ways and users who cancel."""
    study = {"cancellation": 0.3, "notice": "2 h"}
    made = site_of(busy | {"studies": {name: said | study for name, said in busy["studies"].items()}})
    seconds = 0

    def checked(change: str) -> None:
        known = getattr(Book, change)

        def changed(book: Book, *given: Any) -> None:
            known(book, *given)
            nonlocal seconds
            seconds += change == "book" and given[0].second_span is not None
            for (thing, _), spans in book.spans.items():
                assert all(a[1] <= b[0] for a, b in pairwise(spans)), (change, thing, spans)

        monkeypatch.setattr(Book, change, changed)

    for change in ("book", "give_back"):
        checked(change)
    World(made, 0).begin().run()
    assert seconds > 8


def test_the_first_machine_is_free_while_the_second_scans() -> None:
    """The bed stays that of the first, and another bed of it is scanned meanwhile."""
    made = site_of(moved({"there": FDG | {"template": "pet_then_mri"}}, SCANNERS))
    view = View(made, play(made))
    at_second = [t for t in view.tasks if t.first.step == "mri" and t.first.parent_step == "there"]
    others = [t for t in view.tasks if t.first.step == "pet" and t.first.names("scanner") == ["pet"]]
    assert all(t.first.names("bed")[0].startswith("pet/") and t.first.names("scanner") == ["mri"] for t in at_second)
    assert any(
        a.first.session != b.first.session and max(a.start_s, b.start_s) < min(a.end_s, b.end_s)
        for a in at_second for b in others
    )  # fmt: skip


def test_a_circle_of_machines_is_found(busy: Data) -> None:
    """Moved both ways, each keeping its first machine until it has the second: that closes; the templates do not."""
    calm = busy | {"scanners": SCANNERS}
    assert passes_check(calm)
    made = site_of(calm)
    greedy = {name: replace(plan, body=with_steps(plan.body, _keeps_both)) for name, plan in made.plans.items()}
    circle = find_circle(replace(made, plans=greedy))
    assert circle is not None
    assert {"scanner pet", "scanner mri"} <= set(circle)


def _keeps_both(step: Step) -> Step:
    return replace(step, holds=(("scanner", "move_bed"),)) if step.name == "dock" else step
