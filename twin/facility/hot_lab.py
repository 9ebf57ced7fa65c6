"""Vials, syringes and where activity is: all of it decays, and every becquerel is accounted for."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf

from twin.facility.state import Syringe
from twin.physics.decay import moles_radioactive
from twin.plan import Draw
from twin.scenario.site_hot_lab import Vial

#: Beyond it the exponential function has no floating-point value.
LARGEST_EXPONENT = 700.0


@dataclass(slots=True)
class Stock:
    """What is left of a vial: activity at ``time_s``, volume, amount of substance, until when it may be used."""

    name: str
    activity_bq: float
    volume_m3: float
    amount_mol: float | None
    time_s: float
    expiry_s: float
    #: Whether it may be drawn from: received, and passed its test.
    released: bool = True


class HotLab:
    """The vials that have arrived and are not yet waste, by tracer, first to expire first."""

    def __init__(self, vials: tuple[Vial, ...]) -> None:
        self.vials = {vial.name: vial for vial in vials}
        self.stock: dict[str, Stock] = {}
        self.by_tracer: dict[str, list[str]] = {}
        self.tracers = sorted({vial.tracer for vial in vials})
        #: Vials that are still to come, by tracer, in order of the time that was planned [s].
        self.awaited: dict[str, dict[str, float]] = {tracer: {} for tracer in self.tracers}
        for vial in vials:
            self.awaited[vial.tracer][vial.name] = vial.arrival_s

    def receive(self, name: str, now: float, share: float = 1.0) -> Stock:
        """A vial arrives with a share of its activity: that of the reference time, grown or decayed to now."""
        vial = self.vials[name]
        activity = share * vial.activity_bq * exp(-vial.decay_constant_per_s * (now - vial.reference_s))
        stock = Stock(name, activity, vial.volume_m3, vial.amount_mol, now, vial.expiry_s)
        self.put(stock)
        return stock

    def put(self, stock: Stock) -> None:
        """Have it on the shelf."""
        self.stock[stock.name] = stock
        self.gone(stock.name)
        shelf = self.by_tracer.setdefault(self.vials[stock.name].tracer, [])
        shelf.append(stock.name)
        shelf.sort(key=lambda name: (self.stock[name].expiry_s, name))

    def gone(self, name: str) -> None:
        """It is no longer to come: it is there, or never will be."""
        self.awaited[self.vials[name].tracer].pop(name, None)

    def remove(self, name: str) -> Stock:
        """Take it off the shelf."""
        self.by_tracer[self.vials[name].tracer].remove(name)
        return self.stock.pop(name)

    def now(self, stock: Stock, now: float) -> Stock:
        """The vial brought to now: what has decayed is no longer the labelled substance."""
        if now > stock.time_s:
            decay = self.vials[stock.name].decay_constant_per_s
            before = stock.activity_bq
            stock.activity_bq *= exp(-decay * (now - stock.time_s))
            stock.time_s = now
            if stock.amount_mol is not None:
                stock.amount_mol = max(0.0, stock.amount_mol - moles_radioactive(before - stock.activity_bq, decay))
        return stock

    def offer(self, tracer: str, activity_bq: float, now: float, lasts_until_s: float) -> Stock | None:
        """The first vial to expire that has this much and may still be injected then."""
        for name in self.by_tracer.get(tracer, ()):
            stock = self.now(self.stock[name], now)
            if stock.activity_bq >= activity_bq and stock.expiry_s >= lasts_until_s and stock.released:
                return stock
        return None

    def most(self, tracer: str, now: float, lasts_until_s: float) -> Stock | None:
        """The vial with the most activity that may still be injected then."""
        vials = [self.now(self.stock[name], now) for name in self.by_tracer.get(tracer, ())]
        usable = [stock for stock in vials if stock.released and stock.expiry_s >= lasts_until_s]
        return max(usable, key=lambda stock: stock.activity_bq, default=None)

    def coming(self, tracer: str, now: float, before_s: float) -> bool:
        """Whether a vial of the tracer is still to arrive in time, late ones included, or waits for its release."""
        planned_s = next(iter(self.awaited.get(tracer, {}).values()), inf)
        if planned_s <= max(now, before_s):
            return True
        return any(not self.stock[name].released for name in self.by_tracer.get(tracer, ()))

    def draw(self, stock: Stock, activity_bq: float, name: str, now: float) -> Syringe:
        """Take activity out of a vial, with its share of volume and of substance."""
        volume_m3, amount_mol = self._out_of(stock, activity_bq)
        nuclide = self.vials[stock.name].nuclide
        return Syringe(name, nuclide, activity_bq, volume_m3, amount_mol, now, stock.expiry_s, stock.name)

    def take(self, stock: Stock, activity_bq: float, now: float) -> float:
        """Take activity out of a vial for a preparation; returns the volume [m3]."""
        return self._out_of(self.now(stock, now), activity_bq)[0]

    def _out_of(self, stock: Stock, activity_bq: float) -> tuple[float, float | None]:
        """What goes with activity that leaves a vial: volume [m3] and amount of substance [mol]."""
        share = activity_bq / stock.activity_bq
        volume_m3, amount_mol = stock.volume_m3 * share, None if stock.amount_mol is None else stock.amount_mol * share
        stock.activity_bq -= activity_bq
        stock.volume_m3 -= volume_m3
        if stock.amount_mol is not None and amount_mol is not None:
            stock.amount_mol -= amount_mol
        return volume_m3, amount_mol


def needed_now(decay_per_s: float, time_s: float) -> float:
    """How many becquerels there must be now for one that is left after a time; infinite if nothing would be left."""
    exponent = decay_per_s * time_s
    return exp(exponent) if exponent < LARGEST_EXPONENT else inf


def drawn_volume_m3(stock: Stock, activity_bq: float) -> float:
    """Volume that holds this activity now [m3]."""
    return stock.volume_m3 * activity_bq / stock.activity_bq


def injected_volume_m3(drawn_m3: float, residual: float, draw: Draw) -> float:
    """What goes into the animal with it: flush, what lies in the catheter, contrast medium."""
    return drawn_m3 * (1.0 - residual) + draw.flush_m3 + draw.dead_volume_m3 + draw.contrast_m3


class Activity:
    """Activity on the site and in each room, by nuclide, as one sum each that decays.

    All that ever arrived stays on the site: vials, syringes, animals and waste.
    """

    def __init__(self, decay_constants: dict[str, float]) -> None:
        self.decay_constants = decay_constants
        self.sums: dict[str, tuple[float, float]] = {}

    def get(self, where: str, nuclide: str, now: float) -> float:
        """Activity there now [Bq]."""
        value, time = self.sums.get(f"{where}|{nuclide}", (0.0, now))
        return value * exp(-self.decay_constants[nuclide] * (now - time))

    def add(self, where: str, nuclide: str, activity_bq: float, now: float) -> None:
        """Bring activity there (or take it away: negative)."""
        self.sums[f"{where}|{nuclide}"] = (self.get(where, nuclide, now) + activity_bq, now)
