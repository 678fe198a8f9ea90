"""Invitations: bound, single, short-lived, alike in refusal."""

import datetime as dt
import hashlib
import io
import logging
import uuid

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from kringen.models import RoomEvent
from people import invitations
from people.imports.outcome import ImportRefused
from people.invitations import InvitationRefused, InvitationUnusable, OtherAccount
from people.models import Invitation, RoleName, User
from people.permissions import has_role_in
from people.redaction import without_tokens

PASSWORD = "vier woorden op een rij"


def invite(cast, email="nieuw@hillegom.example", **changed):
    values = {
        "email": email,
        "role": RoleName.PARTICIPANT,
        "scope": cast.kring_c,
        "municipality": cast.hillegom,
        "by": cast.office,
    }
    return invitations.invite(**{**values, **changed})


def test_an_invitation_keeps_only_the_hash_and_mails_the_link(cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        invitation, token = invite(cast, name='Jan,\r\nBcc: "x" <y@z.example>')
    invitation.refresh_from_db()
    assert len(token) >= 43
    assert invitation.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(Invitation.objects.values().get())
    assert invitation.sent_at is not None
    [message] = mail.outbox
    assert message.to == ["nieuw@hillegom.example"]
    assert (message.cc, message.bcc, "\n" in message.subject) == ([], [], False)
    assert f"http://testserver/mensen/uitnodiging/{token}/" in message.body
    assert "Kring C" in message.body
    assert (invitation.expires_at - timezone.now()) > dt.timedelta(days=6, hours=23)


def test_accepting_makes_the_person_with_role_and_municipality(cast):
    _, token = invite(cast, "Nieuw@Hillegom.Example")
    person = invitations.accept(token=token, name=" Jan \n Jansen ", password=PASSWORD)
    assert (person.email, person.name, person.municipality) == ("nieuw@hillegom.example", "Jan Jansen", cast.hillegom)
    assert person.check_password(PASSWORD)
    assert has_role_in(person, cast.kring_c, RoleName.PARTICIPANT)
    assert not has_role_in(person, cast.kring_v, RoleName.PARTICIPANT)
    assert person.emailaddress_set.get().verified


def broken(kind, cast):
    invitation, token = invite(cast)
    past = timezone.now() - dt.timedelta(seconds=1)
    if kind == "unknown":
        return "A" * 43
    if kind == "used":
        invitations.accept(token=token, name="Jan", password=PASSWORD)
    else:
        field = {"expired": "expires_at", "revoked": "revoked_at"}[kind]
        Invitation.objects.filter(pk=invitation.pk).update(**{field: past})
    return token


@pytest.mark.parametrize("kind", ["unknown", "used", "expired", "revoked"])
def test_a_link_that_does_not_work_is_refused(cast, kind):
    token = broken(kind, cast)
    with pytest.raises(InvitationUnusable):
        invitations.accept(token=token, name="Piet", password=PASSWORD)
    assert not User.objects.filter(name="Piet").exists()


def test_all_that_do_not_work_answer_alike(cast, client):
    answers = set()
    for kind in ("unknown", "used", "expired", "revoked"):
        token = broken(kind, cast)
        for method in ("get", "post"):
            response = getattr(client, method)(f"/mensen/uitnodiging/{token}/", {"name": "Piet", "password": PASSWORD})
            text = response.content.decode().replace(token, "")
            # the address stands in the header (log in, language) and the form token differs each time
            main = text[text.index('<main id="main"') : text.index("</main>")]
            answers.add((response.status_code, response["Referrer-Policy"], main))
        Invitation.objects.all().delete()
        RoomEvent.objects.all().delete()  # who accepted is in the log of the rooms
        User.objects.filter(email="nieuw@hillegom.example").delete()
    assert len(answers) == 1
    assert next(iter(answers))[:2] == (404, "no-referrer")


def test_a_weak_password_leaves_the_link_usable(cast):
    _, token = invite(cast)
    for name, password, field in [("Jan", "kort", "password"), ("", PASSWORD, "name")]:
        with pytest.raises(ValidationError) as caught:
            invitations.accept(token=token, name=name, password=password)
        assert field in caught.value.message_dict
    assert invitations.accept(token=token, name="Jan", password=PASSWORD)


def test_an_existing_account_accepts_as_itself_only(cast):
    _, token = invite(cast, cast.stranger.email)
    for user in (None, cast.participant):
        with pytest.raises(OtherAccount):
            invitations.accept(token=token, name="Dief", password=PASSWORD, user=user)
    assert not has_role_in(User.objects.get(pk=cast.stranger.pk), cast.kring_c, RoleName.PARTICIPANT)
    person = invitations.accept(token=token, user=cast.stranger)
    assert person == cast.stranger
    assert has_role_in(User.objects.get(pk=person.pk), cast.kring_c, RoleName.PARTICIPANT)
    assert person.municipality == cast.delft


def test_somebody_who_is_logged_in_cannot_take_anothers_invitation(cast):
    _, token = invite(cast)
    with pytest.raises(OtherAccount):
        invitations.accept(token=token, name="Jan", password=PASSWORD, user=cast.participant)


def test_a_closed_account_does_not_open_by_an_invitation(cast):
    _, token = invite(cast, cast.deactivated.email)
    with pytest.raises(InvitationUnusable):
        invitations.accept(token=token, user=cast.deactivated)


def test_sending_again_makes_a_new_link_and_ends_the_old(cast):
    invitation, old = invite(cast)
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - dt.timedelta(days=1))
    _, new = invitations.resend(invitation=invitation, by=cast.office)
    with pytest.raises(InvitationUnusable):
        invitations.find(token=old)
    assert invitations.find(token=new) == invitation
    invitations.revoke(invitation=invitation, by=cast.office)
    with pytest.raises(InvitationUnusable):
        invitations.find(token=new)
    with pytest.raises(InvitationRefused):
        invitations.resend(invitation=invitation, by=cast.office)


