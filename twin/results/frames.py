"""The log as DataFrames and as Arrow tables: the same rows, names sorted, nothing computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from twin.facility.log import EVENT_NAMES, QUANTITIES, Known, Log
from twin.results.run import Array, Facts, Run, dense, with_quantities

INVOLVED_NAMES = ("role", "thing")


def frames(log: Log) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``events`` and ``involved`` as DataFrames.

    Name columns are categorical over one sorted set of all names that occur; ``time_s`` is float64; quantities are
    float64 with NaN for null.
    """
    events, things, known = parts(log)
    return events, with_quantities(things, known)


def parts(log: Log) -> tuple[pd.DataFrame, pd.DataFrame, Known]:
    """As `frames`, with what is known of those who were involved beside them."""
    events, things, known = log.columns()
    columns = [events[name] for name in EVENT_NAMES] + [things[name] for name in INVOLVED_NAMES]
    names = log.names
    used = np.zeros(len(names) + 1, dtype=bool)
    for codes in columns:
        used[codes] = True
    order = sorted(np.flatnonzero(used[:-1]).tolist(), key=names.__getitem__)
    rank = np.full(len(names) + 1, -1, dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    dtype = _names_dtype(names[i] for i in order)
    return _frame(events, EVENT_NAMES, rank, dtype), _frame(things, INVOLVED_NAMES, rank, dtype), known


def run(log: Log, facts: Facts) -> Run:
    """The run of a log."""
    return Run(*parts(log), facts)


def arrow(log: Log) -> tuple[pa.Table, pa.Table]:
    """``events`` and ``involved`` as Arrow tables with dictionary-encoded names."""
    events, involved = frames(log)
    return to_arrow(events), to_arrow(involved)


def to_arrow(frame: pd.DataFrame) -> pa.Table:
    """A DataFrame of the log as an Arrow table: NaN is null, each dictionary has its column's names."""
    return pa.table({name: _arrow_column(frame[name]) for name in frame.columns})


def involved_arrow(run: Run, rows_at_once: int) -> Iterator[pa.Table]:
    """``involved`` as Arrow tables of so many rows, one after another; at least one."""
    named = to_arrow(run.things)
    for first in range(0, max(1, len(run.things)), rows_at_once):
        some = named.slice(first, rows_at_once)
        for name in QUANTITIES:
            values = dense(run.known[name], first, first + len(some))
            some = some.append_column(name, pa.array(values, from_pandas=True))
        yield some


def from_arrow(events: pa.Table, involved: pa.Table) -> tuple[pd.DataFrame, pd.DataFrame, Known]:
    """What `parts` gave, of the tables that were made of it."""
    columns = {name: events[name].combine_chunks() for name in EVENT_NAMES}
    columns |= {name: involved[name].combine_chunks() for name in INVOLVED_NAMES}
    words = {name: _one_dictionary(column) for name, column in columns.items()}
    dtype = _names_dtype(sorted(set().union(*(column.dictionary.to_pylist() for column in words.values()))))
    coded = {name: _recode(column, dtype) for name, column in words.items()}
    return (
        pd.DataFrame({n: coded[n] if n in coded else _numbers(events[n]) for n in events.column_names}, copy=False),
        pd.DataFrame({"event": _numbers(involved["event"])} | {n: coded[n] for n in INVOLVED_NAMES}, copy=False),
        {name: _known(involved, name) for name in QUANTITIES},
    )


def _known(involved: pa.Table, name: str) -> tuple[Array, Array]:
    """Rows that have a quantity, and what it is; none in a log of an earlier version."""
    values = _numbers(involved[name]) if name in involved.column_names else np.empty(0)
    rows = np.flatnonzero(~np.isnan(values)).astype(np.int32)
    return rows, values[rows]


def _names_dtype(names: Iterable[str]) -> pd.CategoricalDtype:
    return pd.CategoricalDtype(pd.Index(list(names), dtype="str"))


def _frame(columns: Mapping[str, Any], names: tuple[str, ...], rank: Array, dtype: pd.CategoricalDtype) -> pd.DataFrame:
    data = {
        name: pd.Categorical.from_codes(rank[values], dtype=dtype) if name in names else values
        for name, values in columns.items()
    }
    return pd.DataFrame(data, copy=False)


def _arrow_column(column: pd.Series[Any]) -> pa.Array:
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return pa.array(column.to_numpy(), from_pandas=column.name in QUANTITIES)
    codes = column.cat.codes.to_numpy()
    used = np.flatnonzero(np.bincount(codes[codes >= 0], minlength=1))
    rank = np.full(len(column.cat.categories) + 1, -1, dtype=np.int32)
    rank[used] = np.arange(len(used), dtype=np.int32)
    words = pa.array(
        column.cat.categories.to_numpy(dtype=object)[used] if codes.max(initial=-1) >= 0 else [], pa.string()
    )
    return pa.DictionaryArray.from_arrays(pa.array(rank[codes], mask=codes < 0), words)


def _one_dictionary(column: Any) -> pa.DictionaryArray:
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks() if column.num_chunks else pa.array([], column.type)
    return column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()


def _recode(column: pa.DictionaryArray, dtype: pd.CategoricalDtype) -> pd.Categorical:
    own = pd.Index(column.dictionary.to_pylist(), dtype="str")
    rank = np.append(dtype.categories.get_indexer(own), -1).astype(np.int32)
    codes = column.indices.fill_null(len(own)).to_numpy(zero_copy_only=False)
    return pd.Categorical.from_codes(rank[codes], dtype=dtype)


def _numbers(column: pa.ChunkedArray) -> Array:
    values: Array = column.to_numpy()
    return values
