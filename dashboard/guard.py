"""What stands before every page: who asks, where the request comes from, what a browser may do with the answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from dashboard import access
from dashboard.login import Denied, Login

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

METHODS = frozenset({"GET", "HEAD", "POST"})
#: Files that are the same for everybody; a browser may keep them.
FILES = ("/_dash-component-suites/", "/assets/")
ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
)
#: Styles are written into the page by Mantine and plotly, pictures by plotly as data and blobs.
POLICY = (
    "default-src 'self'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


class Guard:
    """The app behind its login.

    Parameters
    ----------
    app : WSGI application
    login : Login
    hosts : collection of str, optional
        The only names by which the server may be called; None: any. Without a login, a page of somebody else whose name
        leads to this machine would read everything (DNS rebinding).
    script_hashes : callable, optional
        Hashes of the scripts that stand in the page itself.
    """

    def __init__(
        self,
        app: WSGIApplication,
        login: Login,
        hosts: Collection[str] | None = None,
        script_hashes: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self._app, self._login, self._script_hashes = app, login, script_hashes
        self._hosts = None if hosts is None else frozenset(host.lower() for host in hosts)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or say why not."""

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*_kept(headers), *self._headers(str(environ["PATH_INFO"]))], *rest)

        try:
            self._refuse(environ)
            user = self._login.user(environ)
        except Denied as denied:
            return _say(start, denied)
        with access.acting(user):
            return self._app(environ, start)

    def _refuse(self, environ: WSGIEnvironment) -> None:
        host = str(environ.get("HTTP_HOST", "")).lower()
        if self._hosts is not None and host not in self._hosts:
            raise Denied("403 Forbidden", f"This server is not called {host[:80]!r}.")
        if environ["REQUEST_METHOD"] not in METHODS:
            raise Denied("405 Method Not Allowed", "This cannot be done here.", [("Allow", ", ".join(METHODS))])
        if environ["REQUEST_METHOD"] == "POST" and not _is_own_page(environ, host):
            raise Denied("403 Forbidden", "Another site may not do this in your name.")

    def _headers(self, path: str) -> list[tuple[str, str]]:
        policy = POLICY.format(scripts=" ".join(f"'{known.strip(QUOTE)}'" for known in self._script_hashes()))
        kept = [] if path.startswith(FILES) else [("Cache-Control", "no-store")]
        return [*ALWAYS, ("Content-Security-Policy", policy), *kept]


QUOTE = "'"


def _is_own_page(environ: WSGIEnvironment, host: str) -> bool:
    """Whether a page of ours sends this: as the browser says, else by the page's origin; a script has neither."""
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = environ.get("HTTP_ORIGIN")
    return origin is None or urlsplit(str(origin)).netloc.lower() == host


def _kept(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The app's own headers, without those that we set ourselves; files keep what is said of keeping them."""
    ours = {name.lower() for name, _ in ALWAYS} | {"content-security-policy"}
    return [(name, value) for name, value in headers if name.lower() not in ours]


def _say(start: Callable[..., Any], denied: Denied) -> list[bytes]:
    body = f"{denied}\n".encode()
    said = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body))), *denied.headers]
    start(denied.status, said)
    return [body]
