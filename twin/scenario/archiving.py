"""From the model of the archive to what the clock gets of it; how much scans leave; and an archive that gets full."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from twin.distributions import from_dict
from twin.errors import Problem
from twin.plan import Plan, steps
from twin.scanners import programme
from twin.scenario.loading import Resolved
from twin.scenario.site_archive import Archive
from twin.sources import Numbers

if TYPE_CHECKING:
    from twin.scenario.checking import Checked

#: Tasks that leave data.
LEAVE_DATA = ("scan", "autoradiography")


def data_gb(plan: Plan, numbers: Numbers) -> float:
    """What the scans of one animal leave in the archive, by the names of their steps [GB]."""
    return sum(programme.volume_gb(numbers, step.name) for step in steps(plan.body) if step.task in LEAVE_DATA)


def filled(resolved: Resolved) -> float:
    """Share of the archive that is taken at the start."""
    said = resolved.scenario.archive
    assert said is not None
    return resolved.numbers.value("housekeeping.archive_filled") if said.filled is None else said.filled


def archive(resolved: Resolved, plans: Mapping[str, Plan]) -> Archive | None:
    """What the clock must know; None where a full archive stops nothing."""
    said, numbers = resolved.scenario.archive, resolved.numbers
    if said is None or said.full == "ignore":
        return None
    return Archive(
        capacity_gb=said.capacity,
        filled_gb=filled(resolved) * said.capacity,
        more_gb=said.capacity if said.more is None else said.more,
        more_after=said.more_after or from_dict(numbers.distribution("housekeeping.archive_extended")),
        data_gb={name: data_gb(plan, numbers) for name, plan in plans.items()},
    )


def gets_full(checked: Checked) -> Iterator[Problem]:
    """Warn of an archive that one run of the studies fills, if all that they ask for is scanned."""
    said, resolved = checked.scenario.archive, checked.resolved
    if said is None:
        return
    from twin.scenario import arisings

    site, days = checked.site, checked.scenario.days
    each = {name: data_gb(plan, resolved.numbers) for name, plan in checked.plans.items()}
    free_gb = said.capacity * (1.0 - filled(resolved))
    daily_gb = arisings.daily(site, each)
    if daily_gb * days > free_gb:
        then = "no session that scans begins until there is more" if said.full == "wait" else "scans go on all the same"
        message = (
            f"it is full after about {free_gb / daily_gb:.3g} days: {free_gb:.3g} GB of it are free, and the studies "
            f"ask for scans of {daily_gb:.3g} GB a day; then {then} (archive.full: {said.full})"
        )
        yield resolved.problem(("archive", "capacity"), message)
