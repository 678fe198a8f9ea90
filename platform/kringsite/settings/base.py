"""What every way of running the site has in common. Nothing here reads a secret."""

import datetime as dt
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env

env = Env()

ROOT = Path(__file__).resolve().parents[3]
VAR = Path(env.str("KRINGEN_VAR", str(ROOT / "var"))).resolve()

# How the site runs: "embedded", "test" or "production"; the system checks differ (checks.py).
SHAPE = "embedded"
# How many server processes share this database.
WEB_PROCESSES = 1

INSTALLED_APPS = [
    "kringsite",
    "cms",
    "kringen",
    "goodpractices",
    "benchmark",
    "people",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "auditlog",
    "channels",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    # partials before cotton, or cotton's tags are printed raw
    "template_partials",
    "django_cotton",
    "lucide",
    "ninja",
    "rules",
    "taggit",
    "modelcluster",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    # the form templates that ours (templates/django/forms) build on
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "kringsite.middleware.StaticFilesMiddleware",
    "kringsite.middleware.ContentPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "people.bearer.BearerTokenMiddleware",
    "people.middleware.LanguageOfThePersonMiddleware",
    "kringsite.middleware.PossibleAddressMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "people.middleware.SecondFactorMiddleware",
    "people.middleware.AdminDoorMiddleware",
    "auditlog.middleware.AuditlogMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kringsite.middleware.PrivateCacheMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "kringsite.urls"
ASGI_APPLICATION = "kringsite.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "kringsite.context.site",
                "kringsite.context.unread",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "django.templatetags.i18n"],
        },
    }
]
COTTON_DIR = "components"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# ---- people -------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
ACCOUNT_FORMS = {"add_email": "people.adapters.NoOtherAddressForm"}
ACCOUNT_RATE_LIMITS = {"login": "20/m/ip", "login_failed": "20/m/ip,5/m/key"}
USERSESSIONS_TRACK_ACTIVITY = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Kringen"
SOCIALACCOUNT_AUTO_SIGNUP = False
# Administrators and validators must have a second factor; the demo switches this off (see dev.py).
SECOND_FACTOR_REQUIRED = True

# ---- language, time -----------------------------------------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"
USE_THOUSAND_SEPARATOR = False

# ---- files --------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(VAR / "static")))
STATICFILES_DIRS = [ROOT / "assets" / "dist"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"
STORAGES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Files of rooms: outside MEDIA_ROOT and without an address, so only the view that asks who is looking serves them.
    "private": {
        "BACKEND": "kringen.storage.PrivateStorage",
        "OPTIONS": {"location": VAR / "private"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# The scripts fetch their parts by the name esbuild gave them (chunks/…-HASH.js); with only Django's own hashed names
# kept, those would be gone. Both names carry a hash of the content, so browsers may keep both for ever.
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"(\.[0-9a-f]{12}\.|/chunks/[\w-]+-[0-9A-Z]{8}\.js$)"
FILE_UPLOAD_PERMISSIONS = 0o640

# ---- Wagtail: only what is meant for the public lives there --------------------------------------------------
WAGTAIL_SITE_NAME = "Kringen"
WAGTAILADMIN_BASE_URL = env.str("BASE_URL", "http://127.0.0.1:8000")
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_PASSWORD_RESET_ENABLED = False  # allauth does both, with a second factor
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "odt", "ods", "csv"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAIL_CONTENT_LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "dutch"}}
WAGTAILEMBEDS_FINDERS: list[dict[str, object]] = []  # nothing of this site fetches from elsewhere
TAGGIT_CASE_INSENSITIVE = True
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = True

# ---- headers ------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY: dict[str, dict[str, Any]] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        # plotly writes inline styles; scripts stay strict
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
# Who may show a signed chart (/insluiten/…) in a page of their own: municipal sites and council systems, over https.
EMBED_ANCESTORS = env.list("EMBED_ANCESTORS", ["https:"])
# Wagtail's editor writes inline scripts and shows previews in a frame; nobody but editors comes there.
EDITOR_PATH = "/beheer/"
EDITOR_POLICY = {
    "script-src": [SELF, "'unsafe-inline'"],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
}
PERMISSIONS_POLICY = {
    "accelerometer": [],
    "camera": [],
    "display-capture": [],
    "geolocation": [],
    "gyroscope": [],
    "magnetometer": [],
    "microphone": [],
    "payment": [],
    "usb": [],
    "publickey-credentials-create": "self",
    "publickey-credentials-get": "self",
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # the room's script sends it back in a header
CSRF_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Watching (health.py) knocks by plain http from the machine itself.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]

# ---- live rooms ---------------------------------------------------------------------------------------------
# More tabs of one person are closed with 4409, more sockets in one process with 1013.
LIVE_SOCKETS_PER_PERSON = env.int("LIVE_SOCKETS_PER_PERSON", 10)
LIVE_SOCKETS_PER_PROCESS = env.int("LIVE_SOCKETS_PER_PROCESS", 1_500)

# ---- background ---------------------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

# The demo stands still on one day of the 2009 benchmark year; None means the real date (people/clock.py).
DEMO = False
DEMO_TODAY: dt.date | None = None

# Files over this size are refused before they are read.
IMPORT_MAX_BYTES = 200 * 1024 * 1024
# Large files are read while the sender does something else: in a thread of the server ("thread"), by `db_worker`
# ("worker"), or while the page waits ("at once").
IMPORT_IN = "at once"


def sqlite(path: str | Path) -> dict[str, Any]:
    """Return the database settings of the embedded default: write-ahead log, writers queue instead of failing."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
        },
    }


def postgresql(url: str) -> dict[str, Any]:
    """Return the database settings for a `postgres://` address, with Django's own connection pool.

    Connections are not kept per thread (`CONN_MAX_AGE=0`): under ASGI every thread would hold one for ever.
    """
    import dj_database_url

    parsed: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=0))
    parsed["OPTIONS"] = {
        # whoever waits for a lock is told so after three seconds; a room answers `retry`
        "options": "-c lock_timeout=3s",
        **parsed.get("OPTIONS", {}),
        "pool": {"min_size": 1, "max_size": 12, "timeout": 5},
    }
    return parsed


def database(url: str | None) -> dict[str, Any]:
    """Return the settings of the one database: `url` where given, else the SQLite file under `var/`."""
    if url and url.startswith(("postgres://", "postgresql://")):
        return postgresql(url)
    return sqlite(VAR / "kringen.sqlite3" if not url else url.removeprefix("sqlite:///"))


def channel_layer(redis_url: str | None, *, prefix: str = "kringen", key: str | None = None) -> dict[str, Any]:
    """Return the channel layer: Redis where an address is given, else memory (one process only).

    It carries bells only (a room and a number); with a `key` not even those can be read in Redis.
    """
    if redis_url:
        keys = {"symmetric_encryption_keys": [key]} if key else {}
        return {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [redis_url], "prefix": prefix, **keys},
        }
    return {"BACKEND": "channels.layers.InMemoryChannelLayer"}


def cache(redis_url: str | None) -> dict[str, Any]:
    """Return the cache: Redis where an address is given, so that processes count failed logins together."""
    if redis_url:
        return {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": redis_url,
            "KEY_PREFIX": "kringen",
        }
    return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}


def connect_to(origins: list[str]) -> list[str]:
    """Return what scripts may connect to: the site itself, and its live socket by name."""
    return [SELF, *(origin.replace("http", "ws", 1) for origin in origins)]
