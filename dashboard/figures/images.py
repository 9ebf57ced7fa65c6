"""What the scans are worth: counts, blur and noise by place in the bed, and the curve of count rates they lie on."""

from __future__ import annotations

import math
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import marks, palette, words
from dashboard.figures.window import Window

MILLION, KCPS, MBQ, MM = 1e-6, 1e-3, 1e-6, 1e3
NONE = "No PET scan of this run has known counts: its ring or bed is not known, or nothing was injected."
#: Where the axis of activity begins unless a scan had less [MBq], and where it is labelled.
LEAST_MBQ = 0.5
TICKS = [float(f"{digit}e{power}") for power in range(-2, 4) for digit in (1, 2, 5)]
#: So many points are drawn; the table has all.
MOST_POINTS = 3000


def _kind(row: Any) -> str:
    return f"{row['study']}, {row['scanner']}, {row['animals']} on the bed"


def _kinds(places: pd.DataFrame) -> pd.Series[str]:
    found = [_kind(row) for row in places.to_dict("records")]
    return pd.Series(found, index=places.index, dtype=object)


class _Counts:
    """Noise-equivalent counts of a scan by place."""

    def figure(self, places: pd.DataFrame, window: Window) -> go.Figure:  # noqa: ARG002
        """A bar for each place of each kind of bed, from the least to the most as a line on it."""
        if places.empty:
            return marks.nothing(80)
        kinds = _kinds(places)
        drawn = go.Figure()
        for number, place in enumerate(sorted(set(places["place"]))):
            own = places[places["place"] == place]
            colour, _, _, pattern = marks.look(number)
            drawn.add_bar(
                x=[escape(kind).replace(", ", "<br>", 1) for kind in kinds[own.index]], name=f"Place {place}",
                y=(own["nec"] * MILLION).to_list(),
                marker={"color": colour, "pattern": palette.pattern(pattern)},
                error_y={
                    "type": "data", "symmetric": False, "array": ((own["nec_high"] - own["nec"]) * MILLION).to_list(),
                    "arrayminus": ((own["nec"] - own["nec_low"]) * MILLION).to_list(), "thickness": 1,
                },
                hovertemplate="%{x}, place " + str(place) + ": %{y:.3g} million<extra></extra>",
            )  # fmt: skip
        return marks.framed(drawn, 340, "", "Noise-equivalent counts of a scan, million", barmode="group")

    def caption(self, places: pd.DataFrame, window: Window) -> str:  # noqa: ARG002
        """The mean, the place with least, and how much crowding costs."""
        if places.empty:
            return NONE
        scans = int(places["scans"].sum())
        mean = float(np.average(places["nec"], weights=places["scans"]))
        least = places.iloc[int(places["nec"].argmin())]
        return (
            f"{words.counted(scans, 'scan')} of an animal had {words.number(mean * MILLION)} million noise-equivalent "
            f"counts on average; the least in the mean has place {least['place']} ({_kind(least)}), "
            f"{words.number(least['nec'] * MILLION)} million."
        )

    def table(self, places: pd.DataFrame, window: Window) -> pd.DataFrame:  # noqa: ARG002
        """Every place."""
        names = ["study", "scanner", "protocol", "animals", "place", "scans"]
        counts = {
            f"{name}_million": (places[name] * MILLION).round(3)
            for name in ("trues", "scattered", "randoms", "nec", "nec_low", "nec_high")
        }
        more = {
            "activity_MBq": (places["activity_bq"] * MBQ).round(4),
            "off_axis_mm": (places["off_axis_m"] * MM).round(2),
            "fwhm_mm": (places["fwhm_m"] * MM).round(3),
            "noise_pct": places["noise_pct"].round(4),
        }
        return places[names].assign(**counts, **more)


