"""Files of rooms: bringing one, and fetching one. Nothing here is ever served from its path."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from kringen.conversation import attachments, rooms
from kringen.filekinds import MIME, FileRefused
from kringen.models import Attachment, Kring
from kringen.views.content import wants_json
from kringen.views.loaders import in_kring, room_in
from people.requests import PersonRequest

# Should a browser show the file after all, then it may run and load nothing.
ALONE = "default-src 'none'; sandbox"


@in_kring("POST")
def bring(request: PersonRequest, kring: Kring, room_id: int) -> HttpResponse:
    """Keep a file, to be sent with a message; the answer holds the address that stands for it in a text."""
    room = room_in(request, kring, room_id)
    upload = request.FILES.get("file")
    if upload is None:
        return _refused(request, room.pk, kring, _("No file arrived. Choose one and try again."))
    try:
        made = attachments.bring(by=request.user, room=room, upload=upload)
    except (FileRefused, rooms.RoomRefused) as refused:
        return _refused(request, room.pk, kring, str(refused))
    address = reverse("kringen:attachment", args=[kring.slug, room.pk, made.pk])
    if wants_json(request):
        return JsonResponse({"address": address, "label": made.name, "size": made.size}, status=201)
    return redirect(f"{reverse('kringen:room', args=[kring.slug, room.pk])}?bijlage={made.pk}#schrijven")


def _refused(request: PersonRequest, room_id: int, kring: Kring, sentence: str) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"sentence": sentence}, status=422)
    messages.error(request, sentence)
    return redirect("kringen:room", kring.slug, room_id)


def _found(request: PersonRequest, kring: Kring, room_id: int, key: UUID) -> Attachment:
    room = room_in(request, kring, room_id)
    return get_object_or_404(Attachment.objects.visible_to(request.user).filter(room=room), pk=key)


@in_kring("GET", "HEAD")
def fetch(request: PersonRequest, kring: Kring, room_id: int, key: UUID) -> HttpResponse:
    """Answer with a file, to be kept and not to be opened in the browser."""
    found = _found(request, kring, room_id, key)
    return _answer(found, found.file, MIME[found.kind], found.name, as_attachment=True)


@in_kring("GET", "HEAD")
def thumbnail(request: PersonRequest, kring: Kring, room_id: int, key: UUID) -> HttpResponse:
    """Answer with the small picture of a picture."""
    found = _found(request, kring, room_id, key)
    if not found.thumbnail:
        raise Http404
    return _answer(found, found.thumbnail, "image/webp", "", as_attachment=False)


def _answer(found: Attachment, file: object, mime: str, name: str, *, as_attachment: bool) -> HttpResponse:
    try:
        content = found.file.storage.open(getattr(file, "name", ""))
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, content_type=mime, as_attachment=as_attachment, filename=name)
    response["Content-Security-Policy"] = ALONE
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return cast("HttpResponse", response)  # a streaming one is treated the same
