"""What a worker plays that is more than one run, and the answer that it leaves in the job's folder: plain data."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from dashboard import access

ANSWER, ASKED, VERSION = "answer.json", "asked.yaml", 1
#: Where a store has its sweeps.
SWEEPS = "sweeps"
#: Is told how many runs are done, and of how many at the most.
Done = Callable[[int, int], None]


def played(order: Mapping[str, Any], done: Done) -> None:
    """Play an order and write its answer.

    Parameters
    ----------
    order : mapping
        As `Jobs` writes it: ``experiment``, ``variants`` (each a scenario's source with its patch), ``folder`` of the
        job, ``store``.
    done : callable
    """
    kind = order["experiment"]["kind"]
    said = {"compare": _compared, "sweep": _swept, "size": _sized, "validate": _validated}[kind](order, done)
    folder = Path(order["folder"])
    beside = folder / f".{ANSWER}.part"
    beside.write_text(json.dumps({"answer_version": VERSION, "kind": kind, **said}, allow_nan=False), encoding="utf-8")
    beside.replace(folder / ANSWER)


def _compared(order: Mapping[str, Any], done: Done) -> dict[str, Any]:
    from twin import api

    made = [_resolved(one, order) for one in order["variants"]]
    how = {"n": order["experiment"]["replications"], "store": order["store"]}
    found = api.compare(*made, **how, done=done).as_data()
    alone = sorted({name for one in made for name in access.single_in(one.data)})
    return _together(found, made, how, order["experiment"]["kpis"]) | {"alone": alone, "about": _about(made[0])}


def _together(found: dict[str, Any], made: list[Any], how: Mapping[str, Any], asked: list[str]) -> dict[str, Any]:
    """The same with intervals of the figures asked for that hold together: a page speaks of all of them at once."""
    from twin import api

    known = {one["kpi"] for one in found["differences"]}
    use = [f"utilisation_pct[{name}]" for name in made[0].data.get("scanners", {}) if asked]
    spoken = [kpi for kpi in (*asked, *use[:2]) if kpi in known]
    if not spoken:
        return found | {"together": 0}
    wide = api.compare(*made, **how, kpis=spoken).as_data()
    rest = [one for one in found["differences"] if one["kpi"] not in spoken]
    told = {"differences": [*wide["differences"], *rest], "sentences": wide["sentences"]}
    return found | told | {"together": len(wide["differences"])}


#: Of what a run says of itself, what the report of a comparison repeats.
ABOUT = ("sources", "assumed", "stress_des", "versions", "host")


def _about(scenario: Any) -> dict[str, Any]:
    """What a run of a scenario says of itself, found out here and not in the server."""
    from twin import api

    said = api.simulate(scenario).as_manifest()
    return {name: said[name] for name in ABOUT}


def _sized(order: Mapping[str, Any], done: Done) -> dict[str, Any]:
    from twin import api

    asked = order["experiment"]
    base = _resolved(order["variants"][0], order)
    found = api.size(
        base, asked["targets"], asked["axes"], most=max(asked["replications"], LEAST), store=order["store"], done=done
    )
    return found.as_data() | {"alone": sorted(access.single_in(base.data, asked["axes"]))}


def _validated(order: Mapping[str, Any], done: Done) -> dict[str, Any]:  # noqa: ARG001 - all are called alike
    from dataclasses import asdict

    from twin import api

    found = api.validate(lambda count, of, _: done(count, of), quick=True)
    return {"rows": [asdict(one) | {"verdict": one.verdict, "sources": " ".join(one.sources)} for one in found]}


#: Replications of the first stage of a sizing.
LEAST = 10


def _swept(order: Mapping[str, Any], done: Done) -> dict[str, Any]:
    from twin import api

    sweeps = Path(order["store"]) / SWEEPS
    if known := order["experiment"]["folder"]:
        folder, plan = sweeps / known, api.open_sweep(sweeps / known).plan
    else:
        plan = api.sweep_plan(_sweep_file(order))
        folder = sweeps / api.sweep_folder(plan).name
    api.sweep(plan, folder, workers=1, resume=True, changed=True, store=order["store"], done=done)
    return {"folder": folder.name}


def _sweep_file(order: Mapping[str, Any]) -> str | Path:
    """The file that was named, or one that says what was filled in."""
    if order["file"]:
        return str(order["file"])
    from twin import api

    asked, own = order["experiment"], order["variants"][0]
    said = {
        "schema": 1,
        "kind": "sweep",
        "name": own["label"] or "sweep",
        "base": own["source"],
        "set": {path: value for path, value in api.changes(own["patch"]) if value is not None},
        "axes": {path.replace(".", "_"): {"path": path, "values": values} for path, values in asked["axes"].items()},
        "design": "grid",
        "replications": asked["replications"],
        "kpis": asked["kpis"],
    }
    file = Path(order["folder"]) / ASKED
    file.write_text(api.yaml_text(said), encoding="utf-8")
    return file


def _resolved(variant: Mapping[str, Any], order: Mapping[str, Any]) -> Any:
    from twin import api

    chosen = {key: order[key] for key in ("seed", "days") if order[key] is not None}
    if variant["label"]:
        chosen["name"] = variant["label"]
    return api.patched(variant["source"], variant["patch"], order["base"], **chosen)
