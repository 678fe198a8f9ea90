"""Blocks are resolved when the page is read, with a visitor's eyes."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.blocks import StructBlockValidationError

from cms.blocks import CardBlock, PracticeSlugBlock, indicators_by_area
from cms.models import StandardPage
from cms.structure import stream
from goodpractices.models import GoodPractice


@pytest.fixture
def practice(cast) -> GoodPractice:
    """A practice that everybody may read."""
    return GoodPractice.objects.create(
        slug="serviceformules",
        title="Serviceformules",
        municipality=cast.delft,
        summary="Elke klant dezelfde belofte.",
        situation="-",
        approach="-",
        state=GoodPractice.State.PUBLISHED,
        visibility=GoodPractice.Visibility.PUBLIC,
        published_at=timezone.now(),
    )


@pytest.fixture
def page(home) -> StandardPage:
    """A page to put blocks in."""
    return StandardPage.objects.get(slug="over")


def shown(client, page: StandardPage, *parts) -> str:
    page.body = stream(*parts)
    page.save_revision().publish()
    return client.get(page.url).content.decode()


def test_a_public_practice_is_shown(client, page, practice):
    text = shown(client, page, ("practice", {"practice": practice.slug}))
    assert "Serviceformules" in text
    assert "/praktijken/serviceformules/" in text


@pytest.mark.parametrize(
    "change",
    [
        {"visibility": GoodPractice.Visibility.KRING},
        {"visibility": GoodPractice.Visibility.PARTICIPANTS},
        {"state": GoodPractice.State.DRAFT},
        {"state": GoodPractice.State.ARCHIVED},
    ],
)
def test_a_practice_that_is_no_longer_public_disappears(client, cast, page, practice, change):
    GoodPractice.objects.filter(pk=practice.pk).update(**change)
    client.force_login(cast.participant)
    assert "Serviceformules" not in shown(client, page, ("practice", {"practice": practice.slug}))


def test_the_address_of_a_practice_may_be_pasted_whole(practice):
    block = PracticeSlugBlock()
    assert block.clean("https://kringen.example/praktijken/serviceformules/") == "serviceformules"
    assert block.clean("serviceformules") == "serviceformules"


def test_a_practice_that_is_not_public_is_refused(practice):
    GoodPractice.objects.update(visibility=GoodPractice.Visibility.KRING)
    with pytest.raises(ValidationError) as refusal:
        PracticeSlugBlock().clean("serviceformules")
    assert "serviceformules" in refusal.value.messages[0]


@pytest.mark.parametrize("link", ["https://elders.example/", "//elders.example/", "javascript:alert(1)"])
def test_a_card_stays_on_the_site(link):
    with pytest.raises(StructBlockValidationError):
        CardBlock().clean({"title": "Weg", "text": "Hier vandaan", "link": link})


def test_a_quote_and_a_key_figure_say_whose_and_which(client, page):
    text = shown(
        client,
        page,
        ("quote", {"text": "Het begint met kijken.", "name": "Een deelnemer", "job": "Kring C"}),
        (
            "key_figures",
            [{"value": "15", "unit": "minuten", "label": "Norm voor wachten", "year": 2009, "source": "VNG"}],
        ),
    )
    assert "Een deelnemer, Kring C" in text
    assert "2009 · VNG" in text


def test_indicators_are_offered_by_area(cast):
    assert indicators_by_area() == [
        ("Wachttijden", [("wac_balie_gem", "Gemiddelde wachttijd balie zonder afspraak (minuten)")])
    ]


def test_an_indicator_that_was_removed_leaves_no_trace(client, page):
    assert "weg_ermee" not in shown(client, page, ("chart", {"indicator": "weg_ermee", "note": ""}))
