"""``twin physics decay``: what is left of a nuclide, and what has grown in."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from twin.cli.answers import answers
from twin.cli.output import show, table, write_json
from twin.cli.physics.quantities import NuclideArgument, asked
from twin.cli.words import AsJson


@answers
def decay(
    nuclide: NuclideArgument,
    activity: Annotated[str, typer.Option(metavar="A", help="Activity at the beginning, such as '25 MBq'.")],
    after: Annotated[str, typer.Option(metavar="T", help="Time since then, such as '2 h'.")],
    as_json: AsJson = False,
) -> int:
    """Say what is left of a nuclide after a time, and what of its progeny has grown in."""
    found = _found(nuclide, asked(activity, "Bq", "--activity"), asked(after, "s", "--after"))
    if as_json:
        write_json(found)
    else:
        _show(found)
    return 0


def _found(nuclide: str, activity_bq: float, after_s: float) -> dict[str, Any]:
    """The answer as plain data; the nuclide itself comes first."""
    from twin.physics import chains, decay
    from twin.sources import default_numbers

    numbers = default_numbers()
    there = chains.activities_bq(numbers, nuclide, activity_bq, after_s)
    decayed = chains.decays(numbers, nuclide, activity_bq, after_s)
    members = [
        {
            "nuclide": name,
            "half_life_s": decay.half_life_s(numbers, name),
            "activity_bq": value,
            "decays": decayed[name],
        }
        for name, value in there.items()
    ]
    name = decay.canonical(numbers, nuclide)
    return {
        "nuclide": name,
        "activity_bq": activity_bq,
        "after_s": after_s,
        "remaining_bq": there[name],
        "members": members,
        "sources": sorted(numbers.sources_used()),
    }


def _show(found: dict[str, Any]) -> None:
    from twin.units import fmt

    rows = [
        (
            member["nuclide"],
            fmt(member["half_life_s"], "s", digits=5),
            fmt(member["activity_bq"], "Bq", digits=5),
            f"{member['decays']:.4g}",
        )
        for member in found["members"]
    ]
    start = f"{fmt(found['activity_bq'], 'Bq')} of {found['nuclide']}, {fmt(found['after_s'], 's')} later"
    show([table(("nuclide", "half-life", "activity", "decays"), rows, right=(1, 2, 3), title=start)])
