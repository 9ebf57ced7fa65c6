r"""MRI: signal to noise against time, voxel, field and coil, in proportion to a reference protocol.

.. math:: SNR = SNR_0\; c\, \left(\frac{B}{B_0}\right)^{7/4 \ldots 1} \frac{V}{V_0} \sqrt{\frac{T}{T_0}}

The coil's factor c is relative to a volume coil. The exponent of the field is 7/4 where the coil is the source of the
noise, as it is for coils of mice, and 1 where the animal is (Hoult, Lauterbur 1979, from memory); 7/4 is taken.
"""

from __future__ import annotations

from twin.errors import DataError, nearest
from twin.sources import Numbers

_KEY = "imaging.mri"
_FIELD_EXPONENT = 1.75
#: Beyond these nobody images animals: a slip of a unit.
_FIELDS_T, _LARGEST_M3 = (0.01, 30.0), 8.0e-6 * (1.0 + 1e-9)


def coils(numbers: Numbers) -> tuple[str, ...]:
    """The coils of the table."""
    head = "mri.coil."
    return tuple(name.removeprefix(head) for name in numbers.tables["imaging"] if name.startswith(head))


def snr(numbers: Numbers, voxel_m3: float, time_s: float, coil: str = "volume", field_t: float | None = None) -> float:
    """Signal to noise of a protocol.

    Parameters
    ----------
    voxel_m3 : float
        Volume of a voxel.
    time_s : float
        Of the acquisition, averages included.
    coil : str
        A coil of the table.
    field_t : float, optional
        Field [T]; the reference's unless given.
    """
    if coil not in coils(numbers):
        near = nearest(coil, coils(numbers))
        hint = f"; did you mean {near!r}?" if near else ""
        raise DataError(f"coil {coil!r} is none of {', '.join(coils(numbers))}{hint}")
    if not (0.0 < voxel_m3 <= _LARGEST_M3 and time_s >= 0.0):
        raise DataError("a voxel's edge is above zero and at most 20 mm, a time not below zero")
    if field_t is not None and not _FIELDS_T[0] <= field_t <= _FIELDS_T[1]:
        raise DataError(f"a field of {field_t:g} T: magnets for animals have {_FIELDS_T[0]:g} to {_FIELDS_T[1]:g} T")
    reference_t = numbers.value(f"{_KEY}.reference_field")
    by_field = (field_t / reference_t) ** _FIELD_EXPONENT if field_t is not None else 1.0
    by_voxel = voxel_m3 / numbers.value(f"{_KEY}.reference_voxel") ** 3
    by_time = (time_s / numbers.value(f"{_KEY}.reference_time")) ** 0.5
    reference = numbers.value(f"{_KEY}.reference_snr") * numbers.value(f"{_KEY}.coil.{coil}")
    return float(reference * by_field * by_voxel * by_time)


def time_s(
    numbers: Numbers, wanted_snr: float, voxel_m3: float, coil: str = "volume", field_t: float | None = None
) -> float:
    """Acquisition time for a signal to noise: it goes with its square [s]."""
    reference_s = numbers.value(f"{_KEY}.reference_time")
    return reference_s * (wanted_snr / snr(numbers, voxel_m3, reference_s, coil, field_t)) ** 2
