"""A small sound scenario, and a way to load YAML text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from twin.scenario import merging, reading
from twin.scenario.loading import Resolved, load, load_data

SOUND = """
name: sound
start: 2026-03-02
days: 5
opening: {hours: {mon-fri: "08:00-18:00"}}
rooms:
  prep: {kind: preparation, places: 40}
  lab: {kind: hot_lab}
  scan: {kind: scanner}
  uptake: {kind: uptake, places: 40}
  recovery: {kind: recovery, places: 40}
scanners:
  pet: {modality: pet, room: scan, hotel: 4, beds: 2}
staff:
  technologist: {role: technologist, count: 2}
hot_lab:
  room: lab
  deliveries:
    fdg:
      tracer: FDG
      activity: 500 MBq
      volume: 2 ml
      days: mon-fri
      arrives: "08:00"
      reference: "08:30"
      expires: "18:00"
protocols:
  static: {template: pet_static, tracer: FDG, activity: 8 MBq, uptake: 60 min}
studies:
  tumour:
    animals: 8
    groups: [control, treated]
    protocol: static
    arrival: {dates: ["2026-03-02 08:00"]}
authorisations:
  projects:
    tumour: {animals: 100, expires: 2030-12-31}
"""


def data_of(text: str) -> Any:
    """YAML text as plain data."""
    return reading.plain(reading.read_bytes(dedent(text).encode(), "test.yaml"))


@pytest.fixture
def patched() -> Callable[..., Resolved]:
    """Load the sound scenario with a YAML patch over it."""

    def load_patched(patch: str = "days: 5", *, check: bool = True) -> Resolved:
        return load_data(merging.merge(data_of(SOUND), data_of(patch)), check=check)

    return load_patched


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Resolved]:
    """Write files (name=text), load the last one."""
    (tmp_path / "sound.yaml").write_text(SOUND, encoding="utf-8")

    def load_written(*sets: str, **files: str) -> Resolved:
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(dedent(text), encoding="utf-8")
        return load(tmp_path / f"{list(files)[-1] if files else 'sound'}.yaml", sets)

    return load_written
