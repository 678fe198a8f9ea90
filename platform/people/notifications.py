"""Telling people what concerns them: on the site, and by mail without saying what was said.

Other apps register kinds of things. A notification keeps only an id; what it says is asked of the kind each time,
which answers for what this person may still see. So nothing is told, or mailed, that was taken away meanwhile.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.models import Notification, NotificationChoice, User

KEPT = dt.timedelta(days=180)
MAIL_AFTER = dt.timedelta(minutes=15)  # who is reading along needs no mail
SHOWN = 100
AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Line:
    """What a notification says to its reader, and where it leads."""

    text: str
    url: str


# Of ids a person was told about: what may be said of those that person may still see.
Tell = Callable[[User, Sequence[Notification]], dict[int, Line]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that people hear of."""

    name: str
    label: Any  # lazy: "Somebody calls me in a message"
    tell: Tell


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Let an app to the left add a kind of thing."""
    _kinds[kind.name] = kind


def kinds() -> list[Kind]:
    """Return every kind of thing, in the order in which they were registered."""
    return list(_kinds.values())


def notify(*, kind: str, about_id: int, people: Iterable[int], actor: User | None = None) -> None:
    """Let people know of something, as each chose; part of the caller's transaction. The same thing is told once.

    Args:
        kind: a registered kind.
        about_id: of what it is about.
        people: ids of who should know; `actor` is left out.
        actor: who did it.
    """
    notify_each(kind=kind, about=[(about_id, pk) for pk in sorted(set(people))], actor=actor)


def notify_each(*, kind: str, about: Sequence[tuple[int, int]], actor: User | None = None) -> None:
    """Let people know of many things of a kind, each of their own; as `notify`, in a few queries however many.

    Args:
        kind: a registered kind.
        about: (id of what it is about, id of who should know); `actor` is left out.
        actor: who did it.
    """
    wanted = [(about_id, pk) for about_id, pk in about if actor is None or pk != actor.pk]
    if not wanted:
        return
    chosen = NotificationChoice.objects.filter(kind=kind)
    people = {pk for _about, pk in wanted}
    if len(people) <= AT_A_TIME:
        chosen = chosen.filter(user__in=people)
    choices = {row.user_id: (row.in_app, row.by_mail) for row in chosen}
    rows = []
    for about_id, pk in wanted:
        in_app, by_mail = choices.get(pk, (True, True))
        if in_app or by_mail:
            rows.append(
                Notification(user_id=pk, kind=kind, about_id=about_id, actor=actor, in_app=in_app, by_mail=by_mail)
            )
    Notification.objects.bulk_create(rows, ignore_conflicts=True, batch_size=AT_A_TIME)


def withdraw(*, kinds: Iterable[str], about_id: int) -> None:
    """Forget that people were told of something that is gone."""
    Notification.objects.filter(kind__in=list(kinds), about_id=about_id).delete()


def unread_count(user: User) -> int:
    """Return how many notifications somebody has not read: one query."""
    return Notification.objects.filter(user=user, in_app=True, read_at__isnull=True).count()


@dataclass(frozen=True, slots=True)
class Told:
    """A notification with what it says now."""

    notification: Notification
    line: Line


def for_person(user: User) -> list[Told]:
    """Return what somebody was told on the site, the newest first; what they may not see any more is left out."""
    rows = list(Notification.objects.filter(user=user, in_app=True).select_related("actor")[:SHOWN])
    return _told(user, rows)


def _told(user: User, rows: list[Notification]) -> list[Told]:
    by_kind: dict[str, list[Notification]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    lines: dict[int, Line] = {}
    for name, some in by_kind.items():
        kind = _kinds.get(name)
        if kind is not None:
            lines |= kind.tell(user, some)
    return [Told(row, lines[row.pk]) for row in rows if row.pk in lines]


def mark_read(*, user: User, until: int | None = None) -> None:
    """Mark what somebody was told as read, up to and including a notification; None is everything."""
    rows = Notification.objects.filter(user=user, read_at__isnull=True)
    if until is not None:
        rows = rows.filter(pk__lte=until)
    rows.update(read_at=timezone.now())


def unread_about(*, user: User, kinds: Iterable[str]) -> list[int]:
    """Return the ids of the things of some kinds of which somebody has not read that they happened: one query."""
    unread = Notification.objects.filter(user=user, kind__in=list(kinds), read_at__isnull=True)
    return list(unread.values_list("about_id", flat=True))


def mark_read_about(*, user: User, kinds: Iterable[str], about_ids: Iterable[int]) -> None:
    """Mark as read what somebody has seen where it happened."""
    Notification.objects.filter(
        user=user, kind__in=list(kinds), about_id__in=list(about_ids), read_at__isnull=True
    ).update(read_at=timezone.now())


def choices_of(user: User) -> list[tuple[Kind, bool, bool]]:
    """Return for each kind whether somebody hears of it on the site and by mail."""
    rows = {row.kind: row for row in NotificationChoice.objects.filter(user=user)}
    return [
        (
            kind,
            rows[kind.name].in_app if kind.name in rows else True,
            rows[kind.name].by_mail if kind.name in rows else True,
        )
        for kind in kinds()
    ]


def choose(*, user: User, kind: str, in_app: bool, by_mail: bool) -> None:
    """Keep how somebody wants to hear of a kind of thing.

    Raises:
        KeyError: there is no such kind.
    """
    NotificationChoice.objects.update_or_create(
        user=user, kind=_kinds[kind].name, defaults={"in_app": in_app, "by_mail": by_mail}
    )


def send_mails(*, now: dt.datetime | None = None) -> int:
    """Mail everybody who has unread notifications of more than a quarter of an hour old: one mail each.

    What was read meanwhile, what was taken away and what somebody may not see any more is not mailed. The mail says
    how many and where, never what. Returns how many mails went out.
    """
    moment = now or timezone.now()
    Notification.objects.filter(created_at__lt=moment - KEPT).delete()
    due = Notification.objects.filter(
        Q(by_mail=True, mailed_at__isnull=True, read_at__isnull=True), created_at__lte=moment - MAIL_AFTER
    )
    sent = 0
    for user in User.objects.filter(pk__in=due.values("user"), is_active=True):
        rows = list(due.filter(user=user).select_related("actor"))
        # Taken first: a second run at the same time finds nothing left for this person.
        taken = Notification.objects.filter(pk__in=[row.pk for row in rows], mailed_at__isnull=True)
        if taken.update(mailed_at=moment) != len(rows):
            continue
        told = _told(user, rows)
        if told:
            _mail(user, len(told))
            sent += 1
    due.filter(user__is_active=False).update(mailed_at=moment)
    return sent


def _mail(user: User, number: int) -> None:
    with translation.override(user.language):
        address = f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}/meldingen/"
        subject = ngettext("%(number)s new notification", "%(number)s new notifications", number) % {"number": number}
        body = render_to_string(
            "people/mail/notifications.txt",
            {"name": user.name, "number": number, "address": address, "site_name": settings.WAGTAIL_SITE_NAME},
        )
        message = EmailMessage(f"{settings.WAGTAIL_SITE_NAME}: {subject}", body, to=[user.email])
        message.extra_headers["Auto-Submitted"] = "auto-generated"
        message.send()


def said_by(actor: User | None) -> str:
    """Return the name of who did it, or words for somebody who is gone."""
    return str(actor) if actor is not None else _("Somebody")
