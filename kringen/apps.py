"""Django's registration of this app."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from kringen.models import Kring


def kring_by_slug_or_name(text: str) -> Kring | None:
    """Return the kring that somebody wrote in a file: its slug, or its name whatever the capitals."""
    from kringen.models import Kring

    found = Kring.objects.filter(slug=text.lower()).first()
    if found is not None:
        return found
    by_name = list(Kring.objects.filter(name__iexact=text)[:2])
    return by_name[0] if len(by_name) == 1 else None


def comparison_groups_of(user: Any) -> Iterable[int]:
    """Return the comparison groups of the kringen in which a person takes part (benchmark's circle provider)."""
    from kringen.models import Kring

    return Kring.objects.with_person(user).values_list("comparison_group_id", flat=True)


class KringenConfig(AppConfig):
    """Learning circles."""

    name = "kringen"
    verbose_name = _("Learning circles")

    def ready(self) -> None:
        """Make a kring a place where a role can be given, and the circle whose members see each other's values."""
        from benchmark.permissions import register_circle_provider
        from kringen.live import revocation
        from kringen.models import Kring
        from people import scopes

        scopes.register("kring", model=Kring, label=_("kring"), lookup=kring_by_slug_or_name)
        register_circle_provider(comparison_groups_of)
        revocation.watch()
