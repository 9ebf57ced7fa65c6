"""Sites that several tests look at."""

from __future__ import annotations

import json
from typing import Any

import pytest

SKILLS = [
    "animal_care",
    "animal_handling",
    "anaesthesia",
    "injection",
    "hot_lab",
    "imaging",
    "quality_control",
    "cleaning",
]


def large_site(days: int = 2) -> dict[str, Any]:
    """So much of everything that nothing waits: the days are open all night, people are many."""
    rooms = {kind: {"kind": kind, "places": 1000} for kind in ("preparation", "uptake", "recovery")}
    return {
        "schema": 1,
        "name": "large",
        "start": "2026-03-02 00:00",
        "days": days,
        "seed": 11,
        "opening": {"hours": "always"},
        "rooms": rooms | {"lab": {"kind": "hot_lab"}, "pet_room": {"kind": "scanner"}},
        "staff": {"all": {"role": "technologist", "skills": SKILLS, "injection_level": "weak", "count": 80}},
        "scanners": {"pet": {"modality": "pet_ct", "room": "pet_room", "beds": 1, "hotel": 2, "count": 40}},
        "hot_lab": {
            "deliveries": {
                f"at_{hour}": {
                    "tracer": "FDG", "activity": "900 GBq", "volume": "9 ml", "days": "daily",
                    "arrives": f"{hour}:00", "reference": f"{hour}:00", "expires": expires,
                }
                for hour, expires in (("00", "13:00"), ("12", "01:00"))
            }
        },
        "protocols": {
            "static": {"template": "pet_static", "tracer": "FDG", "activity": "5 MBq", "uptake": "30 min"},
            "dynamic": {"template": "pet_dynamic", "tracer": "FDG", "activity": "5 MBq"},
        },
        "studies": {
            "a": {"protocol": "static", "animals": 12, "arrival": {"dates": ["2026-03-02 08:00"]}},
            "b": {"protocol": "dynamic", "arrival": {"poisson": {"rate": "12 /day"}, "batch": 2}},
        },
        "policies": {"booking": "walk_in", "hotel_wait": "10 min"},
    }  # fmt: skip


@pytest.fixture
def large() -> dict[str, Any]:
    return json.loads(json.dumps(large_site()))


@pytest.fixture
def busy() -> dict[str, Any]:
    """Two days with everything that can happen, on a site that is too small for it."""
    data = large_site()
    data["opening"] = {"hours": {"daily": "07:00-19:00"}}
    data["staff"] = {
        "tech": {"role": "technologist", "count": 3, "breaks": {"lunch": {"at": "12:00", "duration": "30 min"}}},
        "late": {"role": "technologist", "shift": {"daily": "12:00-20:00"}, "injection_level": "weak"},
    }
    breakdown = {"time_between_failures": {"exponential": {"mean": "8 h"}}, "repair_time": "40 min"}
    check = {"days": "daily", "duration": "20 min"}
    data["scanners"]["pet"] |= {"count": 1, "beds": 2, "breakdown": breakdown, "quality_control": {"check": check}}
    data["rooms"]["recovery"]["places"] = 3
    data["policies"] = {"booking": "first_come", "hotel_wait": "1 h", "queue": "reserve", "shift_end": "preempt"}
    return data
