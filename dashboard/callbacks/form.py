"""The form of a what-if: its parts, its fields, what they change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import ALL, MATCH, ClientsideFunction, Dash, Input, Output, State, ctx, dcc, no_update, set_props

from dashboard import ids
from dashboard.desk.desk import Desk
from dashboard.form.parts import EXTRA
from dashboard.jobs import Refused
from dashboard.pages import fields, what_if

Strings = Mapping[str, str]
FIELD, SWITCH = ({"type": kind, "path": ALL} for kind in ("field", "switch"))


def register(app: Dash, desk: Desk) -> None:
    """All of them."""
    _register_parts(app, desk)
    _register_new(app, desk)
    _register_fields(app)
    _register_changes(app, desk)


def _register_parts(app: Dash, desk: Desk) -> None:
    @app.callback(
        Output(ids.FORM, "children"),
        Input(ids.OPENED, "data"),
        State(ids.FIELDS, "data"),
        State(ids.MESSAGES, "data"),
    )
    def put_in(scenario: str, filled: Mapping[str, Any], messages: Strings) -> Any:
        sources = desk.variants.sources(scenario, "")
        return fields.form(desk.forms.leaves(scenario), filled, messages, sources)

    app.clientside_callback(
        ClientsideFunction("form", "opened"),
        Output({"type": "opens", "part": ALL}, "data"),
        Input(ids.FORM_PARTS, "value"),
        State({"type": "opens", "part": ALL}, "id"),
        State({"type": "opens", "part": ALL}, "data"),
        prevent_initial_call=True,
    )

    # One answer for each part: of an answer for all, the part that is opened next would undo what was typed meanwhile.
    @app.callback(
        Output({"type": "part", "part": MATCH}, "children"), Input({"type": "opens", "part": MATCH}, "data"),
        State({"type": "part", "part": MATCH}, "id"), State({"type": "part", "part": MATCH}, "children"),
        State(ids.OPENED, "data"), State(ids.FIELDS, "data"), State(ids.MESSAGES, "data"), prevent_initial_call=True,
    )  # fmt: skip
    def open_part(
        opened: Any, place: Strings, there: Any, scenario: str, filled: Mapping[str, Any], messages: Strings
    ) -> Any:
        if not opened or there:
            return no_update
        return fields.inside(place["part"], desk.forms.leaves(scenario), filled or {}, messages or {})

    @app.callback(
        Output({"type": "more", "group": MATCH}, "children"),
        Input({"type": "more-button", "group": MATCH}, "n_clicks"),
        State({"type": "more", "group": MATCH}, "id"),
        State({"type": "more", "group": MATCH}, "children"),
        State(ids.OPENED, "data"),
        State(ids.FIELDS, "data"),
        prevent_initial_call=True,
    )
    def unfold(clicks: int | None, place: Strings, there: Any, scenario: str, filled: Mapping[str, Any]) -> Any:
        if not clicks or there:
            return no_update
        own = [leaf for leaf in desk.forms.leaves(scenario) if leaf.further and leaf.group == place["group"]]
        return fields.grid(own, filled or {}, {})


def _register_new(app: Dash, desk: Desk) -> None:
    @app.callback(
        Output(ids.NEW_SAID, "children"), Input(ids.NEW_ADD, "n_clicks"), State(ids.NEW_SOURCE, "value"),
        State(ids.NEW_NAME, "value"), State(ids.FIELDS, "data"), State(ids.OPENED, "data"), prevent_initial_call=True,
    )  # fmt: skip
    def add(clicks: int | None, source: str | None, name: str | None, filled: Mapping[str, Any], scenario: str) -> Any:
        if not clicks:
            return no_update
        try:
            text = desk.variants.added(scenario, str(filled.get(EXTRA) or ""), source or "", name or "")
        except Refused as refused:
            return f"Nothing is added: {refused}."
        set_props(ids.field(EXTRA, "text"), {"value": text})  # an output's name may have no dot
        return "It is added."


def _register_fields(app: Dash) -> None:
    app.clientside_callback(
        ClientsideFunction("form", "find"),
        Output(ids.FORM_PARTS, "value"),
        Output(ids.FIND, "value"),
        Input(ids.FIND, "value"),
        State(ids.FORM_PARTS, "value"),
        prevent_initial_call=True,
    )

    # From the fields to a store and from a store to the fields in the browser: of two answers to one plain store, Dash
    # throws away the older; of two answers to a pattern of components it shows the one that comes last.
    app.clientside_callback(
        ClientsideFunction("form", "filled"),
        Output(ids.FIELDS, "data"),
        Input(FIELD, "value"),
        Input(SWITCH, "checked"),
        State(FIELD, "id"),
        State(SWITCH, "id"),
        State(ids.FIELDS, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("form", "errors"),
        Output(FIELD, "error"),
        Input(ids.MESSAGES, "data"),
        State(FIELD, "id"),
        State(FIELD, "error"),
        prevent_initial_call=True,
    )


def _register_changes(app: Dash, desk: Desk) -> None:
    @app.callback(
        Output(ids.MESSAGES, "data"),
        Output(ids.CHANGES, "children"),
        Output(ids.OTHER_PROBLEMS, "children"),
        Output(ids.SAID, "data"),
        Output(ids.PICTURED, "data"),
        Input(ids.FIELDS, "data"),
        Input(ids.PLAYED, "data"),
        State(ids.SCENARIO, "value"),
        prevent_initial_call=True,
    )
    def edit(filled: Mapping[str, Any], played: Any, scenario: str) -> Any:
        edited = desk.forms.edited(scenario, filled)
        said = what_if.changes(edited, played)
        if ctx.triggered_id == ids.PLAYED:  # nothing is changed but what the runs are of
            return no_update, said, no_update, no_update, no_update
        pictured = {"scenario": scenario, "yaml": edited.yaml}
        return edited.messages, said, what_if.unfitting(edited), edited.link, pictured

    @app.callback(
        Output(ids.PATCH_FILE, "data"), Input(ids.SAVE_PATCH, "n_clicks"), State(ids.PATCH, "children"),
        State(ids.SCENARIO, "value"), prevent_initial_call=True,
    )  # fmt: skip
    def save(clicks: int | None, text: str, scenario: str) -> Any:
        return dcc.send_string(desk.forms.file(scenario, text), "what-if.yaml") if clicks else no_update
