"""Who gets in: passwords, a proxy's headers, and nobody else."""

import base64

import pytest
from werkzeug.test import Client

from dashboard import access
from dashboard.guard import Guard
from dashboard.login import AtTheMachine, FromFile, SetupError, from_file, from_proxy, hashed
from dashboard.patience import FREE, Patience

PASSWORD = "correct horse battery"


def app(environ, start_response):
    """Says who asks."""
    user = access.current_user()
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Frame-Options", "ALLOWALL")])
    return [f"{user.name}: {' '.join(sorted(user.roles))}".encode()]


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("login") / "users.csv"
    lines = [f"anna,{hashed(PASSWORD)},manager viewer", f"vera,{hashed('another password')},viewer"]
    path.write_text("\n".join(["name,password_hash,roles", *lines]) + "\n")
    return path


def basic(name, password=PASSWORD):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def test_a_password_lets_in_with_its_roles(file):
    client = Client(Guard(app, from_file(file)))
    assert client.get("/", headers=basic("anna")).text == "anna: manager viewer"
    assert client.get("/", headers=basic("vera", "another password")).text == "vera: viewer"
    assert access.current_user() == access.NOBODY


def test_nobody_else_gets_in(file):
    client = Client(Guard(app, from_file(file)))
    asked = client.get("/")
    assert asked.status_code == 401
    assert asked.headers["WWW-Authenticate"].startswith("Basic ")
    wrong = [basic("anna", "another password"), basic("Anna"), basic("nobody"), {"Authorization": "Basic %%%"}]
    for headers in wrong:
        assert client.get("/", headers=headers).status_code == 401
    assert client.get("/", headers={"Authorization": "Bearer x", "X-Twin-User": "anna"}).status_code == 401


def test_wrong_passwords_cost_time_and_right_ones_do_not(file):
    now = [0.0]
    login = from_file(file)
    client = Client(Guard(app, FromFile(login._entries, Patience(lambda: now[0]))))
    assert client.get("/", headers=basic("vera", "another password")).status_code == 200
    codes = [client.get("/", headers=basic("anna", "wrong password")).status_code for _ in range(FREE + 1)]
    assert codes == [401] * FREE + [429]
    refused = client.get("/", headers=basic("anna"))
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert client.get("/", headers=basic("vera", "another password")).status_code == 200, "she was known already"
    now[0] += 61
    assert client.get("/", headers=basic("anna")).status_code == 200


def test_patience_doubles_and_has_an_end():
    now = [0.0]
    patience = Patience(lambda: now[0])
    waits = []
    for _ in range(20):
        patience.wrong("a")
        waits.append(patience.wait_s("a"))
    assert waits[: FREE + 2] == [0, 0, 0, 0, 1, 2, 4]
    assert waits[-1] == 60
    for number in range(5000):
        patience.wrong(f"address {number}")
    assert len(patience._wrong) == 1000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "first line"),
        ("name,password,roles\nanna,x,viewer", "first line"),
        ("name,password_hash,roles", "first line"),
        ("name,password_hash,roles\nanna,s3cret-password,viewer", "no hash"),
        ("name,password_hash,roles\nanna,scrypt:1:1:1$a$ff,boss", "roles are"),
        ("name,password_hash,roles\nanna,scrypt:1:1:1$a$ff,", "roles are"),
        ("name,password_hash,roles\n,scrypt:1:1:1$a$ff,viewer", "no name"),
        ("name,password_hash,roles\na,scrypt:1:1:1$a$ff,viewer\na,scrypt:1:1:1$a$ff,viewer", "twice"),
        ("name,password_hash,roles\nanna,scrypt:1:1:1$a$ff,viewer,x,y", "too many"),
    ],
)
def test_a_wrong_file_is_refused_and_no_password_is_shown(tmp_path, text, said):
    path = tmp_path / "users.csv"
    path.write_text(text)
    with pytest.raises(SetupError, match=said) as refused:
        from_file(path)
    assert "s3cret" not in str(refused.value)


