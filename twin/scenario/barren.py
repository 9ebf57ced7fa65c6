"""Vials that are planned but come to nothing: an elution without a generator, a kit for which there is too little."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from twin.physics import decay
from twin.scenario.hot_lab import radiopharmacy, vials
from twin.scenario.loading import Resolved
from twin.scenario.site_hot_lab import Vial


def fertile(resolved: Resolved) -> list[Vial]:
    """The vials that hold something if durations and yields are as their means, in order of arrival.

    A kit that fails may make the next one fail that draws from it: it is looked again until no more are found.
    """
    kits = {
        vial: (due_s, *made.drawn)
        for made in radiopharmacy(resolved).preparations.values()
        if made.drawn is not None
        for due_s, vial in made.vials
    }
    left = [vial for vial in vials(resolved) if vial.activity_bq > 0.0]
    while True:
        sources = _by_tracer(left)
        found = [vial for vial in left if vial.name not in kits or _has_source(sources, vial, *kits[vial.name])]
        if len(found) == len(left):
            return found
        left = found


def _by_tracer(planned: Sequence[Vial]) -> dict[str, list[Vial]]:
    found: dict[str, list[Vial]] = {}
    for vial in planned:
        found.setdefault(vial.tracer, []).append(vial)
    return found


def _has_source(
    sources: Mapping[str, Sequence[Vial]], kit: Vial, due_s: float, tracer: str, activity_bq: float
) -> bool:
    """Whether a vial has what a kit takes, when it falls due or later, but before its product would have expired."""
    known = sources.get(tracer, ())
    before = known[: bisect_left(known, kit.expiry_s, key=lambda vial: vial.arrival_s)]
    return any(
        vial.delivery != kit.delivery and vial.expiry_s > due_s and _held_bq(vial, due_s) >= activity_bq
        for vial in reversed(before)
    )


def _held_bq(vial: Vial, moment_s: float) -> float:
    """What is in a vial at a moment, or when it comes [Bq]."""
    age_s = max(moment_s, vial.arrival_s) - vial.reference_s
    return float(decay.remaining(vial.activity_bq, vial.decay_constant_per_s, age_s))
