"""A report as one HTML file that needs nothing else: question, answer, figures, charts, assumptions, sources.

It takes what `twin.api` gives: a run, replications, a comparison or a sweep.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

from dashboard.figures import gantt, hours, layout, palette, words
from dashboard.figures import sweep as sweep_figures
from dashboard.figures.window import DAY_S, Window
from twin import api

#: What a report says first of a run.
FIRST = ("animals_per_day", "lead_time_days", "wait_mean_min[all]", "overtime_min", "cost_total")
FLOWS = ("delivered", "injected", "decayed", "wasted", "residual", "spilt", "in_stock")
STYLE = (
    f"body{{font-family:{layout.FONT};max-width:68rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff;"
    "line-height:1.45}table{border-collapse:collapse;margin:.5rem 0 1.5rem;font-variant-numeric:tabular-nums}"
    "th,td{text-align:left;padding:.2rem .8rem .2rem 0;border-bottom:1px solid #ddd;vertical-align:top}"
    "td.n,th.n{text-align:right}.answer{font-size:1.15rem;border-left:4px solid #0072B2;padding-left:.8rem}"
    "figure{margin:0 0 1.5rem}figcaption{color:#444}"
    "@media print{body{max-width:none;margin:0}h2{break-after:avoid}figure,tr{break-inside:avoid}}"
)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text; the columns numbered in `right` are numbers."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What stands in a report.

    Attributes
    ----------
    title, question : str
    answer : tuple of str
        Sentences; the first is the answer.
    figures : Table
        KPIs with their intervals.
    charts : tuple of (title, caption, figure)
    assumptions : Table or None
    sources : tuple of str
    stress : mapping
        Items of STRESS-DES.
    """

    title: str
    question: str
    answer: tuple[str, ...]
    figures: Table
    charts: tuple[tuple[str, str, Any], ...] = ()
    assumptions: Table | None = None
    sources: tuple[str, ...] = ()
    stress: Mapping[str, str] = field(default_factory=dict)


def html(thing: Any) -> str:
    """The report of a run, replications, a comparison (also as ``as_data()`` gives it) or a sweep."""
    return page(report(thing))


#: What may be left out of a report, and what it is called.
SECTIONS = {
    "figures": "Figures", "charts": "Charts", "assumptions": "Assumed numbers", "sources": "Sources",
    "stress": "STRESS-DES (the checklist for reports of simulations)",
}  # fmt: skip


def chosen(found: Report, sections: Iterable[str]) -> Report:
    """A report without the sections that are not wanted; title, question and answer stay."""
    wanted = set(sections)
    return replace(
        found,
        figures=found.figures if "figures" in wanted else Table((), ()),
        charts=found.charts if "charts" in wanted else (),
        assumptions=found.assumptions if "assumptions" in wanted else None,
        sources=found.sources if "sources" in wanted else (),
        stress=found.stress if "stress" in wanted else {},
    )


def report(thing: Any) -> Report:
    """What the report of a thing says."""
    if isinstance(thing, Mapping):
        return _comparison(thing)
    for kind, made in ((api.Compared, _compared), (api.Replicated, _replicated), (api.Swept, _swept)):
        if isinstance(thing, kind):
            return made(thing)
    return _run(thing)


# Kinds of things ----------------------------------------------------------------------------------------------------


def _run(run: Any) -> Report:
    """One run, just played or opened, or as a user of the dashboard may see it (which may lack parts)."""
    said = run.manifest if hasattr(run, "manifest") else run.as_manifest()
    told = [one for one in _in_order(run.kpis) if "[" not in one[0] or one[1]["value"]]  # no count of nothing
    rows = [(name, _number(figure["value"]), _unit(figure["unit"])) for name, figure in told]
    warning = "This is one run: one draw of luck. It has no intervals; twin replicate gives them."
    return Report(
        title=f"{run.name}, seed {run.seed}",
        question=str(said.get("scenario", {}).get("question") or ""),
        answer=(run.bottleneck, warning),
        figures=Table(("figure", "value", "unit"), rows, (1,)),
        charts=tuple(_charts(run)),
        assumptions=_assumptions(said["assumed"]),
        sources=_sources(said["sources"]),
        stress=_stress(said),
    )


