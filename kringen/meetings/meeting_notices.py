"""What of meetings concerns somebody: being asked, a change, a cancellation, a place that came free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from kringen.models import Meeting
from kringen.year.dates import weekday_text
from people import notifications
from people.models import Notification, User
from people.notifications import Kind, Line, Tell

ASKED = "meeting.asked"
CHANGED = "meeting.changed"
CANCELLED = "meeting.cancelled"
PLACE = "meeting.place"

_WORDS: dict[str, tuple[Any, Any]] = {
    ASKED: (gettext_lazy("I am asked to a meeting"), gettext_lazy("You are asked to “%(meeting)s” on %(day)s")),
    CHANGED: (gettext_lazy("A meeting changed"), gettext_lazy("“%(meeting)s” changed: it is on %(day)s now")),
    CANCELLED: (gettext_lazy("A meeting was cancelled"), gettext_lazy("“%(meeting)s” on %(day)s was cancelled")),
    PLACE: (
        gettext_lazy("A place came free for me at a meeting"),
        gettext_lazy("There is a place for you at “%(meeting)s” on %(day)s"),
    ),
}


def tell(meeting: Meeting, kind: str, *, people: Iterable[int], actor: User | None = None) -> None:
    """Let people know of a meeting; a second change is told again."""
    notifications.withdraw(kinds=[kind], about_id=meeting.pk)
    notifications.notify(kind=kind, about_id=meeting.pk, people=people, actor=actor)


def _teller(name: str) -> Tell:
    def tell_it(user: User, rows: Sequence[Notification]) -> dict[int, Line]:
        found = Meeting.objects.visible_to(user).filter(pk__in=[row.about_id for row in rows]).select_related("kring")
        meetings = {meeting.pk: meeting for meeting in found}
        return {
            row.pk: Line(
                _WORDS[name][1]
                % {"meeting": meetings[row.about_id].title, "day": weekday_text(meetings[row.about_id].date)},
                meetings[row.about_id].get_absolute_url(),
            )
            for row in rows
            if row.about_id in meetings
        }

    return tell_it


def register() -> None:
    """Add these kinds of things to what people hear of."""
    for name, (label, _sentence) in _WORDS.items():
        notifications.register(Kind(name, label, _teller(name)))
