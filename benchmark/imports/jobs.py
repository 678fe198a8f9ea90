"""Looking at an uploaded file and bringing it in, while its sender may go elsewhere and come back."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import close_old_connections
from django.utils.translation import get_language, override
from django_tasks import task

from benchmark.imports import pipeline, profiles, scopes, uploads
from benchmark.imports.own_profiles import may_use_all
from benchmark.imports.questions import Answer, Question
from benchmark.imports.summary import ImportRefused, ImportSummary, QuestionsOpen
from benchmark.imports.uploads import Upload
from people.tables import Refusal

if TYPE_CHECKING:
    from people.models import User

TOLD_EVERY_SECONDS = 0.5
Answers = dict[str, Answer]


def look(upload: Upload, *, user: User) -> ImportSummary:
    """Say what a file would change.

    Raises:
        ImportRefused: anything is not usable.
    """
    return _run(upload, user, dry_run=True)


def bring_in(
    upload: Upload, *, user: User, answers: Answers | None = None, answer_all: Answer | None = None
) -> ImportSummary:
    """Import a file, whole or not at all, and close the upload.

    Raises:
        ImportRefused: anything is not usable.
        QuestionsOpen: something stands out and was not answered.
    """
    summary = _run(upload, user, answers=answers or {}, answer_all=answer_all, stop_on_questions=True)
    upload.close(batch=summary.batch or summary.already)
    return summary


def _run(upload: Upload, user: User, **more: Any) -> ImportSummary:
    target = None if may_use_all(user) else profiles.load("neutral").dataset.slug
    with upload.path.open("rb") as file:
        return pipeline.run(
            file,
            name=upload.name,
            profile=upload.profile or None,
            dataset=target,
            user=user,
            scope=scopes.for_user(user),
            progress=_teller(upload) if upload.is_large else None,
            **more,
        )


def _teller(upload: Upload) -> Callable[[str, int, int | None], None]:
    """Return what writes down how far the work is, a few times a second."""
    told = 0.0

    def tell(stage: str, done: int, total: int | None) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told < TOLD_EVERY_SECONDS and stage == upload.stage:
            return
        told = now
        upload.stage, upload.rows, upload.of = stage, done, total
        upload.save()

    return tell


# ---- in the background ------------------------------------------------------------------------------------------
def start(
    upload: Upload, what: str, *, user: User, answers: Answers | None = None, answer_all: Answer | None = None
) -> None:
    """Begin with a large file and return; how far it is stands in the upload.

    Args:
        upload: the file.
        what: "looking" or "importing".
        user: whose it is.
        answers: key of a question → what was said about a value that stands out.
        answer_all: said of all that have no answer of their own.
    """
    upload.state, upload.stage, upload.rows, upload.of = what, "reading", 0, None
    upload.save()
    said = {key: asdict(answer) for key, answer in (answers or {}).items()}
    said_of_all = asdict(answer_all) if answer_all else None
    told = (upload.key, user.pk, said, said_of_all, get_language() or "nl")
    if settings.IMPORT_IN == "thread":
        threading.Thread(target=_work_in_thread, args=told, name=f"import-{upload.key}", daemon=True).start()
    elif settings.IMPORT_IN == "worker":
        work_later.enqueue(*told)
    else:
        work(*told)


def _work_in_thread(*told: Any) -> None:
    close_old_connections()
    try:
        work(*told)
    finally:
        from django.db import connection

        connection.close()


def work(
    key: str, user_id: int, answers: dict[str, dict[str, Any]], answer_all: dict[str, Any] | None, language: str
) -> None:
    """Look at a file or bring it in; what came out of it is kept in the upload."""
    from people.models import User

    user = User.objects.get(pk=user_id)
    upload = uploads.find(key=uuid.UUID(key), user=user)
    if upload is None or upload.is_done:
        return
    with override(language):
        try:
            if upload.state == "importing":
                said = {each: Answer(**answer) for each, answer in answers.items()}
                bring_in(upload, user=user, answers=said, answer_all=Answer(**answer_all) if answer_all else None)
                return
            summary = look(upload, user=user)
            upload.outcome = {"summary": asdict(summary)}
        except ImportRefused as refused:
            upload.outcome = {"refused": [asdict(each) for each in refused.refusals], "total": refused.total}
        except QuestionsOpen as open_:
            upload.outcome = {"summary": asdict(open_.summary)}
    upload.state = "looked"
    upload.save()


@task
def work_later(
    key: str, user_id: int, answers: dict[str, dict[str, Any]], answer_all: dict[str, Any] | None, language: str
) -> None:
    """Do `work` in the process for tasks."""
    work(key, user_id, answers, answer_all, language)


def outcome(upload: Upload) -> ImportSummary:
    """Return what a look in the background found.

    Raises:
        ImportRefused: that is what it found.
    """
    found = upload.outcome or {}
    if "refused" in found:
        raise ImportRefused([Refusal(**each) for each in found["refused"]], found["total"])
    return ImportSummary(**found["summary"])


def questions_of(summary: ImportSummary) -> list[Question]:
    """Return the questions of a summary as objects again."""
    names = {field.name for field in fields(Question)}
    return [Question(**{key: value for key, value in each.items() if key in names}) for each in summary.questions]
