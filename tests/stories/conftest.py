"""A story: a patch of the small site, and its log in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from twin.facility.log import Log
from twin.facility.world import World, play
from twin.scenario.expand import site
from twin.scenario.loading import load

SITE = Path(__file__).parent / "site.yaml"


@pytest.fixture
def site_file():
    """The small site that stories patch."""
    return SITE


@pytest.fixture
def tell(tmp_path):
    """``tell(patch, *words)``: the rows of the log with these steps and happenings (none: all steps), as lines.

    A line is ``HH:MM:SS word phase visit (reason) by people``, with what there is of it: no phase for a happening, no
    visit for what the session shares, no seconds if they are zero.
    """

    def told(patch: str, *words: str, check: bool = True) -> list[str]:
        path = tmp_path / "story.yaml"
        path.write_text(f"schema: 1\nextends: {SITE}\nname: told\n{patch}", encoding="utf-8")
        return lines(play(site(load(path, check=check))), words)

    return told


@pytest.fixture
def patch_site(tmp_path):
    """``patch_site(patch)``: the world of the small site with a patch, before its first moment."""

    def world(patch: str) -> World:
        path = tmp_path / "story.yaml"
        path.write_text(f"schema: 1\nextends: {SITE}\nname: told\n{patch}", encoding="utf-8")
        return World(site(load(path)))

    return world


def lines(log: Log, words: tuple[str, ...]) -> list[str]:
    """The log in words."""
    events, involved, _ = log.columns()
    names = [*log.names, None]
    told = []
    for row in range(len(events["event"])):
        phase, word, visit, reason = (names[events[key][row]] for key in ("phase", "step", "visit", "reason"))
        if word in words if words else phase != "happening":
            who = involved["event"] == events["event"][row]
            things = [
                names[thing]
                for role in ("person", "attendant")
                for thing in involved["thing"][who & (involved["role"] == log.codes[role])]
            ]
            said = [clock(events["time_s"][row]), word, "" if phase == "happening" else phase, short(visit)]
            said += [
                f"({reason})" if reason else "",
                f"by {' and '.join(things)}" if things and phase == "start" else "",
            ]
            told.append(" ".join(part for part in said if part))
    return told


def short(visit: str | None) -> str:
    """``mice/animal-1/t1#2`` is 1#2."""
    if visit is None:
        return ""
    study, animal, point = visit.split("/")
    return f"{study}-{animal.rpartition('-')[2].lstrip('0')}{point.removeprefix('t1')}"


def clock(time_s: float) -> str:
    """Clock time."""
    days, rest = divmod(time_s, 86400.0)
    hours, rest = divmod(rest, 3600.0)
    minutes, seconds = divmod(rest, 60.0)
    said = f"{int(hours):02d}:{int(minutes):02d}" + (f":{seconds:02g}" if np.round(seconds, 3) else "")
    return f"day {int(days) + 1} {said}" if days else said
