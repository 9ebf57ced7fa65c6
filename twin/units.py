"""The only place that converts units.

A person writes ``"25 MBq"``; inside there are floats in SI units. The vocabulary is closed: a word that is not in the
tables below is refused with its nearest neighbour. Becquerel, sievert, gray and hertz are dimensions apart, and so is
each currency, so that an activity never passes for a rate. Arithmetic is exact (fractions), so that a result is the
float nearest to what was written.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.errors import UnitError, nearest, shorten

if TYPE_CHECKING:
    import pint

CURRENCIES = tuple("AUD BRL CAD CHF CNY CZK DKK EUR GBP HUF INR JPY KRW NOK PLN SEK USD".split())

# Pint's own words. The SI definitions are exact (BIPM, The International System of Units, 9th ed., 2019).
_BASES = {
    "s": "time", "m": "length", "g": "mass", "K": "temperature", "mol": "amount of substance", "A": "electric current",
    "Bq": "activity", "Sv": "dose (Sv)", "Gy": "absorbed dose (Gy)", "rad_": "angle", "byte": "amount of data",
    **{code: f"money in {code}" for code in CURRENCIES},
}  # fmt: skip
_DERIVED = {
    "min": "60 * s", "h": "3600 * s", "d": "86400 * s", "week": "604800 * s", "a": "31557600 * s",
    "l": "1e-3 * m ** 3", "t": "1e6 * g", "Ci": "3.7e10 * Bq", "rem": "1e-2 * Sv", "rad": "1e-2 * Gy",
    "M": "1e3 * mol / m ** 3", "Hz": "1 / s", "N": "1e3 * g * m / s ** 2", "J": "N * m", "W": "J / s", "Wh": "3600 * J",
    "eV": "1.602176634e-19 * J", "V": "W / A", "Pa": "N / m ** 2", "bar": "1e5 * Pa", "T": "V * s / m ** 2",
    "percent": "1e-2", "ppm": "1e-6", "deg": "3.141592653589793 / 180 * rad_", "degC": "K; offset: 273.15",
}  # fmt: skip
_PREFIXES = {"f": -15, "p": -12, "n": -9, "u": -6, "m": -3, "c": -2, "k": 3, "M": 6, "G": 9, "T": 12}
_PREFIXABLE = {
    **dict.fromkeys(("g", "mol", "A", "Bq", "Sv", "Gy", "Ci", "Hz", "J", "W", "V"), "fpnumkMGT"),
    **dict.fromkeys(("s", "l", "T", "N", "M"), "fpnum"), "m": "fpnumck", "eV": "mkMG", "Wh": "kM", "Pa": "kM",
    "byte": "kMGT", "rem": "um", "rad": "um", "bar": "m", "K": "m",
    **dict.fromkeys(CURRENCIES, "kM"),
}  # fmt: skip
_WORDS = {
    "sec": "s", "second": "s", "seconds": "s", "minute": "min", "minutes": "min", "mins": "min", "hr": "h",
    "hrs": "h", "hour": "h", "hours": "h", "day": "d", "days": "d", "weeks": "week", "wk": "week", "year": "a",
    "years": "a", "yr": "a", "L": "l", "mL": "ml", "uL": "ul", "litre": "l", "liter": "l", "cc": "cm**3",
    "%": "percent", "°C": "degC", "celsius": "degC", "kelvin": "K", "€": "EUR", "£": "GBP", "becquerel": "Bq",
    "sievert": "Sv", "gray": "Gy", "metre": "m", "meter": "m", "gram": "g", "mole": "mol", "tonne": "t", "°": "deg",
    "mcg": "ug", "mcl": "ul", "bytes": "byte", "MB": "Mbyte", "GB": "Gbyte", "TB": "Tbyte",
}  # fmt: skip
_REFUSED = {
    **dict.fromkeys(("month", "months", "mo"), "a month has no fixed length; write days or weeks, such as '30 d'"),
    "$": "'$' names several currencies; write 'USD', 'CAD', 'AUD'",
    "¥": "'¥' names two currencies; write 'JPY' or 'CNY'",
    **dict.fromkeys(("ft", "foot", "feet", "inch", "inches", "in"), "lengths are metric; write such as '30 cm'"),
    **dict.fromkeys(("lb", "lbs", "oz"), "masses are metric; write such as '25 g'"),
    **dict.fromkeys(("C", "F", "degF"), "temperatures are in degree Celsius; write such as '37 degC'"),
}  # fmt: skip
_EXAMPLES = {
    "s": "8 min", "Bq": "25 MBq", "m3": "0.1 ml", "kg": "20 g", "mol": "3 nmol", "m": "2 mm", "Sv": "20 mSv",
    "Gy": "1 Gy", "Bq/mol": "50 GBq/umol", "m3/kg": "10 ml/kg", "mol/kg": "30 nmol/kg", "kg/kg": "5 mg/kg",
    "1/s": "12 /day", "1": "14 %", "EUR": "120 EUR", "EUR/s": "45 EUR/h", "EUR/Bq": "0.8 EUR/MBq", "degC": "37 degC",
    "Sv/s": "0.5 uSv/h", "byte": "2 GB",
}  # fmt: skip
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,3})?")
_TOKEN = re.compile(
    r"\s*(?:(?P<word>[A-Za-z_€£$¥°%]+)(?P<power>(?:\*\*|\^)?-?[1-9](?![0-9]))?|(?P<one>1(?=\s*/))|(?P<sign>[*/()·]))"
)
_PLAIN = {"²": "2", "³": "3", "⁻": "-", "¹": "1", "µ": "u", "μ": "u", "℃": "°C", "−": "-", "\u00a0": " ", "\u202f": " "}
_TO_PLAIN = str.maketrans(_PLAIN)
_LONGEST = 64


class Scale(NamedTuple):
    """An exact affine map between two units: ``target = value * factor + offset``."""

    factor: Fraction
    offset: Fraction

    def apply(self, value: Fraction) -> float:
        """The float nearest to the mapped value."""
        return float(value * self.factor + self.offset)


@lru_cache(maxsize=16384)
def _parse_text(text: str, unit: str) -> float:
    number, words = _split(text, unit)
    if not words and unit != "1":
        raise UnitError(f"{text!r} has no unit; {_due(unit)}")
    try:
        value = scale(words or "1", unit).apply(Fraction(number))
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise UnitError(f"{text!r} is too large to be a number")
    return value


def parse(text: object, unit: str) -> float:
    """Read a quantity that a person wrote, as a float in `unit`.

    Parameters
    ----------
    text : object
        Such as ``"25 MBq"``. A bare number is accepted only where `unit` is ``"1"``.
    unit : str
        The unit asked for, such as ``"s"``, ``"Bq"``, ``"m3/kg"``, ``"EUR/h"``; ``"1"`` is dimensionless.

    Raises
    ------
    UnitError
        When the unit is missing, unknown or of another dimension, or the number is not finite.
    """
    if isinstance(text, str):
        return _parse_text(text, unit) if len(text) <= _LONGEST else _too_long(text)
    if isinstance(text, bool) or not isinstance(text, int | float):
        raise UnitError(f"{shorten(text)} is not a quantity; write text such as {_example(unit)!r}")
    return _bare(text, unit)


def convert(value: float, from_unit: str, to_unit: str) -> float:
    """The same quantity in another unit, as the nearest float; NaN and infinity pass."""
    if not math.isfinite(value):
        return value
    return scale(from_unit, to_unit).apply(Fraction(value))


def factor(from_unit: str, to_unit: str) -> float:
    """What a whole column is multiplied with; refuses units with an offset, such as degC to K."""
    exact = scale(from_unit, to_unit)
    if exact.offset:
        raise UnitError(f"{from_unit!r} to {to_unit!r} is not a factor: the zero points differ")
    return float(exact.factor)


def fmt(value: float, unit: str, to: str | None = None, digits: int = 3) -> str:
    """A quantity for a person, ``fmt(2.5e7, "Bq") == "25 MBq"``; `to` fixes the unit shown."""
    shown = to or _readable(value, unit)
    number = convert(value, unit, shown)
    text = f"{number:.{max(digits, _integer_digits(number))}g}"
    return text if shown == "1" else f"{text} {shown}"


@lru_cache(maxsize=4096)
def scale(from_unit: str, to_unit: str) -> Scale:
    """The exact map from one unit to another of the same dimension.

    A pure ``degC`` is an absolute temperature; inside a quotient (``degC/h``) it is a difference.
    """
    source, target = _unit(from_unit), _unit(to_unit)
    if source.dimensionality != target.dimensionality:
        raise UnitError(_mismatch(from_unit, to_unit))
    registry = _registry()
    zero, one = (registry.Quantity(Fraction(n), source).to(target).magnitude for n in (0, 1))
    return Scale(Fraction(one) - Fraction(zero), Fraction(zero))


@cache
def _registry() -> pint.UnitRegistry[Any]:
    """A registry that knows the tables above and nothing else; exact, so that 0.1 ml is the float 1e-7."""
    import pint

    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(None, non_int_type=Fraction)
    for number, (name, _) in enumerate(_BASES.items()):
        registry.define(f"{name} = [base_{number}]")
    for prefix, power in _PREFIXES.items():
        registry.define(f"{prefix}- = 1e{power}")
    for name, definition in _DERIVED.items():
        registry.define(f"{name} = {definition}")
    return registry


@cache
def _vocabulary() -> frozenset[str]:
    """Every word for a unit, with its prefixes."""
    prefixed = (prefix + name for name, prefixes in _PREFIXABLE.items() for prefix in prefixes)
    return frozenset({*_BASES, *_DERIVED, *prefixed, *_WORDS, *_REFUSED} - {"rad_"})


@lru_cache(maxsize=4096)
def _unit(text: str) -> pint.Unit:
    """Pint's unit for a text in our grammar: words, powers, ``* / ( )``."""
    canonical = _canonical(text)
    try:
        return _registry().parse_units(canonical)
    except Exception as error:  # pint and tokenize raise a dozen kinds for a malformed text
        raise UnitError(f"{text!r} cannot be read as a unit; write such as 'MBq', 'ml/kg', 'EUR/h'") from error


