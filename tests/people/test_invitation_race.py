"""Fifty people press the button at the same moment: exactly one gets in."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections

from people import invitations
from people.models import Invitation, RoleName, User

PEOPLE = 50


@pytest.fixture
def shared_database(tmp_path):
    """A database that threads can share: PostgreSQL as it is, SQLite as a file (write-ahead log) instead of memory."""
    if connection.vendor != "sqlite":
        yield
        return
    path = tmp_path / "race.sqlite3"
    connection.ensure_connection()
    with sqlite3.connect(path) as file:
        connection.connection.backup(file)
    names = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = str(path)
    mine = connections["default"].connection
    connection.connection = None
    yield
    connection.close()
    connection.settings_dict["NAME"] = names
    connection.connection = mine


@pytest.mark.django_db(transaction=True)
def test_fifty_accepts_and_one_success(shared_database):
    ContentType.objects.clear_cache()
    _, token = invitations.invite(
        email="nieuw@kringen.example", role=RoleName.STEERING, scope=None, municipality=None, by=None
    )
    start = Barrier(PEOPLE)

    def accept(number: int) -> str:
        start.wait()
        try:
            invitations.accept(token=token, name=f"Persoon {number}", password="vier woorden op een rij")
        except invitations.InvitationUnusable:
            return "unusable"
        finally:
            connections.close_all()
        return "accepted"

    with ThreadPoolExecutor(PEOPLE) as pool:
        answers = list(pool.map(accept, range(PEOPLE)))
    assert sorted(set(answers)) == ["accepted", "unusable"]
    assert answers.count("accepted") == 1
    assert User.objects.filter(email="nieuw@kringen.example").count() == 1
    assert User.objects.get(email="nieuw@kringen.example").roles.count() == 1
    assert Invitation.objects.get().state == "used"
    ContentType.objects.clear_cache()
