"""What the compliance calendar must know of a run beside its log; plain data, as all facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """A check by the name of its plan: what it is on, and how long it is good for once it is passed [s] (None: a day).

    ``calibration``: what is measured leans on it.
    """

    item: str
    thing: str
    calibration: bool = False
    valid_for_s: float | None = None


@dataclass(frozen=True, slots=True)
class ExpiryFacts:
    """Something that ends at a moment [s]: a certificate, a licence, an authorisation; ``thing`` is who or what has it.

    A session of ``plan`` (empty: there is none) renews it for ``valid_for_s``.
    """

    kind: str
    item: str
    thing: str
    expiry_s: float
    plan: str = ""
    valid_for_s: float = 0.0


@dataclass(frozen=True, slots=True)
class ComplianceFacts:
    """All of it."""

    checks: Mapping[str, CheckFacts] = field(default_factory=dict)
    expiries: tuple[ExpiryFacts, ...] = ()


def compliance_from_json(data: Mapping[str, Any]) -> ComplianceFacts:
    """The facts that JSON holds."""
    checks = {plan: CheckFacts(**known) for plan, known in data.get("checks", {}).items()}
    return ComplianceFacts(checks, tuple(ExpiryFacts(**known) for known in data.get("expiries", ())))
