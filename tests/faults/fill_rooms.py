"""Make a database with the cast and a room, straight from the models: run by `room_site` with a server's environment.

Prints a JSON line: the room, more rooms of the same kring (`ROOMS` of them), the room about a meeting with the ids of
its items, and a session cookie and id per person.
"""

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "platform")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kringsite.settings.dev")

import django  # noqa: E402 - after the path is set
from django.conf import settings  # noqa: E402


class NoMigrations(dict):
    """Every app is without migrations: tables come straight from the models, in seconds."""

    def __contains__(self, app: object) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None


def main() -> None:
    """Fill the database that the environment names."""
    settings.MIGRATION_MODULES = NoMigrations()
    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command

    from kringen.conversation.subjects import open_about
    from kringen.models import AgendaItem, Room, Topic
    from people.models import Role, RoleName
    from tests.cast import make_cast, person

    call_command("migrate", run_syncdb=True, verbosity=0)
    settings.MIGRATION_MODULES = {}
    call_command("migrate", fake=True, verbosity=0)  # `/readyz` compares what is applied
    cast = make_cast()
    people = {name: user for name, user in cast.everyone().items() if user} | {"colleague": cast.colleague}
    for number in range(int(os.environ.get("EXTRAS", "0"))):
        extra = person(f"extra{number}@hillegom.example", cast.hillegom)
        Role.objects.create(user=extra, role=RoleName.PARTICIPANT, scope=cast.kring_c)
        people[f"extra{number}"] = extra
    sessions = {}
    for name, user in people.items():
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        sessions[name] = session.session_key
    rooms = [
        Room.objects.create(kring=cast.kring_c, name=f"Kamer {number}")
        for number in range(int(os.environ.get("ROOMS", "0")))
    ]
    Topic.objects.bulk_create(Topic(room=room, title="Algemeen", is_general=True) for room in rooms)
    items = [
        AgendaItem.objects.create(meeting=cast.meeting, position=at, title=f"Punt {at}", minutes=10)
        for at in range(1, 6)
    ]
    held = open_about(kring=cast.kring_c, subject=cast.meeting, by=cast.facilitator)
    other = Room.objects.create(kring=cast.kring_v, name="Kring V")
    sys.stdout.write(
        json.dumps(
            {
                "room": cast.room.pk,
                "rooms": [room.pk for room in rooms],
                "other": other.pk,
                "meeting": {"room": held.pk, "items": [item.pk for item in items]},
                "kring": cast.kring_c.slug,
                "sessions": sessions,
                "ids": {name: user.pk for name, user in people.items()},
            }
        )
    )


if __name__ == "__main__":
    main()
