"""Each mechanism, taken away, changes the figure that it governs: in the right direction, by more than its interval.

A row is a small scenario in which the mechanism matters and a patch that takes it away. Both are played with the same
luck, so that the interval is that of the paired differences (99 %). A room that adds a mechanism adds a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.scanners.sites import delivery, site
from twin.experiments import statistics
from twin.facility.world import play
from twin.results import facts, frames, kpis
from twin.results.run import Run
from twin.scenario import expand, merging
from twin.scenario.loading import load_data

Data = dict[str, Any]
REPLICATIONS = 4


@dataclass(frozen=True)
class Mechanism:
    """What is taken away by a patch of a scenario, the figure that shows it, and what the mechanism does to it."""

    name: str
    scenario: Data
    without: Data
    kpi: str
    more: bool


PET = {"pet": {"modality": "pet", "room": "suite", "hotel": 4}}
FDG = delivery("FDG", "20 GBq")
STAFF = {"person": {"role": "technologist", "count": 3, "injection_level": "never_fails"}}
STATIC = {"template": "pet_static", "tracer": "FDG", "uptake": "45 min"}
DAYS = {"opening": {"hours": {"daily": "07:00-20:00"}}, "days": 4}
CHECK = {"days": "daily", "duration": {"triangular": ["40 min", "60 min", "90 min"]}}


def daily(protocol: Data, scanners: Data, animals: int = 4, **more: Any) -> Data:
    """Some days of it, the same each morning."""
    made = site({"one": protocol}, scanners, **(DAYS | more))
    dates = [f"2026-03-0{day} 08:00" for day in range(2, 5)]
    made["studies"] = {"mice": {"animals": animals * 3, "protocol": "one", "arrival": {"dates": dates}}}
    return made


def mixed(
    clean: str = "immunodeficient", dirty: str = "infected", days: int = 4, animals: int = 4, **more: Any
) -> Data:
    """Each morning some animals of either status come, the dirty ones first; everybody may do everything."""
    made = site({"one": STATIC}, {"pet": PET["pet"] | {"beds": 2}}, **(DAYS | FDG | {"days": days} | more))
    dates = [f"2026-03-0{day} 08:00" for day in range(2, 2 + days)]
    coming = {"protocol": "one", "animals": animals * days, "arrival": {"dates": dates}}
    made["studies"] = {"dirty": coming | {"hygiene": dirty}, "pure": coming | {"hygiene": clean}}
    made["hygiene"] = {"stay_away": "0 h"} | more.get("hygiene", {})
    return made


def booked(days: int = 7, each: int = 24, **more: Any) -> Data:
    """Slots on one bed; animals come each morning: 24 find one, 40 are too many."""
    made = site({"one": {"template": "ct"}}, {"ct": {"modality": "ct", "room": "suite", "hotel": 4}}, days=days)
    made["opening"] = {"hours": {"daily": "08:00-14:00"}}
    dates = [f"2026-03-0{day} 08:00" for day in range(2, min(days, 7) + 1)]
    made["studies"] = {"mice": {"protocol": "one", "animals": each * len(dates), "arrival": {"dates": dates}}}
    made["policies"] = {"booking": "earliest_due"}
    return merging.merge(made, more)


def urgent() -> Data:
    """Half of each day is kept for a study that comes seldom."""
    return booked(
        policies={"urgent_reserve": "3 h", "urgent_release": "0 h"},
        studies={
            "biopsies": {"protocol": "one", "animals": 4, "urgent": True, "arrival": {"dates": ["2026-03-03 08:00"]}}
        },
    )


def scanner(modality: str, **more: Any) -> Data:
    return {"machine": {"modality": modality, "room": "suite", "hotel": 4} | more}


def twice(apart: str) -> Data:
    """The same animals twice with a nuclide of half a day."""
    made = daily({"template": "cu64"}, PET, **delivery("Cu-64-chelate", "20 GBq"))
    points = {"first": {"at": "0 h"}, "second": {"at": apart}}
    made["studies"] = {
        "mice": {"animals": 4, "protocol": "one", "time_points": points, "arrival": {"dates": ["2026-03-02 08:00"]}}
    }
    return made


def ordered(procurement: Data | None) -> Data:
    """Animals that are asked for each morning."""
    made = daily({"template": "mri_anatomical"}, scanner("mri"))
    made["studies"]["mice"]["procurement"] = procurement
    return made


def returning(spread: Data) -> Data:
    """The same animals on three days; in the scanner's room something is found on the last."""
    made = daily(STATIC, PET, **FDG)
    points = {f"day_{day}": {"at": f"{day} d"} for day in range(3)}
    made["studies"]["mice"] |= {"animals": 12, "time_points": points, "arrival": {"dates": ["2026-03-02 08:00"]}}
    found = {
        "room": "suite",
        "at": "2026-03-05 06:00",
        "clean_up": {"triangular": ["1 h", "2 h", "4 h"]},
        "closed": "5 h",
    }
    made["hygiene"] = {"contaminations": {"found": found | {"spread": spread}}}
    return made


