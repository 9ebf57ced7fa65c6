"""The form of a what-if: the fields of a scenario, what stands in them, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from dashboard.address import DEFAULT_SCENARIO, WhatIf
from dashboard.form import leaves, patch, values
from dashboard.form.leaves import Leaf
from dashboard.form.patch import Change
from dashboard.jobs import Refused, Request
from dashboard.jobs.shelf import Shelf

#: So many repetitions are asked for unless somebody says otherwise.
TIMES = 10


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it is filled in.

    Attributes
    ----------
    scenario, question : str
    seed, days : int, float
        As they will be played.
    times : int
        How often both are repeated for an interval.
    leaves : tuple of Leaf
    fields : mapping of path to what stands in it
    trouble : tuple of str
        Why the scenario cannot be read.
    """

    scenario: str
    question: str = ""
    seed: int = 1
    days: float = 7.0
    times: int = TIMES
    leaves: tuple[Leaf, ...] = ()
    fields: Mapping[str, Any] | None = None
    trouble: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edited:
    """What the fields say: the changes, as YAML, and what is wrong with them (by path, and the rest)."""

    changes: tuple[Change, ...]
    yaml: str
    messages: Mapping[str, str]
    rest: tuple[str, ...]

    @property
    def link(self) -> dict[str, str]:
        """The changes as an address carries them."""
        return {change.leaf.path: change.text for change in self.changes}


@cache
def _schema() -> Mapping[str, Any]:
    from twin import api

    return api.schema()


class Forms:
    """Forms of the scenarios that can be picked.

    Parameters
    ----------
    shelf : Shelf
    """

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    def scenarios(self) -> tuple[str, ...]:
        """The names that can be picked."""
        return self.shelf.names()

    def form(self, state: WhatIf) -> Form:
        """The form of an address."""
        from twin import api

        name = state.scenario or self._first()
        try:
            data = self.data(name)
        except api.ScenarioError as error:
            return Form(name, trouble=tuple(map(str, error.problems)))
        except (Refused, api.TwinError) as error:
            return Form(name, trouble=(str(error),))
        found = leaves.leaves(_schema(), data)
        return Form(
            scenario=name,
            question=str(data.get("question") or ""),
            seed=state.seed if state.seed is not None else int(data.get("seed", 1)),
            days=state.days if state.days is not None else float(data.get("days", 7)),
            times=TIMES if state.times is None else state.times,
            leaves=found,
            fields=patch.fields(found, state.changes),
        )

    def leaves(self, name: str) -> tuple[Leaf, ...]:
        """The fields of a scenario; none of one that cannot be read."""
        from twin import api

        try:
            return leaves.leaves(_schema(), self.data(name))
        except (Refused, api.TwinError):
            return ()

    def _first(self) -> str:
        names = self.scenarios()
        return DEFAULT_SCENARIO if DEFAULT_SCENARIO in names else names[0]

    def data(self, name: str, text: str = "") -> Mapping[str, Any]:
        """A scenario with a patch over it, merged, as a person writes it."""
        from twin import api

        shelf = self.shelf
        return api.patched(shelf.source(name), text, shelf.base(), check=False).data

    def edited(self, name: str, fields: Mapping[str, Any] | None) -> Edited:
        """What the fields of a scenario say, checked."""
        from twin import api

        found = self.leaves(name)
        changed = patch.changes(found, fields or {})
        text = api.yaml_text(patch.patch(changed)) if changed else ""
        shelf = self.shelf
        problems = api.problems(shelf.source(name), text, shelf.base()) if changed else ()
        messages, rest = patch.messages(found, [_told(problem) for problem in problems])
        return Edited(changed, text, messages, tuple(rest))

    def edited_form(self, form: Form) -> Edited:
        """The same of a form as it is opened."""
        return Edited((), "", {}, ()) if form.trouble else self.edited(form.scenario, form.fields)

    def file(self, name: str, text: str) -> str:
        """A scenario file that extends a scenario with the changes."""
        from twin import api

        return f"{api.yaml_text({'extends': name, 'name': 'what-if'})}{text}"

    def changes_of(self, asked: Request) -> dict[str, str]:
        """The fields that a patch changes, as an address carries them."""
        below = leaves.leaves(_schema(), self.data(asked.scenario))
        after = leaves.leaves(_schema(), self.data(asked.scenario, asked.patch))
        changed = patch.changes(below, {leaf.path: values.shown(leaf) for leaf in after})
        return {change.leaf.path: change.text for change in changed}


def _told(problem: Any) -> dict[str, str]:
    """A mistake for a place beside its field: without file and line."""
    return {"path": problem.path, "message": str(problem).removeprefix(f"{problem.where}: ")}
