"""Promises: written down once, by somebody at the table, and done by who made them."""

import datetime as dt
import uuid

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from benchmark.models import Goal
from kringen.models import Action, AgendaItem, Meeting
from kringen.promises import actions, reminders
from people import notifications
from people.models import Notification

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


def test_a_promise_knows_the_agenda_item_it_comes_from(cast):
    item = AgendaItem.objects.create(meeting=cast.meeting, position=1, title="Thema's")
    client = login(cast.participant)
    client.post(ADDRESS, form(cast, meeting=str(cast.meeting.pk), item=str(item.pk)))
    assert Action.objects.get().item == item
    assert "Kringbijeenkomst 1</a>, Thema&#x27;s" in client.get(ADDRESS).content.decode()
    other = Meeting.objects.create(kring=cast.kring_c, number=2, title="Later", date=dt.date(2009, 10, 1))
    refused = client.post(ADDRESS, form(cast, meeting=str(other.pk), item=str(item.pk)))
    assert refused.context["form"].errors == {"owner": ["That agenda item is not of the meeting you chose."]}


def test_dropping_needs_a_reason(cast):
    action = Action.objects.create(kring=cast.kring_c, text="x", owner=cast.participant)
    client = login(cast.participant)
    refused = client.post(f"{ADDRESS}{action.pk}/", {"state": "dropped", "because": " "}, follow=True)
    assert [str(one) for one in refused.context["messages"]] == ["Say why this is dropped, in a few words."]
    action.refresh_from_db()
    assert action.state == "open"
    client.post(f"{ADDRESS}{action.pk}/", {"state": "dropped", "because": "Het rapport kwam er al"})
    assert "Het rapport kwam er al" in client.get(ADDRESS).content.decode()
    client.post(f"{ADDRESS}{action.pk}/", {"state": "open"})
    action.refresh_from_db()
    assert (action.state, action.dropped_because) == ("open", "")


def test_a_promise_gets_another_owner_and_date_but_nobody_from_outside(cast):
    action = Action.objects.create(kring=cast.kring_c, text="x", owner=cast.participant, municipality=cast.hillegom)
    client, page = login(cast.participant), f"{ADDRESS}{action.pk}/wijzigen/"
    refused = client.post(page, {"owner": str(cast.stranger.pk), "due_on": "2009-04-01"})
    assert refused.status_code == 400
    assert refused.context["form"].errors == {
        "owner": ["This person does not take part in the kring. Choose somebody from the list."]
    }
    with translation.override("en"), pytest.raises(actions.ActionRefused, match="does not take part in Kring C"):
        actions.change_action(action=action, owner=cast.stranger, due_on=None)
    client.post(page, {"owner": str(cast.colleague.pk), "due_on": "2009-04-01"})
    action.refresh_from_db()
    assert (action.owner, action.municipality, action.due_on) == (cast.colleague, cast.zandvoort, dt.date(2009, 4, 1))
    assert client.get(page).status_code == 403
    assert login(cast.stranger).get(page).status_code == 404


def test_what_came_of_a_promise_is_shown_only_to_who_may_see_it(cast):
    action = Action.objects.create(
        kring=cast.kring_c, text="Korter", owner=cast.participant, municipality=cast.hillegom
    )
    goal = Goal.objects.create(
        municipality=cast.hillegom,
        indicator=cast.indicator,
        title="Geheim doel",
        target_value=10,
        target_date=dt.date(2009, 12, 31),
        visibility=Goal.Visibility.OWN,
    )
    client = login(cast.participant)
    page = client.get(f"{ADDRESS}{action.pk}/wijzigen/")
    assert page.context["choices"] == [(f"goal:{goal.pk}", "goal: Geheim doel")]
    assert "/doelen/nieuw/?title=Korter" in page.content.decode()
    refused = client.post(f"{ADDRESS}{action.pk}/werd/", {"became": "goal:999999"}, follow=True)
    assert [str(one) for one in refused.context["messages"]] == [
        "Choose a goal or a practice of this municipality from the list."
    ]
    client.post(f"{ADDRESS}{action.pk}/werd/", {"became": f"goal:{goal.pk}"})
    action.refresh_from_db()
    assert action.goal == goal
    assert "Geheim doel" in client.get(ADDRESS).content.decode()
    assert "Geheim doel" not in login(cast.colleague).get(ADDRESS).content.decode()


def test_reminded_before_and_after_never_twice_and_without_content(cast, settings, capsys):
    action = Action.objects.create(
        kring=cast.kring_c, text="Zeer geheime belofte", owner=cast.participant, due_on=dt.date(2009, 3, 20)
    )
    Action.objects.create(kring=cast.kring_c, text="Gedaan", owner=cast.participant, due_on=action.due_on, state="done")
    runs = [(12, (0, 0)), (13, (1, 0)), (14, (0, 0)), (20, (0, 0)), (21, (0, 1)), (22, (0, 0))]
    for day, told in runs:
        settings.DEMO_TODAY = dt.date(2009, 3, day)
        assert reminders.send() == told, day
    assert set(Notification.objects.values_list("kind", "user")) == {
        ("action.due", cast.participant.pk),
        ("action.late", cast.participant.pk),
    }
    lines = [one.line.text for one in notifications.for_person(cast.participant)]
    assert "Due within a week: Zeer geheime belofte" in lines
    Notification.objects.update(created_at=dt.datetime(2009, 3, 1, tzinfo=dt.UTC))
    notifications.send_mails(now=dt.datetime(2009, 3, 22, tzinfo=dt.UTC))
    [sent] = mail.outbox
    assert "geheime" not in sent.subject + sent.body
    actions.change_action(action=action, owner=cast.participant, due_on=dt.date(2009, 3, 25))
    call_command("send_reminders")
    assert capsys.readouterr().out == "Reminded of 1 actions that are due and of 0 that are late.\n"


def test_late_promises_stand_on_the_next_agenda_only(cast):
    AgendaItem.objects.create(meeting=cast.meeting, position=1, title="Afspraken", kind="actions")
    Meeting.objects.create(kring=cast.kring_c, number=2, title="Later", date=dt.date(2009, 10, 1))
    Action.objects.create(kring=cast.kring_c, text="Nooit gedaan", owner=cast.colleague, due_on=dt.date(2009, 3, 1))
    Action.objects.create(kring=cast.kring_c, text="Nog tijd", owner=cast.colleague, due_on=dt.date(2009, 3, 6))
    client = login(cast.participant)
    page = client.get("/kringen/kring-c/bijeenkomsten/1/").content.decode()
    assert "1 action is late" in page
    assert "Nooit gedaan" in page
    assert "Nog tijd" not in page
    assert "Nooit gedaan" not in client.get("/kringen/kring-c/bijeenkomsten/2/").content.decode()
