"""Makes the response tables that travel with the package: ``python -m tools.responses [--all]``.

Each scanner whose ring is known with each bed that fits into its bore. What is up to date stays unless ``--all``.
"""

from __future__ import annotations

import gzip
import json
import sys
from importlib.resources import files
from pathlib import Path

from twin.errors import DataError
from twin.scanners import beds, pet_geometry, response_store, responses
from twin.sources import default_numbers


def main() -> None:
    """Write the file."""
    path = Path(str(files("twin").joinpath(response_store.SHIPPED)))
    old = {} if "--all" in sys.argv or not path.exists() else json.loads(gzip.decompress(path.read_bytes()))
    numbers, tables = default_numbers(), {}
    for name in pet_geometry.names(numbers):
        ring = pet_geometry.ring(numbers, name)
        for bed in beds.names(numbers):
            on = beds.bed(numbers, bed)
            key = responses.digest(ring, on, numbers)
            try:
                tables[key] = old.get(key) or responses.to_json(responses.computed(ring, on, numbers))
            except DataError as error:
                print(f"{name} {bed}: left out: {error}")
                continue
            print(f"{name} {bed}: {key}", flush=True)
    path.write_bytes(gzip.compress(json.dumps(tables, sort_keys=True).encode(), mtime=0))


if __name__ == "__main__":
    main()
