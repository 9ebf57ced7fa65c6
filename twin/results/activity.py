"""Where activity went: every vial and syringe from its own rows, and the balance of each nuclide.

A custody piece is a vial between its rows, or a syringe from drawing to injection. What it holds decays with the
nuclide's constant from row to row; what decayed is summed there, and is no difference of other sums.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from twin import units
from twin.results.run import Array, Run, once
from twin.results.tasks import happenings, thing_of, value_of

#: What a row does to a piece: happening, whose quantity, whose piece, into it (1) or out of it (-1), name of the flow.
FLOWS = (
    ("delivery", "vial", "vial", 1, "delivered"),
    ("drawn", "vial", "vial", -1, "drawn"),
    ("drawn", "syringe", "syringe", 1, "filled"),
    ("injected", "animal", "syringe", -1, "injected"),
    ("residual", "syringe", "syringe", -1, "residual"),
    ("vial_wasted", "vial", "vial", -1, "wasted"),
    ("vial_wasted", "syringe", "syringe", -1, "wasted"),
    ("stock", "vial", "vial", -1, "in_stock"),
    ("stock", "syringe", "syringe", -1, "in_stock"),
)
OUT = ("injected", "residual", "wasted", "decayed", "in_stock")


@once
def custody(run: Run) -> pd.DataFrame:
    """One row for each thing that happened to a piece, in order for each.

    Returns
    -------
    DataFrame
        piece, nuclide, flow (name), time_s, amount_bq, decayed_bq (in the piece since its row before), held_bq (after).
    """
    rows = pd.concat([_flow(run, *flow) for flow in FLOWS], ignore_index=True)
    rows = rows.sort_values(["piece", "event"], kind="stable", ignore_index=True)
    rows["nuclide"] = _first_known(rows)
    constant = rows["nuclide"].map(_decay_constants(run, rows["nuclide"])).to_numpy(dtype=float)
    decayed, held = _decay(rows, constant)
    table = rows.assign(decayed_bq=decayed, held_bq=held)
    return table.assign(piece=run.named(rows["piece"].to_numpy()), nuclide=run.named(rows["nuclide"].to_numpy()))


def _flow(run: Run, word: str, whose: str, piece: str, sign: int, name: str) -> pd.DataFrame:
    rows = happenings(run, word)
    rows = rows[(thing_of(run, piece)[rows] >= 0) & (thing_of(run, whose)[rows] >= 0)]
    amount = np.nan_to_num(value_of(run, whose, "activity_bq")[rows])
    columns = {"piece": thing_of(run, piece)[rows], "nuclide": thing_of(run, "nuclide")[rows], "event": rows}
    columns |= {"time_s": run.events["time_s"].to_numpy()[rows], "amount_bq": amount, "change_bq": sign * amount}
    return pd.DataFrame(columns).assign(flow=name)


def _first_known(rows: pd.DataFrame) -> pd.Series[int]:
    """The nuclide of each piece is that of its first row."""
    first: pd.Series[int] = rows.groupby("piece")["nuclide"].transform("first")
    return first


def _decay_constants(run: Run, codes: pd.Series[int]) -> dict[int, float]:
    return {code: run.facts.decay_per_s[run.names[code]] for code in codes.unique().tolist()}


def _decay(rows: pd.DataFrame, constant: Array) -> tuple[Array, Array]:
    """What decayed before each row and what is held after it; all pieces at once, row after row."""
    piece = np.unique(rows["piece"].to_numpy(), return_inverse=True)[1]
    rank = rows.groupby("piece").cumcount().to_numpy()
    time, change = rows["time_s"].to_numpy(), rows["change_bq"].to_numpy()
    decayed, held = np.zeros(len(rows)), np.zeros(len(rows))
    content, since = np.zeros(piece.max(initial=-1) + 1), np.zeros(piece.max(initial=-1) + 1)
    order = np.argsort(rank, kind="stable")
    for now in np.split(order, np.cumsum(np.bincount(rank))[:-1]) if len(rows) else ():
        own = piece[now]
        decayed[now] = -content[own] * np.expm1(-constant[now] * (time[now] - since[own]))
        held[now] = content[own] - decayed[now] + change[now]
        content[own], since[own] = held[now], time[now]
    return decayed, held


@once
def activity_balance(run: Run) -> pd.DataFrame:
    """One row for each nuclide: what was delivered and where it went [Bq].

    Returns
    -------
    DataFrame
        nuclide, delivered_bq, injected_bq, residual_bq, wasted_bq, decayed_bq, in_stock_bq (when the run stopped), and
        imbalance_bq, delivered less all others, which is zero but for rounding.
    """
    table = custody(run)
    nuclides = sorted(table["nuclide"].unique().tolist())
    sums = {name: _sum(table, nuclides, table["flow"] == name, "amount_bq") for name in ("delivered", *OUT)}
    sums["decayed"] = _sum(table, nuclides, table["flow"] != "", "decayed_bq")
    balance = pd.DataFrame({"nuclide": nuclides} | {f"{name}_bq": values for name, values in sums.items()})
    out = balance[[f"{name}_bq" for name in OUT]].sum(axis=1)
    return balance.assign(imbalance_bq=balance["delivered_bq"] - out)


def _sum(table: pd.DataFrame, nuclides: list[str], keep: pd.Series[bool], column: str) -> Array:
    sums = table.loc[keep].groupby("nuclide", observed=True)[column].sum()
    return sums.reindex(nuclides).fillna(0.0).to_numpy()


@once
def batches(run: Run) -> pd.DataFrame:
    """One row for each vial.

    Returns
    -------
    DataFrame
        vial, tracer, nuclide, delivered_s, reference_s, delivered_bq, reference_bq (the
        activity at the reference time), drawn_bq, syringes, decayed_bq (in the vial), wasted_bq, in_stock_bq, left_bq
        (held after its last row, before which it was not wasted or counted).
    """
    rows = happenings(run, "delivery")
    table = custody(run)
    vials = pd.DataFrame(
        {"vial": run.named(thing_of(run, "vial")[rows]), "tracer": run.named(thing_of(run, "tracer")[rows])}
    )
    vials["nuclide"] = run.named(thing_of(run, "nuclide")[rows])
    vials["delivered_s"] = run.events["time_s"].to_numpy()[rows]
    reference = vials["vial"].astype(object).map(run.facts.reference_s).astype(float)
    vials["reference_s"] = reference.fillna(vials["delivered_s"])
    names = vials["vial"].astype(object)
    for flow in ("delivered", "drawn", "wasted", "in_stock"):
        sums = table[table["flow"] == flow].groupby("piece", observed=True)["amount_bq"].sum()
        vials[f"{flow}_bq"] = names.map(sums).astype(float).fillna(0.0)
    by = table.groupby("piece", observed=True)
    vials["decayed_bq"] = names.map(by["decayed_bq"].sum()).astype(float)
    vials["left_bq"] = names.map(by["held_bq"].last()).astype(float)
    drawn = table[table["flow"] == "drawn"].groupby("piece", observed=True).size()
    vials["syringes"] = names.map(drawn).fillna(0).astype(int)
    constant = vials["nuclide"].astype(object).map(run.facts.decay_per_s).astype(float)
    age = vials["reference_s"] - vials["delivered_s"]
    return vials.assign(reference_bq=vials["delivered_bq"] * np.exp(-constant * age))


def megabecquerel(run: Run, flow: str) -> dict[str | None, float | None]:
    """A column of the balance [MBq], by nuclide; None is all of them."""
    table = activity_balance(run)
    values = table[f"{flow}_bq"] * units.factor("Bq", "MBq")
    whole: dict[str | None, float | None] = {None: float(values.sum())}
    return whole | dict(zip(table["nuclide"], values.tolist(), strict=True))
