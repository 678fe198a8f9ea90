"""Municipalities come and go; the comparison group follows in the same transaction."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.utils import translation

from kringen.circle import memberships
from kringen.conversation import rooms
from kringen.models import Kring, Membership, Room, RoomEvent
from people import clock, roles, scopes
from people.models import Role, RoleName
from tests.cast import municipality, person

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def facilitator(cast, client) -> Client:
    cast.facilitator.language = "en"
    cast.facilitator.save()
    client.force_login(cast.facilitator)
    return client


def group(kring: Kring) -> list[str]:
    return sorted(kring.comparison_group.municipalities.values_list("name", flat=True))


def test_adding_a_guest_without_people_or_intake(cast):
    katwijk = municipality("GM0537", "Katwijk")
    made = memberships.add_municipality(kring=cast.kring_c, municipality=katwijk, kind=Membership.Kind.GUEST)
    assert (made.kind, made.since, made.until) == ("guest", dt.date(2009, 3, 5), None)
    assert group(cast.kring_c) == ["Beverwijk", "Hillegom", "Katwijk", "Zandvoort"]
    assert group(cast.kring_v) == ["Delft"]


def test_ending_takes_the_municipality_out_of_the_group_and_its_people_out_of_the_kring(cast):
    membership = Membership.objects.get(kring=cast.kring_c, municipality=cast.hillegom)
    Role.objects.create(user=cast.participant, role=RoleName.PARTICIPANT, scope=cast.kring_v)
    memberships.end_membership(membership=membership, by=cast.facilitator)
    membership.refresh_from_db()
    assert membership.until == dt.date(2009, 3, 5)
    assert group(cast.kring_c) == ["Beverwijk", "Zandvoort"]
    current = Role.objects.current()
    assert not current.filter(user=cast.participant, kring=cast.kring_c).exists()
    assert current.filter(user=cast.participant, kring=cast.kring_v).exists()
    assert current.filter(user=cast.colleague, kring=cast.kring_c).exists()
    assert current.filter(user=cast.facilitator, kring=cast.kring_c).exists()


def test_who_left_may_come_back(cast):
    membership = Membership.objects.get(kring=cast.kring_c, municipality=cast.hillegom)
    memberships.end_membership(membership=membership, by=None)
    again = memberships.add_municipality(kring=cast.kring_c, municipality=cast.hillegom)
    assert (again.pk, again.until) == (membership.pk, None)
    assert group(cast.kring_c) == ["Beverwijk", "Hillegom", "Zandvoort"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({}, "Hillegom is in Kring C already."),
        (
            {"since": dt.date(2009, 3, 6)},
            "A membership cannot begin in the future. Choose today or an earlier day.",
        ),
    ],
)
def test_adding_is_refused_in_a_sentence(cast, arguments, sentence):
    with translation.override("en"), pytest.raises(memberships.MembershipRefused) as refusal:
        memberships.add_municipality(kring=cast.kring_c, municipality=cast.hillegom, **arguments)
    assert str(refusal.value) == sentence
    assert group(cast.kring_c) == ["Beverwijk", "Hillegom", "Zandvoort"]


@pytest.mark.parametrize(
    ("since", "on", "sentence"),
    [
        (None, dt.date(2009, 3, 6), "A membership cannot end in the future. Choose today or an earlier day."),
        (dt.date(2009, 3, 1), dt.date(2009, 2, 1), "The membership would end before it began. Choose a later day."),
    ],
)
def test_ending_is_refused_in_a_sentence(cast, since, on, sentence):
    membership = Membership.objects.get(kring=cast.kring_c, municipality=cast.hillegom)
    membership.since = since
    membership.save()
    with translation.override("en"), pytest.raises(memberships.MembershipRefused) as refusal:
        memberships.end_membership(membership=membership, on=on, by=None)
    assert str(refusal.value) == sentence
    assert group(cast.kring_c) == ["Beverwijk", "Hillegom", "Zandvoort"]


def test_a_membership_ends_once(cast):
    membership = Membership.objects.get(kring=cast.kring_c, municipality=cast.hillegom)
    memberships.end_membership(membership=membership, by=None)
    with translation.override("en"), pytest.raises(memberships.MembershipRefused, match="has ended already"):
        memberships.end_membership(membership=membership, by=None)


def test_the_facilitator_manages_members_on_the_page(cast, facilitator):
    katwijk = municipality("GM0537", "Katwijk")
    address = "/kringen/kring-c/leden/"
    response = facilitator.post(
        address, {"municipality": katwijk.pk, "kind": "guest", "since": "2009-02-01"}, follow=True
    )
    assert [str(message) for message in response.context["messages"]] == ["Katwijk is in Kring C now."]
    made = Membership.objects.get(municipality=katwijk)
    assert (made.kind, made.since) == ("guest", dt.date(2009, 2, 1))
    again = facilitator.post(address, {"municipality": katwijk.pk, "kind": "guest"})
    assert again.status_code == 400
    assert again.context["form"].non_field_errors() == ["Katwijk is in Kring C already."]
    page = facilitator.get(f"{address}{made.pk}/").content.decode()
    assert "End membership of Katwijk" in page
    facilitator.post(f"{address}{made.pk}/", {"until": "2009-03-01"})
    made.refresh_from_db()
    assert made.until == dt.date(2009, 3, 1)
    assert group(cast.kring_c) == ["Beverwijk", "Hillegom", "Zandvoort"]


def test_a_municipality_that_was_gone_in_that_year_cannot_be_chosen(cast, facilitator):
    later = municipality("GM1942", "Gooise Meren", exists_from=2016)
    response = facilitator.post("/kringen/kring-c/leden/", {"municipality": later.pk, "kind": "member"})
    assert response.context["form"].errors["municipality"] == [
        "This municipality did not exist in that year. Choose one from the list."
    ]


def test_a_membership_of_another_kring_cannot_be_ended_from_here(cast, facilitator):
    theirs = Membership.objects.get(kring=cast.kring_v)
    assert facilitator.post(f"/kringen/kring-c/leden/{theirs.pk}/", {}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.until is None


def test_a_kring_can_be_named_as_a_scope(cast):
    assert scopes.from_text("kring:kring-c") == cast.kring_c
    assert scopes.from_text("Kring V", "kring") == cast.kring_v
    assert scopes.value_of(cast.kring_c) == f"kring:{cast.kring_c.pk}"


def test_the_benchmark_knows_the_own_circle(cast):
    from benchmark.permissions import viewer_for

    assert viewer_for(cast.participant).circles == {cast.kring_c.comparison_group_id}
    assert viewer_for(cast.stranger).circle_members == {cast.delft.pk}


def lines(room) -> list[tuple[str, str | None, dict]]:
    """Return the log of a room: what happened, who, and what the line keeps."""
    events = RoomEvent.objects.filter(room=room).select_related("actor")
    return [(event.kind, event.actor and event.actor.name, event.payload) for event in events]


def test_who_comes_and_leaves_is_a_line_in_the_log_of_every_open_room(cast):
    closed = Room.objects.create(kring=cast.kring_c, name="Oud", is_archived=True)
    elsewhere = Room.objects.create(kring=cast.kring_v, name="Elders")
    membership = cast.kring_c.memberships.get(municipality=cast.zandvoort)
    memberships.end_membership(membership=membership, by=cast.facilitator)
    memberships.add_municipality(kring=cast.kring_c, municipality=cast.zandvoort, by=cast.office)
    assert lines(cast.room) == [
        ("member.leave", cast.facilitator.name, {"member": {"municipality": "Zandvoort"}}),
        ("member.leave", cast.colleague.name, {"member": {"person": cast.colleague.pk}}),
        ("member.join", cast.office.name, {"member": {"municipality": "Zandvoort"}}),
    ]
    cast.room.refresh_from_db()
    assert cast.room.seq == 3
    assert lines(closed) == lines(elsewhere) == []


def test_a_role_given_on_the_pages_of_people_is_a_line_too(cast):
    newcomer = person("nieuw@hillegom.example", cast.hillegom)
    given = roles.grant(user=newcomer, role=RoleName.PARTICIPANT, scope=cast.kring_c, by=cast.office)
    roles.grant(user=newcomer, role=RoleName.EDITOR, scope=cast.hillegom, by=cast.office)
    roles.end(role=given, by=cast.office)
    member = {"member": {"person": newcomer.pk}}
    assert lines(cast.room) == [("member.join", newcomer.name, member), ("member.leave", newcomer.name, member)]


def test_a_role_that_begins_later_is_not_told_yet(cast):
    newcomer = person("later@hillegom.example", cast.hillegom)
    later = clock.today() + dt.timedelta(days=3)
    roles.grant(user=newcomer, role=RoleName.PARTICIPANT, scope=cast.kring_c, since=later, by=cast.office)
    assert lines(cast.room) == []


def test_the_lines_stand_between_the_messages(client, cast):
    rooms.send(sender=cast.participant, room=cast.room, client_id=uuid.uuid4(), body="Ervoor")
    katwijk = municipality("GM0537", "Katwijk")
    memberships.add_municipality(kring=cast.kring_c, municipality=katwijk, by=cast.facilitator)
    rooms.send(sender=cast.participant, room=cast.room, client_id=uuid.uuid4(), body="Erna")
    client.force_login(cast.participant)
    page = client.get(f"/kringen/kring-c/ruimtes/{cast.room.pk}/").content.decode()
    line = page.index('data-happened="2"')
    assert page.index("Ervoor") < line < page.index("Erna")
    assert "Katwijk" in page[line : line + 300]
