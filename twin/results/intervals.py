"""Arithmetic of time intervals: who was in what state how long, for many things at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from twin.results.run import Array, Span


class Spans(NamedTuple):
    """Intervals of things: key (an integer), start and end [s]; they may overlap, empty ones do not count."""

    key: Array
    start_s: Array
    end_s: Array

    def where(self, keep: Array) -> Spans:
        """Some of them."""
        return Spans(self.key[keep], self.start_s[keep], self.end_s[keep])

    def clip(self, first_s: Array | float, last_s: Array | float) -> Spans:
        """What of each lies between two times."""
        return Spans(self.key, np.maximum(self.start_s, first_s), np.minimum(self.end_s, last_s))


def together(*parts: Spans) -> Spans:
    """All of them."""
    return Spans(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def everywhere(things: int, spans: Sequence[Span]) -> Spans:
    """The same intervals for each of so many things."""
    return per_thing([spans] * things)


def per_thing(spans: Sequence[Sequence[Span]]) -> Spans:
    """The k-th list of intervals belongs to thing k."""
    key = np.repeat(np.arange(len(spans)), [len(own) for own in spans])
    flat = np.array([span for own in spans for span in own], dtype=float).reshape(-1, 2)
    return Spans(key, flat[:, 0], flat[:, 1])


def sweep(layers: Mapping[str, Spans]) -> pd.DataFrame:
    """Cut time wherever an interval of any layer begins or ends.

    Returns
    -------
    DataFrame
        One row for each key and stretch in which nothing changes: key, start_s, end_s, length_s, and for each layer how
        many of its intervals are open. Stretches in which none is open are left out.
    """
    parts = [spans.where(spans.end_s > spans.start_s) for spans in layers.values()]
    which = np.repeat(np.arange(len(parts)), [2 * len(part.key) for part in parts])
    key = np.concatenate([np.tile(part.key, 2) for part in parts])
    time = np.concatenate([np.concatenate((part.start_s, part.end_s)) for part in parts])
    sign = np.concatenate([np.repeat(np.array([1, -1], dtype=np.int32), len(part.key)) for part in parts])
    order = np.lexsort((time, key))
    which, key, time, sign = which[order], key[order], time[order], sign[order]
    counts = [np.cumsum(np.where(which == i, sign, 0), dtype=np.int32)[:-1] for i in range(len(parts))]
    keep = (key[1:] == key[:-1]) & (time[1:] > time[:-1])
    keep &= np.any(counts, axis=0) if len(key) > 1 else False
    pieces = {"key": key[:-1][keep], "start_s": time[:-1][keep], "end_s": time[1:][keep]}
    pieces["length_s"] = pieces["end_s"] - pieces["start_s"]
    return pd.DataFrame(pieces | {name: count[keep] for name, count in zip(layers, counts, strict=True)})


def total(pieces: pd.DataFrame, things: int, keep: Array | None = None, times: Array | None = None) -> Array:
    """Length of the pieces of each thing [s]; `keep` chooses pieces, `times` weighs them."""
    weight = pieces["length_s"].to_numpy()
    weight = weight if times is None else weight * times
    weight = weight if keep is None else np.where(keep, weight, 0.0)
    return np.bincount(pieces["key"].to_numpy(), weights=weight, minlength=things)[:things]


def covered(spans: Spans, things: int) -> Array:
    """Length of the union of each thing's intervals [s]."""
    return total(sweep({"any": spans}), things)


def between(key: Array, time_s: Array, begins: Array, horizon_s: float) -> Spans:
    """Intervals from marks that begin and end a state; begun twice counts once, never ended lasts to the horizon."""
    order = np.lexsort((begins, time_s, key))
    key, time_s, begins = key[order], time_s[order], begins[order]
    new = np.append(True, key[1:] != key[:-1])[: len(key)]
    changes = np.where(new, begins, begins != np.append(False, begins[:-1])[: len(key)])
    key, time_s, begins = key[changes], time_s[changes], begins[changes]
    same = np.append(key[1:] == key[:-1], False)[: len(key)]
    end = np.where(same, np.append(time_s[1:], horizon_s)[: len(key)], horizon_s)
    return Spans(key, time_s, end).where(begins)


def first_of(key: Array, value: Array, things: int) -> Array:
    """The smallest value of each thing; NaN without any."""
    result = np.full(things, np.nan)
    np.fmin.at(result, key, value)
    return result


def last_of(key: Array, value: Array, things: int) -> Array:
    """The largest value of each thing; NaN without any."""
    result = np.full(things, np.nan)
    np.fmax.at(result, key, value)
    return result


def pairs(left: Array, right: Array) -> tuple[Array, Array]:
    """Positions of all pairs with the same code; null (-1) pairs with nothing."""
    known = np.flatnonzero(right >= 0)
    order = known[np.argsort(right[known], kind="stable")]
    first = np.searchsorted(right[order], left, side="left")
    count = np.where(left >= 0, np.searchsorted(right[order], left, side="right") - first, 0)
    own = np.repeat(np.arange(len(left)), count)
    step = np.arange(len(own)) - np.repeat(np.cumsum(count) - count, count)
    return own, order[np.repeat(first, count) + step]
