"""What people write in a room: send, edit, delete.

Every verb renders and checks first, then opens a short transaction in which the room's number is taken before
anything else, with the permission as part of that UPDATE; the bell rings after the commit (`kringen/conversation/acting.py`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from kringen.cards import Spec
from kringen.conversation import attachments, notices
from kringen.conversation.acting import (
    Done,
    RoomRefused,
    advance,
    announce,
    fingerprint,
    id_of,
    message_in,
    once,
    writable,
)
from kringen.conversation.content import MAX_BODY, Content, clean_body, compose
from kringen.conversation.room_search import stems_of
from kringen.live import log
from kringen.models import Message, Poll, Reaction, Room, RoomEvent, Topic
from people.models import User

__all__ = ["MAX_BODY", "clean_body", "delete", "edit", "send"]

MAX_REASON = 240


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
        body: Markdown, 1 to 8,000 characters after cleaning; an address of this site on a line of its own becomes a
            card under the message.
        topic_id: a topic of this room; None is the general one.
        reply_to_id: a message of this room.

    Raises:
        RoomRefused: `forbidden`, `empty`, `too_long`, `topic`, `missing` (reply), `cards` (too many) or `conflict`
            (the id was used for another text). Nothing is stored then.
    """
    room_id, text = id_of(room), clean_body(body)
    topic, reply_to = _place(sender, room_id, topic_id, reply_to_id)
    content = compose(sender=sender, room_id=room_id, text=text)
    return store(
        sender=sender,
        room_id=room_id,
        client_id=client_id,
        content=content,
        mark=fingerprint(text),
        topic=topic,
        reply_to=reply_to,
    )


def _place(sender: User, room_id: int, topic_id: int | None, reply_to_id: int | None) -> tuple[int, int | None]:
    """Return the topic and the answered message, both of this room: a query each.

    Whether the sender may write here is decided where the number is taken. Only before a refusal it is asked here as
    well, so that a stranger hears nothing about what the room holds.

    Raises:
        RoomRefused: `forbidden`, `topic` or `missing`.
    """
    topics = Topic.objects.filter(room_id=room_id).order_by()
    wanted = topics.filter(is_general=True) if topic_id is None else topics.filter(pk=topic_id)
    topic = wanted.values_list("pk", flat=True).first()
    answers = reply_to_id is None or Message.objects.filter(room_id=room_id, pk=reply_to_id).exists()
    if topic is None or not answers:
        if not writable(sender).filter(pk=room_id).exists():
            raise RoomRefused("forbidden")
        raise RoomRefused("topic" if topic is None else "missing")
    return topic, reply_to_id


def general_topic(sender: User, room_id: int, topic_id: int | None) -> int:
    """Return the topic where something lands: the one that is named, else the general one.

    Raises:
        RoomRefused: `forbidden` or `topic`.
    """
    return _place(sender, room_id, topic_id, None)[0]


def store(  # noqa: PLR0913 — keyword-only, and a message is all of these
    *,
    sender: User,
    room_id: int,
    client_id: UUID,
    content: Content,
    mark: str,
    topic: int,
    reply_to: int | None = None,
    also: Callable[[Message], None] | None = None,
) -> Done:
    """Store a message that was checked, with its event; `also` adds what belongs to it in the same transaction.

    Raises:
        RoomRefused: `forbidden`, `missing` (a file is gone) or `conflict`.
    """
    try:
        with transaction.atomic():
            seq = advance(sender, room_id)
            now = timezone.now()
            message = Message.objects.create(
                room_id=room_id,
                topic_id=topic,
                sender=sender,
                client_id=client_id,
                body=content.body,
                body_hash=mark,
                html=content.html,
                stems=stems_of(content.body),
                cards=content.cards,
                cards_seq=seq if content.cards else 0,
                mentions=content.mentions,
                reply_to_id=reply_to,
                created_seq=seq,
                created_at=now,
            )
            attachments.attach(content.files, owner=sender, message=message)
            if also is not None:
                also(message)
            notices.about_message(message, mentions=content.mentions, is_new=True)
            log.append(
                room_id=room_id,
                seq=seq,
                kind=RoomEvent.Kind.MESSAGE_NEW,
                actor=sender,
                at=now,
                message_id=message.pk,
                payload={
                    "topic": topic,
                    "replyTo": reply_to,
                    **({"cid": str(client_id)} if content.cards else {}),
                    **content.payload,
                },
            )
            announce(room_id, seq)
    except IntegrityError:
        earlier = Message.objects.filter(room_id=room_id, sender=sender, client_id=client_id).first()
        if earlier is None:
            raise
        # A deleted message has no text any more to compare; its hash stays for exactly this question.
        if earlier.body_hash != mark:
            raise RoomRefused("conflict") from None
        return Done(earlier.created_seq, earlier.pk, duplicate=True)
    return Done(seq, message.pk)


