"""The request of somebody who is logged in, for type checkers: behind `login_required` the user is a person."""

from __future__ import annotations

from django.http import HttpRequest

from people.models import User


class PersonRequest(HttpRequest):
    """A request whose user is certainly a person."""

    user: User
