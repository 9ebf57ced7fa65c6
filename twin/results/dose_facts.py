"""What the tables of dose must know of a run beside its log; plain data, as all facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from twin.scenario.site_dose import DoseBudget, Waste

#: Hp(10), Hp(0.07) of the fingertip, of a ring, and Hp(3): sieverts, or sieverts for each becquerel and second.
Four: TypeAlias = tuple[float | None, float | None, float | None, float | None]


@dataclass(frozen=True, slots=True)
class DoseFacts:
    """All of it.

    Attributes
    ----------
    jurisdiction : str
    budgets : tuple of DoseBudget
    boundaries_s : tuple of (moment, period)
        When a period begins anew [s].
    predicted : mapping of plan to (mapping of step to (fixed, for each animal))
        Doses that were expected [Sv].
    usual_s : mapping of plan to (mapping of step to its mean time [s])
        Of what is foreseen when it begins, by what is then there.
    near : mapping of nuclide to (mapping of source to Four)
        Of ``room_animals``, ``attended_animals`` and ``room_vials``, for each becquerel and second [Sv/(Bq s)].
    retained : mapping of study to (mapping of protocol to exponentials)
        What of an injection an animal that is home still has: heights and rates [1/s]; lacks what is not known.
    absorbed_gy : mapping of study to (mapping of nuclide to dose of an animal for each decay [Gy])
    ct_gy : mapping of study to dose of a CT scan [Gy]
    """

    jurisdiction: str = ""
    budgets: tuple[DoseBudget, ...] = ()
    boundaries_s: tuple[tuple[float, str], ...] = ()
    predicted: Mapping[str, Mapping[str, tuple[Four, Four]]] = field(default_factory=dict)
    usual_s: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    near: Mapping[str, Mapping[str, Four]] = field(default_factory=dict)
    hot_lab: str | None = None
    absorbed_gy: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    ct_gy: Mapping[str, float] = field(default_factory=dict)
    sublethal_gy: float = 0.0
    retained: Mapping[str, Mapping[str, Sequence[Sequence[float]]]] = field(default_factory=dict)
    waste: Waste | None = None


def _four(values: Sequence[float | None]) -> Four:
    first, second, third, fourth = values
    return first, second, third, fourth


def _waste(data: Mapping[str, Any]) -> Waste:
    return Waste(**{**data, "rules": tuple(data["rules"])})


def dose_from_json(data: Mapping[str, Any]) -> DoseFacts:
    """The facts that JSON holds."""
    return DoseFacts(
        **{
            **data,
            "budgets": tuple(DoseBudget(**budget) for budget in data.get("budgets", ())),
            "waste": None if data.get("waste") is None else _waste(data["waste"]),
            "boundaries_s": tuple((moment, word) for moment, word in data.get("boundaries_s", ())),
            "predicted": {
                plan: {step: (_four(fixed), _four(each)) for step, (fixed, each) in steps.items()}
                for plan, steps in data.get("predicted", {}).items()
            },
            "retained": {
                study: {name: tuple((height, rate) for height, rate in parts) for name, parts in protocols.items()}
                for study, protocols in data.get("retained", {}).items()
            },
            "near": {
                nuclide: {place: _four(of) for place, of in places.items()}
                for nuclide, places in data.get("near", {}).items()
            },
        }
    )
