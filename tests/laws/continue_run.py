"""Continues a run from what was written, in a process of its own: scenario and state in, rows out."""

from __future__ import annotations

import json
import sys

from tests.laws.log_view import rows_of
from tests.laws.running import site_of
from twin.facility import snapshot
from twin.facility.world import World

if __name__ == "__main__":
    said = json.load(sys.stdin)
    world = World(site_of(said["scenario"]), said.get("replication", 0))
    world = world.begin() if said["state"] is None else snapshot.from_json(world, said["state"])
    print(json.dumps([repr(row.plain()) for row in rows_of(world.run().finish())]))
