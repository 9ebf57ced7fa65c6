"""Until when a batch serves: what is said before a run is what happens in it, and each limit can be the first."""

import datetime as dt

import pytest

from twin.scenario.latest import latest_injections
from twin.scenario.loading import load

STORY = """
protocols:
  give:
    tracer: FDG
    activity: 10 MBq
    flush: 0 ml
    {mass_limit}
    plan:
      - {{step: draw, task: hot_lab, person: hot_lab, effect: draw, duration: 0 min}}
      - {{step: inject, task: injected_products, person: injection, effect: inject, duration: 0 min}}
studies: {{mice: {{protocol: give, animals: 1, arrival: {{dates: ["2026-01-05 {at}"]}}}}}}
hot_lab:
  residual: 0 %
  deliveries:
    fdg: {{tracer: FDG, activity: {activity}, volume: {volume}, days: daily, arrives: "08:00", reference: "08:00",
          expires: "{expires}", molar_activity: "50 GBq/umol"}}
policies: {{rebook: false}}
"""
USUAL = {"activity": "100 MBq", "volume": "0.1 ml", "expires": "18:00", "mass_limit": ""}
CASES = [
    ("expiry", USUAL | {"expires": "10:00"}, "no_activity"),
    ("activity", USUAL | {"activity": "20 MBq"}, "no_activity"),
    ("volume", USUAL | {"volume": "0.5 ml"}, "volume_limit"),
    ("mass", USUAL | {"mass_limit": "mass_limit: 20 nmol/kg"}, "mass_limit"),
]


@pytest.mark.parametrize(("limit", "case", "reason"), CASES, ids=[limit for limit, *_ in CASES])
def test_the_latest_injection(tell, tmp_path, site_file, limit, case, reason):
    path = tmp_path / "said.yaml"
    path.write_text(f"schema: 1\nextends: {site_file}\nname: said\n{STORY.format(at='09:00', **case)}")
    (latest,) = latest_injections(load(path))
    assert (latest.source, latest.study, latest.limit) == ("fdg", "mice", limit)
    told = [
        tell(STORY.format(at=f"{latest.moment + dt.timedelta(minutes=minutes):%H:%M}", **case), "injected",
             "visit_cancelled", check=False)[0]
        for minutes in (-2, 2)
    ]  # fmt: skip
    assert told[0].endswith("injected mice-1 (good)")
    assert told[1].endswith(f"visit_cancelled mice-1 ({reason})")