def _canonical(text: str) -> str:
    """The text in pint's grammar: ``"GBq/umol"``, ``"m3 / kg"``, ``"/day"`` -> ``"(GBq)/(umol)"`` and so on."""
    plain = re.sub(r"\bper\b", "/", text.translate(_TO_PLAIN)).strip()
    if plain in {"", "1"}:
        return ""
    parts: list[str] = []
    position = 0
    while position < len(plain):
        token = _TOKEN.match(plain, position)
        if token is None or len(plain) > _LONGEST:
            raise UnitError(f"{text[:_LONGEST]!r} cannot be read as a unit at {plain[position : position + 8]!r}")
        part = _token(token)
        parts += ["*", part] if _side_by_side(parts, part) else [part]
        position = token.end()
    return ("1" if parts[0] == "/" else "") + "".join(parts)


def _token(token: re.Match[str]) -> str:
    """One word with its power, or one sign, in pint's grammar."""
    word, power = token["word"], token["power"]
    if word is None:
        return (token["one"] or token["sign"]).replace("·", "*")
    known = f"({_word(word)})"
    return f"{known}**({power.lstrip('*^')})" if power else known


def _side_by_side(parts: list[str], part: str) -> bool:
    """Whether two factors stand side by side, ``"MBq h"``: a product."""
    return bool(parts) and parts[-1] not in "*/(" and part not in "*/)"


