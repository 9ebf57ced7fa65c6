"""What people breathe of volatile activity that they handle, without a spill.

Of what is drawn into syringes under the hood, and of what is injected outside it, a millionth gets into whoever does it
(Brodsky's fraction; the hood takes most of that off). The measurements behind it are of iodine: of other elements it is
not modelled. It is small and in no budget.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from twin import units
from twin.results.kpi import Kpi
from twin.results.run import Run, codes_of, once
from twin.results.tasks import happenings, taking_part, tasks, thing_of, value_of

IODINE = "I-"
#: Effect of a step, its happening, the thing that says how much, and whether it is done under the hood.
HANDLED = (("draw", "drawn", "syringe", True), ("inject", "injected", "animal", False))


@once
def dose_intake(run: Run) -> pd.DataFrame:
    """One row for each person and nuclide of iodine that they drew or injected.

    Returns
    -------
    DataFrame
        person, nuclide, handled_bq, breathed_bq, committed_sv (null: no coefficient is known).
    """
    numbers = run.numbers
    names = "person nuclide handled_bq breathed_bq".split()
    if not any(name.startswith(IODINE) for name in run.facts.decay_per_s):
        return pd.DataFrame(columns=[*names, "committed_sv"]).astype(dict.fromkeys(names[2:], float))
    parts = pd.concat([_handled(run, *of) for of in HANDLED], ignore_index=True)
    found = parts.groupby(["person", "nuclide"], as_index=False)[names[2:]].sum()
    keys = [f"protection.{nuclide}.inhalation" for nuclide in found["nuclide"]]
    each = np.array([numbers.value(key) if numbers.has(key) else np.nan for key in keys], dtype=float)
    return found.assign(committed_sv=each * found["breathed_bq"])


def _handled(run: Run, effect: str, happening: str, thing: str, hood: bool) -> pd.DataFrame:
    """Who drew or injected what of iodine: person, nuclide, handled_bq, breathed_bq."""
    rows = happenings(run, happening)
    amounts = pd.DataFrame(
        {
            "session": run.column("session")[rows],
            "visit": run.column("visit")[rows],
            "time_s": run.events["time_s"].to_numpy()[rows],
            "nuclide": run.named(thing_of(run, "nuclide")[rows]).astype(object),
            "handled_bq": np.nan_to_num(value_of(run, thing, "activity_bq")[rows]),
        }
    )
    amounts = amounts[amounts["nuclide"].str.startswith(IODINE, na=False)]
    table = tasks(run)
    task, person = taking_part(run, "person")
    own = run.which(table, "effect", effect)[task]
    doers = pd.DataFrame(
        {
            "session": codes_of(table, "session")[task[own]],
            "step": codes_of(table, "visit")[task[own]],
            "start_s": table["start_s"].to_numpy()[task[own]],
            "end_s": table["end_s"].to_numpy()[task[own]],
            "person": run.named(person[own]).astype(object),
        }
    )
    done = amounts.merge(doers, on="session")
    done = done[
        done["time_s"].between(done["start_s"], done["end_s"]) & ((done["step"] < 0) | (done["step"] == done["visit"]))
    ]
    part = run.numbers.value("dose.intake.fraction") * (run.numbers.value("dose.intake.hood") if hood else 1.0)
    return done.assign(breathed_bq=part * done["handled_bq"])[["person", "nuclide", "handled_bq", "breathed_bq"]]


def _breathed_msv(run: Run) -> dict[str | None, float | None]:
    """Of each person [mSv]; without an index, the most that one has."""
    table = dose_intake(run)
    sums = table["committed_sv"].groupby(table["person"].astype(object)).sum() * units.factor("Sv", "mSv")
    values: dict[str | None, float | None] = {name: float(sums.get(name, 0.0)) for name in run.facts.people}
    return {None: max((v for v in values.values() if v is not None), default=None)} | values


KPIS: tuple[Kpi, ...] = (
    Kpi(
        "dose_breathed_msv",
        "Effective dose committed by radioiodine that is breathed when it is drawn and injected, without a spill.",
        "mSv",
        "lower",
        _breathed_msv,
        "person (without: whoever has most)",
    ),
)
