"""A scenario that is compared: its row on the page, and the one place where any of them is changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import ids
from dashboard.address import LETTERS
from dashboard.desk.variants import Told
from dashboard.form.leaves import Leaf
from dashboard.form.parts import PARTS
from dashboard.pages import shell, something_new

#: What is changed first: A is what the others are compared with.
FIRST = "B"
NOTHING = "As it is."


def row(
    letter: str, variants: Sequence[tuple[str, str]], place: int, scenarios: Sequence[str], told: Told | None
) -> Any:
    """One scenario with its changes; of those that are not used only the next is shown, by a fold."""
    scenario, patch = variants[place] if place < len(variants) else ("", "")
    about = "" if place else ": what the others are compared with"
    pick = dmc.Select(
        id=ids.variant(letter, "scenario"), label=f"{letter}{about}",
        value=scenario or None, data=list(scenarios), searchable=True, clearable=place > 0, placeholder="none",
    )  # fmt: skip
    # Read when it is left: a field that waits for a pause says again what the page put into it, over what came since.
    text = dmc.Textarea(
        id=ids.variant(letter, "patch"), label=f"Change of {letter}, as a scenario file says it (YAML)", value=patch,
        autosize=True, minRows=1, maxRows=12, placeholder="staff: {technologist: {count: 2}}", className="mono",
        debounce=True,
    )  # fmt: skip
    written = html.Details([html.Summary(f"{letter} as YAML", className="opens"), text])
    right = [html.Div(changes(letter, scenario, told), id=ids.variant(letter, "told"), role="group",
                      **{"aria-label": f"Changes of {letter}"}), written]  # fmt: skip
    made = dmc.Grid([dmc.GridCol(pick, span={"base": 12, "sm": 4}), dmc.GridCol(right, span={"base": 12, "sm": 8})])
    if place < 2 or place < len(variants):
        return made
    return html.Details([html.Summary(f"Add scenario {letter}", className="opens"), made], className="adds")


def changes(letter: str, scenario: str, told: Told | None) -> Any:
    """What is changed, each with a way back, and what is wrong with it."""
    if told is None or not (told.changes or told.problems):
        return dmc.Text(NOTHING, size="sm", c="dimmed") if scenario else None
    lines = [html.Li([words, " ", _less(letter, path, words)]) for path, words in told.changes]
    wrong = [shell.trouble("This does not fit together", told.problems)] if told.problems else []
    return dmc.Stack([html.Ul(lines, className="changes"), *wrong], gap="xs")


def _less(letter: str, path: str, words: str) -> Any:
    said = f"Take back “{words.partition(' (')[0]}” of {letter}"
    return html.Button("×", id=ids.less(letter, path), className="file", title=said, **{"aria-label": said})


def editor() -> Any:
    """A setting and its value, and something new, for the scenario of a letter."""
    which = dmc.Select(
        id=ids.EDIT_LETTER, label="Change", value=FIRST, data=list(LETTERS), allowDeselect=False, w=90,
    )  # fmt: skip
    setting = dmc.Select(
        id=ids.EDIT_SETTING, label="Setting", data=[], className="grows", placeholder="count, hotel, overbooking, ...",
        nothingFoundMessage="No setting has these words.", **shell.AMONG_MANY,
    )  # fmt: skip
    put = dmc.Button("Set it", id=ids.EDIT_SET, variant="default", **shell.SETTLES)
    said = html.P("", id=ids.EDIT_SAID, role="status", className="status", **{"aria-live": "polite"})
    return dmc.Fieldset(
        [
            dcc.Store(id=ids.EDIT_OF),
            dmc.Group([which, setting, html.Div(id=ids.EDIT_FIELD, className="grows"), put], align="end", gap="sm"),
            dmc.Space(h="sm"),
            something_new.row(ids.EDIT_SOURCE, ids.EDIT_NAME, ids.EDIT_ADD, []),
            said,
        ],
        legend="Change one of them",
        p="sm",
    )


def settings(leaves: Iterable[Leaf]) -> list[dict[str, str]]:
    """All settings, each with the part of a scenario that it belongs to."""
    titles = {part.name: part.title for part in PARTS}
    return [{"value": leaf.path, "label": f"{leaf.words} · {titles[leaf.part]}"} for leaf in leaves]
