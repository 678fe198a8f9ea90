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


def comparison_groups_guided_by(user: Any) -> Iterable[int]:
    """Return the comparison groups of the kringen that a person guides (benchmark's guide provider)."""
    from kringen.models import Kring
    from kringen.models.kring import kring_ids_of
    from people.models import RoleName
    from people.permissions import is_office

    guided = (
        Kring.objects.all()
        if is_office(user)
        else Kring.objects.filter(pk__in=kring_ids_of(user, RoleName.FACILITATOR))
    )
    return guided.values_list("comparison_group_id", flat=True)


class KringenConfig(AppConfig):
    """Learning circles."""

    name = "kringen"
    verbose_name = _("Learning circles")

    def ready(self) -> None:
        """Make a kring a place where a role can be given, and the circle whose members see each other's values."""
        from auditlog.registry import auditlog

        from benchmark import goal_marks, goal_origins, goal_states
        from benchmark.permissions import register_circle_provider, register_guide_provider
        from kringen.circle import memberships
        from kringen.conversation import notices
        from kringen.live import revocation
        from kringen.meetings import meeting_notices, outcome_notices, proposal_notices
        from kringen.models import Kring, MessageReport
        from kringen.promises import becoming, goal_news
        from kringen.promises.goal_marks import actions
        from people import roles, scopes

        scopes.register("kring", model=Kring, label=_("kring"), lookup=kring_by_slug_or_name)
        register_circle_provider(comparison_groups_of)
        register_guide_provider(comparison_groups_guided_by)
        goal_states.on_change(goal_news.tell_rooms)
        goal_marks.register(actions)
        goal_origins.register(becoming.ORIGIN, becoming.goal_made)
        revocation.watch()
        roles.on_step(memberships.tell_of_role)
        notices.register()
        meeting_notices.register()
        outcome_notices.register()
        proposal_notices.register()
        auditlog.register(MessageReport)
