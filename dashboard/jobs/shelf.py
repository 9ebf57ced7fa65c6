"""The scenarios that a browser may name: the bundled ones and files of one folder, no other file of the machine."""

from __future__ import annotations

import re
from pathlib import Path

from dashboard.jobs.refused import Refused

SUFFIXES = (".yaml", ".yml")
#: A file is taken for a scenario if it has one of these keys, so that no other YAML of the folder is shown around.
_SIGN = re.compile(rb"^(schema|extends)[ \t]*:", re.MULTILINE)
_SWEEP = re.compile(rb"^kind[ \t]*:[ \t]*[\"']?sweep\b", re.MULTILINE)
_KIND = re.compile(rb"^kind[ \t]*:[ \t]*[\"']?(sweep|optimise)\b", re.MULTILINE)
_LOOKED_AT_BYTES = 65_536


class Shelf:
    """What can be picked.

    Parameters
    ----------
    folder : Path, optional
        Of the user's own scenarios; its folders are not looked into.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = None if folder is None else folder.resolve()

    def names(self) -> tuple[str, ...]:
        """Every name: first the bundled scenarios, then the files."""
        from twin import api

        return (*api.bundled(), *sorted(self._files()))

    def source(self, name: str) -> str | Path:
        """What the twin loads for a name: the name of a bundled scenario, or the path of a file.

        Raises
        ------
        Refused
            When the name is none of `names`.
        """
        from twin import api

        if name in api.bundled():
            return name
        files = self._files()
        if name in files:
            return files[name]
        raise Refused(f"there is no scenario {name[:80]!r} to pick", [{"path": "scenario", "message": "pick another"}])

    def sweeps(self) -> tuple[str, ...]:
        """Every sweep file: first the bundled ones, then those of the folder."""
        from twin import api

        return (*api.bundled_sweeps(), *sorted(self._files(_SWEEP)))

    def sweep(self, name: str) -> str | Path:
        """What the twin loads for the name of a sweep; `Refused` when it is none of `sweeps`."""
        from twin import api

        if name in api.bundled_sweeps():
            return name
        files = self._files(_SWEEP)
        if name in files:
            return files[name]
        raise Refused(f"there is no sweep {name[:80]!r} to pick")

    def base(self) -> Path | None:
        """Where the files lie that a patch may name."""
        return self.folder

    def _files(self, sign: re.Pattern[bytes] | None = None) -> dict[str, Path]:
        """The files of the folder; scenarios unless another sign is looked for."""
        if self.folder is None or not self.folder.is_dir():
            return {}
        found = (path for path in self.folder.iterdir() if path.suffix in SUFFIXES)
        return {path.name: path for path in found if self._is_ours(path, sign)}

    def _is_ours(self, path: Path, sign: re.Pattern[bytes] | None) -> bool:
        """Whether it is such a file and lies in the folder itself; a link may not lead out."""
        try:
            whole = path.resolve()
            if whole.parent != self.folder or not whole.is_file():
                return False
            with whole.open("rb") as file:
                begin = file.read(_LOOKED_AT_BYTES)
            if sign is not None:
                return sign.search(begin) is not None
            return _SIGN.search(begin) is not None and _KIND.search(begin) is None
        except (OSError, RuntimeError):
            return False
