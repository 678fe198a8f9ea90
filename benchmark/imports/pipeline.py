"""The way in: a file, or rows that a program made, through the whole import."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from benchmark.imports import profiles
from benchmark.imports.commit import commit, earlier
from benchmark.imports.profiles import DatasetInfo, Profile
from benchmark.imports.reading import blocks, did_you_mean, match_columns, sha256_of
from benchmark.imports.staging import Staged, apply_rule, in_order, join
from benchmark.imports.summary import ImportRefused, ImportSummary, Progress, Refusals
from benchmark.imports.validation import Validation
from benchmark.models import Dataset
from people.tables import Refusal, Table, TableRefused, read_table

if TYPE_CHECKING:
    from people.models import User

Source = Path | str | IO[bytes]


def _silent(_stage: str, _done: int, _total: int | None) -> None:
    """Tell nobody."""


def run(  # noqa: PLR0913 — all but the file by name
    source: Source,
    *,
    profile: str | None = None,
    dataset: Dataset | str | None = None,
    user: User | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    name: str = "",
) -> ImportSummary:
    """Import a file of measurements, whole or not at all.

    Args:
        source: a path, or a seekable binary file.
        profile: how to read it; by default the profile whose columns the file has.
        dataset: where the values belong, as a row or its slug; by default that of the profile.
        user: who imports.
        dry_run: say what would happen, change nothing.
        progress: told how far it is: stage, rows done, rows in all (None while unknown).
        name: the file's name as the sender knows it.

    Raises:
        ImportRefused: anything is not usable. Nothing changed.
    """
    started = time.monotonic()
    progress = progress or _silent
    try:
        if isinstance(source, (str, Path)):
            table = read_table(source, name=name)
            with Path(source).open("rb") as stream:
                sha256 = sha256_of(stream)
            name = name or Path(source).name
        else:
            sha256 = sha256_of(source)
            table = read_table(source, name=name)
        chosen = profiles.load(profile or profiles.suggest(table.header))
        summary = ImportSummary(
            file_name=name,
            profile=chosen.name,
            dataset="",
            sha256=sha256,
            sheet=table.sheet,
            kind=table.kind,
            separator=table.separator,
            dry_run=dry_run,
        )
        _import(table, chosen, summary, dataset=dataset, user=user, progress=progress)
    except TableRefused as problem:
        raise ImportRefused([problem.refusal]) from problem
    summary.seconds = round(time.monotonic() - started, 3)
    return summary


def run_rows(  # noqa: PLR0913 — as run
    rows: Iterable[Mapping[str, Any]],
    *,
    profile: str = "neutral",
    dataset: Dataset | str | None = None,
    user: User | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    name: str = "rows",
) -> ImportSummary:
    """Import rows that a program made, as if they had come in a file.

    Args:
        rows: mappings with the column names of the profile; None is an empty cell.
        profile: see `run`, as are the others.
        dataset: see `run`.
        user: see `run`.
        dry_run: see `run`.
        progress: see `run`.
        name: what the batch shows as its file.

    Raises:
        ImportRefused: anything is not usable. Nothing changed.
    """
    rows = list(rows)
    titles = list(dict.fromkeys(title for row in rows for title in row))
    written = io.StringIO(newline="")
    table = csv.DictWriter(written, titles, restval="")
    table.writeheader()
    table.writerows(rows)
    return run(
        io.BytesIO(written.getvalue().encode()),
        profile=profile,
        dataset=dataset,
        user=user,
        dry_run=dry_run,
        progress=progress,
        name=name,
    )


def _import(  # noqa: PLR0913 — as run
    table: Table,
    profile: Profile,
    summary: ImportSummary,
    *,
    dataset: Dataset | str | None,
    user: User | None,
    progress: Progress,
) -> None:
    target = _dataset(dataset, profile)
    summary.dataset = target.slug
    known = target if isinstance(target, Dataset) else Dataset.objects.filter(slug=target.slug).first()
    same = earlier(summary.sha256, profile, known)
    if same is not None:
        summary.already, summary.rows, summary.unchanged = same.pk, same.rows, same.rows
        return
    refusals = Refusals(table.sheet)
    places = match_columns(table, profile, refusals)
    refusals.raise_if_any()
    titles = {key: table.header[place] for key, place in places.items()}
    validation = Validation(profile, titles, refusals)
    staged = _stage(table, places, validation, progress)
    summary.rows = len(staged)
    summary.empty_rows, summary.footers = table.empty_rows, table.footers[:20]
    summary.decimals = {column.title: column.found for column in validation.numbers.values()}
    summary.not_filed = _rules(profile, staged, validation)
    summary.missing = int((staged.reason != 0).sum())
    summary.notes = validation.notes()
    commit(staged, validation, summary, dataset=target, user=user, progress=progress)


def _stage(table: Table, places: dict[str, int], validation: Validation, progress: Progress) -> Staged:
    """Read and judge the whole file.

    Raises:
        ImportRefused: any row is not usable.
    """
    refusals = validation.refusals
    parts, read = [], 0
    for block in blocks(table, places):
        parts.append(validation.block(block))
        read += len(block.rows)
        progress("reading", read, None)
    for problem in table.problems:
        refusals.take(problem)
    if not read and not table.problems:
        refusals.add(_("The file has a header but no rows."))
    validation.close()
    if not parts:
        refusals.raise_if_any()
    joined = join(parts)
    parts.clear()

    def in_words(place: int) -> str:
        """Say which value a row is about."""
        code = validation.municipalities.all[joined.municipality[place]].code
        indicator = validation.indicators.all[joined.indicator[place]].code
        report = validation.reports.texts[joined.report[place]]
        return " ".join(filter(None, [code, indicator, str(joined.year[place]), report]))

    staged = in_order(joined, name_of=in_words, column=validation.titles["municipality"], refusals=refusals)
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
