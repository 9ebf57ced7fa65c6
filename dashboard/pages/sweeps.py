"""The page Sweeps and sizing: what is varied, how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import address, contents, ids
from dashboard.address import Sweeps
from dashboard.charts import sweeps as charts
from dashboard.charts.sweeps import Explored
from dashboard.desk.asking import Watched
from dashboard.desk.sweeps import Filled, SweepLine
from dashboard.figures import comparison, sizing
from dashboard.form.leaves import Leaf
from dashboard.pages import graph, shell, watch

AXES = 3
HELP = (
    "Every combination of the values is played so often, all with the same luck. Write values with commas between them."
)
SIZE_HELP = (
    "The cheapest combination that meets all targets, one a line: figure.mean or figure.p95, then >= or <= a number. "
    "A combination in doubt is played more often, up to the repetitions (at least ten)."
)


def page(
    state: Sweeps, filled: Filled, scenarios: Sequence[str], leaves: Sequence[Leaf], kpis: Sequence[str],
    files: Sequence[str], listed: Sequence[SweepLine], *results: Any,
) -> Any:  # fmt: skip
    """The whole page."""
    forms = [_asked(state, filled, scenarios, leaves, kpis), _files(files, listed)]
    columns = dmc.Grid(
        [dmc.GridCol(part, span={"base": 12, "lg": width}) for part, width in zip(forms, (8, 4), strict=True)],
        gutter="md",
    )
    return shell.alone(contents.named("sweeps"), html.Div(columns, className="no-print"), *results)


def _asked(state: Sweeps, filled: Filled, scenarios: Sequence[str], leaves: Sequence[Leaf], kpis: Sequence[str]) -> Any:
    """What is varied, what is looked at, and the two ways to go."""
    pick = dmc.Select(
        id=ids.SWEEP_SCENARIO, label="Scenario", value=state.scenario, data=list(scenarios), searchable=True
    )
    times = dmc.NumberInput(
        id=ids.SWEEP_TIMES, label="Repetitions", value=filled.times, min=2, max=200, allowDecimal=False
    )
    days = dmc.NumberInput(
        id=ids.SWEEP_DAYS, label="Simulated time", value=filled.days or "", min=1, max=366, suffix=" days"
    )
    wanted = dmc.MultiSelect(
        id=ids.SWEEP_KPIS, label="Figures", value=[kpi for kpi in filled.kpis if kpi in kpis], data=named(kpis),
        searchable=True, maxValues=8,
    )  # fmt: skip
    first = [one for one in filled.axes if one[0] in {leaf.path for leaf in leaves}]
    rows = [_axis(number, leaves, *(first[number] if number < len(first) else ("", ""))) for number in range(AXES)]
    targets = dmc.Textarea(id=ids.SWEEP_TARGETS, label="Targets, for a sizing", value="\n".join(filled.targets),
                           autosize=True, minRows=2, description=SIZE_HELP, className="mono")  # fmt: skip
    go = dmc.Group(
        [
            dmc.Button("Start the sweep", id=ids.SWEEP_RUN, **shell.SETTLES),
            dmc.Button("Size the facility", id=ids.SIZE_RUN, variant="default", **shell.SETTLES),
        ]
    )
    said = html.P("", id=ids.SWEEP_SAID, role="status", className="status", **{"aria-live": "polite"})
    numbers = dmc.SimpleGrid([pick, times, days], cols={"base": 1, "sm": 3}, spacing="sm")
    opened = dcc.Store(id=ids.SWEEP_OPENED, data=state.scenario)
    body = [opened, dmc.Text(HELP, size="sm", c="dimmed"), numbers, *rows, wanted, targets, go, said]
    return dmc.Paper(shell.section("Vary", *body), withBorder=True, p="md")


def _axis(number: int, leaves: Sequence[Leaf], path: str, values: str) -> Any:
    """One thing that is varied, and its values."""
    options = [{"value": leaf.path, "label": leaf.words} for leaf in leaves]
    what = dmc.Select(
        id=ids.axis(number, "path"), label=f"What, {number + 1}", value=path or None, data=_labelled(options),
        searchable=True, clearable=True, placeholder="nothing",
    )  # fmt: skip
    which = dmc.TextInput(
        id=ids.axis(number, "values"), label=f"Values, {number + 1}", value=values, placeholder="1, 2, 3",
        inputProps={"autoComplete": "off"},
    )  # fmt: skip
    return dmc.Grid([dmc.GridCol(what, span={"base": 12, "sm": 7}), dmc.GridCol(which, span={"base": 12, "sm": 5})])


def _labelled(options: list[dict[str, str]]) -> list[dict[str, str]]:
    """The same with the path behind a label that two have."""
    labels = [one["label"] for one in options]
    twice = {label for label in labels if labels.count(label) > 1}
    return [one | {"label": f"{one['label']} ({one['value']})"} if one["label"] in twice else one for one in options]


def _files(files: Sequence[str], listed: Sequence[SweepLine]) -> Any:
    """Sweep files to start, and sweeps of the store to look at or to go on with."""
    pick = dmc.Select(id=ids.SWEEP_FILE, label="A sweep file", data=list(files), value=files[0] if files else None)
    go = dmc.Button("Start it", id=ids.SWEEP_FILE_RUN, variant="default")
    lines = [_line(line) for line in listed] or [dmc.Text("None yet.", size="sm", c="dimmed")]
    body = [dmc.Group([pick, go], align="end"), dmc.Title("Sweeps of this store", order=3, size="h5"), *lines]
    return dmc.Paper(shell.section("Sweeps", *body), withBorder=True, p="md")


def _line(line: SweepLine) -> Any:
    href = contents.named("sweeps").path + address.sweeps_search(Sweeps(folder=line.folder))
    said = dmc.Text(f"{line.state}, {line.done} of {line.runs} runs", size="xs", c="dimmed")
    about = {"aria-label": f"Go on with {line.name}"}
    resume = dmc.Button("Go on", id=ids.resume(line.folder), size="xs", variant="default", **about)
    way = dmc.Box([html.A(line.name, href=href), said])
    return dmc.Group([way, resume if line.done < line.runs else None], justify="space-between")


def named(kpis: Sequence[str]) -> list[dict[str, str]]:
    """Figures to choose from, as a person calls them."""
    return [{"value": kpi, "label": comparison.label_of(kpi)} for kpi in kpis]


def watched(job: str, how: Watched | None) -> Any:
    """How far a job is."""
    return watch.panel(job, how)


def explored(seen: Explored) -> list[Any]:
    """A sweep in pictures, by the figure that is chosen."""
    choices = [
        dmc.Select(id=key, label=label, value=value, data=named(seen.kpis), allowDeselect=False, w=280)
        for key, label, value in (
            (ids.EXPLORE_KPI, "Figure", seen.kpi), (ids.EXPLORE_AGAINST, "Held against", seen.against)
        )
    ]  # fmt: skip
    store = dcc.Store(id=ids.EXPLORED, data={"folder": seen.label, "kpi": seen.kpi, "against": seen.against})
    head = shell.section(f"Sweep {seen.label}", dmc.Group(choices, className="no-print"))
    return [store, head, graph.panels(charts.CHARTS)]


def sized(job: str, answer: Mapping[str, Any]) -> list[Any]:
    """What a sizing found."""
    told = dmc.Alert(sizing.caption(answer), title="The answer", color="blue", variant="light", id=ids.ANSWER)
    return [dcc.Store(id=ids.SIZED, data={"job": job}), told, graph.panel(charts.SIZING)]


def nothing() -> Any:
    """What stands in the place of results before there are any."""
    return shell.empty("Pictures of a sweep appear here: start one, or pick one of this store.")
