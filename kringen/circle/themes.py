"""The theme board: questions and themes of the intake, grouped, voted on, and chosen for a meeting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from benchmark import asking, positions
from benchmark.calculations import Outcome
from benchmark.models import Area, Indicator
from goodpractices.models import GoodPractice
from goodpractices.search import similar
from kringen.circle import grouping
from kringen.conversation import polls
from kringen.models import IntakeItem, Kring, Meeting, Membership, Poll, Room, Theme, ThemeChoice
from people.models import Municipality, User

LONGEST_TITLE = 120
LONGEST_REASON = 400
MOST_OPTIONS = polls.MOST_OPTIONS


class ThemeRefused(ValueError):  # noqa: N818 — it is an answer to a person
    """The board cannot be changed like this; the text is the sentence to show."""


@dataclass(frozen=True)
class Knows:
    """A municipality that may know more about a theme, and why we think so."""

    municipality: str
    why: str


@dataclass(frozen=True)
class Board:
    """The theme board of a kring.

    Attributes:
        themes: each with its items.
        loose: items that are in no theme.
        suggested: groups of loose items that seem to belong together.
        choices: what was chosen, by meeting.
        poll: the vote, or None.
    """

    themes: tuple[tuple[Theme, tuple[IntakeItem, ...]], ...]
    loose: tuple[IntakeItem, ...]
    suggested: tuple[tuple[str, tuple[IntakeItem, ...]], ...]
    choices: tuple[ThemeChoice, ...]
    poll: Poll | None


def board(kring: Kring) -> Board:
    """Return the theme board of a kring: four queries, however many items."""
    items = list(
        IntakeItem.objects.filter(intake__kring=kring)
        .select_related("intake__municipality")
        .order_by("intake__municipality__name", "kind", "position", "pk")
    )
    by_theme: dict[int | None, list[IntakeItem]] = defaultdict(list)
    for item in items:
        by_theme[item.theme_id].append(item)
    loose = {item.pk: item for item in by_theme.pop(None, [])}
    found = grouping.groups([grouping.Text(item.pk, item.intake.municipality_id, item.text) for item in loose.values()])
    voted = Poll.objects.filter(pk=kring.theme_poll_id) if kring.theme_poll_id else Poll.objects.none()
    poll = voted.select_related("message__room__kring").first()
    return Board(
        themes=tuple((theme, tuple(by_theme[theme.pk])) for theme in kring.themes.select_related("area")),
        loose=tuple(loose.values()),
        suggested=tuple((group.word, tuple(loose[key] for key in group.keys)) for group in found),
        choices=tuple(kring.theme_choices.select_related("theme", "meeting__kring")),
        poll=poll,
    )


@transaction.atomic
def start_theme(  # noqa: PLR0913 — each is a field of the form, and named
    *,
    kring: Kring,
    title: str,
    by: User,
    items: Iterable[int] = (),
    area: Area | None = None,
    submission: UUID | None = None,
) -> Theme:
    """Put a theme on the board, with items of the intake in it; the same form sent twice makes one.

    Raises:
        ThemeRefused: no title, one that is there already, or an item of another kring.
    """
    title = " ".join(title.split())
    if not title:
        raise ThemeRefused(_("Give the theme a title, such as: channel steering."))
    if len(title) > LONGEST_TITLE:
        raise ThemeRefused(_("A title has at most 120 characters. Shorten it."))
    kring = Kring.objects.select_for_update().get(pk=kring.pk)
    if submission is not None:
        made = kring.themes.filter(submission=submission).first()
        if made is not None:
            return made
    same = kring.themes.filter(title__iexact=title).first()
    if same is not None:
        raise ThemeRefused(_("There is a theme “%(title)s” already. Put the items in that one.") % {"title": same})
    theme = Theme.objects.create(kring=kring, title=title, area=area, created_by=by, submission=submission)
    put(kring=kring, items=items, theme=theme)
    return theme


@transaction.atomic
def put(*, kring: Kring, items: Iterable[int], theme: Theme | None) -> int:
    """Put items of the intake in a theme, or with None take them out of theirs; return how many.

    Raises:
        ThemeRefused: an item or the theme is of another kring.
    """
    wanted = set(items)
    found = IntakeItem.objects.filter(pk__in=wanted, intake__kring=kring)
    if found.count() != len(wanted) or (theme is not None and theme.kring_id != kring.pk):
        raise ThemeRefused(_("That does not belong to this kring. Reload the page and try again."))
    return found.update(theme=theme)


@transaction.atomic
def remove_theme(*, theme: Theme) -> None:
    """Take a theme off the board; its items are loose again.

    Raises:
        ThemeRefused: it was chosen for a meeting.
    """
    if theme.choices.exists():
        raise ThemeRefused(_("This theme was chosen for a meeting and stays on the board. Choose another one first."))
    theme.delete()


def put_to_vote(*, kring: Kring, room: Room, by: User, client_id: UUID, question: str = "") -> Poll:
    """Ask the kring in one of its rooms which theme to take, one vote for each municipality; several may be chosen.

    Raises:
        ThemeRefused: fewer than two themes, or more than a poll can hold.
        RoomRefused: `by` may not write there.
    """
    titles = list(kring.themes.values_list("title", flat=True))
    if len(titles) < polls.FEWEST_OPTIONS:
        raise ThemeRefused(_("A vote needs at least two themes on the board."))
    if len(titles) > MOST_OPTIONS:
        raise ThemeRefused(_("A vote holds at most 12 themes. Put some together first."))
    done = polls.open_poll(
        by=by,
        room=room,
        client_id=client_id,
        question=question or _("Which theme do we take for the next meetings?"),
        options=titles,
        is_multiple=True,
        voter=Poll.Voter.MUNICIPALITY,
    )
    poll = Poll.objects.get(message_id=done.message_id)
    Kring.objects.filter(pk=kring.pk).update(theme_poll=poll)
    return poll


@transaction.atomic
def choose(*, theme: Theme, meeting: Meeting, reason: str, by: User) -> ThemeChoice:
    """Choose a theme for a meeting, with the reason; choosing again replaces the choice.

    The meeting and the kring then show it as their theme.

    Raises:
        ThemeRefused: no reason, or the meeting is of another kring, over, or off.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise ThemeRefused(_("Say in one line why this theme was chosen; the others read it."))
    if len(reason) > LONGEST_REASON:
        raise ThemeRefused(_("The reason has at most 400 characters. Shorten it."))
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.kring_id != theme.kring_id:
        raise ThemeRefused(_("That meeting is not of this kring. Choose one from the list."))
    if meeting.state != Meeting.State.PLANNED:
        raise ThemeRefused(_("A theme is chosen for a meeting that is still to come."))
    choice, _new = ThemeChoice.objects.update_or_create(
        meeting=meeting, defaults={"kring_id": theme.kring_id, "theme": theme, "reason": reason, "chosen_by": by}
    )
    meeting.theme = theme.title
    meeting.save(update_fields=["theme"])
    Kring.objects.filter(pk=theme.kring_id).update(theme=theme.title)
    return choice


