"""From a line that is an address of this site to the spec of a card."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import QueryDict
from django.http.request import validate_host
from django.urls import Resolver404, ResolverMatch, resolve

from benchmark.models import DataRevision, Goal, Indicator
from goodpractices.models import GoodPractice
from kringen.cards import Spec
from kringen.models import Attachment, Meeting
from people.models import User

LONGEST = 600
LAST_YEAR = 2200
GROUPS = ("all", "size", "province", "kring")


def of_line(line: str, *, sender: User, room_id: int) -> Spec | None:
    """Return the card that a line stands for; None when it is an ordinary line.

    Args:
        line: one line of a message.
        sender: who writes: what they may not open themselves they cannot pass on either.
        room_id: where; a file must have been brought to this room.
    """
    match, query = _ours(line)
    if match is None:
        return None
    maker = MAKERS.get(match.view_name)
    return maker(match.kwargs, query, sender, room_id) if maker else None


def can_be_card(line: str) -> bool:
    """Say whether a line names a page of this site that has cards; whether a reader may see it is not asked."""
    match, _query = _ours(line)
    return match is not None and match.view_name in MAKERS


def _ours(line: str) -> tuple[ResolverMatch | None, QueryDict]:
    """Return which page of this site an address names, with its question."""
    text = line.strip().removeprefix("<").removesuffix(">")
    if len(text) > LONGEST or not text.startswith(("/", "http://", "https://")) or " " in text:
        return None, QueryDict()
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return None, QueryDict()
    if parts.scheme or parts.netloc:
        allowed = [*settings.ALLOWED_HOSTS, *(["localhost", "127.0.0.1", "[::1]"] if settings.DEBUG else [])]
        if not host or not validate_host(host, allowed):
            return None, QueryDict()
    try:
        return resolve(parts.path), QueryDict(parts.query[:LONGEST])
    except Resolver404:
        return None, QueryDict()


def _year(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) == 4 and int(text) < LAST_YEAR else None  # noqa: PLR2004


def _chart(kwargs: dict[str, Any], query: QueryDict, _sender: User, _room_id: int) -> Spec | None:
    """Make a chart of the page of an indicator, in the state its address has; whose figures it shows is the reader's."""
    if not Indicator.objects.filter(code=kwargs["code"]).exists():
        return None
    group = query.get("group", "")[:40]
    return {
        "kind": "chart",
        "indicator": kwargs["code"],
        # A circle is this room's circle, whichever number it has in the lists of a reader.
        "group": "kring" if group.startswith("kring") else group if group in GROUPS or _is_peers(group) else "",
        "report": query.get("report", "")[:12],
        "from": _year(query.get("first", "") or query.get("from", "")),
        "to": _year(query.get("last", "") or query.get("to", "")),
        "revision": _revision(query.get("revision", "")),
    }


def _revision(text: str) -> int:
    """Return the version of the figures that an address names, else the latest."""
    now = DataRevision.current()
    known = text.isascii() and text.isdecimal() and len(text) < 10  # noqa: PLR2004 — more digits than any version has
    return min(int(text), now) if known else now


def _is_peers(key: str) -> bool:
    return key.startswith("peers:") and key.removeprefix("peers:").isdecimal()


def _practice(kwargs: dict[str, Any], _query: QueryDict, sender: User, _room_id: int) -> Spec | None:
    found = GoodPractice.objects.published_to(sender).filter(slug=kwargs["slug"]).values_list("pk", flat=True).first()
    return {"kind": "practice", "id": found} if found else None


def _meeting(kwargs: dict[str, Any], _query: QueryDict, sender: User, _room_id: int) -> Spec | None:
    meetings = Meeting.objects.visible_to(sender).filter(kring__slug=kwargs["slug"], number=kwargs["number"])
    found = meetings.values_list("pk", flat=True).first()
    return {"kind": "meeting", "id": found} if found else None


def _goal(kwargs: dict[str, Any], _query: QueryDict, sender: User, _room_id: int) -> Spec | None:
    found = Goal.objects.visible_to(sender).filter(pk=kwargs["pk"]).exists()
    return {"kind": "goal", "id": kwargs["pk"]} if found else None


def _file(kwargs: dict[str, Any], _query: QueryDict, sender: User, room_id: int) -> Spec | None:
    """Take a file that the writer brought here and did not send yet; one of another message stays a plain address."""
    key: UUID = kwargs["key"]
    mine = Attachment.objects.filter(pk=key, room=room_id, owner=sender, message__isnull=True)
    return {"kind": "file", "id": str(key)} if mine.exists() else None


Maker = Callable[[dict[str, Any], QueryDict, User, int], Spec | None]
MAKERS: dict[str, Maker] = {
    "benchmark:indicator": _chart,
    "goodpractices:detail": _practice,
    "kringen:meeting": _meeting,
    "goals:detail": _goal,
    "kringen:attachment": _file,
}
