"""Dutch pages of an account speak to people as "u", also where the library would say "je"."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.core.cache import cache

from tests.cast import PASSWORD

PAGES = [
    "/accounts/2fa/",
    "/accounts/2fa/totp/deactivate/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/password/change/",
    "/accounts/sessions/",
    "/accounts/email/",
    "/accounts/reauthenticate/",
    "/accounts/2fa/reauthenticate/",
]


def says_je(text):
    return re.findall(r"\b(?:je|jij|jouw|jullie)\b", text, re.IGNORECASE)


@pytest.mark.parametrize(
    "address", [*PAGES, "/accounts/2fa/webauthn/keys/{pk}/edit/", "/accounts/2fa/webauthn/keys/{pk}/remove/"]
)
def test_no_page_of_an_account_says_je(cast, client, address):
    cache.clear()
    if "{pk}" in address:
        data = {"name": "Sleutel", "credential": {}}
        key = Authenticator.objects.create(user=cast.participant, type=Authenticator.Type.WEBAUTHN, data=data)
        address = address.format(pk=key.pk)
    client.force_login(cast.participant)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    TOTP.activate(cast.participant, generate_totp_secret())
    RecoveryCodes.activate(cast.participant)
    answer = client.get(address)
    main = answer.content.decode().split("<main")[1].split("</main>")[0]
    assert (answer.status_code, says_je(main)) == (200, [])


def test_no_mail_about_an_account_says_je(cast, client):
    cache.clear()
    client.post("/accounts/password/reset/", {"email": cast.participant.email})
    client.force_login(cast.participant)
    new = "vier woorden op een rij"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert len(mail.outbox) >= 1
    for message in mail.outbox:
        assert says_je(message.subject + message.body) == []
