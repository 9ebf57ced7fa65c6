"""Reading the files that a scenario names: regular files of a sane size, nothing that blocks or never ends."""

from __future__ import annotations

import stat
from pathlib import Path

#: Most of a CSV file [bytes].
MOST_TABLE_BYTES = 50_000_000


def read(path: Path, most: int = MOST_TABLE_BYTES) -> bytes:
    """All bytes of a file.

    Parameters
    ----------
    path : Path
    most : int
        A longer file is refused [bytes].

    Raises
    ------
    ValueError
        With why it cannot be read.
    """
    if reason := refusal(path):
        raise ValueError(reason)
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from None
    if len(content) > most:
        raise ValueError(f"the file has more than {most} bytes, which is the most")
    return content


def read_text(path: Path, most: int = MOST_TABLE_BYTES) -> str:
    """The same as UTF-8 text; a mark of the byte order is left out."""
    try:
        return read(path, most).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"cannot be read: not UTF-8 text (byte {error.start})") from None


def refusal(path: Path) -> str | None:
    """Why this is no file that can be read to its end; None: it is one."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    except ValueError as error:
        return f"cannot be read: {error}"
    if stat.S_ISDIR(mode):
        return "cannot be read: it is a folder"
    return None if stat.S_ISREG(mode) else "cannot be read: it is no regular file (a pipe or a device)"
