"""How a meeting that is held is told: in the lines of its room's log, and to the script of its page."""

from __future__ import annotations

from typing import Any

from kringen.live.events import stamp
from kringen.models import Decision, MeetingSession, Note, RoomEvent


def describe_session(session: MeetingSession) -> dict[str, Any]:
    """Return how far a meeting is, as the log and the page show it; moments in UTC, `spent` in seconds by item."""
    return {
        "running": session.is_running,
        "item": session.current_id,
        "since": stamp(session.current_since) if session.current_since else None,
        "spent": session.spent,
    }


def describe_note(note: Note) -> dict[str, Any]:
    """Return a note as the log and the page show it; who wrote it is the actor of the line."""
    return {"id": note.pk, "item": note.item_id, "text": note.text, "edited": note.edited_at is not None}


def describe_decision(decision: Decision) -> dict[str, Any]:
    """Return a decision as the log and the page show it."""
    return {"id": decision.pk, "item": decision.item_id, "label": decision.label, "text": decision.text}


def blank_note(room_id: int, note_id: int) -> None:
    """Take the text of a note out of the lines that had it; the lines and their numbers stay."""
    lines = list(RoomEvent.objects.filter(room_id=room_id, kind=RoomEvent.Kind.MEETING_NOTE, payload__note__id=note_id))
    for line in lines:
        line.payload = {**line.payload, "note": {"id": note_id, "removed": True}}
    RoomEvent.objects.bulk_update(lines, ["payload"])
