"""What ends a socket before its time: logging out, another password, a session taken back, fewer roles.

Each of these only rings a bell; the hubs look at the session and the roles in the database and close what may not
stay. A bell that gets lost is made up for by the heartbeat, which looks as well.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.db.models.signals import post_delete

from kringen.live import bell


def _look_again(user: Any) -> None:
    pk = getattr(user, "pk", None)
    if pk is not None:
        transaction.on_commit(partial(bell.recheck, pk), robust=True)


def _on_signal(user: Any = None, **_kwargs: Any) -> None:
    _look_again(user)


def _session_ended(instance: Any, **_kwargs: Any) -> None:
    _look_again(instance.user)


def watch() -> None:
    """Begin to listen; called once, when the apps are ready."""
    from allauth.account.signals import password_changed, password_reset
    from allauth.usersessions.models import UserSession

    from people import roles

    roles.on_change(_look_again)
    for signal in (user_logged_out, password_changed, password_reset):
        signal.connect(_on_signal, dispatch_uid="kringen.live")
    post_delete.connect(_session_ended, sender=UserSession, dispatch_uid="kringen.live")
