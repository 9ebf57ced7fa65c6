"""Fields of a form: one component for each kind of leaf, with its label, its unit and its help."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import ids
from dashboard.figures.words import plain
from dashboard.form import values
from dashboard.form.leaves import Leaf
from dashboard.form.new import Source
from dashboard.form.parts import EXTRA, PARTS, Part
from dashboard.pages import shell, something_new


def form(
    leaves: Iterable[Leaf], fields: Mapping[str, Any], messages: Mapping[str, str], sources: Iterable[Source]
) -> Any:
    """The parts of the form; the first are open, and those in which something that is folded away is changed.

    What is in a closed part is made when it is opened: every component of a page costs the browser time whenever
    anything on it changes.
    """
    known = list(leaves)
    changed = {leaf.part for leaf in known if leaf.further and leaf.path in fields}
    opened = [part.name for part in PARTS if part.opened or part.name in changed]
    opened += [EXTRA] if fields.get(EXTRA) else []
    items = [
        _item_of(part, inside(part.name, known, fields, messages) if part.name in opened else None) for part in PARTS
    ]
    parts = dmc.Accordion(
        [*items, _extra(fields, messages, sources)],
        id=ids.FORM_PARTS,
        multiple=True,
        value=opened,
        variant="separated",
        order=2,
    )
    return dmc.Stack([_find(known), parts], gap="sm")


def _find(leaves: Iterable[Leaf]) -> Any:
    """Finds a setting among all of them; the page then goes to its field."""
    titles = {part.name: part.title for part in PARTS}
    options = [
        {"value": "|".join((leaf.part, leaf.group if leaf.further else "", leaf.path, leaf.kind)),
         "label": f"{leaf.words} · {titles[leaf.part]}"}
        for leaf in leaves
    ]  # fmt: skip
    return dmc.Select(
        id=ids.FIND, label="Find a setting", placeholder=f"any of {len(options)}: overbooking, half lives, ...",
        data=options, nothingFoundMessage="No setting has these words.", **shell.AMONG_MANY,
    )  # fmt: skip


def _item_of(part: Part, content: Any) -> Any:
    """A part, with what is in it if it is open."""
    panel = dmc.AccordionPanel(content, id=ids.part(part.name))
    opens = dcc.Store(id=ids.opens(part.name), data=content is not None)
    return dmc.AccordionItem([dmc.AccordionControl(_head(part.title, part.help)), panel, opens], value=part.name)


def _head(title: str, help: str) -> Any:  # noqa: A002 - as parts call it
    return html.Span([title, html.Small(help)], className="part-head")


def inside(name: str, leaves: Iterable[Leaf], fields: Mapping[str, Any], messages: Mapping[str, str]) -> Any:
    """What is in a part."""
    own = [leaf for leaf in leaves if leaf.part == name]
    things = list(dict.fromkeys(leaf.item for leaf in own))
    made = [_item(thing, [leaf for leaf in own if leaf.item == thing], fields, messages) for thing in things]
    none = dmc.Text(f"This scenario has none of it yet. {NEW}", c="dimmed", size="sm")
    return dmc.Stack(made or [none], gap="md")


def _extra(fields: Mapping[str, Any], messages: Mapping[str, str], sources: Iterable[Source]) -> Any:
    """Something new, and the field for everything that has no field of its own."""
    control = dmc.Box(
        [dmc.Text("Something new, and anything else", fw=600), dmc.Text(EXTRA_HELP, size="xs", c="dimmed")]
    )
    # Read when it is left: a field that waits for a pause says again what the page put into it, over what came since.
    text = dmc.Textarea(
        id=ids.field(EXTRA, "text"), label="Scenario file (YAML), read when you leave it", value=fields.get(EXTRA, ""),
        autosize=True, minRows=3, maxRows=16, debounce=True, error=messages.get(EXTRA), className="mono",
        placeholder=EXTRA_EXAMPLE, inputWrapperOrder=ORDER,
    )  # fmt: skip
    new = something_new.row(ids.NEW_SOURCE, ids.NEW_NAME, ids.NEW_ADD, something_new.choices(sources))
    said = html.P("", id=ids.NEW_SAID, role="status", className="status", **{"aria-live": "polite"})
    panel = dmc.AccordionPanel(dmc.Stack([new, said, text], gap="xs"))
    return dmc.AccordionItem([dmc.AccordionControl(control), panel], value=EXTRA)


NEW = "What is new (another room, study or scanner) is added under “Something new, and anything else”."
EXTRA_HELP = "Another study, scanner, room; and every other key, as a file would say it, laid over the fields above."
EXTRA_EXAMPLE = "studies: {tumour: {arrival: {batch: 6}}}"


def _item(item: str, leaves: list[Leaf], fields: Mapping[str, Any], messages: Mapping[str, str]) -> Any:
    shown, folded = ([leaf for leaf in leaves if leaf.further is further] for further in (False, True))
    inside = [grid(shown, fields, messages)] if shown else []
    inside += [_folded(item, folded, fields, messages)] if folded else []
    return dmc.Fieldset(inside, legend=plain(item), variant="default", p="sm") if item else dmc.Stack(inside, gap="xs")


def _folded(item: str, leaves: list[Leaf], fields: Mapping[str, Any], messages: Mapping[str, str]) -> Any:
    """All further settings of a thing, made when they are opened; at once where one is changed."""
    group, changed = leaves[0].group, any(leaf.path in fields for leaf in leaves)
    summary = html.Summary(
        f"{len(leaves)} more settings" + (f" of {plain(item).lower()}" if item else ""),
        id=ids.more_button(group), className="opens",
    )  # fmt: skip
    inside = html.Div(grid(leaves, fields, messages) if changed else None, id=ids.more(group))
    return html.Details([summary, inside], open=changed, **{"data-group": group})


def grid(leaves: Iterable[Leaf], fields: Mapping[str, Any], messages: Mapping[str, str]) -> Any:
    """Fields beside each other."""
    made = [field(leaf, fields.get(leaf.path, values.shown(leaf)), messages.get(leaf.path)) for leaf in leaves]
    return dmc.SimpleGrid(made, cols={"base": 1, "sm": 2}, spacing="sm")


def field(leaf: Leaf, value: Any, message: str | None = None) -> Any:
    """The field of a leaf, with what is wrong with it."""
    made = {"count": _number, "choice": _choice, "switch": _switch}.get(leaf.kind, _text)(leaf, value)
    made.error = message
    return made


def _common(leaf: Leaf) -> dict[str, Any]:
    return {"id": ids.field(leaf.path, leaf.kind), "label": label(leaf), "description": leaf.description, "size": "sm"}


def label(leaf: Leaf) -> str:
    """``Count (people)``; a quantity carries its unit in the field itself."""
    counts = leaf.kind in {"count", "time"} and leaf.unit not in {leaf.label.lower(), "number"}
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
