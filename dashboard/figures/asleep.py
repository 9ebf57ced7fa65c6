"""How long animals slept, how cold they became, and how far their uptake time was from the protocol's."""

from __future__ import annotations

from html import escape

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import marks, words
from dashboard.figures.window import Window

MIN = 60.0


def _groups(table: pd.DataFrame, by: str, column: str) -> list[tuple[str, list[float]]]:
    """The known values of a column for each value of another."""
    known = table[table[column].notna()]
    return [(escape(str(name)), rows[column].tolist()) for name, rows in known.groupby(by, sort=False, observed=True)]


def _boxes(groups: list[tuple[str, list[float]]], unit: str, title: str) -> go.Figure:
    drawn = go.Figure(marks.spread(groups, unit))
    return marks.framed(drawn, 110 + 62 * len(groups), title, "")


class _Anaesthesia:
    """Time under anaesthesia of a visit, against the soft limit."""

    def minutes(self, visits: pd.DataFrame) -> pd.DataFrame:
        """Visits with anaesthesia: study, minutes."""
        slept = visits[visits["anaesthesia_s"] > 0.0]
        return slept.assign(minutes=slept["anaesthesia_s"] / MIN)

    def figure(self, visits: pd.DataFrame, limits: pd.DataFrame, window: Window) -> go.Figure:  # noqa: ARG002
        """A box for each study, a point for each visit."""
        own = self.minutes(visits)
        if own.empty:
            return marks.nothing(80)
        drawn = _boxes(_groups(own, "study", "minutes"), "min", "Time under anaesthesia of a visit, min")
        for soft in sorted(set(limits["anaesthesia_soft_s"].dropna())):
            marks.down(drawn, soft / MIN, f"soft limit {words.number(soft / MIN)} min")
        drawn.update_xaxes(rangemode="tozero")
        return drawn

    def caption(self, visits: pd.DataFrame, limits: pd.DataFrame, window: Window) -> str:  # noqa: ARG002
        """Mean, longest, and how many passed the soft limit."""
        own = self.minutes(visits)
        if own.empty:
            return "No animal was anaesthetised in this run."
        soft = dict(zip(limits["study"], limits["anaesthesia_soft_s"] / MIN, strict=True))
        over = int((own["minutes"] > own["study"].astype(str).map(soft)).sum())
        longest = marks.top(own, "minutes")
        share = words.number(100.0 * over / len(own), 2)
        return (
            f"{words.counted(len(own), 'visit')} slept {words.number(own['minutes'].mean())} min on average, the "
            f"longest {words.number(longest['minutes'])} min ({longest['animal']}); {over} ({share} %) longer than "
            "the soft limit."
        )

    def table(self, visits: pd.DataFrame, limits: pd.DataFrame, window: Window) -> pd.DataFrame:  # noqa: ARG002
        """Every visit with anaesthesia."""
        own = self.minutes(visits)
        return pd.DataFrame({"visit": own["visit"], "study": own["study"], "anaesthesia_min": own["minutes"].round(2)})


class _Warmth:
    """The lowest temperature of each animal, against the limits of its species."""

    def figure(self, welfare: pd.DataFrame, limits: pd.DataFrame, window: Window) -> go.Figure:  # noqa: ARG002
        """A box for each study, a point for each animal."""
        groups = _groups(welfare, "study", "lowest_degc")
        if not groups:
            return marks.nothing(80)
        drawn = _boxes(groups, "°C", "Lowest body temperature of an animal, °C")
        shown = limits[limits["study"].isin([name for name, _ in groups])]
        for degc in sorted(set(shown["cold_degc"].dropna())):
            marks.down(drawn, degc, f"hypothermic below {words.number(degc)} °C")
        return drawn

    def caption(self, welfare: pd.DataFrame, limits: pd.DataFrame, window: Window) -> str:  # noqa: ARG002
        """The coldest, and how many were hypothermic for how long."""
        known = welfare[welfare["lowest_degc"].notna()]
        if known.empty:
            return "The log of this run knows no temperature of an animal."
        coldest = known.iloc[int(known["lowest_degc"].argmin())]
        cold = known[known["hypothermia_s"] > 0.0]
        lasted = f", on average for {words.number(cold['hypothermia_s'].mean() / MIN)} min" if len(cold) else ""
        return (
            f"The coldest was {coldest['animal']} with {words.number(coldest['lowest_degc'])} °C; {len(cold)} of "
            f"{words.counted(len(known), 'animal')} were hypothermic at some time{lasted}."
        )

    def table(self, welfare: pd.DataFrame, limits: pd.DataFrame, window: Window) -> pd.DataFrame:  # noqa: ARG002
        """Every animal with a temperature."""
        known = welfare[welfare["lowest_degc"].notna()]
        return pd.DataFrame(
            {
                "animal": known["animal"],
                "study": known["study"],
                "lowest_degC": known["lowest_degc"].round(2),
                "hypothermia_min": (known["hypothermia_s"] / MIN).round(2),
            }
        )


class _Uptake:
    """Uptake time less the protocol's."""

    def figure(self, visits: pd.DataFrame, window: Window) -> go.Figure:  # noqa: ARG002
        """A box for each protocol; early on the left of zero, late on its right."""
        groups = _groups(visits.assign(minutes=visits["uptake_error_s"] / MIN), "protocol", "minutes")
        if not groups:
            return marks.nothing(80)
        drawn = _boxes(groups, "min", "Uptake time less the protocol's, min")
        drawn.add_vline(x=0.0, line={"color": "#7F7F7F", "width": 1})
        return drawn

    def caption(self, visits: pd.DataFrame, window: Window) -> str:  # noqa: ARG002
        """Mean distance, and the latest."""
        known = visits[visits["uptake_error_s"].notna()]
        if known.empty:
            return "No visit of this run has an uptake time that is aimed at."
        error = known["uptake_error_s"] / MIN
        latest = known.iloc[int(error.argmax())]
        return (
            f"{words.counted(len(known), 'visit')} began their scan {words.number(error.abs().mean())} min from the "
            f"protocol's uptake time on average; {int((error.abs() > 5).sum())} more than 5 min from it, the latest "
            f"{words.number(error.max())} min late ({latest['animal']})."
        )

    def table(self, visits: pd.DataFrame, window: Window) -> pd.DataFrame:  # noqa: ARG002
        """Every visit with an aim."""
        known = visits[visits["uptake_error_s"].notna()]
        columns = {f"{name}_min": (known[f"{name}_s"] / MIN).round(2)
                   for name in ("uptake", "uptake_target", "uptake_error")}  # fmt: skip
        return pd.DataFrame({"visit": known["visit"], "protocol": known["protocol"]} | columns)


ANAESTHESIA, WARMTH, UPTAKE = _Anaesthesia(), _Warmth(), _Uptake()
