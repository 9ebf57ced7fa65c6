"""Small stories: logs that are written by hand, as a facility would."""

from __future__ import annotations

import pytest

from twin.animals.warmth import warmth
from twin.facility.log import Log
from twin.results.frames import run
from twin.results.run import (
    AnimalFacts,
    ArchiveFacts,
    Facts,
    PersonFacts,
    PlanFacts,
    Prices,
    RoomFacts,
    Run,
    ScannerFacts,
    StepFacts,
)
from twin.sources import default_numbers
from twin.vocabulary import PHASES

MIN, H, DAY = 60.0, 3600.0, 86400.0


class Story:
    """A log that is told in any order of calls with rising time."""

    def __init__(self) -> None:
        self.log = Log()

    def row(
        self,
        time_s: float,
        phase: str,
        task=None,
        step=None,
        plan=None,
        session=None,
        visit=None,
        study=None,
        reason=None,
        **things,
    ) -> None:
        log = self.log
        log.row(time_s, log.labels[task, step, plan] + PHASES.index(phase), log.subject(session, visit, study), reason)
        for role, named in things.items():
            for thing in named if isinstance(named, list) else [named]:
                name, amounts = thing if isinstance(thing, tuple) else (thing, {})
                log.know(log.things[role, name], amounts)

    def happen(self, time_s: float, word: str, **columns) -> None:
        self.row(time_s, "happening", None, word, **columns)

    def request(self, time_s, step, plan, session, task="other_service", visit=None, reason=None):
        self.row(time_s, "request", task, step, plan, session, visit, reason=reason)

    def start(self, time_s, step, plan, session, task="other_service", visit=None, reason=None, **things):
        self.row(time_s, "start", task, step, plan, session, visit, reason=reason, **things)

    def end(self, time_s, step, plan, session, task="other_service", visit=None):
        self.row(time_s, "end", task, step, plan, session, visit)

    def abort(self, time_s, step, plan, session, task="other_service", visit=None, reason="breakdown"):
        self.row(time_s, "abort", task, step, plan, session, visit, reason=reason)

    def run(self, facts: Facts) -> Run:
        return run(self.log, facts)


@pytest.fixture
def story() -> Story:
    return Story()


PLAN = PlanFacts(
    {
        "induce": StepFacts("anaesthetise", place=True),
        "draw": StepFacts("draw"),
        "inject": StepFacts("inject"),
        "uptake": StepFacts(place=True),
        "position": StepFacts(place=True, holds=(("bed", "clean"),)),
        "dock": StepFacts(holds=(("scanner", "undock"),)),
        "ct": StepFacts(),
        "pet": StepFacts("scan"),
        "undock": StepFacts(),
        "recover": StepFacts("wake", place=True),
        "watch": StepFacts("home"),
        "clean": StepFacts(),
    },
    uptake_s=H,
    uptake_step="pet",
    tracer="FDG",
    data_gb=1.5,
)

LAMBDA = 1.0e-4

PRICES = Prices(
    currency="EUR",
    staff_per_s={"technologist": 36.0 / H},
    overtime_factor=1.5,
    scanner_per_s=60.0 / H,
    room_per_s=24.0 / DAY,
    delivery={"fdg": 100.0},
    tracer_per_bq={"fdg": 1.0e-6},
    consumables_per_animal=5.0,
    recharge_per_scan=150.0,
)

#: One day from midnight: open 8 to 16, one technologist 8 to 16 and one 8 to 12, one scanner with one bed.
FACTS = Facts(
    start="2026-03-02T00:00:00",
    horizon_s=DAY,
    opening=((8 * H, 16 * H),),
    people={
        "tech-1": PersonFacts("technologist", "tech", ((8 * H, 16 * H),)),
        "tech-2": PersonFacts("technologist", "tech", ((8 * H, 12 * H),)),
    },
    scanners={
        "pet": ScannerFacts("pet", ("pet/bed-1",), price=3652.5, lifetime_s=3652.5 * DAY, service_per_s=2.0 / DAY)
    },
    rooms={
        "prep": RoomFacts("preparation", 4),
        "scan_room": RoomFacts("scanner"),
        "wake_room": RoomFacts("recovery", 2),
    },
    plans={"fdg_static": PLAN, "pet/repair": PlanFacts({"repair": StepFacts("repair")})},
    decay_per_s={"F-18": LAMBDA},
    reference_s={"v1": 8 * H + 1000.0},
    prices=PRICES,
    animals={"onco": AnimalFacts("mouse", warmth(default_numbers(), "mouse"), project="tumours")},
    approved={"tumours": 10},
    anaesthesia_soft_s=99.5 * MIN,
    archive=ArchiveFacts(1000.0, 0.5),
)


