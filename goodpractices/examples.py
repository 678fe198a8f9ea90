"""The ten example practices of the demo: marked as examples, written once, then left to what people make of them."""

from __future__ import annotations

import datetime as dt
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, cast

from django.db import transaction
from django.utils import timezone

from benchmark.models import Area, Indicator
from goodpractices import library, permissions, proposals, standing, versions
from goodpractices.models import Adoption, Experience, GoodPractice, Remark
from people.models import Municipality, MunicipalityName, User
from people.names import key

CONTENT = Path(__file__).with_name("content") / "examples.toml"
LEARNING = Path(__file__).with_name("content") / "learning.toml"
_TEXT = ("title", "summary", "situation", "approach", "result", "cost", "contact", "organisation_area", "phase")
_MORE = ("went_wrong", "conditions", "for_size", "budget", "staff", "nup_subjects")


@cache
def _learning() -> dict[str, Any]:
    """Return what others did with the examples."""
    return tomllib.loads(LEARNING.read_text(encoding="utf-8"))


def effects() -> dict[tuple[str, str], tuple[int, float]]:
    """Return what an example practice does to the example figures: (indicator, code) → start year, change after it."""
    content = _learning()
    return {
        (content["indicator"], one["municipality"]): (one["started"].year, one.get("change", content["change"]))
        for one in content["adoption"]
        if "started" in one and "practice" not in one
    }


def _municipality(example: dict[str, Any]) -> Municipality:
    """Return the municipality of an example, made with its official name where the register has not come in yet."""
    found, new = Municipality.objects.get_or_create(
        code=example["municipality"], defaults={"name": example["name"], "province": example["province"]}
    )
    if new:
        MunicipalityName.objects.create(municipality=found, name=found.name, key=key(found.name))
    return found


def _areas(slugs: list[str]) -> list[Area]:
    """Return performance areas, made with their slug as name where the indicators have not come in yet."""
    return [Area.objects.get_or_create(slug=slug, defaults={"name": slug.capitalize()})[0] for slug in slugs]


@transaction.atomic
def load(by: User) -> int:
    """Make the examples that are missing.

    Args:
        by: somebody of the programme office, who writes them; they carry no author afterwards.

    Returns:
        How many of the examples there are.
    """
    examples = tomllib.loads(CONTENT.read_text(encoding="utf-8"))["practice"]
    there = set(
        GoodPractice.objects.filter(slug__in=[example["slug"] for example in examples]).values_list("slug", flat=True)
    )
    new = [example["slug"] for example in examples if example["slug"] not in there]
    for example in examples:
        if example["slug"] not in new:
            continue
        practice = library.create(
            by=by,
            municipality=_municipality(example),
            is_demo=True,
            **_text(example),
        )
        # Loaded, not reviewed: nobody has to publish an example.
        practice.slug = example["slug"]
        practice.author = None
        practice.state = GoodPractice.State.PUBLISHED
        practice.published_at = timezone.make_aware(dt.datetime.combine(example["published"], dt.time(9)))
        practice.save()
    _learn(by)
    if _learning()["proposed"]["practice"] in new:
        _propose(_learning()["proposed"])
    return len(examples)


def _learn(by: User) -> None:
    """Make the adoptions, the experiences, the returned draft and the one in review that are missing."""
    content = _learning()
    places = {one.code: one for one in Municipality.objects.all()}
    told = {
        slug: [
            [one for one in content[kind] if one.get("practice", content["practice"]) == slug]
            for kind in ("adoption", "experience")
        ]
        for slug in {one.get("practice", content["practice"]) for one in content["adoption"]}
    }
    for practice in GoodPractice.objects.filter(slug__in=told):
        adoptions, experiences = told[practice.slug]
        if not practice.adoptions.exists():
            _adopted(practice, adoptions, experiences, places)
    returned = _draft(content["returned"], places)
    if returned is not None:
        reviewer = User.objects.filter(email=content["returned"]["reviewer"]).first() or by
        Remark.objects.create(practice=returned, author=reviewer, text=content["returned"]["remark"])
    waiting = _draft(content["waiting"], places)
    if waiting is not None and waiting.author is not None:
        library.submit(by=waiting.author, practice=waiting)
    standing.refresh(GoodPractice.objects.filter(is_demo=True).values_list("pk", flat=True))


def _adopted(
    practice: GoodPractice,
    adoptions: list[dict[str, Any]],
    experiences: list[dict[str, Any]],
    places: dict[str, Municipality],
) -> None:
    Adoption.objects.bulk_create(
        Adoption(
            practice=practice,
            municipality=places[one["municipality"]],
            state=one["state"],
            degree=one.get("degree", Adoption.Degree.WHOLE),
            started_on=one.get("started"),
            stopped_on=one.get("stopped"),
            stopped_why=one.get("why", ""),
            is_demo=True,
        )
        for one in adoptions
        if one["municipality"] in places
    )
    for one in experiences:
        if one["municipality"] in places:
            fields = {name: value for name, value in one.items() if name not in {"municipality", "practice"}}
            Experience.objects.create(
                practice=practice, municipality=places[one["municipality"]], is_demo=True, **fields
            )


def _draft(content: dict[str, Any], places: dict[str, Municipality]) -> GoodPractice | None:
    """Return a new draft of somebody of the demo; None when it is there, or when there is no such person."""
    author = User.objects.filter(email=content["author"]).first()
    if author is None or GoodPractice.objects.filter(slug=content["slug"]).exists():
        return None
    draft = GoodPractice.objects.create(
        slug=content["slug"],
        municipality=places[content["municipality"]],
        author=author,
        is_demo=True,
        **{name: content[name] for name in ("title", "summary", "situation", "approach")},
    )
    draft.areas.set(_areas(content["areas"]))
    versions.keep(draft, author)
    return draft


def _propose(content: dict[str, Any]) -> None:
    """Hand in a new version of an example, by who writes for its municipality; nothing when there is nobody."""
    author = User.objects.filter(email=content["author"]).first()
    practice = GoodPractice.objects.get(slug=content["practice"])
    if author is None or not permissions.can_propose_practice(author, practice):
        return
    text = {name: value for name, value in content.items() if name not in {"practice", "author"}}
    proposals.propose(by=author, practice=practice, **cast("library.Text", text))


def _text(example: dict[str, Any]) -> library.Text:
    """Return the fields of an example, without the line breaks that only the file needs."""
    fields = {name: _unwrapped(value) if isinstance(value, str) else value for name, value in example.items()}
    related = {
        "visibility": GoodPractice.Visibility.PUBLIC,
        "year": example.get("year"),
        "areas": _areas(example["areas"]),
        "indicators": Indicator.objects.filter(code__in=example["indicators"]),
        "tags": example["tags"],
    }
    more = {name: fields[name] for name in _MORE if name in fields}
    return cast("library.Text", {name: fields[name] for name in _TEXT} | more | related)


def _unwrapped(text: str) -> str:
    """Join the lines of a paragraph, which are broken for reading in the file; lists keep their lines."""
    paragraphs = []
    for paragraph in text.strip().split("\n\n"):
        lines: list[str] = []
        for line in paragraph.splitlines():
            starts = line.startswith("- ") or (line[:1].isdigit() and line[1:3] == ". ")
            if lines and not starts:
                lines[-1] += f" {line}"
            else:
                lines.append(line)
        paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraphs)
