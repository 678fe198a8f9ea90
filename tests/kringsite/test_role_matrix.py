"""Who gets what on every route: derived from the URL resolver, so that no new page is forgotten."""

import re

import pytest
from django.db import transaction
from django.test import Client

from tests.kringsite.matrix import TABLE, VIEWPOINTS, Row, routes, rows, uncovered
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


def answers(row: Row, cast, world) -> tuple[str, ...]:
    """Ask one route as all ten viewpoints."""
    address = re.sub(r"\{(\w+)\}", lambda match: str(world[match[1]]), row.address)
    return tuple(ask(row.method, address, cast.everyone()[viewpoint]) for viewpoint in VIEWPOINTS)


def ask(method: str, address: str, user) -> str:
    """Ask once, as somebody."""
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return answer(client.generic(method, address))


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


@pytest.mark.timeout(300)  # some fourteen hundred requests
def test_answers(cast):
    world = make_world(cast)
    wrong: dict[str, str] = {}
    for row in rows():
        if row.route in THREADED:
            continue
        # Every request starts from the same world: what one viewpoint changes, the next does not find.
        got = []
        for viewpoint in VIEWPOINTS:
            with transaction.atomic():
                address = re.sub(r"\{(\w+)\}", lambda match: str(world[match[1]]), row.address)
                got.append(ask(row.method, address, cast.everyone()[viewpoint]))
                transaction.set_rollback(True)
        wrong |= differences(row, tuple(got))
    assert wrong == {}


@pytest.mark.django_db(transaction=True)
def test_answers_of_what_has_its_own_threads(cast):
    world = make_world(cast)
    wrong: dict[str, str] = {}
    for row in rows():
        if row.route in THREADED:
            wrong |= differences(row, answers(row, cast, world))
    assert wrong == {}


def test_nobody_without_the_right_role_gets_a_page_of_the_admin(cast):
    """The admin has its own two hundred routes; none of them opens for who has no business there."""
    opened = []
    for route in sorted(set(routes())):
        if not route.startswith("beheer/") or "<" in route or "(" in route:
            continue
        if route.startswith(LIBRARY_ASSETS):
            continue
        for viewpoint in ("public", "participant", "facilitator", "validator", "steering", "stranger", "deactivated"):
            got = ask("GET", f"/{route}", cast.everyone()[viewpoint])
            if got not in ("login", "away", "403", "404", "405"):
                opened.append(f"{route} as {viewpoint}: {got}")
    assert opened == []