def test_a_used_invitation_cannot_be_taken_back(cast):
    invitation, token = invite(cast)
    invitations.accept(token=token, name="Jan", password=PASSWORD)
    with pytest.raises(InvitationRefused):
        invitations.revoke(invitation=invitation, by=cast.office)
    assert Invitation.objects.get(pk=invitation.pk).state == "used"


@pytest.mark.parametrize(
    ("by", "role", "scope"),
    [
        ("office", RoleName.ADMIN, None),
        ("facilitator", RoleName.PARTICIPANT, "kring_v"),
        ("facilitator", RoleName.FACILITATOR, "kring_c"),
        ("participant", RoleName.PARTICIPANT, "kring_c"),
        ("steering", RoleName.PARTICIPANT, "kring_c"),
        ("office", RoleName.PARTICIPANT, None),
        ("office", RoleName.OFFICE, "kring_c"),
    ],
)
def test_nobody_invites_for_more_than_they_may_give(cast, by, role, scope):
    with pytest.raises(InvitationRefused):
        invite(cast, role=role, scope=getattr(cast, scope) if scope else None, by=getattr(cast, by))
    assert not Invitation.objects.exists()


def test_an_address_that_is_none_a_role_that_holds_and_a_second_invitation_are_refused(cast):
    with pytest.raises(InvitationRefused):
        invite(cast, "geen adres")
    with pytest.raises(InvitationRefused):
        invite(cast, cast.participant.email)
    invite(cast)
    with pytest.raises(InvitationRefused):
        invite(cast)
    assert Invitation.objects.count() == 1


def test_a_form_sent_twice_makes_one_invitation(cast):
    number = uuid.uuid4()
    first, token = invite(cast, submission=number)
    second, nothing = invite(cast, submission=number)
    assert (first, nothing) == (second, "")
    assert token


# ---- from a file --------------------------------------------------------------------------------------------
HEADER = "email,name,role,scope,municipality\n"


def invite_file(cast, content: str, by=None):
    return invitations.invite_many(source=io.BytesIO(content.encode()), name="leden.csv", by=by or cast.office)


