"""The command ``twin`` and its commands."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from twin import __version__
from twin.cli.animal import animal
from twin.cli.answers import OURS, unheard
from twin.cli.catalogue import listing
from twin.cli.check import check
from twin.cli.compare import compare
from twin.cli.compliance import compliance
from twin.cli.dashboard import dashboard
from twin.cli.doctor import doctor
from twin.cli.dose import dose
from twin.cli.optimise import optimise
from twin.cli.output import say
from twin.cli.physics.app import app as physics
from twin.cli.plan import plan
from twin.cli.replicate import replicate
from twin.cli.report import report
from twin.cli.run import run
from twin.cli.schema import schema
from twin.cli.select import select
from twin.cli.sensitivity import sensitivity
from twin.cli.shield import shield
from twin.cli.size import size
from twin.cli.sweep import app as sweep
from twin.cli.validate import validate
from twin.cli.words import examples
from twin.interrupts import listen

app = typer.Typer(
    name="twin",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
        "default_map": dict.fromkeys(("help", "install_completion", "show_completion"), False),  # None loads pydantic
    },
    epilog="\b\nExamples:\n  twin run baseline\n  twin check my-site.yaml\n  twin list scanners\n\n"
    "\b\nExit codes: 0 done; 1 a failure of ours; 2 wrong words on the command line; 3 a mistake in a\n"
    "scenario or another file, a quantity or a name that cannot be, a store of a newer version;\n"
    "4 a licence, authorisation or budget broken under --check; 130 interrupted.",
)


def _version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"twin {__version__}\n")
        raise typer.Exit


@app.callback()
def twin(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version and leave.")
    ] = False,
) -> None:
    """A simulation model of a preclinical imaging facility: scanners, animals, people, tracers."""


app.command(
    epilog=examples(
        "twin run baseline",
        "twin run baseline --seed 7 --days 14",
        "twin run baseline --set staff.technologist.count=2 --set policies.shift_end=preempt",
        "twin run my-site.yaml --out results/monday --check",
        "twin run baseline --json > figures.json",
    )
)(run)
app.command(
    epilog=examples(
        "twin replicate baseline -n 20",
        "twin replicate baseline --precision 5% --kpi animals_per_day --kpi lead_time_days",
        "twin replicate my-site.yaml --finished-by '2026-03-06 17:00'",
        "twin replicate my-site.yaml -n 50 --kpi 'wait_mean_min[all]' --json > waiting.json",
    )
)(replicate)
app.command(
    epilog=examples(
        "twin compare baseline second_scanner -n 10",
        "twin compare baseline second_scanner two_shifts spare_bed --kpi animals_per_day --kpi cost_total",
        "twin compare baseline my-site.yaml --json > differences.json",
    )
)(compare)
app.command(
    epilog=examples(
        "twin check my-site.yaml",
        "twin check baseline --set scanners.pet.beds=3",
        "twin check my-site.yaml --resolved > whole.yaml",
    )
)(check)
app.command(
    "list",
    epilog=examples(
        "twin list",
        "twin list scenarios",
        "twin list scanners",
        "twin list kpis --json",
        "twin list numbers",
        "twin list runs",
    ),
)(listing)
app.command(epilog=examples("twin schema > scenario.schema.json"))(schema)
app.command(
    epilog=examples(
        "twin dashboard",
        "twin dashboard --port 0 --no-browser --store runs --scenarios sites",
        "twin dashboard --hash-password",
        "twin dashboard --host 0.0.0.0 --users /etc/twin/users.csv",
        "twin dashboard --proxy 127.0.0.1 --user-header X-Twin-User --roles-header X-Twin-Roles",
    )
)(dashboard)
app.command(epilog=examples("twin doctor", "twin doctor --json"))(doctor)
app.command(epilog=examples("twin validate", "twin validate --json > comparisons.json"))(validate)
app.command(
    epilog=examples(
        "twin animal mouse",
        "twin animal mouse --mass 25g --isoflurane 1.5% --warming blanket --minutes 60 --tracer FDG",
        "twin animal rat --warming pad --plot",
        "twin animal zebrafish --minutes 8 --json > fish.json",
    )
)(animal)
app.command(
    epilog=examples(
        "twin size baseline --target 'animals_per_day.mean >= 11' --vary staff.technologist.count=1..4",
        "twin size baseline --target 'overtime_min.p95 <= 15' --target 'end_of_day.share(<= 18) >= 90%' \\\\\n"
        "    --vary staff.technologist.count=1..4 --vary scanners.pet.beds=1,2,3 --json",
    )
)(size)
app.command(
    epilog=examples(
        "twin select baseline second_scanner two_shifts --kpi animals_per_day --within 0.5",
        "twin select baseline second_scanner two_shifts --kpi cost_per_usable_scan --budget 200",
    )
)(select)
app.command(
    epilog=examples(
        "twin sensitivity baseline --kpi animals_per_day --assumed",
        "twin sensitivity baseline --kpi end_of_day --vary 'protocols.fdg.uptake=30 min..90 min' --method sobol",
    )
)(sensitivity)
app.command(
    epilog=examples(
        "twin optimise staffing",
        "twin optimise my-search.yaml --trials 200 --plot front.html",
        "twin optimise staffing --json",
    )
)(optimise)
app.command(
    epilog=examples(
        "twin plan baseline --date 2026-03-03",
        "twin plan my-site.yaml --date 2026-03-03 --csv tuesday.csv --ical tuesday.ics -n 20",
    )
)(plan)
app.command(
    epilog=examples(
        "twin report runs/baseline-s2-r0-0123456789ab --html week.html",
        "twin report differences.json --html differences.html",
        "twin report results/beds --pdf beds.pdf",
    )
)(report)
app.command(
    epilog=examples(
        "twin dose baseline",
        "twin dose dose_constraint --days 28",
        "twin dose baseline --set dose.jurisdiction=DE --json > doses.json",
    )
)(dose)
app.command(
    epilog=examples(
        "twin compliance baseline",
        "twin compliance my-site.yaml --days 90 --json > calendar.json",
        "twin compliance runs/baseline-s2-r0-0123456789ab",
    )
)(compliance)
app.command(epilog=examples("twin shield my-site.yaml", "twin shield my-site.yaml --json > walls.json"))(shield)
app.add_typer(physics)
app.add_typer(sweep)


def start() -> None:
    """Answer the words of the command line."""
    _prepare_streams()
    listen()
    _refuse_nowhere()
    try:
        app(prog_name="twin")
    except OSError as error:  # nobody takes our words; mistakes of files were told before
        sys.exit(unheard(error))


def _refuse_nowhere() -> None:
    """Names of files mean nothing in a folder that is gone."""
    try:
        Path.cwd()
    except OSError:
        say("twin: the working folder is gone; change to one that is there")
        sys.exit(OURS)


def _prepare_streams() -> None:
    """A closed stream swallows words, and a narrow encoding shows ``?`` for what it does not have."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - takes the closed stream's place
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - same
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