def may_know(theme: Theme, items: Sequence[IntakeItem], reader: User) -> list[Knows]:
    """Return who may know more about a theme: who shared a practice about it, and members that do steadily better.

    Only what the reader may see. From figures only what passed the test of the figures themselves (an interval, or
    better than the median of all in three of the last five years), on core indicators of the theme's area.
    """
    text = " ".join([theme.title, *(item.text for item in items)])
    practices = similar(reader, theme.title) or similar(reader, text)
    found = [
        Knows(practice.municipality.name, _("shared “%(title)s”") % {"title": practice.title})
        for practice in GoodPractice.objects.filter(pk__in=practices).select_related("municipality")
    ]
    if theme.area_id is None:
        return found
    indicators = list(Indicator.objects.filter(area=theme.area_id, is_core=True))
    members = Membership.objects.current().filter(kring=theme.kring_id).select_related("municipality")
    for member in members:
        better = _better(member.municipality, indicators, reader)
        if better:
            found.append(Knows(member.municipality.name, _("does better on %(what)s") % {"what": ", ".join(better)}))
    return found


def _better(place: Municipality, indicators: Sequence[Indicator], reader: User) -> list[str]:
    who = asking.reader(reader, municipality_id=place.pk)
    found = positions.of(who, indicators, ["all"])
    names = {indicator.code: indicator.name for indicator in indicators}
    return [
        names[code]
        for code, by_group in found.items()
        if (verdict := by_group["all"].verdict) is not None and verdict.outcome == Outcome.BETTER
    ]