class _Quality(_Counts):
    """Blur and noise by place."""

    def figure(self, places: pd.DataFrame, window: Window) -> go.Figure:  # noqa: ARG002
        """A mark for each place: blur to the right, noise upward."""
        known = places[places["noise_pct"].notna()]
        if known.empty:
            return marks.nothing(80)
        kinds, drawn = _kinds(known), go.Figure()
        for number, (kind, own) in enumerate(known.groupby(kinds, sort=False)):
            colour, _, symbol, _ = marks.look(number)
            drawn.add_scatter(
                x=own["place"].to_list(), y=own["noise_pct"].to_list(), name=escape(str(kind)), mode="lines+markers",
                marker={"color": colour, "symbol": symbol, "size": 10}, line={"color": colour, "width": 1},
                text=[_blur(row) for row in own.to_dict("records")],
                hovertemplate="place %{x}: noise %{y:.3g} %<br>%{text}<extra></extra>",
            )  # fmt: skip
        marks.framed(drawn, 320, "Place in the bed", "Noise of the target by counting, %", yaxis_rangemode="tozero")
        drawn.update_xaxes(dtick=1)
        return drawn

    def caption(self, places: pd.DataFrame, window: Window) -> str:  # noqa: ARG002
        """Blur of the scanner at the places, and the noisiest place."""
        if places.empty:
            return NONE
        first = places.iloc[0]
        blur = f"{_blur(first)}." if not math.isnan(first["fwhm_m"]) else "The blur of this scanner is not known."
        known = places[places["noise_pct"].notna()]
        if known.empty:
            return f"{blur} No study says what it measures (key measurement), so its noise cannot be told."
        worst = marks.top(known, "noise_pct")
        return (
            f"{blur} The noisiest is place {worst['place']} ({_kind(worst)}): counting leaves "
            f"{words.number(worst['noise_pct'])} % in the target."
        )


def _blur(row: Any) -> str:
    fwhm, off = float(row["fwhm_m"]), float(row["off_axis_m"])
    if math.isnan(fwhm):
        return "blur not known"
    return f"Blur {words.number(fwhm * MM)} mm FWHM (image of a thin line), {words.number(off * MM)} mm from the axis"


def _lines(curve: pd.DataFrame) -> list[tuple[str, list[str], pd.DataFrame]]:
    """The curves with their names and kinds; studies whose curves are the same share one."""
    found: dict[Any, tuple[list[str], list[str], Any, pd.DataFrame]] = {}
    for kind, own in curve.groupby(_kinds(curve), sort=False):
        first = own.iloc[0]
        key = (
            first["scanner"],
            first["animals"],
            tuple(own["activity_bq"].round(-2)),
            tuple(own["nec_per_s"].round(1)),
        )
        studies, kinds, _, _ = found.setdefault(key, ([], [], first, own))
        studies.append(str(first["study"]))
        kinds.append(str(kind))
    return [
        (f"{first['scanner']}, {first['animals']} on the bed ({words.listed(studies)})", kinds, own)
        for studies, kinds, first, own in found.values()
    ]


