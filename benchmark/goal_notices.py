"""Who keeps a goal hears that it came to stand otherwise. No figure is told: the page shows it to who may see it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benchmark.goal_progress import Standing
from benchmark.models import Goal, GoalTurn
from people import notifications
from people.models import Notification, User
from people.notifications import Kind, Line

TURNED = "goal.turned"


def register() -> None:
    """Make the kind known."""
    notifications.register(Kind(TURNED, gettext_lazy("A goal of mine comes to stand otherwise"), _tell))


def tell_owners(turns: Sequence[tuple[int, int]]) -> None:
    """Let the owners know which goals turned: a few queries however many.

    Args:
        turns: key of the turn, key of the owner.
    """
    notifications.notify_each(kind=TURNED, about=turns)


def _tell(user: User, rows: Sequence[Notification]) -> dict[int, Line]:
    turns = GoalTurn.objects.filter(
        pk__in=[row.about_id for row in rows], goal__in=Goal.objects.visible_to(user)
    ).select_related("goal")
    found = {turn.pk: turn for turn in turns}
    return {
        row.pk: Line(said(turn), turn.goal.get_absolute_url())
        for row in rows
        if (turn := found.get(row.about_id)) is not None
    }


def said(turn: GoalTurn) -> str:
    """Return what is told of a turn, without a figure."""
    return {
        Standing.REACHED: _("Your goal “%(title)s” is reached. Congratulations!"),
        Standing.ON_TRACK: _("By the newest figures your goal “%(title)s” is on track."),
        Standing.BEHIND: _("By the newest figures your goal “%(title)s” is behind."),
        Standing.UNKNOWN: _("How your goal “%(title)s” stands is not known any more: look why."),
    }[Standing(turn.after)] % {"title": turn.goal.title}
