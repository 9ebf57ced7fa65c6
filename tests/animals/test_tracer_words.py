"""What people call tracers."""

import pytest

from twin.animals.tracer_words import ALSO_CALLED, called
from twin.animals.tracers import names
from twin.sources import default_numbers

SAID = {
    "FDG": ("FDG", "fdg", "18F-FDG", "[18F]FDG", "F-18-FDG", "F18 FDG", "18F FDG", "fluorodeoxyglucose"),
    "NaF": ("[18F]NaF", "18F-fluoride", "sodium fluoride", "18F-NaF"),
    "Ga-68-PSMA-11": ("Ga-68 PSMA-11", "68Ga-PSMA-11", "[68Ga]Ga-PSMA-11", "PSMA-11", "psma11"),
    "Lu-177-PSMA-617": ("177Lu-PSMA-617", "[177Lu]Lu-PSMA-617", "Lu177-PSMA617"),
    "Lu-177-DOTATATE": ("177Lu-DOTATATE",),
    "MDP": ("99mTc-MDP", "Tc-99m MDP", "[99mTc]Tc-MDP"),
    "MIBI": ("99mTc-sestamibi",),
    "gadolinium": ("Gd-DTPA", "gadobutrol"),
    "N-13-ammonia": ("13N-ammonia", "[13N]NH3"),
    "Ra-223-dichloride": ("223Ra-dichloride", "[223Ra]radium dichloride"),
}


@pytest.mark.parametrize("name", SAID)
def test_a_tracer_is_found_by_what_people_call_it(name: str) -> None:
    assert [called(word) for word in SAID[name]] == [name] * len(SAID[name])


def test_what_means_several_or_none_stays() -> None:
    """PSMA-617 goes with gallium and with lutetium; a label that no tracer has is another tracer."""
    for word in ("PSMA-617", "DOTATATE", "11C-FDG", "68Ga-FDG", "our-own"):
        assert called(word) == word


def test_every_name_of_the_table_is_itself() -> None:
    known = names(default_numbers())
    assert [called(name) for name in known] == list(known)
    assert set(ALSO_CALLED.values()) <= set(known)
