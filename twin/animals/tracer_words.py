"""What people call a tracer, and its name in the table: 18F-FDG, [18F]FDG and F-18-FDG are ``FDG`` there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from twin.sources import default_numbers

#: Names of the trade -> those of the table; what follows of labels and ways of writing holds for them too.
ALSO_CALLED = {
    "fluorodeoxyglucose": "FDG",
    "fluorothymidine": "FLT",
    "fluoromisonidazole": "FMISO",
    "fluoroestradiol": "FES",
    "fluoride": "NaF",
    "sodium fluoride": "NaF",
    "fluoroethyltyrosine": "FET",
    "piflufolastat": "DCFPyL",
    "gozetotide": "Ga-68-PSMA-11",
    "vipivotide tetraxetan": "Lu-177-PSMA-617",
    "radium dichloride": "Ra-223-dichloride",
    "medronate": "MDP",
    "methylene diphosphonate": "MDP",
    "sestamibi": "MIBI",
    "TcO4": "pertechnetate",
    "NH3": "N-13-ammonia",
    "luciferin": "D-luciferin",
    "ICG": "indocyanine-green",
    "Gd-DTPA": "gadolinium",
    "gadopentetate": "gadolinium",
    "gadobutrol": "gadolinium",
    "gadoterate": "gadolinium",
    "iohexol": "iodinated-contrast",
    "iopamidol": "iodinated-contrast",
    "iomeprol": "iodinated-contrast",
}
_LABELLED = re.compile(r"([A-Z][a-z]?)-(\d+m?)(?:-(.+))?$")


def called(name: str) -> str:
    """The name in the table of what a person calls a tracer; a name that is not known, or means several, stays."""
    return _spoken().get(_folded(name), name)


@cache
def _spoken() -> dict[str, str]:
    """Every way of writing that means one tracer of the table, folded, with its name there."""
    numbers = default_numbers()
    names = numbers.subjects("tracers", "nuclide")
    spoken = {(word, name) for name in names for word in _words(name, numbers.text(f"tracers.{name}.nuclide"))}
    for said, name in ALSO_CALLED.items():
        spoken |= {(word, name) for word in _words(said, numbers.text(f"tracers.{name}.nuclide"))}
    counts = Counter(word for word, _ in spoken)
    exact = {_folded(name): name for name in names}
    return {word: name for word, name in spoken if counts[word] == 1} | exact


def _words(said: str, nuclide: str) -> Iterator[str]:
    """The ways of writing one tracer: without its label, and with it before it, mass or element first."""
    label = _LABELLED.match(nuclide)
    own = _LABELLED.match(said)
    bare = own.group(3) if own and own.group(3) else said
    yield _folded(said)
    yield _folded(bare)
    if label is not None:
        element, mass = label.group(1), label.group(2)
        for before in (f"{mass}{element}", f"{element}{mass}", f"{mass}{element}{element}"):
            yield _folded(before + bare)


def _folded(text: str) -> str:
    """Without capitals, spaces, hyphens and brackets, which people set as they like."""
    return re.sub(r"[\s_\-‐‑–\[\](){}^]", "", text).lower()
