"""A published practice gets a new text: its authors propose it, a reviewer takes it over or sends it back.

Until then the library shows, finds and counts the published text; nobody but the municipality and its reviewers can
tell that there is another.
"""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any, Unpack

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from benchmark.models import Area, Indicator
from goodpractices import notices, permissions, versions
from goodpractices.library import Figure, LibraryError, Text, check, check_title, fill, locked
from goodpractices.models import GoodPractice, Proposal, Remark
from people.models import User
from people.names import key

_RELATIONS = ("areas", "indicators", "co_authors")


@transaction.atomic
def propose(*, by: User, practice: GoodPractice, **text: Unpack[Text]) -> Proposal:
    """Hand in a new text for a published practice; a text that was proposed before is replaced by it.

    Args:
        by: somebody of its municipality.
        practice: the published practice, which stays as it is.
        **text: the fields that change.

    Raises:
        PermissionDenied: not of one's own municipality, or not published.
        DuplicateError: the municipality has another practice of this title.
        LibraryError: nothing would change.
    """
    now = locked(practice)
    check(permissions.can_propose_practice(by, now))
    if "title" in text and key(text["title"]) != key(now.title):
        check_title(by, now.municipality, text["title"], but=now)
    there = versions.snapshot(now)
    said = there | _words(now, text)
    if not versions.between(there, said) and not _other_people(now, text):
        raise LibraryError(_("Nothing differs from what is published. Nothing was handed in."))
    return Proposal.objects.update_or_create(
        practice=now, defaults={"values": _kept(text), "text": said, "is_waiting": True, "author": by}
    )[0]


@transaction.atomic
def accept(*, by: User, practice: GoodPractice) -> GoodPractice:
    """Put a proposed text in the library.

    Raises:
        PermissionDenied: not the facilitator of its municipality's kring, nor the office.
        LibraryError: one's own text, nothing waits, or the practice is not published any more.
    """
    now, proposal = _waiting(by, practice)
    fill(now, _restored(proposal), proposal.author)
    proposal.delete()
    notices.tell_after_commit(
        [person for person in notices.writers_of(now) if person != by],
        what="published",
        address=reverse("goodpractices:detail", args=[now.slug]),
    )
    return now


@transaction.atomic
def send_back(*, by: User, practice: GoodPractice, remark: str) -> GoodPractice:
    """Send a proposed text back with what should be better; the authors go on from where they were.

    Raises:
        PermissionDenied: not the facilitator of its municipality's kring, nor the office.
        LibraryError: without a remark, one's own text, or nothing waits.
    """
    now, proposal = _waiting(by, practice)
    if not remark.strip():
        raise LibraryError(_("Write what the author should change. The practice was not sent back."))
    Remark.objects.create(practice=now, author=by, text=remark.strip())
    proposal.is_waiting = False
    proposal.save()
    address = reverse("goodpractices:proposal", args=[now.slug])
    notices.tell_after_commit(notices.writers_of(now), what="returned", address=address)
    return now


@transaction.atomic
def withdraw(*, by: User, practice: GoodPractice) -> GoodPractice:
    """Throw a proposed text away; nothing happens when there is none.

    Raises:
        PermissionDenied: not of one's own municipality.
    """
    now = locked(practice)
    check(permissions.can_submit_practice(by, now))
    Proposal.objects.filter(practice=now).delete()
    return now


def _waiting(by: User, practice: GoodPractice) -> tuple[GoodPractice, Proposal]:
    now = locked(practice)
    check(permissions.can_oversee_practice(by, now))
    proposal = Proposal.objects.filter(practice=now, is_waiting=True).first()
    if proposal is None or not now.is_published:
        raise LibraryError(_("No new version waits for review any more. Nothing was changed."))
    if proposal.author_id == by.pk or not permissions.can_review_practice(by, now):
        raise LibraryError(_("You wrote this practice yourself. Ask a colleague to review it."))
    return now, proposal


# ---- from what a form gives to what is kept, and back -----------------------------------------------------------


def _kept(text: Text) -> dict[str, Any]:
    """Return the fields as plain values."""
    kept: dict[str, Any] = dict(text)
    for name in _RELATIONS:
        if name in kept:
            kept[name] = [one.pk for one in kept[name]]
    if "tags" in kept:
        kept["tags"] = list(kept["tags"])
    if "figures" in kept:
        kept["figures"] = [[figure.indicator.pk, *figure[1:]] for figure in kept["figures"]]
    if isinstance(kept.get("review_on"), dt.date):
        kept["review_on"] = kept["review_on"].isoformat()
    return kept


def _restored(proposal: Proposal) -> Text:
    """Return the fields as the verbs take them; what was removed meanwhile is left out."""
    text: Any = dict(proposal.values)
    models = {"areas": Area, "indicators": Indicator, "co_authors": User}
    for name, model in models.items():
        if name in text:
            text[name] = list(model._default_manager.filter(pk__in=text[name]))  # noqa: SLF001 - public in all but name
    if "figures" in text:
        known = Indicator.objects.in_bulk([figure[0] for figure in text["figures"]])
        text["figures"] = [Figure(known[pk], *rest) for pk, *rest in text["figures"] if pk in known]
    if text.get("review_on"):
        text["review_on"] = dt.date.fromisoformat(text["review_on"])
    restored: Text = text
    return restored


def _words(practice: GoodPractice, text: Text) -> dict[str, Any]:
    """Return the fields that change, in the words of a version, without saving anything."""
    changed = copy.copy(practice)
    for name in versions.PLAIN:
        if name in text:
            setattr(changed, name, text[name])  # type: ignore[literal-required]
    words = versions.plain(changed)
    if "areas" in text:
        words["areas"] = sorted(area.name for area in text["areas"])
    chosen = {one.code for one in text["indicators"]} if "indicators" in text else None
    if "figures" in text:
        figures = list(text["figures"])
        words["figures"] = [
            versions.figure_words(one.indicator.code, one.before, one.before_year, one.after, one.after_year)
            for one in figures
        ]
        if chosen is not None:
            chosen |= {one.indicator.code for one in figures}
    if chosen is not None:
        words["indicators"] = sorted(chosen)
    if "tags" in text:
        words["tags"] = sorted(text["tags"])
    return words


def _other_people(practice: GoodPractice, text: Text) -> bool:
    """Say whether the co-authors change: they are no part of a version."""
    if "co_authors" not in text:
        return False
    return {one.pk for one in text["co_authors"]} != set(practice.co_authors.values_list("pk", flat=True))


def initial(proposal: Proposal) -> dict[str, Any]:
    """Return what the form begins with, so that somebody goes on where they were."""
    begun = {name: value for name, value in proposal.values.items() if name != "figures"}
    if "tags" in begun:
        begun["tags"] = ", ".join(begun["tags"])
    return begun
