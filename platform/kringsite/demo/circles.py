"""The demo's circles: members, intake, meetings, promises, rooms and goals."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from benchmark.models import ComparisonGroup, Cycle, Goal, Indicator, Measurement
from kringen import rooms
from kringen.models import (
    Action,
    AgendaItem,
    Intake,
    IntakeItem,
    Kring,
    KringMilestone,
    Meeting,
    Membership,
    Milestone,
    Room,
)
from kringsite.demo.content import read
from kringsite.demo.people import participant, role
from people.models import Municipality, RoleName, User

BASELINE_YEAR = 2007
TARGET_DATE = dt.date(2009, 12, 31)
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
        _meeting(made, meeting)
    for action in content.get("actions", []):
        _actions(made, action, places)
    for room in content["rooms"]:
        _room(made, room, places, facilitator)
    return made, True


def own_dates(made: Kring, dates: dict[str, dt.date]) -> None:
    """Store the day a circle picked for milestones that were announced as a window."""
    for title, date in dates.items():
        milestone = Milestone.objects.get(cycle=made.cycle, title=title)
        KringMilestone.objects.get_or_create(kring=made, milestone=milestone, defaults={"date": date})


def goals(content: dict[str, Any], places: Places) -> None:
    """Make the goals that follow from the intake; the starting value is the example figure of the last benchmark."""
    for line in content["goals"]:
        place = places[line["code"]]
        indicator = Indicator.objects.get(code=line["indicator"])
        start = Measurement.objects.filter(
            indicator=indicator, municipality=place, year__lte=BASELINE_YEAR, value__isnull=False
        ).order_by("-year")
        known = start.first()
        Goal.objects.get_or_create(
            municipality=place,
            indicator=indicator,
            title=line["title"],
            defaults={
                "why": line["why"],
                "baseline_value": known.value if known else None,
                "baseline_year": known.year if known else None,
                "target_value": line["target"],
                "target_date": TARGET_DATE,
                "owner": participant(place),
            },
        )


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


def _meeting(made: Kring, content: dict[str, Any]) -> None:
    fields = {name: value for name, value in content.items() if name != "agenda"}
    meeting = Meeting.objects.create(kring=made, **fields)
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, position=position, **item)
        for position, item in enumerate(content["agenda"], start=1)
    )


def _actions(made: Kring, content: dict[str, Any], places: Places) -> None:
    first = made.meetings.order_by("number").first()
    Action.objects.bulk_create(
        Action(
            kring=made,
            meeting=first,
            text=content["text"],
            owner=participant(places[code]),
            municipality=places[code],
            due_on=content["due_on"],
            state=Action.State.DONE if code in content["done"] else Action.State.OPEN,
        )
        for code in content["codes"]
    )


def _room(made: Kring, content: dict[str, Any], places: Places, facilitator: User) -> Room:
    room = rooms.open_room(kring=made, name=content["name"], about=content["about"], by=facilitator)
    for number, line in enumerate(content["messages"]):
        sender = facilitator if line["by"] == "begeleider" else participant(places[line["by"]])
        cid = uuid.uuid5(uuid.NAMESPACE_URL, f"{made.slug}/{content['name']}/{number}")
        rooms.send(room=room, sender=sender, client_id=cid, body=line["text"])
    return room
