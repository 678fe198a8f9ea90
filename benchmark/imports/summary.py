"""What an import says afterwards: what it did, or why it did nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.tables import Refusal

if TYPE_CHECKING:
    from benchmark.imports.questions import Question

# More than this nobody reads; the rest is counted.
LISTED = 100

# Called with a stage ("reading", "comparing", "writing"), the rows done and, where known, the rows in all.
Progress = Callable[[str, int, int | None], None]


class ImportRefused(Exception):  # noqa: N818 — a refusal is an answer, not a fault
    """Nothing was imported. `refusals` are at most `LISTED`, in the order of the file; `total` counts them all."""

    def __init__(self, refusals: Iterable[Refusal], total: int | None = None) -> None:
        self.refusals = list(refusals)
        self.total = len(self.refusals) if total is None else total
        super().__init__("\n".join(map(str, self.refusals)))

    @property
    def headline(self) -> str:
        """One sentence: how much was refused and that nothing changed."""
        return ngettext(
            "Nothing was imported and nothing changed: %(count)s refusal.",
            "Nothing was imported and nothing changed: %(count)s refusals.",
            self.total,
        ) % {"count": self.total}

    @property
    def more(self) -> int:
        """How many refusals are not listed."""
        return self.total - len(self.refusals)

    def as_dict(self) -> dict[str, Any]:
        """Return the refusals for machines."""
        return {
            "ok": False,
            "message": self.headline,
            "total": self.total,
            "more": self.more,
            "refusals": [asdict(refusal) for refusal in self.refusals],
        }


class QuestionsOpen(Exception):  # noqa: N818 — it asks, it does not fail
    """Nothing was imported: some values stand out, and nobody said yet whether they are right."""

    def __init__(self, questions: Sequence[Question], summary: ImportSummary) -> None:
        super().__init__("\n".join(each.sentence for each in questions))
        self.questions = list(questions)
        self.summary = summary


class Refusals:
    """Collects refusals: keeps the first hundred, counts all."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.total = 0
        self.kept: list[Refusal] = []

    @property
    def is_full(self) -> bool:
        """Say whether further ones are only counted."""
        return len(self.kept) >= LISTED

    @property
    def room(self) -> int:
        """How many more are kept in words."""
        return LISTED - len(self.kept)

    def add(self, reason: str, *, row: int | None = None, column: str = "", value: str = "") -> None:
        """Refuse one cell, row or the file."""
        self.total += 1
        if not self.is_full:
            self.kept.append(Refusal(reason, sheet=self.sheet, row=row, column=column, value=value))

    def take(self, refusal: Refusal) -> None:
        """Take over a refusal that the reader of the file made."""
        self.total += 1
        if not self.is_full:
            self.kept.append(refusal)

    def raise_if_any(self) -> None:
        """End the import when anything was refused.

        Raises:
            ImportRefused: with what was kept, in the order of the file.
        """
        if self.total:
            raise ImportRefused(sorted(self.kept, key=lambda refusal: refusal.row or 0), self.total)


