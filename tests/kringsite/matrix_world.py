"""What the addresses of the role matrix point at: one of everything, each owned by Hillegom or Kring C."""

from __future__ import annotations

import datetime as dt
import uuid

from benchmark.models import ComparisonGroup, Cycle, Dataset, Goal, ImportBatch
from cms import structure
from goodpractices.models import GoodPractice
from kringen import rooms
from kringen.models import Action, Milestone
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
    return {
        "goal": goal.pk,
        "group": group.pk,
        "room": cast.room.pk,
        "message": message.message_id,
        "action": action.pk,
        "milestone": milestone.pk,
        "membership": cast.kring_c.memberships.get(municipality=cast.hillegom).pk,
        "person": cast.colleague.pk,
        "role": Role.objects.get(user=cast.colleague).pk,
        "invitation": invitation.pk,
        "token": token,
        "batch": batch.pk,
        "published": _practice(cast, "gepubliceerd", GoodPractice.State.PUBLISHED),
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
