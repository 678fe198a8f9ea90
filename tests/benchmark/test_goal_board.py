"""The board of goals: what is on it for whom, choosing, and taking it away."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmark import goals
from benchmark.models import Goal

from .goal_forms import AIM, text


def test_steering_sees_counts_only(client, cast, goal):
    client.force_login(cast.steering)
    html = client.get(reverse("goals:board")).content.decode()
    assert "loopt achter: 1" in text(html)
    assert "Korter wachten" not in html


def test_board_own_first_then_the_others(client, cast, goal):
    goals.create_goal(by=cast.colleague, municipality=cast.zandvoort, indicator=cast.indicator, aim=AIM)
    client.force_login(cast.participant)
    found = text(client.get(reverse("goals:board")).content.decode())
    assert found.index("Doelen van mijn gemeente") < found.index("Hillegom ·") < found.index("Doelen van anderen")
    assert found.index("Doelen van anderen") < found.index("Zandvoort ·")


def test_board_costs_the_same_for_one_and_three(client, cast, goal):
    client.force_login(cast.participant)

    def cost():
        client.get(reverse("goals:board"))
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("goals:board"))
        return len(seen)

    one = cost()
    for who, where in ((cast.colleague, cast.zandvoort), (cast.participant, cast.hillegom)):
        goals.create_goal(by=who, municipality=where, indicator=cast.indicator, aim=AIM)
    assert cost() == one


def test_the_board_shows_what_was_asked_for(client, cast, goal):
    client.force_login(cast.participant)
    board = reverse("goals:board")
    for wanted, shown in (("standing=behind", True), ("standing=reached", False), ("mine=on", True)):
        assert ("Korter wachten" in client.get(f"{board}?{wanted}").content.decode()) is shown
    client.force_login(cast.colleague)
    assert "Korter wachten" not in client.get(f"{board}?mine=on").content.decode()


def test_the_public_learns_no_standing_by_choosing(client, cast, goal):
    Goal.objects.update(visibility="public")
    assert "Korter wachten" in client.get(reverse("goals:board")).content.decode()
    for standing in ("behind", "reached", "on-track"):
        page = client.get(reverse("goals:board"), {"standing": standing}).content.decode()
        assert "Korter wachten" not in page


def test_the_table_to_take_away_is_no_formula(client, cast, goal):
    Goal.objects.update(title="=1+1")
    client.force_login(cast.participant)
    answer = client.get(reverse("goals:board"), {"format": "csv"})
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[1].split(";")[2:6] == ["'=1+1", "12.0", "2006", "8.0"]
    client.force_login(cast.stranger)
    assert "1+1" not in client.get(reverse("goals:board"), {"format": "csv"}).content.decode()
