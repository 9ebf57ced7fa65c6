"""What a run folder says of itself. The only place with clock time and host; everything else is the same each time.

A run's address is a digest of all that its log depends on: the digest of the resolved scenario and tables
(`twin.scenario.digest`, which leaves out what it is called), seed, replication, the package's own code and data, and
the versions of numpy and numba.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import platform
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import Any

from twin import __version__
from twin.facility.log import LOG_VERSION
from twin.results.run import Facts, facts_to_json
from twin.results.stress import stress_facts
from twin.scenario import digest as digests

PACKAGES = ("numpy", "numba", "pandas", "scipy", "simpy", "pyarrow")
#: What a log's numbers depend on beside our own code.
ADDRESSED = ("numpy", "numba")


@cache
def code_digest() -> str:
    """Digest of every file of the package ``twin``: code, tables, bibliography."""
    root = Path(str(files("twin")))
    paths = sorted(path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    found = hashlib.blake2b(digest_size=16)
    for path in paths:
        content = path.read_bytes()
        found.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode() + content)
    return found.hexdigest()


def versions() -> dict[str, str | None]:
    """Versions of the twin, Python and the packages that a run uses; None for what is not installed."""
    return {"twin": __version__, "python": platform.python_version()} | {name: _version(name) for name in PACKAGES}


@cache
def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def address(digest: str, seed: int, replication: int = 0) -> str:
    """The address of a run.

    Parameters
    ----------
    digest : str
        Of the resolved scenario and tables.
    seed, replication : int
    """
    known = {name: _version(name) for name in ADDRESSED}
    return digests.of([digest, seed, replication, code_digest(), known])


def manifest(
    *,
    scenario: Mapping[str, Any],
    digest: str,
    facts: Facts,
    seed: int,
    replication: int = 0,
    sources: Mapping[str, Any] | Iterable[str] = (),
    assumed: Iterable[Mapping[str, Any] | str] = (),
    stress: Mapping[str, str] | None = None,
    bottleneck: str | None = None,
    command: Iterable[str] = (),
    started: dt.datetime | None = None,
) -> dict[str, Any]:
    """Everything that a run folder says of itself.

    Parameters
    ----------
    scenario : mapping
        The scenario as resolved, plain data.
    digest : str
        Of the resolved scenario and tables, by `twin.scenario.digest`.
    facts : Facts
    seed, replication : int
    sources : mapping or iterable
        Entries of the bibliography that were used.
    assumed : iterable
        Assumed numbers that the result leans on.
    stress : mapping, optional
        More STRESS-DES facts, or others than `stress_facts` gives.
    bottleneck : str, optional
        The sentence that names what limits throughput.
    command : iterable of str
        The command line.
    started : datetime, optional
        When the run began, if that was noted.
    """
    sources = dict(sources) if isinstance(sources, Mapping) else sorted(sources)
    assumed = [dict(row) if isinstance(row, Mapping) else row for row in assumed]
    return {
        "log_version": LOG_VERSION,
        "name": scenario.get("name"),
        "scenario": dict(scenario),
        "digest": digest,
        "seed": seed,
        "replication": replication,
        "address": address(digest, seed, replication),
        "code": code_digest(),
        "versions": versions(),
        "sources": sources,
        "assumed": assumed,
        "stress_des": stress_facts(scenario, facts, seed, replication, sources, assumed) | dict(stress or {}),
        "effects": _effects(facts),
        "facts": facts_to_json(facts),
        "bottleneck": bottleneck,
        "command": list(command),
        "clock": _clock(started),
        "host": {"name": platform.node(), "machine": platform.machine(), "system": platform.platform()},
    }


def _effects(facts: Facts) -> dict[str, dict[str, str]]:
    """Plan -> step -> effect: what the log's steps did."""
    return {
        name: {step: known.effect for step, known in plan.steps.items() if known.effect}
        for name, plan in facts.plans.items()
    }


def _clock(started: dt.datetime | None) -> dict[str, str | None]:
    now = dt.datetime.now(dt.UTC)  # noqa: TID251 - the manifest is the one place for clock time
    return {"started": None if started is None else started.isoformat(), "written": now.isoformat(timespec="seconds")}
