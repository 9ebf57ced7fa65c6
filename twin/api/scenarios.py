"""The part of the door that is about scenarios: read, check, patch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from twin import units
from twin.errors import Problem, ScenarioError, UnitError, nearest
from twin.experiments import playing
from twin.results import kpis as kpi_list
from twin.scanners.response_store import Told
from twin.scenario import expand, imaging, loading, patching, plain_yaml
from twin.scenario.loading import Resolved

#: So many entries of a figure are named.
_MANY = 12
#: A bundled name, a path, plain data, or what `load` gives.
Source: TypeAlias = "str | Path | Mapping[str, Any] | Resolved"


def load(source: str | Path, sets: Sequence[str] = (), *, check: bool = True, **overrides: Any) -> Resolved:
    """Read a scenario with all that it extends.

    Parameters
    ----------
    source : str or Path
        A bundled name or a path.
    sets : sequence of str
        ``PATH=VALUE``, such as ``staff.technologist.count=3``.
    check : bool
        Whether the meaning is checked too.
    **overrides
        Values of top-level keys, such as ``days=2``.

    Raises
    ------
    ScenarioError
        With all mistakes at once.
    """
    resolved = loading.load(source, sets, check=check, **overrides)
    if check:
        require_budgets(resolved)
    return resolved


def response_tables(resolved: Resolved, told: Told) -> list[tuple[str, str, str | None, bool]]:
    """What a scenario needs of response tables: study, scanner, bed, whether it was ready; what was not is made.

    `told` hears of each that has to be made (`twin.scanners.response_store`).
    """
    return list(imaging.tables(resolved, expand.site(resolved, told=None), told))


def prepare(resolved: Resolved, told: Told) -> None:
    """Make the response tables that do not travel with the package, before several processes would each do it."""
    said = resolved.scenario
    if said.numbers or any(scanner.geometry is not None for scanner in said.scanners.values()):
        response_tables(resolved, told)


def require_budgets(resolved: Resolved) -> None:
    """Raise ScenarioError if a budget names no figure, or a limit that cannot be compared with it."""
    if problems := list(_budget_problems(resolved)):
        raise ScenarioError(problems)


def _budget_problems(resolved: Resolved) -> Iterator[Problem]:
    """Budgets of figures that no run has, and limits that cannot be compared with theirs."""
    named = {of.id for budget in resolved.scenario.budgets.values() if (of := kpi_list.kpi_of(budget.kpi)) is not None}
    known = playing.entries(resolved, sorted(named)) if named else frozenset[str]()
    for name, budget in resolved.scenario.budgets.items():
        path = ("budgets", name)
        if kpi_list.kpi_of(budget.kpi) is None:
            near = nearest(budget.kpi.partition("[")[0], kpi_list.BY_ID)
            message = "there is no such figure (`twin list kpis` shows them)"
            yield resolved.problem((*path, "kpi"), message, budget.kpi, nearest=near)
            continue
        if budget.kpi not in known and any(name.partition("[")[0] == budget.kpi.partition("[")[0] for name in known):
            message, near = _no_entry(budget.kpi, known)
            yield resolved.problem((*path, "kpi"), message, budget.kpi, nearest=near)
        unit = kpi_list.unit_of(budget.kpi, resolved.scenario.prices.currency)
        for key in ("at_most", "at_least"):
            limit = getattr(budget, key)
            if limit is not None and (problem := _limit_problem(limit, unit)):
                yield resolved.problem((*path, key), problem, limit)


def _no_entry(kpi: str, known: frozenset[str]) -> tuple[str, str | None]:
    """Why no run of this scenario has it, who or what there is instead, and the nearest."""
    of = kpi_list.BY_ID[kpi.partition("[")[0]]
    if of.index is None:
        return "this figure has no entries", of.id
    own = {name for name in known if name.partition("[")[0] == of.id}
    members = sorted(name.partition("[")[2].rstrip("]") for name in own if "[" in name)
    shown = ", ".join(members[:_MANY]) + (f" and {len(members) - _MANY} more" if len(members) > _MANY else "")
    return f"this scenario has no such {of.index.partition(' (')[0]}; there are {shown or 'none'}", nearest(kpi, own)


def _limit_problem(limit: str | float, unit: str) -> str | None:
    try:
        units.parse(limit, unit)
    except UnitError as error:
        return str(error)
    return None


def check(source: str | Path, sets: Sequence[str] = ()) -> tuple[Problem, ...]:
    """All mistakes of a scenario; none: it can be run."""
    try:
        load(source, sets)
    except ScenarioError as error:
        return error.problems
    return ()


def patched(
    source: str | Path, patch: str, folder: str | Path | None = None, *, check: bool = True, **overrides: Any
) -> Resolved:
    """A scenario with a patch over it, as a file with this text that extends it would be.

    Parameters
    ----------
    source : str or Path
        A bundled name or a path.
    patch : str
        YAML; may be empty.
    folder : path, optional
        The only folder whose files the patch may name; None: no files.
    check : bool
        Whether the meaning is checked too.
    **overrides
        Values of top-level keys, such as ``days=2``.

    Raises
    ------
    ScenarioError
        With all mistakes at once.
    """
    within = None if folder is None else Path(folder)
    resolved = patching.patched(source, patch, within, check=check, **overrides)
    if check:
        require_budgets(resolved)
    return resolved


def problems(source: str | Path, patch: str, folder: str | Path | None = None) -> tuple[Problem, ...]:
    """All mistakes of a scenario with a patch over it; none: it can be run."""
    try:
        patched(source, patch, folder)
    except ScenarioError as error:
        return error.problems
    return ()


def yaml_text(data: Mapping[str, Any]) -> str:
    """Plain data as YAML that every reader takes the same way."""
    return "".join(f"{line}\n" for line in plain_yaml.lines(dict(data)))


def schema() -> dict[str, Any]:
    """The JSON Schema of scenario files."""
    from twin.scenario.schema import json_schema

    return json_schema()


def resolved(scenario: Source, check: bool) -> Resolved:
    """The scenario that a source means."""
    if isinstance(scenario, Resolved):
        return scenario
    if isinstance(scenario, Mapping):
        return loading.load_data(scenario, check=check)
    return load(scenario, check=check)
