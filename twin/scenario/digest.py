"""The digest of a scenario: the same wherever, whenever and in whatever order of keys it is loaded.

Where several could do the same, the one who is named first does it: the order of people, scanners and rooms is part of
the digest.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from twin.scenario.loading import Resolved
from twin.sources import Row

SIZE = 16
#: What does not change a result.
WORDS = ("name", "question", "schema")
#: Of what the order of the names can change a result.
ORDERED = ("staff", "scanners", "rooms")


def digest(resolved: Resolved) -> str:
    """Digest of the resolved scenario and of every table, 32 hexadecimal digits.

    The seed is part of it; name, question and where the files lie are not.
    """
    return of({"scenario": scenario_part(resolved.data), "tables": tables(resolved)})


def scenario_part(data: Mapping[str, Any]) -> dict[str, Any]:
    """What of a scenario's data can change a result."""
    said = {key: value for key, value in data.items() if key not in WORDS}
    return said | {"order": [list(said.get(key) or ()) for key in ORDERED]}


def tables(resolved: Resolved) -> dict[str, str]:
    """A digest of each table with the scenario's overrides."""
    numbers = resolved.numbers
    made = {name: of({key: _row(row) for key, row in table.items()}) for name, table in numbers.tables.items()}
    return {**made, "overrides": of({key: _row(row) for key, row in numbers.overrides.items()})}


def _row(row: Row) -> list[Any]:
    """What of a row can change a result: neither its source nor its note."""
    return [row.value, row.unit, row.low, row.high, row.extra, row.given]


def of(plain: Any) -> str:
    """Digest of plain data by its canonical JSON: keys in order, no spaces, shortest floats."""
    return blake2b(canonical(plain).encode("utf-8"), digest_size=SIZE).hexdigest()


def canonical(plain: Any) -> str:
    """Canonical JSON; NaN and infinity are refused."""
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
