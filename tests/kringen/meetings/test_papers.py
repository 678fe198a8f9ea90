"""Papers with the items of an agenda: who brings and fetches them, and that they go with their item."""

import datetime as dt
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kringen.conversation.subjects import open_about
from kringen.meetings import agendas, papers
from kringen.meetings.agendas import AgendaLine
from kringen.meetings.outcomes import MAX_FILES, OutcomeRefused
from kringen.models import AgendaItem, Meeting, MeetingFile, RoomEvent
from kringsite.demo.documents import pdf

pytestmark = pytest.mark.usefixtures("english")

MEETING = "/kringen/kring-c/bijeenkomsten/1/"


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path) -> Path:
    for name in ("file", "thumbnail"):
        storage = MeetingFile._meta.get_field(name).storage  # noqa: SLF001 — Django's way to a field
        monkeypatch.setattr(storage, "location", str(tmp_path))
    return tmp_path


@pytest.fixture
def items(cast) -> list[AgendaItem]:
    return [
        AgendaItem.objects.create(meeting=cast.meeting, position=at, title=title)
        for at, title in enumerate(("Opening", "Cijfers"), 1)
    ]


def login(user) -> Client:
    type(user).objects.filter(pk=user.pk).update(language="en")
    client = Client()
    client.force_login(user)
    return client


def paper(name: str = "../voorstel.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf("Voorstel", ["een regel"]))


def bring(client, item, file, **more):
    return client.post(f"{MEETING}stukken/", {"role": "paper", "item": item, "file": file, **more}, follow=True)


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def kept_on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_paper_stands_with_its_item_on_both_pages_and_is_a_download(cast, items, folder):
    answer = bring(login(cast.facilitator), items[1].pk, paper())
    assert said(answer) == ["The file is kept with the meeting."]
    kept = MeetingFile.objects.get()
    assert (kept.role, kept.item, kept.name, kept.kind) == ("paper", items[1], "voorstel.pdf", "pdf")
    member = login(cast.participant)
    address = f"{MEETING}stukken/{kept.pk}/"
    rows = member.get(MEETING).context["rows"]
    assert [row.papers for row in rows] == [(), (kept,)]
    for page in (MEETING, f"{MEETING}live/"):
        assert f'href="{address}"' in member.get(page).content.decode()
    screen = member.get(f"{MEETING}live/scherm/").content.decode()
    assert "voorstel.pdf" in screen
    assert address not in screen
    fetched = member.get(address)
    assert b"".join(fetched.streaming_content).startswith(b"%PDF")
    assert fetched["Content-Disposition"].startswith("attachment")
    assert fetched["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_who_may_not_gets_nothing(cast, items):
    kept = papers.bring(item=items[0], upload=paper(), by=cast.facilitator)
    address = f"{MEETING}stukken/{kept.pk}/"
    assert login(cast.stranger).get(address).status_code == 404
    assert login(cast.validator).get(address).status_code == 404
    member = login(cast.participant)
    assert "Bring a paper for an item" not in member.get(MEETING).content.decode()
    assert bring(member, items[0].pk, paper()).status_code == 403
    assert member.post(f"{address}weg/").status_code == 403
    other = Meeting.objects.create(kring=cast.kring_v, number=1, title="V", date=dt.date(2009, 6, 25))
    theirs = AgendaItem.objects.create(meeting=other, position=1, title="Van hen")
    guide = login(cast.facilitator)
    for item in (theirs.pk, 999_999, "", "x"):
        assert bring(guide, item, paper()).status_code == 404
    assert list(MeetingFile.objects.all()) == [kept]


def macros() -> SimpleUploadedFile:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("[Content_Types].xml", "macroEnabled")
        parts.writestr("word/vbaProject.bin", "x")
    return SimpleUploadedFile("stuk.docx", out.getvalue())


@pytest.mark.parametrize(
    ("file", "refusal"),
    [
        (lambda: SimpleUploadedFile("stuk.pdf", b"<html><script>"), "This kind of file cannot be sent."),
        (lambda: SimpleUploadedFile("stuk.pdf", b""), "This file is empty."),
        (macros, "This document holds macros"),
    ],
)
def test_what_is_refused_gets_a_sentence_and_leaves_nothing(cast, items, folder, file, refusal):
    [sentence] = said(bring(login(cast.facilitator), items[0].pk, file()))
    assert sentence.startswith(refusal)
    assert not MeetingFile.objects.exists()
    assert kept_on_disk(folder) == []


def test_a_full_meeting_and_an_item_that_went_say_so(cast, items, folder):
    gone = items[1]
    AgendaItem.objects.filter(pk=gone.pk).delete()
    with pytest.raises(OutcomeRefused, match="This item is not on the agenda any more"):
        papers.bring(item=gone, upload=paper(), by=cast.facilitator)
    assert kept_on_disk(folder) == []
    MeetingFile.objects.bulk_create(
        MeetingFile(meeting=cast.meeting, role="sheets", name=str(at), kind="pdf", size=1) for at in range(MAX_FILES)
    )
    with pytest.raises(OutcomeRefused, match="at most 60 files"):
        papers.bring(item=items[0], upload=paper(), by=cast.facilitator)


def test_it_goes_with_its_item_and_only_then(cast, items, folder, django_capture_on_commit_callbacks):
    for item in items:
        papers.bring(item=item, upload=paper(), by=cast.facilitator)
    opening = AgendaLine(title="Opening", pk=items[0].pk)
    with django_capture_on_commit_callbacks(execute=True):
        agendas.save_agenda(meeting=cast.meeting, lines=[AgendaLine(title="Cijfers", pk=items[1].pk), opening], seen=0)
    assert MeetingFile.objects.count() == len(kept_on_disk(folder)) == 2
    with django_capture_on_commit_callbacks(execute=True):
        agendas.save_agenda(meeting=cast.meeting, lines=[opening], seen=1)
    left = MeetingFile.objects.get()
    assert left.item == items[0]
    assert [path.name for path in kept_on_disk(folder)] == [str(left.pk)]


def test_open_screens_follow_and_taking_away_removes_the_file(cast, items, folder, django_capture_on_commit_callbacks):
    room = open_about(kring=cast.kring_c, subject=cast.meeting, by=cast.participant)
    client = login(cast.facilitator)
    bring(client, items[0].pk, paper())
    with django_capture_on_commit_callbacks(execute=True):
        away = client.post(f"{MEETING}stukken/{MeetingFile.objects.get().pk}/weg/")
    assert away["Location"] == f"{MEETING}#agenda"
    assert not MeetingFile.objects.exists()
    assert kept_on_disk(folder) == []
    assert list(room.events.values_list("kind", flat=True)) == [RoomEvent.Kind.AGENDA_CHANGE] * 2


def test_the_pages_ask_the_same_for_one_and_three_papers(cast, items):
    client = login(cast.participant)
    counts = []
    for number in (1, 2):
        for _each in range(number):
            papers.bring(item=items[0], upload=paper(), by=cast.facilitator)
        for page in (MEETING, f"{MEETING}live/"):
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
