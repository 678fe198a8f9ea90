"""security.txt (RFC 9116), robots.txt, and pictures without a proxy."""

import datetime as dt


def test_security_txt_has_what_the_rfc_asks(client, db, settings):
    settings.SECURITY_CONTACT = "mailto:security@kringen.example"
    settings.BASE_URL = "https://kringen.example"
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    expires = dt.datetime.fromisoformat(fields.pop("Expires"))
    assert fields == {
        "Contact": "mailto:security@kringen.example",
        "Preferred-Languages": "nl, en",
        "Canonical": "https://kringen.example/.well-known/security.txt",
    }
    left = expires - dt.datetime.now(dt.UTC)
    assert dt.timedelta(days=178) < left <= dt.timedelta(days=180)


def test_robots_are_kept_out_of_what_is_for_members(client, db):
    assert client.get("/robots.txt").content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /accounts/",
        "Disallow: /api/",
        "Disallow: /beheer/",
        "Disallow: /doelen/",
        "Disallow: /mensen/",
        "Disallow: /voortgang/",
        "Disallow: /zoeken/",
    ]


def test_only_renditions_are_served(client, db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for folder in ("images", "original_images", "documents"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "plaat.png").write_bytes(b"\x89PNG")
    (tmp_path / "images" / "plaat.svg").write_text("<svg/>")
    served = client.get("/media/images/plaat.png")
    assert (served.status_code, served.content, served["Content-Type"]) == (200, b"\x89PNG", "image/png")
    for path in (
        "/media/original_images/plaat.png",
        "/media/documents/plaat.png",
        "/media/images/plaat.svg",
        "/media/images/geen.png",
        "/media/images/../documents/plaat.png",
        "/media/images/%2e%2e/documents/plaat.png",
        "/media/images//etc/passwd.png",
    ):
        assert client.get(path).status_code == 404, path
