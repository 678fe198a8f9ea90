"""Items that members propose, what comes of them, and items that go on at the next meeting."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kringen.meetings import agendas, proposals
from kringen.meetings.agendas import AgendaChanged, AgendaLine, AgendaRefused
from kringen.meetings.proposals import ProposalRefused, Wish
from kringen.models import AgendaItem, AgendaProposal, Meeting
from people import notifications

pytestmark = pytest.mark.usefixtures("english")

LIST = "/kringen/kring-c/voorstellen/"
TODAY = dt.date(2009, 6, 1)


@pytest.fixture(autouse=True)
def _today(cast, settings):
    settings.DEMO_TODAY = TODAY
    type(cast.facilitator).objects.update(language="en")


@pytest.fixture
def agenda(cast) -> list[AgendaItem]:
    rows = (("Opening", "opening"), ("Cijfers", "figures"), ("Afspraken", "closing"), ("Sluiting", "closing"))
    return [
        AgendaItem.objects.create(meeting=cast.meeting, position=at, title=title, kind=kind)
        for at, (title, kind) in enumerate(rows, 1)
    ]


def refused(call, **fields) -> str:
    with pytest.raises((ProposalRefused, AgendaRefused)) as refusal:
        call(**fields)
    return str(refusal.value)


def titles(meeting: Meeting) -> list[str]:
    return list(meeting.agenda_items.order_by("position").values_list("title", flat=True))


def told(user) -> list[str]:
    return [one.line.text for one in notifications.for_person(user)]


def test_a_member_proposes_and_the_facilitator_puts_it_before_the_closing(cast, agenda, client):
    client.force_login(cast.participant)
    form = {
        "title": "Onze nieuwe balie",
        "why": "Wij willen advies.\r\n/kringen/kring-c/",
        "kind": "practice",
        "minutes": "20",
        "meeting": cast.meeting.pk,
        "submission": str(uuid.uuid4()),
    }
    assert client.post(LIST, form)["Location"] == LIST
    client.post(LIST, form)
    proposal = AgendaProposal.objects.get()
    assert (proposal.municipality, proposal.why) == (cast.hillegom, "Wij willen advies.\n/kringen/kring-c/")
    assert told(cast.facilitator) == ["Proposed for an agenda: “Onze nieuwe balie”"]
    client.force_login(cast.facilitator)
    answer = {"do": "accept", "proposal": proposal.pk, "meeting": cast.meeting.pk}
    for _twice in range(2):
        assert client.post(LIST, answer)["Location"] == LIST
    assert titles(cast.meeting) == ["Opening", "Cijfers", "Onze nieuwe balie", "Afspraken", "Sluiting"]
    item = cast.meeting.agenda_items.get(title="Onze nieuwe balie")
    assert (item.kind, item.minutes, item.presenter, item.position) == ("practice", 20, "Hillegom", 3)
    assert told(cast.participant) == ["Your proposal “Onze nieuwe balie” is on the agenda of “Kringbijeenkomst 1”"]


def test_who_has_the_agenda_open_is_told_that_an_item_came_in(cast, agenda):
    seen = cast.meeting.agenda_version
    agendas.insert(meeting=cast.meeting, line=AgendaLine(title="Erbij"))
    with pytest.raises(AgendaChanged):
        agendas.save_agenda(meeting=cast.meeting, lines=[AgendaLine(title="Mijn versie")], seen=seen)
    assert "Erbij" in titles(cast.meeting)


def test_an_empty_agenda_takes_an_item_and_a_full_one_says_so(cast):
    assert agendas.insert(meeting=cast.meeting, line=AgendaLine(title="Eerste")).position == 1
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=cast.meeting, position=at, title=str(at)) for at in range(2, agendas.MOST_ITEMS + 1)
    )
    sentence = refused(agendas.insert, meeting=cast.meeting, line=AgendaLine(title="Te veel"))
    assert sentence == "This agenda has 60 items already. Choose another meeting, or the backlog."


def test_a_proposal_that_is_dropped_says_why_to_who_made_it(cast, client):
    made = proposals.propose(kring=cast.kring_c, wish=Wish("Koffie"), by=cast.participant)
    client.force_login(cast.facilitator)
    empty = client.post(LIST, {"do": "drop", "proposal": made.pk, "answer": "  "})
    assert empty.status_code == 400
    assert "Say in one line why it is not taken over; who proposed it reads that." in empty.content.decode()
    assert told(cast.participant) == []
    client.post(LIST, {"do": "drop", "proposal": made.pk, "answer": "Dat doen we  buiten de agenda"})
    said = "Your proposal “Koffie” was not taken over: Dat doen we buiten de agenda"
    assert told(cast.participant) == [said]
    again = "Somebody else answered this proposal already. Reload the page."
    assert refused(proposals.drop, proposal=made, answer="Nee", by=cast.facilitator) == again
    assert refused(proposals.accept, proposal=made, meeting=cast.meeting, by=cast.facilitator) == again
    assert titles(cast.meeting) == []


def test_who_proposed_it_takes_it_back_while_it_is_open(cast, agenda, client):
    made = proposals.propose(kring=cast.kring_c, wish=Wish("Koffie"), by=cast.participant)
    client.force_login(cast.colleague)
    assert 'value="withdraw"' not in client.get(LIST).content.decode()
    answer = client.post(LIST, {"do": "withdraw", "proposal": made.pk})
    assert answer.status_code == 400
    assert "Only who proposed this takes it back. Ask them, or the facilitator." in answer.content.decode()
    client.force_login(cast.stranger)
    assert client.post(LIST, {"do": "withdraw", "proposal": made.pk}).status_code == 404
    made.refresh_from_db()
    assert made.state == "open"
    client.force_login(cast.participant)
    assert 'value="withdraw"' in client.get(LIST).content.decode()
    for _twice in range(2):
        assert client.post(LIST, {"do": "withdraw", "proposal": made.pk})["Location"] == LIST
    page = client.get(LIST)
    assert (page.context["backlog"], [str(one) for one in page.context["answered"]]) == ([], ["Koffie"])
    assert told(cast.facilitator) == []
    gone = "Who proposed this took it back. Reload the page."
    assert refused(proposals.accept, proposal=made, meeting=cast.meeting, by=cast.facilitator) == gone
    assert refused(proposals.drop, proposal=made, answer="Nee", by=cast.facilitator) == gone
    taken = proposals.propose(kring=cast.kring_c, wish=Wish("Thee"), by=cast.participant)
    proposals.accept(proposal=taken, meeting=cast.meeting, by=cast.facilitator)
    late = "This was answered already, so it cannot be taken back. Ask the facilitator."
    assert refused(proposals.withdraw, proposal=taken, by=cast.participant) == late
    assert titles(cast.meeting) == ["Opening", "Cijfers", "Thee", "Afspraken", "Sluiting"]


@pytest.mark.parametrize(
    "changes", [{"state": "held"}, {"state": "cancelled"}, {"date": TODAY}, {"date": TODAY - dt.timedelta(1)}]
)
def test_after_the_agenda_is_closed_a_proposal_gets_a_sentence(cast, client, changes):
    Meeting.objects.filter(pk=cast.meeting.pk).update(**changes)
    client.force_login(cast.participant)
    answer = client.post(LIST, {"title": "Te laat", "kind": "theme", "meeting": cast.meeting.pk})
    assert answer.status_code == 400
    assert answer.context["form"].errors == {
        "meeting": ["The agenda of “Kringbijeenkomst 1” is closed. Propose it for a later meeting, or for the backlog."]
    }
    assert not AgendaProposal.objects.exists()


def test_bad_input_is_a_sentence_and_keeps_nothing(cast, client):
    other = Meeting.objects.create(kring=cast.kring_v, number=1, title="V", date=dt.date(2009, 7, 1))
    talk = Meeting.objects.create(
        kring=cast.kring_c, number=2, title="S", date=dt.date(2009, 7, 1), kind=Meeting.Kind.STEERING
    )
    client.force_login(cast.participant)
    for fields, where, sentence in (
        ({"title": ""}, "title", "Give your item a title."),
        ({"minutes": "kwartier"}, "minutes", "Write the minutes as a whole number, such as 15."),
        ({"minutes": "0"}, "minutes", "An item takes at least one minute. Leave the minutes empty for an open end."),
        ({"meeting": other.pk}, "meeting", "That meeting is not of this kring. Choose one from the list."),
        ({"meeting": talk.pk}, "meeting", "That meeting is not of this kring. Choose one from the list."),
    ):
        answer = client.post(LIST, {"title": "Iets", "kind": "theme", **fields})
        assert (answer.status_code, answer.context["form"].errors) == (400, {where: [sentence]})
    assert not AgendaProposal.objects.exists()
    wish = {"kring": cast.kring_c, "wish": Wish("Iets"), "by": cast.participant}
    assert refused(proposals.propose, meeting=other, **wish) == sentence
    made = proposals.propose(**wish)
    assert refused(proposals.accept, proposal=made, meeting=other, by=cast.facilitator) == sentence
    assert refused(proposals.drop, proposal=made, answer="x" * 401, by=cast.facilitator).startswith("The answer has")


def test_who_sees_proposals_and_who_answers_them(cast, agenda, client):
    made = proposals.propose(kring=cast.kring_c, wish=Wish("Ons geheim"), by=cast.participant)
    answer = {"do": "accept", "proposal": made.pk, "meeting": cast.meeting.pk}
    for who, reading, writing in (
        ("participant", 200, 403),
        ("steering", 404, 404),
        ("stranger", 404, 404),
        ("validator", 404, 404),
        ("facilitator", 200, 302),
    ):
        client.force_login(getattr(cast, who))
        page = client.get(LIST)
        assert page.status_code == reading, who
        assert ("Ons geheim" in page.content.decode()) is (reading == 200)
        assert client.post(LIST, answer).status_code == writing, who
        assert ("Ons geheim" in titles(cast.meeting)) is (writing == 302)
    elsewhere = proposals.propose(kring=cast.kring_v, wish=Wish("Van V"), by=cast.stranger)
    assert client.post(LIST, {**answer, "proposal": elsewhere.pk}).status_code == 404


def test_an_unfinished_item_goes_on_with_its_history(cast, agenda, client):
    second = Meeting.objects.create(kring=cast.kring_c, number=2, title="Tweede", date=dt.date(2009, 9, 10))
    third = Meeting.objects.create(kring=cast.kring_c, number=3, title="Derde", date=dt.date(2009, 11, 12))
    assert (
        refused(proposals.carry_over, item=agenda[1], by=cast.facilitator)
        == "This meeting has not been held yet, so nothing of it is unfinished."
    )
    Meeting.objects.filter(pk=cast.meeting.pk).update(state="held")
    client.force_login(cast.facilitator)
    address = f"/kringen/kring-c/bijeenkomsten/1/punten/{agenda[1].pk}/verder/"
    for _twice in range(2):
        client.post(address)
    assert titles(second) == ["Cijfers"]
    Meeting.objects.filter(pk=second.pk).update(state="held")
    again = proposals.carry_over(item=second.agenda_items.get(), by=cast.facilitator)
    assert again.meeting == third
    history = proposals.histories([(1, again.carried_from_id)])
    assert proposals.history_text(history[1]) == "Before this on: 10 September 2009, 25 June 2009."
    [row] = client.get(third.get_absolute_url()).context["rows"]
    assert row.history == "Before this on: 10 September 2009, 25 June 2009."
    assert row.history in client.get(third.get_absolute_url()).content.decode()
    first = client.get(cast.meeting.get_absolute_url()).context["rows"]
    assert [(each.goes_on, each.may_carry) for each in first[:2]] == [(False, True), (True, False)]


def test_addresses_in_notes_become_cards_or_links_for_who_may_see_them(cast, client):
    topic = f"/kringen/kring-c/ruimtes/{cast.room.pk}/?onderwerp=1"
    notes = f"Bekijk dit.\n/benchmark/indicatoren/{cast.indicator.code}/?group=kring\n{topic}\n//elders.example/x"
    item = AgendaItem.objects.create(meeting=cast.meeting, position=1, title="Cijfers", notes=notes)
    cards = f"/kringen/kring-c/bijeenkomsten/1/live/punten/{item.pk}/"
    for who, expected in (("participant", cards), ("steering", "")):
        client.force_login(getattr(cast, who))
        page = client.get(cast.meeting.get_absolute_url())
        [row] = page.context["rows"]
        assert (row.notes, row.links, row.cards) == ("Bekijk dit.\n//elders.example/x", (topic,), expected), who
        assert f'href="{topic}"' in page.content.decode()
        assert f'href="{cards}"' not in page.content.decode() or who == "participant"
    client.force_login(cast.participant)
    assert cast.indicator.name in client.get(cards).content.decode()


def test_without_a_next_meeting_it_waits_on_the_backlog(cast, agenda, client):
    Meeting.objects.filter(pk=cast.meeting.pk).update(state="held")
    made = proposals.carry_over(item=agenda[1], by=cast.facilitator)
    assert proposals.carry_over(item=agenda[1], by=cast.facilitator) == made
    client.force_login(cast.participant)
    [(shown, history)] = client.get(LIST).context["backlog"]
    assert (shown.title, history) == ("Cijfers", "Before this on: 25 June 2009.")
    later = Meeting.objects.create(kring=cast.kring_c, number=2, title="Tweede", date=dt.date(2009, 9, 10))
    assert proposals.accept(proposal=made, meeting=later, by=cast.facilitator).carried_from == agenda[1]


def test_an_item_of_a_meeting_for_some_stays_there(cast, client):
    steering = Meeting.objects.create(
        kring=cast.kring_c, number=2, title="S", date=dt.date(2009, 5, 1), kind="steering", state="held"
    )
    item = AgendaItem.objects.create(meeting=steering, position=1, title="Vertrouwelijk")
    assert (
        refused(proposals.carry_over, item=item, by=cast.facilitator)
        == "Only items of a meeting of the whole kring go on to the next one."
    )
    client.force_login(cast.participant)
    assert client.post(f"/kringen/kring-c/bijeenkomsten/2/punten/{item.pk}/verder/").status_code == 404
    Meeting.objects.filter(pk=cast.meeting.pk).update(state="held")
    mine = AgendaItem.objects.create(meeting=cast.meeting, position=1, title="Open")
    assert client.post(f"/kringen/kring-c/bijeenkomsten/1/punten/{mine.pk}/verder/").status_code == 403
    assert not AgendaProposal.objects.exists()


def test_it_costs_the_same_with_one_and_three_proposals(cast, agenda, client, django_assert_num_queries):
    Meeting.objects.filter(pk=cast.meeting.pk).update(state="held")
    client.force_login(cast.facilitator)

    def add(number: int) -> None:
        proposals.propose(kring=cast.kring_c, wish=Wish(f"Voorstel {number}"), by=cast.participant)
        proposals.carry_over(item=agenda[number], by=cast.facilitator)

    add(1)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    add(2)
    add(3)
    with django_assert_num_queries(len(one)):
        page = client.get(LIST)
    assert len(page.context["backlog"]) == 6
