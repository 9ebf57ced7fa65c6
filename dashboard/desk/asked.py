"""The jobs of a store as a user may see them: what was asked for, what came of it, without what is of single people."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dashboard import access
from dashboard.jobs import Experiment, Request, Status

if TYPE_CHECKING:
    from dashboard.jobs import Jobs
    from dashboard.jobs.shelf import Shelf

HIDDEN = "changes of single people, which only some roles may see"
HIDDEN_MESSAGE = "it failed for a reason that only some roles may see"


class SeenJobs:
    """Jobs that are read and asked for through this alone, so that no page shows more than its reader may see.

    Parameters
    ----------
    jobs : Jobs
    """

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    @property
    def shelf(self) -> Shelf:
        """What can be picked."""
        return self._jobs.shelf

    def submit(self, request: Request) -> str:
        """Put a run into the queue; its job. `Refused` when it cannot be asked for so."""
        return self._jobs.submit(request)

    def submit_all(self, requests: Sequence[Request]) -> list[str]:
        """The same of several that belong together."""
        return self._jobs.submit_all(requests)

    def cancel(self, job: str) -> None:
        """End a job if the user may; `Refused` if there is none of this name."""
        if access.may_end(access.current_user(), self._jobs.status(job).user):
            self._jobs.cancel(job)

    def status(self, job: str) -> Status:
        """How a job stands; `Refused` if there is none of this name."""
        return seen(self._jobs.status(job))

    def listing(self) -> tuple[Status, ...]:
        """Every job of the store, newest first."""
        return tuple(map(seen, self._jobs.listing()))

    def answer(self, job: str) -> dict[str, Any] | None:
        """What came of an experiment; None: nothing that the user may see. `Refused` if there is nothing at all."""
        return seen_answer(self._jobs.answer(job))


def seen(status: Status) -> Status:
    """A job as the user of this request may see it: not whom somebody else's changes are about."""
    user, request = access.current_user(), status.request
    if access.may_see_people(user) or user.name == request.user or not _is_personal(request):
        return status
    return replace(
        status,
        label=f"{request.scenario}, {HIDDEN}",
        request=replace(request, patch="", experiment=_without_changes(request.experiment)),
        message=HIDDEN_MESSAGE if status.state == "failed" else status.message,
        problems=(),
    )


def _without_changes(asked: Experiment | None) -> Experiment | None:
    if asked is None:
        return None
    return replace(asked, others=tuple(replace(one, patch="") for one in asked.others), axes={})


def _is_personal(request: Request) -> bool:
    asked = request.experiment
    patches = [request.patch, *(one.patch for one in (asked.others if asked else ()))]
    paths = [path for patch in patches for path in _paths(patch)] + list(asked.axes if asked else ())
    return any(map(access.is_of_people, paths))


@lru_cache(maxsize=1024)
def _paths(patch: str) -> tuple[str, ...]:
    """What a patch sets; a patch in the queue has been read before."""
    from twin import api

    return tuple(path for path, _ in api.changes(patch)) if patch else ()


def seen_answer(said: dict[str, Any]) -> dict[str, Any] | None:
    """An answer as the user of this request may see it; None: nothing of it."""
    if said.get("kind") == "compare":
        return _seen_comparison(said)
    if said.get("kind") == "size" and not access.may_see_people(access.current_user()):
        return said if all(map(_is_open_in(said), _figures(said))) else None
    return said


def _seen_comparison(said: dict[str, Any]) -> dict[str, Any]:
    about = access.visible_manifest(said.get("about", {}))  # an older answer has none, and the server plays nothing
    if access.may_see_people(access.current_user()):
        return said | {"about": about}
    is_open = _is_open_in(said)
    shown = {name: value for name, value in said.items() if name != "resolved"}  # it says who is pregnant
    differences = [one for one in said["differences"] if is_open(one["kpi"])]
    return shown | {"about": about, "differences": differences, "sentences": []}


def _is_open_in(said: Mapping[str, Any]) -> Callable[[str], bool]:
    """Whether everybody may see a figure of an experiment."""
    alone = set(said.get("alone", ()))
    return lambda kpi: access.is_open(kpi, alone)


_FIGURE = re.compile(r"[A-Za-z_0-9]+(?:\[[^\]]*\])?")


def _figures(said: Mapping[str, Any]) -> list[str]:
    """The figures that a sizing's targets are about."""
    return [found[0] for target in said.get("targets", ()) if (found := _FIGURE.match(str(target)))]
