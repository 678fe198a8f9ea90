"""The demo's circles: members, intake, meetings, promises and rooms."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from benchmark.models import ComparisonGroup, Cycle
from kringen.conversation import attachments, polls, rooms
from kringen.models import (
    Action,
    AgendaItem,
    AgendaProposal,
    Intake,
    IntakeItem,
    Kring,
    KringMilestone,
    Meeting,
    MeetingSession,
    Membership,
    Milestone,
    Note,
    Poll,
    PollOption,
    Room,
)
from kringsite.demo import aftermaths, documents
from kringsite.demo.content import read
from kringsite.demo.people import participant, role
from people.models import Municipality, RoleName, User

JOINED = dt.date(2009, 1, 1)

Places = dict[str, Municipality]


def year_plan() -> Cycle:
    """Make the benchmark years 2008 (closed) and 2009 with its sixteen milestones; return 2009."""
    Cycle.objects.get_or_create(
        slug="2008", defaults={"name": "BPZ 2008", "year": 2008, "state": Cycle.State.EVALUATED}
    )
    cycle, new = Cycle.objects.get_or_create(
        slug="2009", defaults={"name": "BPZ 2009", "year": 2009, "state": Cycle.State.ROUND_1}
    )
    if new:
        fields = ("title", "kind", "actor", "date_from", "date_to", "precision", "label")
        Milestone.objects.bulk_create(
            Milestone(cycle=cycle, **dict(zip(fields, row, strict=True))) for row in read("milestones")["rows"]
        )
    return cycle


def kring(content: dict[str, Any], cycle: Cycle, places: Places, facilitator: User) -> tuple[Kring, bool]:
    """Make one circle with everything in it; return it, and whether it was new. One that exists is left alone."""
    existing = Kring.objects.filter(slug=content["slug"]).first()
    if existing:
        return existing, False
    members = content.get("members") or [{"code": code} for code in content["codes"]]
    group = ComparisonGroup.objects.create(kind=ComparisonGroup.Kind.KRING, name=content["name"])
    group.municipalities.set([places[member["code"]] for member in members])
    made = Kring.objects.create(
        slug=content["slug"],
        name=content["name"],
        cycle=cycle,
        description=content["description"],
        theme=content["theme"],
        comparison_group=group,
    )
    for member in members:
        place = places[member["code"]]
        Membership.objects.create(
            kring=made, municipality=place, kind=member.get("kind", Membership.Kind.MEMBER), since=JOINED
        )
        role(participant(place), RoleName.PARTICIPANT, made)
        if "intake" in member:
            _intake(made, place, member["intake"])
    role(facilitator, RoleName.FACILITATOR, made)
    for meeting in content["meetings"]:
        _meeting(made, meeting, places, facilitator)
    for action in content.get("actions", []):
        _actions(made, action, places)
    for proposal in content.get("proposals", []):
        _proposal(made, proposal, places)
    if "outcome" in content:
        aftermaths.load(made, content["outcome"], facilitator, lambda code: participant(places[code]))
    for room in content["rooms"]:
        _room(made, room, places, facilitator)
    return made, True


def own_dates(made: Kring, dates: dict[str, dt.date]) -> None:
    """Store the day a circle picked for milestones that were announced as a window."""
    for title, date in dates.items():
        milestone = Milestone.objects.get(cycle=made.cycle, title=title)
        KringMilestone.objects.get_or_create(kring=made, milestone=milestone, defaults={"date": date})


def _intake(made: Kring, place: Municipality, answers: dict[str, Any]) -> None:
    intake = Intake.objects.create(
        kring=made,
        municipality=place,
        tested_phase=answers["tested"],
        own_phase=answers["own"] or None,
        submitted_on=dt.date(2009, 2, 5),
    )
    kinds = ((IntakeItem.Kind.QUESTION, answers["questions"]), (IntakeItem.Kind.THEME, answers["themes"]))
    IntakeItem.objects.bulk_create(
        IntakeItem(intake=intake, kind=kind, text=text, position=position)
        for kind, texts in kinds
        for position, text in enumerate(texts)
    )


def _meeting(made: Kring, content: dict[str, Any], places: Places, facilitator: User) -> None:
    fields = {name: value for name, value in content.items() if name not in {"agenda", "held"}}
    meeting = Meeting.objects.create(kring=made, **fields)
    items = AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, position=position, **item)
        for position, item in enumerate(content["agenda"], start=1)
    )
    if "held" in content:
        _held(meeting, items, content["held"], places, facilitator)


def _held(meeting: Meeting, items: list[AgendaItem], held: dict[str, Any], places: Places, facilitator: User) -> None:
    """Store what was written down while a meeting was held, each line at a moment of its item."""
    start = timezone.make_aware(dt.datetime.combine(meeting.date, meeting.starts_at or dt.time(13)))
    began = [start + dt.timedelta(minutes=sum(held["minutes"][:at])) for at in range(len(items) + 1)]
    MeetingSession.objects.create(
        meeting=meeting,
        started_at=start,
        started_by=facilitator,
        ended_at=began[-1],
        current=items[-1],
        spent={str(item.pk): 60 * minutes for item, minutes in zip(items, held["minutes"], strict=True)},
    )
    Note.objects.bulk_create(
        Note(
            meeting=meeting,
            item=items[line["item"] - 1],
            author=facilitator if line["by"] == "begeleider" else participant(places[line["by"]]),
            text=line["text"],
            created_at=began[line["item"] - 1] + dt.timedelta(minutes=1 + at),
        )
        for at, line in enumerate(held["notes"])
    )


def _actions(made: Kring, content: dict[str, Any], places: Places) -> None:
    first = made.meetings.order_by("number").first()
    last = first.agenda_items.last() if first is not None else None
    Action.objects.bulk_create(
        Action(
            kring=made,
            meeting=first,
            item=last,
            text=content["text"],
            owner=participant(places[code]),
            municipality=places[code],
            due_on=content["due_on"],
            state=Action.State.DONE if code in content["done"] else Action.State.OPEN,
        )
        for code in content["codes"]
    )


def _proposal(made: Kring, content: dict[str, Any], places: Places) -> None:
    """Store what a member proposes for a meeting; without one it is on the backlog."""
    proposer = participant(places[content["code"]])
    fields = {name: content[name] for name in ("kind", "title", "why", "minutes")}
    proposal = AgendaProposal.objects.create(
        kring=made,
        meeting=made.meetings.filter(number=content.get("meeting", 0)).first(),
        proposer=proposer,
        municipality_id=proposer.municipality_id,
        **fields,
    )
    day = timezone.make_aware(dt.datetime.combine(content["proposed_on"], dt.time(10)))
    AgendaProposal.objects.filter(pk=proposal.pk).update(created_at=day)


def _room(made: Kring, content: dict[str, Any], places: Places, facilitator: User) -> Room:
    room = rooms.open_room(kring=made, name=content["name"], about=content["about"], by=facilitator)
    place = f"{made.slug}/{content['name']}"
    sent: list[int] = []

    def who(code: str) -> User:
        return facilitator if code == "begeleider" else participant(places[code])

    for number, line in enumerate(content["messages"]):
        done = rooms.send(
            room=room,
            sender=who(line["by"]),
            client_id=_cid(f"{place}/{number}"),
            body="\n\n".join([line["text"], *line.get("cards", []), *_file(room, who(line["by"]), line)]),
            reply_to_id=sent[line["answers"]] if "answers" in line else None,
        )
        sent.append(done.message_id)
        for emoji, code in line.get("signs", []):
            act = _cid(f"{place}/{number}/{emoji}/{code}")
            rooms.react(room=room, by=who(code), message_id=done.message_id, client_id=act, emoji=emoji, on=True)
        if line.get("pin"):
            rooms.pin(
                room=room, by=facilitator, message_id=done.message_id, client_id=_cid(f"{place}/{number}/pin"), on=True
            )
    if "poll" in content:
        _poll(room, content["poll"], who, place)
    return room


def _cid(name: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, name)


def _file(room: Room, sender: User, line: dict[str, Any]) -> list[str]:
    """Bring the file that a message comes with; return its address."""
    if "file" not in line:
        return []
    upload = SimpleUploadedFile(f"{line['file']}.pdf", documents.pdf(line["file"], line["lines"]))
    brought = attachments.bring(by=sender, room=room, upload=upload)
    return [reverse("kringen:attachment", args=[room.kring.slug, room.pk, brought.pk])]


def _poll(room: Room, content: dict[str, Any], who: Callable[[str], User], place: str) -> None:
    opened = polls.open_poll(
        by=who(content["by"]),
        room=room,
        client_id=_cid(f"{place}/poll"),
        question=content["question"],
        options=content["options"],
        voter=Poll.Voter.MUNICIPALITY,
    )
    options = list(PollOption.objects.filter(poll__message=opened.message_id).values_list("pk", flat=True))
    for code, number in content["votes"]:
        polls.vote(
            by=who(code),
            room=room,
            message_id=opened.message_id,
            client_id=_cid(f"{place}/poll/{code}"),
            option_ids=[options[number]],
        )
