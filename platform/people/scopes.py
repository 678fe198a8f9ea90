"""Where a role holds: in a kring, in a municipality, or (no scope) in the whole programme.

`people` does not know kringen. An app that has things in which people may hold a role says so once, in its
`AppConfig.ready`:

    scopes.register("kring", model=Kring, label=_("kring"), lookup=kring_by_slug_or_name)

From then on roles and invitations can be given in it, in forms, files and code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _


class UnknownScope(LookupError):  # noqa: N818 — it is an answer to a person
    """There is no such scope; the text is a sentence for the person who named it."""


@dataclass(frozen=True)
class Kind:
    """A kind of scope: its short name in files and forms, its model, what people call it, how a text finds one."""

    name: str
    model: type[Model]
    label: str | Promise
    lookup: Callable[[str], Model | None]
    current: Callable[[], QuerySet[Model]] | None = None

    def choices(self) -> QuerySet[Model]:
        """Return the scopes that a form offers: those that exist today."""
        return self.current() if self.current else self.model._default_manager.all()  # noqa: SLF001 — Django's own name


_kinds: dict[str, Kind] = {}


def register(
    kind: str,
    *,
    model: type[Model],
    label: str | Promise,
    lookup: Callable[[str], Model | None],
    current: Callable[[], QuerySet[Any]] | None = None,
) -> None:
    """Make a model usable as a scope.

    Args:
        kind: short name, as in `kring:kring-c` (a file) or `kring:3` (a form).
        model: whose objects are the scopes.
        label: what people call it, translated.
        lookup: takes what somebody wrote (a slug, code or name) and returns the object, or None.
        current: gives those a form may offer; by default all.
    """
    _kinds[kind] = Kind(kind, model, label, lookup, current)


def kinds() -> list[Kind]:
    """Return every kind of scope, in the order of registration."""
    return list(_kinds.values())


def kind_of(scope: Model) -> str:
    """Return the short name of a scope's kind.

    Raises:
        UnknownScope: when its model was never registered.
    """
    for kind in _kinds.values():
        if isinstance(scope, kind.model):
            return kind.name
    raise UnknownScope(_("A role cannot be given in “%(scope)s”.") % {"scope": scope})


def value_of(scope: Model | None) -> str:
    """Return a scope as a form's value: `kring:3`, or empty for the whole programme."""
    return f"{kind_of(scope)}:{scope.pk}" if scope is not None else ""


def from_value(value: str) -> Model | None:
    """Return the scope of a form's value (`kring:3`); empty is the whole programme.

    Raises:
        UnknownScope: when there is no such thing.
    """
    if not value:
        return None
    name, _colon, key = value.partition(":")
    kind = _kinds.get(name)
    found = kind.model._default_manager.filter(pk=int(key)).first() if kind and key.isdecimal() else None  # noqa: SLF001
    if found is None:
        raise UnknownScope(_("There is no scope “%(value)s”.") % {"value": value})
    return found


def from_text(value: str, kind: str | None = None) -> Model | None:
    """Return the scope that somebody wrote in a file: `kring:kring-c`, or `kring-c` where the kind is known.

    Raises:
        UnknownScope: when there is no such thing.
    """
    value = value.strip()
    if not value:
        return None
    name, colon, rest = value.partition(":")
    chosen = _kinds.get(name.casefold()) if colon else _kinds.get(kind or "")
    found = chosen.lookup(rest.strip() if colon else value) if chosen else None
    if found is None:
        raise UnknownScope(
            _("There is no scope “%(value)s”. Write it as %(kinds)s.")
            % {"value": value, "kinds": ", ".join(f"{each}:…" for each in _kinds)}
        )
    return found
