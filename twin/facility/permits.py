"""Project authorisations: how many animals, until when, how often and with what spacing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.facility.state import Visit
from twin.scenario.site import Authorisation, FacilityPermit

if TYPE_CHECKING:
    from twin.facility.world import World


class Permits:
    """Counts what the projects have used; nothing starts without its authorisation."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.used: dict[str, int] = {}
        self.counted: dict[str, None] = {}

    def begin(self) -> None:
        """Set the alarms of what ends."""
        clock, horizon_s = self.world.clock, self.world.site.horizon_s
        for name, permit in self.world.site.authorisations.items():
            if 0.0 <= permit.expiry_s < horizon_s:
                clock.at(permit.expiry_s, "authorisation_over", name)
        for i, own in enumerate(self.world.site.permits):
            if 0.0 <= own.expiry_s < horizon_s:
                clock.at(own.expiry_s, "permit_over", i)

    def _of(self, visit: Visit) -> Authorisation | None:
        name = self.world.site.studies[visit.study].authorisation
        return None if name is None else self.world.site.authorisations[name]

    def refusal(self, visit: Visit) -> str | None:
        """``"authorisation"`` if the visit may not begin now."""
        if any(self._is_over(own, visit) for own in self.world.site.permits):
            return "authorisation"
        permit = self._of(visit)
        if permit is None or self._allows(permit, visit):
            return None
        return "authorisation"

    def _is_over(self, own: FacilityPermit, visit: Visit) -> bool:
        """Whether something that the facility needs for a visit has ended."""
        needed = own.protocols is None or visit.protocol in own.protocols
        return needed and self.world.clock.moment_s >= own.expiry_s

    def permit_over(self, i: int) -> None:
        """Something that the facility holds has ended: sessions that have not touched an animal do not begin."""
        own = self.world.site.permits[i]
        for session in [s for s in self.world.sessions.values() if s.visits and not s.committed]:
            if self._is_over(own, session.visits[0]):
                self.world.sessions_end.give_up(session, "authorisation")

    def _allows(self, permit: Authorisation, visit: Visit) -> bool:
        now, animal = self.world.clock.moment_s, self.world.animal(visit.animal)
        if now >= permit.expiry_s:
            return False
        if permit.procedures is not None and visit.protocol not in permit.procedures:
            return False
        if visit.animal not in self.counted and self.used.get(permit.name, 0) >= permit.animals:
            return False
        if not self.world.site.protocols[visit.protocol].anaesthesia:
            return True
        earlier = self.world.site.studies[visit.study].physiology.earlier_anaesthesias
        if permit.anaesthesias is not None and earlier + animal.anaesthesias >= permit.anaesthesias:
            return False
        return animal.last_anaesthesia_s is None or now - animal.last_anaesthesia_s >= permit.spacing_s

    def over(self, name: str) -> None:
        """An authorisation has expired: sessions that have not touched an animal do not begin any more."""
        for session in [s for s in self.world.sessions.values() if s.visits and not s.committed]:
            permit = self._of(session.visits[0])
            if permit is not None and permit.name == name:
                self.world.sessions_end.give_up(session, "authorisation")

    def count(self, visit: Visit) -> None:
        """An animal is used from its first visit on."""
        permit = self._of(visit)
        if permit is not None and visit.animal not in self.counted:
            self.counted[visit.animal] = None
            self.used[permit.name] = self.used.get(permit.name, 0) + 1

    def spacing_s(self, visit: Visit) -> float:
        """Least time to the animal's next anaesthesia [s]."""
        permit = self._of(visit)
        return 0.0 if permit is None or not self.world.site.protocols[visit.protocol].anaesthesia else permit.spacing_s
