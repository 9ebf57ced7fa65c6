"""Booking lists and dates of requests: rows that contradict each other, the study, its protocol or the run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from twin.errors import Problem
from twin.plan import steps
from twin.scenario.checking import Checked
from twin.scenario.reading import Path
from twin.scenario.windows import protocol_of


def names(checked: Checked) -> Iterator[Problem]:
    """Time points and scanners that a row names are there."""
    for study, path in _lists(checked):
        said = checked.scenario.studies[study]
        for number, row in enumerate(said.arrival.bookings or (), start=1):
            yield from checked.unknown(path, f"time point (row {number})", row.time_point, said.time_points)
            yield from checked.unknown(path, f"scanner (row {number})", row.scanner, checked.scanners)


def repeated(checked: Checked) -> Iterator[Problem]:
    """An animal has each time point once, also in a list that stands in the scenario itself."""
    for study, path in _lists(checked):
        first: dict[tuple[str, str], int] = {}
        for number, row in enumerate(checked.scenario.studies[study].arrival.bookings or (), start=1):
            before = first.setdefault((row.animal, row.time_point), number)
            if before != number:
                message = f"row {number} books the same animal and time point as row {before}"
                said = f"{row.animal} {row.time_point}"
                yield checked.resolved.problem(path, message, said, "one row for each animal and time point")


def scanners(checked: Checked) -> Iterator[Problem]:
    """The scanner of a row serves every step of its protocol that needs one."""
    for study, path in _lists(checked):
        said = checked.scenario.studies[study]
        for number, row in enumerate(said.arrival.bookings or (), start=1):
            protocol = protocol_of(said, row.time_point)
            if row.scanner not in checked.scanners or protocol not in checked.plans:
                continue
            serve = _serving(checked, protocol)
            if row.scanner not in serve:
                message = f"row {number} books a scanner that does not serve the protocol {protocol}"
                allowed = ", ".join(serve) or "none; leave the scanner out"
                yield checked.resolved.problem(path, message, row.scanner, allowed)


def _serving(checked: Checked, protocol: str) -> list[str]:
    needed = [step.scanner for step in steps(checked.plans[protocol].body) if step.scanner and not step.second]
    return [name for name in checked.scanners if needed and all(name in options for options in needed)]


def animals(checked: Checked) -> Iterator[Problem]:
    """The number of animals is that of the list."""
    for study, _ in _lists(checked):
        said = checked.scenario.studies[study]
        listed = len({row.animal for row in said.arrival.bookings or ()})
        if said.animals is not None and said.animals != listed:
            message = f"the booking list names {listed} animals; leave the number out, or let both agree"
            yield checked.resolved.problem(("studies", study, "animals"), message, said.animals, str(listed))


def early(checked: Checked) -> Iterator[Problem]:
    """Nothing is dated before the run starts; it would be done late, all at once."""
    for study, path in _lists(checked):
        rows = checked.scenario.studies[study].arrival.bookings or ()
        dated = ((f"row {number} ({row.animal}, {row.time_point})", row.start) for number, row in enumerate(rows, 1))
        yield from _early(checked, path, dated)
    for study, said in checked.scenario.studies.items():
        dated = ((f"date {number}", moment) for number, moment in enumerate(said.arrival.dates or (), start=1))
        yield from _early(checked, ("studies", study, "arrival", "dates"), dated)


def _early(checked: Checked, path: Path, dated: Iterable[tuple[str, dt.datetime]]) -> Iterator[Problem]:
    """One problem for all of them, which names the first."""
    start = checked.scenario.start
    found = [(name, moment) for name, moment in dated if moment < start]
    if found:
        name, moment = found[0]
        others = f"; {len(found) - 1} more like it" if len(found) > 1 else ""
        message = f"{name} is before the run starts, {start:%Y-%m-%d %H:%M}{others}; leave it out, or start earlier"
        yield checked.resolved.problem(path, message, f"{moment:%Y-%m-%d %H:%M}")


def _lists(checked: Checked) -> Iterator[tuple[str, Path]]:
    """Studies with a booking list, and where that stands."""
    for name, study in checked.scenario.studies.items():
        if study.arrival.bookings is not None:
            yield name, ("studies", name, "arrival", "bookings")
