"""A new version of a published practice: proposed by its authors, taken over or sent back by a reviewer."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from goodpractices import library, proposals
from goodpractices.library import LibraryError
from goodpractices.models import GoodPractice, Proposal
from goodpractices.search import Asked, find
from tests.cast import Cast


@pytest.fixture
def practice(cast: Cast, make) -> GoodPractice:
    return make("Avondopenstelling", author=cast.participant)


def test_the_published_text_stays_until_a_reviewer_takes_the_new_one_over(cast: Cast, practice):
    proposals.propose(
        by=cast.participant,
        practice=practice,
        title="Kennisbank voor iedereen",
        review_on=dt.date(2030, 1, 2),
        areas=[cast.area],
        tags=["kcc"],
        figures=[library.Figure(cast.indicator, 18, 12.5, 2007, 2009)],
    )
    practice.refresh_from_db()
    assert practice.title == "Avondopenstelling"
    assert find(cast.colleague, Asked(query="kennisbank")).total == 0
    assert find(cast.colleague, Asked(query="avondopenstelling")).ids == (practice.pk,)

    taken = proposals.accept(by=cast.facilitator, practice=practice)
    assert (taken.title, taken.review_on, taken.slug) == (
        "Kennisbank voor iedereen",
        dt.date(2030, 1, 2),
        practice.slug,
    )
    assert [tag.name for tag in taken.tags.all()] == ["kcc"]
    assert list(taken.figures.values_list("indicator", "before", "after", "before_year", "after_year")) == [
        (cast.indicator.pk, 18, 12.5, 2007, 2009)
    ]
    assert taken.state == GoodPractice.State.PUBLISHED
    assert taken.versions.first().author == cast.participant
    assert find(cast.colleague, Asked(query="kennisbank")).ids == (practice.pk,)
    assert not Proposal.objects.exists()


def test_what_is_sent_back_is_gone_on_with(client, cast: Cast, practice):
    proposals.propose(by=cast.participant, practice=practice, title="Eerste poging")
    with pytest.raises(LibraryError):
        proposals.send_back(by=cast.facilitator, practice=practice, remark="  ")
    proposals.send_back(by=cast.facilitator, practice=practice, remark="Noem de kosten.")
    with pytest.raises(LibraryError):
        proposals.accept(by=cast.facilitator, practice=practice)
    assert not Proposal.objects.for_review_by(cast.facilitator).exists()
    client.force_login(cast.participant)
    assert "Noem de kosten." in client.get(f"/praktijken/{practice.slug}/voorstel/").content.decode()
    assert 'value="Eerste poging"' in client.get(f"/praktijken/{practice.slug}/wijzigen/").content.decode()
    proposals.propose(by=cast.participant, practice=practice, title="Tweede poging")
    assert [one.text["title"] for one in Proposal.objects.for_review_by(cast.facilitator)] == ["Tweede poging"]
    proposals.withdraw(by=cast.participant, practice=practice)
    assert not Proposal.objects.exists()


def test_who_may_do_what_with_a_new_version(cast: Cast, practice):
    for by in (cast.colleague, cast.stranger, cast.steering, cast.office):
        with pytest.raises(PermissionDenied):
            proposals.propose(by=by, practice=practice, title="Overgenomen")
    proposals.propose(by=cast.participant, practice=practice, title="Geheim plan")
    for by in (cast.participant, cast.colleague, cast.stranger, cast.steering):
        for verb, more in ((proposals.accept, {}), (proposals.send_back, {"remark": "Nee"})):
            with pytest.raises(PermissionDenied):
                verb(by=by, practice=practice, **more)
    with pytest.raises(PermissionDenied):
        proposals.withdraw(by=cast.colleague, practice=practice)
    assert Proposal.objects.get().text["title"] == "Geheim plan"


def test_nobody_else_can_tell_that_there_is_a_new_version(client, cast: Cast, practice):
    proposals.propose(by=cast.participant, practice=practice, title="Geheim plan")
    for reader in (cast.colleague, cast.stranger, cast.steering, None):
        client.logout()
        if reader is not None:
            client.force_login(reader)
            assert client.get(f"/praktijken/{practice.slug}/voorstel/").status_code == 404
        for address in (f"/praktijken/{practice.slug}/", "/praktijken/?q=geheim", "/zoeken/?q=geheim"):
            html = client.get(address).content.decode()
            assert "Geheim plan" not in html
            assert "/voorstel/" not in html
    client.force_login(cast.facilitator)
    assert "Geheim" in client.get(f"/praktijken/{practice.slug}/voorstel/").content.decode()
    assert f"/praktijken/{practice.slug}/voorstel/" in client.get("/praktijken/beoordelen/").content.decode()


def test_nobody_publishes_their_own_new_version(cast: Cast, make):
    own = make("Van het bureau", municipality=cast.hillegom, author=None)
    cast.facilitator.municipality = cast.hillegom
    cast.facilitator.save()
    Proposal.objects.create(practice=own, values={"title": "Zelf"}, text={"title": "Zelf"}, author=cast.facilitator)
    with pytest.raises(LibraryError, match=r"zelf|yourself"):
        proposals.accept(by=cast.facilitator, practice=own)
    own.refresh_from_db()
    assert own.title == "Van het bureau"


def test_a_version_that_changes_nothing_or_takes_a_title_is_refused(cast: Cast, practice, make):
    make("Bestaat al")
    with pytest.raises(LibraryError):
        proposals.propose(by=cast.participant, practice=practice, title="Avondopenstelling", areas=[cast.area])
    with pytest.raises(library.DuplicateError):
        proposals.propose(by=cast.participant, practice=practice, title="Bestaat al")
    assert not Proposal.objects.exists()


def test_the_form_of_a_published_practice_hands_in_a_new_version(client, cast: Cast, practice):
    client.force_login(cast.participant)
    address = f"/praktijken/{practice.slug}/wijzigen/"
    form = client.get(address).context["form"]
    data = {
        name: value
        for name, value in ((name, form[name].value()) for name in form.fields)
        if value not in (None, "", [])
    }
    data["areas"] = [cast.area.pk]
    answer = client.post(address, data | {"approach": "Wij openden ook in de ochtend."})
    assert answer.url == f"/praktijken/{practice.slug}/voorstel/"
    practice.refresh_from_db()
    assert practice.approach == "Wij openden een avond in de week."
    html = client.get(answer.url).content.decode()
    assert "<ins>" in html
    assert "<del>" in html
