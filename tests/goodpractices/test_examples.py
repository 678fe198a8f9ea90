"""The ten practices of the demo."""

from __future__ import annotations

from django.http import QueryDict

from goodpractices import proposals
from goodpractices.examples import load
from goodpractices.models import GoodPractice, Proposal
from goodpractices.search import Asked, find
from people.models import Municipality
from tests.cast import Cast


def test_loading_twice_is_once(cast: Cast):
    assert (load(by=cast.office), load(by=cast.office)) == (10, 10)
    practices = GoodPractice.objects.filter(state=GoodPractice.State.PUBLISHED).for_cards()
    assert practices.count() == 10
    assert {(practice.state, practice.is_demo, practice.author_id) for practice in practices} == {
        ("published", True, None)
    }
    assert Municipality.objects.get(code="GM0164").name == "Hengelo"
    for practice in practices:
        assert practice.shown_areas
        assert practice.shown_tags
        assert practice.organisation_area
        assert len(practice.summary) <= 240
        assert "\n" not in practice.summary


def test_a_new_version_and_a_practice_wait_for_the_facilitator_once(cast: Cast):
    load(by=cast.office)
    [proposed] = Proposal.objects.for_review_by(cast.facilitator)
    assert (proposed.practice.slug, proposed.author) == ("dienstverlening-op-afspraak", cast.participant)
    [waiting] = GoodPractice.objects.for_review_by(cast.facilitator)
    assert (waiting.municipality, waiting.author) == (cast.zandvoort, cast.colleague)
    assert GoodPractice.objects.get(state="draft").remarks.count() == 1
    # What the facilitator did with them is not undone by loading again.
    proposals.accept(by=cast.facilitator, practice=proposed.practice)
    load(by=cast.office)
    assert not Proposal.objects.exists()
    assert "herinnering" in GoodPractice.objects.get(slug="dienstverlening-op-afspraak").went_wrong


def test_what_a_colleague_changed_is_kept(cast: Cast):
    load(by=cast.office)
    GoodPractice.objects.filter(slug="serviceformules").update(title="Anders")
    load(by=cast.office)
    assert GoodPractice.objects.get(slug="serviceformules").title == "Anders"


def test_the_journeys_find_them(cast: Cast):
    load(by=cast.office)

    def slugs(query: str) -> list[str]:
        ids = find(None, Asked.of(QueryDict(f"q={query}"))).ids
        found = GoodPractice.objects.in_bulk(ids)
        return [found[pk].slug for pk in ids]

    assert slugs("midoffice") == ["digitale-formulieren-voor-alle-kanalen"]
    assert slugs("avondopenstelling") == ["dienstverlening-op-afspraak"]
    assert slugs("no-show") == ["kcc-inzet-en-lage-no-show"]
    assert "14-netnummer" in slugs("Antwoord%40")
    assert slugs("toegankelijkheid")
