"""Cards: what an address becomes, what each reader sees of it, and what nobody may learn from the log."""

from __future__ import annotations

import datetime as dt
import json
import uuid

import pytest
from django.utils import timezone, translation

from benchmark.models import ComparisonGroup, DataRevision, Dataset, FiguresChange, Goal, ImportBatch, Measurement
from goodpractices.models import GoodPractice
from kringen.conversation import rooms
from kringen.models import Attachment, Message, RoomEvent

CHART = "/benchmark/indicatoren/wac_balie_gem/?municipality=GM0473&group=kring&first=2007&last=2008"


@pytest.fixture
def figures(cast) -> Dataset:
    """Put 12, 10 and 20 minutes in Kring C, and 6 in Delft."""
    made = Dataset.objects.create(slug="bpz", name="BPZ", source="Benchmarking Publiekszaken")
    for where, value in [(cast.hillegom, 12.0), (cast.zandvoort, 10.0), (cast.beverwijk, 20.0), (cast.delft, 6.0)]:
        for year in (2006, 2007, 2008):
            Measurement.objects.create(
                indicator=cast.indicator, municipality=where, year=year, value=value, dataset=made
            )
    DataRevision.objects.update_or_create(pk=1, defaults={"number": 7})
    return made


def say(cast, body, by=None, **more) -> Message:
    done = rooms.send(sender=by or cast.facilitator, room=cast.room, client_id=uuid.uuid4(), body=body, **more)
    return Message.objects.get(pk=done.message_id)


def seen(client, cast, message, who) -> str:
    client.force_login(who)
    answer = client.get(f"/kringen/kring-c/ruimtes/{cast.room.pk}/berichten/{message.pk}/kaarten/?deel=1")
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_address_on_a_line_of_its_own_becomes_a_chart(cast, figures):
    message = say(cast, f"Kijk eens:\n\n{CHART}\n\nWat vindt u?")
    assert message.body == "Kijk eens:\n\nWat vindt u?"
    assert message.cards == [
        {
            "kind": "chart",
            "indicator": "wac_balie_gem",
            "group": "kring",
            "report": "",
            "from": 2007,
            "to": 2008,
            "revision": 7,
        }
    ]


def test_the_whole_address_of_this_site_counts_too(cast, figures, settings):
    settings.ALLOWED_HOSTS = ["kringen.example"]
    assert say(cast, f"https://kringen.example{CHART}").cards[0]["kind"] == "chart"
    assert say(cast, f"https://elders.example{CHART}").cards == []


@pytest.mark.parametrize(
    "line",
    [
        "/benchmark/indicatoren/bestaat_niet/",
        "/benchmark/",
        "/accounts/logout/",
        "zie /benchmark/indicatoren/wac_balie_gem/",
        "http://[::1/benchmark/indicatoren/wac_balie_gem/",
        "/" + "x" * 700,
        "```\n/benchmark/indicatoren/wac_balie_gem/\n```",
    ],
)
def test_what_is_no_card_stays_text(cast, line):
    message = say(cast, line)
    assert message.cards == []
    assert message.body == line


def test_the_same_message_shows_each_reader_their_own_municipality(client, cast, figures):
    message = say(cast, CHART)
    hillegom = seen(client, cast, message, cast.participant)
    zandvoort = seen(client, cast, message, cast.colleague)
    sentence = '<p class="k-sentence">'
    assert "Hillegom" in hillegom.split(sentence)[1].split("</p>")[0]
    assert "12" in hillegom.split(sentence)[1].split("</p>")[0]
    assert "Zandvoort" in zandvoort.split(sentence)[1].split("</p>")[0]
    assert "10" in zandvoort.split(sentence)[1].split("</p>")[0]
    assert "Hillegom" not in zandvoort.split(sentence)[1].split("</p>")[0]
    for html in (hillegom, zandvoort):
        assert "<table" in html
        assert "<svg" in html
        assert ">2006<" not in html  # the period of the address


def test_a_chart_shows_the_goal_of_the_reader(client, cast, figures):
    Goal.objects.create(
        municipality=cast.hillegom,
        indicator=cast.indicator,
        title="Hooguit tien minuten",
        target_value=10.0,
        target_date=dt.date(2009, 12, 31),
        visibility=Goal.Visibility.OWN,
    )
    message = say(cast, CHART)
    assert "Hooguit tien minuten" in seen(client, cast, message, cast.participant)
    assert "Hooguit tien minuten" not in seen(client, cast, message, cast.colleague)


