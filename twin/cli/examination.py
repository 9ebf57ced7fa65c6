"""What ``twin doctor`` looks at."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from twin import __version__

REQUIRED = (
    "simpy", "numpy", "scipy", "numba", "pandas", "pyarrow", "pydantic", "pint", "ruamel.yaml", "typer", "rich",
    "platformdirs", "duckdb", "openpyxl", "plotly", "dash", "dash-mantine-components", "flask", "werkzeug",
    "waitress",
)  # fmt: skip
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
OLDEST_PYTHON = (3, 11)
#: Philox 4x32-10 of an all-zero counter and key (Random123 1.14, kat_vectors).
KNOWN_WORDS = (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    well: bool
    found: str
    needed: bool = True

    @property
    def verdict(self) -> str:
        """In one word."""
        if self.well:
            return "well"
        return "MISSING" if self.needed else "not found"

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


def examine() -> list[Finding]:
    """Everything, in the order of the page."""
    looks: tuple[Callable[[], Finding], ...] = (_kernel_cache, _luck, _bundled, _store, _browser)
    return [_python(), *_packages(), _cores(), *(_looked(look) for look in looks)]


def _looked(look: Callable[[], Finding]) -> Finding:
    """The finding; a look that fails is one too."""
    try:
        return look()
    except Exception as error:  # noqa: BLE001 - whatever is broken is what the doctor is asked for
        return Finding(look.__name__.strip("_").replace("_", " "), False, f"{type(error).__name__}: {error}")


def _python() -> Finding:
    return Finding("python", sys.version_info[:2] >= OLDEST_PYTHON, platform.python_version())


def _packages() -> Iterator[Finding]:
    """The twin and what it requires."""
    yield Finding("twin", True, __version__)
    for name in REQUIRED:
        try:
            yield Finding(name, True, version(name))
        except PackageNotFoundError:
            yield Finding(name, False, "not installed")


def _cores() -> Finding:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Finding("cores", True, str(cores))


def _kernel_cache() -> Finding:
    """The folder of compiled code; one that does not last costs seconds at each start."""
    from twin import compiled

    folder = compiled.cache_folder()
    lasting = folder.name.startswith("kernels-")
    said = str(folder) if lasting else f"{folder} (does not last: set NUMBA_CACHE_DIR to a folder of yours)"
    return Finding("kernel cache", lasting and os.access(folder, os.W_OK), said)


def _luck() -> Finding:
    """The generator gives its published answer."""
    from twin import luck_kernels

    words = tuple(luck_kernels.philox4x32(0, 0, 0, 0, 0, 0))
    return Finding("luck", words == KNOWN_WORDS, "Philox 4x32-10 gives its published numbers")


def _bundled() -> Finding:
    """The scenarios came along."""
    from twin.scenario.loading import bundled

    names = sorted(bundled())
    return Finding("scenarios", "baseline" in names, ", ".join(names) or "none")


def _store() -> Finding:
    """Where runs are kept, or the folder in which that would be made."""
    from twin.results.store import default_store

    folder = default_store().absolute()
    there = next(path for path in (folder, *folder.parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        return Finding("store", False, f"{folder}: {error.strerror}; set TWIN_STORE")
    return Finding("store", True, str(folder))


def _browser() -> Finding:
    """Pictures and PDF need one; a run does not."""
    chosen = os.environ.get("BROWSER_PATH")
    found = chosen if chosen and Path(chosen).is_file() else next(filter(None, map(shutil.which, BROWSERS)), None)
    return Finding("chromium", found is not None, found or "only pictures and PDF need it", needed=False)
