"""``twin dashboard``: the pages, for those who do not use a terminal."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.answers import answers
from twin.cli.output import say, write
from twin.errors import StoreError, UsageError

if TYPE_CHECKING:
    from dashboard.login import Login

#: More workers than this are seldom worth their memory.
MOST_BY_DEFAULT = 4


@answers
def dashboard(
    host: Annotated[str, typer.Option(metavar="H", help="Address to serve at; another needs a login.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="P", min=0, max=65535, help="Port; 0: any that is free.")] = 8050,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
    store: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where run folders lie; default: $TWIN_STORE or ./runs.")
    ] = None,
    scenarios: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder of your own scenarios; default: this one.")
    ] = Path(),
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=256, help="Runs at the same time; default: by the cores.")
    ] = None,
    users: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Who may log in: CSV with name, password_hash, roles.")
    ] = None,
    proxy: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="A proxy that logs people in; only it may connect then.")
    ] = None,
    user_header: Annotated[
        str | None, typer.Option(metavar="NAME", help="Header in which the proxy names the user.")
    ] = None,
    roles_header: Annotated[
        str | None, typer.Option(metavar="NAME", help="Header in which the proxy names the roles.")
    ] = None,
    hash_password: Annotated[
        bool, typer.Option("--hash-password", help="Ask for a password, print what stands for it in FILE, and leave.")
    ] = False,
) -> int:
    """Serve the pages on this machine until interrupted (Ctrl-C)."""
    from dashboard.login import SetupError

    try:
        if hash_password:
            return _hash_password()
        login = _login(users, proxy, user_header, roles_header, scenarios)
        return _serve(host, port, not no_browser, store, scenarios, workers, login)
    except SetupError as error:
        raise UsageError(str(error)) from None


def _login(
    users: Path | None, proxy: str | None, user_header: str | None, roles_header: str | None, scenarios: Path
) -> Login:
    """The one way in that was asked for."""
    from dashboard import login

    if users is not None and proxy is not None:
        raise UsageError("--users and --proxy are two logins; choose one")
    if proxy is not None:
        return login.from_proxy(proxy, user_header, roles_header)
    if user_header is not None or roles_header is not None:
        raise UsageError("--user-header and --roles-header need --proxy: from everybody else they prove nothing")
    if users is None:
        return login.AtTheMachine()
    if users.resolve().is_relative_to(scenarios.resolve()):
        said = f"--users {users} lies in the folder of scenarios, whose files pages may read"
        raise UsageError(f"{said}; move it elsewhere, or name another folder with --scenarios")
    return login.from_file(users)


def _serve(
    host: str, port: int, browser: bool, store: Path | None, scenarios: Path, workers: int | None, login: Login
) -> int:
    from dashboard import server

    server.require_login(host, login)
    if not scenarios.is_dir():
        raise UsageError(f"--scenarios {scenarios} is no folder")
    where = _store(store)
    if host not in server.LOOPBACK:
        say("twin: warning: the pages travel unprotected; put a proxy with TLS in front of other machines")
    count = workers or min(MOST_BY_DEFAULT, max(2, (os.cpu_count() or 2) - 1))
    setting = server.Setting(login, where, scenarios, host, port, count, browser)
    return server.serve(setting, _tell)


def _store(store: Path | None) -> Path:
    from twin.cli.run import unwritable
    from twin.results.store import default_store

    where = default_store() if store is None else store
    if above := unwritable(where):
        said = f"the store {where} cannot be used: {above} is no folder in which you may write"
        raise StoreError(f"{said}; name another with --store")
    return where


def _tell(address: str) -> None:
    """Where the pages are; whoever started us may wait for this line."""
    write(address)
    sys.stdout.flush()
    say("twin: the dashboard runs until you press Ctrl-C")


def _hash_password() -> int:
    """From a prompt, or from a line of the standard input."""
    from dashboard.login import hashed

    write(hashed(_asked() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")))
    return 0


def _asked() -> str:
    from getpass import getpass

    password = getpass("Password: ")
    if getpass("Once more: ") != password:
        raise UsageError("the two passwords differ; nothing was written")
    return password
