"""What was injected, one mark for each injection: activity against what was prescribed, substance against its limit."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import marks, words
from dashboard.figures.window import Window

MBQ, UL, NMOL = 1e-6, 1e9, 1e9


def seen(syringes: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Injections in the window."""
    return syringes[(syringes["injected_s"] >= window.first_s) & (syringes["injected_s"] < window.last_s)]


def _labelled(own: pd.DataFrame) -> pd.DataFrame:
    """Injections with activity: an agent without a label (contrast agent, luciferin, dye) has none."""
    return own[own["injected_bq"].notna()]


def figure(syringes: pd.DataFrame, window: Window) -> go.Figure:
    """Injected activity against time, one series for each tracer; filled where it is within 10 % of the prescribed."""
    own = _labelled(seen(syringes, window))
    if own.empty:
        return marks.nothing()
    drawn, looks = go.Figure(), marks.looks(own["tracer"])
    for tracer, rows in own.groupby("tracer", sort=False):
        colour, _, symbol, _ = looks[str(tracer)]
        far = (rows["injected_bq"] / rows["prescribed_bq"] - 1.0).abs() > 0.10
        drawn.add_scatter(
            x=window.moments(rows["injected_s"]).to_list(),
            y=(rows["injected_bq"] * MBQ).to_list(),
            name=escape(str(tracer)),
            mode="markers",
            marker={"color": colour, "size": 8, "symbol": [f"{symbol}-open" if one else symbol for one in far]},
            text=[_said(row) for row in rows.to_dict("records")],
            hovertemplate="%{x|%a %H:%M}<br>%{text}<extra></extra>",
        )
    for prescribed in sorted(set((own["prescribed_bq"].dropna() * MBQ).round(6))):
        marks.across(drawn, prescribed, f"prescribed {words.number(prescribed)} MBq", "prescribed")
    drawn.update_xaxes(type="date", tickformat="%H:%M" if window.view == "day" else "%a %-d %b")
    return marks.framed(drawn, 300, "", "Injected activity, MBq", yaxis_rangemode="tozero")


def _said(row: Mapping[Any, Any]) -> str:
    activity, volume = (float(row[name]) for name in ("injected_bq", "volume_m3"))
    lines = [
        f"<b>{escape(str(row['animal']))}</b>",
        f"{words.number(activity * MBQ)} MBq in {words.number(volume * UL)} µl from {escape(str(row['vial']))}",
    ]
    return "<br>".join(lines)


def caption(syringes: pd.DataFrame, window: Window) -> str:
    """How many, how much, and how many far from the prescription."""
    own = seen(syringes, window)
    if own.empty:
        return f"{window.title}: nothing was injected."
    hot, agents = _labelled(own), own[own["injected_bq"].isna()]
    said = [_of_activity(hot)] if len(hot) else []
    said += [_of_agents(agents)] if len(agents) else []
    return f"{window.title}: {'; '.join(said)}."


def _of_activity(own: pd.DataFrame) -> str:
    far = int(((own["injected_bq"] / own["prescribed_bq"] - 1.0).abs() > 0.10).sum())
    mean = words.number(own["injected_bq"].mean() * MBQ)
    volume = words.number(own["volume_m3"].mean() * UL)
    count = words.counted(len(own), "injection")
    return (
        f"{count} of activity, on average {mean} MBq in {volume} µl, {far} (open marks) more than 10 % from the "
        "prescribed activity"
    )


def _of_agents(own: pd.DataFrame) -> str:
    """Agents are counted, not drawn: they have no activity."""
    counts = own["tracer"].fillna("an agent").value_counts()
    return "not drawn, as without activity: " + ", ".join(f"{count} of {name}" for name, count in counts.items())


def table(syringes: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Every injection in the window."""
    own = seen(syringes, window)
    return pd.DataFrame(
        {
            "animal": own["animal"],
            "study": own["study"],
            "tracer": own["tracer"],
            "vial": own["vial"],
            "time": window.moments(own["injected_s"]).dt.floor("s"),
            "outcome": own["outcome"].map(lambda word: words.plain(str(word))),
            "injected_MBq": (own["injected_bq"] * MBQ).round(4),
            "prescribed_MBq": (own["prescribed_bq"] * MBQ).round(4),
            "volume_ul": (own["volume_m3"] * UL).round(2),
            "amount_nmol": (own["amount_mol"] * NMOL).round(5),
            "amount_nmol_per_kg": (own["amount_mol_per_kg"] * NMOL).round(4),
            "limit_nmol_per_kg": (own["limit_mol_per_kg"] * NMOL).round(4),
        }
    )


def mass_figure(syringes: pd.DataFrame, window: Window) -> go.Figure:
    """Substance of each injection for each kilogram of its animal; it rises from draw to draw as the vial decays."""
    own = seen(syringes, window)
    own = own[own["amount_mol_per_kg"].notna()]
    if own.empty:
        return marks.nothing(80)
    drawn, looks = go.Figure(), marks.looks(own["vial"])
    for vial, rows in own.groupby("vial", sort=False):
        colour, dash, symbol, _ = looks[str(vial)]
        drawn.add_scatter(
            x=window.moments(rows["injected_s"]).to_list(),
            y=(rows["amount_mol_per_kg"] * NMOL).to_list(),
            name=escape(str(vial)),
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 1},
            marker={"color": colour, "symbol": symbol, "size": 8},
            text=[escape(str(animal)) for animal in rows["animal"]],
            hovertemplate="%{x|%a %H:%M}, %{text}: %{y:.4g} nmol/kg<extra></extra>",
        )
    for limit in sorted(set((own["limit_mol_per_kg"].dropna() * NMOL).round(9))):
        marks.across(drawn, limit, f"limit {words.number(limit)} nmol/kg")
    drawn.update_xaxes(type="date", tickformat="%H:%M" if window.view == "day" else "%a %-d %b")
    return marks.framed(drawn, 280, "", "Injected substance, nmol/kg", yaxis_rangemode="tozero")


def mass_caption(syringes: pd.DataFrame, window: Window) -> str:
    """The most of a single injection, and the limit if there is one."""
    own = seen(syringes, window)
    known = own[own["amount_mol_per_kg"].notna()]
    if own.empty:
        return f"{window.title}: nothing was injected."
    if known.empty:
        return (
            "No vial of these days states its molar activity, so the injected mass is not modelled (key molar_activity "
            "of a delivery or preparation)."
        )
    most = marks.top(known, "amount_mol_per_kg")
    said = (
        f"{window.title}: the most was {words.number(most['amount_mol_per_kg'] * NMOL)} nmol/kg ({most['animal']}, "
        f"{words.number(most['amount_mol'] * NMOL)} nmol at {words.clock(window.start, most['injected_s'])})"
    )
    limit = most["limit_mol_per_kg"]
    return f"{said}; its protocol allows {words.number(limit * NMOL)} nmol/kg." if limit > 0 else f"{said}."
