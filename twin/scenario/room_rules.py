"""What rooms ask of who works in them: skills for a zone, a look for ferrous gear before an animal comes near."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from twin.animals import durations
from twin.plan import Choice, ForEachAnimal, Node, Parallel, Plan, Repeat, Sequence, Step, with_steps
from twin.scenario.loading import Resolved
from twin.scenario.site_machines import Scanner


def with_rules(plan: Plan, resolved: Resolved, scanners: Mapping[str, Scanner]) -> Plan:
    """The plan as the rooms of its scanners want it."""
    rooms = resolved.scenario.rooms
    if not any(room.access or room.ferrous_check for room in rooms.values()):
        return plan
    of_scanner = {name: rooms[s.room] for name, s in scanners.items() if s.room in rooms}

    def rules(step: Step) -> tuple[str, ...]:
        """The skills that every room asks for in which the step may be done."""
        asked = [of_scanner[name].access for name in step.scanner if name in of_scanner]
        return tuple(dict.fromkeys(skill for access in asked for skill in access))

    def skilled(step: Step) -> Step:
        wanted = rules(step)
        people = tuple(tuple(dict.fromkeys((*skills, *wanted))) for skills in step.people)
        return replace(step, people=people) if wanted and people else step

    checked = {name for name, room in of_scanner.items() if room.ferrous_check}
    body = with_steps(plan.body, skilled)
    if not checked:
        return replace(plan, body=body)
    seconds = durations.duration(resolved.numbers, "ferrous_gear_check")
    look = Step("ferrous_check", "preparation", seconds, people=(("imaging",),))
    made, _ = _before_bed(body, look, checked)
    return replace(plan, body=made)


def _before_bed(node: Node, look: Step, checked: set[str]) -> tuple[Node, bool]:
    """The tree with the look before the first step that takes the animals to such a scanner; whether there was one."""
    match node:
        case Step():
            if node.place == "scanner" and checked & set(node.scanner):
                return Sequence((replace(look, people=_by(node, look)), node)), True
            return node, False
        case Sequence(nodes) | Parallel(nodes):
            parts, found = list(nodes), False
            for i, part in enumerate(parts):
                parts[i], found = _before_bed(part, look, checked)
                if found:
                    break
            return type(node)(tuple(parts)), found
        case ForEachAnimal(body=body) | Repeat(body=body):
            made, found = _before_bed(body, look, checked)
            return replace(node, body=made), found
        case Choice():
            return node, False


def _by(step: Step, look: Step) -> tuple[tuple[str, ...], ...]:
    """Done by who may do the step that follows: one person."""
    return step.people[:1] or look.people
