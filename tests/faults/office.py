"""Somebody at another desk: a process with the site's code and database, but without sockets, that takes rights away.

Run as a program it reads `{"do", "user", "session"}` a line, and answers `ok` when it is committed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]


class Office:
    """The desk, as the tests see it; use with `with`."""

    def __init__(self, site: Any) -> None:
        self.site = site
        self.world: dict[str, Any] = json.loads((site.var / "world.json").read_text())
        self.process: subprocess.Popen | None = None

    def __enter__(self) -> Self:
        """Open it."""
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__))],
            env=self.site.env,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def do(self, what: str, who: str) -> None:
        """Do one of `Desk`'s verbs to somebody; returns after the commit."""
        assert self.process is not None
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        line = {"do": what, "user": self.world["ids"][who], "session": self.world["sessions"][who]}
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer == "ok\n", f"{what} {who}: {answer!r}"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        if self.process:
            self.process.kill()
            self.process.wait(10)


class Desk:
    """What the process does, by the verbs and the forms of the site."""

    def __init__(self, user_id: int, session: str) -> None:
        from people.models import User

        self.user = User.objects.get(pk=user_id)
        self.session = session

    def request(self) -> Any:
        """Return a request of this browser."""
        from importlib import import_module

        from django.conf import settings
        from django.test import RequestFactory

        request = RequestFactory().post("/")
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(self.session)
        request.user = self.user
        return request

    def log_out(self) -> None:
        """Log out, in this very browser."""
        from django.contrib.auth import logout

        logout(self.request())

    def end_session(self) -> None:
        """End this session from another browser."""
        from allauth.usersessions.models import UserSession

        UserSession.objects.create(user=self.user, session_key=self.session, ip="127.0.0.1", user_agent="test").end()

    def password(self) -> None:
        """Change the password, as allauth's form does."""
        from allauth.account.adapter import get_adapter
        from allauth.account.signals import password_changed

        from people.models import User

        get_adapter().set_password(self.user, "een heel ander wachtwoord")
        password_changed.send(sender=User, request=self.request(), user=self.user)

    def deactivate(self) -> None:
        """Close the account."""
        from people import roles

        roles.deactivate(user=self.user, by=None)

    def remove(self) -> None:
        """Take the person out of the kring."""
        from people import roles

        for role in self.user.roles.all():
            roles.end(role=role, by=None)

    def lower(self) -> None:
        """Make a participant of the kring a colleague of the municipality only."""
        from people import roles
        from people.models import RoleName

        self.remove()
        roles.grant(user=self.user, role=RoleName.EDITOR, scope=self.user.municipality, by=None)

    def expire(self) -> None:
        """Let the session run out; nobody rings for that."""
        import datetime as dt

        from django.contrib.sessions.models import Session

        Session.objects.filter(session_key=self.session).update(expire_date=dt.datetime(2000, 1, 1, tzinfo=dt.UTC))


def main() -> None:
    """Serve until the input ends."""
    sys.path[:0] = [str(ROOT), str(ROOT / "platform")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kringsite.settings.dev")
    import django

    django.setup()
    for line in sys.stdin:
        order = json.loads(line)
        getattr(Desk(order["user"], order["session"]), order["do"])()
        sys.stdout.write("ok\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