@dataclass
class ImportSummary:
    """What an import did, in numbers and sentences.

    Attributes:
        batch: id of the batch; None when nothing changed or with `dry_run`.
        rows: rows with a value or a reason; `created` + `changed` + `unchanged` + `kept` of them.
        kept: rows of example data that would have replaced real figures, and did not.
        missing: rows without a value.
        decimals: column → "comma", "point" or "whole numbers".
        not_filed: reports that a rule took for not filed, as "GM0141 2022 jaarrekening".
        already: batch that brought in exactly this file before, when nothing was read again.
    """

    file_name: str
    profile: str
    dataset: str
    sha256: str = ""
    sheet: str = ""
    kind: str = ""
    separator: str = ""
    batch: int | None = None
    already: int | None = None
    dry_run: bool = False
    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0
    missing: int = 0
    empty_rows: int = 0
    footers: list[str] = field(default_factory=list)
    footer_count: int = 0
    encoding: str = ""
    left_out: int = 0
    corrected: int = 0
    question_count: int = 0
    question_counts: dict[str, int] = field(default_factory=dict)
    questions: list[dict[str, Any]] = field(default_factory=list)
    decimals: dict[str, str] = field(default_factory=dict)
    not_filed: list[str] = field(default_factory=list)
    new_indicators: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def nothing_changed(self) -> bool:
        """Say whether every figure was as it stood already."""
        return not (self.created or self.changed)

    @property
    def headline(self) -> str:
        """One sentence: what happened."""
        if self.already:
            return _("This file was imported before (batch %(batch)s). Nothing changed.") % {"batch": self.already}
        if self.nothing_changed:
            return _("Nothing changed: all %(rows)s figures stand as they are in this file.") % {"rows": self.rows}
        counts = {"rows": self.rows, "created": self.created, "changed": self.changed, "unchanged": self.unchanged}
        if self.dry_run:
            return (
                _(
                    "Tried only, nothing changed. %(rows)s rows are good: %(created)s new, %(changed)s changed, "
                    "%(unchanged)s unchanged."
                )
                % counts
            )
        return _("%(rows)s rows imported: %(created)s new, %(changed)s changed, %(unchanged)s unchanged.") % counts

    def sentences(self) -> list[str]:
        """Return everything a person should know, the headline first."""
        told = [self.headline]
        if self.missing:
            told.append(_("%(count)s rows have no value but a reason.") % {"count": self.missing})
        if self.kept:
            told.append(
                _("%(count)s rows of example data were left out, because there are real figures.")
                % {"count": self.kept}
            )
        told += [_decimal_sentence(column, found) for column, found in self.decimals.items()]
        if self.encoding == "cp1252":
            told.append(
                _(
                    "The file is not UTF-8; it was read as Windows text. Look whether the letters with accents are right."
                )
            )
        told += self.question_sentences()
        if self.left_out or self.corrected:
            told.append(
                _("After your answers %(left_out)s values were left out and %(corrected)s corrected.")
                % {"left_out": self.left_out, "corrected": self.corrected}
            )
        if self.empty_rows or self.footer_count:
            told.append(
                _("Passed over: %(empty)s empty rows and %(footers)s footers.")
                % {"empty": self.empty_rows, "footers": self.footer_count}
            )
        if self.not_filed:
            told.append(
                _("%(count)s reports hold nothing but zeros and count as not delivered: %(reports)s.")
                % {"count": len(self.not_filed), "reports": ", ".join(self.not_filed)}
            )
        if self.new_indicators:
            told.append(_("%(count)s indicators are new.") % {"count": len(self.new_indicators)})
        return told + self.notes

    def as_dict(self) -> dict[str, Any]:
        """Return the summary for machines."""
        return {"ok": True, "message": self.headline, **asdict(self), "sentences": self.sentences()}

    def question_sentences(self) -> list[str]:
        """Return what stands out, as questions with their number."""
        told = []
        if count := self.question_counts.get("history", 0):
            told.append(
                ngettext(
                    "%(count)s value is more than 50 %% different from the years before. Is it right?",
                    "%(count)s values are more than 50 %% different from the years before. Are they right?",
                    count,
                )
                % {"count": count}
            )
        if count := self.question_counts.get("peers", 0):
            told.append(
                ngettext(
                    "%(count)s value lies far from those of all others. Is it right?",
                    "%(count)s values lie far from those of all others. Are they right?",
                    count,
                )
                % {"count": count}
            )
        return told

    def details(self) -> dict[str, Any]:
        """Return what a batch keeps of it."""
        keys: tuple[str, ...] = (
            "sheet",
            "kind",
            "separator",
            "encoding",
            "empty_rows",
            "footers",
            "decimals",
            "not_filed",
            "kept",
            "notes",
        )
        keys += ("question_counts", "left_out", "corrected")
        return {**{key: getattr(self, key) for key in keys}, "new_indicators": self.new_indicators}


def _decimal_sentence(column: str, found: str) -> str:
    words = {"comma": _("a decimal comma"), "point": _("a decimal point"), "whole": _("whole numbers")}
    return _("Column %(column)s: %(found)s.") % {"column": column, "found": words[found]}
