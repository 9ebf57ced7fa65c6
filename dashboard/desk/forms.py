"""The form of a what-if: the fields of a scenario, what stands in them, and what is wrong with it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from dashboard.address import DEFAULT_SCENARIO, WhatIf
from dashboard.charts.facility import Pictured
from dashboard.figures import words
from dashboard.form import further, leaves, patch, sheet, told, values
from dashboard.form.leaves import Leaf
from dashboard.form.parts import EXTRA
from dashboard.form.patch import Change
from dashboard.jobs import Refused, Request
from dashboard.jobs.shelf import Shelf

#: More is not read in the field for everything else, and more mistakes that have no field are not told.
MOST_EXTRA_CHARACTERS, MOST_TOLD = 20_000, 20
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
        Those that are always shown.
    fields : mapping of path to what stands in it
        Of those, and of what is changed.
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
    """What the fields say: the changes, as YAML, and what is wrong with them (by path, and the rest).

    `extra` is what stands in the field for everything else, `more` what it says (path and words).
    """

    changes: tuple[Change, ...]
    yaml: str
    messages: Mapping[str, str]
    rest: tuple[str, ...]
    extra: str = ""
    more: tuple[tuple[str, str], ...] = ()

    @property
    def link(self) -> dict[str, str]:
        """The changes as an address carries them."""
        said = {change.leaf.path: change.text for change in self.changes}
        return said | ({EXTRA: self.extra} if self.extra else {})

    @property
    def words(self) -> list[str]:
        """Each change in words."""
        return [*(words for _, words in self.more), *(one.words for one in self.changes)]


@cache
def _schema() -> Mapping[str, Any]:
    from twin import api

    return api.schema()


def _leaves_of(data: Mapping[str, Any]) -> tuple[Leaf, ...]:
    """The fields of a merged scenario; those of the last few are remembered, because a large one has thousands."""
    return _remembered(json.dumps(data, default=str))


@lru_cache(maxsize=8)
def _remembered(text: str) -> tuple[Leaf, ...]:
    data = json.loads(text)
    shown = leaves.leaves(_schema(), data)
    return (*shown, *further.further(_schema(), data, shown))


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
        found = _leaves_of(data)
        shown = [leaf for leaf in found if not leaf.further or leaf.path in state.changes]
        return Form(
            scenario=name,
            question=str(data.get("question") or ""),
            seed=state.seed if state.seed is not None else int(data.get("seed", 1)),
            days=state.days if state.days is not None else float(data.get("days", 7)),
            times=TIMES if state.times is None else state.times,
            leaves=tuple(leaf for leaf in found if not leaf.further),
            fields=patch.fields(shown, state.changes) | {EXTRA: state.changes.get(EXTRA, "")},
        )

    def leaves(self, name: str, text: str = "") -> tuple[Leaf, ...]:
        """All fields of a scenario (with a patch over it); none of one that cannot be read."""
        from twin import api

        try:
            return _leaves_of(self.data(name, text))
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
        changed, extra = patch.changes(found, fields or {}), str((fields or {}).get(EXTRA) or "").strip()
        try:
            more = _more(extra)
        except Refused as refused:
            return Edited(changed, "", {EXTRA: str(refused)}, (), extra[:MOST_EXTRA_CHARACTERS])
        data = patch.laid_over(patch.patch(changed), more)
        text = api.yaml_text(data) if data else ""
        problems = api.problems(self.shelf.source(name), text, self.shelf.base()) if data else ()
        seen = [leaf for leaf in found if leaf.path in (fields or {})]
        messages, rest = patch.messages(seen, [_told(problem) for problem in problems])
        said = tuple(told.told(self.data(name), more)) if more else ()
        return Edited(changed, text, messages, _some(rest), extra, said)

    def edited_form(self, form: Form) -> Edited:
        """The same of a form as it is opened."""
        return Edited((), "", {}, ()) if form.trouble else self.edited(form.scenario, form.fields)

    def file(self, name: str, text: str) -> str:
        """A scenario file that extends a scenario with the changes."""
        from twin import api

        return f"{api.yaml_text({'extends': name, 'name': 'what-if'})}{text}"

    def changes_of(self, asked: Request) -> dict[str, str]:
        """The fields that a patch changes, as an address carries them; the rest goes into the field for the rest."""
        from twin import api

        below = _leaves_of(self.data(asked.scenario))
        after = _leaves_of(self.data(asked.scenario, asked.patch))
        changed = patch.changes(below, {leaf.path: values.shown(leaf) for leaf in after})
        said = {change.leaf.path: change.text for change in changed}
        rest = patch.without(api.read_patch(asked.patch), {leaf.keys for leaf in below})
        return said | ({EXTRA: api.yaml_text(rest).strip()} if rest else {})

    def laid(self, name: str, text: str) -> WhatIf:
        """The what-if of a scenario file or patch that somebody sends: text, and no way to any other file.

        Raises
        ------
        Refused
            When it extends something that cannot be picked, or cannot be read.
        """
        from twin import api

        found = _EXTENDS.search(text)
        base = found[1] if found else name
        self.shelf.source(base)
        plain = _EXTENDS.sub("", text, count=1)
        try:
            return WhatIf(base, changes=self.changes_of(Request(base, plain)))
        except api.ScenarioError as error:
            raise Refused("; ".join(map(str, error.problems))) from None

    def sheet(self, name: str, fields: Mapping[str, Any]) -> bytes:
        """The form as a sheet to be filled in elsewhere."""
        return sheet.written(name, self.leaves(name), fields)

    def read_sheet(self, name: str, file: bytes) -> WhatIf:
        """The what-if of such a sheet; `Refused` when it is none."""
        try:
            base, said = sheet.read(file)
        except ValueError as error:
            raise Refused(str(error)) from None
        chosen = base if base in self.scenarios() else name
        found = self.leaves(chosen)
        unknown = [path for path in said if path not in {leaf.path for leaf in found}]
        if unknown:
            raise Refused(f"{chosen} has no {words.listed(unknown)}; take the sheet that the page gives")
        changed = patch.changes(found, patch.fields(found, said))
        return WhatIf(chosen, changes={change.leaf.path: change.text for change in changed})

    def pictured(self, said: Mapping[str, Any] | None) -> Pictured | None:
        """A scenario as it is and as it is changed, for the picture; None: it cannot be read."""
        from twin import api

        name, text = str((said or {}).get("scenario", "")), str((said or {}).get("yaml", ""))
        try:
            return Pictured(name, self.data(name), self.data(name, text))
        except (Refused, api.TwinError):
            return None


def _more(extra: str) -> dict[str, Any]:
    """What the field for everything else says; `Refused` with what is wrong in it."""
    from twin import api

    if len(extra) > MOST_EXTRA_CHARACTERS:
        raise Refused(f"{len(extra)} characters are more than {MOST_EXTRA_CHARACTERS}: put them into a scenario file")
    try:
        return api.read_patch(extra) if extra else {}
    except api.ScenarioError as error:
        lines = (f"line {one.line}: {one.message}" if one.line else one.message for one in error.problems)
        raise Refused("; ".join(lines)) from None


def _some(rest: Sequence[str]) -> tuple[str, ...]:
    """The first mistakes, and how many more there are."""
    more = len(rest) - MOST_TOLD
    return (*rest[:MOST_TOLD], f"and {more} more") if more > 0 else tuple(rest)


#: A file that extends one scenario says so in a line of its own.
_EXTENDS = re.compile(r"^extends[ \t]*:[ \t]*[\"']?([^\s\"'#\[\]]+)[\"']?[ \t]*(?:#.*)?$", re.MULTILINE)


def _told(problem: Any) -> dict[str, str]:
    """A mistake for a place beside its field: without file and line."""
    return {"path": problem.path, "message": str(problem).removeprefix(f"{problem.where}: ")}
