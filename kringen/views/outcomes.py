"""What a meeting leaves behind: its files, and the questions to the office."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kringen.filekinds import MIME, FileRefused
from kringen.meetings import outcomes, papers
from kringen.models import Decision, Kring, Meeting, MeetingFile, OfficeQuestion
from kringen.permissions import can_ask_office, can_write_minutes
from kringen.views.attachments import ALONE
from kringen.views.loaders import in_kring, need, number_of
from people.requests import PersonRequest


@in_kring("POST")
def bring(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """Keep sheets or a photo with a meeting, or a paper with an item of its agenda."""
    need(can_write_minutes(request.user, meeting))
    upload = request.FILES.get("file")
    role, alt = request.POST.get("role", ""), request.POST.get("alt", "")
    back = redirect(f"{meeting.get_absolute_url()}#{_section(role)}")
    if upload is None:
        messages.error(request, _("No file arrived. Choose one and try again."))
        return back
    try:
        if role == MeetingFile.Role.PAPER:
            item = get_object_or_404(meeting.agenda_items, pk=number_of(request.POST.get("item", "")) or 0)
            papers.bring(item=item, upload=upload, by=request.user)
        else:
            outcomes.bring(meeting=meeting, upload=upload, role=role, alt=alt, by=request.user)
    except (outcomes.OutcomeRefused, FileRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The file is kept with the meeting."))
    return back


@in_kring("GET", "HEAD")
def file(request: PersonRequest, meeting: Meeting, key: UUID) -> HttpResponse:
    """Answer with a file; always as a download, so that nothing in it can act on the site."""
    found = _found(request, meeting, key)
    return _answer(found.file, MIME[found.kind], found.name)


@in_kring("GET", "HEAD")
def thumbnail(request: PersonRequest, meeting: Meeting, key: UUID) -> HttpResponse:
    """Answer with the small picture of a photo."""
    found = _found(request, meeting, key)
    if not found.thumbnail:
        raise Http404
    return _answer(found.thumbnail, "image/webp", "")


@in_kring("POST")
def take_away(request: PersonRequest, meeting: Meeting, key: UUID) -> HttpResponse:
    """Take a file away from a meeting."""
    need(can_write_minutes(request.user, meeting))
    found = _found(request, meeting, key)
    if found.role == MeetingFile.Role.PAPER:
        found.meeting = meeting
        papers.take_away(paper=found, by=request.user)
    else:
        outcomes.take_away(files=[found])
    messages.success(request, _("The file was taken away."))
    return redirect(f"{meeting.get_absolute_url()}#{_section(found.role)}")


@in_kring("POST")
def ask(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """Ask the office something."""
    need(can_ask_office(request.user, meeting))
    try:
        submission = UUID(request.POST.get("submission", ""))
    except ValueError:
        submission = None
    try:
        outcomes.ask(meeting=meeting, text=request.POST.get("text", ""), by=request.user, submission=submission)
    except outcomes.OutcomeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your question was asked. The answer comes here, and you hear of it."))
    return redirect(f"{meeting.get_absolute_url()}#office")


@in_kring("POST")
def answer(request: PersonRequest, meeting: Meeting, question: int) -> HttpResponse:
    """Answer a question to the office."""
    need(can_write_minutes(request.user, meeting))
    found = get_object_or_404(OfficeQuestion.objects.visible_to(request.user), meeting=meeting, pk=question)
    found.meeting = meeting
    try:
        outcomes.answer(question=found, text=request.POST.get("text", ""), by=request.user)
    except outcomes.OutcomeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The answer was kept. Who asked hears of it."))
    return redirect(f"{meeting.get_absolute_url()}#question-{found.pk}")


@in_kring("GET", "HEAD")
def decisions(request: PersonRequest, kring: Kring) -> HttpResponse:
    """Show what a kring decided, the newest first."""
    found = Decision.objects.visible_to(request.user).filter(kring=kring).select_related("meeting", "item")
    return render(request, "kringen/decisions.html", {"kring": kring, "decisions": found.order_by("-year", "-number")})


def _section(role: str) -> str:
    """Return where on the page of a meeting a file of this kind stands."""
    return "agenda" if role == MeetingFile.Role.PAPER else "outcomes"


def _found(request: PersonRequest, meeting: Meeting, key: UUID) -> MeetingFile:
    return get_object_or_404(MeetingFile.objects.visible_to(request.user), meeting=meeting, pk=key)


def _answer(kept: object, mime: str, name: str) -> HttpResponse:
    try:
        content = kept.storage.open(kept.name)  # type: ignore[attr-defined]  # a FieldFile
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, content_type=mime, as_attachment=bool(name), filename=name)
    response["Content-Security-Policy"] = ALONE
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return cast("HttpResponse", response)  # a streaming one is treated the same
