"""The words for distributions in a scenario: ``"8 min"``, ``{triangular: ["3 min", "6 min", "12 min"]}`` and so on."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import NormalDist
from typing import Any, TypeAlias

from twin import units
from twin.distributions import Distribution
from twin.errors import nearest
from twin.scenario import files

Plain: TypeAlias = dict[str, Any]

#: Word -> its form, with ``Q`` for a quantity.
FORMS = {
    "constant": "{constant: Q}",
    "uniform": "{uniform: [Q, Q]}",
    "triangular": "{triangular: [Q, Q, Q]}",
    "normal": "{normal: {mean: Q, sd: Q}}",
    "lognormal": "{lognormal: {mean: Q, sd: Q}} or {lognormal: {median: Q, p95: Q}}",
    "gamma": "{gamma: {mean: Q, sd: Q}}",
    "weibull": "{weibull: {shape: 2, scale: Q}}",
    "exponential": "{exponential: Q} or {exponential: {mean: Q}}",
    "pert": "{pert: [Q, Q, Q]}",
    "discrete": "{discrete: {Q: 0.5, Q: 0.5}}",
    "empirical": "{empirical: {values: [Q, Q]}} or {empirical: {file: x.csv, column: c, unit: min}}",
}


def parse(value: object, unit: str) -> Distribution:
    """The distribution that a person wrote.

    Parameters
    ----------
    value : object
        A quantity with its unit, or a map with one of the words of `FORMS`; a distribution passes through.
    unit : str
        The unit asked for, such as ``"s"``.

    Raises
    ------
    ValueError
        With what is wrong and what is allowed; also as `UnitError` or `DataError`.
    """
    if isinstance(value, Distribution):
        return value
    return Distribution.from_dict(plain(value, unit))


def plain(value: object, unit: str) -> Plain:
    """The same as plain data in ``unit``, such as ``{"kind": "uniform", "low": 180.0, "high": 720.0}``."""
    if not isinstance(value, dict):
        return {"kind": "constant", "value": units.parse(value, unit)}
    word = _word(value)
    return {"kind": _KINDS.get(word, word), **_READERS[word](value[word], unit)}


def _word(value: Mapping[str, Any]) -> str:
    """The one word of a map."""
    unknown = [word for word in value if word not in FORMS]
    if unknown:
        close = nearest(unknown[0], FORMS)
        hint = f"; did you mean {close!r}?" if close else ""
        raise ValueError(f"{unknown[0]!r} is no distribution; allowed: {', '.join(FORMS)}{hint}")
    if len(value) != 1:
        raise ValueError(f"a distribution has one word, here are {len(value)}; allowed: {', '.join(FORMS)}")
    return next(iter(value))


def _list(word: str, names: tuple[str, ...]) -> Callable[[object, str], Plain]:
    """A reader of a list of quantities, which rise."""

    def read(value: object, unit: str) -> Plain:
        if not isinstance(value, list) or len(value) != len(names):
            raise ValueError(f"{word} takes a list of {len(names)}: {', '.join(names)}; {_form(word, unit)}")
        numbers = [units.parse(item, unit) for item in value]
        if numbers != sorted(numbers) or numbers[0] == numbers[-1]:
            raise ValueError(f"{word} takes {', '.join(names)} in rising order, here is {value!r}")
        return dict(zip(names, numbers, strict=True))

    return read


def _map(word: str, *choices: tuple[str, ...]) -> Callable[[object, str], Plain]:
    """A reader of a map whose keys are one of the choices; ``shape`` is a bare number."""

    def read(value: object, unit: str) -> Plain:
        if not isinstance(value, dict) or not any(set(value) == set(choice) for choice in choices):
            raise ValueError(f"{word} takes {' or '.join(' and '.join(c) for c in choices)}; {_form(word, unit)}")
        return {key: units.parse(item, "1" if key == "shape" else unit) for key, item in value.items()}

    return read


def _normal(value: object, unit: str) -> Plain:
    """Mean and standard deviation before the cut at zero."""
    found = _map("normal", ("mean", "sd"))(value, unit)
    return {"centre": found["mean"], "sd": found["sd"]}


def _lognormal(value: object, unit: str) -> Plain:
    """Mean and standard deviation, also of median and 95th percentile."""
    found = _map("lognormal", ("mean", "sd"), ("median", "p95"))(value, unit)
    if "median" not in found:
        return found
    median, p95 = found["median"], found["p95"]
    if not 0.0 < median < p95 < 1e6 * median:
        raise ValueError(f"lognormal takes 0 < median < p95, not too far apart; here is {value!r}")
    sigma = math.log(p95 / median) / NormalDist().inv_cdf(0.95)
    mean = median * math.exp(sigma**2 / 2)
    return {"mean": mean, "sd": mean * math.sqrt(math.expm1(sigma**2))}


def _exponential(value: object, unit: str) -> Plain:
    if isinstance(value, dict):
        return _map("exponential", ("mean",))(value, unit)
    return {"mean": units.parse(value, unit)}


def _discrete(value: object, unit: str) -> Plain:
    if not isinstance(value, dict) or not value:
        raise ValueError(f"discrete takes a map of values to probabilities; {_form('discrete', unit)}")
    shares = [units.parse(share, "1") for share in value.values()]
    total = math.fsum(shares)
    if min(shares) < 0 or abs(total - 1.0) > 1e-9:
        raise ValueError(f"the probabilities of discrete are not negative and sum to 1, here to {total:g}")
    pairs = sorted(zip((units.parse(_number(key), unit) for key in value), shares, strict=True))
    return {"values": [number for number, _ in pairs], "probabilities": [share for _, share in pairs]}


def _number(key: str) -> object:
    """A key is always text; as a bare number it is judged like one."""
    try:
        return float(key)
    except ValueError:
        return key


def _empirical(value: object, unit: str) -> Plain:
    if not isinstance(value, dict) or set(value) != {"values"} or not isinstance(value["values"], list):
        raise ValueError(f"empirical takes values or a file; {_form('empirical', unit)}")
    if not value["values"]:
        raise ValueError("empirical needs at least one value")
    return {"values": sorted(units.parse(item, unit) for item in value["values"])}


def read_column(value: Mapping[str, Any], base: Path) -> list[str]:
    """The quantities in one column of a CSV file, as text with their unit.

    Parameters
    ----------
    value : mapping
        ``file`` (relative to ``base``), ``column`` and ``unit``.
    base : Path
        Folder of the scenario file.

    Raises
    ------
    ValueError
        When a key, the file or the column is missing, or a cell is no number.
    """
    missing = {"file", "column", "unit"} ^ set(value)
    if missing:
        raise ValueError(f"empirical takes file, column and unit; wrong or missing: {', '.join(sorted(missing))}")
    path = base / str(value["file"])
    rows = _rows(path)
    column = str(value["column"])
    columns = [name for name in (rows[0] if rows else ()) if name]
    if column not in columns:
        close = nearest(column, columns)
        hint = f"; did you mean {close!r}?" if close else ""
        raise ValueError(f"{path.name} has no column {column!r}, it has: {', '.join(columns) or 'no rows'}{hint}")
    cells = [(number, row[column] or "") for number, row in enumerate(rows, start=2)]
    return [_cell(cell, number, path.name, column, str(value["unit"])) for number, cell in cells if cell.strip()]


def _cell(cell: str, line: int, file: str, column: str, unit: str) -> str:
    try:
        number = float(cell)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{file}, line {line}, column {column}: {cell!r} is not a number")
    return f"{number!r} {unit}"


def _rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    try:
        return list(csv.DictReader(io.StringIO(files.read_text(path), newline="")))
    except (ValueError, csv.Error) as error:
        raise ValueError(f"{path}: {error}") from None


def _form(word: str, unit: str) -> str:
    """How a word is written, with an example of the unit."""
    return f"write {FORMS[word].replace('Q', _example(unit))}"


def _example(unit: str) -> str:
    return {"s": '"8 min"', "1": "0.05"}.get(unit, f'"1 {unit}"')


_KINDS = {"pert": "beta_pert"}
_READERS: dict[str, Callable[[object, str], Plain]] = {
    "constant": lambda value, unit: {"value": units.parse(value, unit)},
    "uniform": _list("uniform", ("low", "high")),
    "triangular": _list("triangular", ("low", "mode", "high")),
    "normal": _normal,
    "lognormal": _lognormal,
    "gamma": _map("gamma", ("mean", "sd")),
    "weibull": _map("weibull", ("shape", "scale")),
    "exponential": _exponential,
    "pert": _list("pert", ("low", "mode", "high")),
    "discrete": _discrete,
    "empirical": _empirical,
}


def json_schema(unit: str) -> Plain:
    """What a distribution of this unit looks like, in words of JSON Schema draft-07."""
    shares_too = {"type": ["number", "string"]}  # 0.9 and 90 %
    quantity: Plain = shares_too if unit == "1" else {"type": "string", "examples": [_example(unit).strip('"')]}

    def listed(count: int) -> Plain:
        return {"type": "array", "items": quantity, "minItems": count, "maxItems": count}

    def mapped(*names: str) -> Plain:
        shapes = {name: {"type": "number"} if name == "shape" else quantity for name in names}
        return {"type": "object", "properties": shapes, "required": list(names), "additionalProperties": False}

    shares = {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}, "minProperties": 1}
    column = {"type": "string"}
    from_file = {"type": "object", "properties": {"file": column, "column": column, "unit": column}}
    forms: Plain = {
        "constant": quantity,
        "uniform": listed(2),
        "triangular": listed(3),
        "normal": mapped("mean", "sd"),
        "lognormal": {"anyOf": [mapped("mean", "sd"), mapped("median", "p95")]},
        "gamma": mapped("mean", "sd"),
        "weibull": mapped("shape", "scale"),
        "exponential": {"anyOf": [quantity, mapped("mean")]},
        "pert": listed(3),
        "discrete": shares,
        "empirical": {
            "anyOf": [{"type": "object", "properties": {"values": {"type": "array", "items": quantity}}}, from_file]
        },
    }
    one = {"type": "object", "properties": forms, "additionalProperties": False, "minProperties": 1, "maxProperties": 1}
    return {"anyOf": [quantity, one], "x-unit": unit}
