"""``twin animal``: the course of one animal through a session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.answers import answers
from twin.cli.output import show, table, write_json
from twin.cli.words import AsJson

if TYPE_CHECKING:
    from twin.animals.body import Body
    from twin.animals.course import Course
    from twin.sources import Numbers

#: Column of the course -> its name and unit for a person, and its unit in SI.
SHOWN = {
    "temperature_degc": ("temperature_C", "degC", "degC"),
    "heart_rate_per_s": ("heart_rate_bpm", "1/min", "1/s"),
    "respiration_per_s": ("respiration_per_min", "1/min", "1/s"),
    "depth_mac": ("depth_MAC", "1", "1"),
    "glucose_mol_per_m3": ("glucose_mmol_per_l", "mmol/l", "mol/m3"),
}
#: More rows than this are no table for a person.
MOST_ROWS = 5000
#: In all units of a course: far below what anybody measures.
NOTHING = 1e-9
#: Unless it is said, rows are so far apart that a person reads at most so many: 5, 10, 15, 30 min, 1 to 24 h.
ROWS = 30
STEPS_S = (300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0, 21600.0, 43200.0, 86400.0)


@answers
def animal(
    species: Annotated[str, typer.Argument(metavar="SPECIES", help="Such as mouse (twin list species).")],
    mass: Annotated[str | None, typer.Option(metavar="MASS", help="Body mass; usual unless given.")] = None,
    strain: Annotated[str | None, typer.Option(help="Such as BALB_c_nude; it has a mass, and fur or not.")] = None,
    minutes: Annotated[
        float | None, typer.Option(help="Minutes of anaesthesia; 60 unless given, of a fish what its bath allows.")
    ] = None,
    anaesthetic: Annotated[
        str | None, typer.Option(help="isoflurane, ketamine_xylazine, pentobarbital or ms222; usual unless given.")
    ] = None,
    isoflurane: Annotated[str | None, typer.Option(metavar="PERCENT", help="In the gas, such as 1.5%.")] = None,
    warming: Annotated[str, typer.Option(help="none, blanket, pad, bed, or probe: a bed that follows it.")] = "none",
    room: Annotated[str | None, typer.Option(metavar="TEMPERATURE", help="Air, such as 22degC.")] = None,
    fasted: Annotated[str, typer.Option(metavar="TIME", help="Before the injection, such as 8h.")] = "0 h",
    awake: Annotated[str, typer.Option(metavar="TIME", help="From the injection to anaesthesia.")] = "0 min",
    tracer: Annotated[str | None, typer.Option(help="Injected at time 0 (twin list tracers).")] = None,
    volume: Annotated[str | None, typer.Option(metavar="VOLUME", help="All that is injected, such as 150ul.")] = None,
    route: Annotated[str, typer.Option(help="Of the volume: iv, ip, sc or oral.")] = "iv",
    every: Annotated[
        str | None, typer.Option(metavar="TIME", help="Between two rows; 5 min, and longer in a long course, if none.")
    ] = None,
    plot: Annotated[bool, typer.Option("--plot", help="Draw the course with characters.")] = False,
    as_json: AsJson = False,
) -> int:
    """Show one animal's course through a session: temperature, heart, breathing, depth, and a tracer in its tissues."""
    from twin.animals import body, course, session, tracer_words
    from twin.animals.species import called
    from twin.sources import default_numbers

    numbers = default_numbers()
    one = body.body(numbers, called(species), _optional(mass, "kg"), strain)
    care = session.care(
        numbers,
        one,
        session.usual_s(numbers, one, anaesthetic) if minutes is None else minutes * 60.0,
        anaesthetic,
        _optional(isoflurane, "1"),
        warming,
        _optional(room, "degC"),
        awake_s=_quantity(awake, "s"),
        fasted_s=_quantity(fasted, "s"),
    )
    given = None if volume is None else _given(numbers, one, route, _quantity(volume, "m3"))
    tracer = None if tracer is None else tracer_words.called(tracer)
    found = course.course(numbers, one, care, _step_s(every, care.awake_s + care.asleep_s), tracer)
    told = course.summary(numbers, found, tracer) | {"volume": given}
    if as_json:
        write_json(_data(numbers, found, told, tracer))
    else:
        show(_page(numbers, found, told, tracer, plot))
    return 0


