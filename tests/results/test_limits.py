"""Budgets, licences and authorisations."""

from types import SimpleNamespace

import pytest

from twin.errors import DataError
from twin.results.limits import broken


def budget(kpi, at_most=None, at_least=None):
    return SimpleNamespace(kpi=kpi, at_most=at_most, at_least=at_least)


def test_a_budget_that_is_kept(day):
    kept = {
        "time": budget("overtime_min", at_most="30 min"),
        "hours": budget("overtime_min", at_most="0.5 h"),
        "scans": budget("scans_completed", at_least=2),
        "money": budget("cost_total", at_most="1 kEUR"),
        "share": budget("utilisation_pct[pet]", at_most="90 %"),
        "rate": budget("animals_per_day", at_least="2 /d"),
    }
    assert broken(day, kept) == []


def test_a_budget_that_is_passed(day):
    found = broken(day, {"ot": budget("overtime_min", at_most="0.25 h"), "n": budget("scans_usable", at_least=2.0)})
    assert [breach.message for breach in found] == [
        "Budget ot: overtime_min is 30 min, at most 15 min is allowed.",
        "Budget n: scans_usable is 1, at least 2 is allowed.",
    ]
    assert [(breach.kind, breach.name) for breach in found] == [("budget", "ot"), ("budget", "n")]


def test_what_is_undefined_breaks_nothing(story, facts):
    story.happen(0.0, "opening")
    assert broken(story.run(facts), {"f": budget("fasting_max_h", at_most="1 h")}) == []


@pytest.mark.parametrize(
    ("said", "part"),
    [
        (budget("overtime", at_most="1 h"), "did you mean 'overtime_min'"),
        (budget("utilisation_pct[pat]", at_most="90 %"), "did you mean 'utilisation_pct[pet]'"),
        (budget("overtime_min", at_most=30.0), "bare number"),
        (budget("overtime_min", at_most="3 MBq"), "activity"),
        (budget("animals_per_day", at_least=3), "no unit"),
    ],
)
def test_mistakes_are_named(day, said, part):
    with pytest.raises(DataError, match=r"budgets\.mine") as caught:
        broken(day, {"mine": said})
    assert part in str(caught.value)


def test_licence_and_authorisation(story, facts):
    for name in ("a", "b"):
        story.happen(1.0, "visit_cancelled", visit=name, reason="authorisation", animal=name)
    story.happen(2.0, "delivery_refused", reason="licence", vial="v", tracer="fdg", nuclide="F-18")
    story.happen(3.0, "visit_incomplete", visit="c", reason="breakdown", animal="c")
    assert [breach.message for breach in broken(story.run(facts), {})] == [
        "2 visits were cancelled because the project authorisation does not allow it.",
        "1 delivery was refused because the source licence does not allow it.",
    ]
