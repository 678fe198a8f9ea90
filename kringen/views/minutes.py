"""The minutes of a meeting: reading, editing, amending, adopting, as a page and as a PDF."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from goodpractices.versions import words_between
from kringen import pdf
from kringen.meetings import minutes as verbs
from kringen.meetings import replies
from kringen.models import Amendment, Meeting, Minutes, MinutesItem
from kringen.permissions import can_write_minutes
from kringen.views.loaders import in_kring, need, number_of
from people import clock
from people.requests import PersonRequest

ROUND_DAYS = 14


@in_kring("GET", "HEAD")
def page(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """Show the minutes to who may read them yet; to others the page says that they are not there."""
    found = _readable(request, meeting).first()
    writes = can_write_minutes(request.user, meeting)
    return render(
        request,
        "kringen/minutes.html",
        {
            "kring": meeting.kring,
            "meeting": meeting,
            "minutes": found,
            "writes": writes,
            "items": _items(found) if found else [],
            "may_amend": found is not None and _may_amend(request, found),
            "present": replies.guest_list(meeting).present,
            "round_end": found.amend_until if found and found.amend_until else _proposed_end(),
            "round_over": found is not None
            and found.state == Minutes.State.AMENDING
            and not found.takes_amendments(clock.today()),
        },
    )


@in_kring("POST")
def step(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """Make the draft, open the amendment round, or adopt."""
    need(can_write_minutes(request.user, meeting))
    try:
        said = _done(request, meeting, request.POST.get("do", ""))
    except verbs.MinutesRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("kringen:minutes", slug=meeting.kring.slug, number=meeting.number)


def _done(request: PersonRequest, meeting: Meeting, do: str) -> str:
    """Carry out one button; return what happened, in words.

    Raises:
        MinutesRefused: it cannot be done now, or there is no such button.
    """
    if do == "draft":
        verbs.draft(meeting=meeting, by=request.user)
        return _("The draft was made from what was written down. Only facilitators and the office see it now.")
    if do == "open":
        until = _day(request.POST.get("until", ""))
        verbs.open_round(minutes=_one(request, meeting), until=until, by=request.user)
        return _("Everybody who was asked can amend the minutes until %(day)s.") % {"day": until.strftime("%d-%m-%Y")}
    if do == "adopt":
        verbs.adopt(minutes=_one(request, meeting), by=request.user)
        return _("The minutes were adopted. Nothing changes in them any more.")
    raise verbs.MinutesRefused(_("This button is not known. Reload the page and try again."))


@in_kring("GET", "HEAD", "POST")
def edit(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """Edit all items in one form; of two people who save, the second sees both versions and loses nothing."""
    need(can_write_minutes(request.user, meeting))
    found = _one(request, meeting)
    if request.method != "POST":
        if found.is_fixed:
            messages.error(request, _("These minutes were adopted. Nothing changes in them any more."))
            return redirect("kringen:minutes", slug=meeting.kring.slug, number=meeting.number)
        return _form(request, meeting, found, {})
    typed = {
        pk: str(text)
        for name, text in request.POST.items()
        if name.startswith("text-") and (pk := number_of(name.removeprefix("text-"))) is not None
    }
    try:
        verbs.save(minutes=found, texts=typed, seen=number_of(request.POST.get("version", "")) or 0, by=request.user)
    except verbs.MinutesChanged as conflict:
        return _form(request, meeting, conflict.minutes, typed, status=409)
    except verbs.MinutesRefused as refusal:
        return _form(request, meeting, found, typed, status=400, refused=str(refusal))
    messages.success(request, _("The minutes were saved."))
    return redirect("kringen:minutes", slug=meeting.kring.slug, number=meeting.number)


def _form(  # noqa: PLR0913, PLR0917 — what the form shows
    request: PersonRequest,
    meeting: Meeting,
    found: Minutes,
    typed: dict[int, str],
    status: int = 200,
    refused: str = "",
) -> HttpResponse:
    rows = [
        {
            "item": item,
            "text": typed.get(item.pk, item.text),
            "differs": item.pk in typed and _lines(typed[item.pk]) != item.text,
            "pieces": words_between(item.text, _lines(typed.get(item.pk, item.text))),
        }
        for item in found.items.all()
    ]
    return render(
        request,
        "kringen/minutes_form.html",
        {
            "kring": meeting.kring,
            "meeting": meeting,
            "minutes": found,
            "rows": rows,
            "conflict": status == 409,  # noqa: PLR2004 — the status says it best
            "refused": refused,
        },
        status=status,
    )


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


@in_kring("GET", "HEAD", "POST")
def amend(request: PersonRequest, meeting: Meeting, item: int) -> HttpResponse:
    """Propose another text for an item."""
    found = _one(request, meeting)
    about = get_object_or_404(found.items.all(), pk=item)
    about.minutes = found
    text, reason, refused = about.text, "", ""
    if request.method == "POST":
        text, reason = request.POST.get("text", ""), request.POST.get("reason", "")
        try:
            verbs.propose(item=about, text=text, reason=reason, by=request.user)
        except verbs.MinutesRefused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("Your amendment was kept. The facilitator answers it."))
            return redirect(f"{meeting.get_absolute_url()}verslag/#item-{about.pk}")
    elif not _may_amend(request, found):
        messages.error(request, _("You can amend these minutes only when you were asked, and until the last day."))
        return redirect("kringen:minutes", slug=meeting.kring.slug, number=meeting.number)
    return render(
        request,
        "kringen/minutes_amend.html",
        {
            "kring": meeting.kring,
            "meeting": meeting,
            "minutes": found,
            "item": about,
            "text": text,
            "reason": reason,
            "refused": refused,
        },
        status=400 if refused else 200,
    )


@in_kring("POST")
def answer(request: PersonRequest, meeting: Meeting, amendment: int) -> HttpResponse:
    """Take an amendment over, or not."""
    need(can_write_minutes(request.user, meeting))
    found = get_object_or_404(
        Amendment.objects.select_related("item__minutes"), item__minutes__in=_readable(request, meeting), pk=amendment
    )
    take = request.POST.get("do") == "take"
    try:
        verbs.answer(amendment=found, take=take, answer=request.POST.get("answer", ""), by=request.user)
    except verbs.MinutesRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("The amendment was taken over.") if take else _("The amendment was not taken over, with your answer."),
        )
    return redirect(f"{meeting.get_absolute_url()}verslag/#item-{found.item_id}")


@in_kring("GET", "HEAD")
def versions(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """Show what changed from version to version."""
    found = _one(request, meeting)
    return render(
        request,
        "kringen/minutes_versions.html",
        {"kring": meeting.kring, "meeting": meeting, "minutes": found, "history": verbs.history(found)},
    )


@in_kring("GET", "HEAD")
def as_pdf(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """Give the minutes as a tagged PDF."""
    found = _one(request, meeting)
    try:
        made = pdf.render(
            "kringen/minutes_pdf.html",
            {
                "kring": meeting.kring,
                "meeting": meeting,
                "minutes": found,
                "items": found.items.all(),
                "present": replies.guest_list(meeting).present,
            },
        )
    except pdf.PdfUnavailable as missing:
        messages.error(request, str(missing))
        return redirect("kringen:minutes", slug=meeting.kring.slug, number=meeting.number)
    return pdf.response(made, f"verslag-{meeting.kring.slug}-{meeting.number}")


def _readable(request: PersonRequest, meeting: Meeting) -> Any:
    return Minutes.objects.visible_to(request.user).filter(meeting=meeting)


def _one(request: PersonRequest, meeting: Meeting) -> Minutes:
    """Return the minutes of a meeting; those somebody may not read yet do not exist for them."""
    found = get_object_or_404(_readable(request, meeting))
    found.meeting = meeting
    return found


def _may_amend(request: PersonRequest, found: Minutes) -> bool:
    asked = found.takes_amendments(clock.today()) and replies.asked_to(found.meeting)
    return request.user.pk in {person.pk for person in asked or []}


def _items(found: Minutes) -> list[MinutesItem]:
    """Return the items with their amendments, each as a difference from the text it was proposed against."""
    items = list(found.items.prefetch_related("amendments__proposer", "amendments__answered_by"))
    for item in items:
        for amendment in item.amendments.all():
            amendment.pieces = words_between(amendment.base, amendment.text)  # type: ignore[attr-defined]
    return items


def _proposed_end() -> dt.date:
    return clock.today() + dt.timedelta(days=ROUND_DAYS)


def _day(text: str) -> dt.date:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise verbs.MinutesRefused(_("This is not a date. Write day, month and year, such as 25-06-2009."))
    return day
