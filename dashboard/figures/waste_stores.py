"""How full the stores of waste are: bags in the decay store, carcasses in the freezer."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import layout, marks, words
from dashboard.figures.window import Window

NAMES = {"decay_store": "Decay store", "freezer": "Freezer"}
NONE = "This facility says nothing of places for waste (key waste of a scenario)."


def figure(stores: pd.DataFrame, window: Window) -> go.Figure:
    """A line of steps for each store over the whole run, and its places as a dashed line."""
    if stores.empty:
        return marks.nothing(80)
    drawn = go.Figure()
    for number, (store, own) in enumerate(stores.groupby("store", sort=False)):
        colour, dash, _, _ = marks.look(number)
        name = NAMES.get(str(store), str(store))
        times = [*own["time_s"].tolist(), window.horizon_s]
        drawn.add_scatter(
            x=window.moments(pd.Series(times)).to_list(), y=[*own["held"].tolist(), int(own["held"].iloc[-1])],
            mode="lines", line={"shape": "hv", "color": colour, "dash": dash, "width": 2}, name=name,
            hovertemplate="%{x|%a %-d %b %H:%M}: %{y}<extra>" + name + "</extra>",
        )  # fmt: skip
        marks.across(drawn, float(own["places"].iloc[0]), f"{name.lower()}: {own['places'].iloc[0]:.0f} places")
    marks.framed(drawn, 300, "", "Bags or carcasses")
    drawn.update_xaxes(tickformatstops=layout.DATES)
    drawn.update_yaxes(rangemode="tozero")
    return drawn


def caption(stores: pd.DataFrame, window: Window) -> str:
    """How full each store got, when, and how it ended."""
    return " ".join(_said(str(store), own, window) for store, own in stores.groupby("store", sort=False)) or NONE


def _said(store: str, own: pd.DataFrame, window: Window) -> str:
    most, places = marks.top(own, "held"), float(own["places"].iloc[0])
    at = words.moment(window.start, float(most["time_s"]))
    share = words.number(100.0 * float(most["held"]) / places, 2)
    full = " It was over-full then, and nothing was drawn." if most["held"] > places else ""
    return (
        f"{NAMES.get(store, store)}: at the most {most['held']:.0f} of {places:.0f} places ({share} %) on "
        f"{at.day} {at:%b %H:%M}, {own['held'].iloc[-1]:.0f} at the end.{full}"
    )


def table(stores: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Each change."""
    return pd.DataFrame(
        {
            "store": stores["store"],
            "time": window.moments(stores["time_s"].astype(float)).dt.floor("s"),
            "held": stores["held"],
            "places": stores["places"],
        }
    )
