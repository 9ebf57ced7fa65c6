"""The page Library: tables of what the twin knows, each row with its sources, and what was validated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import contents, ids
from dashboard.charts import library as charts
from dashboard.desk.asking import Watched
from dashboard.desk.knowing import PARTS, Part, Row
from dashboard.figures import validation, words
from dashboard.pages import graph, shell, watch
from dashboard.pages import rows as rows_of

EVIDENCE = "Evidence says what a number rests on: measured, derived, calibrated, or assumed by this project."
NOT_YET = "The comparisons are computed on this machine; that takes about half a minute."


def page(part: Part, *body: Any) -> Any:
    """The whole page: the parts, and the one that was chosen."""
    head = shell.section(part.title, dmc.Text(part.help, size="sm", c="dimmed"), *body)
    return shell.alone(contents.named("library"), _parts(part), head)


def _parts(chosen: Part) -> Any:
    """The ways to the parts."""
    path = contents.named("library").path
    ways = [html.A(one.title, href=f"{path}?part={one.name}", **_look(one is chosen)) for one in PARTS]
    return html.Nav(ways, className="tabs no-print", **{"aria-label": "Parts of the library"})


def _look(is_here: bool) -> dict[str, str]:
    return {"className": "tab here", "aria-current": "page"} if is_here else {"className": "tab"}


def table(part: Part, rows: Sequence[Row], cited: Mapping[str, str]) -> Any:
    """The rows with a field to look for something; a source says in full what it is when it is pointed at."""
    columns = {
        column: graph.heading(column) for column in rows[0] if any(row[column] not in {None, ""} for row in rows)
    }
    made = rows_of.as_data(columns.values(), [[_cell(one, row[one], cited) for one in columns] for row in rows])
    name = f"library-{part.name}"
    place = html.Div(made, id=name, className="scrolls stacks", tabIndex=0, role="region", **{"aria-label": part.title})
    evidence = dmc.Text(EVIDENCE, size="xs", c="dimmed") if "evidence" in columns else None
    return html.Div([_filter(name, len(rows)), evidence, place])


def _filter(name: str, rows: int) -> Any:
    """Rows without the words are hidden by the browser (``page.js``)."""
    said = html.Span(words.counted(rows, "row"), className="counted", role="status")
    field = dmc.TextInput(placeholder="Find", size="sm", w=240, **{"aria-label": "Find in this table"})
    return html.Div([field, said], className="row no-print filter", **{"data-filters": name})


def _cell(column: str, value: Any, cited: Mapping[str, str]) -> rows_of.Cell:
    if column == "sources":
        return [{"text": key, "title": cited.get(key, "")} for key in str(value or "").split()]
    if column == "doi_or_url" and value:
        return [_link(str(value))]
    return _text(value)


def _link(text: str) -> dict[str, str]:
    """A place on the web that a person may go to; the page itself asks nothing of it."""
    return {"text": text, "href": text if text.startswith(("http://", "https://")) else f"https://doi.org/{text}"}


def _text(value: Any) -> str:
    if value is None:
        return "–"
    return words.number(value, 4) if isinstance(value, float) else str(value)


def validated(answer: Mapping[str, Any] | None, job: str, watched: Watched | None) -> list[Any]:
    """The comparisons, or the way to compute them."""
    way = dmc.Button("Compute now" if answer is None else "Compute again", id=ids.VALIDATE, variant="default")
    parts = [
        dcc.Store(id=ids.VALIDATED, data={"job": job} if answer else {}),
        html.Div(dmc.Group([way, dmc.Text(NOT_YET, size="sm", c="dimmed")]), className="no-print"),
        watch.panel(job, watched),
    ]
    if answer is None:
        return parts
    lines = validation.missed(answer["rows"])
    said = dmc.List([dmc.ListItem(line) for line in lines], size="sm") if lines else dmc.Text("Nothing.", size="sm")
    return [*parts, graph.panels(charts.CHARTS), shell.section("What was missed", said, order=3)]
