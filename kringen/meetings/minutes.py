"""Minutes: drafted from what was written down, amended by who was asked, adopted, and fixed from then on.

Every change locks the row of the minutes first and raises its version; what was adopted refuses every change.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goodpractices.versions import Piece, words_between
from kringen.meetings import outcome_notices, replies
from kringen.models import Amendment, Meeting, Minutes, MinutesItem, MinutesVersion
from people import clock
from people.models import User

MAX_TEXT = 20_000


class MinutesRefused(ValueError):  # noqa: N818 — it is an answer to a person
    """It cannot be done like this; the text is the sentence to show."""


class MinutesChanged(Exception):  # noqa: N818 — nothing failed: two people typed at once
    """Somebody saved in between; `minutes` is what is stored now."""

    def __init__(self, minutes: Minutes) -> None:
        super().__init__(minutes.version)
        self.minutes = minutes


@transaction.atomic
def draft(*, meeting: Meeting, by: User) -> Minutes:
    """Make the draft, with one item for each of the agenda; a second time returns the one there is.

    What was noted under an item, decided and promised becomes its text, to be edited after.

    Raises:
        MinutesRefused: the meeting is still to come, or was cancelled.
    """
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    existing = Minutes.objects.filter(meeting=meeting).first()
    if existing is not None:
        return existing
    if meeting.state == Meeting.State.CANCELLED:
        raise MinutesRefused(_("This meeting was cancelled, so there is nothing to take minutes of."))
    if meeting.state != Meeting.State.HELD and meeting.date > clock.today():
        raise MinutesRefused(_("This meeting is still to come. Make the minutes on the day itself or later."))
    made = Minutes.objects.create(meeting=meeting)
    texts = _written_down(meeting)
    items = [(item.pk, item.title) for item in meeting.agenda_items.all()]
    known = {pk for pk, _title in items}
    rest = "\n".join(text for pk, text in texts.items() if pk not in known)
    lines: list[tuple[int | None, str, str]] = [(pk, title, texts.get(pk, "")) for pk, title in items]
    if rest or not lines:
        lines.append((None, _("The meeting as a whole"), rest))
    MinutesItem.objects.bulk_create(
        MinutesItem(minutes=made, agenda_item_id=pk, position=position, title=title, text=text[:MAX_TEXT])
        for position, (pk, title, text) in enumerate(lines, start=1)
    )
    _keep(made, by)
    return made


def _written_down(meeting: Meeting) -> dict[int | None, str]:
    """Return what was noted, decided and promised, by the id of the agenda item (None: of the whole meeting)."""
    lines: dict[int | None, list[str]] = defaultdict(list)
    for note in meeting.notes.all():
        lines[note.item_id].append(note.text)
    for decision in meeting.decisions.all():
        lines[decision.item_id].append(
            _("Decision %(number)s: %(text)s") % {"number": decision.label, "text": decision.text}
        )
    # What several people promised in the same words is one line with their names.
    owners: dict[tuple[int | None, str, dt.date | None], list[str]] = defaultdict(list)
    for action in meeting.actions.select_related("owner"):
        owners[action.item_id, action.text, action.due_on].append(str(action.owner or _("nobody")))
    for (item_id, text, due_on), who in owners.items():
        day = _("by %(day)s") % {"day": due_on.strftime("%d-%m-%Y")} if due_on else _("no date")
        lines[item_id].append(
            _("Action: %(text)s (%(who)s, %(day)s)") % {"text": text, "who": ", ".join(who), "day": day}
        )
    return {pk: "\n".join(some) for pk, some in lines.items()}


@transaction.atomic
def save(*, minutes: Minutes, texts: Mapping[int, str], seen: int, by: User) -> Minutes:
    """Store the texts of all items at once.

    Args:
        minutes: which.
        texts: by the id of the item; an item that is left out keeps its text.
        seen: the version that the editor had before them.
        by: who edits.

    Raises:
        MinutesRefused: they were adopted, or an item is not of these minutes.
        MinutesChanged: somebody saved after `seen`.
    """
    minutes = _changeable(minutes)
    if minutes.version != seen:
        raise MinutesChanged(minutes)
    items = {item.pk: item for item in minutes.items.all()}
    if not set(texts) <= set(items):
        raise MinutesRefused(_("An item of this form is not of these minutes. Reload the page and try again."))
    changed = False
    for pk, text in texts.items():
        kept = _plain(text)
        if items[pk].text != kept:
            items[pk].text = kept
            items[pk].save(update_fields=["text"])
            changed = True
    if changed:
        _next_version(minutes, by)
    return minutes


@transaction.atomic
def open_round(*, minutes: Minutes, until: dt.date, by: User) -> Minutes:
    """Open the amendment round, or give it another last day; who was asked to the meeting is told.

    Raises:
        MinutesRefused: they were adopted, or the last day has passed already.
    """
    minutes = _changeable(minutes)
    if until < clock.today():
        raise MinutesRefused(_("That last day has passed. Choose today or a later day."))
    is_new = minutes.state == Minutes.State.DRAFT
    minutes.state, minutes.amend_until = Minutes.State.AMENDING, until
    minutes.save(update_fields=["state", "amend_until"])
    if is_new:
        people = [person.pk for person in replies.asked_to(minutes.meeting)]
        outcome_notices.tell_round(minutes, people=people, actor=by)
    return minutes


@transaction.atomic
def propose(*, item: MinutesItem, text: str, reason: str, by: User) -> Amendment:
    """Propose another text for an item; only who was asked to the meeting, and only until the last day.

    Raises:
        MinutesRefused: there is no round, it is over, the person was not asked, nothing differs or no reason is given.
    """
    minutes = _changeable(item.minutes)
    item = minutes.items.get(pk=item.pk)
    if minutes.state == Minutes.State.DRAFT:
        raise MinutesRefused(_("The amendment round has not begun. The facilitator opens it."))
    if not minutes.takes_amendments(clock.today()):
        raise MinutesRefused(
            _("The amendment round ended on %(day)s. Tell the facilitator what you miss.")
            % {"day": _day(minutes.amend_until)}
        )
    if by.pk not in {person.pk for person in replies.asked_to(minutes.meeting)}:
        raise MinutesRefused(_("You were not asked to this meeting, so you cannot amend its minutes."))
    kept = _plain(text)
    if kept == item.text:
        raise MinutesRefused(_("Your text is the same as the text there is. Change what should read differently."))
    if not reason.strip():
        raise MinutesRefused(_("Say why the text should change, in a few words."))
    return Amendment.objects.create(item=item, proposer=by, base=item.text, text=kept, reason=reason.strip()[:400])


@transaction.atomic
def answer(*, amendment: Amendment, take: bool, answer: str, by: User) -> Amendment:
    """Take an amendment over, or not, with an answer; the proposer is told.

    Raises:
        MinutesRefused: the minutes were adopted, it was answered already, a refusal has no answer, or the text
            changed since it was proposed (it would undo somebody else's change).
    """
    minutes = _changeable(amendment.item.minutes)
    amendment = Amendment.objects.select_related("item").get(pk=amendment.pk)
    if amendment.state != Amendment.State.OPEN:
        raise MinutesRefused(_("This amendment was answered already."))
    if not take and not answer.strip():
        raise MinutesRefused(_("Say why it is not taken over, in a few words."))
    item = amendment.item
    if take and item.text != amendment.base:
        raise MinutesRefused(
            _(
                "The text of this item changed after the amendment was proposed. Put in by hand what you take over, "
                "and answer the amendment with a sentence that says so."
            )
        )
    amendment.state = Amendment.State.TAKEN if take else Amendment.State.DECLINED
    amendment.answer = answer.strip()[:400]
    amendment.answered_by, amendment.answered_at = by, timezone.now()
    amendment.save()
    if take:
        item.text = amendment.text
        item.save(update_fields=["text"])
        _next_version(minutes, by)
    if amendment.proposer_id:
        outcome_notices.tell_amendment(amendment, actor=by)
    return amendment


@transaction.atomic
def adopt(*, minutes: Minutes, by: User | None = None) -> Minutes:
    """Adopt the minutes; nothing changes after. Without a person it is silent approval, after the last day.

    Raises:
        MinutesRefused: they were adopted, there was no round, it is still going on, or an amendment has no answer.
    """
    minutes = _changeable(minutes)
    if minutes.state != Minutes.State.AMENDING:
        raise MinutesRefused(_("Open the amendment round first, so that everybody can say what should be different."))
    if minutes.takes_amendments(clock.today()):
        raise MinutesRefused(
            _("The amendment round goes on until %(day)s. Adopt the minutes after that day.")
            % {"day": _day(minutes.amend_until)}
        )
    if Amendment.objects.filter(item__minutes=minutes, state=Amendment.State.OPEN).exists():
        raise MinutesRefused(_("An amendment has no answer yet. Answer every amendment, then adopt the minutes."))
    minutes.state, minutes.adopted_on, minutes.adopted_by = Minutes.State.ADOPTED, clock.today(), by
    minutes.save(update_fields=["state", "adopted_on", "adopted_by"])
    return minutes


def adopt_silently() -> list[Minutes]:
    """Adopt what nobody has objected to when the last day is over; what has an open amendment waits."""
    waiting = Amendment.objects.filter(state=Amendment.State.OPEN).values("item__minutes")
    ready = Minutes.objects.round_over(clock.today()).exclude(pk__in=waiting)
    done = []
    for minutes in ready:
        try:
            done.append(adopt(minutes=minutes))
        except MinutesRefused:
            continue  # somebody was first: it stands as they left it
    return done


@dataclass(frozen=True, slots=True)
class ItemDiff:
    """What changed in one item between two versions, word by word."""

    title: str
    pieces: tuple[Piece, ...]


def history(minutes: Minutes) -> list[tuple[MinutesVersion, list[ItemDiff]]]:
    """Return every version with what changed since the one before it, the newest first. Two queries."""
    titles = {str(item.pk): item.title for item in minutes.items.all()}
    before: dict[str, str] = {}
    rows = []
    for version in minutes.versions.select_related("author"):
        changed = [
            ItemDiff(titles[pk], words_between(before.get(pk, ""), text))
            for pk, text in version.texts.items()
            if pk in titles and before.get(pk, "") != text
        ]
        rows.append((version, changed))
        before = version.texts
    return rows[::-1]


def _changeable(minutes: Minutes) -> Minutes:
    """Return the minutes with their row locked.

    Raises:
        MinutesRefused: they were adopted.
    """
    locked = Minutes.objects.select_for_update().select_related("meeting__kring").get(pk=minutes.pk)
    if locked.is_fixed:
        raise MinutesRefused(
            _("These minutes were adopted on %(day)s. Nothing changes in them any more.")
            % {"day": _day(locked.adopted_on)}
        )
    return locked


def _next_version(minutes: Minutes, by: User) -> None:
    minutes.version += 1
    minutes.save(update_fields=["version"])
    _keep(minutes, by)


def _keep(minutes: Minutes, by: User) -> None:
    texts = {str(pk): text for pk, text in minutes.items.values_list("pk", "text")}
    MinutesVersion.objects.create(minutes=minutes, number=minutes.version, texts=texts, author=by)


def _plain(text: str) -> str:
    """Return a text as it is kept: one kind of line end, nothing around it."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(kept) > MAX_TEXT:
        raise MinutesRefused(_("The text of an item has at most 20,000 characters. Make it shorter."))
    return kept


def _day(day: dt.date | None) -> str:
    return day.strftime("%d-%m-%Y") if day else "–"
