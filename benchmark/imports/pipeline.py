"""The way in: a file, or rows that a program made, through the whole import."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypedDict, Unpack

from django.utils.translation import gettext as _

from benchmark.imports import own_profiles, profiles, questions
from benchmark.imports.commit import commit, earlier
from benchmark.imports.profiles import DatasetInfo, Profile
from benchmark.imports.questions import Answer, Question
from benchmark.imports.reading import blocks, did_you_mean, match_columns, sha256_of, spread
from benchmark.imports.scopes import EVERYBODY, Scope
from benchmark.imports.staging import Staged, apply_rule, in_order, join
from benchmark.imports.summary import ImportRefused, ImportSummary, Progress, QuestionsOpen, Refusals
from benchmark.imports.validation import Validation
from benchmark.models import Dataset
from people.tables import Refusal, Table, TableRefused, read_table

if TYPE_CHECKING:
    from people.models import User

# After this many refusals the rest of a file is not read: it is the wrong file, or the wrong profile.
MOST_REFUSALS = 10_000
Source = Path | str | IO[bytes]


def _silent(_stage: str, _done: int, _total: int | None) -> None:
    """Tell nobody."""


class Options(TypedDict, total=False):
    """What `run` and `run_rows` take beside the figures; `Asked` says what each means."""

    profile: Profile | str | None
    dataset: Dataset | str | None
    user: User | None
    scope: Scope
    answers: Mapping[str, Answer]
    answer_all: Answer | None
    stop_on_questions: bool
    dry_run: bool
    progress: Progress | None


@dataclass(frozen=True)
class Asked:
    """Who imports what into where, and what was answered before.

    Attributes:
        profile: how to read the file; None to see it from the columns.
        dataset: where the values belong, as a row or its slug; None for that of the profile.
        user: who imports.
        scope: for whom the sender may speak.
        answers: key of a question → what was said.
        answer_all: said to every question that has no answer of its own.
        dry_run: say what would happen, change nothing.
        progress: told how far it is: stage, rows done, rows in all (None while unknown).
    """

    profile: Profile | str | None = None
    dataset: Dataset | str | None = None
    user: User | None = None
    scope: Scope = EVERYBODY
    answers: Mapping[str, Answer] = field(default_factory=dict)
    answer_all: Answer | None = None
    stop_on_questions: bool = False
    dry_run: bool = False
    progress: Progress = _silent


def run(source: Source, *, name: str = "", **asked: Unpack[Options]) -> ImportSummary:
    """Import a file of measurements, whole or not at all.

    Args:
        source: a path, or a seekable binary file.
        name: the file's name as the sender knows it.
        asked: see `Options`.

    Raises:
        ImportRefused: anything is not usable. Nothing changed.
        QuestionsOpen: with `stop_on_questions`, something stands out and nobody said it is right. Nothing changed.
    """
    started = time.monotonic()
    options = _options(asked)
    try:
        if isinstance(source, (str, Path)):
            table = read_table(source, name=name)
            with Path(source).open("rb") as stream:
                sha256 = sha256_of(stream)
            name = name or Path(source).name
        else:
            sha256 = sha256_of(source)
            table = read_table(source, name=name)
        chosen = _profile(options, table)
        summary = ImportSummary(
            file_name=name,
            profile=chosen.name,
            dataset="",
            sha256=sha256,
            sheet=table.sheet,
            kind=table.kind,
            separator=table.separator,
            encoding=table.encoding,
            dry_run=options.dry_run,
        )
        _import(table, chosen, summary, options)
    except TableRefused as problem:
        raise ImportRefused([problem.refusal]) from problem
    summary.seconds = round(time.monotonic() - started, 3)
    return summary


def run_rows(rows: Iterable[Mapping[str, Any]], *, name: str = "rows", **asked: Unpack[Options]) -> ImportSummary:
    """Import rows that a program made, as if they had come in a file.

    Args:
        rows: mappings with the column names of the profile; None is an empty cell.
        name: what the batch shows as its file.
        asked: see `Options`.

    Raises:
        ImportRefused: anything is not usable. Nothing changed.
    """
    rows = list(rows)
    titles = list(dict.fromkeys(title for row in rows for title in row))
    written = io.StringIO(newline="")
    table = csv.DictWriter(written, titles, restval="")
    table.writeheader()
    table.writerows(rows)
    asked.setdefault("profile", "neutral")
    return run(io.BytesIO(written.getvalue().encode()), name=name, **asked)


def _options(asked: Options) -> Asked:
    told: dict[str, Any] = {key: value for key, value in asked.items() if value is not None}
    return Asked(**told)


def _profile(options: Asked, table: Table) -> Profile:
    """Return the profile that was asked for, or the one whose columns the file has."""
    if isinstance(options.profile, Profile):
        return options.profile
    if options.profile:
        return own_profiles.load(options.profile)
    return own_profiles.suggest(table.header, user=options.user)


def _import(table: Table, profile: Profile, summary: ImportSummary, options: Asked) -> None:
    target = _dataset(options.dataset, profile)
    summary.dataset = target.slug
    known = target if isinstance(target, Dataset) else Dataset.objects.filter(slug=target.slug).first()
    same = earlier(summary.sha256, profile, known)
    if same is not None:
        summary.already, summary.rows, summary.unchanged = same.pk, same.rows, same.rows
        return
    refusals = Refusals(table.sheet)
    places = match_columns(table, profile, refusals)
    refusals.raise_if_any()
    validation = Validation(profile, refusals, options.scope)
    staged = _stage(table, places, validation, options.progress)
    summary.rows = len(staged)
    summary.empty_rows, summary.footers = table.empty_rows, table.footers[:20]
    summary.footer_count = table.footer_count
    summary.decimals = {column.title: column.found for column in validation.amounts.columns.values()}
    summary.not_filed = _rules(profile, staged, validation)
    summary.notes = validation.notes()
    staged, answered = _ask(staged, validation, summary, options)
    summary.missing = int((staged.reason != 0).sum())
    commit(
        staged,
        validation,
        summary,
        answered=answered,
        dataset=target,
        user=options.user,
        progress=options.progress,
    )


def _stage(table: Table, places: dict[str, int], validation: Validation, progress: Progress) -> Staged:
    """Read and judge the whole file.

    Raises:
        ImportRefused: any row is not usable.
    """
    refusals = validation.refusals
    parts, read = [], 0
    for block in blocks(table, places):
        parts += [validation.block(each) for each in spread(block, validation.profile)]
        read += len(block.rows)
        progress("reading", read, None)
        if refusals.total > MOST_REFUSALS:
            refusals.raise_if_any()
    for problem in table.problems:
        refusals.take(problem)
    refusals.total += table.problem_count - len(table.problems)
    if not read and not table.problems:
        refusals.add(_("The file has a header but no rows."))
    validation.close()
    if not parts:
        refusals.raise_if_any()
    joined = join(parts)
    parts.clear()
    staged = in_order(
        joined,
        name_of=lambda place: validation.in_words(joined, place),
        column=table.header[places["municipality"]] if "municipality" in places else "",
        refusals=refusals,
    )
    refusals.raise_if_any()
    return staged


def _rules(profile: Profile, staged: Staged, validation: Validation) -> list[str]:
    """Apply the rules of the profile; return the reports that were not filed, in words."""
    hit = []
    for rule in profile.rules:
        for place in apply_rule(rule, staged):
            code = validation.municipalities.all[staged.municipality[place]].code
            report = validation.reports.texts[staged.report[place]]
            hit.append(" ".join(filter(None, [code, str(staged.year[place]), report])))
    return sorted(hit)


def _ask(
    staged: Staged, validation: Validation, summary: ImportSummary, options: Asked
) -> tuple[Staged, list[tuple[Question, Answer]]]:
    """Look for values that stand out, and do with them what was answered.

    Raises:
        QuestionsOpen: there are questions without an answer, and these stop the import.
        ImportRefused: a corrected value is impossible.
    """
    if not questions.asks(validation.profile):
        return staged, []
    options.progress("comparing", len(staged), len(staged))
    found = questions.look(staged, validation)
    put, counts = questions.put(found, staged, validation)
    summary.questions, summary.question_counts = [each.as_dict() for each in put], counts
    summary.question_count = sum(counts.values())
    answered = [
        (each, answer) for each in put if (answer := options.answers.get(each.key, options.answer_all)) is not None
    ]
    if options.stop_on_questions and not options.dry_run and len(answered) < len(put):
        raise QuestionsOpen(put, summary)
    changed = questions.apply(answered, staged, validation)
    summary.left_out = sum(answer.choice == "leave-out" for _question, answer in answered)
    summary.corrected = sum(answer.choice == "correct" for _question, answer in answered)
    return changed, answered


def _dataset(asked: Dataset | str | None, profile: Profile) -> Dataset | DatasetInfo:
    """Return the dataset that is meant.

    Raises:
        ImportRefused: no dataset has that slug; says which there are.
    """
    if isinstance(asked, Dataset):
        return asked
    found = Dataset.objects.filter(slug=asked or profile.dataset.slug).first()
    if found is not None:
        return found
    described = {each.dataset.slug: each.dataset for each in map(profiles.load, profiles.names())}
    if asked is None or asked in described:
        return described.get(asked or "", profile.dataset)
    there = sorted({*described, *Dataset.objects.values_list("slug", flat=True)})
    reason = _("There is no dataset “%(slug)s”. There are: %(known)s.") % {"slug": asked, "known": ", ".join(there)}
    raise ImportRefused([Refusal(reason + did_you_mean(asked, there))])
