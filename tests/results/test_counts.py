"""Counts and power of a run: from the log through the response of the scanner."""

import json
import math

import numpy as np
import pytest

from tests.laws.log_view import rows_of
from twin import api
from twin.animals import excretion, sample_size
from twin.facility import snapshot
from twin.facility.world import World
from twin.physics import counts
from twin.results import bodies, severity, visits
from twin.results.run import facts_from_json, facts_to_json
from twin.scenario.expand import site
from twin.sources import default_numbers

ASKED = (
    "studies.tumour.measurement.target=tumour",
    "studies.tumour.measurement.size=6 mm",
    "studies.tumour.comparison.difference=40 %",
    "protocols.fdg.count_target=1.2e8",
)


@pytest.fixture(scope="module")
def result():
    return api.simulate(api.load("baseline", ASKED))


def test_a_row_is_what_physics_says(result):
    table = result.tables["scans"]
    facts = result.run.facts.imaging
    first = table[table["session"] == table["session"].iloc[0]]
    response = facts.responses[first["study"].iloc[0]]["pet"]
    found = counts.scanned(response, first["activity_bq"], first["duration_s"].iloc[0], facts.sources["bone"])
    assert first["nec"].to_numpy() == pytest.approx(found.nec)
    assert first["live_pct"].to_numpy() == pytest.approx(100 * float(found.live))
    assert list(first["place"]) == list(range(len(first)))


def test_activities_are_what_was_injected_less_decay_and_what_was_voided(result):
    """FDG is voided while animals are awake; bone seekers are injected on the way to the scan too."""
    table, visits = result.tables["scans"], result.tables["visits"].set_index("visit")
    curves = {"fdg": excretion.known_per_s(default_numbers(), "mouse", "FDG")}
    for row in table.groupby("protocol").head(4).itertuples():
        visit = visits.loc[row.visit]
        since_s = row.start_s - visit.injected_s
        voided = float(curves[row.protocol].integral(since_s)) if row.protocol in curves else None
        decayed = visit.injected_bq * 2 ** (-since_s / 6586.2)
        if voided is None:
            assert 0.3 * decayed < row.activity_bq <= decayed * (1 + 1e-9)
        else:
            assert voided > 0.01
            assert row.activity_bq == pytest.approx(decayed * (1.0 - voided), rel=1e-6)
        together = table.loc[table["session"] == row.session, "activity_bq"].sum()
        assert row.others_bq == pytest.approx(together - row.activity_bq)


def test_kpis_follow_from_the_tables(result):
    table = result.tables["scans"]
    kpis = {name: figure["value"] for name, figure in result.kpis.items()}
    assert kpis["nec_per_animal"] == pytest.approx(table.loc[table["usable"], "nec"].mean())
    fdg = table[table["protocol"] == "fdg"]
    assert kpis["scans_below_target"] == (fdg["nec"] < 1.2e8).sum() > 0
    table = result.tables["comparisons"].set_index("study")
    row = table.loc["tumour"]
    parts = [row[f"{name}_cv_pct"] for name in ("counting", "quantification", "injection", "biology")]
    assert kpis["quantification_cv_pct[tumour]"] == pytest.approx(math.hypot(*parts))
    handled, mine = bodies.at_scan(result.run), visits.visits(result.run)
    usable = (mine["usable"] & (mine["study"] == "tumour")).to_numpy(dtype=bool)[handled["visit"]]
    values = handled["target_per_kg"].to_numpy()[usable]
    spread = 0.01 * math.hypot(*parts, 100.0 * values.std(ddof=1) / values.mean())
    lost = [fate.excluded is not None for fate in severity.fates(result.run).values() if fate.study == "tumour"]
    due = sample_size.with_losses(sample_size.two_groups(0.01 * row["effect_pct"] / spread), sum(lost) / len(lost))
    assert kpis["animals_per_comparison[tumour]"] == due >= row["animals_per_group"]
    assert kpis["animals_needed_per_group[tumour]"] == row["animals_per_group"]
    assert kpis["powered_comparisons_per_week"] == pytest.approx(
        (table["animals_scanned"] / table["animals_per_group"]).sum()
    )


