"""From arrays into the database: what is new, what differs, what stays; all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from benchmark.imports import store
from benchmark.imports.decimals import SIGNS
from benchmark.imports.profiles import DatasetInfo, Profile
from benchmark.imports.questions import Answer, Question
from benchmark.imports.staging import NUMBERS, REASONS, STATUSES, Staged, key_of
from benchmark.imports.summary import ImportSummary, Progress
from benchmark.imports.validation import Validation
from benchmark.models import (
    Area,
    DataRevision,
    Dataset,
    ImportBatch,
    Indicator,
    IndicatorVersion,
    Measurement,
    MeasurementRevision,
    QuestionAnswer,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from people.models import User

READ_AT_A_TIME = 10_000
WRITE_AT_A_TIME = 5_000
PLACE = ("pk", "indicator_id", "municipality_id", "year", "report")
CONTENT = ("status", "provisional", "reason", "source", "censored", *NUMBERS, "dataset_id", "batch_id")


@dataclass
class Difference:
    """How staged rows stand to what is in the database.

    Attributes:
        new: per staged row whether nothing is there yet.
        changed: (place of the staged row, id of the value, the fields as they were).
        unchanged, kept: counts.
    """

    new: NDArray[np.bool_]
    changed: list[tuple[int, int, dict[str, Any]]] = field(default_factory=list)
    unchanged: int = 0
    kept: int = 0


def earlier(sha256: str, profile: Profile, dataset: Dataset | None) -> ImportBatch | None:
    """Return the batch that brought in exactly this file, if all it brought still stands."""
    if dataset is None or profile.divide_by == "inhabitants":
        return None
    batch = ImportBatch.objects.filter(
        sha256=sha256, profile=profile.name, dataset=dataset, state=ImportBatch.State.IMPORTED
    ).first()
    if batch is None or batch.details.get("profile_fingerprint") != profile.fingerprint:
        return None
    overwritten = MeasurementRevision.objects.filter(before__batch_id=batch.pk, batch__isnull=False).exists()
    return None if overwritten else batch


def commit(  # noqa: PLR0913 — what, by whom, where to
    staged: Staged,
    validation: Validation,
    summary: ImportSummary,
    *,
    answered: Sequence[tuple[Question, Answer]],
    dataset: Dataset | DatasetInfo,
    user: User | None,
    progress: Progress,
) -> None:
    """Write what is new or different, and tell it in the summary; with `summary.dry_run` only tell.

    Args:
        staged: good rows in the order of `Staged.keys`.
        validation: what the places in the rows mean.
        summary: gets the counts and the batch.
        answered: what was asked about the rows, and what was said.
        dataset: where the values belong; made here when it is only described.
        user: who imports.
        progress: told how far the writing is.
    """
    with transaction.atomic():
        revision = DataRevision.locked()
        known = dataset if isinstance(dataset, Dataset) else Dataset.objects.filter(slug=dataset.slug).first()
        same = earlier(summary.sha256, validation.profile, known)
        if same is not None:
            # two tabs, or a form sent twice: the other one was first
            summary.already, summary.unchanged = same.pk, len(staged)
            return
        found = _compare(staged, validation, known)
        _may_replace(staged, found.changed, validation)
        new = int(found.new.sum())
        summary.created, summary.changed = new, len(found.changed)
        summary.unchanged, summary.kept = found.unchanged, found.kept
        summary.new_indicators = [each.code for each in validation.indicators.new]
        if summary.dry_run or summary.nothing_changed:
            return
        if known is None:
            known = _make_dataset(dataset)
        _make_indicators(validation)
        batch = ImportBatch.objects.create(
            dataset=known,
            file_name=summary.file_name[:200],
            sha256=summary.sha256,
            profile=validation.profile.name,
            imported_by=user,
            rows=summary.rows,
            created=summary.created,
            changed=summary.changed,
            unchanged=summary.unchanged,
            missing=summary.missing,
            details={
                **summary.details(),
                "profile_fingerprint": validation.profile.fingerprint,
                "questions": _still_open(summary, answered),
            },
        )
        summary.batch = batch.pk
        _write_new(staged.take(found.new), validation, batch, progress)
        _write_changed(staged, found.changed, validation, batch)
        _keep_answers(answered, validation, batch)
        revision.raise_by_one(batch=batch)


def _may_replace(staged: Staged, changed: list[tuple[int, int, dict[str, Any]]], validation: Validation) -> None:
    """Refuse to replace what somebody else answers for already.

    Raises:
        ImportRefused: the file has another value than one that is validated or published.
    """
    may, refusals = validation.scope.may_replace, validation.refusals
    words = dict(Measurement.Status.choices)
    for place, _pk, before in changed:
        if before["status"] in may:
            continue
        refusals.add(
            _("There is a value already that is %(status)s (%(value)s). Ask the validator to send it back first.")
            % {"status": words[before["status"]], "value": "–" if before["value"] is None else f"{before['value']:g}"},
            row=int(staged.rows[place]),
            value=validation.in_words(staged, place),
        )
    refusals.raise_if_any()


def _still_open(summary: ImportSummary, answered: Sequence[tuple[Question, Answer]]) -> list[dict[str, Any]]:
    """Return the questions without an answer, to be answered on the page of the import; words are made there."""
    done = {question.key for question, _answer in answered}
    return [
        {name: value for name, value in one.items() if name != "sentence"}
        for one in summary.questions
        if one["key"] not in done
    ]


def _keep_answers(answered: Sequence[tuple[Question, Answer]], validation: Validation, batch: ImportBatch) -> None:
    """Keep what was said about values, so that nobody has to say it again."""
    indicators, municipalities = validation.indicators, validation.municipalities
    QuestionAnswer.objects.bulk_create(
        QuestionAnswer(
            indicator_id=indicators.all[indicators.place[question.indicator]].pk or 0,
            municipality=municipalities.by_code[question.municipality],
            year=question.year,
            report=question.report,
            value=question.value,
            choice=answer.choice,
            correction=answer.value,
            note=answer.note,
            always=answer.always,
            batch=batch,
            by=batch.imported_by,
        )
        for question, answer in answered
    )


def _make_dataset(info: Dataset | DatasetInfo) -> Dataset:
    return Dataset.objects.create(
        slug=info.slug, name=info.name, source=info.source, licence=info.licence, is_public=info.is_public
    )


def _make_indicators(validation: Validation) -> None:
    """Make the indicators that the profile lets a file bring, in their own area."""
    new, rules = validation.indicators.new, validation.profile.indicator
    if not new:
        return
    area, _made = Area.objects.get_or_create(
        slug=rules.area, defaults={"name": rules.area.capitalize(), "kind": Area.Kind.THEME, "position": 90}
    )
    last = Indicator.objects.order_by("-position").values_list("position", flat=True).first() or 0
    made = Indicator.objects.bulk_create(
        Indicator(
            code=each.code,
            name=each.name,
            unit=rules.unit,
            kind=rules.kind,
            direction=rules.direction,
            area=area,
            block="€",
            decimals=rules.decimals,
            numerator=rules.numerator,
            denominator=rules.denominator,
            source=validation.profile.dataset.source,
            position=last + 1 + place,
        )
        for place, each in enumerate(sorted(new, key=lambda known: known.code))
    )
    by_code = {each.code: each.pk for each in made}
    for each in new:
        each.pk = by_code[each.code]
    IndicatorVersion.objects.bulk_create(
        IndicatorVersion(
            indicator_id=by_code[rules.prefix + version.code],
            year_from=version.year_from,
            year_until=version.year_until,
            name=version.name,
            what_changed=version.what_changed,
        )
        for version in rules.versions
        if rules.prefix + version.code in by_code
    )


def _compare(staged: Staged, validation: Validation, dataset: Dataset | None) -> Difference:
    """Hold the rows against the values that are there, a part at a time."""
    import numpy as np

    found = Difference(np.ones(len(staged), dtype=bool))
    used = [validation.indicators.all[place] for place in np.unique(staged.indicator)]
    ids = {each.pk: validation.indicators.place[each.code] for each in used if each.pk is not None}
    if not ids or not len(staged):
        return found
    keys = staged.keys()
    there = Measurement.objects.filter(
        indicator_id__in=list(ids), year__gte=int(staged.year.min()), year__lte=int(staged.year.max())
    )
    demo = set(Dataset.objects.filter(is_demo=True).values_list("pk", flat=True))
    into_demo = dataset is not None and dataset.is_demo
    rows = there.values_list(*PLACE, *CONTENT).iterator(chunk_size=READ_AT_A_TIME)
    while part := list(islice(rows, READ_AT_A_TIME)):
        columns = dict(zip((*PLACE, *CONTENT), zip(*part, strict=True), strict=True))
        old_keys = key_of(
            np.array([ids[pk] for pk in columns["indicator_id"]], dtype=np.int32),
            np.array([validation.municipalities.place[pk] for pk in columns["municipality_id"]], dtype=np.int32),
            np.array(columns["year"], dtype=np.int16),
            np.array([validation.reports.place(text) for text in columns["report"]], dtype=np.int16),
        )
        at = np.minimum(np.searchsorted(keys, old_keys), len(keys) - 1)
        match = np.flatnonzero(keys[at] == old_keys)
        at = at[match]
        found.new[at] = False
        protected = np.array([into_demo and pk not in demo for pk in columns["dataset_id"]])[match]
        same = _same(staged, at, columns, match, validation, dataset) & ~protected
        found.unchanged += int(same.sum())
        found.kept += int(protected.sum())
        for place, row in zip(at[~same & ~protected].tolist(), match[~same & ~protected].tolist(), strict=True):
            before = {name: columns[name][row] for name in CONTENT}
            found.changed.append((place, columns["pk"][row], before))
    return found


def _same(  # noqa: PLR0913, PLR0917 — two sides of one comparison
    staged: Staged,
    at: NDArray[np.int64],
    columns: dict[str, tuple[Any, ...]],
    match: NDArray[np.int64],
    validation: Validation,
    dataset: Dataset | None,
) -> NDArray[np.bool_]:
    """Say for each matching pair whether every field is equal."""
    import numpy as np

    status = {text: place for place, text in enumerate(STATUSES)}
    reason = {text: place for place, text in enumerate(REASONS)}

    def codes(name: str, known: dict[str, int]) -> NDArray[np.int64]:
        return np.array([known[text] for text in columns[name]])[match]

    same = codes("status", status) == staged.status[at]
    same &= codes("reason", reason) == staged.reason[at]
    same &= np.array(columns["provisional"], dtype=bool)[match] == staged.provisional[at]
    sign = {text: place for place, text in enumerate(SIGNS)}
    same &= codes("censored", sign) == (0 if staged.censored is None else staged.censored[at])
    same &= np.array([validation.sources.place(text) for text in columns["source"]])[match] == staged.source[at]
    same &= np.array(columns["dataset_id"])[match] == (dataset.pk if dataset else -1)
    for name in NUMBERS:
        old = np.array(columns[name], dtype=float)[match]
        array = getattr(staged, name)
        new = np.full(len(at), np.nan) if array is None else array[at]
        same &= (old == new) | (np.isnan(old) & np.isnan(new))
    return same


def _write_new(staged: Staged, validation: Validation, batch: ImportBatch, progress: Progress) -> None:
    import numpy as np

    written = 0

    def done(rows: int) -> None:
        nonlocal written
        written += rows
        progress("writing", written, len(staged))

    parts = store.groups(
        staged,
        indicator_ids=np.array([each.pk or 0 for each in validation.indicators.all], dtype=np.int64),
        municipality_ids=np.array([each.pk for each in validation.municipalities.all], dtype=np.int64),
        sources=validation.sources.texts,
    )
    store.insert(parts, reports=validation.reports.texts, batch_id=batch.pk, dataset_id=batch.dataset_id, done=done)


def _write_changed(
    staged: Staged, changed: list[tuple[int, int, dict[str, Any]]], validation: Validation, batch: ImportBatch
) -> None:
    """Put the new fields in place and keep the old ones as revisions."""
    for start in range(0, len(changed), WRITE_AT_A_TIME):
        part = changed[start : start + WRITE_AT_A_TIME]
        MeasurementRevision.objects.bulk_create(
            MeasurementRevision(measurement_id=pk, batch=batch, by=batch.imported_by, before=before)
            for _place, pk, before in part
        )
        store.update(list(_new_fields(staged, part, validation, batch)))


def _new_fields(
    staged: Staged, part: list[tuple[int, int, dict[str, Any]]], validation: Validation, batch: ImportBatch
) -> Iterator[tuple[Any, ...]]:
    """Yield tuples for `store.update`."""
    for place, pk, _before in part:
        numbers = [_number(name, getattr(staged, name), place) for name in NUMBERS]
        yield (
            numbers[0],
            STATUSES[staged.status[place]],
            bool(staged.provisional[place]),
            REASONS[staged.reason[place]],
            *numbers[1:],
            validation.sources.texts[staged.source[place]],
            "" if staged.censored is None else SIGNS[staged.censored[place]],
            batch.dataset_id,
            batch.pk,
            pk,
        )


def _number(name: str, array: NDArray[np.float64] | None, place: int) -> float | int | None:
    import math

    if array is None or math.isnan(array[place]):
        return None
    return int(array[place]) if name == "n" else float(array[place])
