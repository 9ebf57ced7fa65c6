"""Fields of a form: one component for each kind of leaf, with its label, its unit and its help."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

import dash_mantine_components as dmc

from dashboard import ids
from dashboard.figures.words import plain
from dashboard.form.leaves import Leaf
from dashboard.form.parts import EXTRA, PARTS, Part
from dashboard.pages import shell


def form(leaves: Iterable[Leaf], fields: Mapping[str, Any], messages: Mapping[str, str]) -> Any:
    """The parts of the form; the first are open."""
    by_part = {name: list(own) for name, own in groupby(leaves, lambda leaf: leaf.part)}
    items = [_part(part, by_part.get(part.name, []), fields, messages) for part in PARTS]
    opened = [part.name for part in PARTS if part.opened] + ([EXTRA] if fields.get(EXTRA) else [])
    return dmc.Accordion([*items, _extra(fields, messages)], multiple=True, value=opened, variant="separated", order=2)


def _part(part: Part, leaves: list[Leaf], fields: Mapping[str, Any], messages: Mapping[str, str]) -> Any:
    inside = [_item(item, list(own), fields, messages) for item, own in groupby(leaves, lambda leaf: leaf.item)]
    none = dmc.Text(f"This scenario has no {part.title.lower()}.", c="dimmed", size="sm")
    control = dmc.Box([dmc.Text(part.title, fw=600), dmc.Text(part.help, size="xs", c="dimmed")])
    panel = dmc.AccordionPanel(dmc.Stack(inside or [none], gap="md"))
    return dmc.AccordionItem([dmc.AccordionControl(control), panel], value=part.name)


def _extra(fields: Mapping[str, Any], messages: Mapping[str, str]) -> Any:
    """The field for everything that has no field of its own."""
    control = dmc.Box([dmc.Text("Anything else", fw=600), dmc.Text(EXTRA_HELP, size="xs", c="dimmed")])
    text = dmc.Textarea(
        id=ids.field(EXTRA, "text"), label="Scenario file (YAML)", value=fields.get(EXTRA, ""), autosize=True,
        minRows=3, maxRows=16, debounce=shell.PAUSE_MS, error=messages.get(EXTRA), className="mono",
        placeholder=EXTRA_EXAMPLE, inputWrapperOrder=ORDER,
    )  # fmt: skip
    return dmc.AccordionItem([dmc.AccordionControl(control), dmc.AccordionPanel(text)], value=EXTRA)


EXTRA_HELP = "Every other key of a scenario, as a file would say it; it is laid over the fields above."
EXTRA_EXAMPLE = "studies: {tumour: {arrival: {batch: 6}}}"


def _item(item: str, leaves: list[Leaf], fields: Mapping[str, Any], messages: Mapping[str, str]) -> Any:
    made = [field(leaf, fields[leaf.path], messages.get(leaf.path)) for leaf in leaves]
    grid = dmc.SimpleGrid(made, cols={"base": 1, "sm": 2}, spacing="sm")
    return dmc.Fieldset(grid, legend=item, variant="default", p="sm") if item else grid


def field(leaf: Leaf, value: Any, message: str | None = None) -> Any:
    """The field of a leaf, with what is wrong with it."""
    made = {"count": _number, "choice": _choice, "switch": _switch}.get(leaf.kind, _text)(leaf, value)
    made.error = message
    return made


def _common(leaf: Leaf) -> dict[str, Any]:
    return {"id": ids.field(leaf.path, leaf.kind), "label": label(leaf), "description": leaf.description, "size": "sm"}


def label(leaf: Leaf) -> str:
    """``Count (people)``; a quantity carries its unit in the field itself."""
    counts = leaf.kind in {"count", "time"} and leaf.unit != leaf.label.lower()
    return f"{leaf.label} ({leaf.unit})" if counts else leaf.label


def _number(leaf: Leaf, value: Any) -> Any:
    return dmc.NumberInput(
        value=value, min=leaf.minimum, max=leaf.maximum, clampBehavior="none", allowDecimal=False,
        debounce=shell.PAUSE_MS, inputWrapperOrder=ORDER, **_common(leaf),
    )  # fmt: skip


#: The message stands right under the field, the help under both.
ORDER = ["label", "input", "error", "description"]


def _text(leaf: Leaf, value: Any) -> Any:
    example = f"e.g. {leaf.example}" if leaf.example else EXAMPLES.get(leaf.kind, "")
    return dmc.TextInput(
        value=value, placeholder=example, debounce=shell.PAUSE_MS, inputWrapperOrder=ORDER,
        inputProps={"autoComplete": "off"}, **_common(leaf),
    )  # fmt: skip


EXAMPLES = {"week": "e.g. mon-fri 08:00-18:00; sat 08:00-12:00"}


def _choice(leaf: Leaf, value: Any) -> Any:
    options = [{"value": option, "label": plain(option)} for option in leaf.options]
    return dmc.Select(value=value, data=options, allowDeselect=False, inputWrapperOrder=ORDER, **_common(leaf))


def _switch(leaf: Leaf, value: Any) -> Any:
    return dmc.Switch(checked=bool(value), onLabel="yes", offLabel="no", **_common(leaf))
