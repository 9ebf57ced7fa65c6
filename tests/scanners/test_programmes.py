"""Quality control that comes in intervals, is valid for a time, may fail, and blocks what is measured."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from tests.laws.log_view import rows_of
from tests.laws.test_state import in_parts, rows
from tests.scanners.sites import delivery, site
from twin import api
from twin.facility.world import World, play
from twin.scanners import programme
from twin.scenario.expand import site as site_of
from twin.scenario.loading import load_data
from twin.sources import default_numbers

N = default_numbers()
DAY = 86400.0
STATIC = {"template": "pet_static", "tracer": "FDG", "uptake": "45 min"}
CHECK = {"duration": "30 min", "days": "mon-fri"}


def pet(**more):
    return {"pet": {"modality": "pet", "room": "suite", "hotel": 2} | more}


def log(scanner, days=20, protocols=None, **more):
    made = site(protocols or {}, scanner, days=days, opening={"hours": {"daily": "07:00-20:00"}}, **more)
    return rows_of(play(site_of(load_data(made, check=False))))


def starts(rows, step):
    return [row.time_s for row in rows if row.step == step and row.phase == "start"]


def test_a_check_with_an_interval_comes_once_in_each_on_its_weekday() -> None:
    control = {"monthly": CHECK | {"every": "14 d", "days": ["wed"]}}
    found = starts(log(pet(quality_control=control), days=60), "monthly")
    assert len(found) == 4
    assert {int(t // DAY) % 7 for t in found} == {2}
    assert [b - a for a, b in pairwise(found)] == [14 * DAY] * 3


def test_a_check_with_an_interval_is_made_up_for_after_a_holiday() -> None:
    made = {"opening": {"hours": {"daily": "07:00-20:00"}, "holidays": ["2026-03-09"]}, "days": 20}
    control = {"monthly": CHECK | {"every": "14 d", "days": "mon-fri"}}
    data = site({}, pet(quality_control=control)) | made
    found = starts(rows_of(play(site_of(load_data(data, check=False)))), "monthly")
    assert [t // DAY for t in found] == [8], "the 9th of March is closed, the 10th is not"


def test_an_expired_calibration_keeps_out_what_is_measured_and_nothing_else() -> None:
    """Nobody may calibrate: after 5 days quantitative scans wait, others go on."""
    control = {
        "calibration": CHECK | {"every": "365 d", "valid_for": "5 d", "blocks": "quantitative", "skill": "nobody"}
    }
    look = STATIC | {"quantitative": False}
    dates = [f"2026-03-{day:02} 08:00" for day in (4, 11)]
    arrival = {"animals": 4, "arrival": {"dates": dates}}
    made = site({"measured": STATIC, "seen": look}, pet(quality_control=control), **delivery("FDG"))
    made |= {"days": 12, "opening": {"hours": {"daily": "07:00-20:00"}}}
    made["studies"] = {name: arrival | {"protocol": name} for name in ("measured", "seen")}
    run = api.simulate(load_data(made, check=False))
    visits = api.tables(run)["visits"]
    done = visits[visits["scanned"]].groupby("protocol", observed=True)["scan_end_s"].apply(lambda t: (t // DAY).max())
    assert done.to_dict() == {"measured": 2.0, "seen": 9.0}
    blocked = api.kpis(run)["calibration_blocked_h[pet]"]["value"]
    assert blocked == pytest.approx((12 - 5) * 24.0)


def test_a_check_that_fails_twice_calls_the_service_and_is_done_again() -> None:
    control = {"daily": CHECK | {"fails": 1, "service": "3 h"}}
    found = log(pet(quality_control=control), days=1)
    done = [
        (row.step, row.phase)
        for row in found
        if row.step in ("daily", "check_failed", "service") or "after" in str(row.step)
    ]
    assert done == [
        ("daily", "start"), ("daily", "end"), ("check_failed", "happening"),
        ("daily", "start"), ("daily", "end"), ("check_failed", "happening"),
        ("service", "start"), ("service", "end"), ("daily_after_service", "start"), ("daily_after_service", "end"),
    ]  # fmt: skip


def test_a_software_update_makes_the_checks_due_again() -> None:
    update = {"first": "2026-03-02 10:00", "duration": "2 h", "revalidate": True}
    control = {"daily": CHECK}
    times = starts(log(pet(quality_control=control, maintenance={"update": update}), days=1), "daily")
    assert [t / 3600.0 for t in times] == [7.0, 12.0]


@pytest.mark.parametrize("modality", ["pet", "pet_ct", "spect_ct", "mri", "optical", "ultrasound", "photoacoustic"])
def test_every_kind_has_a_programme_upkeep_and_a_price(modality: str) -> None:
    checks = programme.checks(N, modality)
    assert checks
    assert len({check.name for check in checks}) == len(checks)
    assert all(check.phantom for check in checks)
    assert programme.upkeep(N, modality) is not None
    assert programme.price(N, modality, "USD")
    assert programme.price(N, modality, "SEK") is None


def test_a_year_of_a_programme_is_done_as_often_as_it_says() -> None:
    """Every check of a PET/CT comes as often as its interval says, one more or less at the ends."""
    never = {"time_between_failures": "4000 d", "repair_time": "1 d"}
    scanner = pet(modality="pet_ct", as_catalogue=True, breakdown=never)
    zero = {f"quality_control.{name}.fail_probability": {"value": 0} for name in N.subjects("quality_control", "every")}
    zero["reliability.software.updates"] = {"value": "0 /a"}
    made = site({}, scanner, days=365, numbers=zero)
    done = Counter(row.step for row in rows_of(play(site_of(load_data(made)))) if row.phase == "end")
    for check in programme.checks(N, "pet_ct"):
        expected = {1: 261, 7: 52}.get(check.every_days, round(365 / check.every_days))
        assert abs(done[check.name] - expected) <= 1, check.name


def test_a_scanner_as_in_the_catalogue_costs_what_the_tables_say() -> None:
    made = site({}, pet(as_catalogue=True), days=10, prices={"currency": "USD"})
    figures = api.kpis(api.simulate(load_data(made)))
    price, years = N.value("prices.capital.pet"), N.value("prices.amortisation_time") / (365.25 * DAY)
    assert figures["cost[capital]"]["value"] == pytest.approx(price / years * 10 / 365.25)
    assert figures["cost[service]"]["value"] == pytest.approx(0.1 * price * 10 / 365.25)


def test_the_state_of_programmes_and_computers_can_be_written_down() -> None:
    control = {
        "daily": CHECK | {"fails": 0.5},
        "calibration": CHECK | {"every": "2 d", "valid_for": "3 d", "blocks": "quantitative"},
    }
    made = site({"one": STATIC}, pet(quality_control=control), animals=6, compute={"jobs": 1}, **delivery("FDG"))
    made |= {"days": 6, "opening": {"hours": {"daily": "07:00-20:00"}}}
    made["studies"]["one"]["arrival"] = {"dates": [f"2026-03-0{day} 08:00" for day in (2, 4, 6)]}
    whole = rows(World(site_of(load_data(made, check=False))).begin().run().finish())
    moments = [h * 3600.0 for h in (7.2, 10.1, 31.0, 58.0, 103.5)]
    assert in_parts(made, moments) == whole


def test_a_check_that_falls_due_again_before_it_is_passed_blocks_once() -> None:
    """Two repairs in a night: passed once, the scanner is free again."""
    control = {"quarterly": CHECK | {"every": "91 d", "valid_for": "120 d", "blocks": "all", "after_repair": True}}
    world = World(site_of(load_data(site({}, pet(quality_control=control)), check=False))).begin()
    for _ in range(2):
        world.upkeep.checks_after_work("pet")
    assert world.machines.all["pet"].checks_due == ["quarterly"]
    world.upkeep.passed("pet", "quarterly")
    assert not world.machines.all["pet"].checks_due
    assert not world.machines.all["pet"].unchecked
