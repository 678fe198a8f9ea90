"""What a message is made of: text, what hangs under it, and for whom it is meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kringen.cards import MOST, Spec, addresses
from kringen.conversation.acting import RoomRefused
from kringen.conversation.mentions import Mention, Names, names_for
from people import markup
from people.models import User

MAX_BODY = 8_000


def clean_body(body: str) -> str:
    """Return a text as it is kept: line ends alike, no control characters, nothing around it.

    Raises:
        RoomRefused: `empty` or `too_long` (more than 8,000 characters), or `bad` when it is no valid Unicode.
    """
    text = body.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(char for char in text if char in "\n\t" or ord(char) >= ord(" ")).strip()
    if not text:
        raise RoomRefused("empty")
    if len(text) > MAX_BODY:
        raise RoomRefused("too_long")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise RoomRefused("bad") from error
    return text


@dataclass(frozen=True, slots=True)
class Content:
    """A message as it will be stored.

    Attributes:
        body: the text without the lines that became cards; may be empty when there are cards.
        html: the text, rendered and cleaned.
        cards: specs of what hangs under it.
        mentions: for whom it is meant.
    """

    body: str
    html: str
    cards: list[Spec]
    mentions: list[Mention]

    @property
    def files(self) -> list[UUID]:
        """The files among the cards."""
        return [UUID(card["id"]) for card in self.cards if card["kind"] == "file"]

    @property
    def payload(self) -> dict[str, Any]:
        """What the event in the log says of it."""
        said: dict[str, Any] = {"body": self.body, "html": self.html}
        if self.cards:
            said["cards"] = self.cards
        if self.mentions:
            said["mentions"] = self.mentions
        return said


def compose(*, sender: User, room_id: int, text: str, kept: list[Spec] | None = None) -> Content:
    """Return what a cleaned text becomes: lines that are an address of this site turn into cards.

    Args:
        sender: who writes; what they may not open stays a line of text.
        room_id: where.
        text: as `clean_body` returned it. A text without addresses and without an @ costs no query.
        kept: cards that hang under the message already (of an edit).

    Raises:
        RoomRefused: `cards`, when there are more than six.
    """
    cards: list[Spec] = list(kept or [])
    lines: list[str] = []
    fenced = False
    for line in text.split("\n"):
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        card = None if fenced else addresses.of_line(line, sender=sender, room_id=room_id)
        if card is None:
            lines.append(line)
            continue
        if card not in cards:
            cards.append(card)
        if lines and not lines[-1].strip():
            lines.pop()  # the blank line before it would stand beside the one after it
    if len(cards) > MOST:
        raise RoomRefused("cards")
    body = "\n".join(lines).strip()
    names = names_for(sender, room_id) if "@" in body else Names()
    html, called = markup.render_calling(body, names.pattern)
    return Content(body, html, cards, names.called(called))
