"""From a scenario's spills to what the clock gets."""

from __future__ import annotations

from collections.abc import Mapping

from twin.animals import durations
from twin.physics import beta_skin
from twin.scenario.loading import Resolved
from twin.scenario.site_dose import Spills
from twin.sources import Numbers

#: On one square centimetre, over which the limit of the skin is averaged [m2].
SKIN_M2 = 1e-4
#: Beta and gamma emitters without a value of their own: row of the table ``protection``.
OTHERS = "protection.other.surface"


def spills(resolved: Resolved, nuclides: list[str]) -> Spills | None:
    """What is spilt, of every nuclide of the hot lab; None: nothing ever."""
    said, numbers = resolved.scenario.dose.spills, resolved.numbers
    if said is None:
        return None
    chance = {"drawing": said.drawing, "injecting": said.injecting}
    value = numbers.value
    return Spills(
        chance={word: value(f"dose.spill.{word}") if own is None else own for word, own in chance.items()},
        share=value("dose.spill.share"),
        removed=value("dose.spill.removed"),
        area_m2=value("dose.spill.area"),
        limit_bq_per_m2={nuclide: _limit(numbers, nuclide) for nuclide in nuclides},
        on_skin=value("dose.spill.on_skin"),
        skin_share=value("dose.spill.skin_share"),
        skin_s=value("dose.spill.skin_time"),
        skin_sv={n: beta_skin.contamination_rate(numbers, n, 1.0).total / SKIN_M2 for n in nuclides},
        committed_sv=_committed(numbers, nuclides),
        clean_up=said.clean_up or durations.duration(numbers, "clean_up_spill"),
        skill=said.skill,
    )


def _limit(numbers: Numbers, nuclide: str) -> float:
    key = f"protection.{nuclide}.surface"
    return numbers.value(key if numbers.has(key) else OTHERS)


def _committed(numbers: Numbers, nuclides: list[str]) -> Mapping[str, float]:
    """For each becquerel that is spilt; nuclides without any coefficient are left out: that is not modelled."""
    found: dict[str, float] = {}
    for nuclide in nuclides:
        for route, share in (("ingestion", "dose.spill.swallowed"), ("inhalation", "dose.spill.breathed")):
            key = f"protection.{nuclide}.{route}"
            if numbers.has(key):
                found[nuclide] = found.get(nuclide, 0.0) + numbers.value(share) * numbers.value(key)
    return found
