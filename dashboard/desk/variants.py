"""What is changed in a scenario, change by change, while its patch stays a text that a person can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from dashboard.desk.forms import Forms
from dashboard.form import new, patch
from dashboard.form.leaves import Leaf
from dashboard.form.new import Source
from dashboard.jobs import Refused, Request

UNREADABLE = "pick a scenario first, and mend what is wrong with its YAML"


@dataclass(frozen=True, slots=True)
class Told:
    """A patch as a person reads it.

    Attributes
    ----------
    changes : tuple of (path, words)
        Each can be taken back by its path.
    problems : tuple of str
    """

    changes: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()


class Variants:
    """Changes of scenarios that can be picked.

    Parameters
    ----------
    forms : Forms
    """

    def __init__(self, forms: Forms) -> None:
        self._forms = forms

    def told(self, scenario: str, text: str) -> Told:
        """What a patch changes, and what is wrong with it."""
        from twin import api

        if not scenario or not text.strip():
            return Told()
        try:
            said = self._forms.changes_of(Request(scenario, text))
        except api.ScenarioError as error:
            return Told(problems=tuple(str(one) for one in error.problems))
        except (Refused, api.TwinError) as error:
            return Told(problems=(str(error),))
        edited = self._forms.edited(scenario, said)
        changes = ((one.leaf.path, one.words) for one in edited.changes)
        return Told((*edited.more, *changes), (*edited.messages.values(), *edited.rest))

    def settings(self, scenario: str, text: str) -> tuple[Leaf, ...]:
        """All that can be set, also of what the patch adds; none of what cannot be read."""
        return self._forms.leaves(scenario, text) if scenario else ()

    def sources(self, scenario: str, text: str) -> tuple[Source, ...]:
        """What something new can be made from."""
        data = self._data(scenario, text)
        return () if data is None else tuple(new.sources(data, _models(), _templates()))

    def _data(self, scenario: str, text: str) -> Mapping[str, Any] | None:
        from twin import api

        try:
            return self._forms.data(scenario, text) if scenario else None
        except (Refused, api.TwinError):
            return None

    def set(self, scenario: str, text: str, path: str, field: Any) -> str:
        """The patch with a setting that says what stands in its field; `Refused` if there is none."""
        if self._data(scenario, text) is None:
            raise Refused(UNREADABLE)
        leaf = next((one for one in self.settings(scenario, text) if one.path == path), None)
        if leaf is None:
            raise Refused("pick a setting first")
        return _over(text, patch.patch([patch.Change(leaf, field)]))

    def added(self, scenario: str, text: str, source: str, name: str) -> str:
        """The patch with something new; `Refused` with why not."""
        data = self._data(scenario, text)
        if data is None:
            raise Refused(UNREADABLE)
        try:
            return _over(text, new.made(data, source, name, _hotels()))
        except ValueError as error:
            raise Refused(str(error)) from None


def without(text: str, path: str) -> str:
    """The patch without what stands at a path; `Refused` if it cannot be read."""
    from twin import api

    try:
        data = api.read_patch(text)
    except api.ScenarioError:
        raise Refused(UNREADABLE) from None
    return _written(patch.without(data, {keys for keys in _places(data) if ".".join(keys) == path}))


def _over(text: str, more: Mapping[str, Any]) -> str:
    from twin import api

    return _written(patch.laid_over(api.read_patch(text), more))


def _written(data: Mapping[str, Any]) -> str:
    from twin import api

    return api.yaml_text(data).strip() if data else ""


def _places(data: Mapping[str, Any], at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, value in data.items():
        here = (*at, str(key))
        yield here
        if isinstance(value, Mapping):
            yield from _places(value, here)


@cache
def _models() -> Mapping[str, str]:
    from twin import api

    return {str(row["name"]): f"{row['label']} ({row['modality']})" for row in api.listing("scanners")}


@cache
def _hotels() -> Mapping[str, int]:
    from twin import api

    return {str(row["name"]): int(str(row["hotel_sizes"] or 1).split()[0]) for row in api.listing("scanners")}


@cache
def _templates() -> Mapping[str, str]:
    from twin import api

    return {str(row["template"]): f"{row['template']} ({row['modality']})" for row in api.listing("protocols")}
