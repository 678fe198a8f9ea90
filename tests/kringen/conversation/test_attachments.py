"""Files: what is kept by its content, who gets it and how, and that it goes with its message."""

from __future__ import annotations

import datetime as dt
import io
import uuid
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from kringen import filekinds
from kringen.conversation import attachments, rooms
from kringen.filekinds import FileRefused
from kringen.models import Attachment, Message
from kringsite.demo.documents import pdf


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch, tmp_path):
    for name in ("file", "thumbnail"):
        storage = Attachment._meta.get_field(name).storage  # noqa: SLF001 — Django's way to a field
        monkeypatch.setattr(storage, "location", str(tmp_path))


def picture(kind="JPEG", size=(1200, 900), **more) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (10, 120, 200)).save(out, kind, **more)
    return out.getvalue()


def office(main="wordprocessingml.document.main", **parts) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("[Content_Types].xml", f'<Override ContentType="application/vnd.openxmlformats.{main}+xml"/>')
        for name, content in parts.items():
            made.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def open_document(kind="text", **parts) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        for name, content in parts.items():
            made.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def examine(content: bytes) -> filekinds.Found:
    return filekinds.examine(io.BytesIO(content), len(content))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture(), "jpg"),
        (picture("PNG"), "png"),
        (picture("GIF"), "gif"),
        (picture("WEBP"), "webp"),
        (pdf("Verslag", ["een regel"]), "pdf"),
        (office(), "docx"),
        (office("spreadsheetml.sheet.main"), "xlsx"),
        (office("presentationml.presentation.main"), "pptx"),
        (open_document(), "odt"),
        (open_document("spreadsheet"), "ods"),
        (open_document("presentation"), "odp"),
    ],
)
def test_a_file_is_what_its_content_says(content, kind):
    assert examine(content).kind == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"zomaar tekst",
        b"<html><script>alert(1)</script></html>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
        b"MZ\x90\x00\x03",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,  # an old .doc or .xls
        office(word__vbaProject="x") and office(**{"word__vbaProject.bin": "x"}),
        office("spreadsheetml.sheet.main", **{"xl__vbaProject.bin": "x"}),
        office("ms-excel.sheet.macroEnabled.main"),
        open_document(**{"Basic__script-lc.xml": "x"}),
        b"PK\x03\x04" + b"\0" * 40,
        picture()[:400],
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        b"BM" + b"\0" * 100,
    ],
)
def test_anything_else_is_refused_with_a_sentence(content):
    with pytest.raises(FileRefused) as refused:
        examine(content)
    assert len(str(refused.value)) > 20


def test_a_plain_zip_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("virus.exe", "x")
    with pytest.raises(FileRefused):
        examine(out.getvalue())


def test_too_large_is_refused_before_it_is_read(monkeypatch):
    class Never(io.BytesIO):
        def read(self, *_args):
            raise AssertionError("read")

    with pytest.raises(FileRefused):
        filekinds.examine(Never(), filekinds.MAX_BYTES + 1)
    monkeypatch.setattr(filekinds, "MAX_BYTES", 10)
    with pytest.raises(FileRefused):
        filekinds.examine(io.BytesIO(b"%PDF-" + b"x" * 20), 5)  # the upload lies about its size


def test_too_many_pixels_are_refused(monkeypatch):
    monkeypatch.setattr(filekinds, "MAX_PIXELS", 100)
    with pytest.raises(FileRefused):
        examine(picture())


def test_what_the_camera_wrote_is_gone_and_the_picture_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010F] = "Camera van de wethouder"
    found = examine(picture(exif=exif))
    assert (found.width, found.height) == (900, 1200)
    kept = Image.open(io.BytesIO(found.content))
    assert dict(kept.getexif()) == {}
    assert b"wethouder" not in found.content
    small = Image.open(io.BytesIO(found.thumbnail))
    assert small.format == "WEBP"
    assert small.width <= 640
    assert small.height <= 480


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("verslag.exe", "verslag.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\x\\nota.docx", "nota.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie: x=1.pdf"),
        ("", "bestand.pdf"),
        ("...", "bestand.pdf"),
        ("x" * 400, "x" * 144 + ".pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
    ],
)
def test_the_name_is_one_line_without_a_path(name, kept):
    assert attachments.plain_name(name, "pdf") == kept


def bring(cast, by=None, content=None, name="nota.pdf") -> Attachment:
    upload = SimpleUploadedFile(name, content or pdf("Nota", []))
    return attachments.bring(by=by or cast.participant, room=cast.room, upload=upload)


def address(cast, file) -> str:
    return f"/kringen/kring-c/ruimtes/{cast.room.pk}/bijlagen/{file.pk}/"


