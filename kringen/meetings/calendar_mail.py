"""Invitations, changes and cancellations as mail that a calendar understands.

Sent by a task after the commit, one mail to each person: nobody reads in it who else was asked. It says what, when
and where, never what was said.
"""

from __future__ import annotations

from email.mime.text import MIMEText

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from kringen.meetings import ical, replies
from kringen.models import Meeting
from people.models import User


def after_commit(meeting: Meeting, method: str) -> None:
    """Mail everybody who is asked to a meeting, once the transaction stands.

    Args:
        meeting: which.
        method: `ical.REQUEST` to ask or to tell of a change, `ical.CANCEL` to call it off.
    """
    transaction.on_commit(lambda: mail_guests.enqueue(meeting_id=meeting.pk, method=method), robust=True)


@task()
def mail_guests(*, meeting_id: int, method: str) -> int:
    """Mail everybody who is asked to a meeting now; return how many mails went out."""
    meeting = Meeting.objects.select_related("kring").prefetch_related("agenda_items").get(pk=meeting_id)
    guests = replies.asked_to(meeting)
    for guest in guests:
        message_to(guest, meeting, method).send()
    return len(guests)


def message_to(guest: User, meeting: Meeting, method: str) -> EmailMultiAlternatives:
    """Return the mail to one person: plain text with the calendar part beside it (RFC 6047)."""
    address = settings.BASE_URL.rstrip("/") + meeting.get_absolute_url()
    with translation.override(guest.language):
        words = {
            ical.CANCEL: _("Cancelled"),
            ical.REQUEST: _("Changed") if meeting.calendar_version else _("Invitation"),
        }
        subject = " ".join(f"{words[method]}: {meeting.kring.name}, {meeting.title}".split())[:120]
        text = render_to_string(
            "kringen/mail/meeting.txt",
            {"guest": guest, "meeting": meeting, "address": address, "is_cancelled": method == ical.CANCEL},
        )
    mail = EmailMultiAlternatives(subject, text, to=[guest.email])
    mail.extra_headers["Auto-Submitted"] = "auto-generated"
    part = MIMEText(ical.message_of(meeting, address, method=method, guest=guest).decode(), "calendar", "utf-8")
    part.set_param("method", method)
    mail.attach(part)
    return mail
