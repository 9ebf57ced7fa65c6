"""The scenarios of the page Compare, changed by fields: what a person picks goes into the text of a patch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import ALL, MATCH, Dash, Input, Output, State, ctx, no_update

from dashboard import ids
from dashboard.address import LETTERS
from dashboard.desk.desk import Desk
from dashboard.desk.variants import without
from dashboard.form import values
from dashboard.jobs import Refused
from dashboard.pages import fields, something_new, variant

Texts = Sequence[str | None]
SCENARIOS, PATCHES = ({"type": f"variant-{what}", "letter": ALL} for what in ("scenario", "patch"))


def of(letter: object, scenarios: Texts, patches: Texts) -> tuple[str, str]:
    """Scenario and patch of a letter."""
    place = LETTERS.index(str(letter)) if letter in set(LETTERS) else 0
    return (scenarios[place] or "", patches[place] or "") if place < len(scenarios) else ("", "")


def register(app: Dash, desk: Desk) -> None:
    """All of them."""
    _register_words(app, desk)
    _register_choices(app, desk)
    _register_changes(app, desk)


def _register_words(app: Dash, desk: Desk) -> None:
    @app.callback(
        Output({"type": "variant-told", "letter": MATCH}, "children"),
        Input({"type": "variant-scenario", "letter": MATCH}, "value"),
        Input({"type": "variant-patch", "letter": MATCH}, "value"),
        State({"type": "variant-told", "letter": MATCH}, "id"),
        prevent_initial_call=True,
    )
    def told(scenario: str | None, text: str | None, place: Mapping[str, str]) -> Any:
        said = desk.variants.told(scenario or "", text or "")
        return variant.changes(place["letter"], scenario or "", said)


def _register_choices(app: Dash, desk: Desk) -> None:
    @app.callback(
        Output(ids.EDIT_SETTING, "data"), Output(ids.EDIT_SOURCE, "data"), Output(ids.EDIT_OF, "data"),
        Input(ids.EDIT_LETTER, "value"), Input(SCENARIOS, "value"), Input(PATCHES, "value"), State(ids.EDIT_OF, "data"),
    )  # fmt: skip
    def choices(letter: str, scenarios: Texts, patches: Texts, before: str | None) -> Any:
        scenario, text = of(letter, scenarios, patches)
        leaves, sources = desk.variants.settings(scenario, text), desk.variants.sources(scenario, text)
        found = f"{scenario} {hash(tuple(leaf.path for leaf in leaves))}"
        if found == before:
            return no_update, no_update, no_update
        return variant.settings(leaves), something_new.choices(sources), found

    @app.callback(
        Output(ids.EDIT_FIELD, "children"),
        Input(ids.EDIT_SETTING, "value"), Input(ids.EDIT_LETTER, "value"), Input(SCENARIOS, "value"),
        Input(PATCHES, "value"), prevent_initial_call=True,
    )  # fmt: skip
    def field(path: str | None, letter: str, scenarios: Texts, patches: Texts) -> Any:
        leaves = desk.variants.settings(*of(letter, scenarios, patches)) if path else ()
        leaf = next((one for one in leaves if one.path == path), None)
        return None if leaf is None else fields.field(leaf, values.shown(leaf))


def _register_changes(app: Dash, desk: Desk) -> None:
    @app.callback(
        Output(PATCHES, "value"), Output(ids.EDIT_SAID, "children"),
        Input(ids.EDIT_SET, "n_clicks"), Input(ids.EDIT_ADD, "n_clicks"),
        Input({"type": "variant-less", "letter": ALL, "path": ALL}, "n_clicks"),
        State(ids.EDIT_LETTER, "value"), State(SCENARIOS, "value"), State(PATCHES, "value"),
        State(ids.EDIT_SETTING, "value"), State({"type": "field", "path": ALL}, "value"),
        State({"type": "switch", "path": ALL}, "checked"), State(ids.EDIT_SOURCE, "value"),
        State(ids.EDIT_NAME, "value"), prevent_initial_call=True,
    )  # fmt: skip
    def change(
        _set: Any, _add: Any, _less: Any, letter: str, scenarios: Texts, patches: Texts, path: str | None,
        texts: Sequence[Any], truths: Sequence[Any], source: str | None, name: str | None,
    ) -> Any:  # fmt: skip
        asked = ctx.triggered_id
        nothing = [no_update] * len(patches)
        if not any(one["value"] for one in ctx.triggered):
            return nothing, no_update
        here = asked["letter"] if isinstance(asked, Mapping) else letter
        scenario, text = of(here, scenarios, patches)
        try:
            if asked == ids.EDIT_SET:
                made = desk.variants.set(scenario, text, path or "", next(iter([*texts, *truths]), None))
            elif asked == ids.EDIT_ADD:
                made = desk.variants.added(scenario, text, source or "", name or "")
            else:
                made = without(text, asked["path"])
        except Refused as refused:
            return nothing, f"{here} is not changed: {refused}."
        place = LETTERS.index(here)
        return [made if i == place else no_update for i in range(len(patches))], f"{here} is changed."
