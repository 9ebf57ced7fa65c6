r"""Kinetics of a tracer carried over from one species to another, where the table says that they may be.

Blood is cleared as fast as it goes round: time is measured by the cardiac output `Q` of a kilogram. Concentrations as
parts of the injected activity fall as the mass rises (the standardised uptake of blood is that of the other species).
What an organ takes up each second goes with the blood that flows through a gram of it, `q`, kidneys with what they
filter:

.. math:: b'(t) = \frac{m}{m'}\, b(p\,t), \qquad K' = K\, \frac{q'}{q}, \qquad r' = p\, r, \qquad p = Q'/Q

Where no flow is known (a tumour, a gland) `K` goes as `Q`. Nothing of this is measured; who
uses it is told so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from twin.physics.kinetics import Exponentials
from twin.sources import Numbers

if TYPE_CHECKING:
    from twin.animals.body import Body
    from twin.animals.uptake import Tissue

__all__ = ["blood", "pace", "tissue"]


def pace(one: Body, other: Body) -> float:
    """Cardiac output of a kilogram of the second animal over that of the first."""
    first, second = (animal.cardiac_output_m3_per_s / animal.mass_kg for animal in (one, other))
    return second / first


def blood(curve: Exponentials, one: Body, other: Body) -> Exponentials:
    """The curve of blood in an animal of another species [1/kg]."""
    return Exponentials(curve.amplitudes * (one.mass_kg / other.mass_kg), curve.rates_per_s * pace(one, other))


def tissue(numbers: Numbers, found: Tissue, name: str, one: Body, other: Body) -> Tissue:
    """A tissue of the second species, from that of the first; both at their usual mass."""
    flow, faster, answer = _flow_ratio(numbers, name, one, other), pace(one, other), found.answer
    made = replace(
        answer,
        fast=answer.fast * flow,
        fast_per_s=answer.fast_per_s * flow,
        slow=answer.slow * (_filtered_ratio(numbers, one, other) if name == "kidney" else flow),
        slow_per_s=(answer.slow_per_s - found.diluted_per_s) * faster + found.diluted_per_s,
    )
    return replace(found, answer=made, broken_down_per_s=found.broken_down_per_s * faster)


def _flow_ratio(numbers: Numbers, name: str, one: Body, other: Body) -> float:
    """Blood flow through a gram of an organ, of the second species over the first."""
    flows = [_flow_per_kg(numbers, name, animal) for animal in (one, other)]
    return flows[1] / flows[0] if all(flows) else pace(one, other)


def _filtered_ratio(numbers: Numbers, one: Body, other: Body) -> float:
    """What a gram of kidney filters, of the second species over the first."""
    volumes = [numbers.value(f"tissues.{animal.species}.kidney.volume") * animal.mass_kg for animal in (one, other)]
    return other.gfr_m3_per_s / volumes[1] / (one.gfr_m3_per_s / volumes[0])


def _flow_per_kg(numbers: Numbers, name: str, animal: Body) -> float:
    """Blood that flows through a kilogram of an organ [m3/s/kg]; 0 if it is not known."""
    root = f"tissues.{animal.species}.{name}"
    if not numbers.has(f"{root}.flow"):
        return 0.0
    flow = numbers.value(f"{root}.flow") * animal.mass_kg ** numbers.value("physiology.law.flow_exponent")
    return float(flow / (1000.0 * numbers.value(f"{root}.volume") * animal.mass_kg))
