"""Minutes: drafted from what was written down, amended, adopted, and fixed from then on."""

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from kringen.meetings import minutes
from kringen.models import Action, AgendaItem, Amendment, Decision, Meeting, Minutes, Note
from people.models import Notification

pytestmark = pytest.mark.usefixtures("english")

ADDRESS = "/kringen/kring-c/bijeenkomsten/1/verslag/"
LAST_DAY = dt.date(2009, 3, 20)  # the tests live on 5 March 2009


def login(user) -> Client:
    user.language = "en"
    user.save()
    client = Client()
    client.force_login(user)
    return client


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def held(cast) -> Meeting:
    Meeting.objects.filter(pk=cast.meeting.pk).update(state=Meeting.State.HELD, date=dt.date(2009, 2, 12))
    cast.meeting.refresh_from_db()
    opening = AgendaItem.objects.create(meeting=cast.meeting, position=1, title="Opening")
    AgendaItem.objects.create(meeting=cast.meeting, position=2, title="Thema's")
    at = timezone.now()
    Note.objects.create(
        meeting=cast.meeting, item=opening, author=cast.colleague, text="Iedereen is er.", created_at=at
    )
    Note.objects.create(meeting=cast.meeting, author=cast.colleague, text="Tot de volgende keer.", created_at=at)
    Decision.objects.create(
        kring=cast.kring_c, meeting=cast.meeting, item=opening, year=2009, number=3, text="We beginnen.", recorded_at=at
    )
    Action.objects.create(
        kring=cast.kring_c,
        meeting=cast.meeting,
        item=opening,
        text="Normen delen",
        owner=cast.colleague,
        due_on=dt.date(2009, 3, 1),
    )
    return cast.meeting


@pytest.fixture
def drafted(cast, held) -> Minutes:
    return minutes.draft(meeting=held, by=cast.facilitator)


@pytest.fixture
def amending(cast, drafted) -> Minutes:
    return minutes.open_round(minutes=drafted, until=LAST_DAY, by=cast.facilitator)


def later(settings) -> None:
    settings.DEMO_TODAY = LAST_DAY + dt.timedelta(days=1)


def test_the_draft_holds_what_was_written_down(cast, drafted):
    assert [(item.title, item.text) for item in drafted.items.all()] == [
        ("Opening", "Iedereen is er.\nDecision 2009-3: We beginnen.\nAction: Normen delen (Deelnemer, by 01-03-2009)"),
        ("Thema's", ""),
        ("The meeting as a whole", "Tot de volgende keer."),
    ]
    assert minutes.draft(meeting=drafted.meeting, by=cast.facilitator) == drafted
    assert drafted.versions.count() == 1


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"state": "cancelled"}, "This meeting was cancelled, so there is nothing to take minutes of."),
        ({"date": dt.date(2009, 6, 25)}, "This meeting is still to come. Make the minutes on the day itself or later."),
    ],
)
def test_no_minutes_of_what_was_not_held(cast, fields, refusal):
    Meeting.objects.filter(pk=cast.meeting.pk).update(**fields)
    response = login(cast.facilitator).post(f"{ADDRESS}stap/", {"do": "draft"}, follow=True)
    assert said(response) == [refusal]
    assert not Minutes.objects.exists()


@pytest.mark.parametrize(
    ("state", "readers"),
    [
        ("draft", {"facilitator", "office", "admin"}),
        ("amending", {"facilitator", "office", "admin", "participant", "colleague"}),
        ("adopted", {"facilitator", "office", "admin", "participant", "colleague", "steering"}),
    ],
)
def test_who_reads_them_when(cast, drafted, state, readers):
    Minutes.objects.update(state=state, amend_until=LAST_DAY, adopted_on=LAST_DAY)
    drafted.items.update(text="geheim woord")
    for name in ("facilitator", "office", "admin", "participant", "colleague", "steering", "stranger", "validator"):
        client = login(getattr(cast, name))
        page, file, earlier = client.get(ADDRESS), client.get(f"{ADDRESS}versies/"), client.get(f"{ADDRESS[:-1]}.pdf")
        assert ("geheim woord" in page.content.decode()) == (name in readers), name
        assert {file.status_code, earlier.status_code} == ({200} if name in readers else {404}), name
        assert page.status_code == (404 if name in {"stranger", "validator"} else 200)


