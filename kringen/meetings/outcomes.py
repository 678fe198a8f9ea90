"""What a meeting leaves behind: sheets and photos that are brought to it, and questions to the office."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kringen.conversation.attachments import plain_name
from kringen.filekinds import PICTURES, Found, examine
from kringen.meetings import outcome_notices
from kringen.models import Meeting, MeetingFile, OfficeQuestion
from people.models import User

MAX_FILES = 60
SHEETS = frozenset({"pdf", "pptx", "odp", "docx", "odt", "xlsx", "ods"})


class OutcomeRefused(ValueError):  # noqa: N818 — it is an answer to a person
    """It cannot be kept like this; the text is the sentence to show."""


def bring(*, meeting: Meeting, upload: UploadedFile, role: str, alt: str = "", by: User) -> MeetingFile:
    """Keep sheets or a photo with a meeting; of a photo without what the camera wrote about place and person.

    Raises:
        OutcomeRefused: the kind does not fit, a photo lacks words, or there are too many files.
        FileRefused: the file is of no kind that is kept, too large or broken.
    """
    said = " ".join(alt.split())[:200]
    if role not in {MeetingFile.Role.SHEETS, MeetingFile.Role.PHOTO}:
        raise OutcomeRefused(_("Say whether it is sheets or a photo."))
    if role == MeetingFile.Role.PHOTO and not said:
        raise OutcomeRefused(_("Say in a few words what can be seen on the photo, for who cannot see it."))
    need_place(meeting)
    found = examine(upload, upload.size or 0)  # type: ignore[arg-type]  # an upload reads like a file
    if role == MeetingFile.Role.PHOTO and found.kind not in PICTURES.values():
        raise OutcomeRefused(_("A photo is a picture (JPEG, PNG, GIF or WebP). Bring this file as sheets."))
    if role == MeetingFile.Role.SHEETS and found.kind not in SHEETS:
        raise OutcomeRefused(_("Sheets are a document or a presentation. Bring this picture as a photo."))
    return keep(MeetingFile(meeting=meeting, role=role, alt=said, brought_by=by), upload.name or "", found)


def need_place(meeting: Meeting) -> None:
    """Refuse one file more than a meeting keeps.

    Raises:
        OutcomeRefused: there are 60 already.
    """
    if meeting.files.count() >= MAX_FILES:
        raise OutcomeRefused(_("A meeting keeps at most 60 files. Take one away first."))


def keep(made: MeetingFile, name: str, found: Found) -> MeetingFile:
    """Store a file that was looked into, with what was found; nothing stays on disk when that fails.

    Args:
        made: with its meeting and what it is of that; not stored yet.
        name: as the upload called it.
        found: by `filekinds.examine`.
    """
    made.name, made.kind = plain_name(name, found.kind), found.kind
    made.size, made.width, made.height = len(found.content), found.width, found.height
    made.file.save("original", ContentFile(found.content), save=False)
    if found.thumbnail:
        made.thumbnail.save("thumbnail", ContentFile(found.thumbnail), save=False)
    try:
        made.save()
    except Exception:
        _remove(made)
        raise
    return made


@transaction.atomic
def take_away(*, files: Iterable[MeetingFile]) -> None:
    """Take files away; from disk once the transaction is through."""
    for file in list(files):
        MeetingFile.objects.filter(pk=file.pk).delete()
        transaction.on_commit(partial(_remove, file), robust=True)


def _remove(kept: MeetingFile) -> None:
    for file in (kept.file, kept.thumbnail):
        if file.name:
            file.storage.delete(file.name)


@transaction.atomic
def ask(*, meeting: Meeting, text: str, by: User, submission: uuid.UUID | None = None) -> OfficeQuestion:
    """Ask the office something; the same form sent twice asks once. Who can answer is told.

    Raises:
        OutcomeRefused: nothing was asked, or in more than 500 characters.
    """
    said = text.replace("\r\n", "\n").strip()
    if not said:
        raise OutcomeRefused(_("Write down your question."))
    if len(said) > 500:  # noqa: PLR2004 — as long as the field
        raise OutcomeRefused(_("A question has at most 500 characters. Make it shorter."))
    meeting = Meeting.objects.select_for_update().select_related("kring").get(pk=meeting.pk)
    if submission is not None:
        made = OfficeQuestion.objects.filter(submission=submission, meeting=meeting, asked_by=by).first()
        if made is not None:
            return made
    question = OfficeQuestion.objects.create(
        meeting=meeting, text=said, asked_by=by, asked_at=timezone.now(), submission=submission
    )
    outcome_notices.tell_asked(question, actor=by)
    return question


@transaction.atomic
def answer(*, question: OfficeQuestion, text: str, by: User) -> OfficeQuestion:
    """Answer a question where everybody reads it, or better an answer; who asked is told.

    Raises:
        OutcomeRefused: the answer is empty or longer than 5,000 characters.
    """
    said = text.replace("\r\n", "\n").strip()
    if not said:
        raise OutcomeRefused(_("Write down your answer."))
    if len(said) > 5000:  # noqa: PLR2004 — some pages
        raise OutcomeRefused(_("An answer has at most 5,000 characters. Make it shorter, or bring a file."))
    question = OfficeQuestion.objects.select_for_update().get(pk=question.pk)
    question.answer, question.answered_by, question.answered_at = said, by, timezone.now()
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    outcome_notices.tell_answered(question, actor=by)
    return question
