"""The suite: in memory by default, or the database and Redis that the environment names."""

import datetime as dt
import os
import tempfile
from pathlib import Path

from .base import *  # noqa: F403
from .base import CONTENT_SECURITY_POLICY, STORAGES, channel_layer, connect_to, database, env, sqlite

SHAPE = "test"
SECRET_KEY = "not-a-secret-only-for-tests"
DEBUG = False
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
ALLOWED_ORIGINS = ["http://testserver"]
BASE_URL = "http://testserver"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
_url = env.str("DATABASE_URL", None)
DATABASES = {"default": database(_url) if _url else sqlite(":memory:")}
REDIS_URL = env.str("REDIS_URL", None)
# A prefix of its own per worker: rooms of different tests have the same numbers.
CHANNEL_LAYERS = {"default": channel_layer(REDIS_URL, prefix=f"kringen-test-{os.getpid()}")}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CONTENT_SECURITY_POLICY["DIRECTIVES"]["connect-src"] = connect_to(ALLOWED_ORIGINS)
SECURITY_CONTACT = "mailto:beheer@kringen.example"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEFAULT_FROM_EMAIL = "Kringen <kringen@kringen.example>"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "private": {
        "BACKEND": "kringen.storage.PrivateStorage",
        "OPTIONS": {"location": Path(tempfile.gettempdir()) / f"kringen-test-private-{os.getpid()}"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = Path(tempfile.gettempdir()) / "kringen-test-static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns when there is nothing to serve
MEDIA_ROOT = Path(tempfile.gettempdir()) / f"kringen-test-media-{os.getpid()}"
DEMO_TODAY = dt.date(2009, 3, 5)
# the cast logs in as everybody; tests/people/test_accounts.py switches it on
SECOND_FACTOR_REQUIRED = False
