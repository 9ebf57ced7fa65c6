"""Scanners and beds: who has them, and whether they may be used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from twin.facility.state import Session
from twin.scenario.site import Site
from twin.scenario.site_machines import Scanner


@dataclass(slots=True, eq=False)
class Machine:
    """A scanner at a moment.

    Attributes
    ----------
    held_by : str or None
        The session that has it.
    down : bool
        Broken.
    checks_due : list of str
        Quality controls that block it until they are passed.
    unchecked : bool
        Repaired, and not checked since: who had it before waits too.
    open_checks : list of str
        Quality controls that are due and that do not block every session.
    uncalibrated : list of str
        Those that keep quantitative sessions from it.
    passed_s : dict of check to float
        When a check with a time of validity was last passed [s].
    intervals : dict of check to int
        How many intervals of a check that comes once in each have begun.
    lent_by : str or None
        The session that had it and has it again after the check.
    beds : dict of bed to session or None
    """

    name: str
    room: str
    group: str
    pool: str
    bed_pool: str
    held_by: str | None = None
    down: bool = False
    checks_due: list[str] = field(default_factory=list)
    unchecked: bool = False
    open_checks: list[str] = field(default_factory=list)
    uncalibrated: list[str] = field(default_factory=list)
    passed_s: dict[str, float] = field(default_factory=dict)
    intervals: dict[str, int] = field(default_factory=dict)
    lent_by: str | None = None
    beds: dict[str, str | None] = field(default_factory=dict)
    kept_by: str | None = None
    part: int = -1
    bed_parts: dict[str, int] = field(default_factory=dict)

    def ready_for(self, session: Session) -> bool:
        """Free, working, and checked (work on the scanner itself needs no check)."""
        if self.held_by is not None or self.down or self.keeps_from(session):
            return False
        if session.study is None:
            return True
        return not self.checks_due and not self.bars(session)

    def bars(self, session: Session) -> bool:
        """Whether a calibration that is due or has expired keeps out what is measured."""
        return bool(self.uncalibrated) and session.program.quantitative

    def take(self, session: str) -> None:
        """The session has it from now on; who had it lends it."""
        self.lent_by, self.held_by = self.held_by, session

    def give_back(self, session: str) -> None:
        """The session has it no more; who lent it has it again."""
        if self.held_by == session:
            self.held_by = self.lent_by
        self.lent_by = None

    def keeps_from(self, session: Session) -> bool:
        """Whether it is reserved for another; what holds something already is never kept waiting so."""
        return self.kept_by is not None and self.kept_by != session.name and session.empty_handed

    def free_bed(self) -> str | None:
        """The first bed that nobody has."""
        for bed, session in self.beds.items():
            if session is None:
                return bed
        return None


class Machines:
    """All scanners."""

    def __init__(self, site: Site, wake: Callable[[str], None]) -> None:
        self.wake = wake
        self.all = {s.name: _machine(s) for s in site.scanners.values()}

    def scanner(self, names: tuple[str, ...], session: Session) -> Machine | None:
        """A scanner that this session may have now; it keeps to the one it is bound to."""
        for name in (session.scanner,) if session.scanner else names:
            if self.all[name].ready_for(session):
                return self.all[name]
        return None

    def bed(self, names: tuple[str, ...], session: Session, scanner: bool) -> tuple[Machine, str] | None:
        """A free bed of the session's scanner, or of any that serves; with the scanner itself if it is needed too."""
        candidates = [self.all[name] for name in ((session.scanner,) if session.scanner else names)]
        for machine in sorted(candidates, key=lambda m: m.down):
            bed = machine.free_bed()
            if scanner and "scanner" not in session.holds and not machine.ready_for(session):
                continue
            if bed is None or machine.down or machine.bars(session):
                continue  # nobody is anaesthetised for a scanner that will not take them
            if not machine.keeps_from(session):
                return machine, bed
        return None

    def release(self, thing: str, session: Session) -> None:
        """Give back a scanner or the bed."""
        name = session.machine(thing == "second")
        assert name is not None
        machine = self.all[name]
        if thing == "second":
            session.second = None
        if thing in ("scanner", "second"):
            machine.give_back(session.name)
            self.wake(machine.pool)
        elif session.bed is not None:
            machine.beds[session.bed] = None
            session.bed = None
            self.wake(machine.bed_pool)


def _machine(s: Scanner) -> Machine:
    return Machine(s.name, s.room, s.group, f"scanner:{s.name}", f"bed:{s.name}", beds=dict.fromkeys(s.beds))
