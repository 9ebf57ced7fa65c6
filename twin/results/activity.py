"""Where activity went: every vial and syringe from its own rows, and the balance of each nuclide.

A custody piece is a vial between its rows, or a syringe from drawing to injection. What it holds decays with the
nuclide's constant from row to row; what decayed is summed there, and is no difference of other sums.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from twin import units
from twin.results.run import Array, Run, codes_of, once
from twin.results.tasks import happenings, thing_of, value_of

#: What a row does to a piece: happening, whose quantity, whose piece, into it (1) or out of it (-1), name of the flow.
FLOWS = (
    ("delivery", "vial", "vial", 1, "delivered"),
    ("made", "vial", "vial", 1, "delivered"),
    ("taken", "vial", "vial", -1, "drawn"),
    ("taken", "product", "product", 1, "filled"),
    ("prepared", "product", "vial", -1, "wasted"),
    ("drawn", "vial", "vial", -1, "drawn"),
    ("drawn", "syringe", "syringe", 1, "filled"),
    ("injected", "animal", "syringe", -1, "injected"),
    ("residual", "syringe", "syringe", -1, "residual"),
    ("spilt", "syringe", "syringe", -1, "spilt"),
    ("vial_wasted", "vial", "vial", -1, "wasted"),
    ("vial_wasted", "syringe", "syringe", -1, "wasted"),
    ("stock", "vial", "vial", -1, "in_stock"),
    ("stock", "syringe", "syringe", -1, "in_stock"),
)
FLOW_NAMES = tuple(dict.fromkeys(name for *_, name in FLOWS))
#: How a vial comes to be.
CAME = ("delivery", "made", "prepared")
#: Flows that leave a piece for good; with what decayed they make up what was delivered.
GONE = ("injected", "residual", "spilt", "wasted", "in_stock")
OUT = (*GONE, "decayed")


@once
def custody(run: Run) -> pd.DataFrame:
    """One row for each thing that happened to a piece, in order for each.

    Returns
    -------
    DataFrame
        event, piece, nuclide, flow (name), time_s, amount_bq, decayed_bq (in the piece since its row before), held_bq
        (after).
    """
    flows = [_flow(run, *flow) for flow in FLOWS]
    rows = {name: np.concatenate([flow[name] for flow in flows]) for name in flows[0]}
    order = np.lexsort((rows["event"], rows["piece"]))
    rows = {name: values[order] for name, values in rows.items()}
    _, first, piece = np.unique(rows["piece"], return_index=True, return_inverse=True)
    nuclide = rows["nuclide"][first[piece]]  # a piece's nuclide is that of its first row
    constant = _decay_constants(run)[nuclide]
    assert not np.isnan(constant).any(), "the facts lack the decay constant of a nuclide of the log"
    decayed, held = _decay(rows, piece, np.arange(len(piece)) - first[piece], constant)
    names = {"event": rows["event"], "piece": run.named(rows["piece"]), "nuclide": run.named(nuclide)}
    flow: Any = rows["flow"]
    names["flow"] = pd.Categorical.from_codes(flow, categories=pd.Index(FLOW_NAMES, dtype="str"))
    return pd.DataFrame(
        names | {"time_s": rows["time_s"], "amount_bq": rows["amount_bq"], "decayed_bq": decayed, "held_bq": held}
    )


def _flow(run: Run, word: str, whose: str, piece: str, sign: int, name: str) -> dict[str, Array]:
    rows = happenings(run, word)
    rows = rows[(thing_of(run, piece)[rows] >= 0) & (thing_of(run, whose)[rows] >= 0)]
    amount = np.nan_to_num(value_of(run, whose, "activity_bq")[rows])
    codes = {"piece": thing_of(run, piece)[rows], "nuclide": thing_of(run, "nuclide")[rows], "event": rows}
    codes["flow"] = np.full(len(rows), FLOW_NAMES.index(name))
    return codes | {"time_s": run.events["time_s"].to_numpy()[rows], "amount_bq": amount, "change_bq": sign * amount}


def _decay_constants(run: Run) -> Array:
    """For each code the decay constant of that nuclide [1/s]; NaN for what is none."""
    result = np.full(len(run.names) + 1, np.nan)
    for nuclide, constant in run.facts.decay_per_s.items():
        if (code := run.code(nuclide)) >= 0:
            result[code] = constant
    return result


def _decay(rows: Mapping[str, Array], piece: Array, rank: Array, constant: Array) -> tuple[Array, Array]:
    """What decayed before each row and what is held after it; all pieces at once, row after row."""
    time, change = rows["time_s"], rows["change_bq"]
    decayed, held = np.zeros(len(piece)), np.zeros(len(piece))
    content, since = np.zeros(len(piece)), np.zeros(len(piece))
    order = np.argsort(rank, kind="stable")
    for now in np.split(order, np.cumsum(np.bincount(rank))[:-1]) if len(piece) else ():
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
        nuclide, delivered_bq, injected_bq, residual_bq, spilt_bq, wasted_bq, decayed_bq, in_stock_bq (when the run
        stopped), and imbalance_bq, delivered less all others, which is zero but for rounding.
    """
    table = custody(run)
    nuclide, flow = codes_of(table, "nuclide"), codes_of(table, "flow")
    present = np.unique(nuclide)
    amount, decayed = table["amount_bq"].to_numpy(), table["decayed_bq"].to_numpy()
    columns = {
        f"{name}_bq": _sums(nuclide, amount, flow == FLOW_NAMES.index(name))[present] for name in ("delivered", *GONE)
    }
    columns["decayed_bq"] = _sums(nuclide, decayed, flow >= 0)[present]
    out = np.stack([columns[f"{name}_bq"] for name in OUT]).sum(axis=0)
    names = {"nuclide": run.named(present).astype(object)}
    return pd.DataFrame(names | columns | {"imbalance_bq": columns["delivered_bq"] - out})


