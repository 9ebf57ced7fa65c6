"""Calibration, not validation: how much time on the bed a hotel saves, with every duration at its mean.

The positioning times of the table were once chosen with a published saving of 65 % in mind, so that these figures show
that the twin does the arithmetic of its tables, and nothing about the world.
"""

from __future__ import annotations

from functools import cache

import pytest

from twin.animals import durations
from twin.facility.world import play
from twin.results.facts import facts
from twin.results.frames import run
from twin.results.run import Run
from twin.results.tasks import tasks
from twin.results.throughput import study_time_per_animal_min
from twin.results.visits import visits
from twin.scanners import pet
from twin.scenario.expand import site
from twin.scenario.loading import load

ON_THE_BED = ("position", "dock", "ct", "pet", "undock", "clean")
SCENARIOS = ("hotel_static", "hotel_dynamic")


@cache
def run_of(name: str, *sets: str) -> Run:
    resolved = load(f"calibration/{name}", sets)
    made = site(resolved)
    return run(play(made), facts(made, resolved.scenario, resolved.numbers))


def hotel_of(name: str, animals: int) -> Run:
    return run_of(name, f"scanners.pet.hotel={animals}")


def minutes_per_animal(run: Run) -> float:
    """From the log: the steps on the bed come one after another, so their lengths add up."""
    table = tasks(run)
    bed = table[table["step"].isin(ON_THE_BED)]
    assert bed["end_s"].notna().all()
    return float((bed["end_s"] - bed["start_s"]).sum()) / 60.0 / visits(run)["animal"].nunique()


def fall(name: str, animals: int) -> float:
    """By how many percent the time falls against a single bed."""
    return 100.0 * (1.0 - minutes_per_animal(hotel_of(name, animals)) / minutes_per_animal(hotel_of(name, 1)))


@pytest.mark.parametrize(("name", "expected"), [("hotel_static", 62.6), ("hotel_dynamic", 69.1)])
def test_calibration_of_a_hotel_of_four(name, expected):
    assert fall(name, 4) == pytest.approx(expected, abs=1.5)


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("animals", [2, 3, 4, 5])
def test_calibration_follows_the_shared_part(name, animals):
    """(1 - 1/N) f, with f the part of a single bed's time that a hotel shares: all but positioning."""
    table = tasks(hotel_of(name, 1))
    length = (table["end_s"] - table["start_s"]).groupby(table["step"].astype(str)).sum()
    shared = length[list(ON_THE_BED[1:])].sum() / length[list(ON_THE_BED)].sum()
    assert fall(name, animals) == pytest.approx(100.0 * (1.0 - 1.0 / animals) * shared, rel=1e-9)


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("animals", [1, 2, 3, 4, 5])
def test_calibration_by_the_kpi(name, animals):
    run = hotel_of(name, animals)
    assert study_time_per_animal_min(run) == pytest.approx(minutes_per_animal(run), rel=1e-12)
    assert visits(run)["scanned"].sum() == 60
    assert visits(run).groupby("session", observed=True).size().unique().tolist() == [animals]


def test_calibration_by_hand():
    """Positioning 6 1/3 min; shared: docking 2 2/3, CT 5 1/3, PET 18 1/3 or 60, undocking 1 1/6, cleaning 5 2/3."""
    assert minutes_per_animal(hotel_of("hotel_static", 1)) == pytest.approx(39.5)
    assert minutes_per_animal(hotel_of("hotel_static", 4)) == pytest.approx(19 / 3 + (39.5 - 19 / 3) / 4)
    assert minutes_per_animal(hotel_of("hotel_dynamic", 1)) == pytest.approx(39.5 - 55 / 3 + 60.0)


def test_calibration_with_the_size_set_by_the_study():
    sets = ("scanners.pet.hotel=5", "studies.mice.hotel=4")
    assert minutes_per_animal(run_of("hotel_static", *sets)) == minutes_per_animal(hotel_of("hotel_static", 4))


@pytest.mark.parametrize(("name", "rows"), [("hotel_static", pet.STATIC_ROWS), ("hotel_dynamic", pet.DYNAMIC_ROWS)])
def test_calibration_takes_the_means_of_the_rows(name, rows):
    resolved = load(f"calibration/{name}")
    said = resolved.scenario.protocols["scan"].durations
    assert set(ON_THE_BED) <= set(said)
    for step, duration in said.items():
        assert duration.mean == pytest.approx(durations.mean_s(resolved.numbers, rows[step]), rel=1e-12)
        assert duration.support[0] == duration.support[1]
