"""The charts of a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dashboard.figures import gantt, hours, layout, marks, palette, words
from dashboard.figures.window import DAY_S, Window

FLOWS = ("delivered", "injected", "decayed", "wasted", "residual", "spilt", "in_stock")


def of_run(run: Any) -> Iterator[tuple[str, str, Any]]:
    """A day of the run, use by hour, activity, dose."""
    tables, seen = run.tables, run.tables["hours"]
    window = Window(*_time(run), _busiest_day(tables))
    yield (
        "A day",
        gantt.caption(tables["timeline"], window),
        gantt.figure(tables["timeline"], tables["calendar"], hours.things(seen), window),
    )
    yield "Use by hour of the day", hours.caption(seen, window), hours.figure(seen, window)
    yield "Activity", "Where the activity went, by nuclide; at the time of each.", _activity(run.kpis)
    for kpi, title in DOSES.items():
        doses = _of_people(run.kpis, kpi)
        if doses:
            most = max(doses, key=lambda person: doses[person])
            yield title, f"By handling, in this run; {most} has most, {words.number(doses[most])} mSv.", _bars(doses)


def _time(run: Any) -> tuple[str, float]:
    """When a run starts, and how long it is [s]."""
    facts = run if hasattr(run, "horizon_s") else run.facts if hasattr(run, "facts") else run.run.facts
    return facts.start, facts.horizon_s


def _busiest_day(tables: Any) -> int:
    """The day with most work."""
    started = tables["timeline"]["start_s"] // DAY_S
    return int(started.mode().iloc[0]) if len(started) else 0


def _activity(kpis: Mapping[str, Any]) -> Any:
    import plotly.graph_objects as go

    nuclides = [name.partition("[")[2].rstrip("]") for name in kpis if name.startswith("activity_injected_mbq[")]
    names = [words.plain(flow) for flow in FLOWS]
    bars = [
        go.Bar(
            name=nuclide, x=names, y=[_value(kpis.get(f"activity_{flow}_mbq[{nuclide}]")) for flow in FLOWS],
            marker={"color": marks.look(number)[0]},
        )
        for number, nuclide in enumerate(nuclides)
    ]  # fmt: skip
    figure = go.Figure(bars)
    figure.update_layout(layout.base(280) | {"barmode": "group", "showlegend": len(bars) > 1})
    figure.update_yaxes(title_text="MBq", gridcolor=palette.GRID, automargin=True)
    return figure


#: Doses of single people that a report draws; who may not see them has none of these figures.
DOSES = {
    "dose_whole_body_msv": "Dose of the whole body, Hp(10)",
    "dose_fingertip_msv": "Dose of the fingertips, Hp(0.07)",
}


def _of_people(kpis: Mapping[str, Any], kpi: str) -> dict[str, float]:
    """Person -> value of a figure, the most first."""
    found = {name[len(kpi) + 1 : -1]: one["value"] for name, one in kpis.items() if name.startswith(f"{kpi}[")}
    return {name: float(found[name]) for name in sorted(found, key=lambda name: -(found[name] or 0.0)) if found[name]}


def _bars(doses: Mapping[str, float]) -> Any:
    import plotly.graph_objects as go

    values = list(doses.values())
    figure = go.Figure(
        go.Bar(y=list(doses), x=values, orientation="h", text=[words.number(one) for one in values],
               marker={"color": marks.look(0)[0]}, textposition="auto")
    )  # fmt: skip
    figure.update_layout(layout.base(80 + 26 * len(doses)))
    figure.update_xaxes(title_text="mSv", gridcolor=palette.GRID)
    figure.update_yaxes(autorange="reversed")
    return figure


def forest(found: Sequence[Mapping[str, Any]]) -> Any:
    """Each difference over the half width of its interval."""
    import plotly.graph_objects as go

    names = [f"{one['kpi']} ({one['scenario_b']})" for one in found]
    halves = [(one["high"] - one["low"]) / 2.0 or 1.0 for one in found]
    x = [one["difference"] / half for one, half in zip(found, halves, strict=True)]
    figure = go.Figure(
        go.Scatter(x=x, y=names, mode="markers", error_x={"type": "constant", "value": 1.0}, marker={"size": 9})
    )
    figure.update_layout(layout.base(90 + 34 * len(names)))
    figure.update_xaxes(zeroline=True, zerolinecolor="#000", gridcolor=palette.GRID)
    figure.update_yaxes(autorange="reversed", automargin=True)
    return figure


def _value(figure: Mapping[str, Any] | None) -> float:
    return 0.0 if figure is None or figure["value"] is None else float(figure["value"])
