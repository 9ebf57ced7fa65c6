"""The page Start: three ways to begin, the example facility in figures, and what was played last."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard import address, contents, ids
from dashboard.contents import Page
from dashboard.figures import words
from dashboard.figures.comparison import Compared
from dashboard.pages import cards, shell

Lines = Sequence[Mapping[str, Any]]
NO_RUN = "No run is in this store yet. The first what-if plays the example facility and shows its figures."
NOT_PLAYED = (
    "Usable scans, animals a day, waiting: they stand here once the week has been played, which takes some seconds."
)
EXAMPLE = "An ordinary week of small-animal PET/CT: one scanner with two beds, hotels of four, three technologists."


@dataclass(frozen=True, slots=True)
class Way:
    """One of the three ways to begin."""

    page: str
    title: str
    said: str
    search: str = ""

    @property
    def href(self) -> str:
        """Where it leads."""
        return contents.named(self.page).path + self.search


def ways(newest: str) -> list[Way]:
    """The three, with the newest run of the store behind the last."""
    state = address.search(address.Day(newest))
    if newest:
        results = Way("day", "Open results", "The newest run, day by day.", state)
    else:
        results = Way("what_if", "Open results", "Play the example first, then look at its days.")
    return [
        Way("what_if", "Try a what-if", "One more technologist? A smaller hotel? See what follows, and how surely."),
        Way("sweeps", "Plan a new facility", "How many people, beds and scanners does a demand need? Try them all."),
        results,
    ]


def page(lines: Lines, example: Sequence[Compared], scenarios: Sequence[tuple[str, str]]) -> Any:
    """The whole page.

    Parameters
    ----------
    lines : sequence of mapping
        The newest runs.
    example : sequence of Compared
        Headline figures of the example facility, if it was played.
    scenarios : sequence of (name, question)
    """
    begin = dmc.SimpleGrid([_card(way) for way in ways(lines[0]["run"] if lines else "")], cols={"base": 1, "sm": 3})
    play = html.A("Play the example", href=contents.named("what_if").path)
    figures = [cards.cards(example) if example else shell.empty(NOT_PLAYED, play)]
    return shell.alone(
        contents.named("start"),
        begin,
        shell.section("The example facility", dmc.Text(EXAMPLE, size="sm", c="dimmed"), *figures),
        shell.section("Questions that are ready to ask", _questions(scenarios)),
        shell.section("Newest runs", _runs(lines) if lines else shell.empty(NO_RUN)),
    )


def _card(way: Way) -> Any:
    """A way, as large as its importance."""
    page: Page = contents.named(way.page)
    head = dmc.Group([shell.icon(page), dmc.Title(way.title, order=2, size="h4")], gap="sm", wrap="nowrap")
    return html.A(
        dmc.Stack([head, dmc.Text(way.said, size="sm", c="dimmed")], gap="xs"), href=way.href, className="big-way"
    )


def _questions(scenarios: Sequence[tuple[str, str]]) -> Any:
    """The bundled scenarios by what they ask, a card for each; a field above hides what has other words."""
    listed = html.Ul([_question(*one) for one in scenarios], className="asks", id=ids.QUESTIONS)
    field = dmc.TextInput(
        placeholder="Find: dose, MRI, late, ...", size="sm", w=280, **{"aria-label": "Find a question"}
    )
    counted = html.Span(f"{len(scenarios)} questions", className="counted", role="status")
    about = {"data-filters": ids.QUESTIONS, "data-counts": "questions"}
    return html.Div([html.Div(dmc.Group([field, counted], gap="sm"), className="filter no-print", **about), listed])


#: Names of figures that a question carries for the command line.
_FIGURES = re.compile(r"\s*\((?=[^)]*[_\[])[a-z0-9_,\s\[\]]+\)")


def _question(name: str, question: str) -> Any:
    """A question as a card: the scenario that asks it, and plain words."""
    said = [
        dmc.Text(words.plain(name), fw=650, size="sm"),
        dmc.Text(_FIGURES.sub("", question), size="sm", c="dimmed"),
    ]
    href = f"{contents.named('what_if').path}?scenario={name}"
    return html.Li(html.A(dmc.Stack(said, gap=2), href=href, className="ask"))


def _runs(lines: Lines) -> Any:
    items = [
        html.Li([
            html.A(line["label"], href=contents.named("day").path + address.search(address.Day(line["run"]))),
            html.Span(f" {line['written']}", className="unit"),
        ])
        for line in lines
    ]  # fmt: skip
    return html.Ul(items, className="questions")
