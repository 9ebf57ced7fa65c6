"""What a viewer sees of jobs: not whom the changes of others are about, and no figure of a single person."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from dashboard import access
from dashboard.callbacks import compare
from dashboard.callbacks.numbers import number, whole
from dashboard.config import Config
from dashboard.desk import asked
from dashboard.desk.desk import Desk
from dashboard.jobs import Experiment, Jobs, Request, Variant
from dashboard.runs import Runs

VIEWER = access.User("vera", frozenset({access.VIEWER}))
MANAGER = access.User("maria", frozenset({access.MANAGER}))
PREGNANT = "dose: {people: {technologist-2: {pregnancy_declared: 2026-03-13}}}"
OPEN = "staff: {technologist: {count: 2}}"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    store = tmp_path_factory.mktemp("store")
    jobs = Jobs(store, 0, store)
    yield Desk(Config(store, store, jobs, Runs(store)))
    jobs.close()


def as_user(user, ask):
    with access.acting(user):
        return ask()


PERSONAL = [
    Request("baseline", PREGNANT, user="maria"),
    Request("baseline", "staff: {technologist: {leave: [2026-03-13]}}", user="maria"),
    Request("baseline", user="maria", experiment=Experiment("compare", 2, others=(Variant("spare_bed", PREGNANT),))),
    Request(
        "baseline", user="maria",
        experiment=Experiment("size", 2, axes={"dose.people.technologist-2.pregnancy_declared": ["2026-03-13"]}),
    ),
]  # fmt: skip


@pytest.mark.parametrize("request_", PERSONAL)
def test_whom_a_change_is_about_is_told_to_who_may_know_and_to_who_asked(desk, request_):
    job = desk.config.jobs.submit(request_)
    told = {user: as_user(user, lambda: desk.experiments.jobs.status(job)) for user in (VIEWER, MANAGER)}
    assert "2026" in str(told[MANAGER])
    assert "technologist" not in str(told[VIEWER]).replace("technologist.leave", "")
    assert "2026-03-13" not in str(told[VIEWER])
    assert asked.HIDDEN in told[VIEWER].label
    listed = as_user(VIEWER, lambda: next(one for one in desk.experiments.jobs.listing() if one.job == job))
    assert listed == told[VIEWER]
    own = access.User("maria", VIEWER.roles)
    assert as_user(own, lambda: desk.experiments.jobs.status(job)) == told[MANAGER], "it was she who wrote it"
    failed = replace(told[MANAGER], state="failed", message="technologist-2 may not", problems=({"path": "dose"},))
    assert "technologist" not in str(as_user(VIEWER, lambda: asked.seen(failed)))


def test_a_link_to_such_a_job_restores_the_scenario_alone(desk):
    job = desk.config.jobs.submit(Request("baseline", PREGNANT, user="maria"))
    pages = {user: as_user(user, lambda: desk.asking.restored(what_if(job))) for user in (VIEWER, MANAGER)}
    assert pages[MANAGER].changes
    assert not pages[VIEWER].changes
    assert pages[VIEWER].scenario == "baseline"
    many = Experiment("compare", 2, others=(Variant("spare_bed", PREGNANT),))
    job = desk.config.jobs.submit(Request("baseline", user="maria", experiment=many))
    state = as_user(VIEWER, lambda: compare.restored(desk, compare.Compare(job=job)))
    assert state.variants == (("baseline", ""), ("spare_bed", ""))


def what_if(job):
    from dashboard.address import WhatIf

    return WhatIf(job=job)


def test_what_is_about_nobody_is_told_to_everybody(desk):
    job = desk.config.jobs.submit(Request("baseline", OPEN, user="maria"))
    assert as_user(VIEWER, lambda: desk.experiments.jobs.status(job)).patch == OPEN


def test_only_who_may_ends_a_job(desk):
    jobs = desk.config.jobs
    hers = jobs.submit(Request("baseline", seed=4, user="maria"))
    for user in (VIEWER, access.NOBODY, access.User("", VIEWER.roles)):
        as_user(user, lambda: desk.asking.cancel({"job": hers}))
        assert jobs.status(hers).is_open
    as_user(MANAGER, lambda: desk.asking.cancel({"job": hers}))
    assert jobs.status(hers).state == "cancelled"


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("animals_per_day.mean >= 4", True),
        ("utilisation_pct[pet].mean >= 40", True),
        ("utilisation_pct[technologist-1].mean <= 80", False),
        ("utilisation_pct[technologist].mean <= 80", False),
        ("dose_fingertip_msv.mean <= 1", False),
    ],
)
def test_a_sizing_about_a_single_person_is_not_for_viewers(target, shown):
    """With one technologist in one of its configurations, the group's figures are hers."""
    alone = sorted(access.single_in({"staff": {"technologist": {"count": 3}}}, {"staff.technologist.count": [1, 2]}))
    said = {"kind": "size", "targets": ["animals_per_day.mean >= 1", target], "alone": alone, "configurations": []}
    assert (as_user(VIEWER, lambda: asked.seen_answer(said)) is not None) is shown
    assert as_user(MANAGER, lambda: asked.seen_answer(said)) == said


def test_a_sweep_shows_no_single_person_at_any_of_its_points(desk, monkeypatch):
    figures = ("animals_per_day", "utilisation_pct[technologist]", "utilisation_pct[technologist-4]")
    made = swept("staff.technologist.count", (1, 4), figures)
    monkeypatch.setattr(desk.sweeps, "_opened", lambda folder: made)
    assert as_user(VIEWER, lambda: desk.sweeps.explored({"folder": "x"})).kpis == ["animals_per_day"]
    assert as_user(MANAGER, lambda: desk.sweeps.explored({"folder": "x"})).kpis == list(figures)
    made = swept("dose.people.technologist-1.pregnancy_declared", ("2026-03-01", "2026-03-13"), figures)
    assert as_user(VIEWER, lambda: desk.sweeps.explored({"folder": "x"})) is None
    assert as_user(MANAGER, lambda: desk.sweeps.explored({"folder": "x"})) is not None


def swept(path, values, figures):
    """A sweep over one axis, all of whose runs are finished."""
    base = {"staff": {"technologist": {"count": 3}}}
    column = SimpleNamespace(path=path, title="axis")
    table = pd.DataFrame({"status": "finished", "axis": values, **dict.fromkeys(figures, 1.0)})
    plan = SimpleNamespace(base=base, columns=(column,), points=[(value,) for value in values], kpis=figures)
    return SimpleNamespace(plan=plan, table=table)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**30, -(10**30), True, None, "7", [7], {"a": 1}])
def test_what_is_no_number_is_none(value):
    assert whole(value) is None
    assert number(value) is None
    assert (whole(2**63 - 1), number(2.5)) == (2**63 - 1, 2.5)
