"""What a run costs. A part without a price is None and not in the total.

Capital is annualised in a straight line: the price over the lifetime, times the length of the run.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from twin.results.activity import came
from twin.results.recharge import recharge
from twin.results.resources import people, scanners
from twin.results.run import Run, once
from twin.results.throughput import scans_usable
from twin.results.visits import visits

PARTS = ("staff", "overtime", "scanner", "capital", "service", "rooms", "tracer", "consumables")


@once
def cost(run: Run) -> dict[str | None, float | None]:
    """Cost by part, in the currency of the prices."""
    parts = (_staff, _overtime, _scanner, _capital, _service, _rooms, _tracer, _consumables)
    return {name: part(run) for name, part in zip(PARTS, parts, strict=True)}


def cost_total(run: Run) -> float | None:
    """All parts that have a price."""
    return _sum(cost(run).values())


def cost_per_usable_scan(run: Run) -> float | None:
    """The total over the usable scans."""
    whole, scans = cost_total(run), scans_usable(run)
    return whole / scans if whole is not None and scans else None


def recharge_income(run: Run) -> float | None:
    """What is charged for usable scans and for hours of scanners."""
    return _sum(recharge(run).values())


def cost_recovery_pct(run: Run) -> float | None:
    """Share of the cost that the income covers."""
    income, whole = recharge_income(run), cost_total(run)
    return 100.0 * income / whole if income is not None and whole else None


def _sum(values: Iterable[float | None]) -> float | None:
    """The sum of what is known; None of nothing."""
    known = [value for value in values if value is not None]
    return float(sum(known)) if known else None


def _staff(run: Run) -> float | None:
    """Shift hours, breaks included, times the price of the role."""
    return _paid(run, "shift_s", 1.0)


def _overtime(run: Run) -> float | None:
    return _paid(run, "overtime_s", run.facts.prices.overtime_factor)


def _paid(run: Run, column: str, factor: float) -> float | None:
    """Times of people, each at the price of the role; who has none is left out, and users."""
    table, prices = people(run), run.facts.prices.staff_per_s
    pairs = zip(table["person"].tolist(), table["role"].tolist(), table[column].tolist(), strict=True)
    staff = ((role, seconds) for name, role, seconds in pairs if not run.facts.people[name].guest)
    return _sum(seconds * prices[role] * factor for role, seconds in staff if prices.get(role) is not None)


def _scanner(run: Run) -> float | None:
    """Hours of imaging, quality control and set-up, at any time of day."""
    price = run.facts.prices.scanner_per_s
    return None if price is None or not run.facts.scanners else float(scanners(run)["used_s"].sum()) * price


def _capital(run: Run) -> float | None:
    bought = [s for s in run.facts.scanners.values() if s.price is not None and s.lifetime_s]
    return _sum((s.price or 0.0) / (s.lifetime_s or 1.0) * run.facts.horizon_s for s in bought)


def _service(run: Run) -> float | None:
    contracts = (scanner.service_per_s for scanner in run.facts.scanners.values())
    return _sum(None if price is None else price * run.facts.horizon_s for price in contracts)


def _rooms(run: Run) -> float | None:
    price = run.facts.prices.room_per_s
    return None if price is None else price * len(run.facts.rooms) * run.facts.horizon_s


def _tracer(run: Run) -> float | None:
    """For each delivery, and for its activity at the reference time."""
    prices = run.facts.prices
    if not prices.delivery and not prices.tracer_per_bq:
        return None
    vials = came(run)
    each = [(prices.delivery.get(tracer), prices.tracer_per_bq.get(tracer)) for tracer in vials["tracer"].tolist()]
    fixed, variable = (np.array([pair[i] for pair in each], dtype=float) for i in (0, 1))
    return float(np.nansum(fixed) + np.nansum(vials["reference_bq"] * variable))


def _consumables(run: Run) -> float | None:
    """For each visit that began."""
    price = run.facts.prices.consumables_per_animal
    return None if price is None else price * float((~np.isnan(visits(run)["started_s"].to_numpy())).sum())