def _word(word: str) -> str:
    """The unit that a word means, or an error that names the nearest."""
    if reason := _REFUSED.get(word):
        raise UnitError(f"unit {word!r} is refused: {reason}")
    if word in _vocabulary():
        return _WORDS.get(word, word)
    hint = _near(word)
    raise UnitError(f"unknown unit {word[:40]!r}" + (f"; did you mean {hint!r}?" if hint else ""))


def _near(word: str) -> str | None:
    """The nearest unit; the ones that people use here come first."""
    common = "MBq GBq kBq mCi min ml ul mg ug kg nmol umol mSv uSv mGy kEUR".split()
    return nearest(word, (*common, *CURRENCIES, *sorted(_vocabulary() - _REFUSED.keys())))


def _split(text: str, unit: str) -> tuple[str, str]:
    """The number and the unit of ``"25 MBq"``."""
    plain = text.translate(_TO_PLAIN).strip()
    found = _NUMBER.match(plain)
    if found is None:
        raise UnitError(f"{text!r} does not begin with a finite number; write such as {_example(unit)!r}")
    rest = plain[found.end() :]
    if rest[:1].isdigit() or rest[:1] in {".", ",", "_", "'"}:
        raise UnitError(f"{text!r} is not a number as we write it: a point for decimals, nothing between thousands")
    return found[0], rest.strip()


