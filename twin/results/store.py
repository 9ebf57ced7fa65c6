"""Run folders: written once, beside and then renamed, so that a half-written one is never seen.

A run folder holds manifest.json, events.parquet, involved.parquet and kpis.json. The manifest names size and digest of
the others, so that one that was cut short is found out.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from twin.errors import MissingError, NewerError, StoreError, TakenError
from twin.facility.log import LOG_VERSION
from twin.results import aside
from twin.results.frames import from_arrow, involved_arrow, to_arrow
from twin.results.kpis import Figure, compute
from twin.results.run import Run, facts_from_json

STORE_VARIABLE = "TWIN_STORE"
MANIFEST, EVENTS, INVOLVED, KPIS = "manifest.json", "events.parquet", "involved.parquet", "kpis.json"
CONTENT = (EVENTS, INVOLVED, KPIS)
#: So many rows of a table are made ready to be written at a time: more would need more memory.
ROWS_AT_ONCE = 1 << 16
#: As many digits of an address as the name of a folder shows.
SHOWN = 12
_REMEDY = "free some space, or name another folder with --out or TWIN_STORE"


def default_store() -> Path:
    """``$TWIN_STORE``, else ``./runs``."""
    return Path(os.environ.get(STORE_VARIABLE) or "runs")


def folder_name(manifest: Mapping[str, Any]) -> str:
    """Name of the folder of a run in a store: scenario, seed, replication and the begin of its address."""
    return f"{manifest['name']}-s{manifest['seed']}-r{manifest['replication']}-{manifest['address'][:SHOWN]}"


def find(address: str, store: Path | None = None) -> Path | None:
    """A sound run folder with this address, if the store has one.

    What a scenario is called is no part of the address: the run of a scenario that was renamed is found again.
    """
    folders = sorted((store or default_store()).glob(f"[!.]*-{address[:SHOWN]}"))
    return next((folder for folder in folders if _is_sound(folder, address)), None)


def _is_sound(folder: Path, address: str) -> bool:
    """Whether this is the whole run folder of an address."""
    try:
        return bool(read_manifest(folder)["address"] == address)
    except (StoreError, KeyError):
        return False


def save(
    run: Run,
    manifest: Mapping[str, Any],
    out: Path | str | None = None,
    store: Path | str | None = None,
    figures: Mapping[str, Figure] | None = None,
) -> Path:
    """Write a run folder.

    Parameters
    ----------
    run : Run
    manifest : mapping
        As `twin.results.manifest.manifest` makes it.
    out : path, optional
        The folder itself; it may exist if it is empty.
    store : path, optional
        Where the folder is made if `out` is not given; None: `default_store`. If the store has the run of this name
        and address already, that one is kept and returned.
    figures : mapping, optional
        The KPIs, if they were computed before.

    Raises
    ------
    StoreError
        When the folder cannot be written; nothing of it is left then.
    TakenError
        When `out` is not free; what is there stays as it is.
    """
    figures = compute(run) if figures is None else figures
    if out is not None:
        _refuse_if_taken(Path(out))
        return _write(Path(out), run, manifest, figures)
    return _keep(_place(manifest, store), run, manifest, figures)


def _keep(target: Path, run: Run, manifest: Mapping[str, Any], figures: Mapping[str, Figure]) -> Path:
    """The folder of the store, as it is or written; a damaged one is replaced."""
    address = manifest["address"]
    if _is_sound(target, address):
        return target
    try:
        return _write(target, run, manifest, figures, lambda folder: not _is_sound(folder, address))
    except TakenError:
        if _is_sound(target, address):  # somebody else was quicker with the same run
            return target
        raise


def _write(
    target: Path,
    run: Run,
    manifest: Mapping[str, Any],
    figures: Mapping[str, Figure],
    may_go: Callable[[Path], bool] = lambda _: False,
) -> Path:
    try:
        with aside.making(target, (*CONTENT, MANIFEST), may_go) as folder:
            _write_content(folder, run, figures)
            listed = dict(manifest) | {"files": {name: _seal(folder / name) for name in CONTENT}}
            _write_json(folder / MANIFEST, listed)
            _settle(folder)
    except (OSError, pa.ArrowException) as error:
        raise StoreError(_why(error, target)) from error
    return target


def _place(manifest: Mapping[str, Any], store: Path | str | None) -> Path:
    return (Path(store) if store is not None else default_store()) / folder_name(manifest)


def _refuse_if_taken(target: Path) -> None:
    if target.is_dir() and aside.is_taken(target):
        if (target / MANIFEST).exists():
            raise TakenError(f"{target} holds a run already; name an empty or a new folder with --out, or remove it")
        raise TakenError(f"{target} is not empty; name an empty or a new folder with --out")
    if target.exists() and not target.is_dir():
        raise TakenError(f"{target} is a file; name a folder with --out")


def _why(error: OSError | pa.ArrowException, target: Path) -> str:
    """The sentence for a folder that could not be written."""
    number = getattr(error, "errno", None)
    full = number in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} or "No space left" in str(error)
    if full:
        return f"{target} could not be written: the disk is full or its limit is reached; {_REMEDY}"
    reason = os.strerror(number) if isinstance(number, int) else str(error)
    return f"{target} could not be written: {reason}; name another folder with --out or {STORE_VARIABLE}"


def _write_content(folder: Path, run: Run, figures: Mapping[str, Figure]) -> None:
    _write_table(folder / EVENTS, iter((to_arrow(run.events),)))
    _write_table(folder / INVOLVED, involved_arrow(run, ROWS_AT_ONCE))
    _write_json(folder / KPIS, figures)


def _write_table(path: Path, parts: Iterator[pa.Table]) -> None:
    """Parquet whose bytes depend on the rows of the table and the version of pyarrow alone."""
    first = next(parts)
    with path.open("wb") as file:
        with pq.ParquetWriter(file, first.schema, compression="zstd", version="2.6", use_dictionary=True) as writer:
            for part in chain((first,), parts):
                writer.write_table(part, row_group_size=ROWS_AT_ONCE)
        file.flush()
        os.fsync(file.fileno())


def _write_json(path: Path, data: Mapping[str, Any]) -> None:
    with path.open("w", encoding="utf-8") as file:
        json.dump(data, file, indent=1, ensure_ascii=False, allow_nan=False)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())


def _seal(path: Path) -> dict[str, int | str]:
    """Size and digest of a file."""
    content = path.read_bytes()
    return {"bytes": len(content), "blake2b": hashlib.blake2b(content, digest_size=16).hexdigest()}


def _settle(folder: Path) -> None:
    """Let others read it (a temporary folder is private), and have its names on the disk."""
    mask = os.umask(0)
    os.umask(mask)
    folder.chmod(0o777 & ~mask)
    aside.sync(folder)


def open_run(path: Path | str) -> Run:
    """The run of a folder.

    Raises
    ------
    StoreError
        When it is no run folder, is damaged, or was written by a newer twin.
    """
    folder = Path(path)
    manifest = read_manifest(folder)
    try:
        events, involved = (pq.read_table(folder / name, memory_map=False) for name in (EVENTS, INVOLVED))
        return Run(*from_arrow(events, involved), facts_from_json(manifest["facts"]))
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError) as error:
        raise StoreError(f"{folder} cannot be read ({error}); run the scenario again") from error


def read_figures(path: Path | str) -> dict[str, Figure]:
    """The KPIs of a run folder, as they were computed when it was written."""
    read_manifest(path)
    figures: dict[str, Figure] = _read_json(Path(path) / KPIS)
    return figures


def read_manifest(path: Path | str) -> dict[str, Any]:
    """The manifest of a run folder whose files are all there and whole.

    Raises
    ------
    StoreError
        As `open_run`.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise MissingError(f"{folder} is not there; a run folder is what `twin run` prints as run_dir")
    if not (folder / MANIFEST).is_file():
        raise StoreError(f"{folder} is not a run folder, or was not finished: it has no {MANIFEST}")
    manifest = _read_json(folder / MANIFEST)
    _refuse_newer(folder, manifest)
    for name, seal in manifest.get("files", {}).items():
        _refuse_damaged(folder / name, seal)
    return manifest


def _refuse_newer(folder: Path, manifest: Mapping[str, Any]) -> None:
    written = manifest.get("log_version")
    if not isinstance(written, int) or "files" not in manifest:
        raise StoreError(f"{folder / MANIFEST} is not the manifest of a run")
    if written > LOG_VERSION:
        by = manifest.get("versions", {}).get("twin", "a newer version")
        said = f"its log has version {written} (written by twin {by}), this twin reads up to {LOG_VERSION}"
        raise NewerError(f"{folder}: {said}; update preclinical-twin")


def _refuse_damaged(path: Path, seal: Mapping[str, Any]) -> None:
    try:
        found = _seal(path)
    except OSError as error:
        raise StoreError(f"{path} is missing; run the scenario again") from error
    if found["bytes"] != seal["bytes"]:
        said = f"{path} is damaged: it has {found['bytes']} of {seal['bytes']} bytes"
        raise StoreError(f"{said}; run the scenario again")
    if found != seal:
        raise StoreError(f"{path} was changed after it was written; run the scenario again")


def _read_json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} is damaged and cannot be read ({error}); run the scenario again") from error
    if not isinstance(data, dict):
        raise StoreError(f"{path} is damaged: it holds no JSON object")
    return data
