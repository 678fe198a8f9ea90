"""The demo's conversations by topic, and about one indicator or meeting, with how far people have read."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from benchmark.models import Indicator
from kringen.conversation import rooms
from kringen.models import Kring, Meeting, Room
from kringsite.demo.content import read
from kringsite.demo.people import participant
from people.models import Municipality, User

Who = Callable[[str], User]


def load(made: Kring, places: dict[str, Municipality], facilitator: User) -> None:
    """Fill the rooms of a new kring. Call once, after its rooms were opened."""
    content = read("conversations")

    def who(code: str) -> User:
        return facilitator if code == "begeleider" else participant(places[code])

    for line in content["topics"]:
        _topic(made.rooms.get(name=line["room"]), line, who, facilitator)
    for line in content["about"]:
        subject = _subject(made, line)
        if subject is not None:
            room = rooms.open_about(kring=made, subject=subject, by=who(line["messages"][0]["by"]))
            _say(room, line["messages"], who, f"over/{line['kind']}/{line['key']}")
    for line in content["read"]:
        _read(made.rooms.get(name=line["room"]), who(line["who"]), line["leaves"])


def _topic(room: Room, line: dict[str, Any], who: Who, facilitator: User) -> None:
    topic = rooms.start_topic(
        room=room, title=line["title"], by=who(line["messages"][0]["by"]), client_id=_id(f"{room.pk}/{line['title']}")
    )
    _say(room, line["messages"], who, f"{room.pk}/{line['title']}", topic.pk)
    if line.get("resolved"):
        rooms.resolve_topic(topic=topic, by=facilitator, client_id=_id(f"{room.pk}/{line['title']}/afgerond"))


def _subject(made: Kring, line: dict[str, Any]) -> Indicator | Meeting | None:
    if line["kind"] == "indicator":
        return Indicator.objects.filter(code=line["key"]).first()
    return made.meetings.filter(number=int(line["key"])).first()


def _say(room: Room, lines: list[dict[str, Any]], who: Who, place: str, topic: int | None = None) -> None:
    for number, line in enumerate(lines):
        rooms.send(
            room=room, sender=who(line["by"]), client_id=_id(f"{place}/{number}"), body=line["text"], topic_id=topic
        )


def _read(room: Room, reader: User, leaves: int) -> None:
    said = list(room.messages.order_by("-created_seq").values_list("created_seq", flat=True)[: leaves + 1])
    if len(said) > leaves:
        rooms.mark_read(reader=reader, room_id=room.pk, seq=said[leaves])


def _id(name: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"gesprek/{name}")
