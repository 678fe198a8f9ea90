"""The pages of the rooms. Everything works as plain pages and forms; the script only makes it immediate."""

from __future__ import annotations

import contextlib
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from kringen.conversation import attachments, notices, rooms
from kringen.conversation.room_forms import MessageForm, RoomForm
from kringen.conversation.room_page import lines_of, page_of
from kringen.conversation.room_permissions import can_open_room, keeps_order
from kringen.conversation.room_window import number
from kringen.conversation.roomlist import rooms_for
from kringen.conversation.subjects import kind_of_word
from kringen.filekinds import FileRefused
from kringen.models import Kring, Room
from kringen.views.loaders import entered, in_kring, need, room_in
from people.requests import PersonRequest


@in_kring("GET", "HEAD", "POST")
def room_list(request: PersonRequest, kring: Kring) -> HttpResponse:
    """Show the rooms of a kring; its facilitator opens new ones here."""
    entered(request, kring)
    may_open = can_open_room(request.user, kring)
    form = RoomForm(request.POST or None) if may_open else None
    if request.method == "POST":
        need(may_open)
        if form is not None and form.is_valid():
            given = form.cleaned_data
            room = rooms.open_room(
                kring=kring, name=given["name"], about=given["about"], by=request.user, submission=given["submission"]
            )
            messages.success(request, _("The room is open. Write the first message."))
            return redirect("kringen:room", kring.slug, room.pk)
    return render(
        request,
        "kringen/room/list.html",
        {
            "kring": kring,
            "rooms": rooms_for(request.user, [kring]),
            "closed": Room.objects.visible_to(request.user).filter(kring=kring, is_archived=True),
            "form": form,
        },
    )


@in_kring("GET", "HEAD", "POST")
def room_page(request: PersonRequest, kring: Kring, room_id: int) -> HttpResponse:
    """Show what was said last and take a message."""
    room = room_in(request, kring, room_id)
    form = MessageForm(request.POST or None, request.FILES or None, room=room)
    if request.method == "POST":
        done = _send(request, room, form)
        if done is not None:
            topic = number(request.POST.get("stay"))
            here = reverse("kringen:room", args=[kring.slug, room.pk])
            return redirect(f"{here}{f'?onderwerp={topic}' if topic else ''}#m{done.message_id}")
    context = page_of(request, room, form)
    if request.method == "GET":
        notices.seen(request.user, context["part"].messages)
    return render(request, "kringen/room/page.html", context, status=422 if request.method == "POST" else 200)


def _send(request: PersonRequest, room: Room, form: MessageForm) -> rooms.Done | None:
    """Send what the form holds; what is refused stays in the form with a sentence beside it."""
    if not form.is_valid():
        return None
    topic = form.cleaned_data["topic"]
    try:
        return rooms.send(
            sender=request.user,
            room=room,
            client_id=form.cleaned_data["cid"],
            body=_with_file(request, room, form),
            topic_id=topic.pk if topic else None,
            reply_to_id=form.cleaned_data["reply_to"],
        )
    except FileRefused as refused:
        form.add_error("body", str(refused))
    except rooms.RoomRefused as refused:
        form.add_error("body", str(refused))
        if refused.code == "conflict":  # the next try is another message
            form.data = {**{name: form.data[name] for name in form.data}, "cid": str(uuid4())}
    return None


def _with_file(request: PersonRequest, room: Room, form: MessageForm) -> str:
    """Return the text of the form, with the address of its file as the last line.

    Raises:
        FileRefused: it is of no kind that is kept.
    """
    body: str = form.cleaned_data["body"]
    upload = form.cleaned_data["file"]
    if upload is None:
        return body
    made = attachments.bring(by=request.user, room=room, upload=upload)
    return f"{body}\n\n{reverse('kringen:attachment', args=[room.kring.slug, room.pk, made.pk])}"


@in_kring("GET", "HEAD")
def room_lines(request: PersonRequest, kring: Kring, room_id: int) -> HttpResponse:
    """Return a part of the conversation for the script: the same lines as on the page, and nothing around them."""
    room = room_in(request, kring, room_id)
    topics = rooms.topic_lines(request.user, [room])[room.pk]
    topic = next((line.topic for line in topics if str(line.topic.pk) == request.GET.get("onderwerp", "")), None)
    context = {"kring": kring, **lines_of(request, room, topic, topics)}
    answer = render(request, "kringen/room/_lines.html", context)
    answer["X-Room-Head"] = str(room.seq)
    return answer


@in_kring("POST")
def close_room(request: PersonRequest, kring: Kring, room_id: int) -> HttpResponse:
    """Close a room, or with `open=1` open it again."""
    room = room_in(request, kring, room_id)
    need(keeps_order(request.user, room))
    if request.POST.get("open"):
        rooms.reopen(room=room, by=request.user)
        messages.success(request, _("The room is open again."))
    else:
        rooms.close(room=room, by=request.user)
        messages.success(request, _("The room is closed. Everything in it can still be read."))
    return redirect("kringen:room", kring.slug, room.pk)


@in_kring("POST")
def room_about(request: PersonRequest, kring: Kring, word: str, subject_id: int) -> HttpResponse:
    """Go to the kring's room about a meeting, an indicator or a practice; it is opened when there is none yet."""
    entered(request, kring)
    kind = kind_of_word(word)
    if kind is None:
        raise Http404
    subject = get_object_or_404(kind.visible_to(request.user, kring), pk=subject_id)
    room = rooms.open_about(kring=kring, subject=subject, by=request.user)
    return redirect("kringen:room", kring.slug, room.pk)


@in_kring("POST")
def unread_from(request: PersonRequest, kring: Kring, room_id: int, message_id: int) -> HttpResponse:
    """Let a message and what follows in its topic count as unread again; go to the list, or else it is read at once."""
    room = room_in(request, kring, room_id)
    rooms.mark_unread(reader=request.user, message=get_object_or_404(room.messages, pk=message_id))
    messages.success(request, _("Marked as unread from that message on."))
    return redirect("kringen:rooms", kring.slug)


@in_kring("POST")
def read_all(request: PersonRequest, kring: Kring, room_id: int) -> HttpResponse:
    """Mark everything that was on the page as read."""
    room = room_in(request, kring, room_id)
    seen, topic = number(request.POST.get("seq")), number(request.POST.get("onderwerp"))
    if seen is not None:
        with contextlib.suppress(rooms.RoomRefused):  # a topic that is gone: nothing to read there
            rooms.mark_read(reader=request.user, room_id=room.pk, seq=seen, topic_id=topic)
    here = reverse("kringen:room", args=[kring.slug, room.pk])
    return redirect(f"{here}?onderwerp={topic}" if topic else here)
