"""Small sites for the machines: everybody may do everything and nothing goes wrong, unless a test says so."""

from __future__ import annotations

from typing import Any

Data = dict[str, Any]


def site(protocols: Data, scanners: Data, animals: int = 2, **more: Any) -> Data:
    """Each protocol has a study of some animals that come together on a Monday morning."""
    rooms = {kind: {"kind": kind, "places": 100} for kind in ("preparation", "uptake", "recovery")}
    made: Data = {
        "schema": 1,
        "name": "machines",
        "start": "2026-03-02 00:00",
        "days": 2,
        "seed": 1,
        "opening": {"hours": {"mon-fri": "07:00-20:00"}},
        "rooms": rooms | {"hot_lab": {"kind": "hot_lab"}, "suite": {"kind": "scanner"}},
        "scanners": scanners,
        "staff": {"person": {"role": "technologist", "count": 3, "injection_level": "never_fails"}},
        "protocols": protocols,
        "studies": {
            name: {"animals": animals, "protocol": name, "arrival": {"dates": ["2026-03-02 08:00"]}}
            for name in protocols
        },
        "policies": {"booking": "walk_in"},
        "numbers": {"injection.mortality_per_anaesthesia": {"value": 0}},
    }
    return made | more


def delivery(tracer: str, activity: str = "2 GBq") -> Data:
    """A vial each morning."""
    vial = {"tracer": tracer, "activity": activity, "volume": "2 ml", "days": "daily", "arrives": "07:10"}
    return {"hot_lab": {"deliveries": {"vial": vial | {"reference": "09:00", "expires": "20:00"}}}}
