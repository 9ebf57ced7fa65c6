"""What a store keeps of runs that were played for their figures alone: one small file each, found by the run's address.

A file is written beside and renamed, says its own address, and holds no clock time, path or host. One that is damaged
is as good as none. Files of other code lie in other folders and are never looked at.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from twin.results import manifest
from twin.scenario import digest as digests

#: Folder of a store, and how many digits of the code's digest name the folder below it.
FOLDER, CODE = "figures", 16


def path(store: Path, address: str) -> Path:
    """Where a store keeps the run with an address."""
    return store / FOLDER / manifest.code_digest()[:CODE] / address[:2] / f"{address}.json"


def read(store: Path, address: str) -> dict[str, Any] | None:
    """What is kept of a run; None: nothing that is whole."""
    try:
        said = json.loads(path(store, address).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    whole = isinstance(said, dict) and said.get("seal") == _seal(address, said.get("record"))
    return said["record"] if whole else None


def write(store: Path, address: str, record: Mapping[str, Any]) -> None:
    """Keep a run; OSError when the store cannot."""
    place = path(store, address)
    place.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"record": record, "seal": _seal(address, record)}, allow_nan=False)  # figures in their order
    with NamedTemporaryFile("w", encoding="utf-8", dir=place.parent, prefix=".", delete=False) as file:
        try:
            file.write(text)
            file.flush()
            Path(file.name).replace(place)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def _seal(address: str, record: Any) -> str:
    return digests.of([address, record])
