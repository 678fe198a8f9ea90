"""Logging in and out, passwords, the second factor, sessions."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.core.cache import cache

from people.models import User
from tests.cast import PASSWORD


@pytest.fixture(autouse=True)
def no_attempts_before():
    cache.clear()


@pytest.fixture
def second_factor(settings):
    """As in production: administrators and validators must have one."""
    settings.SECOND_FACTOR_REQUIRED = True


def log_in(client, email, password=PASSWORD, **extra):
    return client.post("/accounts/login/", {"login": email, "password": password, **extra})


def test_a_plain_form_logs_in_whatever_the_capitals(cast, client):
    answer = log_in(client, "Deelnemer@Hillegom.example")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(cast.participant.pk)
    page = client.get("/mensen/profiel/")
    assert page["Cache-Control"] == "private, no-store"


def test_the_login_page_is_ours_and_needs_its_csrf_token(cast, client):
    strict = type(client)(enforce_csrf_checks=True)
    page = strict.get("/accounts/login/").content.decode()
    assert '<main id="main"' in page
    assert 'name="login"' in page
    assert 'name="password"' in page
    assert log_in(strict, cast.participant.email).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1)
    assert log_in(strict, cast.participant.email, csrfmiddlewaretoken=token).status_code == 302


def test_a_wrong_password_and_an_unknown_address_answer_alike(cast, client):
    def main(answer):
        text = answer.content.decode()
        text = re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", text)
        return text[text.index("<main") : text.index("</main>")].replace(
            "onbekend@delft.example", cast.participant.email
        )

    wrong = log_in(client, cast.participant.email, "verkeerd")
    unknown = log_in(client, "onbekend@delft.example", "verkeerd")
    assert (wrong.status_code, main(wrong)) == (unknown.status_code, main(unknown))
    assert "_auth_user_id" not in client.session


def test_after_five_wrong_passwords_the_right_one_waits_too(cast, client):
    for _ in range(5):
        log_in(client, cast.participant.email, "verkeerd")
    log_in(client, cast.participant.email)
    assert "_auth_user_id" not in client.session
    assert log_in(client, cast.colleague.email).status_code == 302


def test_a_closed_account_does_not_log_in(cast, client):
    answer = log_in(client, cast.deactivated.email)
    assert answer["Location"] == "/accounts/inactive/"
    assert client.get("/accounts/inactive/").status_code == 200
    assert "_auth_user_id" not in client.session


def test_logging_out_is_a_post(cast, client):
    client.force_login(cast.participant)
    assert client.get("/accounts/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up_by_themselves(cast, client):
    page = client.get("/accounts/signup/")
    assert "<form" not in page.content.decode().split("<main")[1].split("</main>")[0]
    before = User.objects.count()
    client.post("/accounts/signup/", {"email": "ik@delft.example", "password1": "vier woorden op een rij"})
    client.post("/accounts/2fa/webauthn/signup/", {"email": "ik@delft.example"})
    assert User.objects.count() == before


def test_an_address_cannot_be_changed_to_anothers(cast, client):
    client.force_login(cast.participant)
    assert cast.participant.email in client.get("/accounts/email/").content.decode()
    client.post("/accounts/email/", {"action_add": "", "email": "burgemeester@delft.example"})
    assert not User.objects.filter(email="burgemeester@delft.example").exists()
    assert not cast.participant.emailaddress_set.filter(email="burgemeester@delft.example").exists()
    assert User.objects.get(pk=cast.participant.pk).email == "deelnemer@hillegom.example"


def test_a_new_password_by_mail(cast, client):
    assert client.post("/accounts/password/reset/", {"email": cast.participant.email})["Location"] == (
        "/accounts/password/reset/done/"
    )
    unknown = client.post("/accounts/password/reset/", {"email": "onbekend@delft.example"})
    assert unknown["Location"] == "/accounts/password/reset/done/"
    assert [message.to for message in mail.outbox] == [[cast.participant.email]]
    link = re.search(r"http://[^/]+(/accounts/password/reset/key/\S+)", mail.outbox[0].body).group(1)
    form = client.get(link, follow=True)
    address = form.redirect_chain[-1][0]
    short = client.post(address, {"password1": "kort", "password2": "kort"})
    assert short.status_code == 200
    new = "vier woorden op een rij"
    assert client.post(address, {"password1": new, "password2": new}).status_code == 302
    assert User.objects.get(pk=cast.participant.pk).check_password(new)
    assert "<form" not in client.get(link, follow=True).content.decode().split("<main")[1].split("</main>")[0]


def test_a_changed_password_ends_other_sessions(cast, client):
    other = type(client)()
    log_in(other, cast.participant.email)
    log_in(client, cast.participant.email)
    new = "vier woorden op een rij"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert client.get("/mensen/profiel/").status_code == 200
    assert other.get("/mensen/profiel/").status_code == 302


def test_the_list_of_sessions_and_logging_out_elsewhere(cast, client):
    other = type(client)(headers={"user-agent": "Een andere browser"})
    log_in(other, cast.participant.email)
    log_in(client, cast.participant.email)
    assert "Een andere browser" in client.get("/accounts/sessions/").content.decode()
    client.post("/accounts/sessions/")
    assert other.get("/mensen/profiel/").status_code == 302
    assert client.get("/mensen/profiel/").status_code == 200


# ---- the second factor --------------------------------------------------------------------------------------
FREE = ["/accounts/2fa/", "/accounts/reauthenticate/", "/accounts/logout/"]
CLOSED = ["/", "/mensen/profiel/", "/mensen/", "/beheer/", "/beheer/pages/", "/kringen/", "/accounts/email/"]


@pytest.mark.parametrize("name", ["admin", "validator"])
def test_without_a_second_factor_administrators_and_validators_go_nowhere(cast, client, second_factor, name):
    client.force_login(cast.everyone()[name])
    for address in CLOSED:
        answer = client.get(address)
        assert (address, answer.status_code, answer.get("Location")) == (address, 302, "/accounts/2fa/")
        assert answer["Cache-Control"] == "private, no-store"
    assert client.get("/api/v1/indicators").status_code == 403
    for address in FREE:
        assert client.get(address).status_code == 200, address
    assert client.post("/mensen/taal/", {"language": "en"}).status_code == 302


@pytest.mark.parametrize("name", ["participant", "facilitator", "editor", "office", "steering"])
def test_others_need_none(cast, client, second_factor, name):
    client.force_login(cast.everyone()[name])
    assert client.get("/mensen/profiel/").status_code == 200


def test_the_demo_asks_for_none(cast, client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(cast.admin)
    assert client.get("/mensen/").status_code == 200


def code(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_an_administrator_sets_up_an_app_and_then_logs_in_with_it(cast, client, second_factor):
    log_in(client, cast.admin.email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    assert "data:image/svg+xml" in page.content.decode()
    secret = page.context["form"].secret
    assert client.post("/accounts/2fa/totp/activate/", {"code": code(secret)}).status_code == 302
    assert client.get("/mensen/").status_code == 200
    client.post("/accounts/logout/")
    cache.clear()
    answer = log_in(client, cast.admin.email)
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    assert client.get("/mensen/").status_code == 302
    assert client.get("/accounts/2fa/authenticate/").status_code == 200
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert client.post("/accounts/2fa/authenticate/", {"code": code(secret)}).status_code == 302
    assert client.get("/mensen/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(cast, client, second_factor):
    RecoveryCodes.activate(cast.admin)
    client.force_login(cast.admin)
    assert client.get("/mensen/")["Location"] == "/accounts/2fa/"
    TOTP.activate(cast.admin, generate_totp_secret())
    assert client.get("/mensen/").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/2fa/",
        "/accounts/2fa/totp/deactivate/",
        "/accounts/2fa/recovery-codes/",
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/2fa/webauthn/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/password/change/",
        "/accounts/sessions/",
        "/accounts/3rdparty/",
        "/accounts/reauthenticate/",
    ],
)
def test_the_pages_of_an_account_look_like_ours(cast, client, address):
    log_in(client, cast.participant.email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    TOTP.activate(cast.participant, generate_totp_secret())
    RecoveryCodes.activate(cast.participant)
    assert Authenticator.objects.filter(user=cast.participant).count() == 2
    answer = client.get(address)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert text.count("<h1") == 1
    assert '<main id="main"' in text
    assert "<style" not in text


@pytest.mark.parametrize(
    "address", ["/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/", "/accounts/signup/"]
)
def test_the_pages_for_visitors_look_like_ours(db, client, address):
    text = client.get(address).content.decode()
    assert text.count("<h1") == 1
    assert '<main id="main"' in text
