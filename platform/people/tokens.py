"""Personal tokens: making and revoking them, and knowing whose one is.

A token is shown once, when it is made; kept is only its hash. It may do what its owner may, or only read, and ends by
itself. A program sends it as `Authorization: Bearer …`, and needs no cookie and no CSRF token.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import time

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import AccessToken, User

PREFIX = "kringen_"
START = 12  # characters that are kept to recognise one by
MOST = 20
MOST_DAYS = 366
# Requests a minute with one token. A dashboard of a hundred indicators fits; a crawler does not.
A_MINUTE = 240
# When it was last used is told to the minute; writing it at every request would make reading a write.
USED_EVERY = dt.timedelta(minutes=1)


class TokenRefused(ValueError):  # noqa: N818 — it is an answer to a person
    """The token cannot be made; the text is a sentence for the person who tried."""


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def make(*, by: User, name: str, scope: str, days: int) -> tuple[AccessToken, str]:
    """Make a token for oneself.

    Args:
        by: its owner.
        name: what it is for, to recognise it by.
        scope: one of `AccessToken.Scope`.
        days: how long it is valid, at most a year.

    Returns:
        the token as it is kept, and its text: the only moment at which anybody has it.

    Raises:
        TokenRefused: when the person has as many as they can, or it would be valid for too long.
    """
    if not 1 <= days <= MOST_DAYS:
        raise TokenRefused(_("A token is valid for at least a day and at most a year."))
    User.objects.select_for_update().get(pk=by.pk)
    if AccessToken.objects.visible_to(by).usable().count() >= MOST:
        raise TokenRefused(_("You have %(most)s tokens. Revoke one that you do not use.") % {"most": MOST})
    text = PREFIX + secrets.token_urlsafe(32)
    made = AccessToken.objects.create(
        user=by,
        name=name,
        scope=AccessToken.Scope(scope),
        start=text[:START],
        token_hash=_hash(text),
        expires_at=timezone.now() + dt.timedelta(days=days),
    )
    return made, text


def revoke(*, token: AccessToken) -> None:
    """Close a token for good; from the next request on it opens nothing."""
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])


def recognise(text: str) -> AccessToken | None:
    """Return the token with this text if it opens the door now, and note that it was used."""
    if not text.startswith(PREFIX):
        return None
    found = AccessToken.objects.usable().select_related("user").filter(token_hash=_hash(text)).first()
    now = timezone.now()
    if found is not None and (found.last_used_at is None or now - found.last_used_at >= USED_EVERY):
        AccessToken.objects.filter(pk=found.pk).update(last_used_at=now)
    return found


def wait_for(token: AccessToken) -> int:
    """Count a request; return how many seconds to wait when there were too many this minute, else 0."""
    now = int(time.time())
    key = f"token:{token.pk}:{now // 60}"
    cache.add(key, 0, timeout=120)
    try:
        count = cache.incr(key)
    except ValueError:  # forgotten between the two
        return 0
    return 60 - now % 60 if count > A_MINUTE else 0
