"""What scans see: the response of each study's animals on each scanner, and what counts must be reached."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from twin.animals import uptake
from twin.animals.body import body
from twin.errors import DataError, Problem, TwinError
from twin.physics import resolution
from twin.physics.counts import BedResponse, Decaying
from twin.physics.decay import positron_branching
from twin.scanners import pet_geometry, response_store, responses
from twin.scenario.imaging_model import Measurement
from twin.scenario.loading import Resolved
from twin.scenario.site import Protocol, Scanner, Study
from twin.scenario.site_imaging import Comparison, Imaging

if TYPE_CHECKING:
    from twin.scenario.checking import Checked


def imaging(
    resolved: Resolved,
    scanners: Mapping[str, Scanner],
    protocols: Mapping[str, Protocol],
    studies: Mapping[str, Study],
) -> Imaging:
    """What the clock and the tables must know of images."""
    said, numbers = resolved.scenario, resolved.numbers
    sources = {name: what for name, one in protocols.items() if (what := _source(resolved, one)) is not None}
    nuclides = {what.nuclide for what in sources.values()}
    wanted = {name: _scanners(study, sources, protocols) for name, study in studies.items()}
    found = {
        study: {
            name: one
            for name in names
            if (one := _response(resolved, scanners[name], studies[study], nuclides)) is not None
        }
        for study, names in wanted.items()
    }
    bare = Imaging(
        responses={study: by_scanner for study, by_scanner in found.items() if by_scanner},
        sources=sources,
        targets={n: p.count_target for n, p in said.protocols.items() if p.count_target is not None},
        below=said.policies.below_target,
        prolong_to=said.policies.prolong_to,
    )
    asked = [name for name, one in said.studies.items() if one.measurement is not None]
    if not asked:
        return bare
    return replace(
        bare,
        comparisons={name: _comparison(resolved, studies[name], protocols) for name in asked},
        noise=numbers.value("imaging.pet.image_noise"),
        size_spread=numbers.value("imaging.pet.size_spread"),
        injected_cv=numbers.value("imaging.pet.injected_activity_cv"),
        hotel_cv=numbers.value("reliability.hotel_bias_sd"),
    )


def _comparison(resolved: Resolved, study: Study, protocols: Mapping[str, Protocol]) -> Comparison:
    said, wanted = resolved.scenario.studies[study.name].measurement, resolved.scenario.studies[study.name].comparison
    assert said is not None, "the study measures something"
    biology = said.biology
    return Comparison(
        target=said.target,
        size_m=said.size,
        effect=wanted.difference,
        alpha=wanted.alpha,
        power=wanted.power,
        contrast=_contrast(resolved, said, study, protocols[study.time_points[0].protocol]),
        biology=resolved.numbers.value("studies.variability.between") if biology is None else biology,
        groups=study.groups,
        animals=study.animals,
        booked={booking.animal.name: booking.animal.group for booking in study.bookings},
    )


def _contrast(resolved: Resolved, said: Measurement, study: Study, protocol: Protocol) -> float:
    """As given; else what the tracer's kinetics say at the uptake time, over the mean of an animal that keeps all."""
    if said.contrast is not None:
        return said.contrast
    try:
        animal = body(resolved.numbers, study.species, study.mass_kg)
        found = uptake.kinetics(resolved.numbers, animal, protocol.tracer or "")
        value = float(found.uptake_per_kg(said.target, protocol.uptake_s or 0.0)) * study.mass_kg
    except (TwinError, KeyError):
        return 1.0
    return value if value > 0.0 else 1.0


def _source(resolved: Resolved, protocol: Protocol) -> Decaying | None:
    """What is in the animals of a protocol, if it sends out annihilation photons."""
    if protocol.nuclide is None:
        return None
    branching = positron_branching(resolved.numbers, protocol.nuclide)
    return Decaying(protocol.decay_constant_per_s, branching, protocol.nuclide) if branching > 0.0 else None


def _scanners(study: Study, sources: Iterable[str], protocols: Mapping[str, Protocol]) -> tuple[str, ...]:
    """The scanners on which animals of a study may be scanned with a positron emitter."""
    played = {point.protocol for point in study.time_points}
    own = (protocols[one] for one in sources if one in played)
    return tuple(dict.fromkeys(name for protocol in own for name in (*protocol.scanners, *protocol.second)))


def _response(resolved: Resolved, scanner: Scanner, study: Study, nuclides: Iterable[str]) -> BedResponse | None:
    """What a scanner sees of a study's animals; None where ring or bed are not known, or do not fit."""
    numbers = resolved.numbers
    alone = scanner.hotel == 1 or study.hotel == 1
    bed = responses.bed_of(numbers, study.species, scanner.hotel)
    bed = bed or (responses.bed_of(numbers, study.species, 1) if alone else None)
    if bed is None or scanner.model not in pet_geometry.names(numbers):
        return None
    try:
        ring = pet_geometry.ring(numbers, scanner.model or "")
        table = response_store.find(ring, bed, numbers)
    except DataError:
        return None
    found = responses.at_mass(table, study.mass_kg)
    blurs_m = {n: resolution.radial_m(ring, numbers, found.off_axis_m, n) for n in sorted(nuclides)}
    return replace(found, fwhm_m={n: None if math.isnan(blur_m) else blur_m for n, blur_m in blurs_m.items()})


def mistakes(checked: Checked) -> Iterator[Problem]:
    """Count targets and comparisons that nobody could judge."""
    resolved, scenario = checked.resolved, checked.scenario
    for name, study in scenario.studies.items():
        if study.measurement is not None and len(set(study.groups)) < 2:
            message = "what is measured is compared between at least two groups, such as groups: [control, treated]"
            yield resolved.problem(("studies", name, "measurement"), message, list(study.groups))
    for name, protocol in scenario.protocols.items():
        if protocol.count_target is not None and protocol.tracer is None:
            message = "counts of coincidences are known of a tracer that sends out positrons; this protocol has none"
            yield resolved.problem(("protocols", name, "count_target"), message, protocol.count_target)