def test_two_editors_lose_nothing(cast, drafted):
    first, second = drafted.items.all()[:2]
    one, two = login(cast.facilitator), login(cast.office)
    assert one.post(f"{ADDRESS}bewerken/", {"version": 1, f"text-{first.pk}": "Van de begeleider"}).status_code == 302
    typed = {"version": 1, f"text-{first.pk}": "Van het bureau", f"text-{second.pk}": "Ook iets"}
    response = two.post(f"{ADDRESS}bewerken/", typed)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Van de begeleider" in page
    assert "Van het bureau" in page
    first.refresh_from_db()
    assert first.text == "Van de begeleider"
    assert two.post(f"{ADDRESS}bewerken/", {**typed, "version": 2}).status_code == 302
    [newest, _middle, _oldest] = minutes.history(drafted)
    assert [(diff.title, "".join(p.text for p in diff.pieces if p.kind == "added")) for diff in newest[1]] == [
        ("Opening", "hetbureau"),  # the space between them stayed
        ("Thema's", "Ook iets"),
    ]


def test_an_item_of_other_minutes_is_refused(cast, drafted):
    response = login(cast.facilitator).post(f"{ADDRESS}bewerken/", {"version": 1, "text-999999": "x"})
    assert response.status_code == 400
    assert response.context["refused"] == "An item of this form is not of these minutes. Reload the page and try again."


def test_an_amendment_is_proposed_shown_as_a_difference_and_taken_over(cast, amending):
    item = amending.items.get(position=1)
    item.text = "Iedereen is er."
    item.save()
    client = login(cast.participant)
    change = {"text": "Bijna iedereen is er.", "reason": "Beverwijk ontbrak"}
    assert client.post(f"{ADDRESS}voorstel/{item.pk}/", change).status_code == 302
    amendment = Amendment.objects.get()
    page = login(cast.facilitator).get(ADDRESS).content.decode()
    assert '<del><span class="k-visually-hidden">taken out: </span>Iedereen' in page
    assert '<ins><span class="k-visually-hidden">added: </span>Bijna' in page
    answered = login(cast.facilitator).post(
        f"{ADDRESS}antwoord/{amendment.pk}/", {"do": "take", "answer": "Klopt"}, follow=True
    )
    assert said(answered) == ["The amendment was taken over."]
    item.refresh_from_db()
    amendment.refresh_from_db()
    assert (item.text, amendment.state, amendment.answer) == ("Bijna iedereen is er.", "taken", "Klopt")
    assert Notification.objects.get(kind="minutes.amended").user == cast.participant


def test_an_amendment_to_an_older_text_does_not_undo_a_change(cast, amending):
    item = amending.items.get(position=1)
    amendment = minutes.propose(item=item, text="Anders", reason="Daarom", by=cast.participant)
    minutes.save(minutes=amending, texts={item.pk: "Intussen"}, seen=1, by=cast.facilitator)
    with pytest.raises(minutes.MinutesRefused, match="changed after the amendment was proposed"):
        minutes.answer(amendment=amendment, take=True, answer="", by=cast.facilitator)
    with pytest.raises(minutes.MinutesRefused, match="Say why it is not taken over"):
        minutes.answer(amendment=amendment, take=False, answer=" ", by=cast.facilitator)
    item.refresh_from_db()
    assert item.text == "Intussen"


@pytest.mark.parametrize(
    ("who", "change", "refusal"),
    [
        ("participant", {"text": "x", "reason": ""}, "Say why the text should change, in a few words."),
        ("participant", {"text": "", "reason": "y"}, "Your text is the same as the text there is."),
        ("office", {"text": "x", "reason": "y"}, "You were not asked to this meeting"),
    ],
)
def test_what_is_no_amendment(cast, amending, who, change, refusal):
    item = amending.items.get(position=2)
    response = login(getattr(cast, who)).post(f"{ADDRESS}voorstel/{item.pk}/", change)
    assert response.status_code == 400
    assert response.context["refused"].startswith(refusal)
    assert not Amendment.objects.exists()


