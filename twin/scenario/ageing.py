r"""Until when a vial serves: as it ages, an animal needs more of it, and with it more volume and more mass.

With the activity :math:`A(t) = A_0 e^{-\lambda t}` of a vial, an injection of :math:`P` is possible while :math:`A(t)`
is at least

.. math:: P, \qquad \frac{V P}{v m - v_0}, \qquad \frac{n P}{L m}

for the activity itself, the volume (at most :math:`v` per body mass :math:`m`, less what is injected beside the
tracer, :math:`v_0`) and the amount of substance (at most :math:`L` per body mass of the :math:`n` in the vial).
"""

from __future__ import annotations

from math import inf, log

from twin.plan import Draw, steps
from twin.scenario.site import Site, Study
from twin.scenario.site_hot_lab import Vial


def drawn(site: Site, protocol: str) -> Draw | None:
    """What a protocol draws from a vial for each animal; None: nothing."""
    return next((step.draw for step in steps(site.plans[protocol].body) if step.draw), None)


def ends(site: Site, vial: Vial, study: Study, protocol: str, draw: Draw, share: float = 1.0) -> dict[str, float]:
    """When each limit is reached, or a share of that of the volume and of the mass, by name [s]."""
    drawn_bq = draw.activity_bq / (1.0 - site.injection.residual.mean)
    least = max(0.0, site.injection.residual.support[0])
    beside_m3 = draw.flush_m3 + draw.dead_volume_m3 + draw.contrast_m3
    room_m3 = share * study.volume_limit_m3_per_kg(site.protocols[protocol]) * study.mass_kg - beside_m3
    mass_limit = site.protocols[protocol].mass_limit_mol_per_kg
    found = {
        "expiry": vial.expiry_s,
        "activity": _falls_to_s(vial, drawn_bq),
        "volume": _falls_to_s(vial, vial.volume_m3 * drawn_bq * (1.0 - least) / room_m3 if room_m3 > 0.0 else inf),
    }
    if mass_limit and vial.amount_mol is not None:
        most_mol = share * mass_limit * study.mass_kg
        found["mass"] = _falls_to_s(vial, vial.amount_mol * draw.activity_bq / most_mol)
    return found


def _falls_to_s(vial: Vial, activity_bq: float) -> float:
    """When the activity of a full vial has fallen so far, not before its arrival [s]."""
    if activity_bq <= 0.0:
        return inf
    if activity_bq == inf or vial.activity_bq <= 0.0:
        return vial.arrival_s
    return max(vial.arrival_s, vial.reference_s + log(vial.activity_bq / activity_bq) / vial.decay_constant_per_s)
