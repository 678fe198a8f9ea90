"""The theme board: grouping, the vote, the choice."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goodpractices.models import GoodPractice
from kringen.circle import themes
from kringen.conversation.acting import RoomRefused
from kringen.models import Intake, IntakeItem, Kring, Meeting, Theme, ThemeChoice

pytestmark = pytest.mark.usefixtures("english")

BOARD = "/kringen/kring-c/themas/"


@pytest.fixture
def asked(cast) -> dict[str, IntakeItem]:
    made = {}
    for place, text in (
        (cast.hillegom, "Welke servicenormen hanteren anderen?"),
        (cast.zandvoort, "Servicenormen aan de balie"),
        (cast.beverwijk, "Ervaringen met een midoffice"),
    ):
        intake, _new = Intake.objects.get_or_create(kring=cast.kring_c, municipality=place)
        made[place.name] = IntakeItem.objects.create(intake=intake, kind="question", text=text)
    return made


def refused(call, **fields) -> str:
    with pytest.raises(themes.ThemeRefused) as refusal:
        call(**fields)
    return str(refusal.value)


def test_a_suggested_group_becomes_a_theme_with_who_asks_it(cast, asked, client):
    client.force_login(cast.facilitator)
    [(word, items)] = client.get(BOARD).context["board"].suggested
    assert {item.intake.municipality.name for item in items} == {"Hillegom", "Zandvoort"}
    form = {"do": "start", "title": word, "items": [item.pk for item in items], "submission": str(uuid.uuid4())}
    assert client.post(BOARD, form)["Location"] == BOARD
    client.post(BOARD, form)
    [row] = client.get(BOARD).context["rows"]
    assert (row["theme"].title, row["askers"]) == ("Servicenormen", ["Hillegom", "Zandvoort"])
    assert [item.text for item in client.get(BOARD).context["board"].loose] == ["Ervaringen met een midoffice"]


def test_items_move_and_a_theme_goes_off_the_board(cast, asked):
    theme = themes.start_theme(kring=cast.kring_c, title="Normen", by=cast.facilitator)
    assert themes.put(kring=cast.kring_c, items=[asked["Hillegom"].pk], theme=theme) == 1
    assert IntakeItem.objects.get(pk=asked["Hillegom"].pk).theme == theme
    themes.remove_theme(theme=theme)
    assert IntakeItem.objects.get(pk=asked["Hillegom"].pk).theme is None


def test_the_vote_is_a_poll_of_the_room_with_one_vote_for_each_municipality(cast, client):
    for title in ("Normen", "Midoffice"):
        themes.start_theme(kring=cast.kring_c, title=title, by=cast.facilitator)
    client.force_login(cast.facilitator)
    client.post(BOARD, {"do": "vote", "submission": str(uuid.uuid4())})
    poll = Kring.objects.get(pk=cast.kring_c.pk).theme_poll
    assert [option.text for option in poll.options.order_by("position")] == ["Normen", "Midoffice"]
    assert (poll.voter, poll.is_multiple) == ("municipality", True)
    assert f"?bericht={poll.message_id}" in client.get(BOARD).context["poll_address"]


def test_a_choice_is_kept_with_its_reason_and_shown(cast, client):
    theme = themes.start_theme(kring=cast.kring_c, title="Kanaalsturing", by=cast.facilitator)
    client.force_login(cast.facilitator)
    form = {"do": "choose", "theme": theme.pk, "meeting": cast.meeting.pk, "reason": "Vijf van de tien vragen ernaar"}
    client.post(BOARD, form)
    client.post(BOARD, {**form, "reason": "Zes van de tien vragen ernaar"})
    choice = ThemeChoice.objects.get()
    assert (choice.theme, choice.reason, choice.chosen_by) == (theme, "Zes van de tien vragen ernaar", cast.facilitator)
    assert Meeting.objects.get(pk=cast.meeting.pk).theme == "Kanaalsturing"
    assert Kring.objects.get(pk=cast.kring_c.pk).theme == "Kanaalsturing"
    assert "Zes van de tien vragen ernaar" in client.get("/kringen/kring-c/").content.decode()
    assert (
        refused(themes.remove_theme, theme=theme)
        == "This theme was chosen for a meeting and stays on the board. Choose another one first."
    )


def test_who_may_know_is_who_shared_a_practice(cast, asked):
    GoodPractice.objects.create(
        municipality=cast.delft,
        title="Servicenormen voor de balie",
        slug="servicenormen",
        summary="Servicenormen die wij hanteren.",
        state=GoodPractice.State.PUBLISHED,
        visibility=GoodPractice.Visibility.PUBLIC,
    )
    theme = themes.start_theme(
        kring=cast.kring_c,
        title="Servicenormen hanteren aan de balie",
        by=cast.facilitator,
        items=[asked["Hillegom"].pk],
    )
    found = themes.may_know(theme, [asked["Hillegom"]], cast.participant)
    assert [(each.municipality, each.why) for each in found] == [("Delft", "shared “Servicenormen voor de balie”")]


def test_refusals_are_sentences_and_keep_nothing(cast, asked):
    base = {"kring": cast.kring_c, "by": cast.facilitator}
    assert refused(themes.start_theme, title="  ", **base) == "Give the theme a title, such as: channel steering."
    assert refused(themes.start_theme, title="a" * 121, **base) == "A title has at most 120 characters. Shorten it."
    themes.start_theme(title="Normen", **base)
    assert (
        refused(themes.start_theme, title="NORMEN", **base)
        == "There is a theme “Normen” already. Put the items in that one."
    )
    strange = IntakeItem.objects.create(
        intake=Intake.objects.create(kring=cast.kring_v, municipality=cast.delft), kind="theme", text="Van V"
    )
    sentence = "That does not belong to this kring. Reload the page and try again."
    assert refused(themes.start_theme, title="Anders", items=[strange.pk], **base) == sentence
    assert not Theme.objects.filter(title="Anders").exists()
    elsewhere = themes.start_theme(kring=cast.kring_v, title="V", by=cast.office)
    assert refused(themes.put, kring=cast.kring_c, items=[asked["Hillegom"].pk], theme=elsewhere) == sentence
    assert (
        refused(themes.put_to_vote, kring=cast.kring_c, room=cast.room, by=cast.facilitator, client_id=uuid.uuid4())
        == "A vote needs at least two themes on the board."
    )
    theme = Theme.objects.get(title="Normen")
    chosen = {"theme": theme, "meeting": cast.meeting, "by": cast.facilitator}
    assert (
        refused(themes.choose, reason=" ", **chosen) == "Say in one line why this theme was chosen; the others read it."
    )
    other = Meeting.objects.create(kring=cast.kring_v, number=1, title="V", date=dt.date(2009, 6, 1))
    assert (
        refused(themes.choose, reason="x", **{**chosen, "meeting": other})
        == "That meeting is not of this kring. Choose one from the list."
    )
    Meeting.objects.update(state="held")
    assert refused(themes.choose, reason="x", **chosen) == "A theme is chosen for a meeting that is still to come."
    assert not ThemeChoice.objects.exists()


def test_only_who_may_write_in_the_room_puts_it_to_the_vote(cast):
    for title in ("Normen", "Midoffice"):
        themes.start_theme(kring=cast.kring_c, title=title, by=cast.facilitator)
    with pytest.raises(RoomRefused):
        themes.put_to_vote(kring=cast.kring_c, room=cast.room, by=cast.stranger, client_id=uuid.uuid4())
    assert Kring.objects.get(pk=cast.kring_c.pk).theme_poll is None


def test_who_sees_the_board_and_who_changes_it(cast, asked, client):
    form = {"do": "start", "title": "Van buiten"}
    for who, reading, writing in (
        ("participant", 200, 403),
        ("facilitator", 200, 302),
        ("office", 200, 302),
        ("steering", 404, 404),
        ("stranger", 404, 404),
        ("validator", 404, 404),
    ):
        Theme.objects.all().delete()
        client.force_login(getattr(cast, who))
        page = client.get(BOARD)
        assert page.status_code == reading, who
        assert ("servicenormen" in page.content.decode()) is (reading == 200)
        assert client.post(BOARD, form).status_code == writing, who
        assert Theme.objects.exists() is (writing == 302)


def test_it_costs_the_same_with_one_and_three_items(cast, client, django_assert_num_queries):
    client.force_login(cast.facilitator)
    theme = themes.start_theme(kring=cast.kring_c, title="Normen", by=cast.facilitator)
    intake = Intake.objects.create(kring=cast.kring_c, municipality=cast.hillegom)

    def add(number: int) -> None:
        IntakeItem.objects.create(intake=intake, kind="theme", text=f"Onderwerp {number}", theme=theme)
        IntakeItem.objects.create(intake=intake, kind="theme", text=f"Los {number}")

    add(1)
    client.get(BOARD)
    with CaptureQueriesContext(connection) as one:
        client.get(BOARD)
    add(2)
    add(3)
    with django_assert_num_queries(len(one)):
        client.get(BOARD)
