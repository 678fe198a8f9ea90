"""What the API tells about kringen: meetings and promises, to whoever may see them on the pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

from kringen.models import Action, Meeting
from people import clock

router = Router(tags=["kringen"])


class Camel(Schema):
    """Keys as in the rest of the API."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class KringOut(Camel):
    """Which kring."""

    slug: str
    name: str


class PersonOut(Camel):
    """Who."""

    id: int
    name: str
    municipality: str | None


class MeetingOut(Camel):
    """A meeting; times are local (Europe/Amsterdam), `endsAt` is null for an open end."""

    kring: KringOut
    number: int
    title: str
    theme: str
    date: dt.date
    starts_at: str | None
    ends_at: str | None
    place: str
    state: str
    url: str


class ActionOut(Camel):
    """A promise; `overdue` follows from the date."""

    id: int
    kring: KringOut
    text: str
    owner: PersonOut | None
    due_on: dt.date | None
    state: str
    overdue: bool


def _clock(time: dt.time | None) -> str | None:
    return time.strftime("%H:%M") if time else None


@router.get("/meetings", response=list[MeetingOut], by_alias=True, summary="Meetings of the kringen I may look into")
def meetings(request: HttpRequest) -> list[dict[str, Any]]:
    """List the meetings visible to me, by date."""
    found = Meeting.objects.visible_to(request.user).select_related("kring").order_by("date", "pk")
    return [
        {
            "kring": {"slug": meeting.kring.slug, "name": meeting.kring.name},
            "number": meeting.number,
            "title": meeting.title,
            "theme": meeting.theme,
            "date": meeting.date,
            "starts_at": _clock(meeting.starts_at),
            "ends_at": _clock(meeting.ends_at),
            "place": meeting.place,
            "state": meeting.state,
            "url": request.build_absolute_uri(meeting.get_absolute_url()),
        }
        for meeting in found
    ]


@router.get("/actions", response=list[ActionOut], by_alias=True, summary="Promises in the kringen I may look into")
def actions(request: HttpRequest) -> list[dict[str, Any]]:
    """List the promises visible to me, what is due first on top."""
    today = clock.today()
    found = Action.objects.visible_to(request.user).select_related("kring", "owner__municipality")
    return [
        {
            "id": action.pk,
            "kring": {"slug": action.kring.slug, "name": action.kring.name},
            "text": action.text,
            "owner": action.owner
            and {
                "id": action.owner.pk,
                "name": str(action.owner),
                "municipality": str(action.owner.municipality) if action.owner.municipality else None,
            },
            "due_on": action.due_on,
            "state": action.state,
            "overdue": action.is_overdue(today),
        }
        for action in found
    ]
