"""What scans see: the response of each study's animals on each scanner, and what counts must be reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from twin.animals import excretion, uptake
from twin.animals.body import body
from twin.errors import DataError, Problem, ScenarioError, TwinError
from twin.physics import collimators, resolution
from twin.physics.counts import BedResponse, Decaying, Voided
from twin.physics.decay import positron_branching
from twin.physics.ring import Ring
from twin.plan import Plan, steps
from twin.scanners import pet_geometry, response_store, responses
from twin.scanners.response_store import Told
from twin.scenario import scanner_file
from twin.scenario.imaging_model import Measurement
from twin.scenario.loading import Resolved
from twin.scenario.site import Protocol, Site, Study
from twin.scenario.site_imaging import Comparison, Imaging
from twin.scenario.site_machines import Scanner

if TYPE_CHECKING:
    from twin.scenario.checking import Checked


def imaging(
    resolved: Resolved,
    scanners: Mapping[str, Scanner],
    protocols: Mapping[str, Protocol],
    studies: Mapping[str, Study],
    plans: Mapping[str, Plan],
    told: Told = response_store.logged,
) -> Imaging:
    """What the clock and the tables must know of images; `told` hears of photons that have to be followed for it."""
    said, numbers = resolved.scenario, resolved.numbers
    sources = _sources(resolved, protocols)
    nuclides = {what.nuclide for what in sources.values()}
    wanted = {name: _scanners(study, sources, protocols) for name, study in studies.items()}
    found = {
        study: {
            name: one
            for name in names
            if (one := _response(resolved, scanners[name], studies[study], nuclides, told)) is not None
        }
        for study, names in wanted.items()
    }
    bare = Imaging(
        responses={study: by_scanner for study, by_scanner in found.items() if by_scanner},
        sources=sources,
        voided={n: own for n, study in studies.items() if (own := _voided(resolved, study, protocols, plans))},
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


def _voided(
    resolved: Resolved, study: Study, protocols: Mapping[str, Protocol], plans: Mapping[str, Plan]
) -> dict[str, Voided]:
    """By protocol what animals void between injection and scan, where its kinetics say so."""
    numbers, played = resolved.numbers, dict.fromkeys(point.protocol for point in study.time_points)
    tracers = {name: protocols[name].tracer for name in played if _awake_between(plans[name])}
    return {
        name: Voided(tuple(leaving.amplitudes.tolist()), tuple(leaving.rates_per_s.tolist()))
        for name, tracer in tracers.items()
        if tracer is not None and (leaving := excretion.known_per_s(numbers, study.species, tracer)) is not None
    }


def _awake_between(plan: Plan) -> bool:
    """Whether animals are anaesthetised again after the injection: until then they are awake."""
    effects = [step.effect for step in steps(plan.body)]
    return "inject" in effects and "anaesthetise" in effects[effects.index("inject") :]


def _scanners(study: Study, sources: Iterable[str], protocols: Mapping[str, Protocol]) -> tuple[str, ...]:
    """The scanners on which animals of a study may be scanned with a positron emitter."""
    played = {point.protocol for point in study.time_points}
    own = (protocols[one] for one in sources if one in played)
    return tuple(dict.fromkeys(name for protocol in own for name in (*protocol.scanners, *protocol.second)))


def _response(
    resolved: Resolved, scanner: Scanner, study: Study, nuclides: Iterable[str], told: Told
) -> BedResponse | None:
    """What a scanner sees of a study's animals; None where ring or bed are not known, or do not fit."""
    numbers = resolved.numbers
    try:
        known = _ring_and_bed(resolved, scanner, study)
        if known is None:
            return None
        ring, bed = known
        table = response_store.find(ring, bed, numbers, told)
    except DataError:
        return None
    found = responses.at_mass(table, study.mass_kg)
    lines = np.array(found.lines)
    blurs = {n: resolution.profile(ring, numbers, found.off_axis_m, n, lines) for n in sorted(nuclides)}
    return replace(found, blurs=blurs)


def _ring_and_bed(resolved: Resolved, scanner: Scanner, study: Study) -> tuple[Ring, str] | None:
    """Of which a study needs a table; None where either is not known."""
    alone = scanner.hotel == 1 or study.hotel == 1
    bed = responses.bed_of(resolved.numbers, study.species, scanner.hotel)
    bed = bed or (responses.bed_of(resolved.numbers, study.species, 1) if alone else None)
    ring = ring_of(resolved, scanner.group)
    return None if bed is None or ring is None else (ring, bed)


def tables(
    resolved: Resolved, site: Site, told: Told = response_store.logged
) -> Iterator[tuple[str, str, str | None, bool]]:
    """What a scenario needs of response tables, made where they are not: study, scanner, bed, whether it was ready.

    Without a bed: the ring, the bed, or how they go together is not known, and counts are undefined.
    """
    for name, study in site.studies.items():
        for scanner in _scanners(study, _sources(resolved, site.protocols), site.protocols):
            known = _ring_and_bed(resolved, site.scanners[scanner], study)
            try:
                ready = known is not None and response_store.is_ready(*known, resolved.numbers)
                if known is not None:
                    response_store.find(*known, resolved.numbers, told)
            except DataError:
                known = None
            yield name, scanner, known[1] if known else None, ready


def _sources(resolved: Resolved, protocols: Mapping[str, Protocol]) -> dict[str, Decaying]:
    """Of protocols with a positron emitter."""
    return {name: what for name, one in protocols.items() if (what := _source(resolved, one)) is not None}


def ring_of(resolved: Resolved, group: str) -> Ring | None:
    """The PET ring of a scanner: its own measures, else those of its model; None: neither is known."""
    said, numbers = resolved.scenario.scanners[group], resolved.numbers
    if said.geometry is not None:
        return scanner_file.built(said.geometry, group, numbers, resolved.where, ("scanners", group, "geometry"))
    return pet_geometry.ring(numbers, said.model) if said.model in pet_geometry.names(numbers) else None


def mistakes(checked: Checked) -> Iterator[Problem]:
    """Rings that cannot be; count targets and comparisons that nobody could judge."""
    resolved, scenario = checked.resolved, checked.scenario
    for name in scenario.scanners:
        try:
            ring_of(resolved, name)
        except ScenarioError as error:
            yield from error.problems
        except DataError as error:
            yield resolved.problem(("scanners", name, "model"), str(error), scenario.scanners[name].model)
        if (said := scenario.scanners[name].collimator) is not None:
            yield from _collimator_mistake(resolved, name, said)
    for name, study in scenario.studies.items():
        if study.measurement is not None and len(set(study.groups)) < 2:
            message = "what is measured is compared between at least two groups, such as groups: [control, treated]"
            yield resolved.problem(("studies", name, "measurement"), message, list(study.groups))
    for name, protocol in scenario.protocols.items():
        if protocol.count_target is not None and protocol.tracer is None:
            message = "counts of coincidences are known of a tracer that sends out positrons; this protocol has none"
            yield resolved.problem(("protocols", name, "count_target"), message, protocol.count_target)


def _collimator_mistake(resolved: Resolved, scanner: str, name: str) -> Iterator[Problem]:
    try:
        collimators.collimator(resolved.numbers, name)
    except DataError as error:
        yield resolved.problem(("scanners", scanner, "collimator"), str(error), name)
