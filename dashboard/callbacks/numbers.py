"""What stands in a field of numbers; a browser may send anything."""

from __future__ import annotations

from typing import Any

#: No number of a field is larger; a seed is below it.
MOST = 2**63


def whole(value: Any) -> int | None:
    """A whole number of a field, or None."""
    return int(value) if _is_number(value) else None


def number(value: Any) -> float | None:
    """A number of a field, or None."""
    return float(value) if _is_number(value) else None


def _is_number(value: Any) -> bool:
    """Whether it is one that can be reckoned with: no truth, no infinity, nothing that no float holds."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -MOST < value < MOST
