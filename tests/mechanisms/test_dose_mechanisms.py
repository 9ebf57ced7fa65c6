"""Mechanisms of dose, each taken away (see `test_mechanisms`)."""

from __future__ import annotations

import pytest

from tests.mechanisms.test_mechanisms import FDG, PET, STATIC, Data, Mechanism, daily, holds
from tests.scanners.sites import delivery
from twin.scenario import merging

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


KEPT = daily(THERAPY, {}, animals=2,
             rooms={kind: {"kind": kind, "places": 9} for kind in ("preparation", "uptake", "recovery")}
             | {"hot_lab": {"kind": "hot_lab"}, "shielded": {"kind": "radioactive_housing", "places": 9}},
             housing={"below": "8 MBq"}, days=10, **delivery("Lu-177-PSMA-617"))  # fmt: skip


def two_nuclides() -> Data:
    """Mice with FDG, others with 177Lu."""
    coming = {"animals": 4, "protocol": "therapy", "arrival": {"dates": ["2026-03-02 09:00", "2026-03-03 09:00"]}}
    more = {"protocols": {"therapy": THERAPY}, "studies": {"others": coming}} | delivery("Lu-177-PSMA-617")
    return merging.merge(mice(), more)


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
        "people get something of animals that are kept in the radioactive housing next door",
        KEPT | {"housing": {"below": "8 MBq", "excretion": "stays"}, "days": 4,
                "floor_plan": {"rooms": PLAN | {"shielded": {"x": 6, "y": 0, "width": "3 m", "depth": "3 m"}}}},
        {"floor_plan": {"rooms": {"shielded": None}}},
        "dose_near_msv[person-1]",
        more=True,
    ),
    Mechanism(
        "what animals void and what is rinsed goes down the drain",
        mice(),
        {"numbers": {"dose.effluent.drained": {"value": 0}}},
        "sewage_pct",
        more=True,
    ),
    Mechanism(
        "what is opened in the hot lab is rinsed down its sink",
        mice(),
        {"numbers": {"dose.effluent.rinsed": {"value": 0}}},
        "sewage_pct",
        more=True,
    ),
    Mechanism(
        "a second nuclide adds its share to the sewage of a day",
        two_nuclides(),
        {"studies": {"others": None}},
        "sewage_pct",
        more=True,
    ),
    Mechanism(
        "a second nuclide adds to what people get by handling",
        two_nuclides(),
        {"studies": {"others": None}},
        "dose_whole_body_msv[person-1]",
        more=True,
    ),
    Mechanism(
        "radioiodine is breathed by who handles it",
        daily({"template": "tracer_injection", "tracer": "I-131-SGMIB-antibody", "activity": "10 MBq"}, {}, animals=2,
              days=3, **delivery("I-131-SGMIB-antibody")),
        {"numbers": {"dose.intake.fraction": {"value": "1e-7"}}},
        "dose_breathed_msv[person-1]",
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
        KEPT,
        {"housing": {"excretion": "stays"}},
        "radioactive_housing_days",
        more=False,
    ),
)  # fmt: skip


@pytest.mark.parametrize("row", MECHANISMS, ids=lambda row: row.name)
def test_a_mechanism_of_dose_that_is_taken_away_changes_its_figure(row: Mechanism) -> None:
    holds(row)
