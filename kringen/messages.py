"""What people write in a room: send, edit, delete, react.

Every verb renders and checks first, then opens a short transaction in which the room's number is taken before
anything else, with the permission as part of that UPDATE; the bell rings after the commit. The browser gives each
act an id made once, so that an act that is sent again is done once.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy

from kringen.live import log
from kringen.live.bell import ring
from kringen.models import Message, Reaction, Room, RoomEvent, Topic
from kringen.models.room import RoomQuerySet
from people import markup
from people.models import User

MAX_BODY = 8_000
MAX_EMOJI = 16

# Code on the wire, sentence for a page. The codes are those of the protocol (docs of the live socket).
REFUSALS: dict[str, Any] = {  # of lazy strings
    "forbidden": gettext_lazy("You cannot write in this room (any more). Your text was not sent."),
    "empty": gettext_lazy("There is no text yet. Write something and send it again."),
    "too_long": gettext_lazy("The text is longer than 8,000 characters. Shorten it or divide it over two messages."),
    "conflict": gettext_lazy("This message was sent before with another text. Reload the page and send it once more."),
    "topic": gettext_lazy("This topic is not in this room. Choose a topic and send the message again."),
    "missing": gettext_lazy("This message does not exist (any more). Reload the page to see the room as it is now."),
    "bad": gettext_lazy("This cannot be sent like this. Reload the page and try again."),
}


class RoomRefused(ValueError):  # noqa: N818 — it is an answer to a person, not a fault
    """What somebody wanted in a room is not possible; `code` is for the wire, the text is a sentence to show."""

    def __init__(self, code: str) -> None:
        super().__init__(str(REFUSALS[code]))
        self.code = code


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an act: its number in the log, the message it is about, and whether it had been done before."""

    seq: int
    message_id: int
    duplicate: bool = False


def clean_body(body: str) -> str:
    """Return a text as it is kept: line ends alike, no control characters, nothing around it.

    Raises:
        RoomRefused: `empty` or `too_long` (more than 8,000 characters), or `bad` when it is no valid Unicode.
    """
    text = body.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(char for char in text if char in "\n\t" or ord(char) >= ord(" ")).strip()
    if not text:
        raise RoomRefused("empty")
    if len(text) > MAX_BODY:
        raise RoomRefused("too_long")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise RoomRefused("bad") from error
    return text


