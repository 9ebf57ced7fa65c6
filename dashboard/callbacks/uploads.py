"""A file that somebody sends: data, of limited size, of which nothing is kept and nothing is run."""

from __future__ import annotations

import base64
import binascii

from dashboard.address import WhatIf
from dashboard.desk.desk import Desk
from dashboard.jobs import Refused

#: A sheet, and a scenario file: its text is read while others wait, and what it changes must fit into an address.
MOST_BYTES, MOST_TEXT_BYTES = 500_000, 100_000
#: An address that is longer is no longer carried by every browser and proxy.
MOST_ADDRESS_CHARACTERS = 6000
YAML, XLSX = (".yaml", ".yml"), ".xlsx"


def what_if(desk: Desk, scenario: str, name: str, contents: str) -> WhatIf:
    """The what-if that a file says.

    Parameters
    ----------
    desk : Desk
    scenario : str
        Over which it is laid if it does not say another one.
    name : str
        Of the file; only its ending is looked at.
    contents : str
        As a browser sends it: ``data:...;base64,...``.

    Raises
    ------
    Refused
        When it is too large, or nothing of ours.
    """
    data = _decoded(contents)
    if name.lower().endswith(XLSX):
        return _short(desk.forms.read_sheet(scenario, data))
    if not name.lower().endswith(YAML):
        raise Refused("only scenario files (YAML) and sheets (XLSX) are opened here")
    if len(data) > MOST_TEXT_BYTES:
        raise Refused(_too_large(MOST_TEXT_BYTES))
    try:
        return _short(desk.forms.laid(scenario, data.decode("utf-8-sig")))
    except UnicodeDecodeError:
        raise Refused("this is no text in UTF-8") from None


def _decoded(contents: str) -> bytes:
    if len(contents) > MOST_BYTES * 4 // 3 + 200:
        raise Refused(_too_large(MOST_BYTES))
    try:
        return base64.b64decode(contents.partition("base64,")[2], validate=True)
    except (binascii.Error, ValueError):
        raise Refused("the file did not arrive whole; send it again") from None


def _too_large(most: int) -> str:
    return f"the file is too large; the most is {most} bytes"


def _short(state: WhatIf) -> WhatIf:
    if sum(len(path) + len(text) for path, text in state.changes.items()) > MOST_ADDRESS_CHARACTERS:
        raise Refused("it changes more than a link can carry; put it into the folder of scenarios and pick it there")
    return state
