"""Names of the components that callbacks talk to."""

from __future__ import annotations

from typing import Any

LOCATION, PAGE, ADDRESS, NARROW = "location", "page", "address", "narrow"
WAYS, WAYS_BUTTON, RUN_WAY = "ways", "ways-button", "run-way"

SCENARIO, SEED, DAYS, TIMES, OPENED = "scenario", "seed", "days", "times", "opened"
CHANGES, CHANGED, PATCH, COPY, RESET = "changes", "changed", "patch", "copy-patch", "reset"
SAVE_PATCH, PATCH_FILE = "save-patch", "patch-file"
SHEET, SHEET_FILE, UPLOAD, UPLOAD_SAID, PICTURED = "sheet", "sheet-file", "upload", "upload-said", "pictured"
OTHER_PROBLEMS = "other-problems"
RUN, CANCEL, PROGRESS, STATUS, POLL = "run", "cancel", "progress", "status", "poll"
FORM, FIELDS, MESSAGES = "form", "fields", "messages"
FORM_PARTS, FIND = "form-parts", "find-field"
NEW_SOURCE, NEW_NAME, NEW_ADD, NEW_SAID = "new-source", "new-name", "new-add", "new-said"
JOBS, SAID, PLAYED = "jobs", "said", "played"
#: What the charts of a page show: two runs on What if, days of a run on Day.
COMPARED, SHOWN = "compared", "shown"
ANSWER = "answer"
RESULTS, EARLIER, DRAWN = "results", "earlier", "drawn"
ALL_FIGURES, ALL_FIGURES_BUTTON = "all-figures", "all-figures-button"

#: A job of many runs that a page watches.
JOB, JOB_DONE, JOB_PROGRESS, JOB_STATUS = "job", "job-done", "job-progress", "job-status"
JOB_POLL, JOB_CANCEL = "job-poll", "job-cancel"
QUESTIONS, VALIDATE, VALIDATED = "questions", "validate", "validated"
COMPARE_RUN, COMPARE_MORE, COMPARE_SAID = "compare-run", "compare-more", "compare-said"
COMPARE_TIMES, COMPARE_DAYS = "compare-times", "compare-days"
EDIT_LETTER, EDIT_SETTING, EDIT_FIELD, EDIT_SET = "edit-letter", "edit-setting", "edit-field", "edit-set"
EDIT_SOURCE, EDIT_NAME, EDIT_ADD, EDIT_SAID, EDIT_OF = "edit-source", "edit-name", "edit-add", "edit-said", "edit-of"
SWEEP_SCENARIO, SWEEP_TIMES, SWEEP_DAYS, SWEEP_KPIS = "sweep-scenario", "sweep-times", "sweep-days", "sweep-kpis"
SWEEP_TARGETS, SWEEP_RUN, SIZE_RUN, SWEEP_SAID = "sweep-targets", "sweep-run", "size-run", "sweep-said"
SWEEP_OPENED = "sweep-opened"
SWEEP_FILE, SWEEP_FILE_RUN, EXPLORED, SIZED = "sweep-file", "sweep-file-run", "explored", "sized"
SECTIONS, REPORT, REPORT_SAVE, REPORT_FILE = "sections", "report", "report-save", "report-file"
EXPLORE_KPI, EXPLORE_AGAINST = "explore-kpi", "explore-against"

RUN_CHOICE, DAY_CHOICE, VIEW, PREVIOUS, NEXT, DAY_TITLE = "run-choice", "day", "view", "previous", "next", "day-title"

AGAINST_CHOICE = "against-choice"
REPLAY, REPLAY_DAY, REPLAY_DRAWN = "replay", "replay-day", "replay-drawn"


def field(path: str, kind: str) -> dict[str, str]:
    """The field of a path of the scenario; a switch has ``checked`` where others have ``value``."""
    return {"type": "switch" if kind == "switch" else "field", "path": path}


def part(name: str) -> dict[str, str]:
    """The place of what is in a part of the form."""
    return {"type": "part", "part": name}


def opens(name: str) -> dict[str, str]:
    """Whether a part has been opened."""
    return {"type": "opens", "part": name}


def more(group: str) -> dict[str, str]:
    """The place of the fields that are folded away."""
    return {"type": "more", "group": group}


def more_button(group: str) -> dict[str, str]:
    """What opens it."""
    return {"type": "more-button", "group": group}


def variant(letter: str, what: str) -> dict[str, str]:
    """A part of a scenario that is compared: its scenario, its patch, or what that changes in words."""
    return {"type": f"variant-{what}", "letter": letter}


def less(letter: str, path: str) -> dict[str, str]:
    """What takes a change back."""
    return {"type": "variant-less", "letter": letter, "path": path}


def axis(number: int, what: str) -> dict[str, Any]:
    """A field of what is varied: its path or its values."""
    return {"type": f"axis-{what}", "number": number}


def resume(folder: str) -> dict[str, str]:
    """What goes on with a sweep."""
    return {"type": "resume", "folder": folder}


def graph(chart: str) -> str:
    """The graph of a chart."""
    return f"{chart}-graph"


def caption(chart: str) -> str:
    """Its sentence."""
    return f"{chart}-caption"


def table_button(chart: str) -> str:
    """What opens its table."""
    return f"{chart}-table-button"


def table(chart: str) -> str:
    """Where its table is put."""
    return f"{chart}-table"


def order(chart: str) -> str:
    """By which column it is ordered."""
    return f"{chart}-order"


def find(chart: str) -> str:
    """The words that its rows shall have."""
    return f"{chart}-find"


def save(chart: str) -> str:
    """The button that saves its numbers."""
    return f"{chart}-save"


def file(chart: str) -> str:
    """The file that is saved."""
    return f"{chart}-file"
