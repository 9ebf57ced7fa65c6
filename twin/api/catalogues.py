"""What there is to choose from, as rows: what ``twin list`` and the dashboard's library show.

Quantities are in the unit that their column names; None is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from twin import sources, units
from twin.errors import ScenarioError
from twin.scanners import catalogue
from twin.sources import Numbers, bibliography
from twin.sources.rows import Row
from twin.vocabulary import TASKS

Record: TypeAlias = dict[str, Any]


def scenarios() -> Iterator[Record]:
    """The scenarios that are shipped: facilities first, then those that tests of theory and calibration play."""
    from twin.scenario.layers import shipped
    from twin.scenario.loading import load

    for name in sorted(shipped(), key=lambda name: ("/" in name, name)):
        folder, _, _ = name.rpartition("/")
        row = {"name": name, "kind": folder or "facility"}
        try:
            said = load(name, check=False).scenario
        except ScenarioError:  # still listed; `twin check` says what is wrong
            yield {**row, "days": None, "question": "cannot be read: see `twin check`"}
            continue
        yield {**row, "days": said.days, "question": said.question}


def roles() -> Iterator[Record]:
    """The roles that have skills of their own, with functions (Directive 2010/63 Art. 23) and competences."""
    from twin.scenario import roles as table

    numbers = sources.default_numbers()
    for name in table.names(numbers):
        yield {
            "role": name,
            "words": numbers.text(f"roles.{name}.words"),
            "skills": numbers.text(f"roles.{name}.skills"),
            "functions": numbers.text(f"roles.{name}.functions"),
            "competences": numbers.text(f"roles.{name}.competences"),
            **_ground(numbers, "roles", name),
        }


def skills() -> Iterator[Record]:
    """The skills of the roles; a plan of your own may ask for others, which ``skills`` of somebody then names."""
    from twin.scenario import roles as table

    numbers = sources.default_numbers()
    has = {role: table.role_skills(numbers, role) for role in table.names(numbers)}
    for name in dict.fromkeys(skill for skills in has.values() for skill in skills):
        yield {"skill": name, "roles": " ".join(role for role, skills in has.items() if name in skills)}


def competences() -> Iterator[Record]:
    """The skills matrix: what each of the thirteen tasks asks for, and the roles whose default skills are enough."""
    from twin.scenario import roles as table

    numbers = sources.default_numbers()
    for task, number in table.seed_tasks().items():
        asked = ("skills", "competences", "functions", "modules", "base")
        yield {
            "task": task,
            "dillenseger_2020": number,
            **{word: numbers.text(f"competences.{task}.{word}") for word in asked},
            "roles": " ".join(table.able(numbers, task)),
            **_ground(numbers, "competences", task),
        }


def certificates() -> Iterator[Record]:
    """Certificates with skills that they are needed for; a scenario may name others with skills of their own."""
    numbers = sources.default_numbers()
    for subject in numbers.subjects("competences", "valid_for"):
        yield {
            "certificate": subject.removeprefix("certificate."),
            "skills": numbers.text(f"competences.{subject}.skills"),
            "valid_for_a": _shown(numbers, f"competences.{subject}.valid_for", "a"),
            **_ground(numbers, "competences", subject),
        }


def scanners() -> Iterator[Record]:
    """The machines of the catalogue."""
    numbers = sources.default_numbers()
    for name in catalogue.names(numbers):
        found = catalogue.machine(numbers, name)
        yield {
            "name": name,
            "label": found.label,
            "modality": found.modality,
            "hotel_sizes": " ".join(str(size) for size in found.hotel_sizes),
            "bore_mm": _in(found.bore_diameter_m, "m", "mm"),
            "field_t": found.field_strength_t,
            "ring_diameter_mm": _in(found.ring_diameter_m, "m", "mm"),
            "axial_fov_mm": _in(found.axial_fov_m, "m", "mm"),
            "peak_sensitivity_pct": _in(found.peak_sensitivity, "1", "%"),
            "resolution_mm": _in(found.resolution_m, "m", "mm"),
            **_ground(numbers, "catalogue", name),
        }


def collimators() -> Iterator[Record]:
    """The collimators of single-photon cameras, and the machines of the catalogue that have them."""
    from twin.physics import collimators as physics

    numbers = sources.default_numbers()
    for name in physics.names(numbers):
        models = (m for m in catalogue.names(numbers) if numbers.has(f"catalogue.{m}.collimator"))
        yield {
            "name": name,
            "kind": numbers.text(f"collimators.{name}.kind"),
            "pinholes": numbers.value(f"collimators.{name}.pinholes")
            if numbers.has(f"collimators.{name}.pinholes")
            else None,
            "diameter_mm": _shown(numbers, f"collimators.{name}.diameter", "mm"),
            "hole_mm": _shown(numbers, f"collimators.{name}.hole", "mm"),
            "septum_mm": _shown(numbers, f"collimators.{name}.septum", "mm"),
            "models": " ".join(m for m in models if numbers.text(f"catalogue.{m}.collimator") == name) or None,
            **_ground(numbers, "collimators", name),
        }


def tracers() -> Iterator[Record]:
    """The tracers and contrast agents of the table."""
    numbers = sources.default_numbers()
    for name in numbers.subjects("tracers", "nuclide"):
        yield {
            "name": name,
            "nuclide": numbers.text(f"tracers.{name}.nuclide"),
            "target": numbers.text(f"tracers.{name}.target"),
            "injected_activity_mbq": _shown(numbers, f"tracers.{name}.injected_activity", "MBq"),
            "uptake_min": _shown(numbers, f"tracers.{name}.uptake_time", "min"),
            "scan_min": _shown(numbers, f"tracers.{name}.scan_time", "min"),
            **_ground(numbers, "tracers", name),
        }


def species() -> Iterator[Record]:
    """The species of the table."""
    numbers = sources.default_numbers()
    for name in numbers.subjects("species", "body_mass"):
        key = f"species.{name}"
        yield {
            "name": name,
            "body_mass_g": _shown(numbers, f"{key}.body_mass", "g"),
            "temperature_degc": _shown(numbers, f"{key}.temperature", "degC"),
            "blood_volume_ml_per_kg": _shown(numbers, f"{key}.blood_volume", "ml/kg"),
            "iv_good_practice_ml_per_kg": _shown(numbers, f"{key}.iv_volume_good_practice", "ml/kg"),
            "iv_most_ml_per_kg": _shown(numbers, f"{key}.iv_volume_authorised", "ml/kg"),
            **_ground(numbers, "species", name),
        }


def protocols() -> Iterator[Record]:
    """The templates of protocols, and the presets: a template with the usual settings of a tracer."""
    from twin.scanners.templates import TEMPLATES

    for name, template in TEMPLATES.items():
        doc = (template.write.__doc__ or "").split("\n")[0]
        injects = (template.injects or "nothing").replace("maybe_agent", "agent or nothing").replace("_", " ")
        modality = "_".join(template.modalities) or "none"
        yield {
            "template": name,
            "modality": modality,
            "injects": injects,
            "what": doc,
            "steps": " ".join(template.rows),
            "sources": "project",
        }
    yield from _presets()


def _presets() -> Iterator[Record]:
    from twin.scanners.templates import TEMPLATES
    from twin.scenario import presets

    numbers = sources.default_numbers()
    for name in presets.names(numbers):
        row = numbers.row(f"presets.{name}.template")
        settings, _ = presets.settings(numbers, name)
        shown = ", ".join(f"{key} {_text(value)}" for key, value in settings.items() if key != "template")
        yield {
            "template": name,
            "modality": "_".join(TEMPLATES[row.text].modalities) or "none",
            "injects": settings.get("tracer") or settings.get("agent") or "nothing",
            "what": f"{row.note} ({row.text}: {shown})" if shown else f"{row.note} ({row.text})",
            "steps": None,
            "sources": _preset_sources(numbers, name, settings),
        }


def _preset_sources(numbers: Numbers, name: str, settings: Record) -> str:
    """Of its own rows, and of those of its tracer or agent."""
    own = [("presets", name), ("tracers", str(settings.get("tracer") or settings.get("agent")))]
    return " ".join(dict.fromkeys(key for subject in own for key in _ground(numbers, *subject)["sources"].split()))


def _text(value: object) -> str:
    return " to ".join(value) if isinstance(value, list) else str(value)


def kpis() -> Iterator[Record]:
    """The figures of a run."""
    from twin.results.kpis import KPIS

    for kpi in KPIS:
        yield {
            "id": kpi.id,
            "unit": kpi.unit,
            "better": kpi.direction,
            "index": kpi.index,
            "definition": kpi.definition,
        }


def tasks() -> Iterator[Record]:
    """The closed vocabulary of tasks."""
    for name, (words, number) in TASKS.items():
        source = "project" if number is None else "dillenseger2020"
        yield {"task": name, "words": words, "dillenseger_2020": number, "sources": source}


def bibliography_rows() -> Iterator[Record]:
    """The bibliography, with how many numbers of the tables each entry carries."""
    rows = [row for table in sources.all_tables().values() for row in table.values()]
    for key, entry in bibliography().items():
        yield {
            "key": key,
            "numbers": sum(1 for row in rows if key in row.sources),
            "year": entry.get("year"),
            "author": entry.get("author"),
            "title": entry.get("title"),
            "doi_or_url": entry.get("doi") or entry.get("url"),
        }


def every_number() -> Iterator[Record]:
    """Every row of every table, by the key that ``numbers:`` takes."""
    for table in sources.all_tables().values():
        for row in table.values():
            yield {
                "key": row.key,
                "value": row.value,
                "unit": row.unit,
                "low": row.low,
                "high": row.high,
                "evidence": row.kind,
                "sources": row.source,
                "note": row.note,
            }


def _in(value: float | None, unit: str, to: str) -> float | None:
    return None if value is None else units.convert(value, unit, to)


def _shown(numbers: Numbers, key: str, unit: str) -> float | None:
    """The value of a key in a unit that a person reads, if there is such a row."""
    if not numbers.has(key):
        return None
    row = numbers.row(key)
    return units.convert(row.si, row.si_unit, unit)


def _ground(numbers: Numbers, table: str, subject: str) -> Record:
    """What the rows of a subject rest on."""
    rows: list[Row] = [row for name, row in numbers.tables[table].items() if name.startswith(f"{subject}.")]
    kinds = dict.fromkeys(row.kind for row in rows)
    keys = dict.fromkeys(key for row in rows for key in row.sources)
    return {"evidence": " ".join(kinds), "sources": " ".join(keys)}


CATALOGUES: dict[str, Callable[[], Iterator[Record]]] = {
    "scenarios": scenarios,
    "scanners": scanners,
    "collimators": collimators,
    "tracers": tracers,
    "species": species,
    "protocols": protocols,
    "roles": roles,
    "skills": skills,
    "competences": competences,
    "certificates": certificates,
    "kpis": kpis,
    "tasks": tasks,
    "sources": bibliography_rows,
    "numbers": every_number,
}


def overview() -> Iterator[Record]:
    """One row for each catalogue: how many rows it has, what they rest on, and how many lean on an assumption."""
    from twin.scenario.layers import shipped

    for name, made in CATALOGUES.items():
        what = (made.__doc__ or "").split("\n")[0].replace("``", "`")
        if name == "scenarios":  # to read them all takes longer than to count them
            yield {"catalogue": name, "rows": len(shipped()), "sources": None, "assumed": None, "what": what}
            continue
        rows = list(made())
        cited = {key for row in rows for key in str(row.get("sources") or "").replace(";", " ").split()}
        evidence = [str(row["evidence"]) for row in rows if row.get("evidence") is not None]
        assumed = sum("assumed" in words.split() for words in evidence) if evidence else None
        known = len(cited - {"assumed", "project"}) or None
        yield {"catalogue": name, "rows": len(rows), "sources": known, "assumed": assumed, "what": what}
