"""Every unsafe combination has its number, and a safe one has none."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured

from kringsite import checks

REDIS = {"default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer"}}
MEMORY = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
SHARED_CACHE = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://x"}}
SQLITE = {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {"transaction_mode": "IMMEDIATE"}}
POSTGRESQL = {"ENGINE": "django.db.backends.postgresql"}


@pytest.fixture
def production(monkeypatch):
    """A production that is in order, to spoil."""
    made = SimpleNamespace(
        SHAPE="production",
        DEBUG=False,
        DEMO=False,
        BASE_URL="https://kringen.example",
        ALLOWED_HOSTS=["kringen.example"],
        ALLOWED_ORIGINS=["https://kringen.example"],
        WEB_PROCESSES=2,
        CHANNEL_LAYERS=REDIS,
        CACHES=SHARED_CACHE,
        DATABASES={"default": POSTGRESQL},
        MEDIA_ROOT="/srv/media",
        STATIC_ROOT="/srv/static",
        WAGTAILDOCS_SERVE_METHOD="serve_view",
    )
    monkeypatch.setattr(checks, "settings", made)
    return made


def found() -> list[str]:
    """Return the numbers of what the checks find."""
    return [one.id for one in checks.unsafe_combinations(None)]


def test_a_production_in_order_has_none(production):
    assert found() == []
    checks.refuse_unsafe()


def test_the_suite_itself_has_none():
    assert found() == []


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ({"CHANNEL_LAYERS": MEMORY}, "kringsite.E001"),
        ({"DEBUG": True}, "kringsite.E002"),
        ({"ALLOWED_HOSTS": ["kringen.example", "*"]}, "kringsite.E003"),
        ({"ALLOWED_HOSTS": [".example"]}, "kringsite.E003"),
        ({"DATABASES": {"default": SQLITE}}, "kringsite.E005"),
        ({"WAGTAILDOCS_SERVE_METHOD": "direct"}, "kringsite.E006"),
        ({"MEDIA_ROOT": "/srv/static/media", "STATIC_ROOT": "/srv/static"}, "kringsite.E006"),
        ({"ALLOWED_ORIGINS": []}, "kringsite.E007"),
        ({"ALLOWED_ORIGINS": ["*"]}, "kringsite.E007"),
        ({"ALLOWED_ORIGINS": ["https://*.kringen.example"]}, "kringsite.E007"),
        ({"ALLOWED_ORIGINS": ["https://kringen.example/"]}, "kringsite.E007"),
        ({"ALLOWED_ORIGINS": ["https://Kringen.example"]}, "kringsite.E007"),
        ({"ALLOWED_ORIGINS": ["https://a@kringen.example"]}, "kringsite.E007"),
        ({"ALLOWED_ORIGINS": ["kringen.example"]}, "kringsite.E007"),
        ({"ALLOWED_ORIGINS": ["http://kringen.example"]}, "kringsite.E007"),
        ({"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}}, "kringsite.E008"),
        ({"DEMO": True}, "kringsite.E009"),
    ],
)
def test_each_unsafe_change_is_named(production, change, number):
    for name, value in change.items():
        setattr(production, name, value)
    assert found() == [number]
    with pytest.raises(ImproperlyConfigured, match=number):
        checks.refuse_unsafe()


def test_sqlite_that_does_not_queue_its_writers_is_refused_everywhere(production):
    production.SHAPE = "embedded"
    production.WEB_PROCESSES = 1
    production.DATABASES = {"default": {**SQLITE, "OPTIONS": {"transaction_mode": "DEFERRED"}}}
    assert found() == ["kringsite.E004"]


def test_one_process_may_keep_all_in_memory(production):
    production.WEB_PROCESSES = 1
    production.CHANNEL_LAYERS = MEMORY
    production.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    production.DATABASES = {"default": SQLITE}
    assert found() == []


def test_this_very_machine_may_try_production_over_http_with_the_demo(production):
    production.BASE_URL = "http://127.0.0.1:8000"
    production.ALLOWED_ORIGINS = ["http://127.0.0.1:8000"]
    production.DEMO = True
    assert found() == []


def test_debug_is_allowed_in_the_embedded_default(production):
    production.SHAPE = "embedded"
    production.DEBUG = True
    assert found() == []
