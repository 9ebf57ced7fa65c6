"""Vials that come from outside, and what is left of any vial that has expired."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twin.facility.world import World


class Deliveries:
    """Receives and throws away the vials of a world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def delivery(self, name: str) -> None:
        """A vial arrives, unless the licence forbids it."""
        world = self.world
        now = world.clock.moment_s
        vial = world.hot_lab.vials[name]
        share = world.radiopharmacy.delivered_share(name)
        activity = share * vial.activity_bq * exp(-vial.decay_constant_per_s * (now - vial.reference_s))
        if not world.licence.may_receive(vial.nuclide, activity):
            world.hot_lab.gone(name)
            world.happenings.to_vial("delivery_refused", name, activity, vial.volume_m3, "licence")
            world.allocator.wake("tracer:" + vial.tracer)
            return
        stock = world.hot_lab.receive(name, now, share)
        world.licence.receive(vial.nuclide, activity)
        world.nearby.in_hot_lab(vial.nuclide, activity)
        amount = stock.amount_mol
        world.happenings.to_vial("delivery", name, stock.activity_bq, stock.volume_m3, amount_mol=amount)
        world.radiopharmacy.arrived(stock)
        world.clock.at(max(vial.expiry_s, now), "expiry", name)
        world.allocator.wake("tracer:" + vial.tracer)
        world.clock.unsettled = True

    def expiry(self, name: str) -> None:
        """What is left of a vial becomes waste."""
        world = self.world
        if name not in world.hot_lab.stock:
            return  # it did not pass its test
        stock = world.hot_lab.now(world.hot_lab.stock[name], world.clock.moment_s)
        world.hot_lab.remove(name)
        world.exposure.wasted(world.hot_lab.vials[name].nuclide, stock.activity_bq)
        world.happenings.to_vial("vial_wasted", name, stock.activity_bq, stock.volume_m3)
        world.allocator.wake("tracer:" + world.hot_lab.vials[name].tracer)
        world.clock.unsettled = True
