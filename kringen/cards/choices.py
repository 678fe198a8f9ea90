"""What somebody can put under a message: found by a few letters, for the `/` menu of the text box."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from benchmark.models import Goal, Indicator
from goodpractices.models import GoodPractice
from kringen.models import Meeting, Room
from people import clock
from people.models import User

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to put under a message: its address, what it is called, and a word beside that."""

    address: str
    label: str
    detail: str


def _charts(user: User, room: Room, query: str) -> list[Choice]:
    found = Indicator.objects.select_related("area")
    if query:
        found = found.filter(Q(name__icontains=query) | Q(code__icontains=query) | Q(area__name__icontains=query))
    else:
        found = found.filter(is_core=True)
    return [
        Choice(f"{reverse('benchmark:indicator', args=[one.code])}?group=kring", one.name, one.area.name)
        for one in found.order_by("-is_core", "area__position", "position", "code")[:SHOWN]
    ]


def _practices(user: User, room: Room, query: str) -> list[Choice]:
    found = GoodPractice.objects.published_to(user).select_related("municipality")
    if query:
        found = found.filter(Q(title__icontains=query) | Q(municipality__name__icontains=query))
    return [
        Choice(reverse("goodpractices:detail", args=[one.slug]), one.title, str(one.municipality))
        for one in found.order_by("-published_at", "-pk")[:SHOWN]
    ]


def _meetings(user: User, room: Room, query: str) -> list[Choice]:
    found = Meeting.objects.visible_to(user).filter(kring=room.kring_id).select_related("kring")
    if query:
        found = found.filter(Q(title__icontains=query) | Q(theme__icontains=query))
    today = clock.today()
    lines = sorted(found[: SHOWN * 4], key=lambda one: (one.date < today, abs((one.date - today).days)))
    return [Choice(one.get_absolute_url(), one.title, date_format(one.date, "j F Y")) for one in lines[:SHOWN]]


def _goals(user: User, room: Room, query: str) -> list[Choice]:
    found = Goal.objects.visible_to(user).select_related("municipality")
    if query:
        found = found.filter(Q(title__icontains=query) | Q(municipality__name__icontains=query))
    mine = found.order_by("target_date", "title", "pk")[: SHOWN * 4]
    lines = sorted(mine, key=lambda one: one.municipality_id != user.municipality_id)
    return [Choice(one.get_absolute_url(), one.title, str(one.municipality)) for one in lines[:SHOWN]]


Finder = Callable[[User, Room, str], list[Choice]]
# The word behind the slash, what it puts there, and how to find it.
KINDS: dict[str, tuple[object, Finder]] = {
    "grafiek": (_("A chart of an indicator"), _charts),
    "praktijk": (_("A good practice"), _practices),
    "bijeenkomst": (_("A meeting of this kring"), _meetings),
    "doel": (_("An improvement goal"), _goals),
}


def find(kind: str, *, user: User, room: Room, query: str) -> list[Choice]:
    """Return at most twelve things of a kind that this person may open, the likeliest first.

    Raises:
        KeyError: there is no such kind.
    """
    return KINDS[kind][1](user, room, query.strip()[:80])
