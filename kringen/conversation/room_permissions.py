"""Who may do what in a room.

Reading and writing in a room is a way of fetching (`Room.objects.visible_to`); these say what more a person may do
there. The verbs ask the database again, these decide which buttons a page shows.
"""

from __future__ import annotations

from typing import Any

import rules

from kringen.models import Kring, Message, Room, Topic
from people.models import RoleName, User
from people.permissions import has_role_in, is_office


@rules.predicate
def leads_kring(user: User, kring: Kring | None) -> bool:
    """The facilitator of this kring."""
    return kring is not None and has_role_in(user, kring, RoleName.FACILITATOR)


@rules.predicate
def talks_in_room(user: User, room: Room | None) -> bool:
    """A participant or facilitator of the room's kring."""
    return room is not None and has_role_in(user, room.kring, RoleName.PARTICIPANT, RoleName.FACILITATOR)


@rules.predicate
def talks_in_kring(user: User, kring: Kring | None) -> bool:
    """A participant or facilitator of this kring."""
    return kring is not None and has_role_in(user, kring, RoleName.PARTICIPANT, RoleName.FACILITATOR)


@rules.predicate
def wrote_message(user: User, message: Message | None) -> bool:
    """The person who wrote it."""
    return message is not None and message.sender_id == user.pk


@rules.predicate
def leads_room_of(user: User, message: Message | None) -> bool:
    """The facilitator of the kring in whose room the message stands."""
    return message is not None and has_role_in(user, message.room.kring, RoleName.FACILITATOR)


@rules.predicate
def leads_room(user: User, room: Room | None) -> bool:
    """The facilitator of the room's kring."""
    return room is not None and has_role_in(user, room.kring, RoleName.FACILITATOR)


@rules.predicate
def started_topic(user: User, topic: Topic | None) -> bool:
    """Who started the topic."""
    return topic is not None and topic.started_by_id is not None and topic.started_by_id == user.pk


@rules.predicate
def leads_room_of_topic(user: User, topic: Topic | None) -> bool:
    """The facilitator of the kring in whose room the topic is."""
    return topic is not None and has_role_in(user, topic.room.kring, RoleName.FACILITATOR)


rules.add_perm("kringen.open_room", leads_kring | is_office)
rules.add_perm("kringen.talk", talks_in_kring | is_office)
rules.add_perm("kringen.view_room", talks_in_room | is_office)
rules.add_perm("kringen.edit_message", wrote_message)
rules.add_perm("kringen.delete_message", wrote_message | leads_room_of | is_office)
rules.add_perm("kringen.move_message", wrote_message | leads_room_of | is_office)
rules.add_perm("kringen.rename_topic", started_topic | leads_room_of_topic | is_office)
rules.add_perm("kringen.keep_order", leads_room | is_office)


def can_open_room(user: Any, kring: Kring) -> bool:
    """Say whether a person may open a new room in a kring."""
    return rules.has_perm("kringen.open_room", user, kring)


def can_talk_in(user: Any, kring: Kring) -> bool:
    """Say whether a person may enter the rooms of a kring at all."""
    return rules.has_perm("kringen.talk", user, kring)


def can_view_room(user: Any, room: Room) -> bool:
    """Say whether a person may read a room; the same rule as `Room.objects.visible_to`."""
    return rules.has_perm("kringen.view_room", user, room)


def can_edit_message(user: Any, message: Message) -> bool:
    """Say whether a person may change a message: only their own, and only while it stands."""
    return message.deleted_at is None and rules.has_perm("kringen.edit_message", user, message)


def can_delete_message(user: Any, message: Message) -> bool:
    """Say whether a person may take a message away: their own, or as the one who keeps order."""
    return message.deleted_at is None and rules.has_perm("kringen.delete_message", user, message)


def can_move_message(user: Any, message: Message) -> bool:
    """Say whether a person may move a message to another topic: their own, or as the one who keeps order."""
    return message.deleted_at is None and rules.has_perm("kringen.move_message", user, message)


def can_rename_topic(user: Any, topic: Topic) -> bool:
    """Say whether a person may give a topic another title; the general topic keeps its own."""
    return not topic.is_general and rules.has_perm("kringen.rename_topic", user, topic)


def keeps_order(user: Any, room: Room) -> bool:
    """Say whether a person keeps order in a room: its facilitator and the programme office."""
    return rules.has_perm("kringen.keep_order", user, room)
