"""The form as a sheet (XLSX): a row for each field, to be filled in elsewhere. What comes back is data."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dashboard.form import patch, values
from dashboard.form.leaves import Leaf

#: A sheet that is larger, packed or unpacked, is not read.
MOST_BYTES, MOST_UNPACKED_BYTES, MOST_ROWS, MOST_CHARACTERS = 500_000, 10_000_000, 6000, 2000
HEADS = ("field", "part", "thing", "what", "unit", "value", "what it is")
WIDTHS = (44, 14, 22, 28, 18, 26, 80)
PATH, VALUE = HEADS.index("field"), HEADS.index("value")
TITLE = "scenario"
HINT = "Change the column “value” only, and open the file on the page What if."
NO_SHEET = "this is no sheet that the page What if has given (XLSX)"


def written(scenario: str, leaves: Iterable[Leaf], fields: Mapping[str, Any]) -> bytes:
    """The sheet; every cell is text or a number, none a formula."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    page = book.active
    assert page is not None
    page.title = TITLE
    for row in ((TITLE, scenario, HINT), HEADS, *_rows(leaves, fields)):
        page.append(row)
    for cell in (cell for row in page.iter_rows() for cell in row if isinstance(cell.value, str)):
        cell.data_type = "s"  # text, whatever it begins with
    for cell in (*page[1], *page[2]):
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDEFG", WIDTHS, strict=True):
        page.column_dimensions[letter].width = width
    page.freeze_panes = "A3"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _rows(leaves: Iterable[Leaf], fields: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    for leaf in leaves:
        value = patch.Change(leaf, fields.get(leaf.path, values.shown(leaf))).text
        number = int(value) if leaf.kind == "count" and value.isdigit() else value
        yield leaf.path, leaf.part, leaf.item, leaf.label, leaf.unit, number, leaf.description


def read(file: bytes) -> tuple[str, dict[str, str]]:
    """Scenario, and path -> what stands in the column of values.

    Raises
    ------
    ValueError
        When it is no such sheet, or too large; the text is for a person.
    """
    _refuse_bombs(file)
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(file), read_only=True, data_only=True, keep_links=False)
        rows = list(book.worksheets[0].iter_rows(values_only=True, max_row=MOST_ROWS + 2))
    except Exception as error:  # a file of somebody else can break the reader in many ways
        raise ValueError(NO_SHEET) from error
    if len(rows) < 2 or rows[0][:1] != (TITLE,) or tuple(rows[1][: len(HEADS)]) != HEADS:
        raise ValueError(NO_SHEET)
    return str(rows[0][1]), {str(row[PATH]): _text(row[VALUE]) for row in rows[2:] if row and row[PATH]}


def _text(value: Any) -> str:
    """A cell as a field has it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f"{value:g}" if isinstance(value, float) else str(value)
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"a cell has {len(text)} characters; the most is {MOST_CHARACTERS}")
    return text


def _refuse_bombs(file: bytes) -> None:
    """A small file may unpack to a large one, and XML may declare entities that grow: neither is looked into."""
    if len(file) > MOST_BYTES:
        raise ValueError(f"the file has {len(file)} bytes; the most is {MOST_BYTES}")
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as packed:
            whole = sum(one.file_size for one in packed.infolist())
            if whole > MOST_UNPACKED_BYTES:
                raise ValueError(f"the file unpacks to {whole} bytes; the most is {MOST_UNPACKED_BYTES}")
            names = [one for one in packed.namelist() if one.endswith((".xml", ".rels"))]
            if any(b"<!DOCTYPE" in packed.read(name) or b"<!ENTITY" in packed.read(name) for name in names):
                raise ValueError(NO_SHEET)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as error:
        raise ValueError(NO_SHEET) from error
