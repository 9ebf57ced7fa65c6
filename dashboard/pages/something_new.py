"""Something that a scenario does not have yet: what it is to be like, and its name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import dash_mantine_components as dmc

from dashboard.form.new import Source
from dashboard.pages import shell

HELP = "A study, a scanner, people, a room: a copy of what is there, or one from the library."


def row(source: str, name: str, add: str, options: list[dict[str, Any]]) -> Any:
    """The three fields, by the names of their components."""
    like = dmc.Select(
        id=source, label="Something new", data=options, className="grows", nothingFoundMessage="There is no such.",
        placeholder="scanner like pet, study with fdg, ...", **shell.AMONG_MANY,
    )  # fmt: skip
    called = dmc.TextInput(
        id=name, label="Its name", value="", placeholder="as you like", debounce=shell.PAUSE_MS,
        inputProps={"autoComplete": "off"},
    )  # fmt: skip
    put = dmc.Button("Add it", id=add, variant="default", **shell.SETTLES)
    fields = dmc.Group([like, called, put], align="end", gap="sm")
    return dmc.Box([fields, dmc.Text(HELP, size="xs", c="dimmed", mt=4)])


def choices(found: Iterable[Source]) -> list[dict[str, Any]]:
    """What something new can be made from, under headings."""
    groups: dict[str, list[dict[str, str]]] = {}
    for one in found:
        groups.setdefault(one.group, []).append({"value": one.key, "label": one.label})
    return [{"group": group, "items": items} for group, items in groups.items()]
