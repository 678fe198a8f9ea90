"""Whether a person must still set up a second factor before they may go on."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings

from people.permissions import needs_second_factor

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_missing(user: Any) -> bool:
    """Say whether this person needs a second factor and has none; sockets and API ask this too."""
    return bool(
        settings.SECOND_FACTOR_REQUIRED
        and getattr(user, "is_authenticated", False)
        and needs_second_factor(user)
        and not Authenticator.objects.filter(user=user, type__in=FACTORS).exists()
    )
