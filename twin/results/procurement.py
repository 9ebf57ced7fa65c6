"""How long animals take to be there: from their order to when they may be used."""

from __future__ import annotations

import numpy as np

from twin.results.kpi import Kpi
from twin.results.run import Run, codes_of
from twin.results.tasks import happenings, role_rows

DAY_S = 86400.0


def animals_ready_days(run: Run) -> float | None:
    """Mean time from the order of animals to when they have settled; of those that came."""
    moment = run.quantity("moment_s")
    when = {}
    for word in ("animals_ordered", "animals_delivered"):
        rows = role_rows(run, "animal")
        event = run.things["event"].to_numpy()[rows]
        rows = rows[np.isin(event, happenings(run, word))]
        animal = codes_of(run.things, "thing")[rows]
        event = run.things["event"].to_numpy()[rows]
        times = run.events["time_s"].to_numpy()[event] if word == "animals_ordered" else moment[rows]
        when[word] = dict(zip(animal.tolist(), times.tolist(), strict=True))
    ordered, ready = when["animals_ordered"], when["animals_delivered"]
    spans = [(ready[animal] - ordered[animal]) / DAY_S for animal in ready if animal in ordered]
    return float(np.mean(spans)) if spans else None


KPIS: tuple[Kpi, ...] = (
    Kpi(
        "animals_ready_days",
        "Mean time from the order of animals, or the mating of their parents, to when they have settled.",
        "d",
        "lower",
        animals_ready_days,
    ),
)
