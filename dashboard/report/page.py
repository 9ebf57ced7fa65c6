"""A report as one HTML page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from dashboard.figures import layout
from dashboard.report.parts import Report, Table

STYLE = (
    f"body{{font-family:{layout.FONT};max-width:68rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff;"
    "line-height:1.45}table{border-collapse:collapse;margin:.5rem 0 1.5rem;font-variant-numeric:tabular-nums}"
    "th,td{text-align:left;padding:.2rem .8rem .2rem 0;border-bottom:1px solid #ddd;vertical-align:top}"
    "td.n,th.n{text-align:right}th.group{padding-top:.9rem}td:nth-child(4){color:#666}"
    ".answer{font-size:1.15rem;border-left:4px solid #0072B2;padding-left:.8rem}"
    "figure{margin:0 0 1.5rem}figcaption{color:#444}"
    "@media print{body{max-width:none;margin:0}h2{break-after:avoid}figure,tr{break-inside:avoid}}"
)


def page(found: Report) -> str:
    """A report as HTML."""
    parts = [f"<h1>{escape(found.title)}</h1>"]
    if found.question:
        parts.append(f"<p><strong>Question.</strong> {escape(found.question, quote=False)}</p>")
    parts += [
        f"<p class='answer'>{escape(line, quote=False)}</p>" if n == 0 else f"<p>{escape(line, quote=False)}</p>"
        for n, line in enumerate(found.answer)
    ]
    if found.figures.columns:
        parts += ["<h2>Figures</h2>", _table(found.figures)]
    parts += _drawn(found.charts)
    if found.assumptions is not None:
        parts += ["<h2>What it leans on: assumed numbers</h2>", _table(found.assumptions)]
    if found.sources:
        parts += ["<h2>Sources</h2><ul>", *(f"<li>{escape(line, quote=False)}</li>" for line in found.sources), "</ul>"]
    if found.stress:
        rows = [(item, str(text)) for item, text in found.stress.items()]
        parts += ["<h2>STRESS-DES</h2>", _table(Table(("item", "answer"), rows))]
    head = (
        f"<meta charset='utf-8'><meta name='viewport' content='width=device-width'><title>{escape(found.title)}</title>"
    )
    body = "".join(parts)
    return f"<!doctype html><html lang='en'><head>{head}<style>{STYLE}</style></head><body>{body}</body></html>\n"


def _drawn(charts: Sequence[tuple[str, str, Any]]) -> Iterator[str]:
    import plotly.io as pio

    for number, (title, caption, figure) in enumerate(charts):
        yield f"<h2>{escape(title)}</h2><figure>"
        yield pio.to_html(figure, full_html=False, include_plotlyjs=number == 0, config={"displaylogo": False})
        yield f"<figcaption>{escape(caption)}</figcaption></figure>"


def _table(found: Table) -> str:
    right = set(found.right)

    def cells(tag: str, row: Sequence[str]) -> str:
        return "".join(
            f"<{tag}{' class=n' if k in right else ''}>{escape(cell, quote=False)}</{tag}>"
            for k, cell in enumerate(row)
        )

    body = "".join(
        f"<tr>{cells('td', row)}</tr>"
        if any(row[1:]) or len(row) < 2
        else f"<tr><th class=group colspan={len(row)}>{escape(row[0], quote=False)}</th></tr>"
        for row in found.rows
    )
    return f"<table><thead><tr>{cells('th', found.columns)}</tr></thead><tbody>{body}</tbody></table>"
