"""Rooms over HTTP, for where a socket cannot pass: the same events, the same verbs, the same answers.

`GET /rooms` · `GET /rooms/{id}/events` (waits for news if asked) · `POST /rooms/{id}/messages`
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from ninja.utils import check_csrf
from pydantic import ConfigDict, Field

from kringen.conversation import rooms
from kringen.conversation.subjects import kind_of_room
from kringen.conversation.topics import describe_topic
from kringen.live import frames, hub, log, standing
from kringen.live.events import encode
from kringen.models import Room
from people.models import User

router = Router(tags=["rooms"])

MAX_WAIT = 25.0  # seconds; proxies cut at 30 or 60
MAX_LIMIT = 200
MAX_BYTES = 256 * 1024

STATUS = {"forbidden": 404, "conflict": 409, "missing": 404}
TITLES = {401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict", 422: "Unprocessable Content"}


class MessageIn(Schema):
    """A message to send; `cid` is made once per message, so that it may be sent again."""

    model_config = ConfigDict(extra="forbid")

    cid: UUID
    body: str
    topic: int | None = Field(None, gt=0, le=frames.MAX_ID)
    replyTo: int | None = Field(None, gt=0, le=frames.MAX_ID)  # noqa: N815 — the name on the wire


class MessageOut(Schema):
    """Where it is in the log; `dup` when it was there already."""

    seq: int
    id: int
    dup: bool


class TopicOut(Schema):
    """A topic of a room: `read` is the number up to which I have read, `level` is normal, followed or muted."""

    id: int
    title: str
    general: bool
    resolved: bool
    level: str
    read: int
    unread: int


class SubjectOut(Schema):
    """What a room is about: `kind` is `bijeenkomst`, `indicator` or `praktijk`."""

    kind: str
    id: int


class RoomOut(Schema):
    """A room of mine and what is unread in it; muted topics do not count there."""

    id: int
    name: str
    about: str
    kring: str
    kringName: str  # noqa: N815 — the name on the wire
    subject: SubjectOut | None
    confidentiality: str
    head: int
    epoch: str
    unread: int
    topics: list[TopicOut]


class EventsQuery(Schema):
    """What part of a room's log: above `after` (waiting at most `wait` seconds for something), or below `before`."""

    after: int | None = Field(None, ge=0, le=frames.MAX_ID)
    before: int | None = Field(None, ge=1, le=frames.MAX_ID)
    limit: int = Field(100, ge=1, le=MAX_LIMIT)
    wait: float = Field(0, ge=0, le=MAX_WAIT, allow_inf_nan=False)


def problem(status: int, detail: str = "", **more: Any) -> HttpResponse:
    """Return an error as RFC 9457 describes it."""
    body = {"type": "about:blank", "title": TITLES.get(status, "Error"), "status": status, **more}
    if detail:
        body["detail"] = detail
    return HttpResponse(encode(body), status=status, content_type="application/problem+json")


@router.get("/rooms", response=list[RoomOut], auth=None, url_name="rooms")
def list_rooms(request: HttpRequest) -> Any:
    """Return the rooms I may read, with how far each reaches and what I have not read."""
    if not isinstance(request.user, User):
        return problem(401)
    mine = Room.objects.visible_to(request.user).filter(is_archived=False)
    return _describe(request.user, list(mine.select_related("kring", "subject_type")))


@router.get("/rooms/{int:room_id}", response=RoomOut, auth=None, url_name="room")
def one_room(request: HttpRequest, room_id: int) -> Any:
    """Return one room that I may read."""
    if not isinstance(request.user, User):
        return problem(401)
    found = Room.objects.visible_to(request.user).filter(pk=room_id).select_related("kring", "subject_type")
    described = _describe(request.user, list(found))
    return described[0] if described else problem(404)


def _describe(user: User, found: list[Room]) -> list[dict[str, Any]]:
    """Return rooms as the API shows them: one query more, whatever their number."""
    topics = rooms.topic_lines(user, found)
    described = []
    for room in found:
        kind = kind_of_room(room)
        described.append(
            {
                "id": room.pk,
                "name": room.name,
                "about": room.about,
                "kring": room.kring.slug,
                "kringName": room.kring.name,
                "subject": {"kind": kind.word, "id": room.subject_id} if kind else None,
                "confidentiality": "kring",
                "head": room.seq,
                "epoch": str(room.epoch),
                "unread": sum(line.unread for line in topics[room.pk] if not line.is_muted),
                "topics": [
                    {**describe_topic(line.topic), "level": line.level, "read": line.read, "unread": line.unread}
                    for line in topics[room.pk]
                ],
            }
        )
    return described


def somebody(request: HttpRequest) -> User | None:
    """Return who asks; nobody is answered with 401 before anything that was sent is looked at."""
    return request.user if isinstance(request.user, User) else None


@router.post("/rooms/{int:room_id}/messages", response=MessageOut, auth=somebody, url_name="room_messages")
def send_message(request: HttpRequest, room_id: int, message: MessageIn) -> Any:
    """Send a message, as the socket does; the answer comes after it is stored."""
    sender: User = request.auth  # type: ignore[attr-defined]  # what `somebody` returned
    if check_csrf(request) is not None:
        return problem(403, "CSRF", code="csrf")
    try:
        done = rooms.send(
            sender=sender,
            room=room_id,
            client_id=message.cid,
            body=message.body,
            topic_id=message.topic,
            reply_to_id=message.replyTo,
        )
    except rooms.RoomRefused as refused:
        return problem(STATUS.get(refused.code, 422), str(refused), code=refused.code)
    except DatabaseError:
        answer = problem(503, code="retry")
        answer["Retry-After"] = "1"
        return answer
    return {"seq": done.seq, "id": done.message_id, "dup": done.duplicate}


def _page(request: HttpRequest, room_id: int, query: EventsQuery, *, may_wait: bool) -> HttpResponse | int:
    """Return the part of the log that was asked for, or, when there is nothing yet, the number to wait beyond."""
    if not isinstance(request.user, User):
        return problem(401)
    head = standing.rooms_of(request.user, [room_id]).get(room_id)
    if head is None:
        return problem(404)
    if query.before is not None:
        items = log.before(room_id, query.before, query.limit)
    else:
        after = query.after if query.after is not None else max(0, head.seq - log.SNAPSHOT_MESSAGES)
        items = log.after(room_id, after, query.limit)
        if not items and may_wait and query.wait:
            close_old_connections()  # this thread now waits half a minute; it must not hold a connection
            return after
    while len(items) > 1 and sum(item.size for item in items) > MAX_BYTES:
        half = len(items) // 2
        items = items[:half] if query.before is None else items[half:]
    first, last = (items[0].seq, items[-1].seq) if items else (0, 0)
    return HttpResponse(
        f'{{"t":"ev","room":{room_id},"epoch":"{head.epoch}","head":{max(head.seq, last)},'
        f'"from":{first},"ev":[{",".join(item.text for item in items)}]}}',
        content_type="application/json",
    )


@router.get("/rooms/{int:room_id}/events", auth=None, url_name="room_events")
async def events(request: HttpRequest, room_id: int, query: Query[EventsQuery]) -> HttpResponse:
    """Return part of a room's log, exactly as an `ev` frame of the socket, with the room's head and epoch."""
    answer = await sync_to_async(_page)(request, room_id, query, may_wait=True)
    if isinstance(answer, int):
        await hub.current().wait_beyond(room_id, answer, query.wait)
        # asked anew: a role that ended in the meantime counts
        answer = await sync_to_async(_page)(request, room_id, query, may_wait=False)
    return answer if isinstance(answer, HttpResponse) else problem(404)
