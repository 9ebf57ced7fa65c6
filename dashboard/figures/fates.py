"""What became of the animals: excluded and why, actual severity, used of what is approved, enough for a comparison."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import marks, palette, words
from dashboard.figures.window import Window

#: Classes of severity, the mildest first, with their looks.
CLASSES = {
    "none": ("#D0D0D0", ""), "mild": ("#56B4E9", ""), "moderate": ("#E69F00", "/"), "severe": ("#D55E00", "x"),
}  # fmt: skip


class _Exclusions:
    """Animals of which a time point was lost and not made good."""

    def counts(self, welfare: pd.DataFrame) -> pd.Series[int]:
        """How many, by reason."""
        return welfare["excluded"].dropna().astype(str).value_counts()

    def figure(self, welfare: pd.DataFrame, window: Window) -> go.Figure:  # noqa: ARG002
        """A bar for each reason."""
        counts = self.counts(welfare)
        if counts.empty:
            return marks.nothing(80)
        drawn = go.Figure(
            go.Bar(
                y=[escape(words.plain(str(reason))) for reason in counts.index], x=counts.to_list(), orientation="h",
                marker={"color": "#0072B2"}, text=counts.to_list(), textposition="outside", cliponaxis=False,
                hovertemplate="%{y}: %{x} animals<extra></extra>",
            )
        )  # fmt: skip
        marks.framed(drawn, 90 + 30 * len(counts), "Animals", "")
        drawn.update_yaxes(autorange="reversed")
        drawn.update_xaxes(range=[0, 1.12 * float(counts.max())])
        return drawn

    def caption(self, welfare: pd.DataFrame, window: Window) -> str:  # noqa: ARG002
        """How many of all, and why most."""
        counts = self.counts(welfare)
        whole, lost = len(welfare), int(counts.sum())
        if not lost:
            return f"No animal of {whole} was excluded: no time point was lost."
        share = words.number(100.0 * lost / whole, 2)
        reason = words.plain(str(counts.index[0])).lower()
        most = f"most for: {reason} ({counts.iloc[0]})"
        return f"{lost} of {words.counted(whole, 'animal')} ({share} %) were excluded, {most}."

    def table(self, welfare: pd.DataFrame, window: Window) -> pd.DataFrame:  # noqa: ARG002
        """Every excluded animal."""
        return welfare[welfare["excluded"].notna()][["animal", "study", "visits", "scans", "excluded"]]


class _Severity:
    """Actual severity by study."""

    def counts(self, welfare: pd.DataFrame) -> pd.DataFrame:
        """study, severity, count."""
        table = pd.DataFrame(
            {"study": welfare["study"].astype(str), "severity": welfare["severity"].astype(str), "count": 1}
        )
        return marks.sums(table, ["study", "severity"], "count")

    def figure(self, welfare: pd.DataFrame, window: Window) -> go.Figure:  # noqa: ARG002
        """A stacked bar for each study."""
        counts = self.counts(welfare)
        if counts.empty:
            return marks.nothing(80)
        drawn = go.Figure()
        for word, (colour, pattern) in CLASSES.items():
            own = counts[counts["severity"] == word]
            if len(own):
                drawn.add_bar(
                    y=[escape(study) for study in own["study"]], x=own["count"].to_list(), orientation="h",
                    name=words.plain(word), marker={"color": colour, "pattern": palette.pattern(pattern)},
                    hovertemplate="%{y}: %{x} animals " + word + "<extra></extra>",
                )  # fmt: skip
        return marks.framed(drawn, 120 + 40 * counts["study"].nunique(), "Animals", "", barmode="stack")

    def caption(self, welfare: pd.DataFrame, window: Window) -> str:  # noqa: ARG002
        """How many of each class."""
        counts = welfare["severity"].astype(str).value_counts()
        said = [f"{counts[word]} {word}" for word in CLASSES if word in counts]
        if not said:
            return "No animal was in this run."
        dead = int(welfare["died"].sum())
        return f"Actual severity by 2010/63/EU: {', '.join(said)}; {words.counted(dead, 'animal')} died."

    def table(self, welfare: pd.DataFrame, window: Window) -> pd.DataFrame:  # noqa: ARG002
        """The counts."""
        return self.counts(welfare).rename(columns={"count": "animals"})


class _Projects:
    """Animals used of those approved."""

    def figure(self, projects: pd.DataFrame, window: Window) -> go.Figure:  # noqa: ARG002
        """A bar for each project on the bar of what is approved."""
        if projects.empty:
            return marks.nothing(80)
        names = [escape(words.plain(str(name))) for name in projects["project"]]
        drawn = go.Figure()
        drawn.add_bar(
            y=names, x=projects["approved"].to_list(), orientation="h", name="Approved", width=0.7,
            marker={"color": palette.PAUSE}, hovertemplate="%{y}: %{x} approved<extra></extra>",
        )  # fmt: skip
        drawn.add_bar(
            y=names, x=projects["used"].to_list(), orientation="h", name="Used in this run", width=0.4,
            marker={"color": "#0072B2"}, hovertemplate="%{y}: %{x} used<extra></extra>",
            text=[f"{used} of {most}" for used, most in zip(projects["used"], projects["approved"], strict=True)],
            textposition="outside", cliponaxis=False,
        )  # fmt: skip
        marks.framed(drawn, 120 + 40 * len(projects), "Animals", "", barmode="overlay")
        drawn.update_yaxes(autorange="reversed")
        return drawn

    def caption(self, projects: pd.DataFrame, window: Window) -> str:  # noqa: ARG002
        """How much of each approval was used."""
        if projects.empty:
            return "This scenario states no project authorisation."
        said = [
            f"{row['project'].replace('_', ' ')} used {row['used']} of {row['approved']} "
            f"({words.number(100.0 * row['used'] / row['approved'], 2)} %)"
            for row in projects.to_dict("records")
            if row["approved"]
        ]
        return f"In this run {words.listed(said)}."

    def table(self, projects: pd.DataFrame, window: Window) -> pd.DataFrame:  # noqa: ARG002
        """Each project."""
        return projects.assign(used_pct=(100.0 * projects["used"] / projects["approved"]).round(2))


#: How many animals a group of each study should begin with (`animals_per_comparison`).
Begin = Mapping[str, float]


class _Powered:
    """Animals that a powered comparison needs, and those that were scanned."""

    def figure(self, comparisons: pd.DataFrame, begin: Begin) -> go.Figure:  # noqa: ARG002
        """Needed and scanned in a group, for each study."""
        if comparisons.empty:
            return marks.nothing(80)
        names = [escape(f"{row['study']} ({row['target']})") for row in comparisons.to_dict("records")]
        looks = (
            ("animals_per_group", "Needed in each group", 1),
            ("animals_scanned", "Usable in the smallest group", 0),
        )
        drawn = go.Figure()
        for column, label, number in looks:
            colour, _, _, pattern = marks.look(number)
            drawn.add_bar(
                y=names, x=comparisons[column].astype(float).to_list(), orientation="h", name=label,
                marker={"color": colour, "pattern": palette.pattern(pattern)},
                hovertemplate="%{y}, " + label.lower() + ": %{x}<extra></extra>",
            )  # fmt: skip
        marks.framed(drawn, 120 + 60 * len(comparisons), "Animals in a group", "", barmode="group", bargap=0.3)
        drawn.update_yaxes(autorange="reversed")
        return drawn

    def caption(self, comparisons: pd.DataFrame, begin: Begin) -> str:
        """Whether each study's animals suffice."""
        if comparisons.empty:
            said = "No study of this scenario says what it measures (key measurement), so no image can be judged."
        else:
            said = f"By what the images can show, {'; '.join(_enough(row) for row in comparisons.to_dict('records'))}."
        known = [f"{words.plain(study).lower()} {words.number(most)}" for study, most in begin.items()]
        if not known:
            return said
        return (
            f"{said} To begin with, for what injections, timing and lost animals add: {', '.join(known)} in each group."
        )

    def table(self, comparisons: pd.DataFrame, begin: Begin) -> pd.DataFrame:  # noqa: ARG002
        """Each study with the parts of its coefficient of variation."""
        return comparisons.round(3)


def _enough(row: Mapping[Any, Any]) -> str:
    needed, scanned = row["animals_per_group"], row["animals_scanned"]
    if needed != needed:  # noqa: PLR0124 - NaN: no number of animals is known
        return f"{row['study']} has no number of animals that would do"
    made = words.number(float(row["comparisons"]), 2)
    effect = words.number(float(row["effect_pct"]), 2)
    due = f"{row['study']} needs {words.number(float(needed))} animals in each group to see {effect} %"
    return f"{due}, the smallest group has {scanned} usable: {made} powered comparisons"


EXCLUSIONS, SEVERITY, PROJECTS, POWERED = _Exclusions(), _Severity(), _Projects(), _Powered()
