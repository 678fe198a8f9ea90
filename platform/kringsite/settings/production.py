"""Production: everything comes from the environment, and what is missing is named in one list.

docs/operations.md has the table of what each variable means.
"""

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.core.exceptions import ImproperlyConfigured
from environs import Env, validate
from environs.exceptions import EnvValidationError

from .base import *  # noqa: F403
from .base import CONTENT_SECURITY_POLICY, STORAGES, VAR, cache, channel_layer, connect_to, database

# Lazy: every variable is looked at before the list of what is wrong is shown.
env = Env(eager=False)

SHAPE = "production"
DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", validate=validate.Length(min=50))  # Django's own floor
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
BASE_URL = env.str("BASE_URL")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS")
DATABASE_URL = env.str("DATABASE_URL")
REDIS_URL = env.str("REDIS_URL")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL")
SECURITY_CONTACT = env.str("SECURITY_CONTACT")
_email = env.dj_email_url("EMAIL_URL")
WEB_PROCESSES = env.int("WEB_PROCESSES", 2)
LOG_LEVEL = env.log_level("LOG_LEVEL", logging.INFO)
MEDIA_ROOT = env.path("MEDIA_ROOT", VAR / "media")
PRIVATE_ROOT = env.path("PRIVATE_ROOT", VAR / "private")
DEMO = env.bool("DEMO", False)
DEMO_TODAY = env.date("DEMO_TODAY", None)
_plain_http = env.bool("PLAIN_HTTP_ON_LOOPBACK", False)
_origins: list[str] = env.list("ALLOWED_ORIGINS", [])
try:
    env.seal()
except EnvValidationError as _wrong:
    _faults = _wrong.error_messages if isinstance(_wrong.error_messages, Mapping) else {"?": _wrong.error_messages}
    _list = "".join(f"\n  {name}: {' '.join(messages)}" for name, messages in _faults.items())
    raise ImproperlyConfigured(
        f"Kringen cannot start in production; these are missing or wrong in the environment:{_list}"
    ) from None

STORAGES["private"]["OPTIONS"] = {"location": PRIVATE_ROOT}
BASE_URL = BASE_URL.rstrip("/")
WAGTAILADMIN_BASE_URL = BASE_URL
ALLOWED_ORIGINS: list[str] = _origins or [BASE_URL]
CSRF_TRUSTED_ORIGINS = ALLOWED_ORIGINS
DATABASES = {"default": database(DATABASE_URL)}
CHANNEL_LAYERS = {"default": channel_layer(REDIS_URL, key=SECRET_KEY)}
CACHES = {"default": cache(REDIS_URL)}
CONTENT_SECURITY_POLICY["DIRECTIVES"]["connect-src"] = connect_to(ALLOWED_ORIGINS)
# Mail, digests and the search index are written by `manage.py db_worker`, not while somebody waits.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
IMPORT_IN = "worker"
SECOND_FACTOR_REQUIRED = not DEMO

EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_FILE_PATH = _email["EMAIL_FILE_PATH"]
EMAIL_HOST = _email["EMAIL_HOST"]
EMAIL_HOST_USER = _email["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"]
EMAIL_PORT = _email["EMAIL_PORT"]
EMAIL_USE_TLS = _email["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _email["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = _email["EMAIL_TIMEOUT"] or 20
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Plain http only to try the production shape on this very machine (`make cluster`); elsewhere it is ignored.
SECURE = not (_plain_http and urlsplit(BASE_URL).hostname in {"127.0.0.1", "localhost"})
SECURE_SSL_REDIRECT = SECURE
# Set by our nginx (deploy/nginx.conf), which throws away what a client sends under that name.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
LANGUAGE_COOKIE_SECURE = SECURE
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
# allauth counts attempts per address of the client: the one that our own proxy adds.
ALLAUTH_TRUSTED_PROXY_COUNT = 1

_shared: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]
structlog.configure(
    processors=[*_shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            "foreign_pre_chain": _shared,
        }
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json"},
        "silence": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        # scanners that guess host names; the answer is 400 and no news
        "django.security.DisallowedHost": {"handlers": ["silence"], "propagate": False},
        "django.server": {"handlers": [], "propagate": True},
    },
}
