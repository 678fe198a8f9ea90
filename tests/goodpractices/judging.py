"""How good is the order of what is found? nDCG@10 over judged questions, for the library and for plain full text."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection

from goodpractices.models import GoodPractice
from goodpractices.search import Asked, find
from people.models import Municipality

JUDGED = tomllib.loads(Path(__file__).with_name("judged.toml").read_text(encoding="utf-8"))
QUESTIONS: dict[str, dict[str, int]] = JUDGED["questions"]


def fill() -> None:
    """Make the small library; the slug of a practice is its key in the file."""
    place, _ = Municipality.objects.get_or_create(code="GM8999", defaults={"name": "Elders"})
    for key, (title, text) in JUDGED["practices"].items():
        GoodPractice.objects.create(
            slug=f"oordeel-{key}",
            title=title,
            municipality=place,
            summary=text,
            situation="",
            approach="",
            state=GoodPractice.State.PUBLISHED,
            visibility=GoodPractice.Visibility.PUBLIC,
        )


def ndcg(found: list[str], relevant: dict[str, int]) -> float:
    """Return the discounted gain of the first ten, as a part of the best possible."""

    def gain(grades: list[int]) -> float:
        return sum((2**grade - 1) / math.log2(at + 2) for at, grade in enumerate(grades[:10]))

    return gain([relevant.get(key, 0) for key in found]) / gain(sorted(relevant.values(), reverse=True))


def score(search: Callable[[str], list[str]]) -> tuple[float, dict[str, float]]:
    """Return the mean over all questions, and each question's own."""
    each = {question: ndcg(search(question), relevant) for question, relevant in QUESTIONS.items()}
    return sum(each.values()) / len(each), each


def by_library(question: str) -> list[str]:
    """Ask the library."""
    found = find(None, Asked(query=question), page_size=10)
    slugs = dict(GoodPractice.objects.filter(pk__in=found.ids).values_list("pk", "slug"))
    return [slugs[pk].removeprefix("oordeel-") for pk in found.ids]


def by_backend(question: str) -> list[str]:
    """Ask the full text of the database over the same texts, as a site does that adds nothing of its own."""
    texts = list(GoodPractice.objects.filter(slug__startswith="oordeel-").values_list("slug", "title", "summary"))
    found = _postgresql(question, texts) if connection.vendor == "postgresql" else _sqlite(question, texts)
    return [slug.removeprefix("oordeel-") for slug in found]


def _sqlite(question: str, texts: list[Any]) -> list[str]:
    words = "".join(letter if letter.isalnum() else " " for letter in question).split()
    with connection.cursor() as cursor:
        cursor.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.plain USING fts5(slug UNINDEXED, title, body)")
        cursor.execute("DELETE FROM temp.plain")
        cursor.executemany("INSERT INTO temp.plain VALUES (%s, %s, %s)", texts)
        cursor.execute(
            "SELECT slug FROM temp.plain WHERE plain MATCH %s ORDER BY bm25(plain, 0, 2.0, 1.0)",
            [" OR ".join(f'"{word}"' for word in words)],
        )
        return [slug for (slug,) in cursor.fetchall()]


def _postgresql(question: str, texts: list[Any]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE IF NOT EXISTS plain (slug text, body tsvector)")
        cursor.execute("DELETE FROM plain")
        cursor.executemany(
            "INSERT INTO plain VALUES (%s, setweight(to_tsvector('dutch', %s), 'A') || to_tsvector('dutch', %s))", texts
        )
        cursor.execute(
            "SELECT slug FROM plain, CAST(replace(plainto_tsquery('dutch', %s)::text, '&', '|') AS tsquery) AS q "
            "WHERE body @@ q ORDER BY ts_rank(body, q) DESC",
            [question],
        )
        return [slug for (slug,) in cursor.fetchall()]
