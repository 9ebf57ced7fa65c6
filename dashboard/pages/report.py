"""The page Report: which sections, and the report itself as it will be printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import contents, ids
from dashboard.pages import graph, shell
from dashboard.report import SECTIONS, Report, Table


def body(found: Report, sections: Sequence[str]) -> list[Any]:
    """What can be chosen, and the report."""
    boxes = [dmc.Checkbox(label=words, value=name, size="sm") for name, words in SECTIONS.items()]
    line = dmc.Group(boxes, gap="md")
    choice = dmc.CheckboxGroup(line, id=ids.SECTIONS, label="What stands in it", value=list(sections))
    printing = html.Button("Print", className="file prints")
    save = html.Button("Save as HTML", id=ids.REPORT_SAVE, className="file")
    ways = dmc.Group([printing, save, dcc.Download(id=ids.REPORT_FILE)], gap="xs")
    head = dmc.Group([choice, ways], justify="space-between", className="no-print")
    return [head, html.Div(paper(found), id=ids.REPORT, className="paper")]


def of_comparison(job: str, found: Report, sections: Sequence[str]) -> Any:
    """The whole page for a comparison."""
    return html.Div([
        dcc.Store(id=ids.SHOWN, data={"job": job}), shell.alone(contents.named("report"), *body(found, sections)),
    ])  # fmt: skip


def paper(found: Report) -> list[Any]:
    """The report."""
    head = [dmc.Title(found.title, order=2, size="h3")]
    if found.question:
        head.append(dmc.Text([dmc.Text("Question. ", span=True, fw=650), found.question]))
    return [dmc.Stack([*head, *(dmc.Text(line) for line in found.answer)], gap="xs", mb="lg"), *_parts(found)]


def _parts(found: Report) -> Iterator[Any]:
    if found.figures.columns:
        yield shell.section("Figures", _table(found.figures), order=3)
    for number, (title, caption, figure) in enumerate(found.charts):
        drawing = graph.graph(f"report-graph-{number}", figure, figure.layout.height or 300)
        said = html.Figcaption(dmc.Text(caption, size="sm"))
        parts = [dmc.Title(title, order=3, size="h4"), html.Div(drawing, className="chart"), said]
        yield html.Figure(parts, role="group", className="figure", **{"aria-label": title})
    if found.assumptions is not None:
        yield shell.section("What it leans on: assumed numbers", _table(found.assumptions), order=3)
    if found.sources:
        listed = dmc.List([dmc.ListItem(line) for line in found.sources], size="sm")
        yield shell.section("Sources", listed, order=3)
    if found.stress:
        rows = [(item, str(text)) for item, text in found.stress.items()]
        yield shell.section("STRESS-DES", _table(Table(("item", "answer"), rows)), order=3)


def _heading(text: str, columns: int) -> Any:
    """A row that is a heading over those below it."""
    return html.Tr(html.Th(text, colSpan=columns, className="group", scope="rowgroup"))


def _table(found: Table) -> Any:
    right = {"textAlign": "right", "fontVariantNumeric": "tabular-nums"}
    styles = [right if number in set(found.right) else {} for number in range(len(found.columns))]

    def row(cell: Any, texts: Sequence[str]) -> Any:
        return dmc.TableTr([cell(text, style=style) for text, style in zip(texts, styles, strict=True)])

    head = dmc.TableThead(row(dmc.TableTh, found.columns))
    rows = [
        row(dmc.TableTd, texts) if any(texts[1:]) or len(texts) < 2 else _heading(texts[0], len(texts))
        for texts in found.rows
    ]
    made = dmc.Table([head, dmc.TableTbody(rows)], verticalSpacing=2, fz="xs")
    return html.Div(made, className="scrolls", tabIndex=0, role="region", **{"aria-label": "Table of the report"})
