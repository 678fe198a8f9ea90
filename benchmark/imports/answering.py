"""Questions that were still open when a file came in, answered afterwards: those of an import by the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from django.db import transaction

from benchmark.imports.pipeline import run_rows
from benchmark.imports.questions import Answer, Question
from benchmark.imports.scopes import EVERYBODY, Scope
from benchmark.models import ImportBatch, Indicator, MissingReason, QuestionAnswer
from people.models import Municipality

if TYPE_CHECKING:
    from people.models import User


def open_questions(batch: ImportBatch) -> list[Question]:
    """Return what was asked about a batch and nobody has answered; nothing of one that was taken back."""
    asked = batch.details.get("questions", [])
    if batch.state != ImportBatch.State.IMPORTED or not asked:
        return []
    names = {field.name for field in fields(Question)}
    found = [Question(**{key: value for key, value in each.items() if key in names}) for each in asked]
    answered = set(
        batch.answers.values_list("municipality__code", "indicator__code", "year", "report", "value").order_by()
    )
    return [one for one in found if (one.municipality, one.indicator, one.year, one.report, one.value) not in answered]


def answer(*, batch: ImportBatch, answers: Mapping[str, Answer], by: User, scope: Scope = EVERYBODY) -> int:
    """Do what is said about values that are in already, and keep it; all of it or nothing.

    A value that is put right or left out comes in as an import of its own: checked like any other, with its history,
    and one that can be taken back.

    Args:
        batch: the import that brought the values.
        answers: key of a question → what is said; keys that are not open (any more) are left alone.
        by: who says so.
        scope: how far their word goes.

    Returns:
        How many questions were answered.

    Raises:
        ImportRefused: a corrected value is impossible, or may not be replaced by them. Nothing changed.
    """
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        said = [(one, answers[one.key]) for one in open_questions(batch) if one.key in answers]
        places = Municipality.objects.in_bulk([one.municipality for one, _said in said], field_name="code")
        indicators = Indicator.objects.in_bulk([one.indicator for one, _said in said], field_name="code")
        QuestionAnswer.objects.bulk_create(
            QuestionAnswer(
                indicator=indicators[one.indicator],
                municipality=places[one.municipality],
                year=one.year,
                report=one.report,
                value=one.value,
                choice=told.choice,
                correction=told.value,
                note=told.note,
                always=told.always,
                batch=batch,
                by=by,
            )
            for one, told in said
        )
        rows = [_row(one, told) for one, told in said if told.choice != QuestionAnswer.Choice.RIGHT]
        if rows:
            # What a person filled in just now is not asked about once more.
            run_rows(
                rows,
                name=batch.file_name,
                dataset=batch.dataset,
                user=by,
                scope=scope,
                answer_all=Answer(QuestionAnswer.Choice.RIGHT, note=said[0][1].note),
            )
    return len(said)


def _row(one: Question, told: Answer) -> dict[str, Any]:
    """Return a row of the neutral file that puts a value right, or takes it out with the reason."""
    left_out = told.choice == QuestionAnswer.Choice.LEAVE_OUT
    return {
        "gm_code": one.municipality,
        "indicator": one.indicator,
        "year": one.year,
        "report": one.report,
        "value": None if left_out else told.value,
        "reason": MissingReason.REJECTED.value if left_out else "",
    }
