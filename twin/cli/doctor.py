"""``twin doctor``: whether this machine has what the twin needs."""

from __future__ import annotations

from twin.cli.answers import OURS, answers
from twin.cli.output import show, table, write_json
from twin.cli.words import AsJson


@answers
def doctor(as_json: AsJson = False) -> int:
    """Say whether this machine has what the twin needs; exit code 0 if it has."""
    from twin.cli.examination import examine

    findings = examine()
    well = all(finding.well for finding in findings if finding.needed)
    if as_json:
        write_json({"well": well, "findings": [finding.as_dict() for finding in findings]})
    else:
        rows = [(finding.name, finding.verdict, finding.found) for finding in findings]
        show([table(("what", "state", "found"), rows), "All that is needed is well." if well else "Not all is well."])
    return 0 if well else OURS
