"""Folders in the making: beside their place, locked while their writer lives, renamed when whole, never over another's.

Who is killed leaves such a folder; the next who writes in the same place sweeps it away. A lock goes with the process
that holds it, so that the folder of a living writer is never taken for one that was left.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from twin.errors import TakenError

SUFFIX = ".part"
#: As much of the target's name as a person needs to know it again.
SHOWN = 60


@contextmanager
def making(target: Path, names: Sequence[str], may_go: Callable[[Path], bool] = lambda _: False) -> Iterator[Path]:
    """A folder that becomes the target when all went well, else vanishes.

    It is made beside the target and renamed. An empty folder that is there already may be a mount or somebody's working
    folder: it stays, and the files are moved into it.

    Parameters
    ----------
    target : Path
    names : sequence of str
        Of the files that will be there; who finds the last one finds all of them.
    may_go : callable
        Whether the folder that stands in the target's place is worth nothing.

    Raises
    ------
    TakenError
        When somebody else has the place; what they made there is as it was.
    """
    fill = target.is_dir() and not is_taken(target)
    place = target.absolute() if fill else target.absolute().parent
    place.mkdir(parents=True, exist_ok=True)
    sweep(place)
    with _alone(place, target) if fill else nullcontext(), _part(place, target.name) as part:
        made = part / "run"
        made.mkdir()
        yield made
        _fill(made, place, names) if fill else _rename(made, target, may_go)
        sync(place)


def is_taken(folder: Path) -> bool:
    """Whether a folder holds anything but what killed writers left."""
    sweep(folder)
    return any(folder.iterdir())


def sweep(place: Path) -> None:
    """Remove what killed writers left in a folder."""
    for left in place.glob(f".*{SUFFIX}"):
        with suppress(OSError), _locked(left):
            shutil.rmtree(left, ignore_errors=True)


def sync(folder: Path) -> None:
    """Have the names of a folder on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """The folder is ours alone; OSError if it is somebody else's, is gone, or cannot be locked."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


@contextmanager
def _alone(place: Path, target: Path) -> Iterator[None]:
    """Nobody else fills this empty folder meanwhile (where the file system has locks)."""
    handle = os.open(place, os.O_RDONLY)
    try:
        _claim(handle, target)
        if is_taken(place):
            raise _taken(target)
        yield
    finally:
        os.close(handle)


def _claim(handle: int, target: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _taken(target) from None
    except OSError:
        return


@contextmanager
def _part(place: Path, name: str) -> Iterator[Path]:
    """A new folder, locked as long as we live."""
    made, handle = _new_part(place, name)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(handle)


def _new_part(place: Path, name: str) -> tuple[Path, int]:
    """Somebody who sweeps may take it away before it is locked; then there is another."""
    while True:
        made = Path(tempfile.mkdtemp(prefix=f".{name[:SHOWN]}.", suffix=SUFFIX, dir=place))
        try:
            handle = os.open(made, os.O_RDONLY)
        except FileNotFoundError:
            continue
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        if made.exists():
            return made, handle
        os.close(handle)


def _rename(made: Path, target: Path, may_go: Callable[[Path], bool]) -> None:
    """Rename, and only onto what is not there, is empty, or may go."""
    if target.exists() and any(target.iterdir()) and may_go(target):
        _put_away(target, made.with_name("old"), may_go)
    try:
        made.rename(target)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            raise _taken(target) from None
        raise


def _put_away(target: Path, old: Path, may_go: Callable[[Path], bool]) -> None:
    """Take a worthless folder out of the way; what somebody put in its place meanwhile goes back."""
    with suppress(FileNotFoundError):
        target.rename(old)
        if not may_go(old):
            with suppress(OSError):
                old.rename(target)
            raise _taken(target)


def _fill(made: Path, target: Path, names: Sequence[str]) -> None:
    """Move the files; none stays if one cannot be moved."""
    try:
        for name in names:
            (made / name).rename(target / name)
    except OSError:
        for name in names:
            (target / name).unlink(missing_ok=True)
        raise


def _taken(target: Path) -> TakenError:
    return TakenError(f"{target} was taken by another run meanwhile")
