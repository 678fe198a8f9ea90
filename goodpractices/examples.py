"""The ten example practices of the demo: marked as examples, written once, then left to what people make of them."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any, cast

from django.db import transaction
from django.utils import timezone

from benchmark.models import Area, Indicator
from goodpractices import library
from goodpractices.models import GoodPractice
from people.models import Municipality, MunicipalityName, User
from people.names import key

CONTENT = Path(__file__).with_name("content") / "examples.toml"
_TEXT = ("title", "summary", "situation", "approach", "result", "cost", "contact", "organisation_area", "phase")


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
    for example in examples:
        if example["slug"] in there:
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
    return len(examples)


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
    return cast("library.Text", {name: fields[name] for name in _TEXT} | related)


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