@pytest.fixture
def facts() -> Facts:
    return FACTS


def tell_day(story: Story) -> Story:
    """Two animals on one bed from 8:00, one of them well injected at the second attempt; a third one finds no slot.

    Clock times in minutes after 8:00. The vial holds 100 MBq at 8:00.
    """
    from math import exp

    t = lambda minutes: 8 * H + minutes * MIN  # noqa: E731
    s, plan, session = story, "fdg_static", "s1"
    for visit, animal in (("m1/t1", "m1"), ("m2/t1", "m2")):
        at = {"plan": plan, "visit": visit, "study": "onco"}
        s.happen(0.0, "visit_requested", **at, animal=(animal, {"moment_s": t(0)}))
        s.happen(H, "visit_booked", **at, session=session, animal=(animal, {"moment_s": t(60)}), scanner="pet")
    s.happen(2 * H, "visit_requested", plan=plan, visit="m3/t1", study="onco", animal=("m3", {"moment_s": t(0)}))
    s.happen(2 * H, "visit_cancelled", visit="m3/t1", study="onco", reason="no_slot", animal="m3")
    s.happen(4 * H, "fasting_start", session=session, visit="m1/t1", animal="m1")
    s.happen(t(0), "opening")
    s.happen(t(0), "delivery", vial=("v1", {"activity_bq": 100e6}), tracer="fdg", nuclide="F-18")

    def syringe(minute: float, visit: str, amount: float) -> None:
        filled = {"activity_bq": amount, "prescribed_bq": 10e6}
        s.happen(t(minute), "drawn", session=session, visit=visit, vial=("v1", {"activity_bq": amount}),
                 syringe=(f"syringe/{visit}", filled), nuclide="F-18", tracer="fdg")  # fmt: skip

    def inject(minute: float, visit: str, animal: str, drawn: float, since: float, outcome="good") -> None:
        now = drawn * exp(-LAMBDA * (minute - since) * MIN)
        at = {"session": session, "visit": visit, "syringe": f"syringe/{visit}", "nuclide": "F-18"}
        s.happen(
            t(minute),
            "injected",
            reason=outcome,
            **at,
            animal=(animal, {"activity_bq": now * 0.9, "prescribed_bq": 10e6}),
        )
        at["syringe"] = (f"syringe/{visit}", {"activity_bq": now * 0.1})
        s.happen(t(minute), "residual", **at)

    shared = {"plan": plan, "session": session}
    one, two = {**shared, "visit": "m1/t1"}, {**shared, "visit": "m2/t1"}
    # m1: induced 0-2, drawn 2, injected 2-6; wakes 6-8. m2 waits 2 min for a person.
    s.request(t(0), "induce", **two)
    s.row(t(0), "start", "monitoring", "attendance", plan, session, attendant="tech-1", animal=["m1"])
    s.start(t(0), "induce", **one, animal="m1", person="tech-1", room="prep")
    s.happen(t(0), "fasting_end", session=session, visit="m1/t1", animal="m1")
    s.end(t(2), "induce", **one)
    s.start(t(2), "induce", **two, reason="person", animal="m2", person="tech-2", room="prep")
    s.start(t(2), "inject", **one, animal="m1", person="tech-1")
    syringe(2, "m1/t1", 12e6)
    s.end(t(4), "induce", **two)
    s.start(t(4), "inject", **two, animal="m2", person="tech-2")
    syringe(4, "m2/t1", 20e6)
    s.end(t(6), "inject", **one)
    inject(6, "m1/t1", "m1", 12e6, 2)
    s.end(t(8), "inject", **two)  # not injected: tried again
    s.start(t(8), "inject", **two, animal="m2", person="tech-2")
    s.end(t(10), "inject", **two)
    inject(10, "m2/t1", "m2", 20e6, 4)
    # uptake asleep until 58, positioning 58-64 and 64-70, dock 73-75, pet 75-95, undock 95-97
    both = ["m1", "m2"]
    s.start(t(10), "uptake", **shared, task="uptake", animal=both, room="prep")
    s.end(t(58), "uptake", **shared, task="uptake")
    s.start(
        t(58), "position", **one, task="positioning", animal="m1", person="tech-1", bed="pet/bed-1", room="scan_room"
    )
    s.end(t(64), "position", **one, task="positioning")
    s.start(
        t(64), "position", **two, task="positioning", animal="m2", person="tech-1", bed="pet/bed-1", room="scan_room"
    )
    s.end(t(70), "position", **two, task="positioning")
    dock = {**shared, "task": "acquisition_programming"}
    s.request(t(70), "dock", **dock)
    s.start(
        t(73),
        "dock",
        **dock,
        reason="person",
        animal=both,
        person="tech-1",
        scanner="pet",
        bed="pet/bed-1",
        room="scan_room",
    )
    s.end(t(75), "dock", **dock)
    s.start(t(75), "pet", **shared, task="scan", animal=both, scanner="pet", bed="pet/bed-1", room="scan_room")
    s.end(t(95), "pet", **shared, task="scan")
    s.start(t(95), "undock", **shared, task="positioning", animal=both, person="tech-1", scanner="pet", bed="pet/bed-1")
    s.end(t(97), "undock", **shared, task="positioning")
    # recovery of both 97-100; m1 and m2 wake at 100; cleaning 105-110
    for at, animal in ((one, "m1"), (two, "m2")):
        s.start(t(97), "recover", **at, task="anaesthesia_recovery", animal=animal, room="wake_room")
    for at in (one, two):
        s.end(t(100), "recover", **at, task="anaesthesia_recovery")
    s.row(t(100), "end", "monitoring", "attendance", plan, session, attendant="tech-1")
    s.request(t(100), "clean", **shared, task="cleaning")
    s.start(t(105), "clean", **shared, task="cleaning", reason="person", person="tech-2")
    s.end(t(110), "clean", **shared, task="cleaning")
    s.happen(t(120), "visit_completed", session=session, visit="m1/t1", study="onco", animal="m1")
    s.happen(
        t(120), "visit_completed", session=session, visit="m2/t1", study="onco", reason="image_unusable", animal="m2"
    )
    s.happen(t(120), "visit_requested", plan=plan, visit="m2/t1#2", study="onco", reason="image_unusable", animal="m2")
    return s


def finish_day(story: Story) -> Story:
    """A breakdown 13:00-14:00, some work of tech-1 15:30-16:30, and what is left of the vial at midnight."""
    from math import exp

    story.happen(13 * H, "breakdown", scanner="pet")
    story.start(13.5 * H, "repair", "pet/repair", "repair-1", task="repair", scanner="pet")
    story.end(14 * H, "repair", "pet/repair", "repair-1", task="repair")
    story.happen(12 * H, "break_start", person="tech-1")
    story.happen(12.5 * H, "break_end", person="tech-1")
    story.start(15.5 * H, "report", "office", "report-1", task="record_keeping", person="tech-1")
    story.end(16.5 * H, "report", "office", "report-1", task="record_keeping")
    left = 100e6 * exp(-LAMBDA * 16 * H) - 12e6 * exp(-LAMBDA * (16 * H - 120)) - 20e6 * exp(-LAMBDA * (16 * H - 240))
    story.happen(DAY, "stock", vial=("v1", {"activity_bq": left}), nuclide="F-18")
    return story


@pytest.fixture(scope="session")
def day() -> Run:
    """The run of `tell_day` and `finish_day`."""
    return finish_day(tell_day(Story())).run(FACTS)
