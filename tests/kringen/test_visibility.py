"""Who gets what on every address of Kring C."""

import pytest
from django.test import Client

from kringen.models import Action, Kring, Meeting, Membership, Milestone

READ = [
    "/kringen/kring-c/",
    "/kringen/kring-c/bijeenkomsten/1/",
    "/kringen/kring-c/bijeenkomsten/1/agenda.ics",
    "/kringen/kring-c/jaarplan/",
    "/kringen/kring-c/acties/",
]
MANAGE = [
    "/kringen/kring-c/leden/",
    "/kringen/kring-c/leden/{membership}/",
    "/kringen/kring-c/bijeenkomsten/nieuw/",
    "/kringen/kring-c/bijeenkomsten/1/wijzigen/",
    "/kringen/kring-c/bijeenkomsten/1/afzeggen/",
    "/kringen/kring-c/bijeenkomsten/1/agenda/",
    "/kringen/kring-c/jaarplan/{milestone}/",
]
POST_ONLY = ["/kringen/kring-c/acties/{action}/"]
EVERY = [*READ, *MANAGE, *POST_ONLY]

LOOKS_IN = {"participant", "facilitator", "office", "steering", "admin"}
MANAGES = {"facilitator", "office", "admin"}


@pytest.fixture
def ids(cast):
    milestone = Milestone.objects.create(
        cycle=cast.kring_c.cycle,
        title="Kringbijeenkomst 2",
        kind="meeting",
        precision="window",
        date_from="2009-06-22",
        date_to="2009-07-02",
    )
    action = Action.objects.create(kring=cast.kring_c, text="Normen delen", owner=cast.participant)
    return {
        "membership": Membership.objects.get(kring=cast.kring_c, municipality=cast.zandvoort).pk,
        "milestone": milestone.pk,
        "action": action.pk,
    }


def viewer(user) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def expected(name: str, allowed: set[str], *, post: bool, get_status: int = 200) -> int:
    if name in {"public", "deactivated"}:
        return 302
    if name not in LOOKS_IN:
        return 404
    if name not in allowed:
        return 403
    return get_status


@pytest.mark.parametrize("address", READ)
def test_reading(cast, ids, address):
    got = {name: viewer(user).get(address.format(**ids)).status_code for name, user in cast.everyone().items()}
    assert got == {name: expected(name, LOOKS_IN, post=False) for name in got}


@pytest.mark.parametrize("address", MANAGE)
def test_managing(cast, ids, address):
    got = {name: viewer(user).get(address.format(**ids)).status_code for name, user in cast.everyone().items()}
    assert got == {name: expected(name, MANAGES, post=False) for name in got}


@pytest.mark.parametrize("address", EVERY)
def test_the_public_is_sent_to_the_login_page(cast, ids, address):
    address = address.format(**ids)
    for response in (Client().get(address), Client().post(address)):
        assert response.status_code == 302
        assert response["Location"] == f"/accounts/login/?next={address}"


@pytest.mark.parametrize("address", EVERY)
@pytest.mark.parametrize("who", ["stranger", "editor", "validator"])
def test_a_stranger_gets_404_whatever_they_send(cast, ids, address, who):
    before = (
        list(Meeting.objects.values()),
        list(Action.objects.values()),
        list(Membership.objects.values()),
        list(cast.kring_c.comparison_group.municipalities.values_list("pk", flat=True)),
    )
    client = viewer(getattr(cast, who))
    address = address.format(**ids)
    data = {"title": "Inbraak", "date": "2009-06-25", "state": "done", "text": "x", "do": "save", "agenda_version": "0"}
    for response in (client.get(address), client.post(address, data), client.put(address), client.delete(address)):
        assert response.status_code == 404
        assert "Kring C" not in response.content.decode()
    after = (
        list(Meeting.objects.values()),
        list(Action.objects.values()),
        list(Membership.objects.values()),
        list(cast.kring_c.comparison_group.municipalities.values_list("pk", flat=True)),
    )
    assert after == before


@pytest.mark.parametrize("address", [*MANAGE, "/kringen/kring-c/acties/{action}/"])
def test_the_steering_group_reads_but_changes_nothing(cast, ids, address):
    response = viewer(cast.steering).post(address.format(**ids), {"state": "done"})
    assert response.status_code == 403
    assert Action.objects.get(pk=ids["action"]).state == Action.State.OPEN


@pytest.mark.parametrize("address", MANAGE)
def test_a_participant_may_not_manage(cast, ids, address):
    assert viewer(cast.participant).post(address.format(**ids), {}).status_code == 403


def test_a_page_for_reading_refuses_other_methods_only_to_those_who_may_look_in(cast):
    assert viewer(cast.participant).post("/kringen/kring-c/").status_code == 405
    assert viewer(cast.stranger).post("/kringen/kring-c/").status_code == 404


def test_querysets_follow_the_same_rule(cast, ids):
    for name, user in cast.everyone().items():
        sees = name in LOOKS_IN
        assert Kring.objects.visible_to(user).filter(slug="kring-c").exists() == sees, name
        assert Meeting.objects.visible_to(user).filter(kring=cast.kring_c).exists() == sees, name
        assert Action.objects.visible_to(user).filter(kring=cast.kring_c).exists() == sees, name


def test_a_role_that_has_ended_opens_nothing(cast):
    import datetime as dt

    cast.participant.roles.update(until=dt.date(2009, 3, 5))
    assert viewer(cast.participant).get("/kringen/kring-c/").status_code == 404


def test_another_kring_cannot_be_reached_through_ones_own(cast, ids):
    client = viewer(cast.stranger)
    assert client.get("/kringen/kring-v/").status_code == 200
    assert client.post(f"/kringen/kring-v/acties/{ids['action']}/", {"state": "done"}).status_code == 404
    assert client.get("/kringen/kring-v/bijeenkomsten/1/").status_code == 404
    assert Action.objects.get(pk=ids["action"]).state == Action.State.OPEN
