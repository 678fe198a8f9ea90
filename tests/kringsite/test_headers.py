"""What every answer carries: the content policy, closed features, no cache for members, exact origins."""

import re

import pytest
from django.test import Client

STRICT = {
    "default-src": ["'self'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'", "ws://testserver"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
PUBLIC = ["/accounts/login/", "/healthz", "/robots.txt", "/.well-known/security.txt", "/bestaat-niet/"]


def policy(answer) -> dict[str, list[str]]:
    """Return the content policy as directive → sources."""
    parts = [part.split() for part in answer["Content-Security-Policy"].split(";") if part.strip()]
    return {name: sources for name, *sources in parts}


@pytest.mark.parametrize("path", PUBLIC)
def test_every_page_has_the_strict_policy(client, db, path):
    found = policy(client.get(path))
    scripts = found.pop("script-src")
    assert found == STRICT
    assert scripts[0] == "'self'"
    assert all(re.fullmatch(r"'nonce-[\w+/=]+'", source) for source in scripts[1:])


def test_a_nonce_is_never_used_twice(client, db):
    nonces = {tuple(policy(client.get("/accounts/login/"))["script-src"]) for _ in range(3)}
    with_nonce = {one for one in nonces if len(one) > 1}
    assert len(with_nonce) in {0, 3}


def test_inline_script_is_allowed_only_in_the_editor(client, cast):
    client.force_login(cast.admin)
    editor = policy(client.get("/beheer/", follow=False))
    assert editor["script-src"] == ["'self'", "'unsafe-inline'"]
    assert editor["frame-ancestors"] == ["'self'"]
    assert {name: editor[name] for name in ("default-src", "object-src", "base-uri", "form-action")} == {
        "default-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
    }
    assert "'unsafe-inline'" not in policy(client.get("/kringen/"))["script-src"]


@pytest.mark.parametrize("path", PUBLIC)
def test_features_and_frames_are_closed(client, db, path):
    answer = client.get(path)
    closed = answer["Permissions-Policy"].split(", ")
    assert {"camera=()", "geolocation=()", "microphone=()", "payment=()", "usb=()"} <= set(closed)
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/kringen/", "/kringen/kring-c/", "/praktijken/", "/bestaat-niet/", "/healthz"])
def test_no_answer_to_a_member_may_be_stored(client, cast, path):
    client.force_login(cast.participant)
    assert client.get(path)["Cache-Control"] == "private, no-store"


def test_answers_to_nobody_in_particular_may_be(client, db):
    assert client.get("/robots.txt")["Cache-Control"] == "public, max-age=86400"


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://testserver", 302),
        ("https://testserver", 403),
        ("http://testserver:81", 403),
        ("http://evil.example", 403),
        ("null", 403),
        ("http://testserver.evil.example", 403),
    ],
)
def test_a_form_from_another_origin_is_refused(cast, origin, status):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.participant)
    page = client.get("/mensen/profiel/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[1]
    answer = client.post("/mensen/taal/", {"csrfmiddlewaretoken": token, "language": "en"}, headers={"origin": origin})
    assert answer.status_code == status


@pytest.mark.server
def test_static_files_of_the_real_server_are_small_lasting_and_quiet(site):
    import gzip
    import json
    import urllib.request

    from tests.servers import ROOT

    files = json.loads((ROOT / "var" / "static" / "staticfiles.json").read_text())["paths"]
    address = f"{site.url}/static/{files['site.css']}"
    plain = urllib.request.urlopen(address)
    body = plain.read()
    assert plain.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert plain.headers["Content-Type"].startswith("text/css")
    assert plain.headers["X-Content-Type-Options"] == "nosniff"
    zipped = urllib.request.urlopen(urllib.request.Request(address, headers={"Accept-Encoding": "gzip"}))
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.read()) == body
    brotli = urllib.request.urlopen(urllib.request.Request(address, headers={"Accept-Encoding": "br, gzip"}))
    assert brotli.headers["Content-Encoding"] == "br"
    part = urllib.request.urlopen(urllib.request.Request(address, headers={"Range": "bytes=0-9"}))
    assert (part.status, part.read()) == (206, body[:10])
    assert "StreamingHttpResponse" not in site.log.read_text()


@pytest.mark.parametrize("address", ["/benchmark/indicatoren/a%00/", "/praktijken/a%00/", "/a%00/"])
def test_a_path_with_a_nul_character_is_not_there(client, db, address):
    answer = client.get(address)
    assert (answer.status_code, "kringen" in answer.content.decode().casefold()) == (404, True)


@pytest.mark.parametrize(
    ("address", "without"),
    [
        ("/benchmark/?q=%00", "/benchmark/?q="),
        ("/benchmark/?area=a%00", "/benchmark/?area=a"),
        ("/benchmark/indicatoren/a/?municipality=GM%000534", "/benchmark/indicatoren/a/?municipality=GM0534"),
        ("/zoeken/?q=%00", "/zoeken/?q="),
        ("/praktijken/?q=a%00b", "/praktijken/?q=ab"),
    ],
)
def test_what_is_asked_with_a_nul_character_is_asked_without_it(client, db, address, without):
    answer, plain = client.get(address), client.get(without)
    assert answer.status_code == plain.status_code
    assert answer.wsgi_request.GET == plain.wsgi_request.GET


@pytest.mark.parametrize("query", ["indicator=a%00", "indicator=a&municipality=%00", "indicator=a&group=%00"])
def test_a_program_is_told_of_a_nul_character(client, db, query):
    for path in ("series", "charts/trend", "charts/%00"):
        answer = client.get(f"/api/v1/{path}?{query}")
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
        assert "NUL" in answer.json()["detail"]
