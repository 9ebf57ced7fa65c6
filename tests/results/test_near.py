"""What people get who are only near: the clock's nightly sums against the whole log, looked at when all is over."""

import json

import numpy as np
import pytest

from twin.experiments.playing import played
from twin.results.ambient import COLUMNS, KINDS, animal_changes, content, contents, nearby
from twin.results.run import codes_of
from twin.results.tasks import attendance, spans_of, taking_part, tasks
from twin.scenario.loading import load

#: The hot lab beside a room with animals: sources of each count in the other.
PLAN = {
    "hot_lab": {"x": 0, "y": 0, "width": "3 m", "depth": "3 m", "walls": "concrete 10 cm"},
    "preparation": {"x": 3, "y": 0, "width": "3 m", "depth": "3 m"},
}
WALLED = (f"floor_plan.rooms={json.dumps(PLAN)}",)


def factors(run, nuclide, place):
    return np.array([value or 0.0 for value in run.facts.dose.near[nuclide][place]])


def seen_from(run, where, nuclide, kind):
    """The rooms in which people get something of what is in a room: itself, and those of the plan through walls."""
    yield where, factors(run, nuclide, kind)
    names = list(run.facts.rooms)
    for number, name in enumerate(names):
        place = f"{kind}/{names[where]}/{name}"
        if place in run.facts.dose.near[nuclide]:
            yield number, factors(run, nuclide, place)


def in_rooms(run):
    people, rooms = run.positions(list(run.facts.people)), run.positions(list(run.facts.rooms))
    task, person = taking_part(run, "person")
    spans, room = spans_of(run, people[person], task), rooms[codes_of(tasks(run), "room")][task]
    found = np.zeros((len(run.facts.people), len(COLUMNS)))
    for (where, nuclide, kind), held in contents(run).items():
        for there, each in seen_from(run, where, nuclide, kind):
            here = (room == there) & (spans.key >= 0)
            decays = held.between(spans.start_s[here], spans.end_s[here])
            found += np.bincount(spans.key[here], decays, minlength=len(found))[:, None] * each
    return found


def attending(run):
    watch, changes = attendance(run), animal_changes(run)
    people = run.positions(list(run.facts.people))
    task, doer = taking_part(run, "person")
    steps, working = spans_of(run, people[doer], task), codes_of(tasks(run), "session")[task]
    who, session = people[codes_of(watch, "person")], codes_of(watch, "session")
    found = np.zeros((len(run.facts.people), len(COLUMNS)))
    for (code, nuclide), rows in changes.groupby(["session", "nuclide"]):
        held = content(rows["time_s"].to_numpy(), rows["change_bq"].to_numpy(), run.facts.decay_per_s[nuclide])
        each = factors(run, nuclide, "attended_animals")
        for k in np.flatnonzero(session == code):
            start, end = watch["start_s"].iloc[k], watch["end_s"].iloc[k]
            own = (working == code) & (steps.key == who[k])
            first, last = np.maximum(steps.start_s[own], start), np.minimum(steps.end_s[own], end)
            busy = held.between(first, last).sum()
            found[who[k]] += (held.between(np.array([start]), np.array([end]))[0] - busy) * each
    return found


@pytest.mark.parametrize(
    ("name", "days", "changes"),
    [
        ("baseline", 4, WALLED),
        pytest.param("longitudinal_oncology", 20, (), marks=pytest.mark.slow),
        pytest.param("nci_tracers", 7, (), marks=pytest.mark.slow),
    ],
)
def test_what_the_clock_settles_each_night_is_what_the_log_says_when_all_is_over(name, days, changes):
    run = played(load(name, changes, days=days)).run
    rows, people = nearby(run), list(run.facts.people)
    for kind, expected in zip(KINDS.values(), (in_rooms(run), attending(run)), strict=True):
        own = rows[rows["kind"] == kind].groupby("person")[list(COLUMNS)].sum().reindex(people, fill_value=0.0)
        assert own.to_numpy() == pytest.approx(expected, rel=1e-9, abs=1e-15)
        assert expected.sum() > 0.0
