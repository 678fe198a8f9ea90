"""The library by HTTP: `GET /api/v1/practices`, with the same answers and the same reach as the page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from goodpractices.presentation import hits
from goodpractices.search import Asked, find

router = Router(tags=["practices"])


class _Camel(Schema):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class NamedOut(_Camel):
    """Something with a key for addresses and a name for people."""

    key: str
    name: str


class HighlightsOut(_Camel):
    """HTML with `<mark>` around the words asked for; everything else in it is escaped."""

    title: str
    summary: str
    passage: str | None = None


class PracticeOut(_Camel):
    """One practice in a list."""

    slug: str
    address: str
    title: str
    summary: str
    municipality: NamedOut
    areas: list[NamedOut]
    organisation: NamedOut | None
    phase: int | None
    tags: list[NamedOut]
    year: int | None
    published_at: str | None
    evidence: NamedOut
    adopters: int = Field(description="municipalities that try or do it now")
    is_demo: bool
    highlights: HighlightsOut


class ChoiceOut(_Camel):
    """A value of a facet and how many practices choosing it would give."""

    key: str
    name: str
    count: int
    chosen: bool


class PracticesOut(_Camel):
    """A page of the library with its counts."""

    total: int
    page: int
    pages: int
    suggestion: str | None = Field(None, description="the question as it may have been meant")
    some_words: bool = Field(description="no practice has all the words; these have at least one")
    results: list[PracticeOut]
    facets: dict[str, list[ChoiceOut]]


class PracticesQuery(_Camel):
    """What may be asked; a filter may be given more than once, which means either."""

    q: str = ""
    area: list[str] = []
    organisation: list[str] = []
    phase: list[str] = []
    tag: list[str] = []
    municipality: list[str] = []
    size: list[str] = []
    evidence: list[str] = []
    year: list[str] = []
    like: str = Field("", description="1: only of municipalities of about the size of one's own")
    sort: str = Field("relevance", description="relevance, newest, adopted or effect")
    page: int = 1


@router.get("/practices", response=PracticesOut, by_alias=True, url_name="practices")
def practices(request: HttpRequest, query: Query[PracticesQuery]) -> dict[str, Any]:
    """Search the library as the person who asks may see it."""
    # `query` documents and checks the parameters; `Asked` reads them, as it does for the page.
    found = find(request.user, Asked.of(request.GET))
    return {
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "suggestion": found.suggestion or None,
        "some_words": found.some_words,
        "results": [
            {
                "slug": hit.practice.slug,
                "address": f"/praktijken/{hit.practice.slug}/",
                "title": hit.practice.title,
                "summary": hit.practice.summary,
                "municipality": {"key": hit.practice.municipality.code, "name": hit.practice.municipality.name},
                "areas": [{"key": area.slug, "name": area.name} for area in hit.practice.shown_areas],
                "organisation": {
                    "key": hit.practice.organisation_area,
                    "name": str(hit.practice.get_organisation_area_display()),
                }
                if hit.practice.organisation_area
                else None,
                "phase": hit.practice.phase,
                "tags": [{"key": tag.slug, "name": tag.name} for tag in hit.practice.shown_tags],
                "year": hit.practice.year,
                "published_at": hit.practice.published_at.isoformat() if hit.practice.published_at else None,
                "evidence": {"key": str(hit.practice.evidence), "name": str(hit.practice.get_evidence_display())},
                "adopters": hit.practice.adopters,
                "is_demo": hit.practice.is_demo,
                "highlights": {
                    "title": str(hit.title),
                    "summary": str(hit.summary),
                    "passage": str(hit.passage) if hit.passage else None,
                },
            }
            for hit in hits(found)
        ],
        "facets": {
            facet: [
                {"key": choice.value, "name": choice.label, "count": choice.count, "chosen": choice.chosen}
                for choice in choices
            ]
            for facet, choices in found.facets.items()
        },
    }
