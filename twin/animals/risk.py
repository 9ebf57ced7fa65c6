r"""What cold does to an animal that wakes: it takes longer, and dies more often. Plain numbers for a clock.

Above the threshold of hypothermia an animal wakes as the table of durations says, which was made with animals that
were kept warm; below, that much later as the washout of the gas and its depth say (`twin.animals.anaesthesia`):

.. math:: \frac{t(T)}{t(T_c)}, \quad t(T) = \tau Q^{(T_0 - T)/10} \ln \frac{d}{d_a (1 - s (T_0 - T))}

The risk of death of an anaesthesia grows by a factor for each degree below the threshold; that factor is assumed.
Isoflurane so deep that an animal stops breathing kills it: nobody ventilates it here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from twin.animals import anaesthesia, sleep
from twin.animals.body import Body
from twin.animals.sleep import Injection
from twin.animals.warmth import Warmth
from twin.sources import Numbers


@dataclass(frozen=True, slots=True)
class Risk:
    """Of one kind of animal under one anaesthetic.

    Attributes
    ----------
    normal_degc, cold_degc : float
    depth_over_waking : float
        Depth during the scan over the one at which it wakes, both at normal temperature; 0: not a gas.
    mac_slope_per_k, respiration_q10 : float
    death : float
        Probability for an anaesthesia of an animal that is not cold.
    death_per_k : float
        By which factor it grows for each degree.
    injected : Injection or None
        What was injected: the animal sleeps until it has gone.
    apnoea_over_waking : float
        Depth at which it stops breathing over the one at which it wakes; 0: not a gas.
    """

    normal_degc: float
    cold_degc: float
    depth_over_waking: float
    mac_slope_per_k: float
    respiration_q10: float
    death: float
    death_per_k: float
    injected: Injection | None = None
    apnoea_over_waking: float = 0.0

    def slower(self, temperature_degc: float) -> float:
        """How many times as long an animal takes to wake as one that is not hypothermic."""
        if temperature_degc >= self.cold_degc or self.depth_over_waking <= 1.0:
            return 1.0
        return self._recovery(temperature_degc) / self._recovery(self.cold_degc)

    def _recovery(self, temperature_degc: float) -> float:
        below = self.normal_degc - temperature_degc
        return float(self.respiration_q10 ** (below / 10.0)) * math.log(self._depth(temperature_degc))

    def _depth(self, temperature_degc: float) -> float:
        """Depth over the one at which it wakes."""
        below = self.normal_degc - temperature_degc
        return self.depth_over_waking / max(1.0 - self.mac_slope_per_k * below, 0.05)

    def stops_breathing(self, temperature_degc: float) -> bool:
        """Whether the gas is so deep for an animal of that temperature."""
        return 0.0 < self.apnoea_over_waking <= self._depth(temperature_degc)

    def dies(self, temperature_degc: float) -> float:
        """Probability that an anaesthesia kills, of an animal that is so cold at its end."""
        if self.stops_breathing(temperature_degc):
            return 1.0
        below = max(self.cold_degc - temperature_degc, 0.0)
        return min(float(self.death * self.death_per_k**below), 1.0)


def risk(numbers: Numbers, animal: Body, warm: Warmth, anaesthetic: str, inspired: float, sick: bool) -> Risk:
    """The risk of a kind of animal under an anaesthetic."""
    gas = anaesthesia.effects(numbers, animal)
    is_gas = anaesthetic == "isoflurane"
    depth = inspired / gas.mac / gas.awake_mac if is_gas else 0.0
    return Risk(
        warm.normal_degc,
        warm.cold_degc,
        depth,
        gas.mac_slope_per_k,
        gas.respiration_q10,
        mortality(numbers, animal.species, sick),
        numbers.value("studies.mortality.per_kelvin"),
        _injected(numbers, animal, anaesthetic),
        numbers.value("physiology.anaesthesia.apnoea") / gas.awake_mac if is_gas else 0.0,
    )


def _injected(numbers: Numbers, animal: Body, anaesthetic: str) -> Injection | None:
    known = anaesthetic in anaesthesia.INJECTABLE and animal.species in sleep.KNOWN_IN
    return anaesthesia.injection(numbers, animal, anaesthetic) if known else None


def mortality(numbers: Numbers, species: str, sick: bool) -> float:
    """Deaths for an anaesthesia: the species' row if it has one, else that of mice."""
    ending = "_sick" if sick else ""
    own = f"studies.mortality.{species}{ending}"
    return numbers.value(own if numbers.has(own) else f"injection.mortality_per_anaesthesia{ending}")
