"""Reporting a message, and what who keeps order does with it. Who reported stays between them.

Both steps are lines in the audit log. The room's own log says nothing of a report; only a message that was taken
away is an event.
"""

from __future__ import annotations

from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from kringen.conversation.acting import RoomRefused, standing_message
from kringen.conversation.messages import delete
from kringen.conversation.notices import OUTCOME, REPORTED
from kringen.models import Kring, MessageReport, Room
from people.models import Role, RoleName, User
from people.notifications import notify

MAX_REASON = 400


def report(*, by: User, room: Room, message_id: int, reason: str) -> MessageReport:
    """Report a message to the facilitator of the kring and the programme office.

    Raises:
        RoomRefused: `forbidden`, `missing`, `reason` (empty) or `reported` (by this person, before).
    """
    message = standing_message(by, room.pk, message_id)
    said = " ".join(reason.split())[:MAX_REASON]
    if not said:
        raise RoomRefused("reason")
    try:
        with transaction.atomic():
            made = MessageReport.objects.create(message=message, reporter=by, reason=said)
            notify(kind=REPORTED, about_id=made.pk, people=_keepers(room), actor=by)
    except IntegrityError as error:
        raise RoomRefused("reported") from error
    return made


def _keepers(room: Room) -> set[int]:
    """Return who keeps order in a room: the facilitators of its kring and the programme office."""
    kring = ContentType.objects.get_for_model(Kring)
    roles = Role.objects.current().filter(user__is_active=True)
    wanted = Q(role=RoleName.FACILITATOR, scope_type=kring, scope_id=room.kring_id) | Q(role=RoleName.OFFICE)
    return set(roles.filter(wanted).values_list("user_id", flat=True))


def reports_for(user: User, kring: Kring) -> QuerySet[MessageReport]:
    """Return the reports of a kring that a person may handle, the open ones first."""
    rooms = Room.objects.led_by(user).filter(kring=kring)
    found = MessageReport.objects.filter(message__room__in=rooms)
    return found.select_related(
        "message__sender__municipality", "message__room__kring", "reporter__municipality", "handled_by"
    ).order_by("handled_at", "created_at")


def handle(*, by: User, report: MessageReport, take_away: bool, answer: str = "") -> MessageReport:
    """Decide on a report: the message goes, with the answer as its reason, or stays; the reporter hears it.

    Raises:
        RoomRefused: `forbidden`, `missing` (handled already) or `reason` (taking away needs one).
    """
    if not Room.objects.led_by(by).filter(pk=report.message.room_id).exists():
        raise RoomRefused("forbidden")
    said = " ".join(answer.split())[:MAX_REASON]
    if take_away and not said:
        raise RoomRefused("reason")
    with transaction.atomic():
        current = MessageReport.objects.select_for_update().get(pk=report.pk)
        if current.state != MessageReport.State.OPEN:
            raise RoomRefused("missing")
        if take_away:
            delete(by=by, room=report.message.room_id, message_id=report.message_id, client_id=uuid4(), reason=said)
        current.state = MessageReport.State.UPHELD if take_away else MessageReport.State.DISMISSED
        current.answer, current.handled_by, current.handled_at = said, by, timezone.now()
        current.save(update_fields=["state", "answer", "handled_by", "handled_at"])
        notify(kind=OUTCOME, about_id=current.pk, people=[current.reporter_id], actor=by)
    return current
