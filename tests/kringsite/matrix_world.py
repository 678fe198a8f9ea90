"""What the addresses of the role matrix point at: one of everything, each owned by Hillegom or Kring C."""

from __future__ import annotations

import datetime as dt
import uuid

from django.core.files.base import ContentFile
from django.utils import timezone

from benchmark import embedding
from benchmark.models import ComparisonGroup, Cycle, Dataset, Goal, ImportBatch, ImportProfile, Measurement, Outline
from benchmark.showing import State
from cms import structure
from goodpractices import proposals
from goodpractices.models import Attachment, GoodPractice, SavedSearch
from kringen.conversation import reports, rooms
from kringen.meetings import calendars
from kringen.models import Action, Amendment, MeetingFile, Milestone, Minutes, MinutesItem, OfficeQuestion
from kringen.models import Attachment as RoomFile
from people import invitations
from people.models import Role, RoleName
from tests.cast import Cast


def make_world(cast: Cast) -> dict[str, object]:
    """Make it; return the placeholders of the table by name."""
    structure.ensure_pages()
    goal = Goal.objects.create(
        municipality=cast.hillegom,
        indicator=cast.indicator,
        title="Tien minuten",
        target_value=10,
        target_date=dt.date(2009, 12, 31),
    )
    group = ComparisonGroup.objects.create(name="Onze buren", owner=cast.participant)
    group.municipalities.set([cast.hillegom, cast.zandvoort])
    message = rooms.send(room=cast.room, sender=cast.participant, client_id=uuid.uuid4(), body="Dag allemaal")
    topic = rooms.start_topic(room=cast.room, title="Wachttijden", by=cast.participant, client_id=uuid.uuid4())
    action = Action.objects.create(
        kring=cast.kring_c, text="Normen rondsturen", owner=cast.participant, municipality=cast.hillegom
    )
    milestone = Milestone.objects.create(
        cycle=Cycle.objects.get(),
        title="Kringbijeenkomst 2",
        date_from=dt.date(2009, 6, 22),
        date_to=dt.date(2009, 7, 2),
        precision=Milestone.Precision.WINDOW,
    )
    invitation, token = invitations.invite(
        email="nieuw@hillegom.example",
        role=RoleName.PARTICIPANT,
        scope=cast.kring_c,
        municipality=cast.hillegom,
        by=cast.office,
    )
    dataset = Dataset.objects.create(slug="proef", name="Proef", source="Proef")
    batch = ImportBatch.objects.create(dataset=dataset, file_name="cijfers.csv", sha256="0" * 64)
    value = Measurement.objects.create(
        indicator=cast.indicator,
        municipality=cast.hillegom,
        year=2008,
        value=12,
        status=Measurement.Status.DRAFT,
        dataset=dataset,
    )
    ImportProfile.objects.create(name="balie", title="Balie", toml="title = 'Balie'")
    return {
        "value": value.pk,
        "calendar": calendars.open_feed(person=cast.participant),
        "goal": goal.pk,
        "group": group.pk,
        "room": cast.room.pk,
        "topic": topic.pk,
        "indicator": cast.indicator.pk,
        "message": message.message_id,
        "report": reports.report(
            by=cast.colleague, room=cast.room, message_id=message.message_id, reason="Klopt dit?"
        ).pk,
        "file": _room_file(cast, message.message_id),
        "action": action.pk,
        **_after_the_meeting(cast),
        "milestone": milestone.pk,
        "membership": cast.kring_c.memberships.get(municipality=cast.hillegom).pk,
        "person": cast.colleague.pk,
        "role": Role.objects.get(user=cast.colleague).pk,
        "invitation": invitation.pk,
        "token": token,
        "batch": batch.pk,
        "outline": Outline.objects.create(
            year=2009, source="Proef", file_name="x", sha256="x", width=1, height=1, areas={}, count=0, points=0
        ).pk,
        "embedded": embedding.sign(State(cast.indicator.code), "nl"),
        "published": _practice(cast, "gepubliceerd", GoodPractice.State.PUBLISHED),
        "attachment": _attachment(_proposed(cast, GoodPractice.objects.get(slug="gepubliceerd"))),
        "search": SavedSearch.objects.create(user=cast.participant, name="Balie", address="q=balie").pk,
        "draft": _practice(cast, "concept", GoodPractice.State.DRAFT),
        "review": _practice(cast, "ingediend", GoodPractice.State.REVIEW),
    }


def _practice(cast: Cast, slug: str, state: GoodPractice.State) -> str:
    """Make a practice of Hillegom in one state, for its own kring; return its slug."""
    GoodPractice.objects.create(
        slug=slug,
        title=slug.capitalize(),
        municipality=cast.hillegom,
        author=cast.participant,
        summary="In één zin",
        situation="Zo was het",
        approach="Zo pakten we het aan",
        state=state,
        visibility=GoodPractice.Visibility.KRING,
    )
    return slug


def _proposed(cast: Cast, practice: GoodPractice) -> GoodPractice:
    """Let a new version of a practice wait for review; return the practice."""
    proposals.propose(by=cast.participant, practice=practice, summary="In een andere zin")
    return practice


def _attachment(practice: GoodPractice) -> int:
    """Keep a small file with a practice; return its key."""
    kept = Attachment(practice=practice, name="plan.pdf", description="Plan", kind="application/pdf")
    kept.file.save("plan.pdf", ContentFile(b"%PDF-1.4"))
    return kept.pk


def _room_file(cast: Cast, message_id: int) -> str:
    """Keep a picture with a message; return its key."""
    kept = RoomFile(room=cast.room, owner=cast.participant, message_id=message_id, name="foto.png", kind="png", size=3)
    kept.file.save("original", ContentFile(b"png"), save=False)
    kept.thumbnail.save("thumbnail", ContentFile(b"webp"), save=False)
    kept.save()
    return str(kept.pk)


def _after_the_meeting(cast: Cast) -> dict[str, object]:
    """Leave something of everything behind at the meeting: minutes in their amendment round, a photo, a question."""
    minutes = Minutes.objects.create(
        meeting=cast.meeting, state=Minutes.State.AMENDING, amend_until=dt.date(2009, 7, 1)
    )
    item = MinutesItem.objects.create(minutes=minutes, position=1, title="Opening")
    photo = MeetingFile(meeting=cast.meeting, role="photo", name="foto.png", alt="De tafel", kind="png", size=3)
    photo.file.save("original", ContentFile(b"png"), save=False)
    photo.thumbnail.save("thumbnail", ContentFile(b"webp"), save=False)
    photo.save()
    asked = {"asked_by": cast.participant, "asked_at": timezone.now()}
    return {
        "minutes_item": item.pk,
        "amendment": Amendment.objects.create(item=item, proposer=cast.participant, text="x", reason="y").pk,
        "meeting_file": str(photo.pk),
        "question": OfficeQuestion.objects.create(meeting=cast.meeting, text="Wanneer?", **asked).pk,
    }
