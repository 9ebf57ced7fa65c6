"""The latest injection from each source of a tracer, and which limit makes it so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from twin.scenario import ageing
from twin.scenario.barren import fertile
from twin.scenario.checking import Checked, prepare
from twin.scenario.loading import Resolved
from twin.scenario.site import Site
from twin.scenario.site_hot_lab import Vial


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest injection from the first vial of a source that holds something, and the limit.

    That is expiry, activity, volume or mass. ``volume_m3_per_kg`` is what may be injected at once, or slowly.
    """

    source: str
    protocol: str
    study: str
    moment: dt.datetime
    limit: str
    volume_m3_per_kg: float


def latest_injections(resolved: Resolved) -> list[Latest]:
    """One for each source, protocol and study that go together, in order of the scenario."""
    checked = prepare(resolved)
    first: dict[str, Vial] = {}
    for vial in fertile(resolved):
        first.setdefault(vial.delivery, vial)
    return [found for vial in first.values() for found in _of_vial(checked, checked.site, vial)]


def _of_vial(checked: Checked, made: Site, vial: Vial) -> Iterator[Latest]:
    for name, study in made.studies.items():
        for protocol in checked.protocols_of(name):
            draw = ageing.drawn(made, protocol)
            if draw is not None and draw.tracer == vial.tracer:
                ends = ageing.ends(made, vial, study, protocol, draw)
                time_s, limit = min((time_s, limit) for limit, time_s in ends.items())
                moment = made.start + dt.timedelta(seconds=time_s)
                most = study.volume_limit_m3_per_kg(made.protocols[protocol])
                yield Latest(vial.delivery, protocol, name, moment, limit, most)
