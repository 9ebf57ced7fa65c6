"""``twin schema``: what an editor needs to complete and check scenario files."""

from __future__ import annotations

from twin.cli.answers import answers
from twin.cli.output import write_json


@answers
def schema() -> int:
    """Write the JSON Schema of scenario files, so that an editor completes and checks them."""
    from twin.scenario.schema import json_schema

    write_json(json_schema())
    return 0