def send(cast, file, by=None, text="Zie") -> Message:
    done = rooms.send(
        sender=by or cast.participant,
        room=cast.room,
        client_id=uuid.uuid4(),
        body=f"{text}\n{address(cast, file)}",
    )
    return Message.objects.get(pk=done.message_id)


def test_a_file_travels_with_a_message(client, cast):
    file = bring(cast)
    message = send(cast, file, text="")
    file.refresh_from_db()
    assert file.message_id == message.pk
    assert message.cards == [{"kind": "file", "id": str(file.pk)}]
    client.force_login(cast.colleague)
    answer = client.get(address(cast, file))
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert answer["Content-Disposition"] == 'attachment; filename="nota.pdf"'
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_until_it_is_sent_only_its_owner_gets_it(client, cast):
    file = bring(cast)
    for who, status in [(cast.participant, 200), (cast.colleague, 404), (cast.facilitator, 404)]:
        client.force_login(who)
        assert client.get(address(cast, file)).status_code == status


@pytest.mark.parametrize("who", ["public", "stranger", "steering", "validator", "editor"])
def test_who_is_not_in_the_room_does_not_get_it(client, cast, who):
    file = bring(cast, content=picture())
    send(cast, file)
    person = cast.everyone()[who]
    if person:
        client.force_login(person)
    for here in (address(cast, file), f"{address(cast, file)}klein/"):
        answer = client.get(here)
        assert answer.status_code == (404 if person else 302)
        assert b"JFIF" not in answer.content


def test_somebody_elses_file_cannot_be_sent(cast):
    file = bring(cast, by=cast.colleague)
    message = send(cast, file)
    assert message.cards == []
    file.refresh_from_db()
    assert file.message_id is None


def test_a_file_goes_with_one_message_only(cast):
    file = bring(cast)
    send(cast, file)
    assert send(cast, file).cards == []


def test_the_file_goes_with_its_message(client, cast, tmp_path, django_capture_on_commit_callbacks):
    file = bring(cast, content=picture())
    message = send(cast, file)
    assert len([each for each in tmp_path.rglob("*") if each.is_file()]) == 2
    with django_capture_on_commit_callbacks(execute=True):
        rooms.delete(by=cast.participant, room=cast.room, message_id=message.pk, client_id=uuid.uuid4())
    assert not Attachment.objects.exists()
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []
    client.force_login(cast.participant)
    assert client.get(address(cast, file)).status_code == 404


def test_nothing_is_kept_where_the_public_address_reaches(client, cast, settings, tmp_path):
    file = bring(cast)
    send(cast, file)
    assert not Path(settings.MEDIA_ROOT).joinpath(file.file.name).exists()
    client.force_login(cast.participant)
    for start in ("/media/", "/media/images/", "/media/images/../"):
        assert client.get(f"{start}{file.file.name}", follow=True).status_code == 404
    with pytest.raises(ValueError, match="not accessible"):
        file.file.url  # noqa: B018 — asking is the test


def test_what_was_never_sent_goes_after_two_days(cast, django_capture_on_commit_callbacks, tmp_path):
    old = bring(cast)
    Attachment.objects.update(created_at=old.created_at - dt.timedelta(days=3))
    with django_capture_on_commit_callbacks(execute=True):
        new = bring(cast)
    assert list(Attachment.objects.all()) == [new]
    assert len([each for each in tmp_path.rglob("*") if each.is_file()]) == 1


def test_bringing_by_script_and_by_form(client, cast):
    client.force_login(cast.participant)
    here = f"/kringen/kring-c/ruimtes/{cast.room.pk}/bijlagen/"
    json = {"Accept": "application/json"}
    made = client.post(here, {"file": SimpleUploadedFile("nota.pdf", pdf("Nota", []))}, headers=json)
    assert made.status_code == 201
    assert made.json()["label"] == "nota.pdf"
    refused = client.post(here, {"file": SimpleUploadedFile("nota.pdf", b"<html>")}, headers=json)
    assert refused.status_code == 422
    assert refused.json()["sentence"]
    room = f"/kringen/kring-c/ruimtes/{cast.room.pk}/"
    upload = SimpleUploadedFile("nota.pdf", pdf("Nota", []))
    assert client.post(room, {"cid": str(uuid.uuid4()), "body": "", "file": upload}).status_code == 302
    assert Message.objects.get().cards[0]["kind"] == "file"
    macros = SimpleUploadedFile("nota.docx", office(**{"word__vbaProject.bin": "x"}))
    answer = client.post(room, {"cid": str(uuid.uuid4()), "body": "hier", "file": macros})
    assert answer.status_code == 422
    assert "hier" in answer.content.decode()
    assert Message.objects.count() == 1


def test_an_archived_room_takes_no_files(cast):
    cast.room.is_archived = True
    cast.room.save()
    with pytest.raises(rooms.RoomRefused):
        bring(cast)
    assert not Attachment.objects.exists()