def test_without_a_target_or_a_comparison_they_are_undefined():
    kpis = api.simulate(api.load("theory/mm1", days=1)).kpis
    for name in ("nec_per_animal", "scans_below_target", "powered_comparisons_per_week"):
        assert kpis[name]["value"] is None
    assert not [name for name in kpis if name.startswith("quantification_cv_pct")]


def test_less_activity_needs_more_animals_when_counting_matters():
    """A tenth of a millimetre-sized target's counts: counting rules, and a smaller activity costs animals."""
    small = (*ASKED, "studies.tumour.measurement.size=1.5 mm", "studies.tumour.measurement.contrast=1")
    needed = [
        api.simulate(api.load("baseline", (*small, f"protocols.fdg.activity={activity}"))).kpis[
            "animals_per_comparison[tumour]"
        ]["value"]
        for activity in ("8 MBq", "0.2 MBq")
    ]
    assert needed[1] > 1.5 * needed[0]


def test_facts_travel_as_json(result):
    facts = result.run.facts
    again = facts_from_json(json.loads(json.dumps(facts_to_json(facts))))
    assert again.imaging == facts.imaging
    old = json.loads(json.dumps(facts_to_json(facts)))
    seen = [one for named in old["imaging"]["responses"].values() for one in named.values()]
    assert [one.pop("lines") for one in seen]  # as a version wrote it that followed no lines
    for one in seen:  # nor any shape of the blur
        one["fwhm_m"] = dict.fromkeys(one.pop("blurs"), 0.0015)
    again = facts_from_json(old)
    assert again.scanners == facts.scanners
    known = [one for named in again.imaging.responses.values() for one in named.values()]
    blurs = [blur for one in known for blur in one.blurs.values()]
    assert [blur.line_source_m() for blur in blurs if blur] == pytest.approx([0.0015] * len(blurs), rel=0.01)


PROLONG = (*ASKED, "policies.below_target=prolong", "policies.prolong_to=5")
REPEAT = (*ASKED, "policies.below_target=repeat")


def test_a_scan_is_prolonged_until_the_counts_are_reached(result):
    before, after = result.tables["scans"], api.simulate(api.load("baseline", PROLONG)).tables["scans"]
    fdg = after[after["protocol"] == "fdg"]
    assert (fdg["nec"] >= 0.999 * 1.2e8).all()
    shared = before[before["protocol"] == "fdg"].set_index("visit").join(fdg.set_index("visit").add_suffix("_2"))
    assert (shared["duration_s_2"].dropna() >= shared.loc[shared["duration_s_2"].notna(), "duration_s"] - 1e-6).all()
    bone = after[after["protocol"] == "bone"]["duration_s"]
    assert np.isclose(bone.median(), before[before["protocol"] == "bone"]["duration_s"].median(), rtol=0.2)


def test_a_scan_with_too_few_counts_is_done_again():
    played = api.simulate(api.load("baseline", REPEAT))
    table, visits = played.tables["scans"], played.tables["visits"]
    few = table[(table["protocol"] == "fdg") & (table["nec"] < 1.2e8)]
    assert len(few) > 0
    assert not few["usable"].any()
    reasons = visits.set_index("visit")["reason"]
    assert set(reasons.loc[list(few["visit"])]) <= {"too_few_counts", "image_unusable"}
    assert played.kpis["repeated[too_few_counts]"]["value"] > 0


@pytest.mark.parametrize("sets", [PROLONG, REPEAT])
def test_the_state_can_be_written_down_at_any_moment(sets):
    """The oracle: written in the middle of scans and continued by a fresh world of the same site."""
    made = site(api.load("baseline", (*sets, "days=2")))

    def rows(log):
        return [repr(row.plain()) for row in rows_of(log)]

    whole = rows(World(made).begin().run().finish())
    world, parts = World(made).begin(), []
    for moment_s in (15.2 * 3600.0, 16.7 * 3600.0, 24.0 * 3600.0 + 15.9 * 3600.0):
        world.run(moment_s)
        parts += rows(world.log)
        world = snapshot.from_json(World(made), json.loads(json.dumps(snapshot.to_json(world))))
    assert parts + rows(world.run().finish()) == whole
