"""``twin physics responses``: the tables of what its scanners see that a scenario needs; what is missing is made."""

from __future__ import annotations

from twin.cli.answers import answers
from twin.cli.output import show, table, write_json
from twin.cli.words import AsJson, Scenario, Sets


@answers
def responses(scenario: Scenario, sets: Sets = None, as_json: AsJson = False) -> int:
    """Make the response tables that a scenario needs, and keep them; those of the catalogue travel with the package."""
    from twin import api
    from twin.cli.progress import Photons
    from twin.scanners.response_store import folder

    resolved = api.load(scenario, sets or [])
    with Photons("looking for response tables") as told:
        found = api.response_tables(resolved, told)
    lines = [
        {"study": study, "scanner": scanner, "bed": bed, "was_ready": ready} for study, scanner, bed, ready in found
    ]
    if as_json:
        write_json({"tables": lines, "folder": str(folder())})
    else:
        rows = [(study, scanner, bed or "not known", _state(bed, ready)) for study, scanner, bed, ready in found]
        show([table(("study", "scanner", "bed", "table"), rows, title=f"What scanners of {scenario} see")])
    return 0


def _state(bed: str | None, ready: bool) -> str:
    if bed is None:
        return "none: counts are undefined"
    return "ready" if ready else "made now, and kept"