class _Rates:
    """Noise-equivalent count rate against activity, with the scans of the days shown on it."""

    def points(self, curve: pd.DataFrame, scans: pd.DataFrame, window: Window) -> pd.DataFrame:
        """Scans of the days: kind, animal, start_s, activity_bq (mean of the scan), nec_per_s."""
        own = scans[(scans["start_s"] >= window.first_s) & (scans["start_s"] < window.last_s) & scans["nec"].notna()]
        own = own[own["duration_s"] > 0.0]
        decays = curve.groupby(["study", "protocol"])["decay_per_s"].first().to_dict()
        keys = zip(own["study"].astype(str), own["protocol"].astype(str), strict=True)
        decay = np.array([decays.get(key, np.nan) for key in keys], dtype=float)
        lasts = own["duration_s"].to_numpy()
        mean = own["activity_bq"].to_numpy() * -np.expm1(-decay * lasts) / (decay * lasts)
        kinds = [_kind(row) for row in own.to_dict("records")]
        table = {"kind": kinds, "animal": own["animal"].astype(str).to_numpy(), "start_s": own["start_s"].to_numpy()}
        return pd.DataFrame(table | {"activity_bq": mean, "nec_per_s": own["nec"].to_numpy() / lasts})

    def figure(self, curve: pd.DataFrame, scans: pd.DataFrame, window: Window) -> go.Figure:
        """A line for each kind of bed, and its scans as marks."""
        if curve.empty:
            return marks.nothing(80)
        points = self.points(curve, scans, window).head(MOST_POINTS)
        drawn = go.Figure()
        for number, (name, kinds, own) in enumerate(_lines(curve)):
            colour, dash, symbol, _ = marks.look(number)
            kind = escape(name)
            drawn.add_scatter(
                x=(own["activity_bq"] * MBQ).to_list(), y=(own["nec_per_s"] * KCPS).to_list(), mode="lines",
                name=kind, legendgroup=kind, line={"color": colour, "dash": dash, "width": 2},
                hovertemplate="%{x:.3g} MBq in each: %{y:.4g} kcps<extra></extra>",
            )  # fmt: skip
            mine = points[points["kind"].isin(kinds)]
            drawn.add_scatter(
                x=(mine["activity_bq"] * MBQ).to_list(), y=(mine["nec_per_s"] * KCPS).to_list(), mode="markers",
                name=f"{kind}: scans", legendgroup=kind, showlegend=False,
                marker={"color": colour, "symbol": f"{symbol}-open", "size": 8},
                text=[escape(animal) for animal in mine["animal"]],
                hovertemplate="%{text}: %{x:.3g} MBq, %{y:.4g} kcps<extra></extra>",
            )  # fmt: skip
        marks.framed(drawn, 400, "Activity in an animal, mean of its scan, MBq", "Noise-equivalent rate, kcps")
        low = min(LEAST_MBQ, 0.5 * float(points["activity_bq"].min() * MBQ)) if len(points) else LEAST_MBQ
        high = 1.1 * float(curve["activity_bq"].max()) * MBQ
        drawn.update_xaxes(
            type="log", range=[math.log10(low), math.log10(high)], tickmode="array", tickvals=TICKS,
            ticktext=[words.number(tick) for tick in TICKS],
        )  # fmt: skip
        drawn.update_yaxes(rangemode="tozero")
        return drawn

    def caption(self, curve: pd.DataFrame, scans: pd.DataFrame, window: Window) -> str:
        """Where the scans lie, and where the peak is."""
        if curve.empty:
            return NONE
        points = self.points(curve, scans, window)
        peak = marks.top(curve, "nec_per_s")
        said = (
            f"The highest peak is {words.number(peak['nec_per_s'] * KCPS)} kcps for an animal at "
            f"{words.number(peak['activity_bq'] * MBQ)} MBq in it ({_kind(peak)})"
        )
        if points.empty:
            return f"{said}. {window.title}: no scan with known counts."
        low, high = (words.number(value * MBQ) for value in (points["activity_bq"].min(), points["activity_bq"].max()))
        mean = words.number(points["nec_per_s"].mean() * KCPS)
        count = words.counted(len(points), "scan")
        return f"{said}. {window.title}: {count} of an animal with {low} to {high} MBq, on average {mean} kcps."

    def table(self, curve: pd.DataFrame, scans: pd.DataFrame, window: Window) -> pd.DataFrame:
        """The scans of the days."""
        own = self.points(curve, scans, window)
        return pd.DataFrame(
            {
                "kind": own["kind"],
                "animal": own["animal"],
                "start": window.moments(own["start_s"]).dt.floor("s"),
                "activity_MBq": (own["activity_bq"] * MBQ).round(4),
                "nec_kcps": (own["nec_per_s"] * KCPS).round(4),
            }
        )


COUNTS, QUALITY, RATES = _Counts(), _Quality(), _Rates()
