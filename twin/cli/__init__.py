"""The command line: words in, text out. Everything heavy is imported inside the commands, so that help is quick."""

import sys

INTERRUPTED = 130


def main() -> None:
    """Answer the words of the command line and leave with an exit code."""
    try:
        from twin.cli.app import start

        start()
    except KeyboardInterrupt:
        _leave(INTERRUPTED)
    except SystemExit as leaving:
        if leaving.code == INTERRUPTED:
            _leave(INTERRUPTED)
        raise


def _leave(code: int) -> None:
    """Leave at once: Python would take an interrupt inside a library's ``exec`` for one that nobody caught."""
    import os

    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            continue
    os._exit(code)
