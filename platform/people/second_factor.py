"""Whether a person must still set up a second factor before they may go on."""

from __future__ import annotations

from collections.abc import Iterable
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


def people_with_one(user_ids: Iterable[int]) -> set[int]:
    """Return which of these people have a second factor: one query."""
    return set(Authenticator.objects.filter(user__in=user_ids, type__in=FACTORS).values_list("user_id", flat=True))
