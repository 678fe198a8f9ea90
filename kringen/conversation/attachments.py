"""Files with messages: brought to a room first, sent with a message after, gone when the message goes."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Collection
from functools import partial
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from kringen.conversation.acting import RoomRefused, writable
from kringen.filekinds import examine
from kringen.models import Attachment, Message, Room
from people.models import User

MAX_NAME = 150
WAITS = dt.timedelta(days=2)  # what was brought and never sent


def bring(*, by: User, room: Room, upload: UploadedFile) -> Attachment:
    """Keep a file in a room, to be sent with a message; nobody but its owner sees it until then.

    Raises:
        RoomRefused: `forbidden`.
        FileRefused: the file is of no kind that is kept, too large or broken.
    """
    if not writable(by).filter(pk=room.pk).exists():
        raise RoomRefused("forbidden")
    found = examine(upload, upload.size or 0)  # type: ignore[arg-type]  # an upload reads like a file
    tidy(owner=by)
    made = Attachment(
        room=room,
        owner=by,
        name=plain_name(upload.name or "", found.kind),
        kind=found.kind,
        size=len(found.content),
        width=found.width,
        height=found.height,
    )
    made.file.save("original", ContentFile(found.content), save=False)
    if found.thumbnail:
        made.thumbnail.save("thumbnail", ContentFile(found.thumbnail), save=False)
    try:
        made.save()
    except Exception:
        _remove_files([made.file, made.thumbnail])
        raise
    return made


def plain_name(name: str, kind: str) -> str:
    """Return the name of a file as it is shown: one line, no path, with the ending its content asks for."""
    text = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", maxsplit=1)[-1])
    text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    stem = PurePosixPath(text).stem.strip(". ")[: MAX_NAME - 6] or "bestand"
    return f"{stem}.{kind}"


def attach(files: Collection[UUID], *, owner: User, message: Message) -> None:
    """Put files under a message; part of its transaction.

    Raises:
        RoomRefused: `missing`, when one is gone or was sent with another message.
    """
    if not files:
        return
    waiting = Attachment.objects.filter(pk__in=files, room=message.room_id, owner=owner)
    already = waiting.filter(message=message).count()
    if waiting.filter(message__isnull=True).update(message=message) + already != len(files):
        raise RoomRefused("missing")


def keep_only(message: Message, files: Collection[UUID]) -> None:
    """Drop the files of a message that are not among these."""
    _drop(message.attachments.exclude(pk__in=files))


def drop(message: Message) -> None:
    """Drop all files of a message; from disk once the transaction is through."""
    _drop(message.attachments.all())


def tidy(*, owner: User | None = None) -> int:
    """Drop what was brought and not sent within two days; return how many."""
    old = Attachment.objects.filter(message__isnull=True, created_at__lt=timezone.now() - WAITS)
    return _drop(old if owner is None else old.filter(owner=owner))


def _drop(some: Any) -> int:
    gone = list(some)
    if gone:
        some.model.objects.filter(pk__in=[each.pk for each in gone]).delete()
        files = [file for each in gone for file in (each.file, each.thumbnail) if file]
        transaction.on_commit(partial(_remove_files, files), robust=True)
    return len(gone)


def _remove_files(files: list[Any]) -> None:
    for file in files:
        if file:
            file.storage.delete(file.name)