def _hash(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def _id(room: Room | int) -> int:
    return room if isinstance(room, int) else room.pk


def _writable(user: User) -> RoomQuerySet:
    return Room.objects.visible_to(user).filter(is_archived=False)


def _advance(user: User, room_id: int) -> int:
    seq = log.advance(_writable(user), room_id)
    if seq is None:
        raise RoomRefused("forbidden")
    return seq


def _announce(room_id: int, seq: int) -> None:
    transaction.on_commit(partial(ring, room_id, seq), robust=True)


def send(  # noqa: PLR0913 — keyword-only, and a message is all of these
    *,
    sender: User,
    room: Room | int,
    client_id: UUID,
    body: str,
    topic_id: int | None = None,
    reply_to_id: int | None = None,
) -> Done:
    """Write a message in a room; the same `client_id` with the same text is stored once.

    Args:
        sender: who writes.
        room: where, as a room or its id.
        client_id: made once per message by the sender's browser.
        body: Markdown, 1 to 8,000 characters after cleaning.
        topic_id: a topic of this room; None is the general one.
        reply_to_id: a message of this room.

    Raises:
        RoomRefused: `forbidden`, `empty`, `too_long`, `topic`, `missing` (reply) or `conflict` (the id was used
            for another text). Nothing is stored then.
    """
    room_id, text = _id(room), clean_body(body)
    topics = Topic.objects.filter(room=OuterRef("pk"))
    wanted = topics.filter(is_general=True) if topic_id is None else topics.filter(pk=topic_id)
    answered = Message.objects.filter(room=OuterRef("pk"), pk=reply_to_id or 0)
    found = (
        _writable(sender)
        .filter(pk=room_id)
        .values_list(Subquery(wanted.values("pk")[:1]), Subquery(answered.values("pk")[:1]))
        .first()
    )
    if found is None:
        raise RoomRefused("forbidden")
    topic, reply_to = found
    if topic is None:
        raise RoomRefused("topic")
    if reply_to_id is not None and reply_to is None:
        raise RoomRefused("missing")
    html = markup.render(text)
    try:
        with transaction.atomic():
            seq = _advance(sender, room_id)
            now = timezone.now()
            message = Message.objects.create(
                room_id=room_id,
                topic_id=topic,
                sender=sender,
                client_id=client_id,
                body=text,
                body_hash=_hash(text),
                html=html,
                reply_to_id=reply_to,
                created_seq=seq,
                created_at=now,
            )
            log.append(
                room_id=room_id,
                seq=seq,
                kind=RoomEvent.Kind.MESSAGE_NEW,
                actor=sender,
                at=now,
                message_id=message.pk,
                payload={"topic": topic, "body": text, "html": html, "replyTo": reply_to},
            )
            _announce(room_id, seq)
    except IntegrityError:
        earlier = Message.objects.filter(room_id=room_id, sender=sender, client_id=client_id).first()
        if earlier is None:
            raise
        # A deleted message has no text any more to compare; its hash stays for exactly this question.
        if earlier.body_hash != _hash(text):
            raise RoomRefused("conflict") from None
        return Done(earlier.created_seq, earlier.pk, duplicate=True)
    return Done(seq, message.pk)


def _message_in(user: User, room_id: int, message_id: int) -> Message:
    message = (
        Message.objects.filter(room__in=_writable(user), room_id=room_id, pk=message_id).select_related("room").first()
    )
    if message is None:
        raise RoomRefused("forbidden" if not _writable(user).filter(pk=room_id).exists() else "missing")
    return message


def _done_before(user: User, room_id: int, client_id: UUID) -> RoomEvent | None:
    return RoomEvent.objects.filter(room_id=room_id, actor=user, client_id=client_id).first()


def _same(line: RoomEvent, kind: RoomEvent.Kind, message_id: int, fingerprint: str) -> Done:
    if line.kind != kind or line.message_id != message_id or line.payload.get("hash", "") != fingerprint:
        raise RoomRefused("conflict")
    return Done(line.seq, message_id, duplicate=True)


def edit(*, editor: User, room: Room | int, message_id: int, client_id: UUID, body: str) -> Done:
    """Give one's own message another text; the change is an event of its own in the log.

    Raises:
        RoomRefused: `forbidden` (not one's own, or not in this room), `missing`, `empty`, `too_long`, `conflict`.
    """
    room_id, text = _id(room), clean_body(body)
    kind, fingerprint = RoomEvent.Kind.MESSAGE_EDIT, _hash(text)
    message = _message_in(editor, room_id, message_id)
    if message.sender_id != editor.pk:
        raise RoomRefused("forbidden")
    earlier = _done_before(editor, room_id, client_id)
    if earlier is not None:
        return _same(earlier, kind, message_id, fingerprint)
    html = markup.render(text)
    try:
        with transaction.atomic():
            seq = _advance(editor, room_id)
            now = timezone.now()
            changed = Message.objects.filter(pk=message_id, deleted_at__isnull=True).update(
                body=text, html=html, edited_at=now
            )
            if not changed:
                raise RoomRefused("missing")
            log.append(
                room_id=room_id,
                seq=seq,
                kind=kind,
                actor=editor,
                at=now,
                message_id=message_id,
                client_id=client_id,
                payload={
                    "topic": message.topic_id,
                    "body": text,
                    "html": html,
                    "replyTo": message.reply_to_id,
                    "hash": fingerprint,
                },
            )
            _announce(room_id, seq)
    except IntegrityError:
        earlier = _done_before(editor, room_id, client_id)
        if earlier is None:
            raise
        return _same(earlier, kind, message_id, fingerprint)
    return Done(seq, message_id)


def delete(*, by: User, room: Room | int, message_id: int, client_id: UUID) -> Done:
    """Take a message away: its text disappears from the message and from the whole log, its numbers stay.

    Raises:
        RoomRefused: `forbidden` (neither one's own nor keeping order here) or `missing`.
    """
    room_id = _id(room)
    message = _message_in(by, room_id, message_id)
    if message.sender_id != by.pk and not Room.objects.led_by(by).filter(pk=room_id).exists():
        raise RoomRefused("forbidden")
    kind = RoomEvent.Kind.MESSAGE_DELETE
    with transaction.atomic():
        seq = _advance(by, room_id)
        now = timezone.now()
        gone = Message.objects.filter(pk=message_id, deleted_at__isnull=True).update(body="", html="", deleted_at=now)
        if gone:
            log.blank(message)
            Reaction.objects.filter(message=message).delete()
            log.append(
                room_id=room_id,
                seq=seq,
                kind=kind,
                actor=by,
                at=now,
                message_id=message_id,
                client_id=client_id,
            )
            _announce(room_id, seq)
        else:  # somebody was first: give the number back
            transaction.set_rollback(True)
    if not gone:
        line = RoomEvent.objects.filter(room_id=room_id, message_id=message_id, kind=kind).first()
        if line is None:
            raise RoomRefused("missing")
        return Done(line.seq, message_id, duplicate=True)
    return Done(seq, message_id)


def react(  # noqa: PLR0913 — keyword-only, and a sign is all of these
    *, by: User, room: Room | int, message_id: int, client_id: UUID, emoji: str, on: bool
) -> Done:
    """Put a sign under a message, or take one's own away; doing what is already so changes nothing.

    Raises:
        RoomRefused: `forbidden`, `missing` (also for a deleted message), `bad` (no sign, or words) or `conflict`.
    """
    if not emoji or len(emoji) > MAX_EMOJI or any(char.isalnum() or char.isspace() or char in "<>&" for char in emoji):
        raise RoomRefused("bad")
    room_id = _id(room)
    message = _message_in(by, room_id, message_id)
    if message.deleted_at is not None:
        raise RoomRefused("missing")
    kind, fingerprint = RoomEvent.Kind.REACTION, f"{emoji}{'+' if on else '-'}"
    earlier = _done_before(by, room_id, client_id)
    if earlier is not None:
        return _same(earlier, kind, message_id, fingerprint)
    try:
        with transaction.atomic():
            seq = _advance(by, room_id)
            if on:
                Reaction.objects.get_or_create(message=message, user=by, emoji=emoji)
            else:
                Reaction.objects.filter(message=message, user=by, emoji=emoji).delete()
            log.append(
                room_id=room_id,
                seq=seq,
                kind=kind,
                actor=by,
                at=timezone.now(),
                message_id=message_id,
                client_id=client_id,
                payload={"reaction": {"emoji": emoji, "on": on}, "hash": fingerprint},
            )
            _announce(room_id, seq)
    except IntegrityError:
        earlier = _done_before(by, room_id, client_id)
        if earlier is None:
            raise
        return _same(earlier, kind, message_id, fingerprint)
    return Done(seq, message_id)
