"""From the model of where animals come from to what the clock plays; and what is wrong about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from twin.animals import durations
from twin.distributions import Constant
from twin.errors import Problem
from twin.scenario import model
from twin.scenario.loading import Resolved
from twin.scenario.procurement_model import Breeding
from twin.scenario.site_procurement import Procurement
from twin.scenario.weeks import DAY_S

if TYPE_CHECKING:
    from twin.scenario.checking import Checked


def procurement(resolved: Resolved, said: model.Study) -> Procurement | None:
    """How the animals of a study come; None: they are there when they are asked for."""
    own = said.procurement
    if own is None:
        return None
    settle = durations.duration(resolved.numbers, "acclimatisation_on_arrival").mean
    acclimatisation_s = settle if own.acclimatisation is None else own.acclimatisation
    if own.breeding is not None:
        return _bred(resolved, said, own.breeding, frozenset(own.days), own.at, acclimatisation_s)
    lead_time = Constant(0.0) if own.lead_time is None else own.lead_time
    return Procurement(lead_time, frozenset(own.days), own.at, own.batch, DAY_S / 2.0, acclimatisation_s)


def _bred(
    resolved: Resolved, said: model.Study, own: Breeding, days: frozenset[int], at: float, settle_s: float
) -> Procurement:
    """Litters are born so long after mating, grow up, and are followed by the next of the same pairs."""
    numbers = resolved.numbers
    gestation_s = numbers.value(f"species.{said.species}.gestation")
    litter = int(own.pairs * numbers.value(f"species.{said.species}.litter_size"))
    return Procurement(Constant(gestation_s + own.age), days, at, max(1, litter), gestation_s, settle_s)


def mistakes(checked: Checked) -> Iterator[Problem]:
    """Animals that come twice, or of a species whose breeding nobody knows."""
    resolved = checked.resolved
    for name, said in checked.scenario.studies.items():
        own, path = said.procurement, ("studies", name, "procurement")
        if own is None:
            continue
        if said.arrival.bookings is not None:
            yield resolved.problem(path, "a booking list says already when its animals are there; leave this out")
        if own.breeding is not None and own.lead_time is not None:
            yield resolved.problem((*path, "lead_time"), "animals are either ordered or bred", None)
        rows = [f"species.{said.species}.{row}" for row in ("gestation", "litter_size")]
        if own.breeding is not None and not all(resolved.numbers.has(row) for row in rows):
            message = f"nothing is known of the litters of a {said.species}; give numbers for {' and '.join(rows)}"
            yield resolved.problem((*path, "breeding"), message)