MECHANISMS = (
    Mechanism(
        "a bolus of more than 5 ml/kg is refused, unless the site goes by the EANM",
        daily(STATIC | {"flush": "0.15 ml"}, PET, **FDG),
        {"policies": {"bolus": "eanm"}},
        "limit_violations_prevented[volume_limit]",
        more=True,
    ),
    Mechanism(
        "a hotel shares the time of PET",
        daily(STATIC, PET, **FDG),
        {"scanners": {"pet": {"hotel": 1}}},
        "study_time_per_animal_min",
        more=False,
    ),
    Mechanism(
        "syringes drawn ahead bring the injections of a hotel closer together",
        daily(STATIC | {"draw_ahead": True}, PET, **FDG),
        {"protocols": {"one": {"draw_ahead": False}}},
        "uptake_error_mean_min",
        more=False,
    ),
    Mechanism(
        "multi-pinhole SPECT looks at one animal after another",
        daily({"template": "spect_late"}, scanner("spect")),
        {"protocols": {"one": {"template": "pet_late", "scan": {"triangular": ["20 min", "30 min", "60 min"]}}},
         "scanners": {"machine": {"modality": "pet"}}},
        "study_time_per_animal_min",
        more=True,
    ),
    Mechanism(
        "MRI scans as many animals at once as it has coils",
        daily({"template": "mri_anatomical"}, scanner("mri", coils=4)),
        {"scanners": {"machine": {"coils": 1}}},
        "study_time_per_animal_min",
        more=False,
    ),
    Mechanism(
        "a PET/MRI scans with both at once",
        daily({"template": "pet_mri", "tracer": "FDG", "uptake": "45 min", "simultaneous": True},
              scanner("pet_mri", coils=4), **FDG),
        {"protocols": {"one": {"simultaneous": False}}},
        "anaesthesia_mean_min",
        more=False,
    ),
    Mechanism(
        "a bed that is moved to a second machine",
        daily({"template": "mri_then_pet", "tracer": "FDG", "uptake": "45 min"},
              scanner("mri", coils=4) | PET, **FDG),
        {"protocols": {"one": {"template": "pet_mri"}},
         "scanners": {"machine": {"modality": "pet_mri"}, "pet": None}},
        "anaesthesia_mean_min",
        more=True,
    ),
    Mechanism(
        "a contrast agent beside the tracer takes its own scan",
        daily({"template": "pet_ct_contrast", "tracer": "FDG", "agent": "iodinated-contrast", "uptake": "45 min"},
              {"pet": PET["pet"] | {"modality": "pet_ct"}}, **FDG),
        {"protocols": {"one": {"template": "pet_static", "agent": None}}},
        "acquisitions[pet]",
        more=True,
    ),
    Mechanism(
        "places in the radioactive housing",
        daily({"template": "tracer_injection", "tracer": "Lu-177-PSMA-617", "activity": "20 MBq"}, {},
              rooms={kind: {"kind": kind, "places": 9} for kind in ("preparation", "uptake", "recovery")}
              | {"lab": {"kind": "hot_lab"}, "shielded": {"kind": "radioactive_housing", "places": 3}},
              **delivery("Lu-177-PSMA-617"))
        | {"studies": {"mice": {"animals": 12, "protocol": "one", "time_points": {"now": {
            "at": "0 h", "window": "8 h"}},
                                "arrival": {"dates": ["2026-03-02 08:00"]}}}},
        {"rooms": {"shielded": {"places": 50}}},
        "cancelled[radioactive_housing]",
        more=True,
    ),
    Mechanism(
        "animals are ordered, delivered and settle",
        ordered({"days": "daily", "acclimatisation": "2 d"}),
        ordered(None),
        "scans_completed",
        more=False,
    ),
    Mechanism(
        "an earlier tracer that is still in the animal",
        twice("1 d"),
        twice("3 d"),
        "residual_activity_max_pct",
        more=True,
    ),
    Mechanism(
        "the second side of an optical image",
        daily({"template": "luciferin", "sides": 2}, scanner("optical")),
        {"protocols": {"one": {"sides": 1}}},
        "study_time_per_animal_min",
        more=True,
    ),
    Mechanism(
        "injections into the belly that fail",
        daily({"template": "luciferin"}, scanner("optical"), numbers={"injection.ip_failure_fraction": {"value": 0.4}},
              staff={"person": {"count": 3}}),
        {"numbers": {"injection.ip_failure_fraction": {"value": 0}}},
        "repeated[image_unusable]",
        more=True,
    ),
    Mechanism(
        "quality control in the morning",
        daily(STATIC, {"pet": PET["pet"] | {"quality_control": {"check": CHECK | {"duration": "3 h"}}}}, **FDG),
        {"scanners": {"pet": {"quality_control": {"check": None}}}},
        "wait_mean_min[all]",
        more=True,
    ),
    Mechanism(
        "quality control that fails",
        daily(STATIC, {"pet": PET["pet"] | {"quality_control": {"check": CHECK | {"fails": 0.8, "service": "5 h"}}}},
              **FDG),
        {"scanners": {"pet": {"quality_control": {"check": {"fails": 0}}}}},
        "scanner_time_pct[pet/down]",
        more=True,
    ),
    Mechanism(
        "calibration that expires",
        daily(STATIC, {"pet": PET["pet"] | {"quality_control": {"calibration": CHECK | {
            "every": "9 d", "blocks": "quantitative", "valid_for": "2 d", "skill": "nobody"}}}}, **FDG),
        {"scanners": {"pet": {"quality_control": {"calibration": {"valid_for": "30 d"}}}}},
        "calibration_blocked_h[pet]",
        more=True,
    ),
    Mechanism(
        "what is measured waits for a calibration",
        daily(STATIC, {"pet": PET["pet"] | {"quality_control": {"calibration": CHECK | {
            "blocks": "quantitative", "skill": "physics"}}}}, **FDG,
            staff=STAFF | {"physicist": {"skills": ["physics"], "shift": {"daily": "14:00-20:00"}}}),
        {"protocols": {"one": {"quantitative": False}}},
        "wait_mean_min[all]",
        more=True,
    ),
    Mechanism(
        "software updates and the checks after them",
        daily(STATIC, {"pet": PET["pet"] | {"maintenance": {"update": {
            "first": "2026-03-03 09:00", "every": "2 d", "duration": "4 h", "revalidate": True}},
            "quality_control": {"check": CHECK}}}, **FDG),
        {"scanners": {"pet": {"maintenance": {"update": {"revalidate": False}}}}},
        "scanner_time_pct[pet/quality_control]",
        more=True,
    ),
    Mechanism(
        "breakdowns",
        daily(STATIC, {"pet": PET["pet"] | {"breakdown": {
            "time_between_failures": {"exponential": {"mean": "1 d"}}, "repair_time": "8 h"}}}, **FDG),
        {"scanners": {"pet": {"breakdown": None}}},
        "scanner_time_pct[pet/down]",
        more=True,
    ),
    Mechanism(
        "reconstruction waits for computers",
        daily(STATIC | {"durations": {"reconstruct": {"triangular": ["2 h", "3 h", "5 h"]}}},
              {"pet": PET["pet"] | {"hotel": 1, "beds": 2}}, compute={"jobs": 1}, **FDG),
        {"compute": None},
        "reconstruction_wait_mean_min",
        more=True,
    ),
    Mechanism(
        "scans leave data in the archive",
        daily(STATIC | {"ct": True}, {"pet": PET["pet"] | {"modality": "pet_ct"}}, **FDG),
        {"protocols": {"one": {"ct": False}}},
        "data_volume_gb",
        more=True,
    ),
    Mechanism(
        "a full archive stops scans until there is more room",
        daily({"template": "mri_anatomical"}, scanner("mri"),
              archive={"capacity": "20 GB", "filled": "90 %", "full": "wait", "more_after": "9 d"}),
        {"archive": {"full": "ignore"}},
        "scans_completed",
        more=False,
    ),
    Mechanism(
        "a scanner as in the catalogue has a price and a contract",
        daily(STATIC, {"pet": PET["pet"] | {"as_catalogue": True}}, prices={"currency": "USD"}, **FDG),
        {"scanners": {"pet": {"as_catalogue": False, "price": "1 USD"}}},
        "cost_total",
        more=True,
    ),
    Mechanism(
        "a room is decontaminated before cleaner animals come in",
        mixed(),
        {"studies": {"pure": {"hygiene": "infected"}}},
        "wait_mean_min[hygiene]",
        more=True,
    ),
    Mechanism(
        "the cleaner animals first, so that a room is decontaminated less often",
        mixed(animals=8, hygiene={"order": "clean_first", "decontamination": "1 h"}),
        {"hygiene": {"order": "as_booked"}},
        "room_closed_h[suite]",
        more=False,
    ),
    Mechanism(
        "people stay away from cleaner animals after work with others",
        mixed(days=3, hygiene={"stay_away": "4 h"}, staff={"person": STAFF["person"] | {"count": 2}}),
        {"hygiene": {"stay_away": "0 h"}},
        "wait_mean_min[person]",
        more=True,
    ),
    Mechanism(
        "a contamination closes a room",
        mixed(days=4, hygiene={"contaminations": {"found": {
            "room": "suite", "time_between": {"uniform": ["10 h", "30 h"]}, "closed": "1 d"}}}),
        {"hygiene": {"contaminations": None}},
        "room_closed_h[suite]",
        more=True,
    ),
    Mechanism(
        "a contamination spreads to other rooms before it is found",
        returning({"undetected": {"uniform": ["3 d", "4 d"]}, "to_animals": 0.5, "to_rooms": 0.5}),
        {"hygiene": {"contaminations": {"found": {"spread": None}}}},
        "room_closed_h[preparation]",
        more=True,
    ),
    Mechanism(
        "animals catch what a room carries",
        returning({"undetected": {"uniform": ["3 d", "4 d"]}, "to_animals": 0.5}),
        {"hygiene": {"contaminations": {"found": {"spread": {"to_animals": 0}}}}},
        "animals_infected",
        more=True,
    ),
    Mechanism(
        "animals that have left the barrier need places outside",
        mixed(hygiene={"after_last_visit": "3 d"}, rooms={"suite": {"kind": "scanner"}, "hot_lab": {"kind": "hot_lab"},
              "outside": {"kind": "return_housing", "places": 6}} | {
              kind: {"kind": kind, "places": 100} for kind in ("preparation", "uptake", "recovery")}),
        {"rooms": {"outside": {"places": 500}}},
        "cancelled[housing]",
        more=True,
    ),
    Mechanism(
        "only some may work in the zone of a magnet",
        daily({"template": "mri_anatomical"}, scanner("mri"), rooms={
            "suite": {"kind": "scanner", "access": ["mri_safety"], "ferrous_check": True},
            "preparation": {"kind": "preparation", "places": 99}, "recovery": {"kind": "recovery", "places": 99}},
            staff={"person": {"count": 2}, "expert": {"shift": {"daily": "10:00-20:00"}, "skills": [
                "imaging", "anaesthesia", "mri_safety", "animal_handling", "cleaning"]}}),
        {"rooms": {"suite": {"access": [], "ferrous_check": False}}},
        "wait_mean_min[person]",
        more=True,
    ),
    Mechanism(
        "a computer segments the images",
        daily(STATIC, PET, policies={"booking": "walk_in", "analysis": "automatic"}, **FDG),
        {"policies": {"analysis": "by_hand"}},
        "answer_time_h",
        more=False,
    ),
    Mechanism(
        "two people read the images together",
        daily(STATIC, PET, policies={"booking": "walk_in", "analysis": "by_hand", "reading": "double"}, **FDG,
              staff=STAFF | {"person": STAFF["person"] | {"count": 2}}),
        {"policies": {"reading": "none"}},
        "answer_time_h",
        more=True,
    ),
    Mechanism(
        "a decay store that is full",
        daily(STATIC, PET, waste={"decay_store": {"places": 1, "half_lives": 20, "filled": {"F-18": 1}}}, **FDG),
        {"waste": {"decay_store": {"places": 99}}},
        "decay_store_blocked_h",
        more=True,
    ),
    Mechanism(
        "waste is fetched when the decay store is full",
        daily(STATIC, PET, waste={"decay_store": {"places": 4, "half_lives": 20, "filled": {"Lu-177": 4},
                                                  "full": "pick_up", "pick_up": "10 h"}}, **FDG),
        {"waste": {"decay_store": {"full": "wait"}}},
        "lead_time_days",
        more=False,
    ),
    Mechanism(
        "a freezer takes only so many carcasses",
        daily({"plan": [
            {"step": "kill", "task": "killing", "person": "killing", "place": "preparation", "effect": "kill",
             "duration": {"triangular": ["2 min", "5 min", "9 min"]}}]}, PET,
            waste={"freezer": {"places": 6, "filled": 1}}),
        {"waste": {"freezer": None}},
        "cancelled[waste]",
        more=True,
    ),
    Mechanism(
        "what is spilt closes the hot lab until it is clean",
        daily(STATIC, PET, **FDG, dose={"spills": {"drawing": 0.5, "injecting": 0, "clean_up": "30 min"}}),
        {"dose": {"spills": None}},
        "wait_mean_min[hygiene]",
        more=True,
    ),
    Mechanism(
        "users who cancel",
        booked(studies={"mice": {"cancellation": 0.5, "notice": "2 h"}}),
        {"studies": {"mice": {"cancellation": 0}}},
        "cancelled[withdrawn]",
        more=True,
    ),
    Mechanism(
        "a slot that is cancelled early is free for others",
        booked(each=40, studies={"mice": {"cancellation": 0.5, "notice": "20 d"}}),
        {"studies": {"mice": {"notice": "2 h"}}},
        "scans_completed",
        more=True,
    ),
    Mechanism(
        "animals that are not brought",
        booked(each=40, studies={"mice": {"no_show": 0.4}}),
        {"studies": {"mice": {"no_show": 0}}},
        "scans_completed",
        more=False,
    ),
    Mechanism(
        "overbooking where many do not come",
        booked(each=40, studies={"mice": {"no_show": 0.4}}, policies={"overbooking": 3}),
        {"policies": {"overbooking": 0}},
        "scans_completed",
        more=True,
    ),
    Mechanism(
        "time is kept for urgent studies",
        urgent(),
        {"policies": {"urgent_reserve": "0 h"}},
        "lead_time_days",
        more=True,
    ),
    Mechanism(
        "weekends are worked",
        booked(opening={"hours": {"daily": "07:00-15:00"}}, days=9),
        {"opening": {"hours": {"daily": None, "mon-fri": "07:00-15:00"}}},
        "lead_time_days",
        more=False,
    ),
    Mechanism(
        "a bed is loaded while another is scanned",
        daily(STATIC, {"pet": PET["pet"] | {"beds": 2}}, animals=12, **FDG),
        {"scanners": {"pet": {"beds": 1}}},
        "wait_mean_min[bed]",
        more=False,
    ),
    Mechanism(
        "visits wait for others to fill a hotel",
        booked(policies={"hotel_wait": "8 h"}, studies={"mice": {"arrival": {
            "dates": None, "hourly": {"rates": ["1/h" if 8 <= h < 14 else "0/h" for h in range(24)]}}}}),
        {"policies": {"hotel_wait": "0 h"}},
        "study_time_per_animal_min",
        more=False,
    ),
    Mechanism(
        "beds are cleaned between animals",
        daily(STATIC, {"pet": PET["pet"] | {"hotel": 1}}, animals=6, **FDG),
        {"protocols": {"one": {"durations": {"clean": "0 min"}}}},
        "study_time_per_animal_min",
        more=True,
    ),
)  # fmt: skip


def figures(data: Data, kpi: str) -> list[float]:
    """The figure in each replication; one that is not defined is none at all."""
    resolved = load_data(data, check=False)
    made = expand.site(resolved)
    known = facts.facts(made, resolved.scenario, resolved.numbers)
    return [_value(frames.run(play(made, number), known), kpi) for number in range(REPLICATIONS)]


def _value(run: Run, name: str) -> float:
    kpi, member = kpis.kpi_of(name), name.partition("[")[2].rstrip("]")
    assert kpi is not None
    value = kpi.compute(run)
    return (value.get(member) if isinstance(value, Mapping) else value) or 0.0


def holds(row: Mechanism) -> None:
    """The figure moves in the right direction, by more than the interval of the paired differences."""
    given = figures(row.scenario, row.kpi)
    without = figures(merging.merge(row.scenario, row.without), row.kpi)
    apart = [a - b for a, b in zip(given, without, strict=True)]
    found = statistics.interval(apart)
    assert (found.low > 0.0) if row.more else (found.high < 0.0), (row.name, given, without)


@pytest.mark.parametrize("row", MECHANISMS, ids=lambda row: row.name)
def test_a_mechanism_that_is_taken_away_changes_its_figure(row: Mechanism) -> None:
    holds(row)
