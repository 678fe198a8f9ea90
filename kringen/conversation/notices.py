"""What in the rooms concerns somebody: being called, being answered, a report and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kringen.conversation.mentions import Mention, people_of
from kringen.models import Message, MessageReport, Room
from people import notifications
from people.models import Notification, User
from people.notifications import Kind, Line, said_by

CALLED = "room.called"
ANSWERED = "room.answered"
REPORTED = "room.reported"
OUTCOME = "room.outcome"
ON_MESSAGES = (CALLED, ANSWERED)


def about_message(message: Message, *, mentions: list[Mention], is_new: bool) -> None:
    """Tell who is called in a message, and whose message it answers; part of its transaction."""
    called: set[int] = set()
    if mentions:
        kring_id = Room.objects.values_list("kring_id", flat=True).get(pk=message.room_id)
        called = people_of(mentions, kring_id=kring_id)
        notifications.notify(kind=CALLED, about_id=message.pk, people=called, actor=message.sender)
    if is_new and message.reply_to_id:
        asked = Message.objects.filter(pk=message.reply_to_id, deleted_at__isnull=True)
        writers = set(asked.values_list("sender_id", flat=True)) - called
        notifications.notify(kind=ANSWERED, about_id=message.pk, people=writers, actor=message.sender)


def withdraw(message: Message) -> None:
    """Forget that people were told of a message that was taken away."""
    notifications.withdraw(kinds=ON_MESSAGES, about_id=message.pk)


def seen(user: User, messages: Sequence[Message]) -> None:
    """Note that somebody has the page with these messages before them."""
    _seen(user, {message.pk for message in messages}.intersection)


def seen_up_to(user: User, *, room_id: int, seq: int, topic_id: int | None = None) -> None:
    """Note that somebody has read a room, or one topic of it, up to and including a number."""
    here = Message.objects.filter(room=room_id, created_seq__lte=seq)
    if topic_id is not None:
        here = here.filter(topic=topic_id)
    _seen(user, lambda told: here.filter(pk__in=told).values_list("pk", flat=True))


def _seen(user: User, among: Callable[[list[int]], Iterable[int]]) -> None:
    # Asked first: nearly always there is nothing to mark, and looking at a page should not write.
    told = notifications.unread_about(user=user, kinds=ON_MESSAGES)
    if told:
        notifications.mark_read_about(user=user, kinds=ON_MESSAGES, about_ids=among(told))


def address_of(message: Message) -> str:
    """Return where a message stands; its room and kring must be loaded."""
    return (
        f"{reverse('kringen:room', args=[message.room.kring.slug, message.room_id])}?bericht={message.pk}#m{message.pk}"
    )


def _messages(user: User, rows: Sequence[Notification]) -> dict[int, Message]:
    found = Message.objects.filter(
        pk__in=[row.about_id for row in rows], deleted_at__isnull=True, room__in=Room.objects.visible_to(user)
    )
    return {message.pk: message for message in found.select_related("room__kring")}


def _tell_called(user: User, rows: Sequence[Notification]) -> dict[int, Line]:
    messages = _messages(user, rows)
    return {
        row.pk: Line(
            _("%(name)s calls you in “%(room)s”") % {"name": said_by(row.actor), "room": messages[row.about_id].room},
            address_of(messages[row.about_id]),
        )
        for row in rows
        if row.about_id in messages
    }


def _tell_answered(user: User, rows: Sequence[Notification]) -> dict[int, Line]:
    messages = _messages(user, rows)
    return {
        row.pk: Line(
            _("%(name)s answers you in “%(room)s”") % {"name": said_by(row.actor), "room": messages[row.about_id].room},
            address_of(messages[row.about_id]),
        )
        for row in rows
        if row.about_id in messages
    }


def _tell_reported(user: User, rows: Sequence[Notification]) -> dict[int, Line]:
    found = MessageReport.objects.filter(
        pk__in=[row.about_id for row in rows], message__room__in=Room.objects.led_by(user)
    ).select_related("message__room__kring")
    reports = {report.pk: report for report in found}
    return {
        row.pk: Line(
            _("A message in “%(room)s” was reported") % {"room": reports[row.about_id].message.room},
            reverse("kringen:reports", args=[reports[row.about_id].message.room.kring.slug]),
        )
        for row in rows
        if row.about_id in reports
    }


def _tell_outcome(user: User, rows: Sequence[Notification]) -> dict[int, Line]:
    found = MessageReport.objects.filter(pk__in=[row.about_id for row in rows], reporter=user).exclude(
        state=MessageReport.State.OPEN
    )
    reports = {report.pk: report for report in found.select_related("message__room__kring")}
    return {row.pk: _outcome(reports[row.about_id]) for row in rows if row.about_id in reports}


def _outcome(report: MessageReport) -> Line:
    said = (
        _("Your report was looked at: the message was taken away.")
        if report.state == MessageReport.State.UPHELD
        else _("Your report was looked at: the message stays.")
    )
    return Line(f"{said} {report.answer}".strip(), address_of(report.message))


def register() -> None:
    """Add these kinds of things to what people hear of."""
    notifications.register(Kind(CALLED, gettext_lazy("Somebody calls me, my municipality or the kring"), _tell_called))
    notifications.register(Kind(ANSWERED, gettext_lazy("Somebody answers my message"), _tell_answered))
    notifications.register(Kind(OUTCOME, gettext_lazy("What came of my report"), _tell_outcome))
    notifications.register(Kind(REPORTED, gettext_lazy("A message was reported (for who keeps order)"), _tell_reported))
