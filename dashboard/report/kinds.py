"""What a report says of a run, of replications, of a comparison, of a sweep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.figures import sweep as sweep_figures
from dashboard.figures.comparison import label_of
from dashboard.report import charts
from dashboard.report.page import page
from dashboard.report.parts import (
    FIRST,
    Report,
    Table,
    assumptions,
    grouped,
    in_order,
    number,
    sources,
    span,
    stress,
    unit,
)
from twin import api


def html(thing: Any) -> str:
    """The report of a run, replications, a comparison (also as ``as_data()`` gives it) or a sweep."""
    return page(report(thing))


def report(thing: Any) -> Report:
    """What the report of a thing says."""
    if isinstance(thing, Mapping):
        return _comparison(thing)
    for kind, made in ((api.Compared, _compared), (api.Replicated, _replicated), (api.Swept, _swept)):
        if isinstance(thing, kind):
            return made(thing)
    return _run(thing)


def _run(run: Any) -> Report:
    """One run, just played or opened, or as a user of the dashboard may see it (which may lack parts)."""
    said = run.manifest if hasattr(run, "manifest") else run.as_manifest()
    told = [one for one in in_order(run.kpis) if one[1]["value"] is not None and ("[" not in one[0] or one[1]["value"])]
    rows = grouped((label_of(name), number(figure["value"]), unit(figure["unit"]), name) for name, figure in told)
    warning = "This is one run: one draw of luck. It has no intervals; twin replicate gives them."
    return Report(
        title=f"{run.name}, seed {run.seed}",
        question=str(said.get("scenario", {}).get("question") or ""),
        answer=(run.bottleneck, warning),
        figures=Table(("figure", "value", "unit", "id"), rows, (1,)),
        charts=tuple(charts.of_run(run)),
        assumptions=assumptions(said["assumed"]),
        sources=sources(said["sources"]),
        stress=stress(said),
    )


def _replicated(made: Any) -> Report:
    """Replications of one scenario."""
    run = api.simulate(made.scenario)
    said = run.as_manifest()
    rows = [
        (name, number(one.mean), span(one.low, one.high), str(one.n), unit(one.unit))
        for name, one in in_order(made.kpis) if one.mean is not None
    ]  # fmt: skip
    heads = [(name, made.kpis[name]) for name in FIRST if name in made.kpis and made.kpis[name].low is not None]
    answer = tuple(f"{name}: {number(one.mean)} {unit(one.unit)} ({span(one.low, one.high)})" for name, one in heads)
    count = len(made.records)
    return Report(
        title=f"{made.name}: {count} replications, seed {made.seed}",
        question=str(said["scenario"].get("question") or ""),
        answer=(f"{'; '.join(answer)}.", f"Means of {count} replications with {100 * made.confidence:g} % intervals."),
        figures=Table(("figure", "mean", "interval", "n", "unit"), rows, (1, 3)),
        charts=tuple((f"Replication 0: {title}", caption, figure) for title, caption, figure in charts.of_run(run)),
        assumptions=assumptions(said["assumed"]),
        sources=sources(said["sources"]),
        stress={
            **stress(said),
            "1.3 experimentation": f"{count} replications of one scenario",
            "4.3 estimation": f"{count} replications, {_why(made)}; Student's intervals",
        },
    )


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
        (one["kpi"], one["scenario_b"], number(one["a"]), number(one["b"]), number(one["difference"]),
         span(one["low"], one["high"]), unit(one["unit"]), one["verdict"])
        for one in known
    ]  # fmt: skip
    heads = ("figure", "scenario", str(said["scenarios"][0]), "value", "difference", "interval", "unit", "verdict")
    note = f"{said['replications']} replications each, with the luck of seed {said['seed']} shared.{_together(said)}"
    told = [one for one in known if one["kpi"] in FIRST] or known[:8]
    lead = "Difference over the size of its interval; beyond 1 the interval leaves 0 out."
    drawn = (("Differences", lead, charts.forest(told)),) if told else ()
    resolved = said.get("resolved", ())  # who may not see the people in it gets none
    about = said["about"] if "about" in said else _base(resolved[0]) if resolved else {}
    return Report(
        title=f"{', '.join(said['scenarios'][1:])} against {said['scenarios'][0]}",
        question=" ".join(str(one.get("question") or "") for one in resolved[1:]).strip(),
        answer=(*said["sentences"], *said.get("warnings", ()), note),
        figures=Table(heads, rows, (2, 3, 4)),
        charts=drawn,
        assumptions=assumptions(about.get("assumed", ())),
        sources=sources(about.get("sources", ())),
        stress=_stress_of_comparison(stress(about), said),
    )


def _together(said: Mapping[str, Any]) -> str:
    """Which intervals hold together."""
    whole, sure = int(said.get("together") or 0), f"{100 * said['confidence']:g} %"
    if not whole:
        return ""
    return f" The intervals of the sentences, {whole} in all, hold together with {sure}; each other one by itself."


def _stress_of_comparison(base: Mapping[str, str], said: Mapping[str, Any]) -> dict[str, str]:
    """The checklist of a comparison, from that of its first scenario; none for who may not see that."""
    if not base:
        return {}
    names = ", ".join(map(str, said["scenarios"]))
    return {
        **base,
        "1.3 experimentation": f"scenarios compared: {names}",
        "2.3 scenario logic": f"{names}; as resolved in the comparison, key resolved",
        "4.3 estimation": f"{said['replications']} replications each; Student's intervals of paired differences",
        "5.2 random sampling": f"{base['5.2 random sampling']}; shared by all scenarios",
    }


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
        assumptions=assumptions(base["assumed"]),
        sources=sources(base["sources"]),
        stress={
            **stress(base),
            "1.1 purpose": plan.question or base["stress_des"]["1.1 purpose"],
            "1.3 experimentation": f"{len(plan.points)} points, {count} each, luck shared",
            "2.3 scenario logic": "; ".join(f"{column.name}: {column.path}" for column in plan.columns),
            "4.3 estimation": f"{count} of each point, as many as were asked for; Student's intervals",
        },
    )


def _with_interval(figure: Mapping[str, Any]) -> str:
    """A mean with the half width of its interval."""
    if figure["mean"] is None or figure["low"] is None:
        return number(figure["mean"])
    return f"{number(figure['mean'])} ± {number(figure['high'] - figure['mean'])}"


def _best(kpi: str, means: Any) -> str:
    """Where a figure is best."""
    direction = api.kpi_definitions().get(kpi.partition("[")[0], {}).get("direction")
    known = means[kpi].dropna()
    if direction not in {"higher", "lower"} or known.empty:
        return ""
    place = known.idxmax() if direction == "higher" else known.idxmin()
    values = place if isinstance(place, tuple) else (place,)
    where = ", ".join(f"{name} {value}" for name, value in zip(means.index.names, values, strict=True))
    return f"{kpi} is best ({number(known[place])}) at {where}."
