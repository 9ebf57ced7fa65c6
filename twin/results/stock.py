"""What every vial held at every moment, and what every injection took of it: activity, volume, amount of substance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from twin.results.activity import CAME, custody
from twin.results.bodies import masses_kg
from twin.results.run import Array, Run, codes_of, once
from twin.results.tasks import happenings, thing_of, value_of
from twin.results.visits import number_of_visit, visits

#: Happenings that bring volume and substance into a vial; all others take it out.
_INTO = ("delivery", "made", "prepared")


@once
def vial_levels(run: Run) -> pd.DataFrame:
    """One row for each moment at which a vial changes; between two rows of a vial only decay changes it.

    Returns
    -------
    DataFrame
        vial, tracer, nuclide, came (delivery, made or prepared), flow (what happened), time_s, activity_bq, volume_m3,
        amount_mol (just after; amount null: not modelled), decay_per_s. In the order of the vials and of time.
    """
    rows = custody(run)
    vial = run.positions(_vials(run)["vial"].tolist())[codes_of(rows, "piece")]
    own = rows[vial >= 0].reset_index(drop=True)
    of = _vials(run).iloc[vial[vial >= 0]].reset_index(drop=True)
    event = own["event"].to_numpy()
    sign = np.where(np.isin(run.column("step")[event], [run.code(word) for word in _INTO]), 1.0, -1.0)
    levels = {name: _level(run, name, sign, event, vial[vial >= 0]) for name in ("volume_m3", "amount_mol")}
    gone = np.isin(run.column("step")[event], [run.code("vial_wasted"), run.code("stock")])
    amount = np.where(gone, 0.0, levels["amount_mol"])  # of what is thrown away the log says no substance
    amount = np.where(of["has_amount"].to_numpy(dtype=bool), amount, np.nan)
    return pd.DataFrame(
        {
            "vial": of["vial"],
            "tracer": of["tracer"],
            "nuclide": own["nuclide"].astype(object),
            "came": of["came"],
            "flow": own["flow"].astype(object),
            "time_s": own["time_s"],
            "activity_bq": np.where(gone, 0.0, np.maximum(0.0, own["held_bq"].to_numpy())),
            "volume_m3": np.where(gone, 0.0, levels["volume_m3"]),
            "amount_mol": amount,
            "decay_per_s": own["nuclide"].astype(object).map(dict(run.facts.decay_per_s)).astype(float),
        }
    )


@once
def _vials(run: Run) -> pd.DataFrame:
    """Vials as they come: vial, tracer, came, has_amount (whether the log knows its substance)."""
    rows = np.sort(np.concatenate([happenings(run, word) for word in CAME]))
    table = pd.DataFrame(
        {
            "vial": run.named(thing_of(run, "vial")[rows]).astype(object),
            "tracer": run.named(thing_of(run, "tracer")[rows]).astype(object),
            "came": run.named(run.column("step")[rows]).astype(object),
            "has_amount": ~np.isnan(value_of(run, "vial", "amount_mol")[rows]),
        }
    )
    return table.drop_duplicates("vial", ignore_index=True)


def _level(run: Run, column: str, sign: Array, event: Array, vial: Array) -> Array:
    """A running sum within each vial, whose rows stand together in their order."""
    change = pd.Series(sign * np.nan_to_num(value_of(run, "vial", column)[event]))
    summed: Array = change.groupby(vial, sort=False).cumsum().to_numpy()
    return np.maximum(0.0, summed)


@once
def syringes(run: Run) -> pd.DataFrame:
    """One row for each injection.

    Returns
    -------
    DataFrame
        visit, animal, study, protocol, vial (it was drawn from; null: an agent has none), tracer (or agent), nuclide,
        outcome, drawn_s, injected_s, injected_bq, prescribed_bq, volume_m3, amount_mol (null: not modelled), mass_kg
        (of the animal), amount_mol_per_kg, limit_mol_per_kg (of the protocol; null: none).
    """
    rows = happenings(run, "injected")
    visit = number_of_visit(run)[run.column("visit")[rows]]
    rows, visit = rows[visit >= 0], visit[visit >= 0]
    names = visits(run)[["visit", "animal", "study", "protocol"]].iloc[visit].astype(object).reset_index(drop=True)
    columns: dict[str, Any] = {"outcome": run.named(run.column("reason")[rows]).astype(object)}
    columns |= {"injected_s": run.events["time_s"].to_numpy()[rows]}
    columns |= {"injected_bq": value_of(run, "animal", "activity_bq")[rows]}
    for name in ("prescribed_bq", "volume_m3", "amount_mol"):
        columns[name] = value_of(run, "animal", name)[rows]
    columns["mass_kg"] = masses_kg(run)[visit]
    limits = {name: plan.mass_limit_mol_per_kg for name, plan in run.facts.plans.items()}
    found = pd.concat([names, _drawn(run, rows), pd.DataFrame(columns)], axis=1)
    found["amount_mol_per_kg"] = found["amount_mol"] / found["mass_kg"]
    found["limit_mol_per_kg"] = found["protocol"].map(limits).astype(float)
    return found


def _drawn(run: Run, injected: Array) -> pd.DataFrame:
    """From which vial, and when, what rows inject was drawn: the last time that syringe was filled.

    An agent without a label comes from no vial; its row names it itself.
    """
    filled = happenings(run, "drawn")
    syringe = thing_of(run, "syringe")
    asked = pd.DataFrame({"event": injected, "syringe": syringe[injected]})
    known = pd.DataFrame({"event": filled, "syringe": syringe[filled], "from": filled})
    found = pd.merge_asof(asked, known, on="event", by="syringe")["from"]
    last = found.fillna(-1).to_numpy(dtype=int)
    vial = np.where(last >= 0, thing_of(run, "vial")[last], -1) if len(run.events) else last
    time = np.where(last >= 0, run.events["time_s"].to_numpy()[last], np.nan) if len(run.events) else last
    of = dict(zip(_vials(run)["vial"], _vials(run)["tracer"], strict=True))
    names = pd.Series(run.named(vial).astype(object))
    nuclide = run.named(thing_of(run, "nuclide")[injected]).astype(object)
    itself = pd.Series(run.named(thing_of(run, "tracer")[injected]).astype(object))
    tracer = names.map(of).where(names.notna(), itself)
    return pd.DataFrame({"vial": names, "tracer": tracer, "nuclide": nuclide, "drawn_s": time})
