"""What hangs on one message, as its line on the page shows it before the cards themselves are fetched."""

from __future__ import annotations

import json
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kringen.cards import choices
from kringen.cards.showing import kind_words
from kringen.conversation import pins
from kringen.conversation.mentions import is_for
from kringen.conversation.reactions import SIGNS
from kringen.live.log import describe_quote
from kringen.models import Message, Room
from people.models import User


def extras_of(message: Message, reader: User) -> dict[str, Any]:
    """Return the quote, the cards by kind, the signs and whether it is meant for the reader.

    The message must come with its reactions and their people, and with the message it answers: no query here.
    """
    if message.deleted_at is not None:
        return {"quote": None, "cards": [], "signs": [], "is_for_me": False}
    return {
        "quote": describe_quote(message.reply_to) if message.reply_to is not None else None,
        "cards": [kind_words(card) for card in message.cards],
        "signs": signs_of(message, reader),
        "is_for_me": is_for(reader, message.mentions),
    }


def signs_of(message: Message, reader: User) -> list[dict[str, Any]]:
    """Return the signs under a message with who put them, in words."""
    found: dict[str, dict[int, str]] = {}
    for reaction in message.reactions.all():
        found.setdefault(reaction.emoji, {})[reaction.user_id] = str(reaction.user)
    return [
        {
            "emoji": emoji,
            "number": len(people),
            "is_mine": reader.pk in people,
            "said": _("%(sign)s: %(names)s") % {"sign": SIGNS.get(emoji, emoji), "names": ", ".join(people.values())},
            "who": " ".join(map(str, people)),
            "names": json.dumps(list(people.values()), ensure_ascii=False),
        }
        for emoji, people in found.items()
    ]


def page_extras(room: Room, reader: User, answered: str | None) -> dict[str, Any]:
    """Return what the page of a room shows beside its messages: the pinned ones, and the one that is answered.

    Args:
        room: with its kring.
        reader: whose page it is.
        answered: the id of the message to answer, as the address has it.
    """
    quote = None
    if answered and answered.isascii() and answered.isdecimal() and len(answered) < len(str(2**63)):
        asked = Message.objects.filter(room=room, pk=int(answered), deleted_at__isnull=True)
        found = asked.select_related("sender").first()
        quote = describe_quote(found) if found is not None else None
    return {"pins": pins.pinned(room), "answered": quote}


def live_extras(room: Room, reader: User) -> dict[str, Any]:
    """Return what the script needs for what hangs on messages."""
    place = [room.kring.slug, room.pk]
    commands: list[dict[str, Any]] = [
        {"word": word, "label": str(label), "finds": True} for word, (label, _find) in choices.KINDS.items()
    ]
    commands += [
        {"word": "peiling", "label": _("A poll"), "address": reverse("kringen:poll-new", args=place)},
        {"word": "bestand", "label": _("A picture or document")},
    ]
    return {
        "municipalityId": reader.municipality_id,
        "signs": {emoji: str(word) for emoji, word in SIGNS.items()},
        "commands": commands,
        "cardAddresses": [
            [reverse("benchmark:indicator", args=["x"]).removesuffix("x/"), "chart"],
            [reverse("goodpractices:library"), "practice"],
            [reverse("goals:board"), "goal"],
            [f"{reverse('kringen:kring', args=[room.kring.slug])}bijeenkomsten/", "meeting"],
        ],
        "choose": reverse("kringen:card-choose", args=place),
        "names": reverse("kringen:room-names", args=place),
        "attach": reverse("kringen:attach", args=place),
        "preview": reverse("kringen:message-preview", args=place),
        "pins": reverse("kringen:pins", args=place),
    }


def content_words() -> dict[str, str]:
    """Return the words of the script for what hangs on messages."""
    return {
        "moderated": _("By who keeps order here."),
        "reasonIs": _("The reason:"),
        "withoutText": _("(something without text)"),
        "quoteElsewhere": _("an earlier message"),
        "signSaid": _("%(sign)s: %(names)s"),
        "chipOff": _("Leave out"),
        "found": _("%(number)s suggestions. Choose with the arrow keys and Enter."),
        "nothingFound": _("Nothing found. Try other letters."),
        "uploading": _("%(name)s is being sent…"),
        "uploaded": _("%(name)s goes along with your message."),
        "uploadFailed": _("The file did not arrive. Check the connection and try again."),
        "actFailed": _("That did not work. Reload the page and try again."),
        "actOffline": _("No connection: nothing was changed. Try again when the room is live."),
        **{
            f"card_{kind}": kind_words({"kind": kind})
            for kind in ("chart", "practice", "meeting", "goal", "poll", "file")
        },
    }
