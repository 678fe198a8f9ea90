"""Writing, handing in, reviewing: who may, what it does, and that twice is once."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import PermissionDenied

from goodpractices import library, proposals
from goodpractices.library import ChangedError, LibraryError
from goodpractices.models import GoodPractice, Remark
from people.models import Role
from tests.cast import Cast

State = GoodPractice.State
TEXT = {"title": "Avondopenstelling", "summary": "s", "situation": "x", "approach": "y"}


@pytest.fixture
def draft(cast: Cast) -> GoodPractice:
    return library.create(
        by=cast.participant, municipality=cast.hillegom, areas=[cast.area], tags=["KCC", "NUP"], **TEXT
    )


def test_a_draft_is_made_with_its_relations(cast: Cast, draft):
    assert (draft.state, draft.slug, draft.author) == (State.DRAFT, "avondopenstelling-hillegom", cast.participant)
    assert list(draft.areas.all()) == [cast.area]
    assert sorted(draft.tags.names()) == ["KCC", "NUP"]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Avond, openstelling!", "avond-openstelling-hillegom"),
        ("Avondopenstelling 2", "avondopenstelling-2-hillegom"),
        ("Nieuw", "nieuw-hillegom"),
        ("🙂", "praktijk-hillegom"),
        ("Één", "een-hillegom"),
    ],
)
def test_every_practice_has_its_own_address(cast: Cast, draft, title, slug):
    made = library.create(by=cast.participant, municipality=cast.hillegom, **(TEXT | {"title": title}))
    assert made.slug == slug


def test_an_address_does_not_tell_that_another_municipality_has_a_draft_of_that_title(cast: Cast, draft):
    assert library.create(by=cast.stranger, municipality=cast.delft, **TEXT).slug == "avondopenstelling-delft"
    # Nor does a refusal: the office writes for every municipality, and reads nobody's draft.
    made = library.create(by=cast.office, municipality=cast.hillegom, **TEXT)
    assert made.slug == "avondopenstelling-hillegom-2"
    with pytest.raises(library.DuplicateError):
        library.create(by=cast.office, municipality=cast.hillegom, **TEXT)


def test_the_office_goes_on_with_what_it_began_and_with_nothing_else(client, cast: Cast, draft):
    began = library.create(by=cast.office, municipality=cast.delft, **(TEXT | {"title": "Van het bureau"}))
    client.force_login(cast.office)
    assert client.get(f"/praktijken/{began.slug}/").status_code == 200
    assert client.get(f"/praktijken/{draft.slug}/").status_code == 404
    assert [one.pk for one in client.get("/praktijken/mijn/").context["practices"]] == [began.pk]
    client.force_login(cast.admin)
    assert client.get(f"/praktijken/{began.slug}/").status_code == 404
    library.edit(by=cast.office, practice=began, cost="Niets")
    library.submit(by=cast.office, practice=began)
    library.publish(by=cast.admin, practice=began)
    # Published, its own text goes by a reviewer like everybody's.
    with pytest.raises(PermissionDenied):
        library.edit(by=cast.office, practice=began, cost="Veel")
    proposals.propose(by=cast.office, practice=began, cost="Veel")
    with pytest.raises(LibraryError):
        proposals.accept(by=cast.office, practice=began)
    assert proposals.accept(by=cast.admin, practice=began).cost == "Veel"


def test_who_left_a_municipality_leaves_its_drafts_behind(client, cast: Cast, draft):
    cast.participant.municipality = cast.delft
    cast.participant.save()
    Role.objects.filter(user=cast.participant).update(scope_id=cast.kring_v.pk)
    client.force_login(cast.participant)
    assert client.get(f"/praktijken/{draft.slug}/").status_code == 404


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
