"""Make a database for the load: a thousand people of one kring with a session each, one large room, forty small ones.

Run with a server's environment; prints the rooms and the sessions as JSON.
"""

from __future__ import annotations

import json
import sys

from django.conf import settings

from tests.faults.fill_rooms import NoMigrations

PEOPLE = 1000
ROOMS = 40


def main() -> None:
    """Fill the database that the environment names."""
    settings.MIGRATION_MODULES = NoMigrations()
    import django

    django.setup()
    import datetime as dt

    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.contenttypes.models import ContentType
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session
    from django.core.management import call_command
    from django.db import transaction
    from django.utils import timezone

    from kringen.models import Kring, Room, Topic
    from people.models import Role, RoleName, User
    from tests.cast import make_cast

    call_command("migrate", run_syncdb=True, verbosity=0)
    with transaction.atomic():
        cast = make_cast()
        kring = ContentType.objects.get_for_model(Kring)
        people = [
            User(
                email=f"deelnemer{number}@hillegom.example",
                name=f"Deelnemer {number}",
                municipality=cast.hillegom,
                password=cast.participant.password,
            )
            for number in range(PEOPLE)
        ]
        User.objects.bulk_create(people)
        Role.objects.bulk_create(
            Role(user=user, role=RoleName.PARTICIPANT, scope_type=kring, scope_id=cast.kring_c.pk) for user in people
        )
        store, sessions = SessionStore(), []
        for number, user in enumerate(people):
            data = {
                SESSION_KEY: str(user.pk),
                BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
                HASH_SESSION_KEY: user.get_session_auth_hash(),
            }
            sessions.append(
                Session(
                    session_key=f"bench{number:027d}",
                    session_data=store.encode(data),
                    expire_date=timezone.now() + dt.timedelta(days=1),
                )
            )
        Session.objects.bulk_create(sessions)
        rooms = []
        for number in range(ROOMS + 1):
            room = Room.objects.create(kring=cast.kring_c, name=f"Ruimte {number}")
            Topic.objects.create(room=room, title="Algemeen", is_general=True)
            rooms.append({"id": room.pk, "epoch": str(room.epoch)})
    sys.stdout.write(json.dumps({"rooms": rooms, "sessions": [session.session_key for session in sessions]}))


if __name__ == "__main__":
    main()
