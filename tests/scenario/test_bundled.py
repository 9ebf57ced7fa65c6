"""Every scenario that is shipped loads, says its question, and can be played."""

import pytest

from twin import api
from twin.scenario.layers import shipped

FACILITIES = sorted(name for name in shipped() if "/" not in name)
#: The animals are killed and their organs counted.
WITHOUT_SCANS = ("biodistribution_day",)


@pytest.mark.parametrize("name", FACILITIES)
def test_a_bundled_scenario_is_played_for_a_day_or_two(name):
    resolved = api.load(name, sets=["days=2"])
    assert resolved.scenario.question.endswith(("?", "."))
    result = api.simulate(resolved)
    assert result.kpis["unattended_min"]["value"] == 0
    stores = [result.kpis[kpi]["value"] for kpi in ("decay_store_most_pct", "freezer_most_pct")]
    assert any(stores), "a facility in operation has waste in its stores"
    assert result.kpis["scans_completed"]["value"] > 0 or name in WITHOUT_SCANS
