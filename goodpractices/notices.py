"""Mails about practices. They say that there is something and where; never what: drafts are confidential."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from functools import partial
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from goodpractices.models import GoodPractice
from people import clock
from people.models import User

log = logging.getLogger(__name__)
REMIND_AGAIN = dt.timedelta(days=30)


def writers_of(practice: GoodPractice) -> list[User]:
    """Return the author and co-authors who still have an account."""
    people = User.objects.filter(is_active=True)
    return list(people.filter(Q(pk=practice.author_id) | Q(practices_written_along=practice)).distinct())


def tell_after_commit(people: Iterable[User], *, what: str, address: str) -> None:
    """Send each person a mail once the transaction is through.

    Args:
        people: to whom, one mail each.
        what: "returned", "published", "review-due" or "saved-search"; decides the words.
        address: the page to look at, as a path.
    """
    receivers = list(people)
    if receivers:
        transaction.on_commit(partial(_send, receivers, what, address), robust=True)


def _send(people: list[User], what: str, address: str) -> None:
    for person in people:
        with translation.override(getattr(person, "language", "") or settings.LANGUAGE_CODE):
            subject = {
                "returned": _("A reviewer wrote a remark on a practice of yours"),
                "published": _("Your practice is in the library"),
                "review-due": _("A practice of yours should be looked at again"),
                "saved-search": _("There is something new for a search you saved"),
            }[what]
            link = f"{settings.WAGTAILADMIN_BASE_URL}{address}"
            body = render_to_string("goodpractices/mail.txt", {"person": person, "what": what, "link": link})
        try:
            EmailMessage(subject, body, to=[person.email]).send()
        except (SMTPException, OSError):
            # The page shows it as well; a mail server that is down must not stop the work.
            log.exception("A notice about a practice could not be sent")


def remind_of_reviews() -> int:
    """Remind the writers of published practices whose review date has come; again after thirty days.

    Returns:
        how many practices somebody was reminded of.
    """
    due = GoodPractice.objects.filter(
        Q(reminded_at__isnull=True) | Q(reminded_at__lte=timezone.now() - REMIND_AGAIN),
        state=GoodPractice.State.PUBLISHED,
        review_on__lte=clock.today(),
    )
    told = 0
    for practice in due:
        with transaction.atomic():
            people = writers_of(practice)
            tell_after_commit(people, what="review-due", address=reverse("goodpractices:detail", args=[practice.slug]))
            GoodPractice.objects.filter(pk=practice.pk).update(reminded_at=timezone.now())
            told += bool(people)
    return told
