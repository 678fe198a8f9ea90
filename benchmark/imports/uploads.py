"""Files between upload and confirmation: outside the media, for one person, gone after a day."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

if TYPE_CHECKING:
    from people.models import User

KEPT_SECONDS = 24 * 3600
SILENT_SECONDS = 60
# About 15,000 rows, or one second.
LARGE = 512 * 1024


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
        state: "waiting" for somebody, "looking" or "importing" while a process is at work, "looked" at.
        stage, rows, of: how far that process is.
        outcome: what the look found, for a file that is too large to look at again with every page.
    """

    key: str
    name: str
    profile: str
    user: int
    batch: int | None = None
    nothing_new: bool = False
    state: str = "waiting"
    stage: str = ""
    rows: int = 0
    of: int | None = None
    outcome: dict[str, Any] | None = None

    @property
    def path(self) -> Path:
        """Where the content is."""
        return folder() / f"{self.key}.data"

    @property
    def is_done(self) -> bool:
        """Say whether it was confirmed already."""
        return self.batch is not None or self.nothing_new

    @property
    def is_large(self) -> bool:
        """Say whether reading it takes so long that nobody should wait for the page."""
        return self.path.exists() and self.path.stat().st_size > LARGE

    @property
    def is_busy(self) -> bool:
        """Say whether a process is at work on it; one that has said nothing for a minute is no more."""
        if self.state not in {"looking", "importing"}:
            return False
        return time.time() - self.note.stat().st_mtime < SILENT_SECONDS

    @property
    def was_stopped(self) -> bool:
        """Say whether the process that worked on it ended before it was through."""
        return self.state in {"looking", "importing"} and not self.is_busy and not self.is_done

    @property
    def note(self) -> Path:
        """Where is written down what is known of it."""
        return folder() / f"{self.key}.json"

    def save(self) -> None:
        """Write down what is known of it."""
        note = self.note
        fresh = note.with_suffix(f".{uuid.uuid4().hex}.part")
        fresh.write_text(json.dumps(asdict(self)), "utf-8")
        fresh.replace(note)

    def close(self, *, batch: int | None) -> None:
        """Remember what became of it and throw the content away."""
        self.batch, self.nothing_new, self.state = batch, batch is None, "done"
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


def waiting(*, user: User) -> list[Upload]:
    """Return a person's files that were sent and not yet brought in, the latest first."""
    found: list[Upload] = []
    if not (Path(settings.VAR) / "imports").exists():
        return found
    for note in sorted(folder().glob("*.json"), key=lambda path: -path.stat().st_mtime):
        upload = find(key=uuid.UUID(note.stem), user=user)
        if upload is not None and not upload.is_done:
            found.append(upload)
    return found


def sweep() -> None:
    """Throw away what nobody confirmed within a day, and halves that a killed process left."""
    now = time.time()
    for path in folder().iterdir():
        age = now - path.stat().st_mtime
        if age > KEPT_SECONDS or (path.suffix == ".part" and age > SILENT_SECONDS):
            path.unlink(missing_ok=True)
