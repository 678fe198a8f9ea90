"""Learning circles: who is in them, when they meet, what was promised and what is said."""

from .kring import Intake, IntakeItem, Kring, Membership
from .meeting import Action, AgendaItem, Meeting
from .milestone import KringMilestone, Milestone
from .minutes import Amendment, Minutes, MinutesItem, MinutesVersion
from .outcome import MeetingFile, OfficeQuestion
from .progress import ProgressNote, ProgressSnapshot
from .proposal import AgendaProposal, SettledIdea
from .reading import ReadMarker, TopicMark
from .reply import CalendarFeed, Reply
from .room import Message, Reaction, Room, RoomEvent, Topic
from .session import Decision, Hand, MeetingSession, Note
from .talk import Attachment, MessageReport, Poll, PollOption, PollVote
from .theme import Theme, ThemeChoice

__all__ = [
    "Action",
    "AgendaItem",
    "AgendaProposal",
    "Amendment",
    "Attachment",
    "CalendarFeed",
    "Decision",
    "Hand",
    "Intake",
    "IntakeItem",
    "Kring",
    "KringMilestone",
    "Meeting",
    "MeetingFile",
    "MeetingSession",
    "Membership",
    "Message",
    "MessageReport",
    "Milestone",
    "Minutes",
    "MinutesItem",
    "MinutesVersion",
    "Note",
    "OfficeQuestion",
    "Poll",
    "PollOption",
    "PollVote",
    "ProgressNote",
    "ProgressSnapshot",
    "Reaction",
    "ReadMarker",
    "Reply",
    "Room",
    "RoomEvent",
    "SettledIdea",
    "Theme",
    "ThemeChoice",
    "Topic",
    "TopicMark",
]
