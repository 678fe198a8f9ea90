"""From a difference to a conversation: who does better on an indicator and is willing to tell how."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from benchmark import snapshots
from benchmark.asking import Reader
from benchmark.models import Indicator, TalkOffer
from benchmark.permissions import can_offer_talk
from benchmark.series import Series
from people.models import Municipality, User

MOST = 5


@dataclass(frozen=True, slots=True)
class Willing:
    """Somebody who may be asked, and what their municipality's figure was."""

    offer: TalkOffer
    value: float
    year: int


@dataclass(frozen=True, slots=True)
class Talk:
    """The talk beside an indicator.

    Attributes:
        willing: who does better and is willing to tell, the best first.
        offered: whether the reader offered to be asked themselves.
        may_offer: whether they can.
    """

    willing: tuple[Willing, ...]
    offered: bool
    may_offer: bool


def about(indicator: Indicator, result: Series, who: Reader) -> Talk | None:
    """Return who does better and is willing to talk, for people who take part; one query.

    Better than the reader's own municipality, else than the median of the group. Of a context indicator nobody does
    better, so everybody willing counts. Only those whose figures the reader may see by name.
    """
    if who.viewer.user_id is None or not who.viewer.takes_part:
        return None
    offers = list(
        TalkOffer.objects.filter(indicator=indicator, person__is_active=True).select_related("person", "municipality")
    )
    offered = any(offer.person_id == who.viewer.user_id for offer in offers)
    may = bool(who.viewer.own)
    shot = snapshots.take(result, cube=who.cube, viewer=who.viewer) if offers else None
    if shot is None:
        return Talk((), offered, may)
    known = snapshots.by_place(shot.members)
    own = shot.own
    mark = own.value if own is not None and own.value is not None else shot.row.median
    way = {"up": 1, "down": -1}.get(indicator.direction, 0)
    found = []
    for offer in offers:
        member = known.get(offer.municipality_id)
        if member is None or member.value is None or offer.person_id == who.viewer.user_id:
            continue
        if own is not None and offer.municipality_id == own.place.id:
            continue
        if way and (mark is None or (member.value - mark) * way <= 0):
            continue
        found.append(Willing(offer, member.value, shot.year))
    found.sort(key=lambda one: -one.value * way)
    return Talk(tuple(found[:MOST]), offered, may)


@transaction.atomic
def offer(*, by: User, indicator: Indicator, municipality: Municipality) -> TalkOffer:
    """Let others ask this person about an indicator of their municipality; twice is once.

    Raises:
        PermissionDenied: when it is not their municipality.
    """
    if not can_offer_talk(by, municipality):
        raise PermissionDenied
    return TalkOffer.objects.get_or_create(person=by, municipality=municipality, indicator=indicator)[0]


@transaction.atomic
def take_back(*, by: User, indicator: Indicator) -> None:
    """Take an offer back; nothing happens when there is none."""
    TalkOffer.objects.filter(person=by, indicator=indicator).delete()
