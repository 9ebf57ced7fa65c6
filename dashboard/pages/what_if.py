"""The page What if: a scenario, what is changed in it, and what follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import address, contents, ids
from dashboard.address import WhatIf
from dashboard.charts import facility
from dashboard.charts import what_if as charts
from dashboard.charts.common import Shown
from dashboard.desk.asking import Opened
from dashboard.desk.forms import Edited, Form
from dashboard.figures import comparison, differences
from dashboard.figures.comparison import Definitions
from dashboard.pages import cards, graph, rows, run_page, shell

LUCK = (
    "This is one simulated course of events for each. Both share their luck, animal by animal (common random "
    "numbers), so that a difference comes from your changes; how large it is may still be different in another week. "
)
WAIT = "Both are being repeated with other luck; the cards will then say how sure each difference is."
TRY = "Ask for repetitions, and each card says how sure its difference is."
OPENED = "The figures below are those of a run from the store. The form shows the scenario as it is, not that run."
LATER = "You have changed something since this run: run again to see what it does."
NOTHING = "Nothing is changed yet. Change a field in the form; what you change is listed here."
POLL_MS = 300


def page(form: Form, edited: Edited, scenarios: Sequence[str], opened: Opened, results: Any, sure: str = "") -> Any:
    """The whole page."""
    state, jobs, played = opened.state, opened.jobs, opened.played
    left = dmc.Stack([_scenario(form, scenarios), _form(form)], gap="md", className="rail")
    answers = [html.Div(results, id=ids.RESULTS), _drawn(bool(state.run))]
    right = dmc.Stack([_run(form, edited, played, jobs), *answers, _earlier()], gap="xl")
    # On a narrow screen the form is long, and what it is for stands below it.
    down = html.Button("Changes, run ↓", className="jump narrow no-print", **{"data-goes": ids.CHANGED})
    columns = dmc.Grid(
        [
            dmc.GridCol([left, down], span={"base": 12, "md": 5, "xl": 4}),
            dmc.GridCol(right, span={"base": 12, "md": 7, "xl": 8}),
        ],
        gutter="xl",
    )
    stores = [
        dcc.Store(id=ids.OPENED, data=form.scenario),
        dcc.Store(id=ids.FIELDS, data=dict(form.fields or {})),
        dcc.Store(id=ids.MESSAGES, data=dict(edited.messages)),
        dcc.Store(id=ids.JOBS, data=dict(jobs)),
        dcc.Store(id=ids.COMPARED, data={"run": state.run, "against": state.against, "sure": sure}),
        dcc.Store(id=ids.SAID, data=edited.link),
        dcc.Store(id=ids.PICTURED, data={"scenario": form.scenario, "yaml": edited.yaml}),
        dcc.Download(id=ids.SHEET_FILE),
        dcc.Store(id=ids.PLAYED, data=played),
        dcc.Interval(id=ids.POLL, interval=POLL_MS, max_intervals=-1 if jobs else 0),
        dcc.Download(id=ids.PATCH_FILE),
    ]
    return dmc.Container(
        [*stores, dmc.Stack([shell.title(contents.named("what_if")), columns], gap="lg")], fluid=True, px=0
    )


def _scenario(form: Form, scenarios: Sequence[str]) -> Any:
    pick = dmc.Select(
        id=ids.SCENARIO, label="Scenario", value=form.scenario, data=list(scenarios), searchable=True,
        allowDeselect=False, description=form.question,
    )  # fmt: skip
    seed = dmc.NumberInput(
        id=ids.SEED, label="Seed of the luck", value=form.seed, min=0, allowDecimal=False, debounce=shell.PAUSE_MS,
        description="Another seed is another week.",
    )  # fmt: skip
    days = dmc.NumberInput(
        id=ids.DAYS, label="Simulated time", value=form.days, min=1, max=366, suffix=" days", debounce=shell.PAUSE_MS,
        description="A week takes a second.",
    )  # fmt: skip
    times = dmc.NumberInput(
        id=ids.TIMES, label="Repetitions", value=form.times, min=0, max=200, allowDecimal=False,
        debounce=shell.PAUSE_MS, description="Of both, with other luck; 0: none.",
    )  # fmt: skip
    numbers = dmc.SimpleGrid([seed, days, times], cols={"base": 1, "xs": 3}, spacing="sm")
    return dmc.Stack([pick, numbers], gap="sm")


def _form(form: Form) -> Any:
    """The place of the form; it is put in when the figures can be seen, because its many fields take the longest."""
    if form.trouble:
        return shell.trouble("This scenario cannot be read", form.trouble)
    return html.Div(dmc.Skeleton(height=420, radius="md"), id=ids.FORM)


def _run(form: Form, edited: Edited, played: Mapping[str, str] | None, jobs: Mapping[str, str]) -> Any:
    buttons = dmc.Group(
        [
            dmc.Button("Run the what-if", id=ids.RUN, size="md", disabled=bool(form.trouble), **shell.SETTLES),
            dmc.Button(
                "Cancel", id=ids.CANCEL, size="md", variant="default", display="inline-block" if jobs else "none"
            ),
            dmc.Button("Undo all changes", id=ids.RESET, size="md", variant="subtle"),
        ]
    )
    progress = dmc.ProgressRoot(
        dmc.ProgressSection(id=ids.PROGRESS, value=0, **{"aria-label": "Progress of the run"}),
        id=f"{ids.PROGRESS}-root",
        display="block" if jobs else "none",
    )
    status = html.P("", id=ids.STATUS, role="status", className="status", **{"aria-live": "polite"})
    listed = html.Div(changes(edited, played), id=ids.CHANGES)
    rest = html.Div(unfitting(edited), id=ids.OTHER_PROBLEMS)
    body = [listed, rest, buttons, progress, status, _files(), _picture()]
    return dmc.Paper(shell.section("Your changes", *body), id=ids.CHANGED, withBorder=True, p="md", shadow="xs")


def _files() -> Any:
    """The form as a file, out and in."""
    sheet = html.Button("XLSX template", id=ids.SHEET, className="file", **shell.SETTLES)
    inside = html.Span("Open a file (YAML, XLSX)", className="file", style={"display": "inline-block"})
    what = {"max_size": MOST_UPLOAD_BYTES, "accept": ".yaml,.yml,.xlsx"}
    opened = dcc.Upload(inside, id=ids.UPLOAD, className="upload", **what)
    said = html.P("", id=ids.UPLOAD_SAID, role="status", className="status", **{"aria-live": "polite"})
    return html.Div([sheet, opened, said], className="row no-print")


#: A file that is larger is not sent.
MOST_UPLOAD_BYTES = 500_000


def _picture() -> Any:
    """What is changed, drawn while it is filled in."""
    return html.Details([html.Summary("Picture of what is changed", className="opens"), graph.panel(facility.FACILITY)])


def changes(edited: Edited, played: Mapping[str, Any] | None) -> Any:
    """What has been changed, in words and as YAML; `played` is what was when the run that is shown was asked for."""
    if not edited.words:
        said = NOTHING if played is not None else f"{OPENED} {NOTHING}"
        return dmc.Text(said, c="dimmed", size="sm")
    later = dmc.Text(LATER, size="sm", fw=600) if played is not None and played != edited.link else None
    return dmc.Stack([_listed(edited.words), _yaml(edited.yaml), later], gap="xs")


def unfitting(edited: Edited) -> Any:
    """Mistakes that belong to no field of the form."""
    return shell.trouble("This does not fit together", edited.rest) if edited.rest else None


def _listed(changed: Iterable[str]) -> Any:
    return dmc.List([dmc.ListItem(words) for words in changed], size="sm", className="changes")


def _yaml(text: str) -> Any:
    copy = dmc.CopyButton(value=text, children="Copy", copiedChildren="Copied", size="xs", variant="default")
    save = dmc.Button("Download YAML", id=ids.SAVE_PATCH, size="xs", variant="default")
    shown = html.Pre(text, id=ids.PATCH, className="code", tabIndex=0)
    return html.Details(
        [html.Summary("As a scenario file (YAML)", className="opens"), shown, dmc.Group([copy, save], gap="xs")]
    )


def results(
    shown: Shown, definitions: Definitions, answer: Mapping[str, Any] | None = None, coming: bool = False
) -> Any:
    """Cards, what limits throughput, and what can be concluded, of a run against another.

    Parameters
    ----------
    shown : Shown
    definitions : mapping
        What each figure is.
    answer : mapping, optional
        The comparison of many runs of both.
    coming : bool
        Whether it is on its way.
    """
    sure = {one.key: one for one in differences.differences(answer)} if answer else {}
    return dmc.Stack(
        [
            run_page.printed(shown),
            shell.section(heading(shown), cards.cards(headlines(shown, definitions), sure), _limits(shown)),
            *(_concluded(answer, coming) if shown.base else ()),
        ],
        gap="lg",
    )


#: The charts are there from the beginning, unseen until there is a run: made anew with each answer they would be drawn
#: twice, and the answer would wait for them.
SEEN: Mapping[str, str] = {}
UNSEEN: Mapping[str, str] = {"display": "none"}


def _drawn(is_seen: bool) -> Any:
    """The charts, and the table of all figures."""
    summary = html.Summary("All figures", id=ids.ALL_FIGURES_BUTTON, className="opens")
    figures = html.Details([summary, html.Div(id=ids.ALL_FIGURES)])
    return html.Div([graph.panels(charts.CHARTS), figures], id=ids.DRAWN, style=SEEN if is_seen else UNSEEN)


def _concluded(answer: Mapping[str, Any] | None, coming: bool) -> Sequence[Any]:
    """What can be concluded from the repetitions, or why nothing can be yet."""
    if answer is None:
        said = LUCK + (WAIT if coming else TRY)
        return [dmc.Alert(said, title="One run proves nothing", color="gray", variant="light")]
    lines = [dmc.Text(line, size="sm") for line in differences.conclusions(answer)]
    return [
        dmc.Alert(dmc.Stack(lines, gap=4), title="What can be concluded", color="blue", variant="light", id=ids.ANSWER)
    ]


def headlines(shown: Shown, definitions: Definitions) -> list[comparison.Compared]:
    """What the cards show."""
    run, base = shown.run, shown.base
    groups = dict.fromkeys(run.tables["scanners"]["group"])
    return list(comparison.headlines(run.kpis, base.kpis if base else None, definitions, groups))


def heading(shown: Shown) -> str:
    """What stands over the cards."""
    return "The what-if against the baseline" if shown.base else f"{shown.run.name}, as it is"


def _limits(shown: Shown) -> Any:
    """The sentence that names what limits throughput, of each run."""
    several = shown.base is not None
    lines = [
        dmc.Text([dmc.Text(f"{label.capitalize()}: ", span=True, fw=600) if several else "", run.bottleneck], size="sm")
        for label, run in shown.runs.items()
    ]
    return dmc.Paper(
        dmc.Stack([dmc.Text("What limits throughput", fw=600, size="sm"), *lines], gap=4), p="md", withBorder=True
    )


def nothing() -> Any:
    """What stands in the place of results before there are any."""
    return shell.empty("The figures of the facility appear here as soon as a run is done.")


def all_figures(shown: Shown, definitions: Definitions) -> Any:
    """The table of all figures."""
    base = shown.base
    return cards.table(comparison.compared(shown.run.kpis, base.kpis if base else None, definitions))


def _earlier() -> Any:
    return shell.section("Earlier runs", html.Div(id=ids.EARLIER))


def earlier(lines: Sequence[Mapping[str, Any]], state: Mapping[str, str]) -> Any:
    """Runs to open again, or to compare with."""
    if not lines:
        return shell.empty("There is no run yet. What is run here, or by twin run with the same store, is listed here.")
    heads = ("Run", "Time", "By", dmc.VisuallyHidden("Ways to it"))
    head = dmc.TableThead(dmc.TableTr([*map(rows.head, heads[:-1]), dmc.TableTh(heads[-1])]))
    body = dmc.TableTbody([_line(line, state) for line in lines])
    made = dmc.Table([head, body], verticalSpacing=6, fz="sm", highlightOnHover=True)
    return html.Div(made, className="scrolls stacks", tabIndex=0, role="region", **{"aria-label": "Earlier runs"})


def _line(line: Mapping[str, Any], state: Mapping[str, str]) -> Any:
    here = state.get("run") == line["run"]
    opened = WhatIf(job=line["job"]) if line["job"] else WhatIf(run=line["run"])
    compared = WhatIf(run=state.get("run", ""), against=line["run"])
    links = [
        html.A("Open", href=address.WHAT_IF + address.search(opened), **{"aria-label": f"Open {line['label']}"}),
        html.A(
            "Day",
            href=address.DAY + address.search(address.Day(line["run"])),
            **{"aria-label": f"Day of {line['label']}"},
        ),
    ]
    if state.get("run") and not here:
        against = html.A(
            "Compare",
            href=address.WHAT_IF + address.search(compared),
            **{"aria-label": f"Compare with {line['label']}"},
        )
        links.append(against)
    name = [line["label"], dmc.Badge("shown", size="xs", variant="outline", ml=6)] if here else line["label"]
    told = ((name, ""), (line["written"], "Time"), (line["by"], "By"), (html.Div(links, className="row"), ""))
    return dmc.TableTr([dmc.TableTd(cell, **{"data-heading": heading}) for cell, heading in told])
