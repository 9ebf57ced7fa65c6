"""Tracers that the scanner of their protocol cannot see, and vials that do not hold what they are called."""

from __future__ import annotations

from collections.abc import Iterator

from twin.errors import DataError, Problem
from twin.physics import positrons, spect
from twin.scanners.templates import TEMPLATES
from twin.scenario.checking import Checked
from twin.scenario.dates import nuclide_of
from twin.scenario.hot_lab import made_nuclide
from twin.scenario.housing import labelled_with
from twin.sources import Numbers

#: Of what a machine makes its image.
SEES = {"pet": "positrons", "spect": "photons that a collimator passes"}


def unseen(checked: Checked) -> Iterator[Problem]:
    """A template images by positrons, or by single photons; its tracer emits none that any part of it sees."""
    numbers = checked.resolved.numbers
    for name, said in checked.scenario.protocols.items():
        template, nuclide = TEMPLATES.get(said.template or ""), labelled_with(checked.resolved, name)
        if template is None or nuclide is None:
            continue
        wanted = [modality for modality in (*template.modalities, *template.second) if modality in SEES]
        if wanted and not any(_sees(numbers, modality, nuclide) for modality in wanted):
            needed = " or ".join(SEES[modality] for modality in wanted)
            message = f"the template {said.template} images by {needed}, and {nuclide} of {said.tracer} emits none"
            yield checked.resolved.problem(("protocols", name, "tracer"), message, said.tracer)


def _sees(numbers: Numbers, modality: str, nuclide: str) -> bool:
    """Whether a nuclide, with its progeny, emits what a modality makes images of."""
    try:
        return bool(positrons.emitters(numbers, nuclide) if modality == "pet" else spect.lines(numbers, nuclide))
    except DataError:
        return False


def misnamed(checked: Checked) -> Iterator[Problem]:
    """What is made has the nuclide of the tracer that it is called."""
    resolved = checked.resolved
    for name, said in checked.scenario.hot_lab.preparations.items():
        path = ("hot_lab", "preparations", name, "tracer")
        try:
            called, made = nuclide_of(resolved, said.tracer), made_nuclide(resolved, name)
        except DataError:
            continue  # told where the nuclide is said
        if called is not None and made is not None and called != made:
            message = f"{said.tracer} is labelled with {called}, and what this is made of gives {made}"
            yield resolved.problem(path, message, said.tracer)
