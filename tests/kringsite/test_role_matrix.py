"""Who gets what on every route: derived from the URL resolver, so that no new page is forgotten."""

import logging
import re

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from tests.kringsite.matrix import METHODS, TABLE, VIEWPOINTS, Row, routes, rows, uncovered
from tests.kringsite.matrix_world import make_world

# Read and written by their own threads, which do not see a test's open transaction.
THREADED = ("api/v1/rooms/<int:room_id>/events", "api/v1/rooms/<int:room_id>/messages")

# Drawings and words of the library itself.
LIBRARY_ASSETS = ("beheer/sprite", "beheer/jsi18n")


def answer(response) -> str:
    """Put an answer in the words of the table."""
    if response.status_code in (301, 302):
        return "login" if "/accounts/login/" in response["Location"] else "away"
    return str(response.status_code)


def ask(method: str, address: str, session: str) -> str:
    """Ask once, in somebody's session; an empty one is nobody's."""
    client = Client(raise_request_exception=False)
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    return answer(client.generic(method, address))


@pytest.fixture
def sessions(cast) -> dict[str, str]:
    """Log every viewpoint in, once; logging in costs more than most pages."""
    return {viewpoint: session_of(user) for viewpoint, user in cast.everyone().items()}


def session_of(user) -> str:
    """Log somebody in and return the key of the session."""
    if user is None:
        return ""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def answers(row: Row, sessions: dict[str, str], world: dict[str, object]) -> tuple[str, ...]:
    """Ask one route as all ten viewpoints, each in the same world: what one changes, the next does not find."""
    address = re.sub(r"\{(\w+)\}", lambda match: str(world[match[1]]), row.address)
    got = []
    for viewpoint in VIEWPOINTS:
        with transaction.atomic():
            got.append(ask(row.method, address, sessions[viewpoint]))
            transaction.set_rollback(True)
    return tuple(got)


@pytest.fixture
def quiet():
    """Keep the log of the refusals, which are thousands here, out of the report."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def differences(row: Row, got: tuple[str, ...]) -> dict[str, str]:
    """Return what differs from the table, in words."""
    return {
        f"{row.method} {row.address} as {viewpoint}": f"expected {wanted}, got {was}"
        for viewpoint, wanted, was in zip(VIEWPOINTS, row.expected, got, strict=True)
        if wanted != was
    }


def test_every_route_and_method_has_a_row():
    missing = uncovered(rows())
    assert missing == [], f"Add a line to {TABLE.name} for:\n" + "\n".join(missing)


def test_no_row_speaks_of_a_route_that_is_gone():
    known = set(routes())
    gone = [f"{row.method} {row.route}" for row in rows() if not row.route.endswith("*") and row.route not in known]
    assert gone == []


def test_every_row_has_an_answer_for_every_viewpoint():
    assert [row.route for row in rows() if len(row.expected) != len(VIEWPOINTS)] == []


@pytest.mark.once
@pytest.mark.timeout(300)  # some three thousand requests
@pytest.mark.parametrize("method", METHODS)  # so that two workers share them
def test_answers(cast, sessions, quiet, method):
    world = make_world(cast)
    wrong: dict[str, str] = {}
    for row in rows():
        if row.method == method and row.route not in THREADED:
            wrong |= differences(row, answers(row, sessions, world))
    assert wrong == {}


@pytest.mark.django_db(transaction=True)
def test_answers_of_what_has_its_own_threads(cast, sessions, quiet):
    world = make_world(cast)
    wrong: dict[str, str] = {}
    for row in rows():
        if row.route in THREADED:
            address = re.sub(r"\{(\w+)\}", lambda match: str(world[match[1]]), row.address)
            wrong |= differences(row, tuple(ask(row.method, address, sessions[one]) for one in VIEWPOINTS))
    assert wrong == {}


@pytest.mark.once
def test_nobody_without_the_right_role_gets_a_page_of_the_admin(sessions, quiet):
    """The admin has its own two hundred routes; none of them opens for who has no business there."""
    opened = []
    for route in sorted(set(routes())):
        if not route.startswith("beheer/") or "<" in route or "(" in route:
            continue
        if route.startswith(LIBRARY_ASSETS):
            continue
        for viewpoint in ("public", "participant", "facilitator", "validator", "steering", "stranger", "deactivated"):
            got = ask("GET", f"/{route}", sessions[viewpoint])
            if got not in ("login", "away", "403", "404", "405"):
                opened.append(f"{route} as {viewpoint}: {got}")
    assert opened == []