def test_the_log_holds_no_figure_and_no_municipality(cast, figures):
    say(cast, CHART, by=cast.participant)
    payload = RoomEvent.objects.get().payload
    assert payload.pop("cards") == [
        {
            "kind": "chart",
            "indicator": "wac_balie_gem",
            "group": "kring",
            "report": "",
            "from": 2007,
            "to": 2008,
            "revision": 7,
        }
    ]
    # nor in what was drawn of it: the numbers below are ids
    assert {key: payload[key] for key in ("body", "html", "replyTo")} == {"body": "", "html": "", "replyTo": None}
    assert set(payload) == {"cid", "body", "html", "topic", "replyTo"}


def test_a_group_of_the_writers_own_becomes_another_one_with_a_word_about_it(client, cast, figures):
    peers = ComparisonGroup.objects.create(
        kind=ComparisonGroup.Kind.CHOSEN, name="Geheim lijstje", owner=cast.participant
    )
    peers.municipalities.set([cast.hillegom, cast.zandvoort])
    message = say(cast, f"/benchmark/indicatoren/wac_balie_gem/?group=peers:{peers.pk}", by=cast.participant)
    assert "Geheim lijstje" in seen(client, cast, message, cast.participant)
    other = seen(client, cast, message, cast.colleague)
    assert "Geheim lijstje" not in other
    with translation.override("nl"):
        assert translation.gettext("The writer compared with a group of their own; you see another group.") in other


def test_a_chart_leads_to_the_figures_with_which_it_was_put_there(client, cast, figures):
    message = say(cast, CHART)
    html = seen(client, cast, message, cast.participant)
    assert "k-hung__newer" not in html
    assert "from=2007&amp;to=2008&amp;revision=7" in html
    older = say(cast, f"{CHART}&revision=6")
    assert older.cards[0]["revision"] == 6
    assert say(cast, f"{CHART}&revision=99").cards[0]["revision"] == 7  # of figures that do not exist yet


def moved_on(number: int, **what) -> None:
    """Let the figures move on, and tell what changed."""
    for at in range(DataRevision.current() + 1, number + 1):
        FiguresChange.objects.create(number=at, **what)
    DataRevision.objects.update(number=number)


def test_newer_figures_are_named_with_links_to_both(client, cast, figures):
    message = say(cast, CHART)
    batch = ImportBatch.objects.create(dataset=figures, file_name="later.csv", sha256="0" * 64)
    Measurement.objects.filter(municipality=cast.hillegom, year=2008).update(value=11.0, batch=batch)
    moved_on(8, batch=batch)
    html = seen(client, cast, message, cast.participant)
    told = html.split("k-hung__newer")[1].split("</p>")[0]
    links = [one.split('"')[0] for one in told.split('href="')[1:]]
    assert [("revision=7" in one, "revision" in one) for one in links] == [(True, True), (False, False)]


def test_a_change_of_other_figures_is_not_news(client, cast, figures):
    message = say(cast, CHART)
    other = ImportBatch.objects.create(dataset=figures, file_name="other.csv", sha256="1" * 64)
    moved_on(8, batch=other)
    moved_on(9, indicators=[cast.indicator.pk + 1])  # an import of something else, taken back
    assert "k-hung__newer" not in seen(client, cast, message, cast.participant)
    moved_on(10, indicators=[cast.indicator.pk])
    assert "k-hung__newer" in seen(client, cast, message, cast.participant)


def test_where_nobody_kept_what_changed_the_moment_of_an_import_tells(client, cast, figures):
    message = say(cast, CHART)
    DataRevision.objects.update(number=9)
    assert "k-hung__newer" not in seen(client, cast, message, cast.participant)
    batch = ImportBatch.objects.create(dataset=figures, file_name="later.csv", sha256="0" * 64)
    ImportBatch.objects.update(imported_at=timezone.now() + dt.timedelta(minutes=1))
    Measurement.objects.filter(municipality=cast.hillegom, year=2008).update(batch=batch)
    assert "k-hung__newer" in seen(client, cast, message, cast.participant)


