"""What a meeting leaves behind: sheets, photos, questions to the office, and the numbers of decisions."""

import datetime as dt
import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from kringen.circle import cockpit
from kringen.meetings import minutes, outcomes
from kringen.models import Decision, Meeting, MeetingFile, OfficeQuestion
from kringsite.demo.documents import pdf
from people.models import Notification

pytestmark = pytest.mark.usefixtures("english")

MEETING = "/kringen/kring-c/bijeenkomsten/1/"


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch, tmp_path):
    for name in ("file", "thumbnail"):
        storage = MeetingFile._meta.get_field(name).storage  # noqa: SLF001 — Django's way to a field
        monkeypatch.setattr(storage, "location", str(tmp_path))


def login(user) -> Client:
    user.language = "en"
    user.save()
    client = Client()
    client.force_login(user)
    return client


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def sheets() -> SimpleUploadedFile:
    return SimpleUploadedFile("../sheets maart.pdf", pdf("Sheets", ["een regel"]))


def photo() -> SimpleUploadedFile:
    image, out = Image.new("RGB", (900, 600), (10, 120, 200)), io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "aan tafel op Dorpsstraat 1"
    image.save(out, "JPEG", exif=exif)
    return SimpleUploadedFile("tafel.jpg", out.getvalue())


def test_sheets_are_kept_and_come_back_as_a_download(cast):
    response = login(cast.facilitator).post(f"{MEETING}stukken/", {"role": "sheets", "file": sheets()}, follow=True)
    assert said(response) == ["The file is kept with the meeting."]
    kept = MeetingFile.objects.get()
    assert (kept.name, kept.kind, kept.brought_by) == ("sheets maart.pdf", "pdf", cast.facilitator)
    assert b"sheets maart.pdf" in login(cast.participant).get(MEETING).content
    answer = login(cast.participant).get(f"{MEETING}stukken/{kept.pk}/")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_photo_loses_what_the_camera_wrote_and_has_words(cast):
    client = login(cast.facilitator)
    client.post(f"{MEETING}stukken/", {"role": "photo", "alt": " Iedereen  aan tafel ", "file": photo()})
    kept = MeetingFile.objects.get()
    assert (kept.alt, kept.width, kept.height) == ("Iedereen aan tafel", 900, 600)
    assert b"Dorpsstraat" in photo().read()
    assert b"Dorpsstraat" not in kept.file.read()
    small = b"".join(client.get(f"{MEETING}stukken/{kept.pk}/klein/").streaming_content)
    assert Image.open(io.BytesIO(small)).size == (640, 427)
    assert b'alt="Iedereen aan tafel"' in client.get(MEETING).content


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"role": "photo", "file": photo}, "Say in a few words what can be seen on the photo, for who cannot see it."),
        (
            {"role": "photo", "alt": "x", "file": sheets},
            "A photo is a picture (JPEG, PNG, GIF or WebP). Bring this file as sheets.",
        ),
        ({"role": "sheets", "file": photo}, "Sheets are a document or a presentation. Bring this picture as a photo."),
        ({"role": "film", "file": sheets}, "Say whether it is sheets or a photo."),
        ({"role": "sheets"}, "No file arrived. Choose one and try again."),
        (
            {"role": "sheets", "file": lambda: SimpleUploadedFile("x.pdf", b"<script>alert(1)</script>")},
            "This kind of file cannot be sent.",
        ),
    ],
)
def test_what_is_not_kept_is_said(cast, fields, refusal):
    data = {name: value() if callable(value) else value for name, value in fields.items()}
    response = login(cast.facilitator).post(f"{MEETING}stukken/", data, follow=True)
    [sentence] = said(response)
    assert sentence.startswith(refusal)
    assert not MeetingFile.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("validator", 404), ("steering", 200)])
def test_who_gets_the_files(cast, who, status):
    kept = outcomes.bring(meeting=cast.meeting, upload=sheets(), role="sheets", by=cast.facilitator)
    assert login(getattr(cast, who)).get(f"{MEETING}stukken/{kept.pk}/").status_code == status
    refused = login(getattr(cast, who)).post(f"{MEETING}stukken/{kept.pk}/weg/")
    assert refused.status_code == (404 if status == 404 else 403)
    assert MeetingFile.objects.exists()


def test_a_file_that_is_taken_away_leaves_the_disk(cast, tmp_path, django_capture_on_commit_callbacks):
    kept = outcomes.bring(meeting=cast.meeting, upload=sheets(), role="sheets", by=cast.facilitator)
    assert [one for one in tmp_path.rglob("*") if one.is_file()]
    with django_capture_on_commit_callbacks(execute=True):
        login(cast.facilitator).post(f"{MEETING}stukken/{kept.pk}/weg/")
    assert not [one for one in tmp_path.rglob("*") if one.is_file()]