def test_a_file_invites_everybody(cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        made = invite_file(
            cast,
            HEADER + "a@delft.example,Anna,participant,kring-v,Delft\nb@delft.example,,editor,GM0503,GM0503\n"
            "c@kringen.example,Cor,office,,\n\nBron: de lijst van maart,,,,\n",
        )
    assert [(each.email, each.role, each.scope, each.municipality) for each in made] == [
        ("a@delft.example", "participant", cast.kring_v, cast.delft),
        ("b@delft.example", "editor", cast.delft, cast.delft),
        ("c@kringen.example", "office", None, None),
    ]
    assert len(mail.outbox) == 3


def test_one_bad_row_and_nobody_is_invited_while_every_bad_row_is_named(cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ImportRefused) as caught:
        invite_file(
            cast,
            HEADER + "goed@delft.example,Anna,participant,kring-v,Delft\n"
            "geen adres,,participant,kring-v,\n"
            "a@delft.example,,koning,kring-v,\n"
            "a@delft.example,,participant,kring-x,\n"
            "a@delft.example,,participant,kring-v,Atlantis\n"
            "a@delft.example,,admin,,\n"
            "goed@delft.example,Anna,participant,kring-v,Delft\n"
            "a@delft.example,,participant,kring-v,,te veel\n",
        )
    assert [(each.row, each.column, each.value) for each in caught.value.refusals] == [
        (3, "email", "geen adres"),
        (4, "role", "koning"),
        (5, "scope", "kring-x"),
        (6, "municipality", "Atlantis"),
        (7, "email", "a@delft.example"),
        (8, "email", "goed@delft.example"),
        (9, "", "te veel"),
    ]
    assert not Invitation.objects.exists()
    assert mail.outbox == []


@pytest.mark.parametrize("content", ["", HEADER, "email,name\na@b.example,x\n"])
def test_a_file_without_rows_or_columns_is_refused(cast, content):
    with pytest.raises(ImportRefused):
        invite_file(cast, content)


def test_a_facilitator_invites_participants_of_their_own_kring_by_file(cast):
    made = invite_file(cast, HEADER + "a@zandvoort.example,,participant,kring-c,Zandvoort\n", cast.facilitator)
    assert len(made) == 1
    with pytest.raises(ImportRefused):
        invite_file(cast, HEADER + "b@delft.example,,participant,kring-v,Delft\n", cast.facilitator)


# ---- the pages ----------------------------------------------------------------------------------------------
def test_a_new_person_accepts_and_is_logged_in(cast, client):
    _, token = invite(cast)
    page = client.get(f"/mensen/uitnodiging/{token}/")
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert Invitation.objects.get().used_at is None
    weak = client.post(f"/mensen/uitnodiging/{token}/", {"name": "Jan", "password": "kort"})
    assert weak.status_code == 422
    done = client.post(f"/mensen/uitnodiging/{token}/", {"name": "Jan", "password": PASSWORD})
    assert (done.status_code, done["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(User.objects.get(email="nieuw@hillegom.example").pk)


def test_an_existing_person_is_sent_to_log_in_and_accepts_without_a_password(cast, client):
    _, token = invite(cast, cast.stranger.email)
    address = f"/mensen/uitnodiging/{token}/"
    assert f"/accounts/login/?next={address}" in client.get(address).content.decode()
    assert client.post(address, {"name": "Dief", "password": PASSWORD}).status_code == 422
    client.force_login(cast.participant)
    assert client.post(address).status_code == 422
    client.force_login(cast.stranger)
    assert client.post(address).status_code == 302
    assert has_role_in(User.objects.get(pk=cast.stranger.pk), cast.kring_c, RoleName.PARTICIPANT)


def test_the_list_shows_a_facilitator_only_participants_of_their_own_kring(cast, client):
    invite(cast, "eigen@hillegom.example")
    invite(cast, "ander@delft.example", scope=cast.kring_v)
    invite(cast, "tweede@kringen.example", role=RoleName.FACILITATOR)
    client.force_login(cast.facilitator)
    text = client.get("/mensen/uitnodigingen/").content.decode()
    assert "eigen@hillegom.example" in text
    assert "ander@delft.example" not in text
    assert "tweede@kringen.example" not in text
    assert "Kring V" not in text
    other = Invitation.objects.get(email="ander@delft.example")
    for action in ("opnieuw", "intrekken"):
        assert client.post(f"/mensen/uitnodigingen/{other.pk}/{action}/").status_code == 404
    other.refresh_from_db()
    assert other.state == "open"


def test_inviting_by_the_page(cast, client):
    client.force_login(cast.facilitator)
    scope = client.get("/mensen/uitnodigingen/").context["form"].fields["scope"].choices[0][0]
    values = {"email": "a@zandvoort.example", "role": "participant", "scope": scope, "submission": uuid.uuid4()}
    for _ in range(2):
        assert client.post("/mensen/uitnodigingen/", values).status_code == 302
    assert Invitation.objects.get().invited_by == cast.facilitator
    wrong = client.post("/mensen/uitnodigingen/", {**values, "scope": "municipality:1", "submission": uuid.uuid4()})
    assert wrong.status_code == 422
    invitation = Invitation.objects.get()
    client.post(f"/mensen/uitnodigingen/{invitation.pk}/opnieuw/")
    client.post(f"/mensen/uitnodigingen/{invitation.pk}/intrekken/")
    invitation.refresh_from_db()
    assert invitation.state == "revoked"


def test_inviting_by_a_file_on_the_page_shows_each_bad_row(cast, client):
    client.force_login(cast.office)
    file = io.BytesIO((HEADER + "a@delft.example,,koning,kring-v,\n").encode())
    file.name = "leden.csv"
    answer = client.post("/mensen/uitnodigingen/bestand/", {"file": file})
    assert answer.status_code == 422
    assert "koning" in answer.content.decode()
    file = io.BytesIO((HEADER + "a@delft.example,,participant,kring-v,\n").encode())
    file.name = "leden.csv"
    assert client.post("/mensen/uitnodigingen/bestand/", {"file": file}).status_code == 302
    assert Invitation.objects.get().email == "a@delft.example"
    assert client.post("/mensen/uitnodigingen/bestand/").status_code == 422


@pytest.mark.parametrize(
    "name", ["participant", "editor", "validator", "steering", "stranger", "deactivated", "public"]
)
def test_others_do_not_find_the_list(cast, client, name):
    user = cast.everyone()[name]
    if user:
        client.force_login(user)
    expected = 302 if name in {"public", "deactivated"} else 404
    assert client.get("/mensen/uitnodigingen/").status_code == expected
    assert client.post("/mensen/uitnodigingen/bestand/").status_code == expected


def test_the_list_takes_as_many_queries_for_one_as_for_three(cast, client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(cast.office)
    invite(cast, "a@delft.example")
    client.get("/mensen/uitnodigingen/")
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get("/mensen/uitnodigingen/")
    invite(cast, "b@delft.example", scope=cast.kring_v)
    invite(cast, "c@delft.example", role=RoleName.EDITOR, scope=cast.delft)
    Invitation.objects.filter(email="a@delft.example").update(
        role="editor", scope_type=Invitation.objects.get(email="c@delft.example").scope_type, scope_id=cast.hillegom.pk
    )
    with CaptureQueriesContext(connection) as three:
        client.get("/mensen/uitnodigingen/")
    # one query per kind of scope on the page, not per invitation
    assert len(three) == len(one) + 1


def test_no_token_is_logged(cast, client, caplog):
    _, token = invite(cast)
    assert without_tokens(f"Not Found: /mensen/uitnodiging/{token}/") == "Not Found: /mensen/uitnodiging/…/"
    strict = type(client)(enforce_csrf_checks=True)
    with caplog.at_level(logging.DEBUG):
        strict.post(f"/mensen/uitnodiging/{token}/", {"name": "Jan", "password": PASSWORD})
        client.get(f"/mensen/uitnodiging/{'B' * 43}/")
    assert "/mensen/uitnodiging/" in caplog.text
    assert token not in caplog.text
    assert "B" * 43 not in caplog.text
    assert Invitation.objects.get().used_at is None
