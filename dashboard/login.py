"""How the server knows who asks: who sits at the machine, a file of users, or a proxy that has asked already.

Nothing heavy is imported here: the command line asks before it starts anything.
"""

from __future__ import annotations

import base64
import binascii
import csv
import hashlib
import hmac
import os
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from dashboard.access import EVERYBODY, ROLES, User
from dashboard.patience import Patience

Environ: TypeAlias = Mapping[str, Any]

COLUMNS = ("name", "password_hash", "roles")
LEAST_PASSWORD_CHARACTERS = 10
MOST_FILE_BYTES = 1_000_000
REALM = 'Basic realm="Preclinical Twin", charset="UTF-8"'
_HASH = re.compile(r"scrypt:[0-9]+:[0-9]+:[0-9]+\$[^$\s]+\$[0-9a-f]+")
_NAME = re.compile(r"[^\s:,;\"\x00-\x1f][^:,;\"\x00-\x1f]{0,99}")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_SEPARATORS = re.compile(r"[\s,;]+")
#: What everybody sends, so that it proves nothing.
_ORDINARY = frozenset("host origin cookie accept referer user-agent authorization connection content-type".split())


class SetupError(ValueError):
    """A login that cannot be set up so; the text says why and what to do."""


class Denied(Exception):  # noqa: N818 - an answer, not an error
    """A request that is not answered; the text is for the person who asked."""

    def __init__(self, status: str, message: str, headers: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(message)
        self.status, self.headers = status, tuple(headers)


class Login(Protocol):
    """A way to know who asks."""

    @property
    def is_open(self) -> bool:
        """Whether anybody who reaches the server gets in."""

    def user(self, environ: Environ) -> User:
        """Who asks; `Denied` if that is not known."""


class AtTheMachine:
    """No login: who reaches the loopback address sits at the machine and has all roles."""

    is_open = True

    def user(self, environ: Environ) -> User:  # noqa: ARG002 - everybody is welcome
        """Everybody."""
        return EVERYBODY


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a file of users."""

    user: User
    password_hash: str


class FromFile:
    """Names and passwords by HTTP Basic.

    Parameters
    ----------
    entries : mapping of name to Entry
    patience : Patience, optional
        How often somebody may be wrong.
    """

    is_open = False

    def __init__(self, entries: Mapping[str, Entry], patience: Patience | None = None) -> None:
        self._entries = dict(entries)
        self._patience = patience or Patience()
        self._key = os.urandom(32)
        self._known: dict[str, bytes] = {}
        self._one_at_a_time = threading.Lock()  # a hash costs time and memory on purpose

    def user(self, environ: Environ) -> User:
        """Who asks, by name and password."""
        name, password = _credentials(environ)
        if not self._is_known(name, password):
            self._check(name, password, str(environ.get("REMOTE_ADDR")))
        return self._entries[name].user

    def _check(self, name: str, password: str, address: str) -> None:
        """Let in who has the right password; the wrong one costs time, and after some of them more."""
        with self._one_at_a_time:
            if (wait_s := self._patience.wait_s(address)) > 0:
                said = f"Too many wrong passwords; try again in {wait_s} seconds."
                raise Denied("429 Too Many Requests", said, [("Retry-After", str(wait_s))])
            if not self._is_right(name, password):
                self._patience.wrong(address)
                raise _unknown("The name or the password is wrong.")
            self._patience.right(address)
            self._known[name] = self._digest(name, password)

    def _is_right(self, name: str, password: str) -> bool:
        """An unknown name takes as long as a known one."""
        from werkzeug.security import check_password_hash

        entry = self._entries.get(name)
        stored = next(iter(self._entries.values())).password_hash if entry is None else entry.password_hash
        return check_password_hash(stored, password) and entry is not None

    def _is_known(self, name: str, password: str) -> bool:
        """Whether this password was right before: a page asks many times, and a hash takes a tenth of a second."""
        return hmac.compare_digest(self._known.get(name, b""), self._digest(name, password))

    def _digest(self, name: str, password: str) -> bytes:
        return hmac.digest(self._key, f"{name}\0{password}".encode(), hashlib.sha256)


def _credentials(environ: Environ) -> tuple[str, str]:
    """Name and password of HTTP Basic."""
    kind, _, coded = str(environ.get("HTTP_AUTHORIZATION", "")).partition(" ")
    if kind.lower() != "basic":
        raise _unknown("Log in to see this page.")
    try:
        name, colon, password = base64.b64decode(coded, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        raise _unknown("The login cannot be read.") from None
    if not colon:
        raise _unknown("The login cannot be read.")
    return name, password


def _unknown(message: str) -> Denied:
    return Denied("401 Unauthorized", message, [("WWW-Authenticate", REALM)])


@dataclass(frozen=True, slots=True)
class FromProxy:
    """A proxy has asked already, and says in two headers who it is.

    Attributes
    ----------
    address : IPv4Address or IPv6Address
        The only machine that may connect.
    user_header, roles_header : str
        Names of the headers; roles are separated by commas or spaces.
    """

    address: IPv4Address | IPv6Address
    user_header: str
    roles_header: str
    is_open = False

    def user(self, environ: Environ) -> User:
        """Who asks, as the proxy says."""
        if not self._comes_from_proxy(environ):
            raise Denied("403 Forbidden", "Only the configured proxy may connect to this server.")
        name = str(environ.get(_key(self.user_header), "")).strip()
        if not _NAME.fullmatch(name):
            raise Denied("403 Forbidden", "The proxy does not say who you are.")
        roles = _roles(str(environ.get(_key(self.roles_header), "")))
        if not roles & set(ROLES):
            raise Denied("403 Forbidden", f"You have none of the roles {', '.join(ROLES)}.")
        return User(name, frozenset(roles & set(ROLES)))

    def _comes_from_proxy(self, environ: Environ) -> bool:
        try:
            return _plain(ip_address(str(environ.get("REMOTE_ADDR")).partition("%")[0])) == self.address
        except ValueError:
            return False


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """An IPv4 address that came as IPv6 is an IPv4 address."""
    return getattr(address, "ipv4_mapped", None) or address


def _key(header: str) -> str:
    return f"HTTP_{header.upper().replace('-', '_')}"


def _roles(text: str) -> set[str]:
    return {word for word in _SEPARATORS.split(text.strip()) if word}


def from_proxy(address: str, user_header: str | None, roles_header: str | None) -> FromProxy:
    """A proxy's login, from words of the command line; `SetupError` if they make none."""
    try:
        known = _plain(ip_address(address))
    except ValueError:
        said = f"--proxy {address!r} is no address of a machine, such as 10.0.0.5"
        raise SetupError(f"{said}; name the one from which the proxy connects") from None
    if user_header is None or roles_header is None:
        raise SetupError("--proxy needs --user-header and --roles-header: where the proxy says who asks")
    for header in (user_header, roles_header):
        if not _HEADER.fullmatch(header) or header.lower() in _ORDINARY:
            raise SetupError(f"{header!r} is no header that a proxy can set for this; take one such as X-Twin-User")
    if user_header.lower() == roles_header.lower():
        raise SetupError(f"--user-header and --roles-header are both {user_header}; they must differ")
    return FromProxy(known, user_header, roles_header)


def from_file(path: Path) -> FromFile:
    """A file's login: CSV with the columns name, password_hash, roles; `SetupError` with all that is wrong."""
    rows = _rows(path)
    problems = list(_problems(rows))
    if problems:
        raise SetupError(f"--users {path}: " + "; ".join(problems))
    return FromFile(
        {row["name"]: Entry(User(row["name"], frozenset(_roles(row["roles"]))), row["password_hash"]) for row in rows}
    )


def _entry(row: Mapping[str, str]) -> Entry:
    return Entry(User(row["name"], frozenset(_roles(row["roles"]))), row["password_hash"])


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        if not path.is_file() or path.stat().st_size > MOST_FILE_BYTES:
            raise SetupError(f"--users {path} is no file of users")
        text = path.read_text(encoding="utf-8-sig")
        reader = csv.DictReader(text.splitlines(), strict=True, restval="", restkey="more")
        rows = [{str(key): str(cell).strip() for key, cell in row.items()} for row in reader]
    except (OSError, ValueError, csv.Error) as error:
        if isinstance(error, SetupError):
            raise
        raise SetupError(f"--users {path} cannot be read as CSV: {error}") from None
    if tuple(reader.fieldnames or ()) != COLUMNS or not rows:
        raise SetupError(f"--users {path}: the first line is {','.join(COLUMNS)}, then one line for each user")
    return rows


def _problems(rows: list[dict[str, str]]) -> Iterator[str]:
    """What is wrong with a file of users; never with a password in it."""
    names = [row["name"] for row in rows]
    for number, row in enumerate(rows, 2):
        unknown = _roles(row["roles"]) - set(ROLES)
        if not _NAME.fullmatch(row["name"]) or "more" in row:
            yield f"line {number} has no name, or cells too many"
        elif names.count(row["name"]) > 1:
            yield f"line {number}: {row['name']!r} stands here twice"
        if not _HASH.fullmatch(row["password_hash"]):
            yield f"line {number}: this is no hash; `twin dashboard --hash-password` makes one"
        if unknown or not _roles(row["roles"]):
            yield f"line {number}: roles are some of {', '.join(ROLES)}, with spaces between"


def hashed(password: str) -> str:
    """What stands in a file of users for a password; `SetupError` if it is too short."""
    from werkzeug.security import generate_password_hash

    if len(password) < LEAST_PASSWORD_CHARACTERS:
        raise SetupError(f"a password has at least {LEAST_PASSWORD_CHARACTERS} characters")
    return generate_password_hash(password, method="scrypt")
