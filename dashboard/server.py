"""The web server: one process with threads, the pool of workers beside it. Never a debug server."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboard.login import Login, SetupError

LOOPBACK = ("127.0.0.1", "localhost")
PORT = 8050
THREADS = 8
MOST_BODY_BYTES = 2_000_000
#: Below what a process may open; who opens them and says nothing keeps nobody else out before.
MOST_CONNECTIONS = 600
#: An idle connection is closed after this [s].
IDLE_S = 60
INTERRUPTED, TERMINATED = 128 + signal.SIGINT, 128 + signal.SIGTERM


@dataclass(frozen=True, slots=True)
class Setting:
    """How the server is started.

    Attributes
    ----------
    login : Login
    store, scenarios : Path
    host : str
    port : int
        0: any that is free.
    workers : int
        So many runs are played at once.
    browser : bool
        Whether a browser is opened, where there is a display.
    """

    login: Login
    store: Path
    scenarios: Path
    host: str = LOOPBACK[0]
    port: int = PORT
    workers: int = 2
    browser: bool = True


def require_login(host: str, login: Login) -> None:
    """Raise `SetupError` if other machines would reach the pages without a login."""
    if host not in LOOPBACK and login.is_open:
        said = f"--host {host} would show the pages to other machines, and no login is configured"
        raise SetupError(f"{said}; add --users FILE or --proxy ADDRESS, or leave --host out")


def serve(setting: Setting, tell: Callable[[str], None]) -> int:
    """Serve until somebody ends it.

    Parameters
    ----------
    setting : Setting
    tell : callable
        Is told the address once pages are served there.

    Returns
    -------
    int
        Exit code: 130 after an interrupt, 143 after a request to terminate.

    Raises
    ------
    SetupError
        When the address cannot be had.
    """
    with closing(listening(setting.host, setting.port)) as listener:
        from dashboard.config import Config
        from dashboard.jobs import Jobs
        from dashboard.runs import Runs

        jobs = Jobs(setting.store, setting.workers, setting.scenarios)
        try:
            config = Config(setting.store, setting.scenarios, jobs, Runs(setting.store))
            return _serve(setting, config, listener, tell)
        finally:
            jobs.close()


def _serve(setting: Setting, config: Any, listener: socket.socket, tell: Callable[[str], None]) -> int:
    """Make the app while the workers warm up, and serve it."""
    from dashboard import app as pages

    server = made(setting.login, config, listener)
    address = f"http://{_bracketed(setting.host)}:{listener.getsockname()[1]}/"
    tell(address)
    threading.Thread(target=pages.warm, args=(config,), name="warm", daemon=True).start()
    if setting.browser and has_display():
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    with closing(server):
        return _run(server)


def made(login: Login, config: Any, listener: socket.socket) -> Any:
    """The pages behind their login at a socket, as a server that can be run."""
    import waitress

    from dashboard import app as pages
    from dashboard.guard import Guard

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that somebody waits a moment is no news
    app = pages.create(config)
    hosts = [f"{name}:{listener.getsockname()[1]}" for name in LOOPBACK] if login.is_open else None
    guarded = Guard(app.server, login, hosts, app.csp_hashes)
    return waitress.create_server(
        guarded, sockets=[listener], threads=THREADS, ident=None, max_request_body_size=MOST_BODY_BYTES,
        connection_limit=MOST_CONNECTIONS, channel_timeout=IDLE_S, asyncore_use_poll=True,
    )  # fmt: skip


def _run(server: Any) -> int:
    """Run until a signal; which one it was, as an exit code."""
    heard = [0]

    def end(number: int, _: object) -> None:
        heard[0] = 128 + number
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        server.run()
    except KeyboardInterrupt:  # it came while the server was ending
        pass
    finally:
        for number in before:
            signal.signal(number, signal.SIG_IGN)  # what is left to do is short, and should be done
    return heard[0]


def listening(host: str, port: int) -> socket.socket:
    """A socket at the address; `SetupError` with the remedy if it cannot be had."""
    try:
        family, kind, number, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, number)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(place)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise SetupError(_why(error, host, port)) from None
    return listener


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken, perhaps by another dashboard; name another with --port N (0: any that is free)"
    if error.errno == errno.EACCES:
        return f"port {port} needs more rights than you have; name one above 1023 with --port N"
    return f"--host {host} is no address of this machine ({error.strerror}); leave --host out, or name another"


def has_display() -> bool:
    """Whether there is a screen on which a browser could appear."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
