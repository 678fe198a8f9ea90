"""Giving and ending roles, and what follows from it."""

import datetime as dt

import pytest
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from people import clock, roles, scopes
from people.models import Role, RoleName, User
from people.permissions import can_grant_role, has_role, has_role_in

TODAY = dt.date(2009, 3, 5)


@pytest.fixture(autouse=True)
def kring_scope():
    """The kringen app registers its kring; here it must be there whatever that app does."""
    assert "kring" in {kind.name for kind in scopes.kinds()}


@pytest.fixture
def told(monkeypatch):
    heard = []
    monkeypatch.setattr(roles, "_listeners", [heard.append])
    return heard


def test_a_role_holds_from_today_and_is_told_after_commit(cast, told, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        role = roles.grant(user=cast.stranger, role=RoleName.PARTICIPANT, scope=cast.kring_c, by=cast.office)
        assert told == []
    assert told == [cast.stranger]
    assert (role.since, role.until) == (TODAY, None) == (clock.today(), None)
    assert has_role_in(User.objects.get(pk=cast.stranger.pk), cast.kring_c, RoleName.PARTICIPANT)


def test_a_role_that_holds_is_not_given_twice(cast):
    held = cast.participant.roles.get()
    assert roles.grant(user=cast.participant, role=RoleName.PARTICIPANT, scope=cast.kring_c, by=None) == held
    assert cast.participant.roles.count() == 1


def test_a_role_in_the_wrong_scope_is_refused(cast):
    for role, scope in [
        (RoleName.PARTICIPANT, None),
        (RoleName.PARTICIPANT, cast.delft),
        (RoleName.OFFICE, cast.kring_c),
        (RoleName.EDITOR, cast.kring_c),
    ]:
        with pytest.raises(roles.RoleRefused):
            roles.grant(user=cast.stranger, role=role, scope=scope, by=None)
    assert cast.stranger.roles.count() == 1


def test_a_period_that_ends_before_it_begins_is_refused(cast):
    with pytest.raises(roles.RoleRefused):
        roles.grant(user=cast.stranger, role=RoleName.OFFICE, until=TODAY, by=None)


def test_an_ended_role_stays_in_the_books_and_holds_no_more(cast, told, django_capture_on_commit_callbacks):
    role = cast.participant.roles.get()
    with django_capture_on_commit_callbacks(execute=True):
        roles.end(role=role, by=cast.office)
    role.refresh_from_db()
    assert role.until == TODAY
    assert told == [cast.participant]
    assert not has_role(User.objects.get(pk=cast.participant.pk), RoleName.PARTICIPANT)


def test_a_role_that_never_held_a_day_is_removed_and_the_audit_log_knows(cast):
    role = roles.grant(user=cast.stranger, role=RoleName.STEERING, by=cast.office)
    pk = role.pk
    roles.end(role=role, by=cast.office)
    assert not Role.objects.filter(pk=pk).exists()
    kinds = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Role), object_pk=str(pk))
    assert set(kinds.values_list("action", flat=True)) == {LogEntry.Action.CREATE, LogEntry.Action.DELETE}


def test_who_may_give_what(cast):
    expected = {
        "participant": set(),
        "facilitator": {(RoleName.PARTICIPANT, "kring-c")},
        "editor": set(),
        "validator": set(),
        "office": {(role, "kring-c") for role in RoleName if role != RoleName.ADMIN}
        | {(role, "kring-v") for role in RoleName if role != RoleName.ADMIN},
        "steering": set(),
        "admin": {(role, slug) for role in RoleName for slug in ("kring-c", "kring-v")},
        "stranger": set(),
        "deactivated": set(),
    }
    everyone = cast.everyone()
    found = {
        name: {
            (role, kring.slug)
            for role in RoleName
            for kring in (cast.kring_c, cast.kring_v)
            if can_grant_role(everyone[name], role, kring)
        }
        for name in expected
    }
    assert found == expected


def test_the_office_makes_no_administrators_and_a_facilitator_nobody_elsewhere(cast):
    with pytest.raises(roles.RoleRefused):
        roles.grant(user=cast.office, role=RoleName.ADMIN, by=cast.office)
    with pytest.raises(roles.RoleRefused):
        roles.grant(user=cast.participant, role=RoleName.PARTICIPANT, scope=cast.kring_v, by=cast.facilitator)
    with pytest.raises(roles.RoleRefused):
        roles.end(role=cast.admin.roles.get(), by=cast.office)
    assert not has_role(cast.office, RoleName.ADMIN)
    assert has_role(User.objects.get(pk=cast.admin.pk), RoleName.ADMIN)


def test_the_groups_of_wagtail_follow_the_roles(cast):
    def groups(user):
        return set(user.groups.values_list("name", flat=True))

    role = roles.grant(user=cast.participant, role=RoleName.EDITOR, scope=cast.hillegom, by=cast.office)
    assert groups(cast.participant) == {"redacteuren"}
    office = roles.grant(user=cast.participant, role=RoleName.OFFICE, by=cast.admin)
    assert groups(cast.participant) == {"redacteuren", "bureau"}
    roles.end(role=role, by=cast.office)
    assert groups(cast.participant) == {"bureau"}
    roles.deactivate(user=cast.participant, by=cast.admin)
    assert groups(cast.participant) == set()
    roles.reactivate(user=cast.participant, by=cast.admin)
    assert groups(cast.participant) == {"bureau"}
    Role.objects.filter(pk=office.pk).update(since=dt.date(2009, 1, 1), until=dt.date(2009, 2, 1))
    roles.sync_groups(user=cast.participant)
    assert groups(cast.participant) == set()


def test_a_role_that_ended_by_its_date_closes_the_admin_at_the_next_request(cast, client):
    role = roles.grant(user=cast.participant, role=RoleName.OFFICE, by=cast.admin)
    Role.objects.filter(pk=role.pk).update(since=dt.date(2009, 1, 1), until=dt.date(2009, 2, 1))
    client.force_login(cast.participant)
    client.get("/beheer/")
    assert not cast.participant.groups.exists()


def test_a_scope_is_found_by_form_value_and_by_text(cast):
    assert scopes.from_value("") is None
    assert scopes.from_value(scopes.value_of(cast.kring_c)) == cast.kring_c
    assert scopes.from_text("kring:kring-c") == cast.kring_c
    assert scopes.from_text("kring-c", "kring") == cast.kring_c
    assert scopes.from_text("Hillegom", "municipality") == cast.hillegom
    for wrong in ("kring:999999", "kring:x", "ding:1", "los"):
        with pytest.raises(scopes.UnknownScope):
            scopes.from_value(wrong)
        with pytest.raises(scopes.UnknownScope):
            scopes.from_text(wrong)
    with pytest.raises(scopes.UnknownScope):
        scopes.kind_of(cast.room)
