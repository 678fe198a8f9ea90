"""Make a database with the cast and a room, straight from the models: run by `room_site` with a server's environment.

Prints a JSON line: the room, and a session cookie and id per person.
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

    from kringen.models import Room
    from people.models import Role, RoleName
    from tests.cast import make_cast, person

    call_command("migrate", run_syncdb=True, verbosity=0)
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
    other = Room.objects.create(kring=cast.kring_v, name="Kring V")
    sys.stdout.write(
        json.dumps(
            {
                "room": cast.room.pk,
                "other": other.pk,
                "kring": cast.kring_c.slug,
                "sessions": sessions,
                "ids": {name: user.pk for name, user in people.items()},
            }
        )
    )


if __name__ == "__main__":
    main()