def practice(cast, **fields) -> GoodPractice:
    return GoodPractice.objects.create(
        **{
            "slug": "afspraak-via-de-balie",
            "title": "Afspraak via de balie",
            "summary": "Kort",
            "municipality": cast.hillegom,
            "author": cast.participant,
            "state": GoodPractice.State.PUBLISHED,
            "visibility": GoodPractice.Visibility.PUBLIC,
            "published_at": timezone.now(),
            **fields,
        }
    )


def test_a_practice_without_rights_is_a_sentence_and_never_a_title(client, cast):
    made = practice(cast)
    message = say(cast, f"/praktijken/{made.slug}/", by=cast.participant)
    assert message.cards == [{"kind": "practice", "id": made.pk}]
    assert made.title in seen(client, cast, message, cast.colleague)
    GoodPractice.objects.update(state=GoodPractice.State.DRAFT)
    html = seen(client, cast, message, cast.colleague)
    assert made.title not in html
    assert made.slug not in html
    assert made.slug not in json.dumps(RoomEvent.objects.get().payload)


def test_what_the_writer_may_not_open_cannot_be_passed_on(cast):
    made = Goal.objects.create(
        municipality=cast.delft,
        indicator=cast.indicator,
        title="Geheim van Delft",
        target_value=5.0,
        target_date=dt.date(2009, 12, 31),
        visibility=Goal.Visibility.OWN,
    )
    assert say(cast, f"/doelen/{made.pk}/", by=cast.participant).cards == []
    own = Goal.objects.create(
        municipality=cast.hillegom,
        indicator=cast.indicator,
        title="Ons doel",
        target_value=5.0,
        target_date=dt.date(2009, 12, 31),
    )
    assert say(cast, f"/doelen/{own.pk}/", by=cast.participant).cards == [{"kind": "goal", "id": own.pk}]


def test_a_meeting_is_a_card_with_its_day(client, cast):
    message = say(cast, "/kringen/kring-c/bijeenkomsten/1/")
    assert message.cards == [{"kind": "meeting", "id": cast.meeting.pk}]
    assert "Kringbijeenkomst 1" in seen(client, cast, message, cast.participant)


def test_a_seventh_card_is_refused_and_nothing_is_stored(cast, figures):
    lines = [f"/benchmark/indicatoren/wac_balie_gem/?first={year}" for year in range(2000, 2007)]
    with pytest.raises(rooms.RoomRefused) as refused:
        say(cast, "\n".join(lines))
    assert refused.value.code == "cards"
    assert not Message.objects.exists()


def test_strangers_do_not_get_the_cards(client, cast, figures):
    message = say(cast, CHART)
    client.force_login(cast.stranger)
    assert client.get(f"/kringen/kring-c/ruimtes/{cast.room.pk}/berichten/{message.pk}/kaarten/").status_code == 404


def test_changing_a_message_keeps_its_cards_or_lets_one_go(cast, figures):
    message = say(cast, f"Kijk\n{CHART}\n/kringen/kring-c/bijeenkomsten/1/", by=cast.participant)
    change = {"editor": cast.participant, "room": cast.room, "message_id": message.pk}
    rooms.edit(**change, client_id=uuid.uuid4(), body="Kijk hier")
    message.refresh_from_db()
    assert [card["kind"] for card in message.cards] == ["chart", "meeting"]
    rooms.edit(**change, client_id=uuid.uuid4(), body="", cards=[message.cards[1]])
    message.refresh_from_db()
    assert [card["kind"] for card in message.cards] == ["meeting"]
    assert message.body == ""


def test_deleting_takes_the_cards_out_of_the_log(cast, figures):
    message = say(cast, CHART, by=cast.participant)
    rooms.delete(by=cast.participant, room=cast.room, message_id=message.pk, client_id=uuid.uuid4())
    assert "cards" not in RoomEvent.objects.get(seq=1).payload
    message.refresh_from_db()
    assert message.cards == []


def test_the_menu_finds_by_letters_and_only_what_one_may_open(client, cast, figures):
    practice(cast, state=GoodPractice.State.DRAFT, municipality=cast.delft, author=cast.stranger)
    client.force_login(cast.participant)
    here = f"/kringen/kring-c/ruimtes/{cast.room.pk}/kiezen/"
    found = client.get(here, {"soort": "grafiek", "q": "wachttijd"}).json()["found"]
    assert [one["address"] for one in found] == ["/benchmark/indicatoren/wac_balie_gem/?group=kring"]
    assert client.get(here, {"soort": "praktijk", "q": "balie"}).json()["found"] == []
    assert [one["word"] for one in client.get(here).json()["kinds"]] == ["grafiek", "praktijk", "bijeenkomst", "doel"]
    assert client.get(here, {"soort": "onzin"}).status_code == 404


