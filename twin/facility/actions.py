"""What alarms do, by their words: the only place in which they are written."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from twin.facility import physiology

if TYPE_CHECKING:
    from twin.facility.world import World


def actions(world: World) -> dict[str, Callable[..., None]]:
    """By the word of an alarm what it does; it is called with what the alarm says."""
    return {
        "shift_start": world.shifts.start,
        "shift_end": world.shifts.end,
        "break_due": world.shifts.break_due,
        "break_end": world.shifts.break_end,
        "request": world.requests.request,
        "arrive": world.requests.arrive,
        "hotel_wait": world.planner.hotel_wait,
        "session_start": world.beginning.session_start,
        "pull_forward": world.beginning.pull_forward,
        "withdrawn": world.planner.withdrawn,
        "round": world.planner.round,
        "delivery": world.deliveries.delivery,
        "delivery_failed": world.radiopharmacy.not_delivered,
        "preparation": world.radiopharmacy.due,
        "preparation_over": world.radiopharmacy.over,
        "calibrator_check": world.radiopharmacy.check_due,
        "supply_arrives": world.supplies.arrives,
        "expiry": world.deliveries.expiry,
        "opening": world.days.opening,
        "closing": world.days.closing,
        "morning": world.days.morning,
        "maintenance": world.upkeep.maintenance,
        "check_due": world.upkeep.check_due,
        "check_expired": world.upkeep.check_expired,
        "breakdown": world.upkeep.breakdown,
        "duty": world.upkeep.duty,
        "certificate_over": world.standing.certificate_over,
        "booked_time": world.standing.booked_time,
        "on_call": world.service.on_call,
        "called_in": world.service.called_in,
        "anaesthesia_limit": world.sessions_end.anaesthesia_limit,
        "night": world.sessions_end.night,
        "rested": partial(physiology.rested, world),
        "retry": partial(_retry, world),
        "authorisation_over": world.authorisation.over,
        "permit_over": world.authorisation.permit_over,
        "room_left": world.hygiene.room_left,
        "contamination": world.hygiene.contagion.is_found,
        "contagion": world.hygiene.contagion.arises,
        "stayed_away": world.hygiene.stayed_away,
        "housing_over": world.hygiene.housing_over,
        "archive_extended": world.archive.extended,
        "cleared": world.radioactive.cleared,
        "animals_come": world.procurement.come,
        "animals_settled": world.procurement.settled,
        "waste_decayed": world.waste.decayed,
        "waste_fetched": world.waste.fetched,
        "freezer_emptied": world.waste.emptied,
        "care_due": world.caring.round,
        "hot_lab_again": world.radiopharmacy.again,
        "midnight": world.nearby.midnight,
        "dose_period": world.budgets.period,
        "dosimeters_changed": world.budgets.changed,
        "dosimeters_read": world.budgets.reading,
    }


def _retry(world: World, pool: str) -> None:
    """Those who wait for it may try again."""
    world.allocator.wake(pool)
    world.clock.unsettled = True
