"""Numbers, times and names as a person reads them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable

NOT_DEFINED = "not defined"
#: A narrow space that does not break, between thousands.
THIN = "\u202f"


def moment(start: str, time_s: float) -> dt.datetime:
    """The clock time of a simulated time."""
    return dt.datetime.fromisoformat(start) + dt.timedelta(seconds=round(time_s, 3))


def clock(start: str, time_s: float) -> str:
    """``10:32``."""
    return f"{moment(start, time_s):%H:%M}"


def date(day: dt.date) -> str:
    """``Tuesday 3 March 2026``."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def lasting(seconds: float) -> str:
    """``33 min``, ``2 h 5 min``."""
    minutes = round(seconds / 60.0)
    if minutes < 60:
        return f"{minutes} min" if minutes else f"{seconds:.0f} s"
    return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"


def number(value: float | None, digits: int = 3) -> str:
    """Three digits, or all that stand before the point; ``not defined`` of nothing."""
    if value is None or not math.isfinite(value):
        return NOT_DEFINED
    if value == 0:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{min(places, 6)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text.replace("-", "−").replace(",", THIN)


def ends(low: float, high: float) -> tuple[str, str]:
    """Both ends of an interval with as many digits as its width is worth, which is two."""
    if not high > low:
        return number(low), number(high)
    places = 1 - math.floor(math.log10(high - low))
    return number(round(low, places), 15), number(round(high, places), 15)


def listed(names: Iterable[str], most: int = 4) -> str:
    """``a, b, c and 5 more``."""
    found = [name for name in names if name]
    if len(found) <= most:
        return ", ".join(found)
    return f"{', '.join(found[: most - 1])} and {len(found) - most + 1} more"


#: What is written in capitals, or by its nuclide, wherever a name has it.
_CAPITALS = {name.lower(): name for name in "PET CT MRI SPECT FDG PSMA NCI 177Lu 99mTc 18F 68Ga 89Zr".split()}


def named(identifier: str) -> str:
    """``pet_room`` -> ``PET room``: a name as it stands in a sentence."""
    return " ".join(_CAPITALS.get(part, part) for part in identifier.replace("_", " ").split())


def plain(identifier: str) -> str:
    """``waiting_person`` -> ``Waiting person``: a name that begins a line."""
    text = named(identifier)
    return text[:1].upper() + text[1:]


def counted(count: int, noun: str) -> str:
    """``1 scan``, ``2 scans``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
