"""The list of people, one person, one's own profile, the language."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import Role, RoleName, User
from tests.cast import person

STRANGERS = ["participant", "facilitator", "editor", "validator", "steering", "stranger"]


def get(client, user, address):
    client.force_login(user)
    return client.get(address)


@pytest.mark.parametrize("name", STRANGERS)
def test_only_the_office_finds_the_pages_about_people(cast, client, name):
    client.force_login(cast.everyone()[name])
    other = cast.colleague
    role = other.roles.get()
    assert client.get("/mensen/").status_code == 404
    assert client.get(f"/mensen/{other.pk}/").status_code == 404
    for address in (f"{other.pk}/rollen", f"{other.pk}/sluiten", f"{other.pk}/heropenen", f"rollen/{role.pk}/einde"):
        answer = client.post(f"/mensen/{address}/", {"role": "admin"})
        assert (address, answer.status_code) == (address, 404)
    other.refresh_from_db()
    role.refresh_from_db()
    assert (other.is_active, role.until, other.roles.count()) == (True, None, 1)


def test_visitors_and_the_deactivated_are_sent_to_log_in(cast, client):
    assert client.get("/mensen/")["Location"] == "/accounts/login/?next=/mensen/"
    client.force_login(cast.deactivated)
    assert client.get("/mensen/profiel/")["Location"] == "/accounts/login/?next=/mensen/profiel/"


def test_the_list_shows_everybody_with_roles_and_can_be_searched(cast, client):
    answer = get(client, cast.office, "/mensen/")
    assert answer.status_code == 200
    assert {each.email for each in answer.context["page"]} == set(User.objects.values_list("email", flat=True))
    assert "Kring C" in answer.content.decode()
    found = client.get("/mensen/?q=zandvoort").context["page"]
    assert [each.email for each in found] == ["deelnemer@zandvoort.example"]
    found = client.get("/mensen/?role=validator").context["page"]
    assert [each.email for each in found] == ["validator@kringen.example"]
    assert list(client.get("/mensen/?q=niemand").context["page"]) == []


def test_the_list_takes_as_many_queries_for_one_as_for_three(cast, client):
    client.force_login(cast.office)

    def extra(number):
        user = person(f"extra{number}@delft.example", cast.delft)
        Role.objects.create(user=user, role=RoleName.PARTICIPANT, scope=cast.kring_v)

    extra(1)
    client.get("/mensen/?q=extra")
    with CaptureQueriesContext(connection) as one:
        client.get("/mensen/?q=extra")
    extra(2)
    extra(3)
    with CaptureQueriesContext(connection) as three:
        assert len(client.get("/mensen/?q=extra").context["page"]) == 3
    assert len(three) == len(one)


def test_the_office_gives_and_ends_a_role(cast, client):
    client.force_login(cast.office)
    address = f"/mensen/{cast.stranger.pk}/"
    scope = f"kring:{cast.kring_c.pk}"
    assert client.post(f"{address}rollen/", {"role": "facilitator", "scope": scope}).status_code == 302
    role = cast.stranger.roles.get(role="facilitator")
    assert role.scope == cast.kring_c
    assert "Kring C" in client.get(address).content.decode()
    assert client.post(f"/mensen/rollen/{role.pk}/einde/")["Location"] == address
    assert not cast.stranger.roles.filter(role="facilitator").exists()


@pytest.mark.parametrize(
    "values",
    [
        {"role": "admin"},
        {"role": "participant"},
        {"role": "office", "since": "2009-03-05", "until": "2009-03-01"},
        {"role": "participant", "scope": "kring:99999"},
        {"role": "koning"},
    ],
)
def test_a_role_that_cannot_be_given_is_a_sentence(cast, client, values):
    client.force_login(cast.office)
    answer = client.post(f"/mensen/{cast.stranger.pk}/rollen/", values)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert cast.stranger.roles.count() == 1


def test_closing_an_account_ends_its_sessions(cast, client):
    other = type(client)()
    other.force_login(cast.participant)
    assert other.get("/mensen/profiel/").status_code == 200
    client.force_login(cast.office)
    client.post(f"/mensen/{cast.participant.pk}/sluiten/")
    assert other.get("/mensen/profiel/").status_code == 302
    assert cast.participant.email in client.get(f"/mensen/{cast.participant.pk}/").content.decode()
    client.post(f"/mensen/{cast.participant.pk}/heropenen/")
    cast.participant.refresh_from_db()
    assert cast.participant.is_active


def test_nobody_closes_themselves_and_the_office_no_administrator(cast, client):
    client.force_login(cast.office)
    for user in (cast.office, cast.admin):
        client.post(f"/mensen/{user.pk}/sluiten/")
        user.refresh_from_db()
        assert user.is_active
    client.force_login(cast.admin)
    client.post(f"/mensen/{cast.office.pk}/sluiten/")
    cast.office.refresh_from_db()
    assert not cast.office.is_active


def test_whom_one_may_know_of(cast):
    def known(user):
        return {
            each.email.split("@")[0] + "@" + each.email.split("@")[1].split(".")[0]
            for each in User.objects.visible_to(user)
        }

    assert known(cast.participant) == {"deelnemer@hillegom", "deelnemer@zandvoort", "begeleider@kringen"}
    assert known(cast.stranger) == {"deelnemer@delft"}
    assert known(cast.steering) == {"stuurgroep@kringen"}
    assert User.objects.visible_to(cast.office).count() == User.objects.count()
    assert not User.objects.visible_to(cast.deactivated).exists()


# ---- one's own ----------------------------------------------------------------------------------------------
def test_the_profile_changes_only_what_is_ones_own(cast, client):
    client.force_login(cast.participant)
    page = client.get("/mensen/profiel/").content.decode()
    assert "Kring C" in page
    assert "Hillegom" in page
    posted = {
        "name": "Deelnemer Hillegom", "job_title": "adviseur", "language": "en",
        "email": "beheer@kringen.example", "is_staff": "on", "is_superuser": "on", "municipality": cast.delft.pk,
        "is_active": "", "password": "x", "groups": "1", "date_joined": "2001-01-01",
    }  # fmt: skip
    assert client.post("/mensen/profiel/", posted).status_code == 302
    user = User.objects.get(pk=cast.participant.pk)
    assert (user.name, user.job_title, user.language) == ("Deelnemer Hillegom", "adviseur", "en")
    assert (user.email, user.is_staff, user.is_superuser, user.municipality, user.is_active) == (
        "deelnemer@hillegom.example", False, False, cast.hillegom, True,
    )  # fmt: skip
    assert user.check_password("kringen")
    assert client.post("/mensen/profiel/", {"name": "", "language": "xx"}).status_code == 422


def test_a_visitor_keeps_the_language_in_a_cookie_and_a_person_in_their_account(cast, client):
    answer = client.post("/mensen/taal/", {"language": "en", "next": "/accounts/login/"})
    assert answer["Location"] == "/accounts/login/"
    assert answer.cookies["language"].value == "en"
    page = client.get("/accounts/login/")
    assert page["Content-Language"] == "en"
    assert '<html lang="en"' in page.content.decode()
    client.force_login(cast.participant)
    assert client.get("/mensen/profiel/")["Content-Language"] == "nl"
    client.post("/mensen/taal/", {"language": "en"})
    assert User.objects.get(pk=cast.participant.pk).language == "en"
    assert client.get("/mensen/profiel/")["Content-Language"] == "en"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_language_leads_nowhere_else(db, client, target):
    assert client.post("/mensen/taal/", {"language": "en", "next": target})["Location"] == "/"


def test_an_unknown_language_changes_nothing(cast, client):
    client.force_login(cast.participant)
    answer = client.post("/mensen/taal/", {"language": "xx"})
    assert "language" not in answer.cookies
    assert User.objects.get(pk=cast.participant.pk).language == "nl"
    assert client.get("/mensen/taal/").status_code == 405
