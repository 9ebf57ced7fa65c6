"""Prices and budgets: text that is read later must be readable now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

from twin import units
from twin.errors import Problem, UnitError
from twin.scanners import programme
from twin.scenario.checking import Checked
from twin.scenario.people_model import ServiceMode
from twin.scenario.reading import Path

_KPI = re.compile(r"[a-z][a-z0-9_]*(\[[A-Za-z0-9_.@/ -]+\])?")
_BOUND = re.compile(r"\s*[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?\s*(.*)")


def prices(checked: Checked) -> Iterator[Problem]:
    """Every price is money of the scenario's currency, per what it is paid for."""
    for path, text, unit in _prices(checked):
        if text is not None:
            try:
                units.parse(text, unit)
            except UnitError as error:
                yield checked.resolved.problem(path, str(error))
    for service in checked.scenario.prices.recharge_hour:
        path = ("prices", "recharge_hour", service)
        yield from checked.unknown(path, "service", service, get_args(ServiceMode))
    for role in checked.scenario.prices.staff_hour:
        roles = [staff.role for staff in checked.scenario.staff.values()]
        yield from checked.unknown(("prices", "staff_hour", role), "role among the staff", role, dict.fromkeys(roles))


def _prices(checked: Checked) -> Iterator[tuple[Path, str | None, str]]:
    """Path, text and unit of each price."""
    said = checked.scenario.prices
    money = said.currency
    for role, text in said.staff_hour.items():
        yield ("prices", "staff_hour", role), text, f"{money}/s"
    for tracer, text in said.delivery.items():
        yield ("prices", "delivery", tracer), text, money
    for tracer, text in said.tracer_activity.items():
        yield ("prices", "tracer_activity", tracer), text, f"{money}/Bq"
    yield ("prices", "scanner_hour"), said.scanner_hour, f"{money}/s"
    yield ("prices", "room_day"), said.room_day, f"{money}/s"
    yield ("prices", "consumables_per_animal"), said.consumables_per_animal, money
    yield ("prices", "recharge_per_scan"), said.recharge_per_scan, money
    for service, text in said.recharge_hour.items():
        yield ("prices", "recharge_hour", service), text, f"{money}/s"
    for name, scanner in checked.scenario.scanners.items():
        yield ("scanners", name, "price"), scanner.price, money
        yield ("scanners", name, "service_per_year"), scanner.service_per_year, f"{money}/s"


def tables(checked: Checked) -> Iterator[Problem]:
    """Warn of machines of the catalogue whose price the tables have in another currency, if prices are spoken of."""
    said = checked.scenario.prices
    if not said.model_fields_set:
        return
    for name, scanner in checked.scenario.scanners.items():
        modality = next((own.modality for own in checked.scanners.values() if own.group == name), None)
        if modality is None or not scanner.as_catalogue or scanner.price is not None:
            continue
        if programme.price(checked.resolved.numbers, modality, said.currency) is None:
            message = (
                f"the tables have no price of {name} in this currency, so that its cost is left out; give its `price`"
            )
            yield checked.resolved.problem(("prices", "currency"), message, said.currency)


def budgets(checked: Checked) -> Iterator[Problem]:
    """A budget names a figure as ``id`` or ``id[member]`` and has a bound."""
    for name, budget in checked.scenario.budgets.items():
        path: Path = ("budgets", name)
        if not _KPI.fullmatch(budget.kpi):
            message = "this is no ID of a figure; write overtime_min or utilisation_pct[pet] (`twin list kpis`)"
            yield checked.resolved.problem((*path, "kpi"), message, budget.kpi)
        if budget.at_most is None and budget.at_least is None:
            yield checked.resolved.problem(path, "a budget needs at_most or at_least")
        for key in ("at_most", "at_least"):
            bound = getattr(budget, key)
            if isinstance(bound, str) and (problem := _bound_problem(bound)):
                yield checked.resolved.problem((*path, key), problem, bound)


def _bound_problem(text: str) -> str | None:
    """Why this is no number, with or without a unit."""
    found = _BOUND.fullmatch(text)
    if found is None:
        return "a number is due, with or without a unit"
    try:
        units.scale(found[1] or "1", found[1] or "1")
    except UnitError as error:
        return str(error)
    return None
