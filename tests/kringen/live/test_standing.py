"""What makes the heartbeat look again at somebody (S-04), and that nothing else does."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from kringen.live import standing
from kringen.models import Room
from people.models import Role, RoleName


def signed_in(user) -> str:
    client = Client()
    client.force_login(user)
    return client.session.session_key


@pytest.fixture
def asked(cast) -> list[tuple[str, int, tuple[int, ...]]]:
    """Two people of Kring C at its table."""
    people = (cast.participant, cast.colleague)
    return [(signed_in(one), one.pk, (cast.room.pk,)) for one in people]


def log_out(cast, key):
    Session.objects.filter(pk=key).delete()


def let_it_expire(cast, key):
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - dt.timedelta(seconds=1))


def change_password(cast, key):
    cast.participant.set_password("een ander")
    cast.participant.save()


def close_account(cast, key):
    type(cast.participant).objects.filter(pk=cast.participant.pk).update(is_active=False)


def rename(cast, key):
    type(cast.participant).objects.filter(pk=cast.participant.pk).update(name="Anders")


def take_role(cast, key):
    Role.objects.filter(user=cast.participant).delete()


def let_role_end(cast, key):
    Role.objects.filter(user=cast.participant).update(until=dt.date(2000, 1, 1))


def give_role(cast, key):
    Role.objects.create(user=cast.participant, role=RoleName.OFFICE)


def give_second_factor(cast, key):
    Authenticator.objects.create(user=cast.participant, type=Authenticator.Type.TOTP, data={})


CHANGES = {
    log_out: True,
    let_it_expire: True,
    change_password: False,
    close_account: False,
    rename: False,
    take_role: False,
    let_role_end: False,
    give_role: False,
    give_second_factor: False,
}


@pytest.mark.parametrize(("change", "gone"), CHANGES.items(), ids=lambda each: getattr(each, "__name__", ""))
def test_what_changes_a_standing_changes_its_mark_and_nobody_elses(cast, asked, change, gone):
    before = standing.marks(asked)
    assert standing.marks(asked) == before
    change(cast, asked[0][0])
    mine, other = standing.marks(asked)
    assert (mine is None) == gone
    assert mine != before[0]
    assert other == before[1] is not None


def test_a_room_that_is_gone_changes_the_mark_of_who_sat_there(cast, asked):
    elsewhere = (*asked[1][:2], ())
    before = standing.marks([asked[0], elsewhere])
    Room.objects.all().delete()
    after = standing.marks([asked[0], elsewhere])
    assert after[0] != before[0]
    assert after[1] == before[1]


def test_another_room_is_another_mark(cast, asked):
    key, user_id, rooms = asked[0]
    assert standing.marks([(key, user_id, rooms)]) != standing.marks([(key, user_id, ())])


@pytest.mark.parametrize("number", [1, 3])
def test_however_many_are_asked_about_it_takes_five_queries(cast, asked, number, django_assert_num_queries):
    third = (signed_in(cast.office), cast.office.pk, (cast.room.pk,))
    with django_assert_num_queries(5):
        marks = standing.marks([*asked, third][:number])
    assert len(set(marks)) == number
