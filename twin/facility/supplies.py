"""Things that are used up: kits, catheters, contrast agent. When few are left, more are ordered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin.distributions import tick

if TYPE_CHECKING:
    from twin.facility.world import World

#: The pool of those who wait for a supply.
POOL = "supply:"

Uses = tuple[tuple[str, int], ...]


class Supplies:
    """How many of each thing there are, and how many are on their way."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.site = world.site.radiopharmacy.supplies
        self.stock = {name: supply.stock for name, supply in self.site.items()}
        self.coming = dict.fromkeys(self.site, 0)
        #: How many orders there were of each: the address of the next one's luck.
        self.orders = dict.fromkeys(self.site, 0)

    def begin(self) -> None:
        """Order what is short already."""
        for name in self.site:
            self._order_if_few(name)

    def short_of(self, uses: Uses, times: int) -> str | None:
        """A thing of which there are not enough; it is on its way then."""
        for name, number in uses:
            if self.stock[name] < number * times:
                if not self.coming[name]:
                    self._order(name)
                return name
        return None

    def use(self, uses: Uses, times: int) -> None:
        """Take them off the shelf."""
        for name, number in uses:
            self.stock[name] -= number * times
            self._order_if_few(name)

    def _order_if_few(self, name: str) -> None:
        if self.stock[name] + self.coming[name] <= self.site[name].reorder_at:
            self._order(name)

    def _order(self, name: str) -> None:
        supply, clock = self.site[name], self.world.clock
        lead_s = supply.lead_time.sample(self.world.luck.uniform("supply_lead_time", name, self.orders[name]))
        self.orders[name] += 1
        self.coming[name] += supply.order
        self.world.happenings.to_supply("supply_ordered", name)
        clock.at(tick(clock.moment_s + lead_s), "supply_arrives", name, supply.order)

    def arrives(self, name: str, number: int) -> None:
        """What was ordered is on the shelf."""
        self.stock[name] += number
        self.coming[name] -= number
        self.world.happenings.to_supply("supply_arrived", name)
        self._order_if_few(name)
        self.world.allocator.wake(POOL + name)
        self.world.clock.unsettled = True

    def to_plain(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return {"stock": self.stock, "coming": self.coming, "orders": self.orders}

    def from_plain(self, plain: dict[str, Any]) -> None:
        """What `to_plain` wrote."""
        self.stock, self.coming, self.orders = (dict(plain[key]) for key in ("stock", "coming", "orders"))
