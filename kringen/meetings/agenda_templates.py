"""Agendas to begin with: those of the kinds of meeting a kring has, and those of its own earlier meetings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kringen.meetings.agendas import AGENDA_FIELDS, AgendaLine, save_agenda
from kringen.models import AgendaItem, Meeting

Kind = AgendaItem.Kind
COPY = "copy:"

# Lines are (kind, title, minutes); the last has an open end.
_TEMPLATES: dict[str, tuple[Any, tuple[tuple[str, Any, int | None], ...]]] = {
    "acquaintance": (
        gettext_lazy("Getting acquainted (first meeting)"),
        (
            (Kind.OPENING, gettext_lazy("Opening and news"), 15),
            (Kind.NEWS, gettext_lazy("The year and how we work"), 15),
            (Kind.NEWS, gettext_lazy("Round of the municipalities"), 30),
            (Kind.THEME, gettext_lazy("Our questions and themes"), 20),
            (Kind.CLOSING, gettext_lazy("What we agreed, and closing"), None),
        ),
    ),
    "theme": (
        gettext_lazy("Theme meeting (second and third)"),
        (
            (Kind.OPENING, gettext_lazy("Opening and news"), 10),
            (Kind.ACTIONS, gettext_lazy("What became of what we promised"), 15),
            (Kind.FIGURES, gettext_lazy("The story behind our figures"), 45),
            (Kind.THEME, gettext_lazy("The theme of this meeting"), 45),
            (Kind.PRACTICE, gettext_lazy("Good practices, shown by their makers"), 30),
            (Kind.DECISION, gettext_lazy("Improvement goals"), 20),
            (Kind.CLOSING, gettext_lazy("What we agreed, and closing"), None),
        ),
    ),
    "steering": (
        gettext_lazy("Steering group"),
        (
            (Kind.OPENING, gettext_lazy("Opening"), 5),
            (Kind.FIGURES, gettext_lazy("Progress of the kringen"), 30),
            (Kind.DECISION, gettext_lazy("Decisions"), 30),
            (Kind.CLOSING, gettext_lazy("Closing"), None),
        ),
    ),
    "interpretation": (
        gettext_lazy("Interpretation talk"),
        (
            (Kind.OPENING, gettext_lazy("Why we are here"), 10),
            (Kind.FIGURES, gettext_lazy("What stands out in the figures"), 40),
            (Kind.DECISION, gettext_lazy("What we act on first"), 30),
            (Kind.CLOSING, gettext_lazy("What we agreed"), None),
        ),
    ),
    "closing": (
        gettext_lazy("Closing conference"),
        (
            (Kind.OPENING, gettext_lazy("Welcome"), 15),
            (Kind.FIGURES, gettext_lazy("The year in figures"), 30),
            (Kind.PRACTICE, gettext_lazy("What worked: stories of municipalities"), 60),
            (Kind.CLOSING, gettext_lazy("Evaluation, and next year"), None),
        ),
    ),
}


def choices(earlier: Iterable[Meeting]) -> list[tuple[str, str]]:
    """Return what an agenda can begin with, as choices of a form: nothing, a template, an earlier agenda."""
    return [
        ("", _("an empty agenda")),
        *((key, str(label)) for key, (label, _lines) in _TEMPLATES.items()),
        *((f"{COPY}{each.number}", _("the agenda of “%(meeting)s”") % {"meeting": each}) for each in earlier),
    ]


@transaction.atomic
def fill(*, meeting: Meeting, key: str) -> int:
    """Give a meeting without items the agenda that was chosen; return how many items. Times of day are not copied.

    Args:
        meeting: whose agenda; one that has items is left alone.
        key: one of `choices`; an unknown one gives an empty agenda.
    """
    if not key or meeting.agenda_items.exists():
        return 0
    if key.startswith(COPY):
        number = key.removeprefix(COPY)
        source = Meeting.objects.filter(kring=meeting.kring_id, number=int(number)) if number.isdecimal() else None
        items = AgendaItem.objects.filter(meeting__in=source) if source is not None else AgendaItem.objects.none()
        fields = [name for name in AGENDA_FIELDS if name not in {"starts_at", "notes"}]
        lines = [AgendaLine(**{name: getattr(item, name) for name in fields}) for item in items]
    else:
        _label, rows = _TEMPLATES.get(key, ("", ()))
        lines = [AgendaLine(title=str(title), kind=kind, minutes=minutes) for kind, title, minutes in rows]
    if lines:
        save_agenda(meeting=meeting, lines=lines, seen=meeting.agenda_version)
    return len(lines)