def _bare(number: float, unit: str) -> float:
    """A number without a unit: right only where none is due."""
    if unit != "1":
        raise UnitError(f"{shorten(number)} is a bare number; {_due(unit)}")
    try:
        value = float(number)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise UnitError(f"{shorten(number)} is not a finite number")
    return value


def _too_long(text: str) -> float:
    raise UnitError(f"{text[:20]!r}... has {len(text)} characters; a quantity is short, such as '25 MBq'")


def _mismatch(given: str, wanted: str) -> str:
    """The sentence for a wrong dimension: both dimensions, by name."""
    text = f"{given!r} is {_dimension(given)}, but {_dimension(wanted)} is due, such as {_example(wanted)!r}"
    if "money" in _dimension(given) and "money" in _dimension(wanted):
        text += "; currencies are not converted, because no exchange rate is known"
    return text


def _dimension(unit: str) -> str:
    """The dimension of a unit in words, ``"volume / mass"`` style where it has no name of its own."""
    dimensionality = _unit(unit).dimensionality
    for known, name in _NAMED.items():
        if _unit(known).dimensionality == dimensionality:
            return name
    powers = {_BASE_NAMES[base]: round(float(str(power))) for base, power in dimensionality.items()}
    over = [_power(name, power) for name, power in powers.items() if power > 0]
    under = [_power(name, -power) for name, power in powers.items() if power < 0]
    return " / ".join((" x ".join(over) or "1", *under))


def _power(name: str, power: int) -> str:
    return name if power == 1 else f"{name}^{power}"


_BASE_NAMES = {f"[base_{number}]": name for number, name in enumerate(_BASES.values())}
_NAMED = {
    "1": "a number without dimension", "m2": "area", "m3": "volume", "1/s": "a rate (per time)",
    "Bq/mol": "molar activity", "m3/kg": "volume per mass", "Bq/m3": "activity concentration",
    "Bq/kg": "activity per mass", "Sv/s": "dose rate (Sv)", "J": "energy", "W": "power", "V": "voltage",
    "mol/m3": "concentration", "m/s": "speed", "m3/s": "flow",
}  # fmt: skip
_LADDERS = {
    "s": ("s", "min", "h", "d"), "Bq": ("Bq", "kBq", "MBq", "GBq", "TBq"), "m3": ("nl", "ul", "ml", "l", "m3"),
    "kg": ("ng", "ug", "mg", "g", "kg"), "mol": ("pmol", "nmol", "umol", "mmol", "mol"),
    "Sv": ("nSv", "uSv", "mSv", "Sv"), "Gy": ("nGy", "uGy", "mGy", "Gy"), "m": ("um", "mm", "cm", "m"),
    "Bq/mol": ("Bq/mol", "MBq/umol", "GBq/umol"), "Sv/s": ("nSv/h", "uSv/h", "mSv/h"),
}  # fmt: skip


def _readable(value: float, unit: str) -> str:
    """The largest unit of the ladder in which the value is at least one (time: at least two)."""
    rungs = _LADDERS.get(unit, (unit,))
    least = 2.0 if unit == "s" else 1.0
    fitting = [rung for rung in rungs if abs(convert(value, unit, rung)) >= least]
    if value == 0 or not math.isfinite(value):
        return unit
    return fitting[-1] if fitting else rungs[0]


def _integer_digits(number: float) -> int:
    """Digits before the point, so that 1234 is not shown as 1.23e+03; large numbers keep their exponent."""
    return len(str(int(abs(number)))) if 1 <= abs(number) < 1e7 else 0


def _due(unit: str) -> str:
    return f"write it with a unit of {_dimension(unit)}, such as {_example(unit)!r}"


def _example(unit: str) -> str:
    return _EXAMPLES.get(unit, f"3 {unit}")
