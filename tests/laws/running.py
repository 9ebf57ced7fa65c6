"""Loading and playing scenarios given as dicts; how many rounds.

Without TWIN_ROUNDS the slow laws play the same scenarios every time: a failure tells of a change, not of luck.
``TWIN_ROUNDS=3 pytest -m slow tests/laws`` plays three times as many, others each time: so faults are looked for.
With TWIN_SHRINK a failing scenario is made small, which takes minutes.
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, Phase, settings

from tests.laws.log_view import View
from twin.errors import ScenarioError
from twin.facility.world import play
from twin.scenario.expand import site
from twin.scenario.loading import load_data
from twin.scenario.site import Site


def many(number: int) -> settings:
    """Settings of a slow test: TWIN_ROUNDS multiplies the rounds, and has others played every time."""
    factor = os.environ.get("TWIN_ROUNDS")
    return examples(max(1, round(number * float(factor or 1.0))), derandomize=not factor)


def examples(number: int, **words: Any) -> settings:
    """Settings for so many generated scenarios."""
    phases = [Phase.explicit, Phase.generate, *([Phase.shrink] if os.environ.get("TWIN_SHRINK") else [])]
    return settings(max_examples=number, deadline=None, suppress_health_check=list(HealthCheck), phases=phases, **words)


def site_of(data: dict[str, Any], *, check: bool = False) -> Site:
    return site(load_data(data, check=check))


def passes_check(data: dict[str, Any]) -> bool:
    """Whether nothing is wrong with it, and that no circle can close was decided."""
    try:
        found = load_data(data)
    except ScenarioError:
        return False
    return not any("was not decided" in warning.message for warning in found.warnings)


def view_of(data: dict[str, Any]) -> View:
    found = site_of(data)
    return View(found, play(found))