def test_nothing_is_proposed_after_the_last_day(cast, amending, settings):
    later(settings)
    with pytest.raises(minutes.MinutesRefused, match="The amendment round ended on 20-03-2009"):
        minutes.propose(item=amending.items.first(), text="x", reason="y", by=cast.participant)


def test_the_round_is_told_to_who_was_asked(cast, amending):
    told = set(Notification.objects.filter(kind="minutes.round").values_list("user__email", flat=True))
    assert told == {cast.participant.email, cast.colleague.email}
    with pytest.raises(minutes.MinutesRefused, match="That last day has passed"):
        minutes.open_round(minutes=amending, until=dt.date(2009, 3, 4), by=cast.facilitator)


def test_a_day_that_is_no_day(cast, drafted):
    response = login(cast.facilitator).post(f"{ADDRESS}stap/", {"do": "open", "until": "morgen"}, follow=True)
    assert said(response) == ["This is not a date. Write day, month and year, such as 25-06-2009."]
    drafted.refresh_from_db()
    assert drafted.state == "draft"


def test_adopted_by_themselves_after_the_last_day_and_fixed(cast, amending, settings, capsys):
    call_command("adopt_minutes")
    assert capsys.readouterr().out == "0 minutes were adopted.\n"
    later(settings)
    amendment = minutes.Amendment.objects.create(item=amending.items.first(), proposer=cast.participant, reason="x")
    call_command("adopt_minutes")
    assert capsys.readouterr().out == "0 minutes were adopted.\n"
    minutes.answer(amendment=amendment, take=False, answer="Nee, want", by=cast.facilitator)
    call_command("adopt_minutes")
    assert capsys.readouterr().out == "1 minutes were adopted.\n"
    amending.refresh_from_db()
    assert (amending.state, amending.adopted_by, amending.adopted_on) == ("adopted", None, dt.date(2009, 3, 21))
    client, item = login(cast.facilitator), amending.items.first()
    response = client.post(f"{ADDRESS}bewerken/", {"version": 1, f"text-{item.pk}": "Toch anders"})
    assert response.context["refused"] == (
        "These minutes were adopted on 21-03-2009. Nothing changes in them any more."
    )
    item.refresh_from_db()
    assert item.text != "Toch anders"


def test_adopting_by_hand_waits_for_the_round(cast, amending, settings):
    client = login(cast.facilitator)
    early = client.post(f"{ADDRESS}stap/", {"do": "adopt"}, follow=True)
    assert said(early) == ["The amendment round goes on until 20-03-2009. Adopt the minutes after that day."]
    later(settings)
    client.post(f"{ADDRESS}stap/", {"do": "adopt"})
    amending.refresh_from_db()
    assert (amending.state, amending.adopted_by) == ("adopted", cast.facilitator)


@pytest.mark.parametrize("who", ["participant", "steering"])
@pytest.mark.parametrize("path", ["stap/", "bewerken/", "antwoord/1/"])
def test_only_who_guides_writes(cast, amending, who, path):
    assert login(getattr(cast, who)).post(f"{ADDRESS}{path}", {"do": "adopt"}).status_code == 403


def test_the_pdf_is_tagged_and_says_where_it_stands(cast, amending):
    response = login(cast.participant).get(f"{ADDRESS[:-1]}.pdf")
    file = PdfReader(io.BytesIO(response.content))
    assert file.trailer["/Root"]["/MarkInfo"]["/Marked"]
    text = " ".join(page.extract_text() for page in file.pages)
    assert "Decision 2009-3: We beginnen." in text
    assert "Not adopted yet" in text
    assert response["Content-Disposition"] == 'attachment; filename="verslag-kring-c-1.pdf"'


def test_the_page_costs_the_same_with_one_and_three(cast, amending, django_assert_num_queries):
    client = login(cast.facilitator)

    def add() -> None:
        for item in amending.items.all():
            Amendment.objects.create(item=item, proposer=cast.participant, text="x", reason="y")

    add()
    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as one:
        client.get(ADDRESS)
    add()
    add()
    with django_assert_num_queries(len(one)):
        client.get(ADDRESS)
