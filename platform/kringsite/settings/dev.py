"""The embedded default: one process, SQLite under `var/`, nothing else needed. `make run` uses this."""

import datetime as dt
import secrets

from .base import *  # noqa: F403
from .base import CONTENT_SECURITY_POLICY, VAR, cache, channel_layer, connect_to, database, env

VAR.mkdir(parents=True, exist_ok=True)


def _own_secret() -> str:
    """Return this checkout's secret, made at the first start and kept, so sessions survive a restart."""
    file = VAR / "secret"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(50))
    return file.read_text()


PORT = env.int("PORT", 8000)
SECRET_KEY = _own_secret()
DEBUG = env.bool("DEBUG", False)  # off, so that headers, weights and error pages are the real ones
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
ALLOWED_ORIGINS = env.list("ALLOWED_ORIGINS", [f"http://127.0.0.1:{PORT}", f"http://localhost:{PORT}"])
CSRF_TRUSTED_ORIGINS = ALLOWED_ORIGINS
BASE_URL = env.str("BASE_URL", f"http://127.0.0.1:{PORT}")
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
WEB_PROCESSES = env.int("WEB_PROCESSES", 1)
DATABASES = {"default": database(env.str("DATABASE_URL", None))}
REDIS_URL = env.str("REDIS_URL", None)
CHANNEL_LAYERS = {"default": channel_layer(REDIS_URL)}
CACHES = {"default": cache(REDIS_URL)}
CONTENT_SECURITY_POLICY["DIRECTIVES"]["connect-src"] = connect_to(ALLOWED_ORIGINS)
IMPORT_IN = "thread"
SECURITY_CONTACT = "mailto:beheer@kringen.example"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
DEFAULT_FROM_EMAIL = "Kringen <kringen@kringen.example>"

DEMO = env.bool("DEMO", True)
DEMO_TODAY = env.date("DEMO_TODAY", dt.date(2009, 3, 5)) if DEMO else None
SECOND_FACTOR_REQUIRED = not DEMO
if DEMO:  # everybody comes from the same address there
    ACCOUNT_RATE_LIMITS = {**ACCOUNT_RATE_LIMITS, "login": "1000/m/ip"}
