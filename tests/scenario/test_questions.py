"""Every bundled scenario moves the figure that its question names: against what it is compared with, with shared luck.

A row says with what, by which figure, and in which direction; the paired interval (95 %) leaves zero out. Who adds a
scenario adds a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pytest

from twin import api
from twin.experiments import statistics
from twin.experiments.replicate import Replicated, replicated
from twin.scenario.layers import shipped


@dataclass(frozen=True)
class Moves:
    """The scenario has more (or less) of a figure than what it is compared with, here over so many days."""

    kpi: str
    more: bool
    than: str = "baseline"
    days: int = 7
    sets: tuple[str, ...] = ()
    replications: int = 6


MOVES = {
    "accept_a_study": Moves("lead_time_days", more=True, days=28),
    "auto_injector": Moves("dose_fingertip_per_scan_usv", more=False),
    "baseline": Moves("wait_mean_min[bed]", more=False, days=14, sets=("scanners.pet.beds=1",)),
    "biodistribution_day": Moves("dose_fingertip_msv", more=True, than="biodistribution_imaged", days=3),
    "biodistribution_imaged": Moves("dose_fingertip_msv", more=False, than="biodistribution_day", days=3),
    "cross_training": Moves("wait_mean_min[person]", more=False, than="key_person_absent", days=28),
    "dose_constraint": Moves("animals_imaged", more=False, days=14),
    "dynamic_hotel": Moves("scans_completed", more=True, than="dynamic_hotel", sets=("scanners.pet.hotel=1",)),
    "generator_day": Moves(
        "cancelled[no_activity]",
        more=True,
        than="generator_day",
        days=14,
        sets=("hot_lab.generators.technetium.every=7 d",),
    ),
    "hotel_imaging": Moves("study_time_per_animal_min", more=True),
    "key_person_absent": Moves("wait_mean_min[person]", more=True),
    "late_delivery": Moves("wait_mean_min[tracer]", more=True, days=28),
    "late_delivery_rebooked": Moves("animals_imaged", more=False, than="late_delivery", days=28),
    "longitudinal_oncology": Moves("animals_excluded", more=True, days=28),
    "multimodal_combined": Moves("scans_completed", more=False, than="multimodal_pet_mri"),
    "multimodal_pet_mri": Moves("scans_completed", more=True, than="multimodal_combined"),
    "nci_tracers": Moves(
        "animals_per_comparison[dcfpyl]",
        more=False,
        than="nci_tracers",
        days=8,
        sets=("studies.dcfpyl.comparison.difference=20 %",),
    ),
    "new_facility": Moves(
        "wait_mean_min[person]",
        more=False,
        than="new_facility",
        sets=("staff.early.count=2", "staff.late.count=2"),
    ),
    "pregnancy_declared": Moves("dose_fingertip_msv[technologist-2]", more=True),
    "scanner_breakdown": Moves(
        "lead_time_days",
        more=True,
        than="scanner_breakdown",
        days=28,
        sets=("scanners.pet.breakdown=null",),
        replications=10,  # a failure is rare, and a repair takes an hour or days
    ),
    "second_scanner": Moves("cost_total", more=True),
    "spare_bed": Moves("wait_mean_min[bed]", more=False, days=28),
    "theranostics_177lu": Moves("cancelled[radioactive_housing]", more=True, than="theranostics_places", days=15),
    "theranostics_places": Moves("animals_imaged", more=True, than="theranostics_177lu", days=15),
    "two_shifts": Moves("end_of_day", more=True),
    "unwarmed": Moves("target_to_background[fdg]", more=False, than="longitudinal_oncology", days=28),
    "hygiene_outbreak": Moves(
        "scans_completed",
        more=False,
        than="hygiene_outbreak",
        days=14,
        sets=("hygiene.contaminations=null",),
        replications=16,
    ),
    "optical_core": Moves("scans_completed", more=True, than="optical_core", days=14, sets=("policies.overbooking=0",)),
    "zebrafish_screen": Moves(
        "animals_per_day", more=True, than="zebrafish_screen", days=5, sets=("scanners.imager.beds=1",)
    ),
}


@cache
def played(name: str, days: int, sets: tuple[str, ...], replications: int) -> Replicated:
    """The replications of a scenario over so many days, all with one seed; played once for all rows."""
    return replicated(api.load(name, sets=[f"days={days}", "seed=1", *sets]), replications)


@pytest.mark.slow
def test_every_bundled_scenario_says_what_it_moves() -> None:
    assert set(MOVES) == {name for name in shipped() if "/" not in name}


@pytest.mark.parametrize("name", MOVES)
def test_the_question_names_the_figure_that_moves(name: str) -> None:
    """By its KPI, so that whoever reads the first lines knows what to look at."""
    assert MOVES[name].kpi.partition("[")[0] in api.load(name, check=False).scenario.question


@pytest.mark.slow
@pytest.mark.parametrize("name", MOVES)
def test_a_bundled_scenario_moves_the_figure_of_its_question(name: str) -> None:
    row = MOVES[name]
    both = (played(*what, row.replications) for what in ((row.than, row.days, row.sets), (name, row.days, ())))
    before, after = ([value for value in made.values(row.kpi) if value is not None] for made in both)
    found = statistics.interval(statistics.differences(before, after), 0.95)
    assert (found.low > 0.0) if row.more else (found.high < 0.0), found
