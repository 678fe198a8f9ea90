"""Learning circles: who is in them, when they meet, what was promised and what is said."""

from .kring import Intake, IntakeItem, Kring, Membership
from .meeting import Action, AgendaItem, Meeting
from .milestone import KringMilestone, Milestone
from .room import Message, Reaction, ReadMarker, Room, RoomEvent, Topic

__all__ = [
    "Action",
    "AgendaItem",
    "Intake",
    "IntakeItem",
    "Kring",
    "KringMilestone",
    "Meeting",
    "Membership",
    "Message",
    "Milestone",
    "Reaction",
    "ReadMarker",
    "Room",
    "RoomEvent",
    "Topic",
]