def _replicated(made: Any) -> Report:
    """Replications of one scenario."""
    run = api.simulate(made.scenario)
    said = run.as_manifest()
    rows = [
        (name, _number(one.mean), _span(one.low, one.high), str(one.n), _unit(one.unit))
        for name, one in _in_order(made.kpis) if one.mean is not None
    ]  # fmt: skip
    heads = [(name, made.kpis[name]) for name in FIRST if name in made.kpis and made.kpis[name].low is not None]
    answer = tuple(f"{name}: {_number(one.mean)} {_unit(one.unit)} ({_span(one.low, one.high)})" for name, one in heads)
    count = len(made.records)
    return Report(
        title=f"{made.name}: {count} replications, seed {made.seed}",
        question=str(said["scenario"].get("question") or ""),
        answer=(f"{'; '.join(answer)}.", f"Means of {count} replications with {100 * made.confidence:g} % intervals."),
        figures=Table(("figure", "mean", "interval", "n", "unit"), rows, (1, 3)),
        charts=tuple((f"Replication 0: {title}", caption, figure) for title, caption, figure in _charts(run)),
        assumptions=_assumptions(said["assumed"]),
        sources=_sources(said["sources"]),
        stress={
            **_stress(said),
            "1.3 experimentation": f"{count} replications of one scenario",
            "4.3 estimation": f"{count} replications, {_why(made)}; Student's intervals",
        },
    )


def _stress(said: Mapping[str, Any]) -> dict[str, str]:
    """The checklist of a run, with the machine that played it; none for who may not see it."""
    if "stress_des" not in said:
        return {}
    versions = ", ".join(f"{name} {number}" for name, number in said["versions"].items() if number)
    host = said["host"]
    return {**said["stress_des"], "5.4 system": f"{host['machine']}, {host['system']}; {versions}"}


def _why(made: Any) -> str:
    """What the number of replications follows from."""
    asked = made.precision
    if asked is None:
        return "as many as were asked for"
    share = f"{100 * asked.precision:g} % of {', '.join(asked.kpis)}"
    return f"enough for {share}" if asked.enough is not None else f"not yet enough for {share}"


def _compared(made: Any) -> Report:
    """A comparison that was just made."""
    return _comparison(made.as_data())


def _comparison(said: Mapping[str, Any]) -> Report:
    """A comparison as ``twin compare --json`` writes it."""
    found = said["differences"]
    known = [one for one in found if one["difference"] is not None and not one["identical"]]
    rows = [
        (one["kpi"], one["scenario_b"], _number(one["a"]), _number(one["b"]), _number(one["difference"]),
         _span(one["low"], one["high"]), _unit(one["unit"]), one["verdict"])
        for one in known
    ]  # fmt: skip
    heads = ("figure", "scenario", str(said["scenarios"][0]), "value", "difference", "interval", "unit", "verdict")
    note = f"{said['replications']} replications each, with the luck of seed {said['seed']} shared."
    told = [one for one in known if one["kpi"] in FIRST] or known[:8]
    charts = (
        ("Differences", "Difference over the size of its interval; beyond 1 the interval leaves 0 out.", _forest(told)),
    )
    names = ", ".join(map(str, said["scenarios"]))
    resolved = said.get("resolved", ())  # who may not see the people in it gets none
    base = _base(resolved[0]) if resolved else {}
    return Report(
        title=f"{', '.join(said['scenarios'][1:])} against {said['scenarios'][0]}",
        question=" ".join(str(one.get("question") or "") for one in resolved[1:]).strip(),
        answer=(*said["sentences"], *said.get("warnings", ()), note),
        figures=Table(heads, rows, (2, 3, 4)),
        charts=charts if told else (),
        assumptions=_assumptions(base.get("assumed", ())),
        sources=_sources(base.get("sources", ())),
        stress={}
        if not base
        else {
            **_stress(base),
            "1.3 experimentation": f"scenarios compared: {names}",
            "2.3 scenario logic": f"{names}; as resolved in the comparison, key resolved",
            "4.3 estimation": f"{said['replications']} replications each; Student's intervals of paired differences",
            "5.2 random sampling": f"{base['stress_des']['5.2 random sampling']}; shared by all scenarios",
        },
    )


