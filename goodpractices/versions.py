"""What a text was before: a version each time somebody saves, and what differs between two."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from goodpractices.models import Experience, ExperienceVersion, GoodPractice, PracticeVersion
from people.models import User

PLAIN = (
    "title",
    "summary",
    "situation",
    "approach",
    "result",
    "went_wrong",
    "cost",
    "conditions",
    "for_size",
    "budget",
    "staff",
    "contact",
    "year",
    "organisation_area",
    "phase",
    "nup_subjects",
    "visibility",
    "review_on",
)
EXPERIENCE = ("context", "result", "went_wrong", "outcome", "again", "visibility")
_RELATIONS: dict[str, str | Promise] = {
    "areas": _("performance areas"),
    "indicators": _("indicators"),
    "tags": _("tags"),
    "figures": _("figures of the result"),
}
_PIECES = re.compile(r"\s+|[^\s]+")


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def plain(practice: GoodPractice) -> dict[str, Any]:
    """Return the written fields that are no relations as plain values, choices as words."""
    text: dict[str, Any] = {}
    for name in PLAIN:
        shown = getattr(practice, f"get_{name}_display", None)
        value = shown() if shown is not None and getattr(practice, name) else getattr(practice, name)
        text[name] = practice.nup_labels if name == "nup_subjects" else _shown(value)
    return text


def figure_words(code: str, before: float, before_year: int | None, after: float, after_year: int | None) -> str:
    """Return a figure of the result in one line, as versions keep it."""
    return f"{code}: {before:g} ({before_year or '?'}) → {after:g} ({after_year or '?'})"


def snapshot(practice: GoodPractice) -> dict[str, Any]:
    """Return all written fields as plain values, choices as words and relations as sorted lists of names."""
    text = plain(practice)
    text["areas"] = sorted(practice.areas.values_list("name", flat=True))
    text["indicators"] = sorted(practice.indicators.values_list("code", flat=True))
    text["tags"] = sorted(practice.tags.values_list("name", flat=True))
    text["figures"] = [
        figure_words(figure.indicator.code, figure.before, figure.before_year, figure.after, figure.after_year)
        for figure in practice.figures.select_related("indicator")
    ]
    return text


def keep(practice: GoodPractice, by: User | None) -> PracticeVersion | None:
    """Keep the practice as it is now, unless nothing changed since the last version. Call it inside the verb."""
    text = snapshot(practice)
    last = practice.versions.order_by("-number").first()
    if last is not None and last.text == text:
        return None
    return PracticeVersion.objects.create(
        practice=practice, number=last.number + 1 if last else 1, text=text, author=by
    )


def keep_experience(experience: Experience, by: User | None) -> ExperienceVersion | None:
    """Keep an experience as it is now, unless nothing changed since the last version."""
    text = {name: _shown(getattr(experience, name)) for name in EXPERIENCE}
    if (last := experience.versions.order_by("-number").first()) is not None and last.text == text:
        return None
    number = experience.versions.aggregate(last=Max("number"))["last"] or 0
    return ExperienceVersion.objects.create(experience=experience, number=number + 1, text=text, author=by)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: `kind` is "same", "added" or "removed"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """What changed in one field, word by word."""

    label: str
    pieces: tuple[Piece, ...]


def words_between(old: str, new: str) -> tuple[Piece, ...]:
    """Return how one text became another, word by word."""
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    pieces = []
    for kind, i1, i2, j1, j2 in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(before[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(Piece("removed", "".join(before[i1:i2])))
        if j2 > j1:
            pieces.append(Piece("added", "".join(after[j1:j2])))
    return tuple(pieces)


def _label(name: str) -> str:
    if name in _RELATIONS:
        return str(_RELATIONS[name])
    return str(getattr(GoodPractice._meta.get_field(name), "verbose_name", name))  # noqa: SLF001 - public in all but name


def between(old: dict[str, Any] | None, new: dict[str, Any]) -> list[FieldDiff]:
    """Return the fields that differ between two versions; everything of the first one."""
    before = old or {}
    return [
        FieldDiff(_label(name), words_between(_shown(before.get(name)), _shown(new.get(name))))
        for name in (*PLAIN, *_RELATIONS)
        if _shown(before.get(name)) != _shown(new.get(name))
    ]