def _sums(key: Array, values: Array, keep: Array) -> Array:
    """Sums by code; every code of a key has one."""
    return np.bincount(key, weights=np.where(keep, values, 0.0))


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
    table, vials = custody(run), came(run)
    columns: dict[str, Any] = {
        name: vials[name] for name in ("vial", "tracer", "nuclide", "delivered_s", "reference_s")
    }
    made = pd.DataFrame(columns | {"delivered_bq": vials["delivered_bq"]})
    names = made["vial"].astype(object)
    for flow in ("drawn", "wasted", "in_stock"):
        sums = table[table["flow"] == flow].groupby("piece", observed=True)["amount_bq"].sum()
        made[f"{flow}_bq"] = names.map(sums).astype(float).fillna(0.0)
    by = table.groupby("piece", observed=True)
    made["decayed_bq"] = names.map(by["decayed_bq"].sum()).astype(float)
    made["left_bq"] = names.map(by["held_bq"].last()).astype(float)
    drawn = table[table["flow"] == "drawn"].groupby("piece", observed=True).size()
    made["syringes"] = names.map(drawn).fillna(0).astype(int)
    return made.assign(reference_bq=vials["reference_bq"])


@once
def came(run: Run) -> dict[str, Any]:
    """The vials as they came: vial, tracer, nuclide, delivered_s, reference_s, delivered_bq, reference_bq."""
    rows = np.sort(np.concatenate([happenings(run, word) for word in CAME]))
    codes = {role: thing_of(run, role)[rows] for role in ("vial", "tracer", "nuclide")}
    time, activity = run.events["time_s"].to_numpy()[rows], value_of(run, "vial", "activity_bq")[rows]
    reference = np.full(len(run.names) + 1, np.nan)
    for vial, moment in run.facts.reference_s.items():
        if (code := run.code(vial)) >= 0:
            reference[code] = moment
    since = reference[codes["vial"]]
    since = np.where(np.isnan(since), time, since)
    names = {role: run.named(own) for role, own in codes.items()}
    amounts = {
        "delivered_bq": activity,
        "reference_bq": activity * np.exp(-_decay_constants(run)[codes["nuclide"]] * (since - time)),
    }
    return names | {"delivered_s": time, "reference_s": since} | amounts


def megabecquerel(run: Run, flow: str) -> dict[str | None, float | None]:
    """A column of the balance [MBq], by nuclide; None is all of them."""
    table = activity_balance(run)
    values = table[f"{flow}_bq"].to_numpy() * units.factor("Bq", "MBq")
    whole: dict[str | None, float | None] = {None: float(values.sum())}
    return whole | dict(zip(table["nuclide"], values.tolist(), strict=True))
