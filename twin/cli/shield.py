"""``twin shield``: what the walls and points of a scenario's floor plan see in a week."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.answers import answers
from twin.cli.output import show, table, write_json
from twin.cli.run import loaded, overrides
from twin.cli.words import AsJson, Days, Scenario, Seed, Sets
from twin.errors import DataError

if TYPE_CHECKING:
    from rich.console import RenderableType


@answers
def shield(
    scenario: Scenario,
    seed: Seed = None,
    days: Days = None,
    sets: Sets = None,
    every: Annotated[bool, typer.Option("--all", help="Also the walls that need nothing.")] = False,
    as_json: AsJson = False,
) -> int:
    """Weekly dose at the points of the floor plan, classes of area, and how thick each wall must be: a planning aid."""
    found = _found(scenario, seed, days, sets or [])
    if as_json:
        write_json(found)
    else:
        show(_page(found, every))
    return 0


def _found(scenario: str, seed: int | None, days: float | None, sets: list[str]) -> dict[str, Any]:
    from twin import api
    from twin.cli.progress import Bar
    from twin.results import floor_plan

    resolved = loaded(scenario, sets, overrides(seed, days))
    if not resolved.scenario.floor_plan.rooms or not resolved.scenario.floor_plan.points:
        raise DataError(f"{scenario} has no floor plan with rooms and points (key floor_plan, docs/dose.md)")
    with Bar(resolved.scenario.name) as bar:
        result = api.simulate(resolved, progress=bar)
    of = floor_plan.floor_of(resolved, result.run)
    return {
        "heading": floor_plan.HEADING,
        "scenario": result.name,
        "jurisdiction": resolved.scenario.dose.jurisdiction,
        "points": floor_plan.points(resolved, of),
        "walls": floor_plan.walls(resolved, of),
        "map": floor_plan.dose_map(resolved, of),
    }


def _page(found: dict[str, Any], every: bool) -> Iterator[RenderableType]:
    from rich.text import Text

    yield Text(f"{found['scenario']}: {found['heading']}", style="bold")
    heads = ("point", "uSv a week", "with occupancy", "goal", "meets it", "most uSv/h", "area", "most of it from")
    rows = [
        (
            point["point"],
            f"{point['week_sv'] * 1e6:.3g}",
            f"{point['occupied_week_sv'] * 1e6:.3g}",
            f"{point['design_goal_sv'] * 1e6:.3g}",
            "yes" if point["meets_goal"] else "NO",
            f"{point['most_sv_per_s'] * 3.6e9:.3g}",
            point["area"],
            max(point["from"], key=point["from"].get, default="nothing"),
        )
        for point in found["points"]
    ]
    yield table(heads, rows, (1, 2, 3, 5), f"H*(10) at points ({found['jurisdiction']})")
    yield from _walls(found["walls"], every)
    for name in sorted({name for point in found["points"] for name in point["methods"]}):
        yield Text(f"Method: {name}.")
    yield Text("Photons only; oblique ways count as straight ones; scatter round walls and through doors is left out.")


def _walls(walls: list[dict[str, Any]], every: bool) -> Iterator[RenderableType]:
    """Those that are needed first, the thinnest for what it must do before the others."""
    from rich.text import Text

    ordered = sorted(walls, key=_urgency)
    shown = [wall for wall in ordered if every or wall["needed_m"] != 0.0]
    rows = [(wall["wall"], wall["layers"], _needed(wall), *_for(wall)) for wall in shown]
    heads = ("wall", "layers", "needed", "for the point", "because of", "m away")
    if rows:
        yield table(heads, rows, (5,), "Walls: the first layer, the others as they are")
    left = len(walls) - len(shown)
    if left:
        which = "other walls need" if rows else "walls need"
        yield Text(f"{left} {which} no first layer for these goals, or have no point behind them; --all shows them.\n")


def _urgency(wall: dict[str, Any]) -> tuple[float, float]:
    """What cannot do it alone comes first, then by how much is missing, then by how much is needed."""
    needed_m = math.inf if wall["needed_m"] is None else wall["needed_m"]
    return -max(0.0, needed_m - wall["present_m"]), -needed_m


def _for(wall: dict[str, Any]) -> tuple[str, str, str]:
    """Which point and source it hangs on."""
    if wall["point"] is None:
        return "-", "-", "-"
    return wall["point"], wall["source"], f"{wall['distance_m']:.1f}"


def _needed(wall: dict[str, Any]) -> str:
    if not wall["points"]:
        return "nothing behind it"
    if wall["needed_m"] is None:
        return "it alone cannot"
    enough = "enough" if wall["needed_m"] <= wall["present_m"] else "TOO THIN"
    return f"{wall['material']} {wall['needed_m'] * 1000:.3g} mm ({enough})"
