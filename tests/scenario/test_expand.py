"""From the scenario to the site."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from twin.plan import steps
from twin.scenario.expand import site
from twin.scenario.roles import role_skills
from twin.scenario.site import SourceLicence
from twin.sources import default_numbers

H, DAY = 3600.0, 86400.0


def test_counts_become_names(patched):
    found = site(patched("{scanners: {pet: {count: 2}}, staff: {boss: {role: physicist, shift: always}}}"))
    assert list(found.people) == ["technologist-1", "technologist-2", "boss"]
    assert list(found.scanners) == ["pet-1", "pet-2"]
    assert found.scanners["pet-2"].beds == ("pet-2/bed-1", "pet-2/bed-2")
    assert found.protocols["static"].scanners == ("pet-1", "pet-2")
    assert found.people["boss"].skills == set(role_skills(default_numbers(), "physicist"))
    assert found.people["technologist-1"].shift == found.opening


def test_deliveries_become_dated_vials(patched):
    found = site(
        patched("{opening: {holidays: [2026-03-03]}, hot_lab: {deliveries: {fdg: {molar_activity: 50 GBq/umol}}}}")
    )
    assert [vial.name for vial in found.vials] == [
        "fdg/2026-03-02",
        "fdg/2026-03-04",
        "fdg/2026-03-05",
        "fdg/2026-03-06",
    ]
    vial = found.vials[1]
    assert (vial.arrival_s, vial.reference_s, vial.expiry_s) == (2 * DAY + 8 * H, 2 * DAY + 8.5 * H, 2 * DAY + 18 * H)
    assert vial.amount_mol == pytest.approx(500e6 / 50e15)
    assert vial.nuclide == "F-18"
    assert vial.decay_constant_per_s == pytest.approx(math.log(2) / (109.77 * 60))


def test_a_vial_that_expires_before_it_comes_expires_on_the_next_day(patched):
    found = site(patched("hot_lab: {deliveries: {fdg: {expires: '07:00'}}}"))
    assert found.vials[0].expiry_s == DAY + 7 * H


def test_time_zero_is_the_start(patched):
    found = site(patched("{start: '2026-03-02 12:00', studies: {tumour: {arrival: {dates: ['2026-03-03 08:00']}}}}"))
    assert found.vials[0].arrival_s == 20 * H
    assert found.studies["tumour"].requests[0].time_s == 20 * H


def test_animals_have_names_groups_and_requests(patched):
    study = site(patched("studies: {tumour: {arrival: {dates: ['2026-03-02', '2026-03-03', '2026-03-04']}}}")).studies[
        "tumour"
    ]
    assert [len(request.animals) for request in study.requests] == [2, 3, 3]
    names = [animal.name for request in study.requests for animal in request.animals]
    assert names == [f"tumour/animal-00{number}" for number in range(1, 9)]
    assert [study.animal(number).group for number in range(1, 9)] == ["control"] * 4 + ["treated"] * 4
    assert study.animal(1).mass_kg == 0.025


def test_batches(patched):
    study = site(patched("studies: {tumour: {arrival: {batch: 5, dates: ['2026-03-03', '2026-03-02']}}}")).studies[
        "tumour"
    ]
    assert [(request.time_s, len(request.animals)) for request in study.requests] == [(0.0, 3), (DAY, 5)]


def test_streams(patched):
    patch = "studies: {tumour: {animals: null, arrival: {dates: null, poisson: {rate: 12 /h}}}}"
    study = site(patched(patch)).studies["tumour"]
    assert study.stream is not None
    assert study.stream.constant
    assert study.stream.rates_per_s[0] == pytest.approx(12 / 3600)
    assert [study.animal(number).group for number in (1, 2, 3)] == ["control", "treated", "control"]
    assert study.animals is None


def test_time_points(patched):
    patch = "studies: {tumour: {time_points: {base: {window: 2 h}, late: {at: 2 d, window: 12 h}, free: {at: 1 d}}}}"
    base, late, free = (p for p in site(patched(patch)).studies["tumour"].time_points if p.name != "t1")
    assert (base.earliest_s(H), base.latest_s(H)) == (H, 3 * H)
    assert (late.earliest_s(0.0), late.latest_s(0.0)) == (1.5 * DAY, 2.5 * DAY)
    assert (free.earliest_s(0.0), free.latest_s(0.0)) == (DAY, None)


def test_an_authorisation_ends_with_its_last_day(patched):
    found = site(patched("authorisations: {projects: {tumour: {expires: 2026-03-02}}}"))
    assert found.authorisations["tumour"].expiry_s == DAY


def test_numbers_reach_the_plan(patched):
    found = site(patched("numbers: {tasks.pet_static: {distribution: {uniform: [10 min, 20 min]}}}"))
    pet = next(step for step in steps(found.plans["static"].body) if step.name == "pet")
    assert pet.duration.support == (600.0, 1200.0)


def test_numbers_reach_the_injections(patched):
    found = site(patched("numbers: {injection.failure_probability.weak: {value: 0.5}}"))
    assert dict(found.injection.levels["weak"])["good"] == 0.5
    assert dict(found.injection.levels["never_fails"]) == {"good": 1.0}
    for level in found.injection.levels.values():
        assert sum(share for _, share in level) == pytest.approx(1)


def test_what_is_not_said_comes_from_the_tables(patched):
    found = site(patched("protocols: {static: {activity: null, uptake: null}}"))
    facts = found.protocols["static"]
    assert (facts.activity_bq, facts.uptake_s) == (10e6, 3600.0)
    assert facts.scans
    assert facts.anaesthesia
    assert found.policies.animals_per_attendant == 5


def test_an_authorised_volume_goes_before_the_species(patched):
    found = site(
        patched("{authorisations: {projects: {tumour: {volume: 8 ml/kg}}}, studies: {tumour: {authorisation: tumour}}}")
    )
    study = found.studies["tumour"]
    assert study.volumes.good_practice == pytest.approx(5e-6)
    assert study.volume_limit_m3_per_kg(found.protocols["static"]) == pytest.approx(8e-6)


@pytest.mark.parametrize(
    ("said", "ml_per_kg", "minutes"),
    [
        ("{days: 7}", 5, None),  # a bolus, Diehl 2001
        ("{policies: {bolus: eanm}}", 10, None),
        ("{policies: {bolus: eanm}, studies: {tumour: {species: rat}}}", 5, None),
        ("{protocols: {static: {infusion: 8 min}}}", 25, 8),
    ],
)
def test_a_bolus_is_less_than_a_slow_infusion(patched, said, ml_per_kg, minutes):
    found = site(patched(said))
    assert found.studies["tumour"].volume_limit_m3_per_kg(found.protocols["static"]) == pytest.approx(ml_per_kg * 1e-6)
    slow = {step.duration.mean for step in steps(found.plans["static"].body) if step.name == "infuse"}
    assert slow == (set() if minutes is None else {60.0 * minutes})


def test_gas_that_stops_the_breath_kills_in_the_clock_too(patched):
    """1.41 % keeps a mouse still, and 2.5 times that stops its breath; in a cold one less gas does."""
    of = {
        gas: site(patched(f"protocols: {{static: {{isoflurane: {gas} %}}}}"))
        .studies["tumour"]
        .physiology.risks["static"]
        for gas in (1.5, 3, 3.5, 3.6)
    }
    assert [risk.dies(37.0) == 1.0 for risk in of.values()] == [False, False, False, True]
    assert of[1.5].dies(37.0) == pytest.approx(0.002)
    assert [of[gas].dies(27.0) == 1.0 for gas in (1.5, 3)] == [False, True]


def test_leave_and_holidays_are_dates(patched):
    found = site(patched("{opening: {holidays: [2026-03-03]}, staff: {technologist: {leave: [2026-03-04]}}}"))
    assert found.holidays == {dt.date(2026, 3, 3)}
    assert found.people["technologist-1"].leave == {dt.date(2026, 3, 4)}


@pytest.mark.parametrize("nuclide", ["F-18", "18F", "f18"])
def test_a_licence_has_the_name_of_the_nuclide_that_the_vials_have(patched, nuclide):
    found = site(patched(f"authorisations: {{sources: {{{nuclide}: {{site: 1 GBq, rooms: {{lab: 1 GBq}}}}}}}}"))
    assert dict(found.licences) == {"F-18": SourceLicence(1e9, {"lab": 1e9})}
    assert {vial.nuclide for vial in found.vials} == set(found.licences)
