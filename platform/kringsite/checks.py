"""Combinations of settings that look fine and are not. `manage.py check` and every start refuse them.

Each has a number that stays (`kringsite.E001`), a sentence that says what is wrong and a hint that says what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@register("kringsite")
def unsafe_combinations(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Return every unsafe combination of the settings at hand."""
    return [*processes(), *doors(), *origins(), *database(), *media(), *demo()]


def refuse_unsafe() -> None:
    """Stop a server from starting with an unsafe combination: a server runs no system checks of its own.

    Raises:
        ImproperlyConfigured: names every unsafe combination.
    """
    found = unsafe_combinations(None)
    if found:
        raise ImproperlyConfigured("\n".join(f"{one.id}: {one.msg} {one.hint}" for one in found))


def _in_production() -> bool:
    return settings.SHAPE == "production"


def processes() -> Iterable[CheckMessage]:
    """What several server processes must share cannot be in the memory of one."""
    layer = settings.CHANNEL_LAYERS["default"]["BACKEND"]
    if settings.WEB_PROCESSES > 1 and "InMemory" in layer:
        yield Error(
            "Several server processes, but the channel layer lives in the memory of one.",
            hint="Give REDIS_URL, or set WEB_PROCESSES=1.",
            id="kringsite.E001",
        )
    cache = settings.CACHES["default"]["BACKEND"]
    if settings.WEB_PROCESSES > 1 and ("locmem" in cache or "dummy" in cache):
        yield Error(
            "Several server processes, but each counts failed logins for itself: the limit is that many times higher.",
            hint="Give REDIS_URL, or set WEB_PROCESSES=1.",
            id="kringsite.E008",
        )


def doors() -> Iterable[CheckMessage]:
    """Nothing for developers and no open host list outside the embedded default."""
    if settings.DEBUG and settings.SHAPE != "embedded":
        yield Error(
            "DEBUG is on outside the embedded default: errors show settings and data to anybody.",
            hint="Leave DEBUG out of the environment.",
            id="kringsite.E002",
        )
    loose = [host for host in settings.ALLOWED_HOSTS if host == "*" or host.startswith(".")]
    if loose:
        yield Error(
            f"ALLOWED_HOSTS lets in any host ({', '.join(loose)}): links in mails and origins can then be forged.",
            hint="Name the hosts exactly.",
            id="kringsite.E003",
        )


def database() -> Iterable[CheckMessage]:
    """SQLite only as measured: writers queue, one process in production."""
    chosen = settings.DATABASES["default"]
    if "sqlite" not in chosen["ENGINE"]:
        return
    if chosen.get("OPTIONS", {}).get("transaction_mode") != "IMMEDIATE":
        yield Error(
            "SQLite without transaction_mode IMMEDIATE: two writers at once end in “database is locked”.",
            hint="Use kringsite.settings.base.sqlite().",
            id="kringsite.E004",
        )
    if _in_production() and settings.WEB_PROCESSES > 1:
        yield Error(
            "SQLite with several server processes.",
            hint="Give a DATABASE_URL of PostgreSQL, or set WEB_PROCESSES=1.",
            id="kringsite.E005",
        )


def media() -> Iterable[CheckMessage]:
    """Uploaded documents are handed out by a view that asks who is looking, never as plain files."""
    if settings.WAGTAILDOCS_SERVE_METHOD != "serve_view":
        yield Error(
            "Documents are served straight from the media folder, past the rules of who may see them.",
            hint='Set WAGTAILDOCS_SERVE_METHOD = "serve_view".',
            id="kringsite.E006",
        )
    uploads, served = Path(settings.MEDIA_ROOT).resolve(), Path(settings.STATIC_ROOT).resolve()
    if uploads == served or served in uploads.parents:
        yield Error(
            "The media folder lies inside the static folder, which is open to everybody.",
            hint="Keep MEDIA_ROOT and STATIC_ROOT apart.",
            id="kringsite.E006",
        )


def origins() -> Iterable[CheckMessage]:
    """The live socket compares origins letter for letter, so they must be written that way."""
    if not settings.ALLOWED_ORIGINS:
        yield Error(
            "ALLOWED_ORIGINS is empty: no page can open the live socket.",
            hint="Name the address of the site, such as https://kringen.example.",
            id="kringsite.E007",
        )
    for origin in settings.ALLOWED_ORIGINS:
        parts = urlsplit(origin)
        exact = f"{parts.scheme}://{parts.netloc}" == origin and "*" not in origin and "@" not in origin
        if parts.scheme not in {"http", "https"} or not parts.hostname or not exact or origin != origin.lower():
            yield Error(
                f"“{origin}” in ALLOWED_ORIGINS is not an exact origin.",
                hint="Write scheme, host and, where it is not the usual one, port: https://kringen.example.",
                id="kringsite.E007",
            )
        elif _in_production() and parts.scheme != "https" and parts.hostname not in LOOPBACK:
            yield Error(
                f"“{origin}” in ALLOWED_ORIGINS is not https: passwords would travel readable.",
                hint="Use https; plain http is only for this very machine.",
                id="kringsite.E007",
            )


def demo() -> Iterable[CheckMessage]:
    """Accounts with a known password have no place in production."""
    if settings.DEMO and _in_production() and urlsplit(settings.BASE_URL).hostname not in LOOPBACK:
        yield Error(
            "The demo is on in production: its accounts have a password that everybody knows.",
            hint="Leave DEMO out of the environment.",
            id="kringsite.E009",
        )
