"""Every law holds in every run of every scenario."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import event, given

from tests.laws import laws, strategies
from tests.laws.log_view import View
from tests.laws.running import examples, many, passes_check, site_of
from twin.errors import CircleError
from twin.facility.world import play


def hold_all_laws(data: dict[str, Any]) -> None:
    """A run may end in a circle of waiting only if the check refuses the scenario."""
    site = site_of(data)
    try:
        log = play(site)
    except CircleError:
        event("a circle")
        if passes_check(data):
            raise
        return
    view = View(site, log)
    for each in laws.LAWS:
        each(view)
    event("animals scanned" if any(t.step and t.step.effect == "scan" for t in view.tasks) else "none scanned")


@examples(80)
@given(strategies.scenarios(own=False))
def test_laws_hold_with_templates(data: dict[str, Any]) -> None:
    hold_all_laws(data)


@examples(120)
@given(strategies.scenarios())
def test_laws_hold_with_plans_of_ones_own(data: dict[str, Any]) -> None:
    hold_all_laws(data)


@pytest.mark.slow
@many(1200)
@given(strategies.scenarios())
def test_laws_hold_in_many_rounds(data: dict[str, Any]) -> None:
    hold_all_laws(data)
