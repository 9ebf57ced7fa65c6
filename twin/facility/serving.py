"""Until when the book plans injections from a vial: it expires, or ages until one is of too much volume or mass."""

from __future__ import annotations

from math import inf

from twin.scenario import ageing
from twin.scenario.site import Protocol, Site
from twin.scenario.site_hot_lab import Vial


class Serving:
    """The last planned injections of a site, each found once; made again from the site."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.known: dict[tuple[str, str, str], float] = {}

    def portion(self, study: str, protocol: Protocol) -> str:
        """What tells studies of one protocol apart whose animals take more or less volume."""
        known = self.site.studies.get(study)
        return "" if known is None else f"/{known.volume_limit_m3_per_kg(protocol) * known.mass_kg:.4g}"

    def until_s(self, vial: Vial, study: str, protocol: Protocol) -> float:
        """The last injection of a study's animals that is planned from a vial [s].

        From a vial that was too dilute when it came, all are planned: they are refused, so that nobody waits for ever.
        """
        key = (vial.name, study, protocol.name)
        if key not in self.known:
            aged_s = self._aged_s(vial, study, protocol.name)
            self.known[key] = vial.expiry_s if aged_s <= vial.arrival_s else min(vial.expiry_s, aged_s)
        return self.known[key]

    def _aged_s(self, vial: Vial, study: str, protocol: str) -> float:
        """When an injection passes the share of its volume or its mass that the book plans for [s]."""
        known, draw = self.site.studies.get(study), ageing.drawn(self.site, protocol)
        if known is None or draw is None:
            return inf
        ends = ageing.ends(self.site, vial, known, protocol, draw, self.site.policies.planned_share)
        return min(ends["volume"], ends.get("mass", inf))