def _base(scenario: Mapping[str, Any]) -> dict[str, Any]:
    """What a run of a scenario says of itself: sources, assumed numbers, checklist."""
    made: dict[str, Any] = api.simulate(scenario).as_manifest()
    return made


def _swept(made: Any) -> Report:
    """A sweep in its folder."""
    plan, table = made.plan, made.table
    table = table[table["status"] == "finished"]
    kpis = [name for name in plan.kpis or FIRST if name in table]
    axes = [column.title for column in plan.columns]
    columns = {name: [None if value != value else value for value in table[name].tolist()] for name in (*axes, *kpis)}  # noqa: PLR0124
    means = table.groupby(axes, sort=False)[kpis].mean()
    best = [_best(kpi, means) for kpi in kpis]
    rows = [
        (*(str(point[axis]) for axis in axes), *(_with_interval(point[kpi]) for kpi in kpis))
        for point in made.summary(kpis)
    ]
    charts = [
        (f"{kpi}: main effects", "Mean over all other axes.", sweep_figures.main_effects(axes, kpi, columns, ""))
        for kpi in kpis
    ]
    base = _base(plan.base)
    count = f"{plan.replications} replications"
    return Report(
        title=f"Sweep {plan.name}",
        question=plan.question,
        answer=(
            " ".join(filter(None, best)) or "No figure of this sweep has a better direction.",
            f"Means of {count} of each point with 95 % intervals; all points share their luck.",
        ),
        figures=Table((*axes, *kpis), rows, tuple(range(len(axes), len(axes) + len(kpis)))),
        charts=tuple(charts),
        assumptions=_assumptions(base["assumed"]),
        sources=_sources(base["sources"]),
        stress={
            **_stress(base),
            "1.1 purpose": plan.question or base["stress_des"]["1.1 purpose"],
            "1.3 experimentation": f"{len(plan.points)} points, {count} each, luck shared",
            "2.3 scenario logic": "; ".join(f"{column.name}: {column.path}" for column in plan.columns),
            "4.3 estimation": f"{count} of each point, as many as were asked for; Student's intervals",
        },
    )


def _with_interval(figure: Mapping[str, Any]) -> str:
    """A mean with the half width of its interval."""
    if figure["mean"] is None or figure["low"] is None:
        return _number(figure["mean"])
    return f"{_number(figure['mean'])} ± {_number(figure['high'] - figure['mean'])}"


def _best(kpi: str, means: Any) -> str:
    """Where a figure is best."""
    direction = api.kpi_definitions().get(kpi.partition("[")[0], {}).get("direction")
    known = means[kpi].dropna()
    if direction not in {"higher", "lower"} or known.empty:
        return ""
    place = known.idxmax() if direction == "higher" else known.idxmin()
    values = place if isinstance(place, tuple) else (place,)
    where = ", ".join(f"{name} {value}" for name, value in zip(means.index.names, values, strict=True))
    return f"{kpi} is best ({_number(known[place])}) at {where}."


# Parts --------------------------------------------------------------------------------------------------------------


def _charts(run: Any) -> Iterator[tuple[str, str, Any]]:
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
    doses = {
        name: figure
        for name, figure in run.kpis.items()
        if figure["unit"].endswith("Sv") and figure["value"] is not None
    }
    if doses:
        yield "Dose", "Personal and other doses as the figures define them.", _bars(doses)


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
    bars = [
        go.Bar(name=nuclide, x=list(FLOWS), y=[_value(kpis.get(f"activity_{flow}_mbq[{nuclide}]")) for flow in FLOWS])
        for nuclide in nuclides
    ]
    figure = go.Figure(bars)
    figure.update_layout(layout.base(280) | {"barmode": "group", "showlegend": len(bars) > 1})
    figure.update_yaxes(title_text="MBq", gridcolor=palette.GRID, automargin=True)
    return figure


def _bars(figures: Mapping[str, Any]) -> Any:
    import plotly.graph_objects as go

    names = list(figures)
    figure = go.Figure(go.Bar(y=names, x=[figures[name]["value"] for name in names], orientation="h"))
    figure.update_layout(layout.base(80 + 22 * len(names)))
    figure.update_xaxes(
        title_text=" / ".join(sorted({one["unit"] for one in figures.values()})), gridcolor=palette.GRID
    )
    return figure


