"""What a facility charges: usable scans, and hours of its scanners by whose hands a study has."""

from __future__ import annotations

import numpy as np

from twin.results.intervals import Spans, sweep
from twin.results.resources import reservations
from twin.results.run import Run, codes_of, once
from twin.results.tasks import tasks
from twin.results.throughput import scans_usable

#: Whose hands a study has.
SERVICES = ("full", "assisted", "self_service")
#: What is charged for, beside the hours.
SCANS = "scans"


@once
def recharge(run: Run) -> dict[str | None, float | None]:
    """Income by what is charged for; what has no price is None."""
    price, per_s = run.facts.prices.recharge_per_scan, run.facts.prices.recharge_per_s
    found: dict[str | None, float | None] = {SCANS: None if price is None else price * scans_usable(run)}
    for service in SERVICES:
        found[service] = charged_s(run, service) * per_s[service] if service in per_s else None
    return found


def charged_s(run: Run, service: str) -> float:
    """How long sessions of studies with this service had a scanner [s]; out of hours counts by its own factor."""
    had, table = reservations(run), tasks(run)
    studies = [name for name, own in run.facts.services.items() if own == service]
    mine = np.zeros(len(run.names) + 1, dtype=bool)
    mine[codes_of(table, "session")] = run.positions(studies)[codes_of(table, "study")] >= 0
    start, end = had["start_s"].to_numpy(), had["end_s"].to_numpy()
    key = np.flatnonzero(mine & (had["scanner"].to_numpy() >= 0) & (end > start))
    opening = np.array(run.facts.opening, dtype=float).reshape(-1, 2)
    open_for = Spans(np.repeat(key, len(opening)), *(np.tile(opening[:, i], len(key)) for i in (0, 1)))
    pieces = sweep({"had": Spans(key, start[key], end[key]), "open": open_for})
    length = pieces["length_s"].to_numpy() * (pieces["had"].to_numpy() > 0)
    factor = np.where(pieces["open"].to_numpy() > 0, 1.0, run.facts.prices.out_of_hours_factor)
    return float((length * factor).sum())