def test_a_question_is_asked_and_answered_in_the_open(cast):
    client, form = login(cast.participant), {"text": "Wanneer komt het rapport?", "submission": str(uuid.uuid4())}
    client.post(f"{MEETING}vragen/", form)
    client.post(f"{MEETING}vragen/", form)
    question = OfficeQuestion.objects.get()
    told = set(Notification.objects.filter(kind="question.asked").values_list("user__email", flat=True))
    assert told == {cast.facilitator.email, cast.office.email}
    assert client.post(f"{MEETING}vragen/{question.pk}/", {"text": "Zelf"}).status_code == 403
    login(cast.office).post(f"{MEETING}vragen/{question.pk}/", {"text": "In juni."})
    page = login(cast.colleague).get(MEETING).content.decode()
    assert "Wanneer komt het rapport?" in page
    assert "In juni." in page
    assert Notification.objects.get(kind="question.answered").user == cast.participant


@pytest.mark.parametrize(
    ("text", "refusal"),
    [(" ", "Write down your question."), ("x" * 501, "A question has at most 500 characters. Make it shorter.")],
)
def test_what_is_no_question(cast, text, refusal):
    response = login(cast.participant).post(f"{MEETING}vragen/", {"text": text}, follow=True)
    assert said(response) == [refusal]
    assert not OfficeQuestion.objects.exists()


def test_strangers_and_the_steering_group_ask_nothing(cast):
    assert login(cast.stranger).post(f"{MEETING}vragen/", {"text": "Wat?"}).status_code == 404
    assert login(cast.steering).post(f"{MEETING}vragen/", {"text": "Wat?"}).status_code == 403
    assert not OfficeQuestion.objects.exists()


def decide(cast, number: int) -> None:
    Decision.objects.create(
        kring=cast.kring_c,
        meeting=cast.meeting,
        year=2009,
        number=number,
        text=f"Besluit over {number}",
        recorded_at=timezone.now(),
    )


def test_decisions_stand_on_the_meeting_and_in_the_list_of_the_kring(cast, django_assert_num_queries):
    client = login(cast.participant)
    decide(cast, 1)
    assert "<strong>2009-1</strong> Besluit over 1" in client.get(MEETING).content.decode()
    with CaptureQueriesContext(connection) as one:
        client.get("/kringen/kring-c/besluiten/")
    decide(cast, 2)
    decide(cast, 3)
    with django_assert_num_queries(len(one)):
        page = client.get("/kringen/kring-c/besluiten/").content.decode()
    assert page.index("2009-3") < page.index("2009-2") < page.index("2009-1")
    assert login(cast.stranger).get("/kringen/kring-c/besluiten/").status_code == 404


def test_the_meeting_costs_the_same_with_one_and_three_of_everything(cast, django_assert_num_queries):
    client = login(cast.facilitator)

    def add(number: int) -> None:
        decide(cast, number)
        outcomes.bring(meeting=cast.meeting, upload=sheets(), role="sheets", by=cast.facilitator)
        outcomes.bring(meeting=cast.meeting, upload=photo(), role="photo", alt="x", by=cast.facilitator)
        asked = outcomes.ask(meeting=cast.meeting, text="Wat?", by=cast.participant)
        outcomes.answer(question=asked, text="Dat", by=cast.office)

    add(1)
    client.get(MEETING)
    with CaptureQueriesContext(connection) as one:
        client.get(MEETING)
    add(2)
    add(3)
    with django_assert_num_queries(len(one)):
        client.get(MEETING)


def test_the_cockpit_names_meetings_without_minutes_and_rounds_that_are_over(cast, settings):
    def found() -> list[str]:
        [concern] = [each for each in cockpit.concerns(cast.kring_c) if each.key == "minutes"]
        assert {point.url for point in concern.points} <= {f"{MEETING}verslag/"}
        return [point.text for point in concern.points]

    assert found() == []
    Meeting.objects.update(date=dt.date(2009, 2, 12))
    assert found() == ["Kringbijeenkomst 1: no minutes yet"]
    made = minutes.draft(meeting=cast.meeting, by=cast.facilitator)
    assert found() == []
    minutes.open_round(minutes=made, until=dt.date(2009, 3, 20), by=cast.facilitator)
    assert found() == []
    settings.DEMO_TODAY = dt.date(2009, 3, 21)
    assert found() == ["Kringbijeenkomst 1: the amendment round is over"]
    minutes.adopt(minutes=made)
    assert found() == []
