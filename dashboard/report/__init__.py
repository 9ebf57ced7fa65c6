"""A report as one HTML file that needs nothing else: question, answer, figures, charts, assumptions, sources.

It takes what `twin.api` gives: a run, replications, a comparison or a sweep.
"""

from dashboard.report.kinds import html, report
from dashboard.report.page import page
from dashboard.report.parts import SECTIONS, Report, Table, chosen

__all__ = ["SECTIONS", "Report", "Table", "chosen", "html", "page", "report"]
