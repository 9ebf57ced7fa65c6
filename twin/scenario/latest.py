r"""The latest injection from each source of a tracer, and which limit makes it so.

As a batch ages, more of it is needed for one animal, and with it more volume and more mass. With the activity
:math:`A(t) = A_0 e^{-\lambda t}` of a vial, an injection of :math:`P` is possible while :math:`A(t)` is at least

.. math:: P, \qquad \frac{V P}{v m - v_0}, \qquad \frac{n P}{L m}

for the activity itself, the volume (authorised :math:`v` per body mass :math:`m`, less what is injected beside the
tracer, :math:`v_0`) and the amount of substance (at most :math:`L` per body mass of the :math:`n` in the vial).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, log

from twin.plan import Draw, steps
from twin.scenario.barren import fertile
from twin.scenario.checking import Checked, prepare
from twin.scenario.expand import site
from twin.scenario.loading import Resolved
from twin.scenario.site import Site, Study
from twin.scenario.site_hot_lab import Vial


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest injection from the first vial of a source that holds something, and the limit.

    That is expiry, activity, volume or mass.
    """

    source: str
    protocol: str
    study: str
    moment: dt.datetime
    limit: str


def latest_injections(resolved: Resolved) -> list[Latest]:
    """One for each source, protocol and study that go together, in order of the scenario."""
    checked, made = prepare(resolved), site(resolved, told=None)
    first: dict[str, Vial] = {}
    for vial in fertile(resolved):
        first.setdefault(vial.delivery, vial)
    return [found for vial in first.values() for found in _of_vial(checked, made, vial)]


def _of_vial(checked: Checked, made: Site, vial: Vial) -> Iterator[Latest]:
    for name, study in made.studies.items():
        for protocol in checked.protocols_of(name):
            draw = next((s.draw for s in steps(made.plans[protocol].body) if s.draw), None)
            if draw is not None and draw.tracer == vial.tracer:
                time_s, limit = min(
                    (time_s, limit) for limit, time_s in _ends(made, vial, study, protocol, draw).items()
                )
                moment = made.start + dt.timedelta(seconds=time_s)
                yield Latest(vial.delivery, protocol, name, moment, limit)


def _ends(made: Site, vial: Vial, study: Study, protocol: str, draw: Draw) -> dict[str, float]:
    """When each limit is reached [s]."""
    drawn_bq = draw.activity_bq / (1.0 - made.injection.residual.mean)
    least = max(0.0, made.injection.residual.support[0])
    beside_m3 = draw.flush_m3 + draw.dead_volume_m3 + draw.contrast_m3
    room_m3 = study.volume_limit_m3_per_kg * study.mass_kg - beside_m3
    mass_limit = made.protocols[protocol].mass_limit_mol_per_kg
    ends = {
        "expiry": vial.expiry_s,
        "activity": _falls_to_s(vial, drawn_bq),
        "volume": _falls_to_s(vial, vial.volume_m3 * drawn_bq * (1.0 - least) / room_m3 if room_m3 > 0.0 else inf),
    }
    if mass_limit and vial.amount_mol is not None:
        ends["mass"] = _falls_to_s(vial, vial.amount_mol * draw.activity_bq / (mass_limit * study.mass_kg))
    return ends


def _falls_to_s(vial: Vial, activity_bq: float) -> float:
    """When the activity of a full vial has fallen so far, not before its arrival [s]."""
    if activity_bq <= 0.0:
        return inf
    if activity_bq == inf:
        return vial.arrival_s
    return max(vial.arrival_s, vial.reference_s + log(vial.activity_bq / activity_bq) / vial.decay_constant_per_s)
