"""Where compiled code is kept, so that it cannot go stale.

Numba's cache misses an edit in another file: a kernel that calls the generator keeps the old generator. So the cache
folder is named by a digest of everything that compiled code depends on. Each ``*_kernels.py`` calls `prepare` before
it imports numba.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path

_PREFIX = "kernels-"


def prepare() -> None:
    """Point numba's cache at the folder of this very code; harmless when called again or after numba was imported."""
    folder = str(cache_folder())
    os.environ["NUMBA_CACHE_DIR"] = folder
    if "numba" in sys.modules:
        sys.modules["numba"].config.CACHE_DIR = folder


@cache
def cache_folder() -> Path:
    """The folder for this code, numba, NumPy, Python and CPU; below $NUMBA_CACHE_DIR if a person has set it."""
    for base in (*_chosen(), _user_folder(), _temporary_folder()):
        folder = base / (_PREFIX + digest())
        if _writable(folder):
            return folder
    return Path(tempfile.mkdtemp(prefix="preclinical-twin-"))


def digest() -> str:
    """20 hex digits for all that compiled code depends on."""
    state = hashlib.blake2b(digest_size=10)
    for part in (*_kernel_texts(), *_surroundings()):
        state.update(len(part).to_bytes(8, "little") + part)
    return state.hexdigest()


def _kernel_texts() -> list[bytes]:
    """Names and contents of every kernel file of the package, in a stable order."""
    root = Path(__file__).resolve().parent
    files = sorted(root.rglob("*_kernels.py"), key=lambda file: file.relative_to(root).as_posix())
    return [text for file in files for text in (file.relative_to(root).as_posix().encode(), file.read_bytes())]


def _surroundings() -> list[bytes]:
    """Versions and the processor."""
    words = (version("numba"), version("llvmlite"), version("numpy"), platform.python_version(), _processor())
    return [word.encode() for word in words]


def _processor() -> str:
    """The name and the abilities of this machine's processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    telling = {line for line in lines if line.startswith(("model name", "flags", "Features", "CPU part"))}
    return "\n".join((platform.machine(), platform.processor(), *sorted(telling)))


def _chosen() -> tuple[Path, ...]:
    """The folder that a person chose; a child process finds the parent's answer there and takes the folder above."""
    given = os.environ.get("NUMBA_CACHE_DIR")
    if not given:
        return ()
    folder = Path(given)
    return (folder.parent if folder.name.startswith(_PREFIX) else folder,)


def _user_folder() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("preclinical-twin", appauthor=False)


def _temporary_folder() -> Path:
    """One folder per user; compiled code is code, so nobody else may write it."""
    return Path(tempfile.gettempdir()) / f"preclinical-twin-{os.getuid() if hasattr(os, 'getuid') else 'user'}"


def _writable(folder: Path) -> bool:
    """Whether the folder is there, ours, and can be written."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        return not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()
    except OSError:
        return False
