"""Promises: written down once, by somebody at the table, and done by who made them."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from kringen import actions
from kringen.models import Action, Meeting

pytestmark = pytest.mark.usefixtures("english")

ADDRESS = "/kringen/kring-c/acties/"


def login(user, language="en") -> Client:
    user.language = language
    user.save()
    client = Client()
    client.force_login(user)
    return client


def form(cast, **changes) -> dict[str, str]:
    return {
        "submission": str(uuid.uuid4()),
        "text": "Servicenormen delen",
        "owner": str(cast.colleague.pk),
        "due_on": "2009-03-20",
        **changes,
    }


def test_a_participant_writes_down_a_promise(cast):
    client = login(cast.participant)
    response = client.post(ADDRESS, form(cast, meeting=str(cast.meeting.pk)), follow=True)
    made = Action.objects.get()
    assert (made.text, made.owner, made.municipality, made.due_on, made.meeting, made.state) == (
        "Servicenormen delen",
        cast.colleague,
        cast.zandvoort,
        dt.date(2009, 3, 20),
        cast.meeting,
        "open",
    )
    assert [str(message) for message in response.context["messages"]] == ["The action was written down."]


def test_the_same_form_twice_makes_one(cast):
    client = login(cast.participant)
    data = form(cast)
    assert [client.post(ADDRESS, data).status_code for _ in range(2)] == [302, 302]
    assert Action.objects.count() == 1


def test_one_form_id_in_two_kringen_makes_two(cast):
    data = form(cast)
    login(cast.participant).post(ADDRESS, data)
    login(cast.stranger).post("/kringen/kring-v/acties/", {**data, "owner": str(cast.stranger.pk)})
    assert [action.kring for action in Action.objects.order_by("pk")] == [cast.kring_c, cast.kring_v]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"text": ""}, {"text": ["Write down what will be done."]}),
        ({"owner": ""}, {"owner": ["Choose who does it."]}),
        ({"due_on": "morgen"}, {"due_on": ["This is not a date. Write day, month and year, such as 25-06-2009."]}),
    ],
)
def test_bad_input_is_refused_in_a_sentence(cast, changes, refusal):
    response = login(cast.participant).post(ADDRESS, form(cast, **changes))
    assert response.status_code == 400
    assert response.context["form"].errors == refusal
    assert Action.objects.count() == 0


@pytest.mark.parametrize("who", ["stranger", "office", "deactivated"])
def test_who_is_not_at_the_table_cannot_be_the_owner(cast, who):
    outsider = getattr(cast, who)
    response = login(cast.participant).post(ADDRESS, form(cast, owner=str(outsider.pk)))
    assert response.context["form"].errors == {
        "owner": ["This person does not take part in the kring. Choose somebody from the list."]
    }
    assert outsider.email not in response.content.decode()
    with translation.override("en"), pytest.raises(actions.ActionRefused) as refusal:
        actions.add_action(kring=cast.kring_c, text="x", owner=outsider)
    assert str(refusal.value) == f"{outsider} does not take part in Kring C. Choose somebody who does."
    assert Action.objects.count() == 0


def test_a_meeting_of_another_kring_is_refused(cast):
    other = Meeting.objects.create(kring=cast.kring_v, number=1, title="Elders", date=dt.date(2009, 6, 1))
    response = login(cast.participant).post(ADDRESS, form(cast, meeting=str(other.pk)))
    assert response.context["form"].errors == {
        "meeting": ["That meeting is not of this kring. Choose one from the list."]
    }
    assert "Elders" not in response.content.decode()
    with translation.override("en"), pytest.raises(actions.ActionRefused, match="That meeting is not of Kring C"):
        actions.add_action(kring=cast.kring_c, text="x", owner=cast.colleague, meeting=other)


@pytest.mark.parametrize(
    ("who", "status"),
    [("participant", 302), ("colleague", 403), ("facilitator", 302), ("office", 302), ("steering", 403)],
)
def test_owner_facilitator_and_office_mark_it_done_and_open_it_again(cast, who, status):
    action = Action.objects.create(kring=cast.kring_c, text="x", owner=cast.participant)
    client = login(getattr(cast, who))
    assert client.post(f"{ADDRESS}{action.pk}/", {"state": "done"}).status_code == status
    action.refresh_from_db()
    assert action.state == ("done" if status == 302 else "open")
    if status == 302:
        client.post(f"{ADDRESS}{action.pk}/", {"state": "open"})
        action.refresh_from_db()
        assert action.state == "open"


def test_an_owner_who_left_the_kring_changes_nothing_any_more(cast):
    action = Action.objects.create(kring=cast.kring_c, text="x", owner=cast.participant)
    cast.participant.roles.update(until=dt.date(2009, 3, 1))
    assert login(cast.participant).post(f"{ADDRESS}{action.pk}/", {"state": "done"}).status_code == 404


def test_the_steering_group_reads_without_a_form(cast):
    response = login(cast.steering).get(ADDRESS)
    assert response.context["form"] is None
    assert login(cast.steering).post(ADDRESS, form(cast)).status_code == 403


def test_the_list_costs_the_same_with_one_and_three(cast, django_assert_num_queries):
    client = login(cast.participant)

    def add() -> None:
        Action.objects.create(kring=cast.kring_c, text="x", owner=cast.colleague, meeting=cast.meeting)
        Action.objects.create(kring=cast.kring_c, text="y", owner=cast.participant, state="done")

    add()
    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as one:
        client.get(ADDRESS)
    add()
    add()
    with django_assert_num_queries(len(one)):
        client.get(ADDRESS)
