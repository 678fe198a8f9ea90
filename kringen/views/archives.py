"""Finding back what was said in a room, and taking all of it away as a file."""

from __future__ import annotations

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.text import slugify

from goodpractices.words import MAX_QUERY
from kringen.conversation import room_export, room_search
from kringen.conversation.room_permissions import keeps_order
from kringen.models import Kring
from kringen.views.loaders import in_kring, need, room_in
from people.requests import PersonRequest


@in_kring("GET", "HEAD")
def search_room(request: PersonRequest, kring: Kring, room_id: int) -> HttpResponse:
    """Show the messages of a room that hold the words asked for."""
    room = room_in(request, kring, room_id)
    query = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:MAX_QUERY]
    said = room_search.search(request.user, query, room=room) if query else None
    return render(request, "kringen/room/search.html", {"kring": kring, "room": room, "query": query, "said": said})


@in_kring("GET", "HEAD")
def export_room(request: PersonRequest, kring: Kring, room_id: int) -> StreamingHttpResponse:
    """Send everything of a room as one file, `?vorm=json` or `html`, to who keeps order there."""
    room = room_in(request, kring, room_id)
    need(keeps_order(request.user, room))
    form = request.GET.get("vorm", "json")
    if form not in room_export.FORMS:
        raise Http404
    mime, make = room_export.FORMS[form]
    name = f"{slugify(f'{kring.slug} {room.name}')}.{form}"
    return StreamingHttpResponse(
        room_export.flowing(make(room, request.user)),
        content_type=mime,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
