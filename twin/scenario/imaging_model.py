"""What is measured in images, as models."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from twin import units
from twin.scenario.model_base import Model, Name
from twin.scenario.quantities import PositiveLength

_MOST = 1000.0


def _parse_share(value: object) -> float:
    result = units.parse(value, "1")
    if not 0.0 < result <= _MOST:
        raise ValueError(f"{value!r} is not above 0 and at most {_MOST:g}; write such as '25 %'")
    return result


#: A part of something that may be more than the whole.
Share = Annotated[
    float,
    BeforeValidator(_parse_share),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0, "maximum": _MOST},
                {"type": "string", "examples": ["25 %"]},
            ]
        }
    ),
]


class Measurement(Model):
    """What is measured in a study's images: the uptake of a target; ``comparison`` says what it must show."""

    target: Name
    """Such as ``tumour``; a tissue of the tracer's kinetics gives its contrast."""
    size: PositiveLength
    """Diameter of the target."""
    contrast: Share | None = None
    """Concentration in the target over the animal's mean; none: from the tracer's kinetics, else 1."""
    biology: Share | None = None
    """Coefficient of variation between animals; none: row ``studies.variability.between``, which is that of FDG in the
    brain with all its causes, so rather too much."""
