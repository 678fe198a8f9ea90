"""Files between upload and confirmation: outside the media, for one person, gone after a day."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

if TYPE_CHECKING:
    from people.models import User

KEPT_SECONDS = 24 * 3600


@dataclass
class Upload:
    """A file that waits for a yes.

    Attributes:
        key: its name in the address.
        name: the file's name as the sender knows it.
        profile: how to read it, "" to see it from the columns.
        user: id of who sent it.
        batch: the batch it became, once confirmed.
        nothing_new: confirmed, and every figure stood already.
    """

    key: str
    name: str
    profile: str
    user: int
    batch: int | None = None
    nothing_new: bool = False

    @property
    def path(self) -> Path:
        """Where the content is."""
        return folder() / f"{self.key}.data"

    @property
    def is_done(self) -> bool:
        """Say whether it was confirmed already."""
        return self.batch is not None or self.nothing_new

    def save(self) -> None:
        """Write down what is known of it."""
        note = folder() / f"{self.key}.json"
        fresh = note.with_suffix(f".{uuid.uuid4().hex}.part")
        fresh.write_text(json.dumps(asdict(self)), "utf-8")
        fresh.replace(note)

    def close(self, *, batch: int | None) -> None:
        """Remember what became of it and throw the content away."""
        self.batch, self.nothing_new = batch, batch is None
        self.save()
        self.path.unlink(missing_ok=True)


def folder() -> Path:
    """Return the folder of waiting files; made on first use, readable by the site only."""
    place = Path(settings.VAR) / "imports"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def keep(*, file: UploadedFile, profile: str, user: User) -> Upload:
    """Put an uploaded file aside until it is confirmed."""
    sweep()
    upload = Upload(key=uuid.uuid4().hex, name=(file.name or "")[:200], profile=profile, user=user.pk)
    with upload.path.open("wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    upload.save()
    return upload


def find(*, key: uuid.UUID, user: User) -> Upload | None:
    """Return a person's own upload; None when there is none, it is too old or somebody else's."""
    try:
        upload = Upload(**json.loads((folder() / f"{key.hex}.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    if upload.user != user.pk or not (upload.is_done or upload.path.exists()):
        return None
    return upload


def sweep() -> None:
    """Throw away what nobody confirmed within a day."""
    now = time.time()
    for path in folder().iterdir():
        if now - path.stat().st_mtime > KEPT_SECONDS:
            path.unlink(missing_ok=True)
