"""Writing, handing in, reviewing: who may, what it does, and that twice is once."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import PermissionDenied

from goodpractices import library
from goodpractices.library import ChangedError, LibraryError
from goodpractices.models import GoodPractice, Remark
from tests.cast import Cast

State = GoodPractice.State
TEXT = {"title": "Avondopenstelling", "summary": "s", "situation": "x", "approach": "y"}


@pytest.fixture
def draft(cast: Cast) -> GoodPractice:
    return library.create(
        by=cast.participant, municipality=cast.hillegom, areas=[cast.area], tags=["KCC", "NUP"], **TEXT
    )


def test_a_draft_is_made_with_its_relations(cast: Cast, draft):
    assert (draft.state, draft.slug, draft.author) == (State.DRAFT, "avondopenstelling", cast.participant)
    assert list(draft.areas.all()) == [cast.area]
    assert sorted(draft.tags.names()) == ["KCC", "NUP"]


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Avondopenstelling", "avondopenstelling-2"), ("Nieuw", "praktijk-nieuw"), ("🙂", "praktijk"), ("Één", "een")],
)
def test_every_practice_has_its_own_address(cast: Cast, draft, title, slug):
    made = library.create(by=cast.participant, municipality=cast.hillegom, **(TEXT | {"title": title}))
    assert made.slug == slug


def test_a_form_sent_twice_makes_one(cast: Cast):
    sent = uuid.uuid4()
    one = library.create(by=cast.participant, municipality=cast.hillegom, submission=sent, **TEXT)
    two = library.create(by=cast.participant, municipality=cast.hillegom, submission=sent, **TEXT)
    assert (one.pk, GoodPractice.objects.count()) == (two.pk, 1)


def test_the_way_of_a_practice(cast: Cast, draft):
    library.submit(by=cast.participant, practice=draft)
    assert library.submit(by=cast.participant, practice=draft).state == State.REVIEW
    returned = library.return_with_remark(by=cast.facilitator, practice=draft, remark=" Noem de kosten. ")
    assert returned.state == State.DRAFT
    assert list(Remark.objects.values_list("practice", "author", "text")) == [
        (draft.pk, cast.facilitator.pk, "Noem de kosten.")
    ]
    library.edit(by=cast.participant, practice=draft, cost="Twee uur per week.")
    library.submit(by=cast.participant, practice=draft)
    published = library.publish(by=cast.facilitator, practice=draft)
    assert (published.state, published.cost, published.published_at is not None) == (
        State.PUBLISHED,
        "Twee uur per week.",
        True,
    )
    assert library.publish(by=cast.office, practice=draft).published_at == published.published_at
    assert library.archive(by=cast.office, practice=draft).state == State.ARCHIVED
    assert library.archive(by=cast.office, practice=draft).state == State.ARCHIVED
    assert library.publish(by=cast.office, practice=draft).published_at == published.published_at


def test_only_ones_own_municipality_adds_and_edits(cast: Cast, draft):
    for user in (cast.colleague, cast.stranger, cast.facilitator, cast.steering, cast.validator, cast.deactivated):
        with pytest.raises(PermissionDenied):
            library.create(by=user, municipality=cast.hillegom, **TEXT)
        with pytest.raises(PermissionDenied):
            library.edit(by=user, practice=draft, title="Overgenomen")
        with pytest.raises(PermissionDenied):
            library.submit(by=user, practice=draft)
    with pytest.raises(PermissionDenied):
        library.edit(by=cast.office, practice=draft, title="Overgenomen")
    draft.refresh_from_db()
    assert (draft.title, draft.state) == ("Avondopenstelling", State.DRAFT)


def test_only_the_facilitator_of_its_kring_and_the_office_review(cast: Cast, draft):
    library.submit(by=cast.participant, practice=draft)
    delft = library.create(by=cast.stranger, municipality=cast.delft, **TEXT)
    library.submit(by=cast.stranger, practice=delft)
    for user, practice in [
        (cast.participant, draft),
        (cast.colleague, draft),
        (cast.editor, draft),
        (cast.stranger, draft),
        (cast.steering, draft),
        (cast.facilitator, delft),
    ]:
        for verb, more in [(library.publish, {}), (library.archive, {}), (library.return_with_remark, {"remark": "x"})]:
            with pytest.raises(PermissionDenied):
                verb(by=user, practice=practice, **more)
    assert set(GoodPractice.objects.values_list("state", flat=True)) == {State.REVIEW}


def test_nobody_publishes_their_own_text(cast: Cast):
    own = library.create(by=cast.office, municipality=cast.hillegom, **TEXT)
    GoodPractice.objects.filter(pk=own.pk).update(state=State.REVIEW)
    with pytest.raises(LibraryError, match=r"yourself|zelf"):
        library.publish(by=cast.office, practice=own)
    assert library.publish(by=cast.admin, practice=own).state == State.PUBLISHED


def test_what_cannot_be_done_now_is_said(cast: Cast, draft):
    for verb, by, more in [
        (library.publish, cast.office, {}),
        (library.archive, cast.office, {}),
        (library.return_with_remark, cast.office, {"remark": "x"}),
    ]:
        with pytest.raises(LibraryError):
            verb(by=by, practice=draft, **more)
    library.submit(by=cast.participant, practice=draft)
    with pytest.raises(LibraryError):
        library.return_with_remark(by=cast.office, practice=draft, remark="  ")
    library.publish(by=cast.office, practice=draft)
    with pytest.raises(LibraryError):
        library.submit(by=cast.participant, practice=draft)
    with pytest.raises(PermissionDenied):
        library.edit(by=cast.participant, practice=draft, title="Nog even")
    assert library.edit(by=cast.facilitator, practice=draft, title="Beter").title == "Beter"


def test_the_second_of_two_tabs_is_told(cast: Cast, draft):
    seen = draft.revision
    library.edit(by=cast.participant, practice=draft, seen=seen, title="Eerste")
    with pytest.raises(ChangedError):
        library.edit(by=cast.participant, practice=draft, seen=seen, title="Tweede")
    draft.refresh_from_db()
    assert draft.title == "Eerste"
