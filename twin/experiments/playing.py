"""One run: a resolved scenario and the number of its luck in, everything that happened out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias

from twin.errors import UsageError
from twin.facility.world import World
from twin.results import facts, frames
from twin.results import kpis as kpi_list
from twin.results.result import Result
from twin.scenario import expand
from twin.scenario.loading import Resolved

#: Is told the simulated time so far and the whole of it [s].
Progress: TypeAlias = Callable[[float, float], None]

DAY_S = 86400.0
#: Least number of slices in which a run tells how far it is.
SLICES = 50


def played(scenario: Resolved, replication: int = 0, progress: Progress | None = None) -> Result:
    """Play a scenario once."""
    site = expand.site(scenario)
    world = World(site, replication).begin()
    for until_s in _slices(site.horizon_s) if progress else ():
        world.run(until_s)
        progress(until_s, site.horizon_s) if progress else None
    log = world.run().finish()
    return Result(scenario, replication, log, frames.run(log, facts.facts(site, scenario.scenario, scenario.numbers)))


def entries(scenario: Resolved, kpis: Iterable[str]) -> frozenset[str]:
    """What these KPIs have an entry for in each run of a scenario, such as ``utilisation_pct[pet]``.

    Which those are does not hang on what happens, but for nuclides: a run in which nothing has happened shows them.
    Those that need response tables of scanners are left out, since it takes minutes to make one.
    """
    site = expand.site(scenario, told=None)
    nothing = frames.run(World(site).finish(), facts.facts(site, scenario.scenario, scenario.numbers))
    nuclides = {vial.nuclide for vial in site.vials}
    return frozenset(name for kpi in kpis for name in kpi_list.entries(kpi, nothing, nuclides))


def seeded(scenario: Resolved, seed: int | None) -> Resolved:
    """The same scenario with another seed; None: its own."""
    if seed is None or seed == scenario.scenario.seed:
        return scenario
    if not 0 <= seed < 2**63:
        raise UsageError(f"seed {seed}: a seed is a whole number from 0 to 2^63 - 1")
    model = scenario.scenario.model_copy(update={"seed": seed})
    return replace(scenario, scenario=model, data={**scenario.data, "seed": seed})


def _slices(horizon_s: float) -> Iterator[float]:
    """Moments at which a run tells how far it is: every day, and at least `SLICES`."""
    step = min(DAY_S, horizon_s / SLICES)
    for number in range(1, int(horizon_s // step) + 1):
        yield min(number * step, horizon_s)
