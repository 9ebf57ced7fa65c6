"""Things that a scenario does not have yet: a copy of one that it has, or one from a catalogue, as a patch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.form.patch import laid_over

Patch = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of named things: what one is called, and where a scenario has them."""

    word: str
    path: tuple[str, ...]


KINDS: tuple[Kind, ...] = (
    Kind("study", ("studies",)),
    Kind("scanner", ("scanners",)),
    Kind("group of people", ("staff",)),
    Kind("room", ("rooms",)),
    Kind("protocol", ("protocols",)),
    Kind("delivery", ("hot_lab", "deliveries")),
    Kind("project", ("authorisations", "projects")),
)
#: What something new is made from, when it is not a copy of what the scenario has.
MODEL, TEMPLATE = "model", "template"


@dataclass(frozen=True, slots=True)
class Source:
    """What something new can be made from.

    Attributes
    ----------
    key : str
        ``scanners/pet``: a copy of it; ``model/generic_pet``: a machine of the catalogue; ``template/fdg``: a study
        with this protocol.
    label, group : str
    """

    key: str
    label: str
    group: str


def sources(data: Mapping[str, Any], models: Mapping[str, str], templates: Mapping[str, str]) -> Iterator[Source]:
    """All of them, for a merged scenario and the catalogues (key -> label)."""
    for kind in KINDS:
        for name in _things(data, kind.path):
            yield Source(f"{'.'.join(kind.path)}/{name}", f"{kind.word} like {name}", "A copy of what is there")
    for name, label in models.items():
        yield Source(f"{MODEL}/{name}", f"scanner: {label}", "A machine of the catalogue")
    if _things(data, ("studies",)):
        for name, label in templates.items():
            yield Source(f"{TEMPLATE}/{name}", f"study with {label}", "A study with a protocol of the library")


def made(data: Mapping[str, Any], key: str, name: str, hotels: Mapping[str, int]) -> Patch:
    """The patch that adds it under a name.

    Parameters
    ----------
    data : mapping
        The scenario, merged.
    key : str
        Of a source.
    name : str
        Of the new thing; empty: the source's with a number.
    hotels : mapping of model to int
        The smallest hotel that a machine of the catalogue takes.

    Raises
    ------
    ValueError
        When there is no such source, or the name is taken; the text is for a person.
    """
    where, _, source = key.partition("/")
    path = {MODEL: ("scanners",), TEMPLATE: ("studies",)}.get(where, tuple(where.split(".")))
    known = _things(data, path)
    called = name.strip() or _free(known, source)
    if called in known:
        raise ValueError(f"there is already a {'.'.join((*path, called))}; give another name")
    if where == MODEL:
        return _of_model(data, source, called, hotels)
    if where == TEMPLATE:
        return _of_template(data, source, called)
    if path not in {kind.path for kind in KINDS} or source not in known:
        raise ValueError("pick what it is to be like")
    return _copy(data, path, source, called)


def added(below: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[tuple[Kind, str]]:
    """What a patch (`data`) adds to the scenario below it: kind and name."""
    for kind in KINDS:
        there = _things(below, kind.path)
        yield from ((kind, name) for name, said in _things(data, kind.path).items() if name not in there and said)


def thing(data: Mapping[str, Any], kind: Kind, name: str) -> Mapping[str, Any]:
    """What a scenario or patch says of one of a kind."""
    return _things(data, (*kind.path, name))


def _things(data: Mapping[str, Any], path: tuple[str, ...]) -> Mapping[str, Any]:
    for step in path:
        inside = data.get(step)
        data = inside if isinstance(inside, Mapping) else {}
    return data


def _free(known: Iterable[str], source: str) -> str:
    taken = set(known)
    numbered = (f"{source}_{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (source, *numbered) if name not in taken)


def _under(path: tuple[str, ...], said: Any) -> Patch:
    for step in reversed(path):
        said = {step: said}
    return dict(said)


def _copy(data: Mapping[str, Any], path: tuple[str, ...], source: str, name: str) -> Patch:
    """The same under another name; a scanner gets a room of its own."""
    said = dict(_things(data, path)[source] or {})
    more = laid_over(_roomed(data, said, name), _shared(data, source)) if path == ("scanners",) else {}
    return laid_over(_under((*path, name), said), more)


def _roomed(data: Mapping[str, Any], said: Patch, name: str) -> Patch:
    """A room for a machine, as large as that of the one that it is like; `said` then names it."""
    like = _things(data, ("rooms",)).get(str(said.get("room")))
    room = {key: value for key, value in (like or {}).items() if key in {"kind", "places"}} or {"kind": "scanner"}
    said["room"] = f"{name}_room"
    return {"rooms": {said["room"]: room}}


def _shared(data: Mapping[str, Any], scanner: str) -> Patch:
    """Protocols that name the machine take any that fits; else the new one would stand idle."""
    own = [key for key, one in _things(data, ("protocols",)).items() if (one or {}).get("scanner") == scanner]
    return {"protocols": {key: {"scanner": None} for key in own}} if own else {}


def _of_model(data: Mapping[str, Any], model: str, name: str, hotels: Mapping[str, int]) -> Patch:
    if model not in hotels:
        raise ValueError("the catalogue has no such machine")
    said: Patch = {"model": model, "beds": 1, "hotel": hotels[model]}
    return laid_over({"scanners": {name: said}}, _roomed(data, said, name))


def _of_template(data: Mapping[str, Any], template: str, name: str) -> Patch:
    """A protocol of its own, and a study like the scenario's first that uses it."""
    first = next(iter(_things(data, ("studies",)).values()), None)
    if not first:
        raise ValueError("this scenario has no study that the new one could be like")
    study = {key: value for key, value in first.items() if key not in {"measurement", "comparison", "biology"}}
    return {"protocols": {name: {"template": template}}, "studies": {name: study | {"protocol": name}}}