def _quantity(text: str, unit: str) -> float:
    from twin import units

    return units.parse(text, unit)


def _given(numbers: Numbers, one: Body, route: str, volume_m3: float) -> dict[str, Any]:
    """A volume with what is good practice and the ceiling; above that it is refused."""
    from twin.animals import body

    verdict = body.check_route_volume(numbers, one, route, volume_m3)
    good, most = body.injection_limits_m3(numbers, one)[route]
    key = f"species.{one.species}.{route}_volume_eanm"
    bolus = numbers.value(key) * one.mass_kg if route == "iv" and numbers.has(key) else None
    told = {"route": route, "m3": volume_m3, "good_practice_m3": good, "most_m3": most, "verdict": verdict}
    return told | {"bolus_most_m3": bolus}


def _optional(text: str | None, unit: str) -> float | None:
    return None if text is None else _quantity(text, unit)


def _step_s(text: str | None, whole_s: float) -> float:
    from twin.errors import DataError

    if text is None:
        return next((step for step in STEPS_S if whole_s / step <= ROWS), whole_s / ROWS)
    step = _quantity(text, "s")
    if step <= 0.0 or whole_s / step > MOST_ROWS:
        raise DataError(f"--every {text!r}: a row every {step:g} s makes no table; at most {MOST_ROWS} rows")
    return step


def rows(found: Course) -> list[dict[str, float]]:
    """The course in units that a person reads; uptake in %/g (corrected for decay), activity in kBq/g."""
    from twin import units

    columns = {"time_min": found.time_s / 60.0}
    for name, values in found.columns.items():
        title, shown, unit = SHOWN[name]
        columns[title] = values if shown == unit else values * units.factor(unit, shown)
    columns |= {f"{tissue}_pct_per_g": values / 10.0 for tissue, values in found.uptake_per_kg.items()}
    columns |= {f"{tissue}_kBq_per_g": values * 1e-6 for tissue, values in found.activity_bq_per_kg.items()}
    return [{name: float(values[n]) for name, values in columns.items()} for n in range(found.time_s.size)]


def _data(numbers: Numbers, found: Course, told: dict[str, Any], tracer: str | None) -> dict[str, Any]:
    """The answer as plain data."""
    care = found.session.care
    return {
        "species": found.session.animal.species,
        "mass_g": found.session.animal.mass_kg * 1e3,
        "anaesthetic": care.anaesthetic,
        "inspired_pct": care.inspired * 100.0,
        "warming": care.warming,
        "room_C": care.room_degc,
        "tracer": tracer,
        "summary": told,
        "course": rows(found),
        "numbers_used": len(numbers.used),
        "assumed": sorted(row.key for row in numbers.assumed_used()),
    }


def _page(numbers: Numbers, found: Course, told: dict[str, Any], tracer: str | None, plot: bool) -> Iterator[Any]:
    from rich.text import Text

    records = rows(found)
    shown = [name for name in records[0] if not name.endswith("_pct_per_g") or not found.activity_bq_per_kg]
    if plot:
        from twin.cli.charts import chart

        for name in [column for column in shown if column != "time_min"]:
            yield Text("\n".join(chart(name, [row["time_min"] for row in records], [row[name] for row in records])))
    else:
        for names in _blocks(shown):
            cells = [[_cell(row[name]) for name in names] for row in records]
            yield table(names, cells, right=range(len(names)))
    for line in _sentences(numbers, told, tracer):
        yield Text(line)


