"""Alive and ready: what a proxy and a watchman ask."""

import pytest

from kringsite import health


@pytest.fixture(autouse=True)
def _forget():
    health._migrated.clear()  # noqa: SLF001 - a process remembers that it was ready
    yield
    health._migrated.clear()  # noqa: SLF001


def test_alive_asks_nobody(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"ok\n", "text/plain; charset=utf-8")
    assert answer["Cache-Control"] == "no-store"


def test_a_check_that_raises_is_named_and_nothing_more_is_said(client, monkeypatch):
    def away() -> str:
        raise ConnectionError("postgres://kringen:secret@db/kringen refused")

    monkeypatch.setitem(health.CHECKS, "database", away)
    monkeypatch.setitem(health.CHECKS, "migrations", lambda: "ok")
    monkeypatch.setitem(health.CHECKS, "redis", lambda: "not used")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "not ready",
        "parts": {"database": "failing", "migrations": "ok", "redis": "not used"},
    }
    assert b"secret" not in answer.content


def test_all_well_is_200(client, monkeypatch):
    for name in health.CHECKS:
        monkeypatch.setitem(health.CHECKS, name, lambda: "ok")
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "parts": {"database": "ok", "migrations": "ok", "redis": "ok"}}


def test_a_redis_that_is_away_is_named(client, monkeypatch, settings, db):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setitem(health.CHECKS, "migrations", lambda: "ok")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["parts"]) == (
        503,
        {"database": "ok", "migrations": "ok", "redis": "failing"},
    )


def test_a_migration_that_is_not_applied_is_named(client, db, settings, monkeypatch):
    settings.REDIS_URL = None

    class Behind:
        def __init__(self, _connection) -> None:
            self.loader = self.graph = self

        def leaf_nodes(self):
            return []

        def migration_plan(self, _leaves):
            return [("kringen.0002_next", False)]

    monkeypatch.setattr(health, "MigrationExecutor", Behind)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["parts"]["migrations"]) == (503, "failing")
    monkeypatch.setattr(Behind, "migration_plan", lambda _self, _leaves: [])
    assert client.get("/readyz").json()["parts"] == {"database": "ok", "migrations": "ok", "redis": "not used"}


def test_only_reading_is_allowed(client):
    assert client.post("/healthz").status_code == 405
    assert client.post("/readyz").status_code == 405


@pytest.mark.server
def test_the_real_server_is_ready_after_real_migrations(site):
    assert site.answers("/healthz")
    assert site.answers("/readyz")


@pytest.mark.server
def test_no_migration_is_missing(site):
    assert "No changes detected" in site.manage("makemigrations", "--check", "--dry-run")
    assert "[ ]" not in site.manage("showmigrations")
