"""Goals of a kring's members that turned: said in the room about the indicator, or else in the kring's first room.

The room's log says only that there is news. What it is, each reader's page fetches, made for that reader.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from benchmark import goals
from benchmark.goal_states import Turn
from benchmark.goals import Standings
from benchmark.models import Goal, GoalTurn, Indicator
from benchmark.permissions import viewer_for
from kringen.conversation.acting import announce
from kringen.live import log
from kringen.models import Membership, Room, RoomEvent

KEPT = dt.timedelta(days=30)
SHOWN = 3


def tell_rooms(turns: Sequence[Turn]) -> None:
    """Say in the rooms of their kringen that goals turned; a line per room however many goals. Own goals stay own."""
    shared = [one.goal for one in turns if one.goal.visibility != Goal.Visibility.OWN]
    places = {goal.municipality_id for goal in shared}
    kringen: dict[int, set[int]] = defaultdict(set)
    for kring, place in (
        Membership.objects.current().filter(municipality__in=places).values_list("kring", "municipality")
    ):
        kringen[place].add(kring)
    rooms = _rooms({kring for found in kringen.values() for kring in found})
    news: dict[int, list[int]] = defaultdict(list)
    for goal in shared:
        for kring in kringen[goal.municipality_id]:
            room = rooms.get((kring, goal.indicator_id)) or rooms.get((kring, None))
            if room is not None:
                news[room].append(goal.pk)
    now = timezone.now()
    for room, found in sorted(news.items()):
        seq = log.advance(Room.objects.all(), room)
        if seq is not None:
            log.append(
                room_id=room, seq=seq, kind=RoomEvent.Kind.GOAL_STATE, actor=None, at=now, payload={"goals": found}
            )
            announce(room, seq)


def _rooms(kringen: Iterable[int]) -> dict[tuple[int, int | None], int]:
    """Return by kring and indicator the room about it, and under None the kring's first room of its own."""
    about = ContentType.objects.get_for_model(Indicator)
    found: dict[tuple[int, int | None], int] = {}
    rows = Room.objects.filter(kring__in=list(kringen), is_archived=False).order_by("pk")
    for pk, kring, kind, subject in rows.values_list("pk", "kring", "subject_type", "subject_id"):
        if subject is None:
            found.setdefault((kring, None), pk)
        elif kind == about.pk:
            found.setdefault((kring, subject), pk)
    return found


def news_in(room: Room, user: Any) -> list[Standings]:
    """Return the goals that turned lately and concern a room, as this reader may see them, the newest first."""
    events = RoomEvent.objects.filter(
        room=room, kind=RoomEvent.Kind.GOAL_STATE, created_at__gte=timezone.now() - KEPT
    ).order_by("-seq")[:SHOWN]
    wanted = list(dict.fromkeys(pk for event in events for pk in event.payload.get("goals", ())))
    if not wanted:
        return []
    latest: dict[int, int] = {}
    for turn, goal in GoalTurn.objects.filter(goal__in=wanted).values_list("pk", "goal"):
        latest[goal] = max(turn, latest.get(goal, 0))
    found = list(Goal.objects.visible_to(user).filter(pk__in=wanted).for_board())
    found.sort(key=lambda goal: -latest.get(goal.pk, 0))
    return goals.with_states(found[:SHOWN], viewer=viewer_for(user))
