"""``twin plan``: a plan of one day."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.answers import answers
from twin.cli.output import say, show, table, write_json
from twin.cli.words import AsJson, Scenario, Seed, Sets, require_place
from twin.errors import UsageError

if TYPE_CHECKING:
    from twin.experiments.day_plan import DayPlan


@answers
def plan(
    scenario: Scenario,
    date: Annotated[str, typer.Option(metavar="D", help="A day that the scenario plays, such as 2026-03-03.")],
    n: Annotated[
        int, typer.Option("-n", metavar="N", min=0, help="Replications of the comparison with the rules; 0: none.")
    ] = 10,
    csv_file: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the booking list.")] = None,
    ical: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it for a calendar (iCalendar).")] = None,
    seed: Seed = None,
    sets: Sets = None,
    as_json: AsJson = False,
) -> int:
    """Plan a day with as little purchased activity as it allows; hold the plan against the rules."""
    from twin import api
    from twin.cli.progress import patience
    from twin.cli.run import loaded, overrides

    require_place(csv_file, "--csv")
    require_place(ical, "--ical")
    try:
        day = dt.date.fromisoformat(date)
    except ValueError:
        raise UsageError(f"--date {date!r}: write a date such as 2026-03-03") from None
    resolved = loaded(scenario, sets or [], overrides(seed, None))
    with patience("planning"):
        found = api.plan(resolved, day, n=n)
    for path, text in ((csv_file, csv_text(found)), (ical, ical_text(found))):
        if path is not None:
            _written(path, text)
    if as_json:
        write_json(found.as_data())
    else:
        show(_page(found))
    return 0


def _written(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    say(f"twin: {path} is written")


def csv_text(found: DayPlan) -> str:
    """A booking list; a study's rows are what its ``arrival: {bookings: FILE}`` reads, without the first column."""
    text = io.StringIO()
    rows = found.rows()
    written = csv.DictWriter(text, list(rows[0]) if rows else ["animal"], lineterminator="\n")
    written.writeheader()
    written.writerows(rows)
    return text.getvalue()


def ical_text(found: DayPlan) -> str:
    """The sessions as iCalendar (RFC 5545), in local time."""
    stamp = dt.datetime.combine(found.date, dt.time())
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//preclinical-twin//plan//EN"]
    for number, one in enumerate(found.booked):
        begin = found.moment(one)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{found.date}-{number}-{one.study}@preclinical-twin",
            f"DTSTAMP:{stamp:%Y%m%dT%H%M%S}Z",
            f"DTSTART:{begin:%Y%m%dT%H%M%S}", f"SUMMARY:{one.study}: {len(one.animals)} animals\\, {one.protocol}",
            f"LOCATION:{one.scanner}", "END:VEVENT",
        ]  # fmt: skip
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def _page(found: DayPlan) -> Iterator[Any]:
    from rich.text import Text

    from twin.cli.compare import differences_table

    rows = [
        (
            f"{found.moment(one):%H:%M}",
            one.scanner,
            one.study,
            one.protocol,
            ", ".join(one.animals),
        )
        for one in found.booked
    ]
    yield Text(f"Plan of {found.date} ({found.status}): the moment at which the bed is wanted")
    yield table(("bed at", "scanner", "study", "protocol", "animals"), rows)
    own, before = (found.purchased_bq[name] / 1e6 for name in ("plan", "first_come"))
    yield Text(f"Activity at the reference times: {own:.0f} MBq; first come, first served: {before:.0f} MBq.")
    yield Text(f"Played without luck, {'every' if found.feasible else 'not every'} animal is imaged.")
    if found.comparison is not None:
        first = found.comparison.scenarios[0].name
        for other in found.comparison.scenarios[1:]:
            told = [one for one in found.comparison.differences if one.scenario_b == other.name]
            yield differences_table(first, other.name, told)
