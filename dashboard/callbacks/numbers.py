"""What stands in a field of numbers; a browser may send anything."""

from __future__ import annotations

from typing import Any


def whole(value: Any) -> int | None:
    """A whole number of a field, or None."""
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def number(value: Any) -> float | None:
    """A number of a field, or None."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
