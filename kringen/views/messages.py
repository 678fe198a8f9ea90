"""One message by plain pages: changing it, taking it away."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from kringen.cards.showing import kind_words
from kringen.conversation import rooms
from kringen.conversation.content_forms import KeptCardsForm, ReasonForm
from kringen.conversation.room_forms import EditForm
from kringen.conversation.room_permissions import can_delete_message, can_edit_message
from kringen.models import Kring
from kringen.views.loaders import in_kring, message_in, need, room_in
from people.requests import PersonRequest


@in_kring("GET", "HEAD", "POST")
def edit_message(request: PersonRequest, kring: Kring, room_id: int, message_id: int) -> HttpResponse:
    """Change one's own message."""
    room = room_in(request, kring, room_id)
    message = message_in(room, message_id)
    need(can_edit_message(request.user, message))
    form = EditForm(request.POST or None, message=message)
    hung = [(str(at), kind_words(card)) for at, card in enumerate(message.cards) if card["kind"] != "poll"]
    kept = KeptCardsForm(request.POST or None, message=message, choices=hung)
    if request.method == "POST" and form.is_valid() and kept.is_valid():
        try:
            rooms.edit(
                editor=request.user,
                room=room,
                message_id=message.pk,
                client_id=form.cleaned_data["cid"],
                body=form.cleaned_data["body"],
                cards=kept.kept if hung else None,
            )
        except rooms.RoomRefused as refused:
            form.add_error("body", str(refused))
        else:
            return redirect(f"{reverse('kringen:room', args=[kring.slug, room.pk])}#m{message.pk}")
    context = {"kring": kring, "room": room, "message": message, "form": form, "kept": kept if hung else None}
    return render(request, "kringen/room/message_edit.html", context)


@in_kring("GET", "HEAD", "POST")
def delete_message(request: PersonRequest, kring: Kring, room_id: int, message_id: int) -> HttpResponse:
    """Ask whether it is meant, and take a message away."""
    room = room_in(request, kring, room_id)
    message = message_in(room, message_id)
    need(can_delete_message(request.user, message))
    form = (
        None if message.sender_id == request.user.pk else ReasonForm(request.POST if request.method == "POST" else None)
    )
    if request.method == "POST" and (form is None or form.is_valid()):
        reason = form.cleaned_data["reason"] if form is not None else ""
        rooms.delete(by=request.user, room=room, message_id=message.pk, client_id=uuid4(), reason=reason)
        messages.success(request, _("The message is gone. Its place in the conversation stays visible."))
        return redirect("kringen:room", kring.slug, room.pk)
    context = {"kring": kring, "room": room, "message": message, "form": form}
    status = 422 if form is not None and form.errors else 200
    return render(request, "kringen/room/message_delete.html", context, status=status)
