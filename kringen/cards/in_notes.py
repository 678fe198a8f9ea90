"""Addresses on a line of their own in the notes of an agenda item: cards for each reader, or plain links.

The specs are made anew for every reader and never stored: who edits an agenda needs no access to what they name, and
who reads it sees only what they may open.
"""

from __future__ import annotations

from kringen.cards import MOST, Spec, addresses
from kringen.models import AgendaItem, Room
from people.models import User


def specs_of(item: AgendaItem, *, reader: User, room: Room) -> list[Spec]:
    """Return what hangs on an item: every address of this site on a line of its own in its notes, at most six."""
    found = [addresses.of_line(line, sender=reader, room_id=room.pk) for line in item.notes.splitlines()]
    return [spec for spec in found if spec is not None][:MOST]


def has_cards(notes: str) -> bool:
    """Say whether notes hold addresses that can become cards."""
    return any(addresses.can_be_card(line) for line in notes.splitlines())


def plain_notes(notes: str) -> str:
    """Return notes without the lines that are only an address."""
    return "\n".join(line for line in notes.splitlines() if not is_address(line)).strip()


def links_of(notes: str) -> list[str]:
    """Return the addresses that become no card, such as that of a topic in a room, to be shown as links."""
    lines = [line.strip().removeprefix("<").removesuffix(">") for line in notes.splitlines() if is_address(line)]
    return [line for line in lines if not addresses.can_be_card(line)]


def is_address(line: str) -> bool:
    """Say whether a line is only an address: of a page of this site, or of another."""
    text = line.strip().removeprefix("<").removesuffix(">")
    return text.startswith(("/", "http://", "https://")) and " " not in text and not text.startswith("//")
