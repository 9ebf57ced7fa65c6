"""Studies as the clock gets them: animals, time points, and when requests come."""

from __future__ import annotations

from dataclasses import replace

from twin.animals import species
from twin.scenario import animals_expand, model, procurement
from twin.scenario.loading import Resolved
from twin.scenario.site import Animal, Booking, Request, Stream, Study, TimePoint


def study(resolved: Resolved, name: str) -> Study:
    """One study; requests outside the run are left out by the clock, not here."""
    said = resolved.scenario.studies[name]
    bare = Study(
        name=name,
        species=said.species,
        mass_kg=mass_kg(resolved, said),
        groups=said.groups,
        animals=animals(said),
        priority=said.priority,
        authorisation=said.authorisation,
        hotel=said.hotel,
        time_points=tuple(
            TimePoint(key, point.at, point.window, point.protocol or said.protocol)
            for key, point in said.time_points.items()
        ),
        requests=(),
        bookings=(),
        stream=_stream(said.arrival),
        volumes=volume_limits(resolved, said),
        physiology=animals_expand.physiology(resolved, name),
        service=said.service,
        out_of_hours=said.out_of_hours,
        procurement=procurement.procurement(resolved, said),
        urgent=said.urgent,
        cancellation=said.cancellation,
        notice_s=_notice_s(resolved, said),
        no_show=said.no_show,
    )
    return replace(bare, requests=_requests(resolved, said, bare), bookings=_bookings(resolved, said, bare))


def _notice_s(resolved: Resolved, said: model.Study) -> float:
    """How long before its slot a session is cancelled, if any is [s]."""
    if said.cancellation <= 0.0:
        return 0.0
    return resolved.numbers.value("housekeeping.cancellation_notice") if said.notice is None else said.notice


def mass_kg(resolved: Resolved, said: model.Study) -> float:
    """Body mass of the animals [kg]."""
    return animals_expand.mean_mass_kg(resolved.numbers, said)


def volume_limits(resolved: Resolved, said: model.Study) -> species.VolumeLimits:
    """What may be injected into a vein [m3/kg]; what the project is authorised for goes before the species' rows."""
    found = species.UNLIMITED
    if resolved.numbers.has(f"species.{said.species}.iv_volume_good_practice"):
        found = species.iv_volume_limits(resolved.numbers, said.species, resolved.scenario.policies.bolus)
    project = resolved.scenario.authorisations.projects.get(said.authorisation or "")
    if project is None or project.volume is None:
        return found
    return replace(found, bolus=project.volume, infusion=project.volume)


def animals(said: model.Study) -> int | None:
    """How many animals there are; None: a stream without end."""
    arrival = said.arrival
    if arrival.bookings is not None:
        return len({row.animal for row in arrival.bookings})
    if said.animals is None and arrival.dates is not None:
        return len(arrival.dates) * (arrival.batch or 1)
    return said.animals


def _requests(resolved: Resolved, said: model.Study, made: Study) -> tuple[Request, ...]:
    """The animals of each date: a batch, or an even share of all."""
    dates = said.arrival.dates
    if dates is None:
        return ()
    total = made.animals or 0
    result = []
    for number, moment in enumerate(dates):
        first, last = _share(number, len(dates), total, said.arrival.batch)
        time_s = (moment - resolved.scenario.start).total_seconds()
        result.append(Request(time_s, tuple(made.animal(k) for k in range(first + 1, last + 1))))
    return tuple(request for request in sorted(result, key=lambda request: request.time_s) if request.animals)


def _share(number: int, parts: int, total: int, batch: int | None) -> tuple[int, int]:
    """Which animals the part with this number has: after the first, up to the second."""
    if batch is None:
        return number * total // parts, (number + 1) * total // parts
    return min(number * batch, total), min((number + 1) * batch, total)


def _bookings(resolved: Resolved, said: model.Study, made: Study) -> tuple[Booking, ...]:
    """The rows of the booking list, in order of time; animals are numbered as they first stand there."""
    rows = said.arrival.bookings or ()
    numbers = {name: number for number, name in enumerate(dict.fromkeys(row.animal for row in rows), start=1)}
    found = [
        Booking(
            Animal(
                f"{made.name}/{row.animal}",
                made.name,
                numbers[row.animal],
                made.group(numbers[row.animal]),
                made.mass_kg,
            ),
            row.time_point,
            (row.start - resolved.scenario.start).total_seconds(),
            row.scanner,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda booking: (booking.start_s, booking.animal.number)))


def _stream(arrival: model.Arrival) -> Stream | None:
    """Requests at random, with a rate for each hour of the day."""
    batch = arrival.batch or 1
    if arrival.poisson is not None:
        return Stream((arrival.poisson.rate,) * 24, frozenset(range(7)), batch)
    if arrival.hourly is not None:
        return Stream(tuple(arrival.hourly.rates), frozenset(arrival.hourly.days), batch)
    return None