def test_a_preview_stores_nothing(client, cast, figures):
    client.force_login(cast.participant)
    here = f"/kringen/kring-c/ruimtes/{cast.room.pk}/voorbeeld/"
    html = client.post(here, {"body": f"**vet**\n\n{CHART}"}).content.decode()
    assert "<strong>vet</strong>" in html
    assert "k-chart-card" in html
    assert not Message.objects.exists()
    assert client.post(here, {"body": "  "}).status_code == 422


def test_the_queries_of_a_page_do_not_grow_with_its_cards(client, cast, figures, django_assert_max_num_queries):
    client.force_login(cast.participant)
    here = f"/kringen/kring-c/ruimtes/{cast.room.pk}/"
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    say(cast, CHART)
    client.get(here)
    with CaptureQueriesContext(connection) as one:
        client.get(here)
    for _ in range(2):
        say(cast, CHART)
    with CaptureQueriesContext(connection) as three:
        client.get(here)
    assert len(three) == len(one)


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "![x](https://elders.example/p.png)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://a.example "onmouseover=alert(1)")',
    '[x](https://a.example "\\" onmouseover=alert(1) \\"")',
    "<a href='javascript:alert(1)'>x</a>",
    "<iframe src=https://elders.example></iframe>",
    "<object data=x></object>",
    "<embed src=x>",
    "<form action=https://elders.example><input></form>",
    "<style>*{display:none}</style>",
    "<link rel=stylesheet href=https://elders.example>",
    "<base href=https://elders.example>",
    "<meta http-equiv=refresh content='0;url=https://elders.example'>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)></style></mglyph></math>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<body onload=alert(1)>",
    "<span class='k-mention' onclick=alert(1)>x</span>",
    "`<script>alert(1)</script>`",
    "```\n<script>alert(1)</script>\n```",
    "| <script>alert(1)</script> | b |\n|---|---|\n| <img src=x onerror=alert(1)> | d |",
    "> <script>alert(1)</script>",
    "# <img src=x onerror=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    '"><script>alert(1)</script>',
    "'-alert(1)-'",
    "{{ 7|add:7 }}{% debug %}",
    "</textarea><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "--><script>alert(1)</script><!--",
    "@<script>alert(1)</script>",
    'https://a.example/"onmouseover=alert(1)',
    "<x@y.example onclick=alert(1)>",
    "\u202ejavascript:alert(1)",
    "<ScRiPt\n>alert(1)</ScRiPt>",
]


def dangerous(html: str) -> list[str]:
    """Return the elements and attributes in some HTML that could do something."""
    from html.parser import HTMLParser

    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag in {"script", "iframe", "object", "embed", "style", "link", "base", "meta", "math", "video"}:
                found.append(tag)
            for name, value in attrs:
                if name.startswith("on") or (
                    name in {"href", "src", "action", "formaction"}
                    and (value or "").strip().lower().startswith(("javascript:", "data:", "vbscript:"))
                ):
                    found.append(f"{tag} {name}={value}")

    Reader().feed(html)
    return found


def test_the_reader_of_the_test_below_sees_what_is_dangerous():
    assert dangerous("<p onclick=x><a href=' JavaScript:y'>") == ["p onclick=x", "a href= JavaScript:y"]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_somebody_writes_can_do_anything(client, cast, text):
    from kringen.conversation import polls

    message = say(cast, text)
    assert dangerous(message.html) == []
    polls.open_poll(
        by=cast.facilitator, room=cast.room, client_id=uuid.uuid4(), question=text[:300], options=[text[:150], "b"]
    )
    poll = Message.objects.latest("pk")
    named = Attachment.objects.create(
        room=cast.room, owner=cast.facilitator, message=message, name=f"{text[:100]}.pdf", kind="pdf", size=3, file="x"
    )
    Message.objects.filter(pk=message.pk).update(cards=[{"kind": "file", "id": str(named.pk)}])
    for each in (message, poll):
        assert dangerous(seen(client, cast, each, cast.participant)) == []
    page = client.get(f"/kringen/kring-c/ruimtes/{cast.room.pk}/").content.decode()
    inside = page.split("data-list", 1)[1].split("data-composer", 1)[0]
    assert dangerous(inside) == []
