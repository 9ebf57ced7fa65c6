"""``twin check``: all mistakes of a scenario at once, without running it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.answers import answers, problem_data
from twin.cli.figures import days_text
from twin.cli.output import printable, say, write, write_json
from twin.cli.progress import patience
from twin.cli.words import AsJson, Scenario, Sets

if TYPE_CHECKING:
    from twin.scenario.latest import Latest
    from twin.scenario.loading import Resolved


@answers
def check(
    scenario: Scenario,
    resolved: Annotated[
        bool, typer.Option("--resolved", help="Print the merged scenario, with all that it extends.")
    ] = False,
    sets: Sets = None,
    as_json: AsJson = False,
) -> int:
    """Find all mistakes of a scenario without running it."""
    with patience(f"checking {printable(scenario)}"):
        found = _loaded(scenario, sets or [])
    for warning in found.warnings:
        say(f"twin: warning: {warning}")
    if as_json:
        write_json(_answer(found, resolved))
    elif resolved:
        _write_resolved(found)
    else:
        write(_summary(found))
    return 0


def _loaded(scenario: str, sets: list[str]) -> Resolved:
    """What was read; the figures that budgets name are looked up only if there are budgets, because that takes time."""
    from twin.scenario.loading import load

    found = load(scenario, sets)
    if found.scenario.budgets:
        from twin.api import require_budgets

        require_budgets(found)
    return found


def _answer(found: Resolved, resolved: bool) -> dict[str, Any]:
    from twin.scenario.digest import digest
    from twin.scenario.latest import latest_injections

    said = {
        "scenario": found.scenario.name,
        "digest": digest(found),
        "seed": found.scenario.seed,
        "layers": list(found.layers),
        "warnings": [problem_data(warning) for warning in found.warnings],
        "latest_injections": [
            {**asdict(latest), "moment": f"{latest.moment:%Y-%m-%d %H:%M}"} for latest in latest_injections(found)
        ],
    }
    return {**said, "resolved": dict(found.data)} if resolved else said


def _write_resolved(found: Resolved) -> None:
    from twin.scenario.plain_yaml import lines

    everything = str(sys.stdout.encoding).lower().startswith("utf")
    write("\n".join(lines(dict(found.data), ascii_only=not everything)))


def _summary(found: Resolved) -> str:
    """What was read, in one line, and until when each source of tracer serves."""
    said = found.scenario
    counts = {
        "scanner": len(said.scanners), "staff group": len(said.staff), "room": len(said.rooms),
        "protocol": len(said.protocols), "study": len(said.studies),
    }  # fmt: skip
    counted = ", ".join(_counted(count, word) for word, count in counts.items())
    well = f"{said.name} is well{_but(len(found.warnings))}: {days_text(said.days)}, {counted}"
    read = f"{well}; read from {', '.join(found.layers)}."
    return "\n".join([read, *_latest(found)])


def _but(warnings: int) -> str:
    """That there were warnings."""
    return f", with {_counted(warnings, 'warning')}" if warnings else ""


def _latest(found: Resolved) -> Iterator[str]:
    """Until when each source serves its studies, and which limit comes first."""
    from twin.scenario.latest import latest_injections

    for latest in latest_injections(found):
        until = f"{latest.moment:%Y-%m-%d %H:%M}"
        why = _volume(found, latest) if latest.limit == "volume" else _LIMITS[latest.limit]
        yield f"{latest.source} serves {latest.study} ({latest.protocol}) until {until}: {why}"


def _volume(found: Resolved, latest: Latest) -> str:
    """By which limit an injection is of too much volume, and who sets it."""
    from twin import units

    said = found.scenario
    project = said.authorisations.projects.get(said.studies[latest.study].authorisation or "")
    if project is not None and project.volume is not None:
        by = "authorised"
    elif said.protocols[latest.protocol].infusion is not None:
        by = "of a slow infusion"
    else:
        by = f"of a bolus by policies.bolus: {said.policies.bolus}"
    most = units.fmt(latest.volume_m3_per_kg, "m3/kg", "ml/kg")
    return f"then the volume of one injection passes the {most} {by}"


_LIMITS = {
    "expiry": "it expires",
    "activity": "then one animal needs more activity than there is",
    "mass": "then the injected mass passes its limit",
}


def _counted(count: int, word: str) -> str:
    plural = "studies" if word == "study" else f"{word}s"
    return f"{count} {word if count == 1 else plural}"
