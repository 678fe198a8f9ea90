"""The work on a goal: dated remarks, and saying that something was delivered."""

import uuid

import pytest
from django.urls import reverse

from benchmark.models import Goal

from .goal_forms import form


def note(**changes):
    return {"note-stage": "do", "note-date": "2009-03-04", "note-text": "Proef met afspraken", **changes}


def test_a_remark_sent_twice_is_kept_once_and_moves_the_stage(client, cast, goal):
    client.force_login(cast.participant)
    data = note(**{"note-submission": str(uuid.uuid4())})
    for _twice in range(2):
        assert client.post(reverse("goals:note", args=[goal.pk]), data).status_code == 302
    goal.refresh_from_db()
    assert (goal.stage, goal.notes.get().text) == ("do", "Proef met afspraken")
    client.force_login(cast.colleague)
    assert "Proef met afspraken" in client.get(goal.get_absolute_url()).content.decode()


def test_a_remark_about_tomorrow_is_refused(client, cast, goal):
    client.force_login(cast.participant)
    answer = client.post(reverse("goals:note", args=[goal.pk]), note(**{"note-date": "2009-03-06"}))
    assert answer.status_code == 422
    assert "kies vandaag of een eerdere dag" in answer.content.decode()
    assert not goal.notes.exists()


@pytest.mark.parametrize(
    ("who", "status"), [("colleague", 403), ("facilitator", 403), ("editor", 403), ("stranger", 404)]
)
def test_others_write_nothing_on_a_goal(client, cast, goal, who, status):
    Goal.objects.update(kind="deliverable")
    client.force_login(getattr(cast, who))
    refused = 404 if not Goal.objects.visible_to(getattr(cast, who)).exists() else status
    assert client.post(reverse("goals:note", args=[goal.pk]), note()).status_code == refused
    gone = client.post(reverse("goals:deliver", args=[goal.pk]), {"delivered_on": "2009-03-01"})
    assert gone.status_code == refused
    goal.refresh_from_db()
    assert goal.delivered_on is None
    assert not goal.notes.exists()


def test_something_delivered_is_reached(client, cast, figures):
    client.force_login(cast.participant)
    data = form(kind="deliverable", baseline_value="", baseline_year="", target_value="")
    assert client.post(reverse("goals:new"), data).status_code == 302
    made = Goal.objects.get()
    assert "Het is er nog niet." in client.get(made.get_absolute_url()).content.decode()
    client.post(reverse("goals:deliver", args=[made.pk]), {"delivered_on": "2009-03-01"})
    assert "Het is er sinds 1 maart 2009: het doel is gehaald." in client.get(made.get_absolute_url()).content.decode()


def test_a_figure_cannot_be_declared_reached(client, cast, goal):
    client.force_login(cast.participant)
    assert client.post(reverse("goals:deliver", args=[goal.pk]), {"delivered_on": "2009-03-01"}).status_code == 404
