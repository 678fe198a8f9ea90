"""The words that the script of a room shows, in the language of the reader."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kringen.conversation import happenings
from kringen.conversation.acting import REFUSALS
from kringen.conversation.room_extras import content_words


def words() -> dict[str, str]:
    """Return every text of the live room by its name in `assets/js/room/`."""
    return {
        "connecting": _("Connecting…"),
        "live": _("Live"),
        "behind": _("Not up to date: reconnecting…"),
        "offline": _("No connection. What you write is kept here and sent later."),
        "detour": _("Live, with a short delay"),
        "over": _("You are logged out. Log in again; what you wrote is kept."),
        "login": _("Log in"),
        "gone": _("You cannot enter this room any more."),
        "reload": _("This page is out of date. Reload it."),
        "sending": _("Sending…"),
        "waiting": _("Kept; sent as soon as there is a connection"),
        "failed": _("Not sent."),
        "again": _("Try again"),
        "back": _("Back to the text box"),
        "removed": _("This message was taken away."),
        "unread": _("New since your last visit"),
        **content_words(),
        **happenings.words(),
        "closed": _("This room is closed. You can read it, but not write in it."),
        "present": _("Here now: %(names)s"),
        "presentMore": _("Here now: %(names)s and %(number)s more"),
        "typing": _("%(name)s is writing…"),
        "announceOne": _("%(name)s: %(text)s"),
        "announceMany": _("%(number)s new messages"),
        "newestOne": _("1 new message below"),
        "newestMany": _("%(number)s new messages below"),
        **{code: str(REFUSALS[code]) for code in ("forbidden", "empty", "too_long", "conflict", "topic", "missing")},
    }
