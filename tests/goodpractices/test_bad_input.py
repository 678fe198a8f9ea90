"""What somebody may get wrong: each is a sentence on the page that says what to do, and nothing is half-saved."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from taggit.models import Tag

from goodpractices.models import Adoption, Experience, GoodPractice, PracticeVersion, Proposal
from tests.cast import Cast


def _post(cast: Cast, **changes):
    return {
        "municipality": cast.hillegom.pk,
        "title": "Avondopenstelling",
        "summary": "Ook na werktijd.",
        "situation": "Er was een rij.",
        "approach": "Een avond open.",
        "areas": [cast.area.pk],
        "visibility": "public",
        "submission": str(uuid.uuid4()),
    } | changes


def test_a_second_practice_of_one_title_names_the_first(client, cast: Cast, make):
    make("Avond-openstelling", slug="de-eerste")
    client.force_login(cast.participant)
    answer = client.post("/praktijken/nieuw/", _post(cast, title="AVOND-OPENSTELLING"))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Hillegom heeft al een praktijk met deze titel: /praktijken/de-eerste/." in html
    assert "Er was een rij." in html
    assert GoodPractice.objects.count() == 1


@pytest.mark.parametrize("tag", ["x" * 200, "<b>balie</b>", "<script>alert(1)</script>", "[balie](http://x)"])
def test_a_tag_too_long_or_with_markup_is_named_and_nothing_is_made(client, cast: Cast, tag):
    client.force_login(cast.participant)
    answer = client.post("/praktijken/nieuw/", _post(cast, tags=f"KCC, {tag}"))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "kan geen label zijn" in html
    assert "40 letters" in html
    assert "<script>alert" not in html
    assert (GoodPractice.objects.count(), Tag.objects.count()) == (0, 0)


def test_an_adoption_before_the_practice_existed_says_since_when_it_can_be(client, cast: Cast, make):
    practice = make("Afspraken", year=2008)
    client.force_login(cast.colleague)
    sent = {"municipality": cast.zandvoort.pk, "state": "running", "degree": "whole", "started_on": "2007-12-31"}
    answer = client.post(f"/praktijken/{practice.slug}/wij-doen-dit-ook/", sent)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "31 december 2007" in html
    assert "1 januari 2008" in html
    assert 'value="2007-12-31"' in html
    practice.refresh_from_db()
    assert (Adoption.objects.count(), practice.adopters) == (0, 0)


@pytest.mark.parametrize("along", [False, True])
def test_nobody_reviews_what_they_wrote_themselves(client, cast: Cast, make, along):
    own = make("Van de begeleider", state="review", author=None if along else cast.facilitator)
    if along:
        cast.facilitator.municipality = cast.hillegom
        cast.facilitator.save()
        own.co_authors.add(cast.facilitator)
    client.force_login(cast.facilitator)
    page = client.get(f"/praktijken/{own.slug}/").content.decode()
    assert "/publiceren/" not in page
    for verb, more in (("publiceren", {}), ("terugsturen", {"remark": "Mooi"})):
        said = client.post(f"/praktijken/{own.slug}/{verb}/", more, follow=True).content.decode()
        assert "U hebt deze praktijk zelf geschreven. Vraag een collega om die te beoordelen." in said
    own.refresh_from_db()
    assert (own.state, own.remarks.count()) == ("review", 0)


def test_another_municipalitys_editor_changes_none_of_it(client, cast: Cast, make):
    published = make("Open", author=cast.participant)
    Proposal.objects.create(practice=published, values={"title": "Nieuw"}, text={"title": "Nieuw"}, is_waiting=True)
    draft = make("Concept", state="draft", author=cast.participant)
    Adoption.objects.create(
        practice=published, municipality=cast.zandvoort, state="running", started_on=dt.date(2009, 1, 1)
    )
    Experience.objects.create(
        practice=published, municipality=cast.zandvoort, context="c", result="r", outcome="worked", again="yes"
    )
    before = list(GoodPractice.objects.order_by("pk").values("title", "state", "review_on", "approach"))
    client.force_login(cast.editor)
    verbs = ("wijzigen", "indienen", "publiceren", "terugsturen", "klopt-nog", "archiveren", "bijlagen")
    verbs += ("voorstel/aannemen", "voorstel/terugsturen", "voorstel/weg")
    verbs += ("wij-doen-dit-ook/weg", "ervaring/weg")
    for practice, refused in ((published, {403, 404}), (draft, {404})):
        for verb in verbs:
            answer = client.post(f"/praktijken/{practice.slug}/{verb}/", _post(cast, title="Gekaapt", remark="Nee"))
            if verb == "bijlagen" and practice == published:
                refused_too = refused | {302}  # without a file it says so first
                assert answer.status_code in refused_too
                continue
            assert answer.status_code in refused, (verb, practice.title)
    assert list(GoodPractice.objects.order_by("pk").values("title", "state", "review_on", "approach")) == before
    assert (Proposal.objects.count(), Adoption.objects.count(), Experience.objects.count()) == (1, 1, 1)
    assert PracticeVersion.objects.count() == 0
