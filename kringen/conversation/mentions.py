"""For whom a message is meant: a person, the people of a municipality, or the whole kring.

People write a name behind an @, as they would in a letter; the page helps with a list. Only names of the own kring
count, and `@kring` only from who keeps order there, because it calls everybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType

from kringen.models import Kring, Membership, Room
from people.models import Role, RoleName, User

EVERYBODY = "kring"
MOST_NAMES = 400
TALKERS = (RoleName.PARTICIPANT, RoleName.FACILITATOR)

Mention = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Name:
    """Somebody, or some people, who can be called in a room."""

    text: str
    kind: str  # person, municipality or kring
    id: int | None = None
    detail: str = ""

    @property
    def spec(self) -> Mention:
        """What is kept with a message."""
        return {"kind": self.kind} if self.id is None else {"kind": self.kind, "id": self.id}


@dataclass(frozen=True)
class Names:
    """Everybody who can be called in a room by one writer."""

    all: tuple[Name, ...] = ()
    pattern: re.Pattern[str] | None = None
    by_text: dict[str, list[Name]] = field(default_factory=dict)

    def called(self, texts: Iterable[str]) -> list[Mention]:
        """Return who is meant by the names found in a message, each once."""
        found: list[Mention] = []
        for text in texts:
            for name in self.by_text.get(text.casefold(), []):
                if name.spec not in found:
                    found.append(name.spec)
        return found


def talkers(kring_id: int) -> Any:
    """Return the people who talk in the rooms of a kring now, as a queryset."""
    kind = ContentType.objects.get_for_model(Kring)
    roles = Role.objects.current().filter(role__in=TALKERS, scope_type=kind, scope_id=kring_id)
    return User.objects.filter(pk__in=roles.values("user"), is_active=True)


def names_for(user: User, room_id: int) -> Names:
    """Return whom a writer can call in a room: three queries."""
    room = Room.objects.filter(pk=room_id).values_list("kring_id", flat=True).first()
    if room is None:
        return Names()
    found = [
        Name(person.name, "person", person.pk, person.municipality.name if person.municipality else "")
        for person in talkers(room).select_related("municipality").order_by("name", "pk")[:MOST_NAMES]
        if person.name
    ]
    places = Membership.objects.current().filter(kring=room).order_by("municipality__name")
    found += [
        Name(name, "municipality", pk)
        for pk, name in places.values_list("municipality_id", "municipality__name").distinct()
    ]
    if Room.objects.led_by(user).filter(pk=room_id).exists():
        found.append(Name(EVERYBODY, "kring"))
    by_text: dict[str, list[Name]] = {}
    for name in found:
        by_text.setdefault(name.text.casefold(), []).append(name)
    longest_first = sorted({name.text for name in found}, key=len, reverse=True)
    return Names(tuple(found), _pattern(longest_first), by_text)


def _pattern(texts: list[str]) -> re.Pattern[str] | None:
    if not texts:
        return None
    return re.compile(rf"(?<![\w@./-])@({'|'.join(map(re.escape, texts))})(?!\w)", re.IGNORECASE)


def is_for(user: User, mentions: list[Mention]) -> bool:
    """Say whether a message is meant for a person."""
    return any(
        one["kind"] == "kring"
        or (one["kind"] == "person" and one["id"] == user.pk)
        or (one["kind"] == "municipality" and one["id"] == user.municipality_id)
        for one in mentions
    )


def people_of(mentions: list[Mention], *, kring_id: int) -> set[int]:
    """Return the ids of everybody who is meant and talks in the kring: one query, none without mentions."""
    if not mentions:
        return set()
    wanted = talkers(kring_id).values_list("pk", "municipality_id")
    everybody = any(one["kind"] == "kring" for one in mentions)
    persons = {one["id"] for one in mentions if one["kind"] == "person"}
    places = {one["id"] for one in mentions if one["kind"] == "municipality"}
    return {pk for pk, place in wanted if everybody or pk in persons or place in places}