def _cell(value: float) -> str:
    """A number of a course; what is left of sums that are nothing is nothing."""
    return "0" if abs(value) < NOTHING else f"{value:.4g}"


def _blocks(names: Sequence[str]) -> Iterator[list[str]]:
    """Columns in blocks that fit a screen, each with the time."""
    body = [name for name in names if name.endswith("_per_g")]
    first = [name for name in names if name not in body]
    yield first
    for start in range(0, len(body), 6):
        yield [first[0], *body[start : start + 6]]


def _sentences(numbers: Numbers, told: dict[str, Any], tracer: str | None) -> Iterator[str]:
    if (given := told["injected_bq"]) is not None:
        yield f"Injected at time 0: {given * 1e-6:.4g} MBq of {tracer}, its usual activity; kBq/g decay with it."
    yield (
        f"Wakes after {told['wakes_s'] / 60.0:.1f} min ({told['recovery_s'] / 60.0:.1f} min after anaesthesia ends). "
        f"Lowest {told['lowest_degc']:.1f} C, highest {told['highest_degc']:.1f} C; "
        f"{told['hypothermia_s'] / 60.0:.0f} min hypothermic, {told['hyperthermia_s'] / 60.0:.0f} min over-heated; "
        f"fit for another anaesthesia {told['until_fit_s'] / 60.0:.0f} min after waking."
    )
    for key, words in (
        ("too_deep", "Anaesthesia is too deep for the temperature at some time."),
        ("over_soft_limit", "Anaesthesia is longer than the soft limit of a session."),
        ("over_hard_limit", "Anaesthesia is longer than the hard limit of a session."),
    ):
        if told[key]:
            yield words
    if told["stops_breathing"]:
        most = numbers.value("physiology.anaesthesia.apnoea")
        yield (
            f"It stops breathing: isoflurane reaches {most:g} times the minimum alveolar concentration at its "
            "temperature (measured in dogs and cats). Nobody ventilates it, so it dies; "
            "the course is that of a ventilated animal."
        )
    yield f"Dies in {100.0 * told['risk_of_death']:.3g} % of such sessions (assumed; a healthy animal)."
    if told["volume"] is not None:
        yield _volume(told["volume"])
    if tracer is not None:
        left = 100.0 * told["excreted_part"]
        yield f"{left:.0f} % of {tracer} has left the tissues for the bladder when the scan ends."
    yield from _carried_over(told, tracer)
    used, assumed = len(numbers.used), len(numbers.assumed_used())
    yield f"Leans on {used} numbers of the tables; {assumed} of them are assumed (`twin list numbers` shows all)."


def _volume(given: dict[str, Any]) -> str:
    """Whether the injected volume is good practice."""
    words = {"ok": "within good practice", "warn": "more than good practice"}[given["verdict"]]
    shown, good, most = (f"{given[name] * 1e9:.4g} ul" for name in ("m3", "good_practice_m3", "most_m3"))
    line = f"{shown} by route {given['route']} is {words} ({good}; at most {most})."
    bolus = given["bolus_most_m3"]
    if bolus is None or given["m3"] <= bolus * (1.0 + 1e-9):
        return line
    return (
        f"{line} It is more than a bolus may be, {bolus * 1e9:.4g} ul (EANM 2015): that ceiling is of a slow infusion."
    )


def _carried_over(told: dict[str, Any], tracer: str | None) -> Iterator[str]:
    """What is not measured in this species, or not told apart between strains."""
    if told["kinetics_of"] is not None:
        yield (
            f"The kinetics of {tracer} were not measured in this species: those of the {told['kinetics_of']} are "
            "carried over by mass, cardiac output and the flow of each organ (assumed)."
        )
    if told["mac_between_strains"] is not None:
        spread = 100.0 * told["mac_between_strains"]
        yield f"Strains differ in mass and fur alone; minimum alveolar concentrations vary by {spread:.0f} %."
