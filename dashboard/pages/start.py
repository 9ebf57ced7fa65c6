"""The page Start: three ways to begin, and what was played last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard import address, contents
from dashboard.contents import Page
from dashboard.pages import shell


def page(lines: Sequence[Mapping[str, Any]]) -> Any:
    """The whole page."""
    newest = address.DAY + address.search(address.Day(lines[0]["run"])) if lines else address.WHAT_IF
    cards = [
        _card(
            contents.named("what_if"),
            "Try a what-if",
            "Change the example facility and see what follows.",
            address.WHAT_IF,
        ),
        _card(contents.named("day"), "Open results", "Look at the newest run.", newest),
    ]
    return shell.alone(contents.named("start"), dmc.SimpleGrid(cards, cols={"base": 1, "sm": 3}, spacing="md"))


def _card(page: Page, words: str, said: str, href: str) -> Any:
    """A way, as large as its importance."""
    head = dmc.Group([shell.icon(page), dmc.Title(words, order=2, size="h4")], gap="sm", wrap="nowrap")
    return html.A(dmc.Stack([head, dmc.Text(said, size="sm", c="dimmed")], gap="xs"), href=href, className="big-way")
