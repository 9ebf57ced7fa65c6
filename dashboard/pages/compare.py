"""The page Compare: which scenarios, how often, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import address, contents, ids
from dashboard.address import LETTERS, Compare
from dashboard.charts import compare as charts
from dashboard.desk.asking import Watched
from dashboard.desk.experiments import Line
from dashboard.desk.variants import Told
from dashboard.figures import comparison, differences, words
from dashboard.pages import graph, rows, shell, variant, watch

TIMES = 10
EXAMPLE = (("baseline", ""), ("spare_bed", ""))
HELP = (
    "All are played with the luck of A, animal by animal. Pick a scenario for each letter, the same one several times "
    "if you like, and change what you want to know about."
)
NOTHING = "What differs, and what cannot be concluded, appears here. Pick scenarios and press Compare."
SYMBOLS = {
    "better": "▲ better",
    "worse": "▼ worse",
    "different": "◆ different",
    "same": "= same",
    "not seen": "○ not seen",
}


def page(
    state: Compare, scenarios: Sequence[str], told: Mapping[str, Told], watched: Watched | None,
    answer: Mapping[str, Any] | None, earlier: Sequence[Line], trouble: str = "",
) -> Any:  # fmt: skip
    """The whole page."""
    stores = [dcc.Store(id=ids.COMPARE_SAID, data={"job": state.job} if answer else {})]
    results = _results(state, told, answer) if answer else [shell.empty(NOTHING)] if not state.job else []
    return html.Div(
        [
            *stores,
            shell.alone(
                contents.named("compare"),
                *([html.Div(_asked(state, scenarios, told, trouble), className="no-print")] if not answer else ()),
                watch.panel(state.job, watched),
                *results,
                *([_folded(_asked(state, scenarios, told, trouble))] if answer else ()),
                _earlier(earlier),
            ),
        ]
    )


def _folded(asked: Any) -> Any:
    """What was asked, below its answer, to be changed and asked again."""
    return html.Details([html.Summary("Change what is compared", className="opens"), asked], className="no-print")


def _asked(state: Compare, scenarios: Sequence[str], told: Mapping[str, Told], trouble: str) -> Any:
    """Which scenarios, and how often."""
    variants = state.variants or EXAMPLE
    rows = [variant.row(letter, variants, place, scenarios, told.get(letter)) for place, letter in enumerate(LETTERS)]
    times = dmc.NumberInput(
        id=ids.COMPARE_TIMES, label="Repetitions", value=state.times or TIMES, min=2, max=200, allowDecimal=False,
        description="Of each scenario.", w=150,
    )  # fmt: skip
    days = dmc.NumberInput(
        id=ids.COMPARE_DAYS, label="Simulated time", value=state.days or "", min=1, max=366, suffix=" days", w=170,
        description="Empty: as A says.",
    )  # fmt: skip
    run = dmc.Button("Compare", id=ids.COMPARE_RUN, size="md", **shell.SETTLES)
    said = html.P(trouble, id=ids.COMPARE_MORE, role="status", className="status", **{"aria-live": "polite"})
    foot = dmc.Group([times, days, run], align="end", gap="md")
    body = [dmc.Text(HELP, size="sm", c="dimmed"), *rows, variant.editor(), foot, said]
    return dmc.Paper(shell.section("Scenarios", *body), withBorder=True, p="md")


def _results(state: Compare, told: Mapping[str, Told], answer: Mapping[str, Any]) -> list[Any]:
    """Sentences, the table of figures by scenarios, the picture."""
    legend = [
        dmc.ListItem([dmc.Text(f"{letter}: ", span=True, fw=650), "; ".join([scenario, *_changes(told.get(letter))])])
        for letter, (scenario, _) in zip(LETTERS, state.variants, strict=False)
    ]
    said = [dmc.Text(line, size="sm") for line in differences.conclusions(answer)]
    warned = [shell.trouble("This comparison is unfair", answer["warnings"])] if answer.get("warnings") else []
    return [
        dmc.List(legend, size="sm", listStyleType="none"),
        *warned,
        dmc.Alert(dmc.Stack(said, gap=6), title="What can be concluded", color="blue", variant="light", id=ids.ANSWER),
        shell.section("Figures", _table(answer)),
        graph.panels(charts.CHARTS),
        html.A("Make a report of it", href=f"{contents.named('report').path}?job={state.job}", className="no-print"),
    ]


def _changes(told: Told | None) -> list[str]:
    return [words for _, words in told.changes] if told else []


def _table(answer: Mapping[str, Any]) -> Any:
    """Headline figures: a row each, a column for each scenario."""
    found = differences.headlines(answer)
    first, *others = answer["scenarios"]
    heads = ["Figure", f"{first}, mean", *(f"{name}, difference to {first}" for name in others)]
    body = []
    for key in dict.fromkeys(one.key for one in found):
        own = {one.scenario: one for one in found if one.key == key}
        one = next(iter(own.values()))
        cells = [one.label, comparison.with_unit(one.before, one.unit), *(_cell(own.get(name)) for name in others)]
        body.append(dmc.TableTr([dmc.TableTd(cell) for cell in cells]))
    made = dmc.Table(
        [dmc.TableThead(dmc.TableTr([rows.head(head) for head in heads])), dmc.TableTbody(body)], verticalSpacing=6,
        fz="sm",
    )  # fmt: skip
    return html.Div(made, className="scrolls", tabIndex=0, role="region", **{"aria-label": "Figures by scenario"})


def _cell(one: differences.Difference | None) -> Any:
    """The interval, its meaning in words and in colour."""
    if one is None or not one.is_known:
        return "not defined"
    verdict = dmc.Text(
        SYMBOLS[one.verdict], span=True, fw=600, size="sm", className=f"difference {one.verdict.replace(' ', '-')}"
    )
    return html.Span([verdict, " ", one.span], title=f"mean {words.number(one.after)} {one.unit}, {one.pairs} pairs")


def _earlier(lines: Sequence[Line]) -> Any:
    """Comparisons to open again."""
    if not lines:
        return None
    items = [dmc.ListItem([_link(line), f" ({line.written}; {line.state})"]) for line in lines]
    return html.Div(shell.section("Earlier comparisons", dmc.List(items, size="sm")), className="no-print")


def _link(line: Line) -> Any:
    return html.A(line.label, href=contents.named("compare").path + address.compare_search(Compare(job=line.job)))
