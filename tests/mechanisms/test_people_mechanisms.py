"""The same for what people may do, and whose hands: a row is a mechanism that is taken away."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mechanisms.test_mechanisms import FDG, PET, STATIC, Data, Mechanism, daily, holds

STEP = {
    "step": "work",
    "task": "positioning",
    "person": "imaging",
    "duration": {"triangular": ["20 min", "40 min", "1 h"]},
}
WORK = {"plan": [STEP]}
PERSON = {"role": "technologist", "injection_level": "never_fails"}


def work(person: Data, *, more: Data | None = None, study: Data | None = None, **site: Any) -> Data:
    """Four pieces of work each morning for one person, and others beside."""
    made = daily(WORK, PET, staff={"person": PERSON | person} | (more or {}), **site)
    made["studies"]["mice"] |= study or {}
    return made


def injections(person: Data) -> Data:
    return daily(STATIC, PET, 8, staff={"person": {"role": "technologist", "count": 3} | person}, **FDG)


CARD = {"expires": "2026-03-02", "skills": ["imaging"]}
RENEWED = CARD | {"renewal": {"at": "2026-03-03 09:00", "course": "3 h"}}
LEARNER = {"role": "animal_technician", "training": {"imaging": {"supervised": 50}}}
GUEST = {"role": "researcher", "shift": "always", "studies": ["mice"]}
LATE = {"arrival": {"dates": ["2026-03-02 21:00", "2026-03-03 21:00", "2026-03-04 21:00"]}}
LECTURE = {"days": "daily", "at": "08:00", "duration": "2 h"}

ROWS = (
    Mechanism(
        "a certificate that ends",
        work({"certificates": {"card": CARD}}),
        {"staff": {"person": {"certificates": None}}},
        "not_qualified[imaging]",
        more=True,
    ),
    Mechanism(
        "a course that renews it",
        work({"certificates": {"card": RENEWED}}),
        {"staff": {"person": {"certificates": {"card": {"renewal": None}}}}},
        "backlog",
        more=False,
    ),
    Mechanism(
        "somebody learns at work, which takes two people and longer",
        work({}, more={"learner": LEARNER}),
        {"staff": {"learner": {"training": None}}},
        "wait_mean_min[all]",
        more=True,
    ),
    Mechanism(
        "the first times take longer",
        work({"experience": {"positioning": 0}}),
        {"staff": {"person": {"experience": None}}},
        "utilisation_pct[person]",
        more=True,
    ),
    Mechanism(
        "injections fail until somebody has done many",
        injections({"experience": {"injection": 0}}),
        {"staff": {"person": {"experience": {"injection": 1000}}}},
        "failed_injections_pct",
        more=True,
    ),
    Mechanism(
        "continuing education is booked time",
        work({"education": {"lecture": LECTURE}}),
        {"staff": {"person": {"education": None}}},
        "wait_mean_min[person]",
        more=True,
    ),
    Mechanism(
        "an audit is booked time",
        work({"education": {"audit": LECTURE | {"task": "audit"}}}),
        {"staff": {"person": {"education": None}}},
        "booked_time_h[audit]",
        more=True,
    ),
    Mechanism(
        "somebody is on call for work out of hours",
        work({"on_call": "always"}, study=LATE | {"out_of_hours": True}),
        {"staff": {"person": {"on_call": None}}},
        "wait_mean_min[person]",
        more=False,
    ),
    Mechanism(
        "trained users bring their own hands",
        work({}, more={"guest": GUEST}, study={"service": "self_service"}),
        {"studies": {"mice": {"service": "full"}}},
        "utilisation_pct[person]",
        more=False,
    ),
    Mechanism(
        "hours of scanners are charged by whose hands",
        daily(STATIC, PET, prices={"recharge_hour": {"full": "100 EUR/h"}}, **FDG),
        {"prices": {"recharge_hour": None}},
        "recharge_income",
        more=True,
    ),
    Mechanism(
        "hours outside the opening hours have their own price",
        daily(STATIC, PET, prices={"recharge_hour": {"full": "100 EUR/h"}, "out_of_hours_factor": 2},
              **(FDG | {"opening": {"hours": {"daily": "07:00-09:00"}},
                        "staff": {"person": PERSON | {"count": 3, "shift": {"daily": "07:00-20:00"}}}})),
        {"prices": {"out_of_hours_factor": 1}},
        "recharge[full]",
        more=True,
    ),
    Mechanism(
        "what the facility holds ends",
        work({}, authorisations={"facility": {"establishment": {"expires": "2026-03-02"}}}),
        {"authorisations": {"facility": None}},
        "cancelled[authorisation]",
        more=True,
    ),
    Mechanism(
        "a source licence ends",
        daily(STATIC, PET, authorisations={"sources": {"F-18": {"expires": "2026-03-02"}}}, **FDG),
        {"authorisations": {"sources": {"F-18": {"expires": None}}}},
        "deliveries_refused",
        more=True,
    ),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_mechanism_of_people_that_is_taken_away_changes_its_figure(row: Mechanism) -> None:
    holds(row)
