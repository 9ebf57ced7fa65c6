"""The state of a page in its address, so that a link or a reload restores everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from dashboard.figures.window import DAYS, View

WHAT_IF, DAY = "/what-if", "/day"
DEFAULT_SCENARIO = "baseline"


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The page What if.

    Attributes
    ----------
    scenario : str
    seed : int or None
    days : float or None
        None: the scenario's.
    times : int or None
        How often both are repeated for an interval.
    changes : mapping of path to text
        Fields that differ from the scenario.
    job, base, sure : str
        What is asked for: a run with the changes, one without, and the comparison of many of both.
    run, against : str
        Run folders that are shown: the run, and what it is compared with.
    """

    scenario: str = ""
    seed: int | None = None
    days: float | None = None
    times: int | None = None
    changes: Mapping[str, str] = field(default_factory=dict)
    job: str = ""
    base: str = ""
    sure: str = ""
    run: str = ""
    against: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A page of a run: its folder, the first day shown, whether a day or a week is shown, what it is compared with."""

    run: str = ""
    day: int = 0
    view: View = "day"
    against: str = ""


@dataclass(frozen=True, slots=True)
class Compare:
    """The page Compare.

    Attributes
    ----------
    variants : tuple of (scenario, patch)
        The first is what the others are compared with.
    times : int or None
    days : float or None
    job : str
        What was asked for.
    """

    variants: tuple[tuple[str, str], ...] = ()
    times: int | None = None
    days: float | None = None
    job: str = ""


@dataclass(frozen=True, slots=True)
class Sweeps:
    """The page Sweeps and sizing: the scenario that is varied, a job, or a sweep that is looked at, and its figures."""

    scenario: str = ""
    job: str = ""
    folder: str = ""
    kpi: str = ""
    against: str = ""


def sweeps(search: str | None) -> Sweeps:
    """The state of the page Sweeps."""
    said = _said(search)
    return Sweeps(**{name: said.get(name, "") for name in Sweeps.__slots__})


def sweeps_search(state: Sweeps) -> str:
    """The part of an address behind ``?`` that says it."""
    said = {name: value for name in Sweeps.__slots__ if (value := getattr(state, name))}
    return f"?{urlencode(said)}" if said else ""


LETTERS = "ABCDEF"


def compare(search: str | None) -> Compare:
    """The state of the page Compare."""
    said = _said(search)
    found = ((said.get(letter, ""), said.get(f"{letter}.patch", "")) for letter in LETTERS)
    variants = tuple(one for one in found if one[0])
    return Compare(variants, _whole(said.get("times")), _number(said.get("days")), said.get("job", ""))


def compare_search(state: Compare) -> str:
    """The part of an address behind ``?`` that says it."""
    said: dict[str, object] = {"times": state.times, "days": state.days, "job": state.job}
    for letter, (scenario, patch) in zip(LETTERS, state.variants, strict=False):
        said |= {letter: scenario, f"{letter}.patch": patch}
    return f"?{urlencode({name: _text(value) for name, value in said.items() if value not in {None, ''}})}"


def what_if(search: str | None) -> WhatIf:
    """The state that an address says; what cannot be read is left out."""
    said = _said(search)
    words = {name: said.get(name, "") for name in ("scenario", "job", "base", "sure", "run", "against")}
    changes = {name: value for name, value in said.items() if "." in name}
    return WhatIf(
        seed=_whole(said.get("seed")),
        days=_number(said.get("days")),
        times=_whole(said.get("times")),
        changes=changes,
        **words,
    )


def day(search: str | None) -> Day:
    """The same of a page of a run."""
    said = _said(search)
    return Day(said.get("run", ""), _whole(said.get("day")) or 0, view(said.get("view")), said.get("against", ""))


def view(text: object) -> View:
    """``day`` or ``week``; what is neither is a day."""
    return text if text in DAYS else "day"


def search(state: WhatIf | Day) -> str:
    """The part of an address behind ``?`` that says the state; what is usual is not written."""
    if isinstance(state, Day):
        said: dict[str, object] = {
            "run": state.run,
            "day": state.day or "",
            "view": "" if state.view == "day" else state.view,
            "against": state.against,
        }
    else:
        names = ("scenario", "seed", "days", "times", "job", "base", "sure", "run", "against")
        said = {name: getattr(state, name) for name in names} | dict(state.changes)
    written = {name: _text(value) for name, value in said.items() if value is not None and (value != "" or "." in name)}
    return f"?{urlencode(written)}" if written else ""


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _said(search: str | None) -> dict[str, str]:
    return dict(parse_qsl((search or "").lstrip("?"), keep_blank_values=True, max_num_fields=200)) if search else {}


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 20 else None


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if 0 < number < float("inf") else None