def test_a_file_that_is_none(tmp_path):
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path, tmp_path / "nosuch", tmp_path / "binary"):
        with pytest.raises(SetupError):
            from_file(path)


def test_short_passwords_are_refused():
    with pytest.raises(SetupError, match="10"):
        hashed("short")


PROXY = "10.0.0.5"
SAID = {"X-Twin-User": "rolf", "X-Twin-Roles": "radiation_protection, other"}


@pytest.fixture(scope="module")
def proxied():
    return Client(Guard(app, from_proxy(PROXY, "X-Twin-User", "X-Twin-Roles")))


def asked(client, address, headers):
    return client.get("/", headers=headers, environ_overrides={"REMOTE_ADDR": address})


def test_the_proxy_is_believed(proxied):
    assert asked(proxied, PROXY, SAID).text == "rolf: radiation_protection"
    assert asked(proxied, f"::ffff:{PROXY}", SAID).text == "rolf: radiation_protection"


@pytest.mark.parametrize("address", ["10.0.0.6", "127.0.0.1", "", "nonsense"])
def test_nobody_else_is_believed(proxied, address):
    assert asked(proxied, address, SAID).status_code == 403
    assert asked(proxied, address, {}).status_code == 403
    forwarded = {**SAID, "X-Forwarded-For": PROXY, "Forwarded": f"for={PROXY}"}
    assert asked(proxied, address, forwarded).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{}, {"X-Twin-User": "rolf"}, {"X-Twin-Roles": "manager"}, {**SAID, "X-Twin-User": "rolf, maria"},
     {**SAID, "X-Twin-Roles": "boss"}, {**SAID, "X-Twin-User": ""}],
)  # fmt: skip
def test_a_proxy_that_does_not_say_who_is_refused(proxied, headers):
    assert asked(proxied, PROXY, headers).status_code == 403


@pytest.mark.parametrize(
    "words",
    [("somewhere", "X-User", "X-Roles"), (PROXY, None, "X-Roles"), (PROXY, "X-User", None), (PROXY, "X-User", "x-user"),
     (PROXY, "Host", "X-Roles"), (PROXY, "X User", "X-Roles"), ("10.0.0.0/8", "X-User", "X-Roles")],
)  # fmt: skip
def test_a_proxy_must_be_named_whole(words):
    with pytest.raises(SetupError):
        from_proxy(*words)


def test_without_login_everybody_is_everything():
    assert Client(Guard(app, AtTheMachine())).get("/").text == "local: manager radiation_protection viewer"


HOSTS = ("127.0.0.1:8050", "localhost:8050")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8050", "127.0.0.1", "127.0.0.1:80", "", "[::1]:8050"])
def test_only_our_own_names_are_answered(host):
    client = Client(Guard(app, AtTheMachine(), HOSTS))
    assert client.get("/", headers={"Host": host}).status_code == 403
    assert client.get("/", headers={"Host": "LOCALHOST:8050"}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, 200),
        ({"Origin": "http://localhost:8050"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://twin.example"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:9999"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:8050"}, 403),
    ],
)
def test_another_site_posts_nothing(headers, code):
    client = Client(Guard(app, AtTheMachine(), HOSTS))
    assert client.post("/", headers={"Host": "localhost:8050", **headers}).status_code == code


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
def test_other_methods_are_not_for_here(method):
    assert Client(Guard(app, AtTheMachine())).open("/", method=method).status_code == 405


def test_every_answer_has_the_headers_once(file):
    client = Client(Guard(app, from_file(file), script_hashes=lambda: ["'sha256-abc='"]))
    for answer in (client.get("/"), client.get("/", headers=basic("anna"))):
        assert answer.headers.getlist("X-Frame-Options") == ["DENY"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
        assert policy["script-src"] == "'self' 'sha256-abc='"
        assert policy["connect-src"] == policy["default-src"] == "'self'"
        assert "http" not in answer.headers["Content-Security-Policy"]
    files = client.get("/assets/a.css", headers=basic("anna"))
    assert "Cache-Control" not in files.headers
