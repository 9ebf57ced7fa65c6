"""Shares on the command line: ``5%`` or ``0.05``."""

from __future__ import annotations

import math

from twin.errors import UsageError


def share_of(text: str, option: str) -> float:
    """``5%`` or ``0.05`` as a number between 0 and 1."""
    words = text.strip()
    try:
        value = float(words.removesuffix("%")) / (100.0 if words.endswith("%") else 1.0)
    except ValueError:
        value = math.nan
    if not 0.0 < value < 1.0:
        raise UsageError(f"{option} {text!r}: write a share above 0 and below 1, such as 5% or 0.05")
    return value