def _forest(found: Sequence[Mapping[str, Any]]) -> Any:
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


def _in_order(figures: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What is asked first, first; single members and what is undefined last."""
    first = [name for name in FIRST if name in figures]
    return [(name, figures[name]) for name in (*first, *(name for name in figures if name not in first))]


def _assumptions(rows: Iterable[Any]) -> Table | None:
    found = [row for row in rows if isinstance(row, Mapping)]
    if not found:
        return None
    lines = [
        (str(row.get("key") or row.get("name")), *(_text(row.get(name)) for name in ("value", "low", "high", "unit")))
        for row in found
    ]
    return Table(("assumed number", "value", "low", "high", "unit"), lines, (1, 2, 3))


def _sources(found: Any) -> tuple[str, ...]:
    """The bibliography as lines."""
    if isinstance(found, Mapping):
        return tuple(f"{key}: {value if isinstance(value, str) else _entry(value)}" for key, value in found.items())
    return tuple(map(str, found))


def _entry(fields: Mapping[str, Any]) -> str:
    return ", ".join(str(fields[name]) for name in ("author", "title", "journal", "year", "doi") if fields.get(name))


def _text(value: Any) -> str:
    return "-" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _value(figure: Mapping[str, Any] | None) -> float:
    return 0.0 if figure is None or figure["value"] is None else float(figure["value"])


def _number(value: float | None) -> str:
    return "-" if value is None or value != value else words.number(value)  # noqa: PLR0124 - NaN


def _span(low: float | None, high: float | None) -> str:
    return "-" if low is None or high is None else f"{_number(low)} to {_number(high)}"


def _unit(unit: str) -> str:
    return "" if unit == "1" else unit


# The page -----------------------------------------------------------------------------------------------------------


def page(found: Report) -> str:
    """A report as HTML."""
    parts = [f"<h1>{escape(found.title)}</h1>"]
    if found.question:
        parts.append(f"<p><strong>Question.</strong> {escape(found.question, quote=False)}</p>")
    parts += [
        f"<p class='answer'>{escape(line, quote=False)}</p>" if n == 0 else f"<p>{escape(line, quote=False)}</p>"
        for n, line in enumerate(found.answer)
    ]
    if found.figures.columns:
        parts += ["<h2>Figures</h2>", _table(found.figures)]
    parts += _drawn(found.charts)
    if found.assumptions is not None:
        parts += ["<h2>What it leans on: assumed numbers</h2>", _table(found.assumptions)]
    if found.sources:
        parts += ["<h2>Sources</h2><ul>", *(f"<li>{escape(line, quote=False)}</li>" for line in found.sources), "</ul>"]
    if found.stress:
        rows = [(item, str(text)) for item, text in found.stress.items()]
        parts += ["<h2>STRESS-DES</h2>", _table(Table(("item", "answer"), rows))]
    head = (
        f"<meta charset='utf-8'><meta name='viewport' content='width=device-width'><title>{escape(found.title)}</title>"
    )
    body = "".join(parts)
    return f"<!doctype html><html lang='en'><head>{head}<style>{STYLE}</style></head><body>{body}</body></html>\n"


def _drawn(charts: Sequence[tuple[str, str, Any]]) -> Iterator[str]:
    import plotly.io as pio

    for number, (title, caption, figure) in enumerate(charts):
        yield f"<h2>{escape(title)}</h2><figure>"
        yield pio.to_html(figure, full_html=False, include_plotlyjs=number == 0, config={"displaylogo": False})
        yield f"<figcaption>{escape(caption)}</figcaption></figure>"


def _table(found: Table) -> str:
    right = set(found.right)

    def cells(tag: str, row: Sequence[str]) -> str:
        return "".join(
            f"<{tag}{' class=n' if k in right else ''}>{escape(cell, quote=False)}</{tag}>"
            for k, cell in enumerate(row)
        )

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in found.rows)
    return f"<table><thead><tr>{cells('th', found.columns)}</tr></thead><tbody>{body}</tbody></table>"
