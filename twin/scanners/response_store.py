"""Where response tables are kept: shipped for the catalogue, else made once and kept in the user's cache folder.

A file says for which digest it is and has a checksum of its content. One that is broken, cut short or of other
circumstances is no table: it is made again.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import os
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias

from twin.physics.counts import BedResponse
from twin.physics.histories import Progress
from twin.physics.ring import Ring
from twin.scanners import beds, responses
from twin.scanners.beds import Bed
from twin.sources import Numbers

Table: TypeAlias = tuple[BedResponse, ...]
#: Is told that a table has to be made, which takes some seconds; answers with who is told how far it is.
Told: TypeAlias = Callable[[str], Progress | None]
#: Tables that no cache folder could take; the process keeps them as long as it lives.
_UNWRITTEN: dict[str, Table] = {}
SHIPPED = "scanners/data/responses.json.gz"


def logged(text: str) -> None:
    """Where nobody listens, the log is told: no table is made silently."""
    logging.getLogger(__name__).warning(text)


def find(ring: Ring, bed: str, numbers: Numbers, told: Told = logged) -> Table:
    """The table of a scanner and a bed: shipped, kept, or made now.

    Parameters
    ----------
    told : callable, optional
        Is told when a table has to be made.

    Raises
    ------
    DataError
        When the bed does not fit into the bore.
    """
    found = _found(ring, beds.bed(numbers, bed), numbers, told)
    return responses.with_electronics(found, ring)


def is_ready(ring: Ring, bed: str, numbers: Numbers) -> bool:
    """Whether no photon has to be followed for it."""
    key = responses.digest(ring, beds.bed(numbers, bed), numbers)
    return key in shipped() or key in _UNWRITTEN or read(folder() / f"{key}.json", key) is not None


def _found(ring: Ring, on: Bed, numbers: Numbers, told: Told) -> Table:
    key = responses.digest(ring, on, numbers)
    if key in shipped():
        return responses.from_json(shipped()[key])
    kept = folder() / f"{key}.json"
    return read(kept, key) or _UNWRITTEN.get(key) or _made(ring, on, numbers, kept, key, told)


def _made(ring: Ring, on: Bed, numbers: Numbers, kept: Path, key: str, told: Told) -> Table:
    progress = told(f"following photons once for scanner {ring.name}, bed {on.name}")
    table = responses.computed(ring, on, numbers, progress)
    if not write(kept, key, table):
        _UNWRITTEN[key] = table
    return table


@cache
def shipped() -> dict[str, Any]:
    """The tables that travel with the package, by digest."""
    data = files("twin").joinpath(SHIPPED).read_bytes()
    tables: dict[str, Any] = json.loads(gzip.decompress(data))
    return tables


def folder() -> Path:
    """The user's cache folder of response tables."""
    from platformdirs import user_cache_path

    return user_cache_path("preclinical-twin") / "responses"


def read(path: Path, key: str) -> Table | None:
    """A kept table; None if there is none, or if its file is broken or of something else."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["digest"] != key or data["checksum"] != _checksum(data["table"]):
            return None
        return responses.from_json(data["table"])
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def write(path: Path, key: str, table: Table) -> bool:
    """Keep a table: written beside its place, then renamed. A cache that cannot be written is no mistake (False)."""
    data = responses.to_json(table)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps({"digest": key, "checksum": _checksum(data), "table": data}), encoding="utf-8")
        beside.replace(path)
    except OSError:
        return False
    return True


def _checksum(data: Any) -> str:
    return hashlib.blake2b(json.dumps(data, sort_keys=True).encode(), digest_size=8).hexdigest()
