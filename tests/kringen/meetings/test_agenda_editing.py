"""One form for the whole agenda: rows move without a script, two editors cannot overwrite each other."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.test import Client

from kringen.meetings import agendas
from kringen.meetings.agendas import AgendaChanged, AgendaLine
from kringen.models import AgendaItem, Meeting

pytestmark = pytest.mark.usefixtures("english")

ADDRESS = "/kringen/kring-c/bijeenkomsten/1/agenda/"


@pytest.fixture
def facilitator(cast, client) -> Client:
    cast.facilitator.language = "en"
    cast.facilitator.save()
    client.force_login(cast.facilitator)
    return client


@pytest.fixture
def items(cast) -> list[AgendaItem]:
    return [
        AgendaItem.objects.create(meeting=cast.meeting, position=1, title="Opening", kind="opening", minutes=15),
        AgendaItem.objects.create(meeting=cast.meeting, position=2, title="Kennismaking", kind="news", minutes=30),
        AgendaItem.objects.create(meeting=cast.meeting, position=3, title="Afsluiting", kind="closing"),
    ]


def form(rows: list[dict], version: int = 0, do: str = "save") -> dict[str, str]:
    data = {
        "agenda_version": str(version),
        "do": do,
        "items-TOTAL_FORMS": str(len(rows)),
        "items-INITIAL_FORMS": str(len(rows)),
    }
    for number, row in enumerate(rows):
        for field, value in {"kind": "theme", **row}.items():
            data[f"items-{number}-{field}"] = str(value)
    return data


def stored(meeting: Meeting) -> list[tuple]:
    return list(meeting.agenda_items.values_list("position", "title", "kind", "starts_at", "minutes", "presenter"))


def row(item: AgendaItem, **changes) -> dict:
    return {"pk": item.pk, "title": item.title, "kind": item.kind, "minutes": item.minutes or "", **changes}


def test_the_form_shows_what_is_stored(facilitator, items):
    formset = facilitator.get(ADDRESS).context["formset"]
    assert [form.initial["title"] for form in formset] == ["Opening", "Kennismaking", "Afsluiting"]


def test_an_empty_agenda_starts_with_one_line(cast, facilitator):
    response = facilitator.get(ADDRESS)
    assert len(response.context["formset"].forms) == 1
    facilitator.post(ADDRESS, form([{"title": ""}]))
    assert stored(cast.meeting) == []


def test_save_adds_changes_removes_and_reorders_and_keeps_the_identity_of_items(cast, facilitator, items):
    opening, _meeting_each_other, closing = items
    rows = [
        row(closing, title="Afsluiting en borrel"),
        {"title": "Cijfers", "kind": "figures", "starts_at": "13:30", "minutes": "20", "presenter": "Hillegom"},
        row(opening),
    ]
    response = facilitator.post(ADDRESS, form(rows))
    assert response.status_code == 302
    assert stored(cast.meeting) == [
        (1, "Afsluiting en borrel", "closing", None, None, ""),
        (2, "Cijfers", "figures", dt.time(13, 30), 20, "Hillegom"),
        (3, "Opening", "opening", None, 15, ""),
    ]
    first, new, last = cast.meeting.agenda_items.all()
    assert (first.pk, last.pk) == (closing.pk, opening.pk)
    assert new.pk not in {item.pk for item in items}
    cast.meeting.refresh_from_db()
    assert cast.meeting.agenda_version == 1


@pytest.mark.parametrize(
    ("do", "order"),
    [
        ("up:1", ["Kennismaking", "Opening", "Afsluiting"]),
        ("down:1", ["Opening", "Afsluiting", "Kennismaking"]),
        ("up:0", ["Opening", "Kennismaking", "Afsluiting"]),
        ("down:2", ["Opening", "Kennismaking", "Afsluiting"]),
        ("remove:1", ["Opening", "Afsluiting"]),
        ("add", ["Opening", "Kennismaking", "Afsluiting", ""]),
        ("up:99", ["Opening", "Kennismaking", "Afsluiting"]),
        ("up:-1", ["Opening", "Kennismaking", "Afsluiting"]),
        ("dance", ["Opening", "Kennismaking", "Afsluiting"]),
    ],
)
def test_buttons_rearrange_what_was_typed_and_store_nothing(cast, facilitator, items, do, order):
    before = stored(cast.meeting)
    response = facilitator.post(ADDRESS, form([row(item) for item in items], do=do))
    assert response.status_code == 200
    assert [form.initial.get("title", "") for form in response.context["formset"]] == order
    assert stored(cast.meeting) == before


def test_what_was_typed_survives_a_button_even_when_it_is_not_valid(facilitator, items):
    rows = [row(items[0], minutes="een kwartier"), row(items[1])]
    response = facilitator.post(ADDRESS, form(rows, do="down:0"))
    assert 'value="een kwartier"' in response.content.decode()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"title": ""}, "Give this item a title, or remove it."),
        ({"minutes": "kwartier"}, "Write the minutes as a whole number, such as 15."),
        (
            {"minutes": "0"},
            "An item takes at least one minute. Leave the minutes empty for an open end.",
        ),
        ({"minutes": "99999"}, "An item takes at most a day (1440 minutes)."),
        ({"starts_at": "kwart over een"}, "This is not a time. Write hours and minutes, such as 13:30."),
    ],
)
def test_bad_input_is_refused_in_a_sentence_and_nothing_is_stored(cast, facilitator, items, changes, refusal):
    before = stored(cast.meeting)
    response = facilitator.post(ADDRESS, form([row(items[0], title="Nieuw"), row(items[1], **changes)]))
    assert response.status_code == 400
    assert response.context["formset"].forms[1].errors == {next(iter(changes)): [refusal]}
    assert stored(cast.meeting) == before


def test_two_tabs_the_second_is_told_with_both_versions(cast, facilitator, items):
    assert facilitator.post(ADDRESS, form([row(items[0], title="Welkom")], version=0)).status_code == 302
    after_first = stored(cast.meeting)
    mine = [row(items[0], title="Opening door de burgemeester"), row(items[1])]
    response = facilitator.post(ADDRESS, form(mine, version=0))
    assert response.status_code == 409
    assert stored(cast.meeting) == after_first
    text = response.content.decode()
    assert "Somebody else saved this agenda after you opened it" in text
    assert "Welkom" in text
    assert 'value="Opening door de burgemeester"' in text
    assert 'value="Kennismaking"' in text
    # The form carries the new version: saving again replaces what is stored now.
    assert 'name="agenda_version" value="1"' in text
    assert facilitator.post(ADDRESS, form(mine, version=1)).status_code == 302
    assert [line[1] for line in stored(cast.meeting)] == ["Opening door de burgemeester", "Kennismaking"]


def test_a_button_in_an_outdated_tab_keeps_the_old_version(cast, facilitator, items):
    facilitator.post(ADDRESS, form([row(items[0], title="Welkom")], version=0))
    response = facilitator.post(ADDRESS, form([row(item) for item in items], version=0, do="add"))
    assert response.context["version"] == 0
    assert facilitator.post(ADDRESS, form([row(item) for item in items], version=0)).status_code == 409


def test_the_same_form_twice_is_saved_once(cast, facilitator, items):
    data = form([row(items[0], title="Welkom"), {"title": "Nieuw", "notes": "een\r\ntwee"}])
    assert [facilitator.post(ADDRESS, data).status_code for _ in range(2)] == [302, 302]
    assert [line[1] for line in stored(cast.meeting)] == ["Welkom", "Nieuw"]
    cast.meeting.refresh_from_db()
    assert cast.meeting.agenda_version == 1


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999", "7"])
def test_a_nonsense_version_is_a_conflict_not_a_save(cast, facilitator, items, version):
    before = stored(cast.meeting)
    data = {**form([row(items[0], title="Welkom")]), "agenda_version": version}
    assert facilitator.post(ADDRESS, data).status_code == 409
    assert stored(cast.meeting) == before


def test_an_item_of_another_meeting_is_not_taken(cast, facilitator):
    other = Meeting.objects.create(kring=cast.kring_v, number=1, title="Elders", date=dt.date(2009, 6, 1))
    theirs = AgendaItem.objects.create(meeting=other, position=1, title="Geheim")
    facilitator.post(ADDRESS, form([{"pk": theirs.pk, "title": "Van mij"}]))
    assert stored(other) == [(1, "Geheim", "theme", None, None, "")]
    assert [line[1] for line in stored(cast.meeting)] == ["Van mij"]


def test_a_form_without_its_counts_is_refused(facilitator, items):
    assert facilitator.post(ADDRESS, {"agenda_version": "0", "do": "save"}).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_of_two_savers_at_the_same_moment_one_wins(cast):
    outcomes: list[str] = []

    def save(title: str) -> None:
        try:
            agendas.save_agenda(meeting=cast.meeting, lines=[AgendaLine(title=title)], seen=0)
            outcomes.append("saved")
        except AgendaChanged:
            outcomes.append("told")

    def save_in_a_connection_of_its_own(title: str) -> None:
        save(title)
        connections.close_all()

    if connection.vendor == "sqlite":
        # One connection in memory: there a second writer always comes after the first.
        save("a")
        save("b")
    else:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(save_in_a_connection_of_its_own, ("a", "b")))
    assert sorted(outcomes) == ["saved", "told"]
    assert AgendaItem.objects.filter(meeting=cast.meeting).count() == 1
