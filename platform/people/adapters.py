"""How allauth behaves on this site: nobody signs up without an invitation."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import AddEmailForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from invitations only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 — allauth's signature
        """Keep the sign-up form closed: an account is made when an invitation is accepted."""
        return False


class NoOtherAddressForm(AddEmailForm):
    """An account is one invited address; nobody takes another one, which might be somebody else's."""

    def clean_email(self) -> str:
        """Refuse every address.

        Raises:
            ValidationError: always, saying who can help.
        """
        raise ValidationError(_("The address of an account cannot be changed here. Ask the programme office."))
