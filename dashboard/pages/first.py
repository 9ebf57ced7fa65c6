"""The figures that come with the page itself, to be read while the browser still loads what makes it work."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from dashboard import address, contents
from dashboard.figures.comparison import Compared, with_unit


def sight(name: str, heading: str, compared: Iterable[Compared]) -> str:
    """The heading of the pages and the cards as plain HTML; ``assets/page.js`` takes it away when the page is there."""
    nav = "".join(f'<a href="{page.path}">{escape(page.title)}</a>' for page in contents.PAGES)
    head = f'<header class="head"><b class="brand">{escape(name)}</b></header><nav>{nav}</nav>'
    cards = "".join(map(_card, compared))
    return f'<div id="first">{head}<main><h2>{escape(heading)}</h2><div class="cards">{cards}</div></main></div>'


def _card(one: Compared) -> str:
    value = "not defined" if one.value is None else f"{with_unit(one.value, '')} <small>{escape(one.unit)}</small>"
    lines = f'<p>{escape(one.label)}</p><p class="value">{value}</p>'
    if one.paired:
        lines += f'<p class="{one.verdict}">{escape(one.difference_text)}</p>'
        lines += f"<p><small>Baseline {escape(with_unit(one.baseline, one.unit))}</small></p>"
    return f'<div class="card" data-kpi="{escape(one.key)}">{lines}</div>'


def is_for(path: str) -> bool:
    """Whether the page of a path begins with cards."""
    return path.rstrip("/") == address.WHAT_IF.rstrip("/")
