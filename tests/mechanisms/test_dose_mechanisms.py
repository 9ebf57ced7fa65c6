"""Mechanisms of dose, each taken away (see `test_mechanisms`)."""

from __future__ import annotations

import pytest

from tests.mechanisms.test_mechanisms import FDG, PET, STATIC, Data, Mechanism, daily, holds
from tests.scanners.sites import delivery

WEEK: Data = {"days": 3}
PLAN = {
    "hot_lab": {"x": 0, "y": 0, "width": "3 m", "depth": "3 m"},
    "preparation": {"x": 3, "y": 0, "width": "3 m", "depth": "3 m"},
}
WALL = {"between": {"from": [3, 0], "to": [3, 3], "layers": "lead 50 mm"}}
THERAPY = {"template": "tracer_injection", "tracer": "Lu-177-PSMA-617", "activity": "20 MBq"}
SHIELDED = {"syringe": "syringe_shielded", "vial_and_syringe": "vial_and_syringe_shielded"}
FINGERS = {"fingers": {"quantity": "extremity", "at_most": "0.2 mSv", "period": "day"}}


def mice(**more: Data) -> Data:
    """Twelve animals on two mornings, with FDG."""
    return daily(STATIC, PET, **(FDG | WEEK | more))


MECHANISMS = (
    Mechanism(
        "a wall weakens what comes from the next room",
        mice(floor_plan={"rooms": PLAN, "walls": WALL}),
        {"floor_plan": {"walls": {"between": None}}},
        "dose_near_msv[person-1]",
        more=False,
    ),
    Mechanism(
        "people get something of what is in the next room",
        mice(floor_plan={"rooms": PLAN}),
        {"floor_plan": {"rooms": {"hot_lab": None}}},
        "dose_near_msv[person-1]",
        more=True,
    ),
    Mechanism(
        "a shield around the syringe",
        mice(dose={"equipment": SHIELDED}),
        {"dose": {"equipment": dict.fromkeys(SHIELDED)}},
        "dose_fingertip_per_scan_usv",
        more=False,
    ),
    Mechanism(
        "a constraint of dose that binds",
        mice(dose={"constraints": FINGERS}),
        {"dose": {"constraints": {"fingers": None}}},
        "scans_completed",
        more=False,
    ),
    Mechanism(
        "who has had least begins next",
        mice(policies={"booking": "walk_in", "rotation": "least_dose"}),
        {"policies": {"rotation": "fixed"}},
        "dose_fingertip_msv[person-1]",
        more=False,
    ),
    Mechanism(
        "who is pregnant does no step with open activity",
        mice(dose={"people": {"person-1": {"pregnancy_declared": "2026-03-01"}}}),
        {"dose": {"people": {"person-1": None}}},
        "dose_fingertip_msv[person-1]",
        more=False,
    ),
    Mechanism(
        "what animals void lets them out of the radioactive housing sooner",
        daily(THERAPY, {}, animals=2,
              rooms={kind: {"kind": kind, "places": 9} for kind in ("preparation", "uptake", "recovery")}
              | {"lab": {"kind": "hot_lab"}, "shielded": {"kind": "radioactive_housing", "places": 9}},
              housing={"below": "8 MBq"}, days=10, **delivery("Lu-177-PSMA-617")),
        {"housing": {"excretion": "stays"}},
        "radioactive_housing_days",
        more=False,
    ),
)  # fmt: skip


@pytest.mark.parametrize("row", MECHANISMS, ids=lambda row: row.name)
def test_a_mechanism_of_dose_that_is_taken_away_changes_its_figure(row: Mechanism) -> None:
    holds(row)
