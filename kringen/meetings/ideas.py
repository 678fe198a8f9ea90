"""Gathering what may propose something for an agenda, and settling what was proposed."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from benchmark import beside, goals
from benchmark import cube as cubes
from benchmark.models import ComparisonGroup, Goal, Indicator
from goodpractices.models import Adoption, GoodPractice
from kringen.circle import grouping
from kringen.meetings import agendas, proposals
from kringen.meetings.agenda_ideas import MOST, Facts, Idea, ideas
from kringen.meetings.agendas import AgendaLine
from kringen.meetings.meeting_room import lock_room
from kringen.meetings.proposals import ProposalRefused
from kringen.models import Action, AgendaItem, IntakeItem, Kring, Meeting, Membership, SettledIdea
from people import clock
from people.models import User

# Read by everybody of every kring: a practice for one kring only is not for this one to propose.
OPEN_TO_ALL = (GoodPractice.Visibility.PARTICIPANTS, GoodPractice.Visibility.PUBLIC)


def gather(kring: Kring) -> Facts:
    """Return what ideas for the agenda of a kring rest on, as any member of it may know it.

    The same number of queries however many members, indicators, goals and practices there are.
    """
    members = list(Membership.objects.current().filter(kring=kring).values_list("municipality_id", flat=True))
    circle = ComparisonGroup.objects.prefetch_related("municipalities").get(pk=kring.comparison_group_id)
    indicators = list(Indicator.objects.filter(is_core=True).prefetch_related("versions").order_by("code"))
    cube = cubes.current()
    shared = Goal.objects.standing().filter(municipality__in=members).exclude(visibility=Goal.Visibility.OWN)
    standings = goals.with_states(shared.for_board(), viewer=beside.eyes_of(circle), cube=cube)
    meeting = proposals.next_meeting(kring)
    return Facts(
        beside=beside.of(circle, indicators, cube=cube),
        goals=standings,
        actions=list(_promises(kring)),
        shared=_shared_questions(kring),
        practices=_untried(kring, members, {one.goal.indicator.area_id for one in standings}),
        today=clock.today(),
        meeting=meeting.pk if meeting is not None else 0,
    )


def proposed(kring: Kring) -> list[Idea]:
    """Return what the figures and promises propose for the agenda of a kring and nobody settled yet."""
    settled = frozenset(kring.settled_ideas.values_list("key", flat=True))
    return ideas(gather(kring), settled)


@transaction.atomic
def take(*, kring: Kring, key: str, meeting: Meeting, by: User) -> AgendaItem:
    """Put an idea on an agenda, with its reason and its card; it is not proposed again.

    Raises:
        ProposalRefused: it is not proposed (any more), or the meeting is of another kring.
        AgendaRefused: the meeting is over or off, or its agenda is full.
    """
    if meeting.kring_id != kring.pk or meeting.kind not in Meeting.OPEN_KINDS:
        raise ProposalRefused(_("That meeting is not of this kring. Choose one from the list."))
    lock_room(meeting.pk)  # before the kring, as everything that happens in the room does
    idea = _still_proposed(kring, key)
    notes = "\n".join(filter(None, [idea.reason, idea.address]))
    line = AgendaLine(title=idea.title, kind=idea.kind, minutes=idea.minutes, notes=notes)
    item = agendas.insert(meeting=meeting, line=line, by=by)
    SettledIdea.objects.create(kring=kring, key=key, item=item, settled_by=by)
    return item


@transaction.atomic
def drop(*, kring: Kring, key: str, by: User) -> None:
    """Do not take an idea over; it is not proposed again.

    Raises:
        ProposalRefused: it is not proposed (any more).
    """
    _still_proposed(kring, key)
    SettledIdea.objects.create(kring=kring, key=key, settled_by=by)


def _still_proposed(kring: Kring, key: str) -> Idea:
    Kring.objects.select_for_update().get(pk=kring.pk)
    found = next((idea for idea in proposed(kring) if idea.key == key), None)
    if found is None:
        raise ProposalRefused(_("This is not proposed any more: it was answered, or the figures changed."))
    return found


def _promises(kring: Kring) -> list[Action]:
    of_some = [kind for kind in Meeting.Kind if kind not in Meeting.OPEN_KINDS]
    found = Action.objects.open().filter(kring=kring).exclude(meeting__kind__in=of_some)
    return list(found.select_related("owner", "municipality"))


def _shared_questions(kring: Kring) -> list[tuple[str, list[IntakeItem]]]:
    """Return what several municipalities brought up and no theme was chosen for yet."""
    brought = IntakeItem.objects.filter(intake__kring=kring).exclude(theme__in=kring.theme_choices.values("theme"))
    items = {item.pk: item for item in brought.select_related("intake__municipality").order_by("pk")}
    texts = [grouping.Text(item.pk, item.intake.municipality_id, item.text) for item in items.values()]
    return [(group.word, [items[key] for key in group.keys]) for group in grouping.groups(texts)]


def _untried(kring: Kring, members: list[int], areas: set[int]) -> list[GoodPractice]:
    """Return practices in the areas that the kring works on, that no member tried or shared; most used first."""
    touched = areas | set(kring.themes.filter(area__isnull=False).values_list("area_id", flat=True))
    tried = Adoption.objects.started().filter(municipality__in=members).values("practice_id")
    settled = kring.settled_ideas.filter(key__startswith="practice:").count()
    found = (
        GoodPractice.objects.filter(state=GoodPractice.State.PUBLISHED, visibility__in=OPEN_TO_ALL, areas__in=touched)
        .exclude(municipality__in=members)
        .exclude(pk__in=tried)
        .select_related("municipality")
        .distinct()
        .order_by("-evidence", "-adopters", "pk")
    )
    return list(found[: MOST + settled])
