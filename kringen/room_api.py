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

from kringen import rooms
from kringen.live import hub, log, protocol, standing
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
    topic: int | None = Field(None, gt=0, le=protocol.MAX_ID)
    replyTo: int | None = Field(None, gt=0, le=protocol.MAX_ID)  # noqa: N815 — the name on the wire


class MessageOut(Schema):
    """Where it is in the log; `dup` when it was there already."""

    seq: int
    id: int
    dup: bool


class RoomOut(Schema):
    """A room of mine and what is unread in it."""

    id: int
    name: str
    about: str
    kring: str
    kringName: str  # noqa: N815 — the name on the wire
    head: int
    epoch: str
    unread: int


class EventsQuery(Schema):
    """What part of a room's log: above `after` (waiting at most `wait` seconds for something), or below `before`."""

    after: int | None = Field(None, ge=0, le=protocol.MAX_ID)
    before: int | None = Field(None, ge=1, le=protocol.MAX_ID)
    limit: int = Field(100, ge=1, le=MAX_LIMIT)
    wait: float = Field(0, ge=0, le=MAX_WAIT, allow_inf_nan=False)


def problem(status: int, detail: str = "", **more: Any) -> HttpResponse:
    """Return an error as RFC 9457 describes it."""
    body = {"type": "about:blank", "title": TITLES.get(status, "Error"), "status": status, **more}
    if detail:
        body["detail"] = detail
    return HttpResponse(log.encode(body), status=status, content_type="application/problem+json")


@router.get("/rooms", response=list[RoomOut], auth=None, url_name="rooms")
def list_rooms(request: HttpRequest) -> Any:
    """Return the rooms I may read, with how far each reaches and what I have not read."""
    if not isinstance(request.user, User):
        return problem(401)
    mine = list(Room.objects.visible_to(request.user).filter(is_archived=False).select_related("kring"))
    unread = rooms.unread_counts(request.user, mine)
    return [
        {
            "id": room.pk,
            "name": room.name,
            "about": room.about,
            "kring": room.kring.slug,
            "kringName": room.kring.name,
            "head": room.seq,
            "epoch": str(room.epoch),
            "unread": unread[room.pk],
        }
        for room in mine
    ]


@router.post("/rooms/{int:room_id}/messages", response=MessageOut, auth=None, url_name="room_messages")
def send_message(request: HttpRequest, room_id: int, message: MessageIn) -> Any:
    """Send a message, as the socket does; the answer comes after it is stored."""
    if not isinstance(request.user, User):
        return problem(401)
    if check_csrf(request) is not None:
        return problem(403, "CSRF", code="csrf")
    try:
        done = rooms.send(
            sender=request.user,
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
