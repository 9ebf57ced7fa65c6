"""``twin report``: one self-contained file about a run, a comparison or a sweep."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from twin.cli.answers import answers
from twin.cli.examination import BROWSERS
from twin.cli.output import write
from twin.cli.words import require_place
from twin.errors import DataError, StoreError, TwinError, UsageError

#: How long the browser may take to print [s].
PATIENCE_S = 120


@answers
def report(
    thing: Annotated[
        Path,
        typer.Argument(
            metavar="RUN|COMPARISON|SWEEP", help="A run folder, what `twin compare --json` wrote, or a sweep's folder."
        ),
    ],
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write one HTML file that needs nothing else.")
    ] = None,
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a PDF; needs Chromium.")] = None,
) -> int:
    """Write a report: question, answer, figures, charts, assumptions, sources, the STRESS-DES checklist."""
    if html is None and pdf is None:
        raise UsageError("say where: --html FILE or --pdf FILE")
    require_place(html, "--html")
    require_place(pdf, "--pdf")
    browser = _browser() if pdf is not None else None
    from dashboard import report as builder

    what = found(thing)
    try:
        page = builder.html(what)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        if not isinstance(what, dict) or isinstance(error, TwinError):
            raise
        raise DataError(f"{thing} is not a comparison as `twin compare --json` writes it") from None
    outputs = (("--html", html, page.encode()), ("--pdf", pdf, printed(page, browser) if browser else b""))
    for option, path, content in outputs:
        if path is not None:
            _written(option, path, content)
    return 0


def found(path: Path) -> Any:
    """What lies at a path: a run, a comparison or a sweep."""
    from twin import api

    if path.is_file():
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise DataError(f"{path} cannot be read: {error}") from None
        if not isinstance(said, dict) or not {"differences", "resolved", "scenarios", "sentences"} <= set(said):
            raise DataError(f"{path} is no comparison; `twin compare A B --json > {path}` writes one")
        return said
    if (path / "plan.json").is_file():
        return api.open_sweep(path)
    return api.open(path)


def _browser() -> str:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise UsageError("--pdf needs Chromium or Chrome, which is not installed; --html does without")
    return browser


def printed(page: str, browser: str) -> bytes:
    """A page as PDF."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "report.html", Path(folder) / "report.pdf"
        source.write_text(page, encoding="utf-8")
        words = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-pdf-header-footer",
            f"--user-data-dir={folder}/profile",
        ]
        command = [browser, *words, "--virtual-time-budget=10000", f"--print-to-pdf={target}", source.as_uri()]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE_S)  # noqa: S603 - a browser that was found
            return target.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise StoreError(
                f"Chromium could not print the report ({type(error).__name__}); --html does without"
            ) from None


def _written(option: str, path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{option} {path} cannot be written: {error.strerror}") from None
    write(f"Report: {path}")
