"""Reading a plan of the user's own: the tree of steps under a protocol's ``plan``, all its mistakes at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from twin import distributions, units
from twin.distributions import Constant, Distribution
from twin.errors import Problem, nearest
from twin.physics.exposures import WORDS as EXPOSURES
from twin.plan import (
    Agent,
    Choice,
    Draw,
    ForEachAnimal,
    Node,
    Outcome,
    Parallel,
    Plan,
    Repeat,
    Sequence,
    Step,
    Until,
    steps,
    with_steps,
)
from twin.scenario import distribution_words, tree_laws
from twin.scenario.loading import Resolved
from twin.scenario.reading import Path
from twin.scenario.site_machines import Scanner
from twin.vocabulary import EFFECTS, RESERVED_OUTCOMES, TASKS

#: Node word -> the further keys that it takes.
NODES = {
    "step": (
        "task", "duration", "person", "people", "scanner", "second", "bed", "uses_scanner", "place", "workplace",
        "holds", "exposure", "effect", "draw", "outcome", "always", "uses", "compute",
    ),
    "sequence": (),
    "parallel": (),
    "for_each_animal": ("at_once",),
    "choice": ("cases",),
    "repeat": ("at_most", "outcome", "value"),
}  # fmt: skip
HELD = ("scanner", "bed", "second")
EVENTS = ("booked", "injection")


@dataclass(slots=True)
class _Reader:
    """Reads nodes, notes mistakes and where each step and each loop over animals stands."""

    resolved: Resolved
    syringe: Draw | None
    scanners: Mapping[str, Scanner]
    agent: Agent | None = None
    route: str = "iv"
    problems: list[Problem] = field(default_factory=list)
    paths: dict[int, Path] = field(default_factory=dict)

    def wrong(self, path: Path, message: str, value: object = None, options: Any = None) -> None:
        """Note a mistake; ``options`` are the words allowed."""
        allowed = ", ".join(options) if options else None
        near = nearest(value, options) if options else None
        self.problems.append(self.resolved.problem(path, message, value, allowed, near))


def plan(
    resolved: Resolved,
    name: str,
    syringe: Draw | None,
    scanners: Mapping[str, Scanner],
    agent: Agent | None = None,
    route: str = "iv",
) -> tuple[Plan | None, list[Problem]]:
    """The plan of a protocol with a tree of its own, or None and what is wrong.

    Parameters
    ----------
    resolved : Resolved
    name : str
        Of the protocol.
    syringe : Draw or None
        What ``draw: true`` means.
    scanners : mapping
        The site's scanners by name.
    agent : Agent, optional
        What effect ``inject`` gives where no syringe is drawn.
    route : str
        How it is injected.
    """
    said = resolved.scenario.protocols[name]
    path: Path = ("protocols", name, "plan")
    reader = _Reader(resolved, syringe, scanners, agent, route)
    body = _sequence(reader, list(said.plan or ()), path)
    if not reader.problems:
        made = Plan(name, body, said.way_out, first_out=said.first_out)
        for at, message, value, options in tree_laws.broken(made, ("protocols", name), reader.paths):
            reader.wrong(at, message, value, options)
        return (None if reader.problems else _on_its_scanners(made)), reader.problems
    return None, reader.problems


def _on_its_scanners(plan: Plan) -> Plan:
    """A session keeps to the first scanner that it gets, and to the first second one: both serve all steps there."""
    common = {second: _common(plan, second) for second in (False, True)}
    body = with_steps(plan.body, lambda step: replace(step, scanner=common[step.second]) if step.scanner else step)
    return replace(plan, body=body)


def _common(plan: Plan, second: bool) -> tuple[str, ...]:
    """The scanners that every step at the first machine, or at the second, names."""
    named = [step.scanner for step in steps(plan.body) if step.scanner and step.second is second]
    return tuple(name for name in named[0] if all(name in names for names in named)) if named else ()


def _sequence(reader: _Reader, said: object, path: Path) -> Sequence:
    """A list of nodes one after another."""
    if not isinstance(said, list | tuple):
        reader.wrong(path, "a list of nodes is due", said)
        return Sequence(())
    nodes = (_node(reader, node, (*path, number)) for number, node in enumerate(said))
    return Sequence(tuple(node for node in nodes if node is not None))


def _node(reader: _Reader, said: object, path: Path) -> Node | None:
    """The node that a map says; its first word is its kind."""
    kinds = [word for word in NODES if isinstance(said, dict) and word in said]
    if not isinstance(said, dict) or not kinds:
        first = next(iter(said), None) if isinstance(said, dict) else said
        reader.wrong(path, "this is no node; a node is a map with one of the words allowed", first, NODES)
        return None
    word = kinds[0]
    allowed = (word, *NODES[word])
    for key in said:
        if key not in allowed:
            reader.wrong((*path, key), f"a {word} has no such key", key, allowed)
    return _READERS[word](reader, said, path)


def _parallel(reader: _Reader, said: dict[str, Any], path: Path) -> Node:
    branches, at = said["parallel"], (*path, "parallel")
    if not isinstance(branches, list):
        reader.wrong(at, "a list of branches is due, each a list of nodes", branches)
        return Parallel(())
    return Parallel(tuple(_sequence(reader, branch, (*at, number)) for number, branch in enumerate(branches)))


def _for_each(reader: _Reader, said: dict[str, Any], path: Path) -> Node:
    body = _sequence(reader, said["for_each_animal"], (*path, "for_each_animal"))
    node = ForEachAnimal(body, _count(reader, said.get("at_once", 1), (*path, "at_once")))
    reader.paths[id(node)] = path
    return node


def _choice(reader: _Reader, said: dict[str, Any], path: Path) -> Node:
    cases = said.get("cases")
    if not isinstance(cases, dict) or not cases:
        reader.wrong((*path, "cases"), "a map of values to lists of nodes is due", cases)
        cases = {}
    read = ((str(value), _sequence(reader, case, (*path, "cases", value))) for value, case in cases.items())
    return Choice(str(said["choice"]), tuple(read))


def _repeat(reader: _Reader, said: dict[str, Any], path: Path) -> Node:
    for key in ("at_most", "outcome", "value"):
        if key not in said:
            reader.wrong((*path, key), "this key is missing")
    body = _sequence(reader, said["repeat"], (*path, "repeat"))
    most = _count(reader, said.get("at_most", 1), (*path, "at_most"))
    return Repeat(body, most, str(said.get("outcome")), str(said.get("value")))


def _count(reader: _Reader, value: object, path: Path) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1000:
        reader.wrong(path, "a whole number from 1 to 1000 is due", value)
        return 1
    return value


def _step(reader: _Reader, said: dict[str, Any], path: Path) -> Node:
    """One step; the order of the keys in the file does not matter."""
    effect = _word(reader, said.get("effect"), (*path, "effect"), EFFECTS)
    drawn = _flag(reader, said, "draw", path) or effect == "draw"
    if drawn and effect not in (None, "draw"):
        message = "a step that draws a syringe has no other effect; draw it in a step before this one"
        reader.wrong((*path, "effect"), message, effect, ("draw",))
    if drawn and reader.syringe is None:
        reader.wrong((*path, "draw"), "this draws a syringe, but the protocol has no tracer with an activity")
    step = Step(
        name=_text(reader, said["step"], (*path, "step")) or "?",
        task=_word(reader, said.get("task"), (*path, "task"), TASKS, due=True) or "other_service",
        duration=_duration(reader, said.get("duration"), (*path, "duration")),
        people=_people(reader, said, path),
        scanner=_scanner(reader, said.get("scanner"), (*path, "scanner")),
        bed=_flag(reader, said, "bed", path),
        uses_scanner=_flag(reader, said, "uses_scanner", path, default=True),
        place=_text(reader, said.get("place"), (*path, "place")),
        workplace=_text(reader, said.get("workplace"), (*path, "workplace")),
        draw=reader.syringe if drawn else None,
        holds=_holds(reader, said.get("holds"), (*path, "holds")),
        exposure=_word(reader, said.get("exposure"), (*path, "exposure"), EXPOSURES),
        effect="draw" if drawn and effect is None else effect,
        outcome=_outcome(reader, said.get("outcome"), (*path, "outcome")),
        always=_flag(reader, said, "always", path),
        uses=_uses(reader, said.get("uses"), (*path, "uses")),
        agent=reader.agent if effect in ("inject", "give") else None,
        route=reader.route if effect == "inject" else "iv",
        second=_flag(reader, said, "second", path),
        compute=_flag(reader, said, "compute", path) and reader.resolved.scenario.compute is not None,
    )
    reader.paths[id(step)] = path
    return step


def _text(reader: _Reader, value: object, path: Path) -> str | None:
    if value is None or (isinstance(value, str) and value):
        return value
    reader.wrong(path, "a name is due", value)
    return None


def _flag(reader: _Reader, said: dict[str, Any], key: str, path: Path, *, default: bool = False) -> bool:
    value = said.get(key, default)
    if not isinstance(value, bool):
        reader.wrong((*path, key), "true or false is due", value)
        return default
    return value


def _word(reader: _Reader, value: object, path: Path, options: Mapping[str, Any], *, due: bool = False) -> str | None:
    """A word of a closed list."""
    if value is None and due:
        reader.wrong(path, "this key is missing", None)
    elif value is not None and value not in options:
        reader.wrong(path, f"there is no such {path[-1]}", value, options)
        return None
    return value if isinstance(value, str) else None


def _people(reader: _Reader, said: dict[str, Any], path: Path) -> tuple[tuple[str, ...], ...]:
    """``person``: a skill, or one person for each skill of a list; ``people``: the skills of each person."""
    if "person" in said and "people" in said:
        reader.wrong((*path, "people"), "a step has either person or people")
    if "person" in said:
        skills = said["person"] if isinstance(said["person"], list) else [said["person"]]
        return tuple((skill,) for skill in _skills(reader, skills, (*path, "person")))
    people = said.get("people", [])
    if not isinstance(people, list):
        reader.wrong((*path, "people"), "a list is due, for each person a list of skills", people)
        return ()
    return tuple(_skills(reader, skills, (*path, "people", number)) for number, skills in enumerate(people))


def _skills(reader: _Reader, value: object, path: Path) -> tuple[str, ...]:
    skills = value if isinstance(value, list) and value else [value]
    if not all(isinstance(skill, str) and skill for skill in skills):
        reader.wrong(path, "the name of a skill is due, or a list of skills", value)
        return ()
    return tuple(skills)


def _scanner(reader: _Reader, value: object, path: Path) -> tuple[str, ...]:
    """Names of scanners or groups, expanded."""
    words = value if isinstance(value, list) else [] if value is None else [value]
    found: list[str] = []
    for word in words:
        names = [s.name for s in reader.scanners.values() if word in (s.name, s.group)]
        if not names:
            options = {s.group: None for s in reader.scanners.values()} | dict.fromkeys(reader.scanners)
            reader.wrong(path, "this site has no such scanner", word, options)
        found += names
    return tuple(dict.fromkeys(found))


def _holds(reader: _Reader, value: object, path: Path) -> tuple[tuple[str, str], ...]:
    if value is None:
        return ()
    if not isinstance(value, dict):
        reader.wrong(path, "a map is due, e.g. {scanner: undock}", value)
        return ()
    for thing in value:
        if thing not in HELD:
            reader.wrong((*path, thing), "this cannot be held", thing, HELD)
    return tuple((thing, str(until)) for thing, until in value.items())


def _uses(reader: _Reader, value: object, path: Path) -> tuple[tuple[str, int], ...]:
    """Supplies of the hot lab, and how many of each an animal takes."""
    if value is None:
        return ()
    if not isinstance(value, dict):
        reader.wrong(path, "a map is due, e.g. {catheter: 1}", value)
        return ()
    known = reader.resolved.scenario.hot_lab.supplies
    for supply in value:
        if supply not in known:
            reader.wrong((*path, supply), "there is no such supply in the hot lab", supply, known or ("none",))
    return tuple((str(supply), _count(reader, number, (*path, supply))) for supply, number in value.items())


def _duration(reader: _Reader, value: object, path: Path) -> Distribution | Until:
    """A distribution, or until a moment."""
    if value is None:
        reader.wrong(path, "this key is missing")
    elif isinstance(value, dict) and "until" in value:
        return _until(reader, value, path)
    else:
        try:
            return distributions.refuse_negative(distribution_words.parse(value, "s"))
        except ValueError as error:
            reader.wrong(path, str(error))
    return Constant(0.0)


def _until(reader: _Reader, value: dict[str, Any], path: Path) -> Until:
    for key in value:
        if key not in ("until", "offset", "lead_to"):
            reader.wrong((*path, key), "this duration has no such key", key, ("until", "offset", "lead_to"))
    event = value["until"]
    if event not in EVENTS:
        reader.wrong((*path, "until"), "there is no such moment", event, EVENTS)
    lead_to = _text(reader, value.get("lead_to"), (*path, "lead_to"))
    if lead_to is None:
        reader.wrong((*path, "lead_to"), "this key is missing: the step that is to begin at that moment")
    return Until(str(event), _offset_s(reader, value.get("offset"), (*path, "offset")), lead_to or "")


def _offset_s(reader: _Reader, value: object, path: Path) -> float:
    if value is None:
        return 0.0
    try:
        return units.parse(value, "s")
    except ValueError as error:
        reader.wrong(path, str(error))
    return 0.0


def _outcome(reader: _Reader, value: object, path: Path) -> Outcome | None:
    """``{name: {value: probability}}``."""
    if value is None:
        return None
    if not isinstance(value, dict) or len(value) != 1 or not isinstance(next(iter(value.values())), dict):
        reader.wrong(path, "one name with its probabilities is due, e.g. {quality: {good: 0.9, bad: 0.1}}", value)
        return None
    ((name, said),) = value.items()
    if name in RESERVED_OUTCOMES:
        reader.wrong((*path, name), "the clock itself notes this of an animal; give the outcome another name", name)
    try:
        shares = tuple((str(key), units.parse(share, "1")) for key, share in said.items())
    except ValueError as error:
        reader.wrong((*path, name), str(error))
        return None
    if not shares or min(share for _, share in shares) < 0 or abs(sum(share for _, share in shares) - 1) > 1e-9:
        reader.wrong((*path, name), "the probabilities are not negative and sum to 1", said)
    return Outcome(str(name), shares)


_READERS: dict[str, Callable[[_Reader, dict[str, Any], Path], Node]] = {
    "step": _step,
    "sequence": lambda reader, said, path: _sequence(reader, said["sequence"], (*path, "sequence")),
    "parallel": _parallel,
    "for_each_animal": _for_each,
    "choice": _choice,
    "repeat": _repeat,
}
