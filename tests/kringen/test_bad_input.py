"""What a circle at work can get wrong, as a person sends it: each a sentence, and nothing half-saved."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape

from kringen.conversation import polls
from kringen.meetings import calendars, replies
from kringen.models import Action, AgendaItem, AgendaProposal, Meeting, MeetingFile, Poll, PollVote, Reply

pytestmark = pytest.mark.usefixtures("english")

KRING = "/kringen/kring-c/"
MEETING = f"{KRING}bijeenkomsten/1/"


def login(user) -> Client:
    user.language = "en"
    user.save()
    client = Client()
    client.force_login(user)
    return client


def refused(response, status: int, sentence: str) -> None:
    """Check that the page a person gets says what was wrong."""
    assert response.status_code == status
    assert escape(sentence) in response.content.decode()


def test_a_meeting_that_ends_before_it_starts(cast):
    sent = {"title": "Extra", "kind": "kring", "date": "2009-06-25", "starts_at": "15:00", "ends_at": "13:00"}
    answer = login(cast.facilitator).post(f"{KRING}bijeenkomsten/nieuw/", sent)
    refused(answer, 400, "The meeting ends before it starts. Choose a later end time, or leave it empty.")
    assert 'value="Extra"' in answer.content.decode()
    assert Meeting.objects.filter(kring=cast.kring_c).count() == 1


@pytest.mark.parametrize("minutes", [15, None])
def test_two_items_at_one_time_are_kept_and_said(cast, minutes):
    at_one = dt.time(13)
    for position, title in enumerate(("Opening", "Nieuws"), start=1):
        AgendaItem.objects.create(
            meeting=cast.meeting, position=position, title=title, starts_at=at_one, minutes=minutes
        )
    page = login(cast.participant).get(MEETING).content.decode()
    assert page.count("begins before the item above has ended") == 1


def test_an_action_for_somebody_outside_the_kring(cast):
    sent = {"text": "Bel Delft", "owner": cast.stranger.pk, "due_on": "2009-05-01"}
    answer = login(cast.facilitator).post(f"{KRING}acties/", sent)
    refused(answer, 400, "This person does not take part in the kring. Choose somebody from the list.")
    assert 'value="Bel Delft"' in answer.content.decode()
    assert not Action.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"), [("sheets.exe", b"MZ\x90\x00"), ("sheets.pdf", b"<html><script>alert(1)</script>")]
)
def test_a_file_of_a_kind_that_is_not_kept(cast, name, content):
    sent = {"role": "sheets", "file": SimpleUploadedFile(name, content)}
    answer = login(cast.facilitator).post(f"{MEETING}stukken/", sent, follow=True)
    [said] = [str(message) for message in answer.context["messages"]]
    assert said.startswith("This kind of file cannot be sent")
    assert not MeetingFile.objects.exists()


def test_a_proposal_after_closing(cast):
    Meeting.objects.update(date=dt.date(2009, 3, 5))  # the day itself
    sent = {"title": "Koffie", "kind": "theme", "meeting": cast.meeting.pk, "do": "propose"}
    answer = login(cast.participant).post(f"{KRING}voorstellen/", sent)
    refused(
        answer,
        400,
        "The agenda of “Kringbijeenkomst 1” is closed. Propose it for a later meeting, or for the backlog.",
    )
    assert 'value="Koffie"' in answer.content.decode()
    assert not AgendaProposal.objects.exists()


def test_voting_twice_where_a_vote_stands(cast):
    done = polls.open_poll(
        by=cast.facilitator,
        room=cast.room,
        client_id=uuid.uuid4(),
        question="Welk thema?",
        options=["Wachttijden", "Website"],
        may_change=False,
    )
    first, second = Poll.objects.get(message=done.message_id).options.all()
    vote = f"{KRING}ruimtes/{cast.room.pk}/berichten/{done.message_id}/stem/"
    client = login(cast.participant)
    assert client.post(vote, {"option": first.pk}).status_code == 302
    answer = client.post(vote, {"option": second.pk}, follow=True)
    said = " ".join(str(message) for message in answer.context["messages"])
    assert said == "You voted already, and in this poll a vote cannot be changed. Your first vote counts."
    assert list(PollVote.objects.values_list("option", flat=True)) == [first.pk]


def test_saying_yes_when_every_place_is_taken(cast):
    Meeting.objects.update(capacity=1)
    replies.answer(meeting=cast.meeting, person=cast.facilitator, answer="yes")
    answer = login(cast.participant).post(f"{MEETING}antwoord/", {"answer": "yes", "municipality": ""}, follow=True)
    [said] = [str(message) for message in answer.context["messages"]]
    assert said == "Every place is taken: you are on the waiting list. You hear it when a place comes free."
    assert Reply.objects.get(person=cast.participant).waiting_since is not None
    assert Reply.objects.filter(answer="yes", waiting_since__isnull=True).count() == 1


def test_a_calendar_address_with_one_letter_changed(cast):
    token = calendars.open_feed(person=cast.participant)
    other = "a" if token[-1] != "a" else "b"
    answer = Client().get(f"/mijn-agenda/{token[:-1]}{other}.ics")
    # A calendar program has no language, so the site answers in its own.
    refused(answer, 404, "Op dit adres is geen pagina, of hij is niet voor u bedoeld.")
    assert "VCALENDAR" not in answer.content.decode()
    assert Client().get(f"/mijn-agenda/{token}.ics").status_code == 200


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("bijeenkomsten/nieuw/", {"title": "Extra", "kind": "kring", "date": "2009-06-25"}),
        ("acties/", {"text": "Bel", "owner": "1"}),
        ("voorstellen/", {"title": "Koffie", "kind": "theme", "do": "propose"}),
        ("bijeenkomsten/1/antwoord/", {"answer": "yes"}),
        ("bijeenkomsten/1/stukken/", {"role": "sheets"}),
        ("bijeenkomsten/1/agenda/", {"version": "1"}),
    ],
)
def test_a_member_of_another_kring_finds_nothing_and_changes_nothing(cast, address, sent):
    answer = login(cast.stranger).post(f"{KRING}{address}", sent)
    refused(answer, 404, "There is no page at this address, or it is not meant for you.")
    assert "Kringbijeenkomst 1" not in answer.content.decode()
    assert (Meeting.objects.count(), Action.objects.count(), AgendaProposal.objects.count()) == (1, 0, 0)
    assert not Reply.objects.exists()
