"""Numbers from the world, each with its source.

A number lives in a CSV row: name, value, unit, low, high, source, kind, note. A row without a source is refused.
`Numbers` holds every table of the package with a scenario's overrides on top and remembers which rows were asked for,
so that a run can list its sources and the assumed numbers that it leans on. Keys are ``"table.row"``.
"""

from twin.sources.grids import GRIDS, Grid, grid, read_grid
from twin.sources.numbers import FILES, Numbers, all_tables, default_numbers
from twin.sources.reading import COLUMNS, DISTRIBUTIONS, KINDS, bibliography, read_table
from twin.sources.rows import Row, Table

__all__ = [
    "COLUMNS",
    "DISTRIBUTIONS",
    "FILES",
    "GRIDS",
    "KINDS",
    "Grid",
    "Numbers",
    "Row",
    "Table",
    "all_tables",
    "bibliography",
    "default_numbers",
    "grid",
    "read_grid",
    "read_table",
]
