"""The compliance calendar of a log that is written by hand."""

from dataclasses import replace

import pytest

from twin import api
from twin.results import kpis
from twin.results.compliance import compliance
from twin.results.compliance_facts import CheckFacts, ComplianceFacts, ExpiryFacts

H, DAY = 3600.0, 86400.0


@pytest.fixture
def run(story, facts):
    """Three days: a check each morning, a calibration that is good for a day, an audit, a course, what ends."""
    known = ComplianceFacts(
        checks={
            "pet/daily": CheckFacts("daily", "pet"),
            "pet/normalise": CheckFacts("normalise", "pet", calibration=True, valid_for_s=DAY),
            "hot_lab/constancy": CheckFacts("constancy", "dose_calibrator", calibration=True),
        },
        expiries=(
            ExpiryFacts("authorisation", "project", "project", 10 * DAY),
            ExpiryFacts("licence", "F-18", "F-18", 2 * DAY),
            ExpiryFacts("certificate", "safety", "ann", 2 * DAY, "people/ann/safety", 365 * DAY),
        ),
    )
    opening = tuple((day * DAY + 8 * H, day * DAY + 16 * H) for day in range(3))

    def check(begins, done, plan, **more):
        at = {"plan": plan, "session": f"{plan}/{begins}", "task": "quality_control"} | more
        story.start(begins * H, "check", person="ann", scanner="pet", **at)
        if done is not None:
            story.end(done * H, "check", **at)

    check(8, 9, "pet/daily")  # on the first day: in time
    check(10, 11, "hot_lab/constancy")  # failed, and begun again at once
    check(11, 12, "hot_lab/constancy")
    story.request(32 * H, "course", "people/ann/safety", "people/ann/safety/1", task="training")
    story.start(
        34 * H, "course", "people/ann/safety", "people/ann/safety/1", task="training", reason="person", person="ann"
    )
    story.end(38 * H, "course", "people/ann/safety", "people/ann/safety/1", task="training")
    check(32, 60, "pet/daily")  # on the second day, passed on the third: late
    check(40, 41, "pet/normalise")  # good from 0 to 24 h: it expired before
    story.request(50 * H, "walk", "audit", "audit/1", task="audit")  # nobody has time
    check(63, None, "pet/daily")  # under way when the run stops, a quarter of an hour before the facility closes
    return story.run(replace(facts, horizon_s=2 * DAY + 15.75 * H, opening=opening, compliance=known))


def test_each_item_and_whether_it_was_in_time(run):
    found = [
        (row.kind, row.item, row.thing, row.due_s / H, row.done_s / H, row.state, row.in_time)
        for row in compliance(run).itertuples()
    ]
    none = pytest.approx(float("nan"), nan_ok=True)
    assert found == [
        ("quality_control", "daily", "pet", 16, 9, "done", True),
        ("calibration", "constancy", "dose_calibrator", 16, 12, "done", True),
        ("quality_control", "daily", "pet", 40, 60, "done", False),
        ("calibration", "normalise", "pet", 40, 41, "done", False),
        ("certificate", "safety", "ann", 48, 38, "done", True),
        ("licence", "F-18", "F-18", 48, none, "overdue", False),
        ("training", "safety", "ann", 48, 38, "done", True),
        ("quality_control", "daily", "pet", 64, none, "due", True),
        ("audit", "audit", "", 72, none, "due", True),
        ("authorisation", "project", "project", 240, none, "due", True),
        ("certificate", "safety", "ann", 38 + 365 * 24, none, "due", True),
    ]


def test_the_figures_count_what_was_not_in_time(run):
    figures = {name: figure["value"] for name, figure in kpis.compute(run).items() if name.startswith("compliance")}
    late = {"quality_control": 1, "calibration": 1, "licence": 1}
    assert figures["compliance_overdue"] == 3
    assert {name: figures[f"compliance_overdue[{name}]"] for name in late} == late
    assert figures["compliance_in_time_pct"] == pytest.approx(100 * 4 / 7)


def test_the_calendar_of_a_stored_run_is_that_of_the_run(run, tmp_path):
    result = api.simulate(api.load("baseline", days=2))
    folder = result.save(tmp_path / "run")
    kept, fresh = api.compliance(folder), api.compliance(result)
    assert len(fresh) == 4
    assert kept.equals(fresh)


def test_a_site_whose_people_may_no_longer_inject_is_not_limited_by_its_demand():
    expired = "staff.technologist.certificates={radiation_protection: {expires: 2026-03-04}}"
    said = api.simulate(api.load("baseline", (expired,))).bottleneck
    assert said.startswith("It is not the demand that limits throughput: ")
    assert "because the day ended before the session began" in said
    assert "steps waited because nobody who was there might do them (hot_lab)." in said
