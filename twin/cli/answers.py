"""What a command leaves with: its exit code, and a plain sentence when something went wrong."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

import typer

from twin.cli import INTERRUPTED
from twin.cli.output import say, write_json
from twin.errors import Problem, ScenarioError, TwinError, shorten

DEBUG_VARIABLE = "TWIN_DEBUG"
OURS = 1
#: What writing to a stream that nobody reads, or to a full disk, gives.
UNHEARD = (errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)


def answers(command: Callable[..., int]) -> Callable[..., None]:
    """The command, which returns its exit code, as typer wants it: nothing that goes wrong becomes a traceback.

    A command with ``--json`` has the parameter ``as_json``; then a mistake is written as an object too.
    """

    @wraps(command)
    def answered(**words: Any) -> None:
        code = _answer(command, words)
        raise typer.Exit(code)

    return answered


def _answer(command: Callable[..., int], words: dict[str, Any]) -> int:
    try:
        code = command(**words)
        sys.stdout.flush()
    except TwinError as error:
        return _mistake(error, bool(words.get("as_json")))
    except KeyboardInterrupt:
        say("twin: interrupted; nothing half-written is left")
        return INTERRUPTED
    except BrokenPipeError:
        _drop_stdout()
        return 0
    except Exception as error:  # noqa: BLE001 - the last net: no traceback reaches a user
        return _ours(error)
    return code


def _mistake(error: TwinError, as_json: bool) -> int:
    """Tell, whoever still listens."""
    try:
        say(f"twin: {error}")
        if as_json:
            write_json({"error": as_data(error)})
        sys.stdout.flush()
    except OSError:
        _drop_stdout()
    return error.exit_code


def as_data(error: TwinError) -> dict[str, Any]:
    """An error as plain data."""
    problems = error.problems if isinstance(error, ScenarioError) else ()
    return {
        "kind": type(error).__name__,
        "exit_code": error.exit_code,
        "message": str(error),
        "problems": [problem_data(problem) for problem in problems],
    }


def problem_data(problem: Problem) -> dict[str, Any]:
    """One mistake as plain data; a value that is no text is shown as Python writes it."""
    value = problem.value if problem.value is None or isinstance(problem.value, str) else shorten(problem.value)
    return {
        "path": problem.path,
        "file": problem.file,
        "line": problem.line,
        "value": value,
        "message": problem.message,
        "allowed": problem.allowed,
        "nearest": problem.nearest,
    }


def _ours(error: Exception) -> int:
    """One line; the traceback only when asked for."""
    if isinstance(error, OSError) and error.errno in UNHEARD:
        return unheard(error)
    if os.environ.get(DEBUG_VARIABLE):
        traceback.print_exception(error)
    first = (str(error).splitlines() or [""])[0]
    hint = f"{DEBUG_VARIABLE}=1 shows the traceback"
    say(f"twin: this is a fault of ours, not of your scenario: {type(error).__name__}: {first[:300]} ({hint})")
    return OURS


def unheard(error: OSError) -> int:
    """Nobody takes our words: a full disk, a closed stream."""
    _drop_stdout()
    with suppress(OSError):
        say(f"twin: the output could not be written: {error.strerror}")
    return OURS


def _drop_stdout() -> None:
    """What is still in the buffer goes nowhere, so that leaving does not complain again."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
