"""Studies whose animals can never be injected: their tracer is too dilute, or too old once they have fasted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from twin.errors import Problem
from twin.plan import Draw
from twin.scenario import ageing, fasting_checks
from twin.scenario.checking import Checked
from twin.scenario.site import Site, Study
from twin.scenario.site_hot_lab import Vial


@dataclass(frozen=True, slots=True)
class Span:
    """When a study's animals may be injected from a vial, and by which limit it ends [s].

    ``wanted_s`` is until when there is activity, whatever volume and mass are; ``first_s`` is later than the vial's
    coming where animals must fast.
    """

    vial: Vial
    first_s: float
    last_s: float
    wanted_s: float
    limit: str

    @property
    def serves(self) -> bool:
        """Whether anybody can be injected from it."""
        return self.first_s < self.last_s


def warnings(checked: Checked) -> Iterator[Problem]:
    """Studies for which vials come, with activity in them, of which none serves."""
    made = checked.site
    for name, study in made.studies.items():
        for protocol in checked.protocols_of(name):
            draw = ageing.drawn(made, protocol)
            spans = [] if draw is None else [*_spans(checked, made, study, protocol, draw)]
            wanted = [span for span in spans if span.vial.arrival_s < span.wanted_s]
            if wanted and not any(span.serves for span in spans):
                message = f"no animal can be injected by {protocol}: {_why(made, study, protocol, wanted[0])}"
                yield checked.resolved.problem(("studies", name, "protocol"), message, None)


def _spans(checked: Checked, made: Site, study: Study, protocol: str, draw: Draw) -> Iterator[Span]:
    for vial in made.vials:
        if vial.tracer == draw.tracer:
            fasted_s = fasting_checks.fasted_from_s(checked, protocol, vial.arrival_s)
            share = made.policies.planned_share if fasted_s > vial.arrival_s else 1.0  # the book keeps a margin
            ends = ageing.ends(made, vial, study, protocol, draw, share)
            last_s, limit = min((end_s, word) for word, end_s in ends.items())
            wanted_s = min(ends["expiry"], ends["activity"])
            yield Span(vial, max(vial.arrival_s, fasted_s), last_s, wanted_s, limit)


def _why(made: Site, study: Study, protocol: str, span: Span) -> str:
    """Of the first vial that has activity: what is in the way."""
    from twin import units

    limits = {
        "expiry": "it expires",
        "activity": "it has too little activity",
        "mass": "one injection passes the limit of its mass",
        "volume": "one injection passes "
        + units.fmt(study.volume_limit_m3_per_kg(made.protocols[protocol]), "m3/kg", "ml/kg")
        + " (have it in less volume, or see `policies.bolus`)",
    }
    source, reason = span.vial.delivery, limits[span.limit]
    if span.last_s <= span.vial.arrival_s:
        return f"when {source} comes, {reason}"
    until = fasting_checks.clock(made.start, span.last_s)
    if span.first_s == inf:
        return f"nobody takes food away so that it can fast before {source} is over"
    begins = fasting_checks.clock(made.start, span.first_s)
    return f"fasted animals are injected from {begins} on at the earliest, and from {until} on of {source} {reason}"
