"""Adoptions, experiences, versions, notices: what others do with a practice, and who may say so."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import translation

from benchmark.models import DataRevision, Dataset, Goal, Measurement
from goodpractices import adoptions, experiences, library, standing, versions
from goodpractices.adoptions import AdoptionError
from goodpractices.experiences import ExperienceError
from goodpractices.models import Adoption, Evidence, Experience, GoodPractice, PracticeVersion
from goodpractices.search import Asked, find
from people.models import MunicipalityYear
from tests.cast import Cast, municipality


@pytest.fixture(autouse=True)
def english():
    """The sentences of the verbs in the language of the code."""
    with translation.override("en"):
        yield


State = Adoption.State
TEXT = {"title": "Avondopenstelling", "summary": "s", "situation": "x", "approach": "y"}
TOLD = {"context": "Klein team", "result": "Rustiger", "outcome": "worked", "again": "yes"}


@pytest.fixture(autouse=True)
def year(settings):
    settings.DEMO_TODAY = dt.date(2010, 6, 1)


@pytest.fixture
def practice(make) -> GoodPractice:
    return make("Afspraken", year=2008)


def adopt(cast: Cast, practice, **more):
    return adoptions.adopt(
        **(
            {"by": cast.colleague, "practice": practice, "municipality": cast.zandvoort, "state": "running"}
            | {"started_on": dt.date(2009, 3, 1)}
            | more
        )
    )


def test_an_adoption_counts_and_saying_it_again_changes_it(cast: Cast, practice):
    adopt(cast, practice)
    practice.refresh_from_db()
    assert practice.adopters == 1
    adopt(cast, practice, state="stopped", stopped_why="Te duur")
    practice.refresh_from_db()
    stopped = Adoption.objects.get()
    assert (practice.adopters, stopped.stopped_why, stopped.stopped_on) == (0, "Te duur", dt.date(2010, 6, 1))
    adoptions.withdraw(by=cast.colleague, adoption=stopped)
    assert Adoption.objects.count() == 0


@pytest.mark.parametrize(
    ("answers", "field", "said"),
    [
        ({"started_on": None}, "started_on", "since when"),
        ({"started_on": dt.date(2010, 6, 2)}, "started_on", "still to come"),
        ({"started_on": dt.date(2007, 12, 31)}, "started_on", "before this practice existed"),
        ({"state": "stopped"}, "stopped_why", "why you stopped"),
        (
            {"state": "stopped", "stopped_why": "x", "stopped_on": dt.date(2008, 1, 1)},
            "stopped_on",
            "before you started",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(cast: Cast, practice, answers, field, said):
    with pytest.raises(AdoptionError) as refused:
        adopt(cast, practice, **answers)
    assert refused.value.field == field
    assert said in str(refused.value)
    assert Adoption.objects.count() == 0


def test_a_goal_of_another_municipality_cannot_be_linked(cast: Cast, practice):
    fields = {"indicator": cast.indicator, "title": "Tien", "target_value": 10, "target_date": dt.date(2011, 1, 1)}
    theirs = Goal.objects.create(municipality=cast.hillegom, **fields)
    with pytest.raises(AdoptionError, match="not a goal of your municipality"):
        adopt(cast, practice, goal=theirs)
    own = Goal.objects.create(municipality=cast.zandvoort, **fields)
    assert adopt(cast, practice, goal=own).goal == own


def test_nobody_speaks_for_another_municipality(cast: Cast, practice, make):
    for who in (cast.editor, cast.office, cast.facilitator, cast.stranger):
        with pytest.raises(PermissionDenied):
            adopt(cast, practice, by=who)
        with pytest.raises(PermissionDenied):
            experiences.tell(by=who, practice=practice, municipality=cast.zandvoort, **TOLD)
    mine = adopt(cast, practice)
    with pytest.raises(PermissionDenied):
        adoptions.withdraw(by=cast.editor, adoption=mine)
    draft = make("Concept", state="draft")
    with pytest.raises(PermissionDenied):
        adopt(cast, draft)
    with pytest.raises(AdoptionError, match="your own practice"):
        adopt(cast, practice, by=cast.participant, municipality=cast.hillegom)


def test_another_municipalitys_editor_can_change_nothing_through_the_pages(client, cast: Cast, practice):
    adopt(cast, practice)
    experiences.tell(by=cast.colleague, practice=practice, municipality=cast.zandvoort, **TOLD)
    client.force_login(cast.editor)
    base = f"/praktijken/{practice.slug}/"
    assert client.post(f"{base}wijzigen/", {"title": "Gekaapt"}).status_code == 403
    assert client.get(f"{base}versies/").status_code == 404
    assert client.post(f"{base}wij-doen-dit-ook/weg/").status_code == 404
    assert client.post(f"{base}ervaring/weg/").status_code == 404
    sent = {"municipality": cast.zandvoort.pk, "state": "stopped", "degree": "whole", "stopped_why": "x"}
    assert client.post(f"{base}wij-doen-dit-ook/", sent | {"started_on": "2009-01-01"}).status_code == 422
    assert client.post(f"{base}bijlagen/", {"description": "x"}).status_code in {302, 403}
    practice.refresh_from_db()
    assert (practice.title, Adoption.objects.get().state, Experience.objects.count()) == ("Afspraken", "running", 1)


def test_a_failed_experience_counts_is_shown_and_keeps_its_versions(client, cast: Cast, practice):
    told = experiences.tell(
        by=cast.colleague,
        practice=practice,
        municipality=cast.zandvoort,
        **(TOLD | {"outcome": "failed", "went_wrong": "Te weinig mensen"}),
    )
    experiences.tell(by=cast.colleague, practice=practice, municipality=cast.zandvoort, went_wrong="Te weinig geld")
    assert [(one.number, one.text["went_wrong"]) for one in told.versions.all()] == [
        (2, "Te weinig geld"),
        (1, "Te weinig mensen"),
    ]
    practice.refresh_from_db()
    assert practice.evidence == Evidence.TOLD
    client.force_login(cast.stranger)
    html = client.get(f"/praktijken/{practice.slug}/").content.decode()
    assert "Te weinig geld" in html
    assert "Bij 1 werkte het niet" in html or "It did not work for 1" in html
    client.logout()
    public = client.get(f"/praktijken/{practice.slug}/").content.decode()
    assert "Te weinig geld" not in public
    assert "Bij 1 werkte het niet" in public or "It did not work for 1" in public
    with pytest.raises(ExperienceError, match="your own municipality"):
        experiences.tell(by=cast.participant, practice=practice, municipality=cast.hillegom, **TOLD)


def test_the_same_experience_form_sent_twice_makes_one(cast: Cast, practice):
    sent = uuid.uuid4()
    for _ in range(2):
        experiences.tell(by=cast.colleague, practice=practice, municipality=cast.zandvoort, submission=sent, **TOLD)
    assert (Experience.objects.count(), Experience.objects.get().versions.count()) == (1, 1)


def test_participants_see_who_adopted_and_the_public_how_many(client, cast: Cast, practice):
    adopt(cast, practice)
    public = client.get(f"/praktijken/{practice.slug}/").content.decode()
    assert "Zandvoort" not in public
    client.force_login(cast.stranger)
    html = client.get(f"/praktijken/{practice.slug}/").content.decode()
    assert html.index("Noord-Holland") < html.index("<strong>Zandvoort</strong>")


def test_versions_tell_who_changed_what_word_by_word(client, cast: Cast):
    draft = library.create(by=cast.participant, municipality=cast.hillegom, areas=[cast.area], tags=["KCC"], **TEXT)
    library.edit(by=cast.participant, practice=draft, approach="y en z", tags=["KCC", "NUP"])
    library.edit(by=cast.participant, practice=draft, approach="y en z")
    kept = list(PracticeVersion.objects.filter(practice=draft))
    assert [(one.number, one.author) for one in kept] == [(2, cast.participant), (1, cast.participant)]
    diff = {
        one.label: [(piece.kind, piece.text) for piece in one.pieces]
        for one in versions.between(kept[1].text, kept[0].text)
    }
    assert next(iter(diff.values())) == [("same", "y"), ("added", " en z")]
    assert len(diff) == 2
    client.force_login(cast.participant)
    assert "<ins> en z</ins>" in client.get(f"/praktijken/{draft.slug}/versies/").content.decode()
    client.force_login(cast.editor)
    assert client.get(f"/praktijken/{draft.slug}/versies/").status_code == 404


def test_a_remark_reaches_author_and_co_author_without_its_text(cast: Cast, django_capture_on_commit_callbacks):
    helper = type(cast.participant).objects.create_user(
        "tweede@hillegom.example", "x", name="Tweede", municipality=cast.hillegom
    )
    draft = library.create(
        by=cast.participant, municipality=cast.hillegom, areas=[cast.area], co_authors=[helper, cast.stranger], **TEXT
    )
    assert list(draft.co_authors.all()) == [helper]
    library.submit(by=cast.participant, practice=draft)
    with django_capture_on_commit_callbacks(execute=True):
        library.return_with_remark(by=cast.facilitator, practice=draft, remark="Noem de kosten")
    assert sorted(one.to[0] for one in mail.outbox) == ["deelnemer@hillegom.example", "tweede@hillegom.example"]
    for one in mail.outbox:
        assert "Noem de kosten" not in one.body
        assert "Avondopenstelling" not in one.subject + one.body
        assert "/praktijken/mijn/" in one.body


def test_a_review_date_is_set_reminded_once_and_confirmed(
    client, cast: Cast, settings, django_capture_on_commit_callbacks
):
    draft = library.create(by=cast.participant, municipality=cast.hillegom, areas=[cast.area], **TEXT)
    library.submit(by=cast.participant, practice=draft)
    published = library.publish(by=cast.facilitator, practice=draft)
    assert published.review_on == dt.date(2012, 6, 1)
    settings.DEMO_TODAY = dt.date(2012, 6, 1)
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            call_command("practice_notices")
    assert [one.to for one in mail.outbox] == [["deelnemer@hillegom.example"]]
    client.force_login(cast.participant)
    assert "klopt-nog" in client.get(f"/praktijken/{draft.slug}/").content.decode()
    client.post(f"/praktijken/{draft.slug}/klopt-nog/")
    draft.refresh_from_db()
    assert draft.review_on == dt.date(2014, 6, 1)


def test_a_second_practice_of_one_title_is_refused(client, cast: Cast):
    library.create(by=cast.participant, municipality=cast.hillegom, areas=[cast.area], **TEXT)
    with pytest.raises(library.DuplicateError, match="/praktijken/avondopenstelling-hillegom/"):
        library.create(
            by=cast.participant,
            municipality=cast.hillegom,
            **(TEXT | {"title": "AVOND-openstelling".replace("-o", "o")}),
        )
    library.create(by=cast.editor, municipality=cast.beverwijk, **TEXT)
    assert GoodPractice.objects.count() == 2


def test_evidence_follows_a_rule(cast: Cast, make):
    bare = make("Kaal", result="")
    standing.refresh([bare.pk])
    bare.refresh_from_db()
    assert bare.evidence == Evidence.NONE
    draft = library.create(by=cast.participant, municipality=cast.hillegom, **(TEXT | {"result": "Beter"}))
    assert draft.evidence == Evidence.TOLD
    library.edit(by=cast.participant, practice=draft, figures=[library.Figure(cast.indicator, 18, 12, 2007, 2009)])
    draft.refresh_from_db()
    assert (draft.evidence, list(draft.indicators.all())) == (Evidence.MEASURED, [cast.indicator])


@pytest.fixture
def measured(cast: Cast, practice) -> GoodPractice:
    """Sixty municipalities with figures of six years; six of them adopt and get five better."""
    practice.indicators.add(cast.indicator)
    dataset = Dataset.objects.create(slug="proef", name="Proef", source="Proef")
    places = [municipality(f"GM{7000 + at}", f"Plaats {at}", province="Utrecht") for at in range(60)]
    MunicipalityYear.objects.bulk_create(
        MunicipalityYear(municipality=place, year=2008, inhabitants=20_000 + 100 * at)
        for at, place in enumerate(places)
    )
    Measurement.objects.bulk_create(
        Measurement(
            indicator=cast.indicator,
            municipality=place,
            year=each,
            dataset=dataset,
            value=20 + (at * 7 % 11) / 3 + (at * each % 5) / 5 - (5 if at % 10 == 0 and each > 2008 else 0),
        )
        for at, place in enumerate(places)
        for each in range(2005, 2011)
    )
    DataRevision.objects.create(number=1)
    Adoption.objects.bulk_create(
        Adoption(practice=practice, municipality=place, state="running", started_on=dt.date(2008, 1, 1))
        for place in places[::10]
    )
    return practice


def test_the_effect_is_computed_from_the_figures_and_again_when_they_change(
    client, django_capture_on_commit_callbacks, cast: Cast, measured
):
    standing.take_in(1)
    measured.refresh_from_db()
    assert (measured.adopters, measured.evidence) == (6, Evidence.COMPARED)
    first = measured.proven
    assert first is not None
    assert first > 0
    html = client.get(f"/praktijken/{measured.slug}/").content.decode()
    assert "6 gemeenten" in html or "6 municipalities" in html
    assert "−5" in html or "−4" in html
    # figures come in that take the difference away
    Measurement.objects.filter(year__gt=2008, municipality__adoptions__practice=measured).update(value=24)
    with django_capture_on_commit_callbacks(execute=True):
        DataRevision.locked().raise_by_one(indicators=[cast.indicator.pk])
    measured.refresh_from_db()
    assert measured.proven is not None
    assert measured.proven < first


def test_figures_of_another_indicator_leave_effects_alone_and_no_reader_computes_them(
    django_capture_on_commit_callbacks, cast: Cast, measured, monkeypatch
):
    standing.take_in(DataRevision.locked().number)
    computed: list[list[int] | None] = []
    monkeypatch.setattr(standing, "refresh", lambda ids=None: computed.append(ids) or 0)
    with django_capture_on_commit_callbacks(execute=True):
        DataRevision.locked().raise_by_one(indicators=[])
    find(None, Asked())
    with django_capture_on_commit_callbacks(execute=True):
        DataRevision.locked().raise_by_one()  # may have changed anything
    find(None, Asked())
    assert computed == [[], None]


def test_four_adopters_say_nothing_yet(client, cast: Cast, measured):
    keep = list(Adoption.objects.values_list("pk", flat=True)[:4])
    Adoption.objects.exclude(pk__in=keep).delete()
    standing.refresh([measured.pk])
    measured.refresh_from_db()
    assert (measured.proven, measured.evidence) == (None, Evidence.NONE)
    html = client.get(f"/praktijken/{measured.slug}/").content.decode()
    assert "nog niet te zeggen" in html or "cannot be said yet" in html
