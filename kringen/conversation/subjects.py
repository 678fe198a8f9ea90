"""What a room can be about: a meeting, an indicator or a practice. Each kring has one room about each of them.

Such a room is opened by whoever of the kring speaks first; it needs no facilitator.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benchmark.models import Indicator
from goodpractices.models import GoodPractice
from kringen.conversation.acting import RoomRefused
from kringen.conversation.room_permissions import can_talk_in
from kringen.models import Kring, Meeting, Room, Topic
from people.models import User

NAME_LENGTH = 120


@dataclass(frozen=True)
class Kind:
    """A kind of thing that a room can be about: its word in an address, its model, and what it is called."""

    word: str
    model: type[models.Model]
    label: Any  # a lazy string

    def visible_to(self, user: User, kring: Kring) -> QuerySet[Any]:
        """Return what of this kind a person may bring into the rooms of a kring."""
        if self.model is Meeting:
            return Meeting.objects.visible_to(user).for_the_circle().filter(kring=kring)
        if self.model is GoodPractice:
            return GoodPractice.objects.published_to(user)
        return Indicator.objects.all()

    def address(self, subject: Any) -> str:
        """Return the page of one of these."""
        if self.model is Meeting:
            return str(subject.get_absolute_url())
        if self.model is GoodPractice:
            return reverse("goodpractices:detail", args=[subject.slug])
        return reverse("benchmark:indicator", args=[subject.code])

    def title(self, subject: Any) -> str:
        """Return what a room about it is called."""
        return str(subject.name if self.model is Indicator else subject)[:NAME_LENGTH]


KINDS = (
    Kind("bijeenkomst", Meeting, gettext_lazy("Meeting")),
    Kind("indicator", Indicator, gettext_lazy("Indicator")),
    Kind("praktijk", GoodPractice, gettext_lazy("Good practice")),
)


def kind_of_word(word: str) -> Kind | None:
    """Return the kind that an address names, or None."""
    return next((kind for kind in KINDS if kind.word == word), None)


def kind_of(subject: models.Model | type[models.Model]) -> Kind | None:
    """Return the kind of a thing, or None when rooms cannot be about it."""
    model = subject if isinstance(subject, type) else type(subject)
    return next((kind for kind in KINDS if model is kind.model), None)


def kind_of_room(room: Room) -> Kind | None:
    """Return what kind of thing a room is about, or None for a room of its own."""
    model = room.subject_type.model_class() if room.subject_type is not None else None
    return kind_of(model) if model is not None else None


def rooms_about(subject: models.Model, user: Any) -> QuerySet[Room]:
    """Return the rooms about something that a person may enter."""
    about = ContentType.objects.get_for_model(type(subject))
    return Room.objects.visible_to(user).filter(subject_type=about, subject_id=subject.pk, is_archived=False)


def open_about(*, kring: Kring, subject: models.Model, by: User) -> Room:
    """Return a kring's room about something, opening it when nobody did; two at once open one.

    Raises:
        RoomRefused: `forbidden` when `by` does not talk in this kring, or may not see what it is about.
    """
    kind = kind_of(subject)
    if kind is None or not can_talk_in(by, kring) or not kind.visible_to(by, kring).filter(pk=subject.pk).exists():
        raise RoomRefused("forbidden")
    about = {"kring": kring, "subject_type": ContentType.objects.get_for_model(kind.model), "subject_id": subject.pk}
    room = Room.objects.filter(**about).first()
    if room is not None:
        return room
    try:
        with transaction.atomic():
            room = Room.objects.create(**about, name=kind.title(subject))
            Topic.objects.create(room=room, title=_("General"), is_general=True, started_by=by)
    except IntegrityError:  # somebody else was first
        return Room.objects.get(**about)
    return room


@dataclass(frozen=True)
class SubjectLine:
    """What a room is about, as its page and the list show it; `address` is empty when the reader may not see it."""

    word: str
    label: Any
    title: str
    address: str


def subject_line(room: Room, user: User) -> SubjectLine | None:
    """Return what a room is about, for one reader; None for a room of its own."""
    kind = kind_of_room(room)
    if kind is None:
        return None
    subject = kind.visible_to(user, room.kring).filter(pk=room.subject_id).first()
    address = kind.address(subject) if subject is not None else ""
    return SubjectLine(kind.word, kind.label, kind.title(subject) if subject is not None else room.name, address)
