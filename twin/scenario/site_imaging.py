"""The part of the site that says what scans see and what they are for: plain frozen values, also facts of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.physics.counts import BedResponse, Decaying, Voided
from twin.scanners import responses

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a study wants to tell apart, and in which groups its animals are.

    Attributes
    ----------
    contrast : float
        Concentration in the target over the animal's mean.
    biology : float
        Coefficient of variation between animals.
    animals : int or None
        Of the study; None: no end. With the groups it says who is in which.
    booked : mapping of animal to group
        Of animals that a booking list names.
    """

    target: str
    size_m: float
    effect: float
    alpha: float
    power: float
    contrast: float
    biology: float
    groups: tuple[str, ...]
    animals: int | None
    booked: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Imaging:
    """What scans see, what is done about too few counts, and what is told from them.

    Attributes
    ----------
    responses : mapping of study to mapping of scanner to BedResponse
        Where ring and bed are known.
    sources : mapping of protocol to Decaying
        Protocols with a positron emitter.
    voided : mapping of study to mapping of protocol to Voided
        Where animals are awake between injection and scan and it is known what leaves them.
    targets : mapping of protocol to float
        Noise-equivalent counts that each animal's scan must reach.
    below : {"accept", "prolong", "repeat"}
        What is done about a scan that would not, or did not.
    prolong_to : float
        Longest scan, in planned scan times.
    comparisons : mapping of study to Comparison
    noise : float
        Factor of the noise of images (`twin.physics.counts.target_cv`).
    size_spread, injected_cv, hotel_cv : float
        Coefficients of variation: a target's diameter, the injected activity as measured, places of a hotel.
    """

    responses: Mapping[str, Mapping[str, BedResponse]] = field(default_factory=dict)
    sources: Mapping[str, Decaying] = field(default_factory=dict)
    voided: Mapping[str, Mapping[str, Voided]] = field(default_factory=dict)
    targets: Mapping[str, float] = field(default_factory=dict)
    below: str = "accept"
    prolong_to: float = 2.0
    comparisons: Mapping[str, Comparison] = field(default_factory=dict)
    noise: float = 0.0
    size_spread: float = 0.0
    injected_cv: float = 0.0
    hotel_cv: float = 0.0


def left(imaging: Imaging, study: str, protocol: str, time_s: ArrayLike) -> Array:
    """Part of the tracer that is still in an animal so long after the injection, decay apart; 1: not known."""
    voided = imaging.voided.get(study, {}).get(protocol)
    return np.ones_like(np.asarray(time_s, np.float64)) if voided is None else voided.left(time_s)


def from_json(data: Mapping[str, Any]) -> Imaging:
    """What `dataclasses.asdict` wrote."""
    known = {
        study: dict(zip(named, responses.from_json(list(named.values())), strict=True))
        for study, named in data["responses"].items()
    }
    wanted = {n: Comparison(**{**one, "groups": tuple(one["groups"])}) for n, one in data["comparisons"].items()}
    sources = {name: Decaying(**one) for name, one in data["sources"].items()}
    voided = {
        study: {protocol: Voided(tuple(one["amplitudes"]), tuple(one["rates_per_s"])) for protocol, one in own.items()}
        for study, own in data["voided"].items()
    }
    return Imaging(**{**data, "responses": known, "sources": sources, "voided": voided, "comparisons": wanted})
