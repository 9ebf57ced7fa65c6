"""Ctrl-C and a request to end are always heard, also when they arrive while a library calls back into Python."""

from __future__ import annotations

import os
import signal
import sys
import threading

#: Until the library has had time to return from its callback [s].
AGAIN_AFTER_S = 0.05
_unraisable = sys.unraisablehook
_leaving = threading.Event()


def listen() -> None:
    """Leave on SIGTERM as on Ctrl-C, so that half-written folders go away; what gets lost is sent again.

    Who leaves already is not disturbed by a second SIGTERM.
    """
    signal.signal(signal.SIGTERM, _terminated)
    sys.unraisablehook = _lost


def _terminated(*_: object) -> None:
    if not _leaving.is_set():
        _leaving.set()
        sys.exit(128 + signal.SIGTERM)


def _lost(lost: sys.UnraisableHookArgs) -> None:
    """What was raised where nobody can catch it: a compiler's callback drops an interrupt and writes a traceback."""
    if isinstance(lost.exc_value, KeyboardInterrupt):
        _again(signal.SIGINT)
    elif isinstance(lost.exc_value, SystemExit):
        _leaving.clear()
        _again(signal.SIGTERM)
    else:
        _unraisable(lost)


def _again(number: signal.Signals) -> None:
    timer = threading.Timer(AGAIN_AFTER_S, os.kill, (os.getpid(), number))
    timer.daemon = True
    timer.start()
