"""What may not be done to animals, and what of them is not known: re-use, severity, kinetics."""

from __future__ import annotations

from collections.abc import Iterator

from twin import units
from twin.animals import anaesthesia, body, severity, species, tracers, uptake
from twin.errors import Problem
from twin.scenario import model
from twin.scenario.checking import Checked


def problems(checked: Checked) -> Iterator[Problem]:
    """Severity above what the project allows; re-use that Article 16 does not allow; groups that there are not."""
    for name, study in checked.resolved.scenario.studies.items():
        project = checked.resolved.scenario.authorisations.projects.get(study.authorisation or "")
        yield from _severity(checked, name, study, project)
        yield from _reuse(checked, name, study, project)
        yield from _wasting(checked, name, study)
        yield from _volume(checked, name, study, project)


def _severity(
    checked: Checked, name: str, study: model.Study, project: model.Authorisation | None
) -> Iterator[Problem]:
    if project is None or "severity" not in study.model_fields_set:
        return
    if severity.worst([study.severity, project.severity]) == project.severity:
        return
    message = f"the project {study.authorisation} allows {project.severity}"
    yield checked.resolved.problem(("studies", name, "severity"), message, study.severity)


def _reuse(checked: Checked, name: str, study: model.Study, project: model.Authorisation | None) -> Iterator[Problem]:
    said = study.reused
    if said is None:
        return
    planned = study.severity if project is None else project.severity
    refused = severity.reuse_refused(
        said.severity, planned, said.restored, said.advice, said.severe_procedures, said.authority
    )
    for reason in refused:
        message = f"its animals may not be used again (2010/63/EU, Article 16): {reason}"
        yield checked.resolved.problem(("studies", name, "reused"), message, None)


def _wasting(checked: Checked, name: str, study: model.Study) -> Iterator[Problem]:
    if study.wasting is not None:
        path = ("studies", name, "wasting", "groups")
        for group in study.wasting.groups:
            yield from checked.unknown((*path, group), "group", group, study.groups)


def _volume(checked: Checked, name: str, study: model.Study, project: model.Authorisation | None) -> Iterator[Problem]:
    """An authorised volume that no animal of the species takes."""
    numbers = checked.resolved.numbers
    if project is None or project.volume is None or not numbers.has(f"species.{study.species}.iv_volume_authorised"):
        return
    most = numbers.value(f"species.{study.species}.iv_volume_authorised")
    if project.volume > most * (1.0 + 1e-9):
        shown, limit = (units.fmt(volume, "m3/kg", "ml/kg") for volume in (project.volume, most))
        message = f"{shown} is more than may be injected into a {study.species} at all, {limit} (study {name})"
        yield checked.resolved.problem(
            ("authorisations", "projects", study.authorisation or "", "volume"), message, None
        )


def warnings(checked: Checked) -> Iterator[Problem]:
    """Gas that stops the breath; tracers whose kinetics in a study's animals are carried over, or not known at all."""
    resolved = checked.resolved
    for name, study in resolved.scenario.studies.items():
        for protocol in checked.protocols_of(name):
            deep = _of_depth(checked, study.species, resolved.scenario.protocols[protocol])
            if deep is not None:
                yield resolved.problem(("protocols", protocol, "isoflurane"), f"{deep} (study {name})", None)
            message = _of_kinetics(checked, study.species, resolved.scenario.protocols[protocol].tracer)
            if message is not None:
                yield resolved.problem(("studies", name, "species"), message, None)


def bolus_warnings(checked: Checked) -> Iterator[Problem]:
    """Authorised volumes that no guide calls a bolus, for studies that inject at once."""
    resolved = checked.resolved
    for name, study in resolved.scenario.studies.items():
        project = resolved.scenario.authorisations.projects.get(study.authorisation or "")
        at_once = any(resolved.scenario.protocols[p].infusion is None for p in checked.protocols_of(name))
        known = resolved.numbers.has(f"species.{study.species}.iv_volume_good_practice")
        if project is None or project.volume is None or not at_once or not known:
            continue
        most = species.iv_volume_limits(resolved.numbers, study.species, "eanm").bolus
        if project.volume > most * (1.0 + 1e-9):
            shown, limit = (units.fmt(volume, "m3/kg", "ml/kg") for volume in (project.volume, most))
            message = (
                f"{shown} at once is more than a bolus for a {study.species} by any guide, {limit}; a protocol that "
                f"injects slowly says its `infusion` (study {name})"
            )
            yield resolved.problem(("authorisations", "projects", study.authorisation or "", "volume"), message, None)


def _of_depth(checked: Checked, name: str, said: model.Protocol) -> str | None:
    """Isoflurane at which an animal stops breathing, however warm it is kept."""
    numbers = checked.resolved.numbers
    animal = body.body(numbers, name)
    if said.isoflurane is None or (said.anaesthetic or anaesthesia.default(animal)) != "isoflurane":
        return None
    depth, most = (
        said.isoflurane / anaesthesia.effects(numbers, animal).mac,
        numbers.value("physiology.anaesthesia.apnoea"),
    )
    if depth < most:
        return None
    shown = units.fmt(said.isoflurane, "1", "%")
    return (
        f"isoflurane {shown} is {depth:.2g} times what keeps a {name} still, and at {most:g} times animals stop "
        "breathing: nobody ventilates them, so that each anaesthesia kills"
    )


def _of_kinetics(checked: Checked, name: str, tracer: str | None) -> str | None:
    numbers = checked.resolved.numbers
    where = () if tracer is None or tracer not in tracers.names(numbers) else uptake.known_in(numbers, tracer)
    if tracer is None or not where:
        return None
    if name not in where:
        return f"the kinetics of {tracer} in the {name} are not known: its uptake and contrast are in no figure"
    source = uptake.rows_of(numbers, name, tracer)
    if source != name:
        return f"the kinetics of {tracer} in the {name} are those of the {source}, carried over: nothing was measured"
    return None
