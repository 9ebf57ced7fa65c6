"""What each wall and point of a scenario's floor plan sees in a week, from the log of a run: a planning aid."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from twin.physics import floor, shielding
from twin.physics.floor import Source, Wall, Weakening
from twin.results.ambient import contents
from twin.results.areas import WEEK_S, WEEKS, area_class
from twin.results.run import Run
from twin.scenario import floor_plans
from twin.scenario.loading import Resolved

HEADING = "planning aid, not an approval"


@dataclass(frozen=True)
class Floor:
    """The plan with what decays in its rooms in a mean week [Bq s], and at the worst moment [Bq]."""

    by: Weakening
    walls: tuple[Wall, ...]
    week: tuple[Source, ...]
    peak: tuple[Source, ...]


def floor_of(resolved: Resolved, run: Run) -> Floor:
    """Rooms that are on the plan and hold activity are sources; vials are in their shield."""
    numbers, plan = resolved.numbers, resolved.scenario.floor_plan
    week: list[Source] = []
    peak: list[Source] = []
    rooms = list(run.facts.rooms)
    for name, area in plan.rooms.items():
        spot = floor_plans.source_spot(area)
        own = {key: held for key, held in contents(run).items() if rooms[key[0]] == name}
        for (_, nuclide, kind), held in own.items():
            end = np.array([run.facts.horizon_s])
            decays = float(held.integral(end)[0]) * WEEK_S / run.facts.horizon_s
            shield = _shield(resolved, nuclide) if kind == "room_vials" else 1.0
            week.append(Source(f"{name} ({kind.removeprefix('room_')})", spot, {nuclide: decays * shield}))
            peak.append(Source(week[-1].name, spot, {nuclide: float(held.activity_bq.max(initial=0.0)) * shield}))
    return Floor(Weakening(numbers), tuple(floor_plans.walls(resolved)), tuple(week), tuple(peak))


def _shield(resolved: Resolved, nuclide: str) -> float:
    """What the pot of a vial lets pass of H*(10)."""
    text = resolved.numbers.text(f"exposure.{resolved.scenario.dose.equipment.get('vial', 'vial')}.vial.shield")
    layers = () if text == "none" else shielding.wall(resolved.numbers, text)
    return floor.transmission(resolved.numbers, nuclide, layers)


def points(resolved: Resolved, of: Floor) -> list[dict[str, Any]]:
    """Each point of interest: H*(10) in a week there and for who is there, class of area, and whether it is enough."""
    numbers, said = resolved.numbers, resolved.scenario.dose.jurisdiction
    found = []
    for name, point in resolved.scenario.floor_plan.points.items():
        spot = (point.x, point.y)
        parts = floor.dose_sv(of.by, of.week, of.walls, spot)
        rate = sum(floor.dose_sv(of.by, of.peak, of.walls, spot).values())
        week_sv = sum(parts.values())
        goal = design_goal_sv(resolved, name)
        methods = {floor.method(numbers, n, floor.crossed(of.walls, s.spot, spot)) for s in of.week for n in s.decays}
        found.append(
            {
                "point": name,
                "week_sv": week_sv,
                "occupied_week_sv": week_sv * point.occupancy,
                "design_goal_sv": goal,
                "meets_goal": week_sv * point.occupancy <= goal,
                "most_sv_per_s": rate,
                "area": area_class(numbers, said, week_sv * WEEKS, rate),
                "jurisdiction": said,
                "from": {f"{place}, {nuclide}": dose for (place, nuclide), dose in parts.items()},
                "methods": sorted(methods),
            }
        )
    return found


def design_goal_sv(resolved: Resolved, name: str) -> float:
    """Of a point for a week: as said, else that of uncontrolled areas."""
    own = resolved.scenario.floor_plan.points[name].design_goal
    return resolved.numbers.value("limits.US.uncontrolled.design.week.design_goal") if own is None else own


def walls(resolved: Resolved, of: Floor) -> list[dict[str, Any]]:
    """Each wall: its layers, how thick the first must be for all points to meet their goals, and what that hangs on.

    ``point`` is the point behind it that would be the farthest above its goal without its first layer, ``source`` what
    that gets most from through the wall, ``distance_m`` the way between; null where nothing is behind it.
    """
    plan = resolved.scenario.floor_plan
    goals = {
        name: ((point.x, point.y), design_goal_sv(resolved, name) / point.occupancy)
        for name, point in plan.points.items()
        if point.occupancy > 0.0
    }
    found = []
    for number, wall in enumerate(of.walls):
        behind = {name: goal for name, goal in goals.items() if _is_behind(wall, of, goal[0])}
        needed = floor.needed_m(of.by, of.week, of.walls, number, list(behind.values())) if behind else 0.0
        found.append(
            {
                "wall": wall.name,
                "layers": " + ".join(f"{layer.material} {layer.thickness_m * 1000:g} mm" for layer in wall.layers),
                "points": len(behind),
                "needed_m": needed,
                "present_m": wall.layers[0].thickness_m,
                "material": wall.layers[0].material,
                **_binding(of, number, behind),
            }
        )
    return found


def _binding(of: Floor, number: int, behind: Mapping[str, tuple[floor.Spot, float]]) -> dict[str, Any]:
    """Which point and which source a wall is for."""
    wall = of.walls[number]
    standing = [*of.walls[:number], replace(wall, layers=wall.layers[1:]), *of.walls[number + 1 :]]
    best: tuple[float, dict[str, Any]] = (-1.0, {"point": None, "source": None, "distance_m": None})
    for name, (spot, goal_sv) in behind.items():
        parts = floor.dose_sv(of.by, of.week, standing, spot)
        through = [source for source in of.week if source.decays and floor.crossed([wall], source.spot, spot)]
        worst = max(through, key=lambda source: sum(parts.get((source.name, n), 0.0) for n in source.decays))
        told = {"point": name, "source": worst.name, "distance_m": math.dist(worst.spot, spot)}
        best = max(best, (sum(parts.values()) / goal_sv, told), key=lambda one: one[0])
    return best[1]


def _is_behind(wall: Wall, of: Floor, spot: floor.Spot) -> bool:
    """Whether the wall stands between a point and some source."""
    return any(floor.crossed([wall], source.spot, spot) for source in of.week)


def dose_map(resolved: Resolved, of: Floor, step_m: float = 0.5) -> dict[str, Any]:
    """H*(10) of a week on a grid over the plan [Sv]: ``x_m``, ``y_m`` and rows of ``week_sv`` by y."""
    areas = resolved.scenario.floor_plan.rooms.values()
    if not areas:
        return {"x_m": [], "y_m": [], "week_sv": []}
    first_x, first_y = min(a.x for a in areas) - 1.0, min(a.y for a in areas) - 1.0
    last_x, last_y = max(a.x + a.width for a in areas) + 1.0, max(a.y + a.depth for a in areas) + 1.0
    xs = np.arange(first_x, last_x + step_m / 2.0, step_m).tolist()
    ys = np.arange(first_y, last_y + step_m / 2.0, step_m).tolist()
    at = [[sum(floor.dose_sv(of.by, of.week, of.walls, (x, y)).values()) for x in xs] for y in ys]
    return {"x_m": xs, "y_m": ys, "week_sv": at}
