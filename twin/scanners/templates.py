"""All templates of sessions, by name, in the order in which they are listed."""

from __future__ import annotations

from twin.scanners import (
    combined,
    ct,
    moved,
    mri,
    optical,
    pet,
    photoacoustic,
    radiography,
    sampling,
    spect,
    two_agents,
    ultrasound,
)
from twin.scanners.settings import Template

MODALITIES = (
    pet, spect, ct, mri, combined, moved, two_agents, optical, ultrasound, photoacoustic, radiography, sampling,
)  # fmt: skip
TEMPLATES: dict[str, Template] = {
    name: template
    for modality in (
        pet,
        spect,
        ct,
        mri,
        combined,
        moved,
        two_agents,
        optical,
        ultrasound,
        photoacoustic,
        radiography,
        sampling,
    )
    for name, template in modality.TEMPLATES.items()
}