def edit(  # noqa: PLR0913 — keyword-only, and an edit is all of these
    *,
    editor: User,
    room: Room | int,
    message_id: int,
    client_id: UUID,
    body: str,
    cards: list[Spec] | None = None,
) -> Done:
    """Give one's own message another text; the change is an event of its own in the log.

    Args:
        editor: whose message it is.
        room: where.
        message_id: which message.
        client_id: made once per edit by the browser.
        body: the new text; addresses in it become cards beside those that stay.
        cards: which of its cards stay; None keeps them all. What is left out goes, files with it.

    Raises:
        RoomRefused: `forbidden` (not one's own, or not in this room), `missing`, `empty`, `too_long`, `cards`,
            `conflict`.
    """
    room_id = id_of(room)
    message = message_in(editor, room_id, message_id)
    if message.sender_id != editor.pk:
        raise RoomRefused("forbidden")
    kept = [card for card in message.cards if cards is None or card in cards or card["kind"] == "poll"]
    text = clean_body(body) if body.strip() or not kept else ""
    mark = fingerprint("\n".join([text, *(str(card) for card in kept)])) if cards is not None else fingerprint(text)
    content = compose(sender=editor, room_id=room_id, text=text, kept=kept)
    called_before = message.mentions

    def change(now: dt.datetime, seq: int) -> dict[str, Any]:
        new = {"cards": content.cards, "cards_seq": seq} if content.cards != message.cards else {}
        changed = Message.objects.filter(pk=message_id, deleted_at__isnull=True).update(
            body=content.body,
            html=content.html,
            stems=stems_of(content.body),
            mentions=content.mentions,
            edited_at=now,
            **new,
        )
        if not changed:
            raise RoomRefused("missing")
        attachments.keep_only(message, content.files)
        attachments.attach(content.files, owner=editor, message=message)
        notices.about_message(
            message, mentions=[one for one in content.mentions if one not in called_before], is_new=False
        )
        return {"topic": message.topic_id, "replyTo": message.reply_to_id, **content.payload}

    return once(
        by=editor,
        room_id=room_id,
        message_id=message_id,
        kind=RoomEvent.Kind.MESSAGE_EDIT,
        client_id=client_id,
        mark=mark,
        change=change,
    )


def delete(*, by: User, room: Room | int, message_id: int, client_id: UUID, reason: str = "") -> Done:
    """Take a message away: its text and all that hangs under it disappear, from the log too; its numbers stay.

    Args:
        by: who wrote it, or who keeps order here.
        room: where.
        message_id: which message.
        client_id: made once per deletion by the browser.
        reason: why; shown in its place when somebody else than the writer takes it away.

    Raises:
        RoomRefused: `forbidden` (neither one's own nor keeping order here) or `missing`.
    """
    room_id = id_of(room)
    message = message_in(by, room_id, message_id)
    is_own = message.sender_id == by.pk
    if not is_own and not Room.objects.led_by(by).filter(pk=room_id).exists():
        raise RoomRefused("forbidden")
    kind = RoomEvent.Kind.MESSAGE_DELETE
    said = "" if is_own else " ".join(reason.split())[:MAX_REASON]
    with transaction.atomic():
        seq = advance(by, room_id)
        now = timezone.now()
        gone = Message.objects.filter(pk=message_id, deleted_at__isnull=True).update(
            body="",
            html="",
            stems="",
            cards=[],
            mentions=[],
            cards_seq=seq,
            pinned_at=None,
            deleted_at=now,
            deleted_by=by,
            delete_reason=said,
        )
        if gone:
            log.blank(message)
            Reaction.objects.filter(message=message).delete()
            Poll.objects.filter(message=message).delete()
            attachments.drop(message)
            notices.withdraw(message)
            log.append(
                room_id=room_id,
                seq=seq,
                kind=kind,
                actor=by,
                at=now,
                message_id=message_id,
                client_id=client_id,
                payload={} if is_own else {"moderated": True, "reason": said},
            )
            announce(room_id, seq)
        else:  # somebody was first: give the number back
            transaction.set_rollback(True)
    if not gone:
        line = RoomEvent.objects.filter(room_id=room_id, message_id=message_id, kind=kind).first()
        if line is None:
            raise RoomRefused("missing")
        return Done(line.seq, message_id, duplicate=True)
    return Done(seq, message_id)
