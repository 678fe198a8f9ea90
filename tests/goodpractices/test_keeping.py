"""Tags that are merged, searches that are kept, files that come in, and files that are kept."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import QueryDict
from django.utils import timezone, translation
from PIL import Image
from taggit.models import Tag

from goodpractices import attachments, importing, indexing, saved_searches, tags, vocabulary
from goodpractices.attachments import AttachmentError
from goodpractices.models import Attachment, GoodPractice, SavedSearch
from goodpractices.saved_searches import SavedSearchError
from goodpractices.search import Asked, find
from goodpractices.vocabulary import VocabularyError
from people.imports.outcome import ImportRefused
from tests.cast import Cast


@pytest.fixture(autouse=True)
def english():
    """The sentences of the verbs in the language of the code."""
    with translation.override("en"):
        yield


HEADER = "gemeente;titel;samenvatting;situatie;aanpak;gebieden;zichtbaar;jaar;labels;indicator;voor;na"
GOOD = "GM0534;Avond;Open;Rij;Deur open;Wachttijden;iedereen;2008;KCC, balie;wac_balie_gem;18,5;12"


def bring(by, *rows):
    return importing.import_practices(source=io.BytesIO("\n".join([HEADER, *rows]).encode()), name="p.csv", by=by)


def test_a_file_of_practices_becomes_drafts(cast: Cast):
    (made,) = bring(cast.participant, GOOD)
    assert (made.state, made.title, made.year, made.visibility) == ("draft", "Avond", 2008, "public")
    assert sorted(made.tags.names()) == ["KCC", "balie"]
    assert [(one.indicator, one.before, one.after) for one in made.figures.all()] == [(cast.indicator, 18.5, 12.0)]
    assert made.versions.count() == 1


@pytest.mark.parametrize(
    ("row", "column", "value", "said"),
    [
        ("GM0503;T;s;x;y;Wachttijden;iedereen;;;;;", "gemeente", "GM0503", "not your municipality"),
        ("GM9999;T;s;x;y;Wachttijden;iedereen;;;;;", "gemeente", "GM9999", "not in the register"),
        ("GM0534;;s;x;y;Wachttijden;iedereen;;;;;", "titel", "", "title"),
        ("GM0534;T;s;x;y;Wachtlijst;iedereen;;;;;", "gebieden", "Wachtlijst", "not a performance area"),
        ("GM0534;T;s;x;y;Wachttijden;niemand;;;;;", "zichtbaar", "niemand", "Write one of"),
        ("GM0534;T;s;x;y;Wachttijden;iedereen;1850;;;;", "jaar", "1850", "not a year"),
        ("GM0534;T;s;x;y;Wachttijden;iedereen;;<b>;;;", "labels", "<b>", "cannot be a tag"),
        ("GM0534;T;s;x;y;Wachttijden;iedereen;;;nergens;1;2", "indicator", "nergens", "no indicator"),
        (GOOD.replace("Wachttijden", "wachttijden"), "titel", "Avond", "already has a practice"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_and_nothing_is_made(cast: Cast, row, column, value, said):
    with pytest.raises(ImportRefused) as refused:
        bring(cast.participant, GOOD, row)
    (why,) = refused.value.refusals
    assert (why.row, why.column, why.value) == (3, column, value)
    assert said in why.reason
    assert GoodPractice.objects.count() == 0


def test_a_column_that_is_missing_or_unknown_is_named(cast: Cast):
    with pytest.raises(ImportRefused) as refused:
        importing.import_practices(source=io.BytesIO(b"gemeente;naam\nGM0534;x\n"), name="p.csv", by=cast.participant)
    assert {"naam", "titel", "zichtbaar"} <= {why.column for why in refused.value.refusals}


def test_the_page_of_the_import_says_what_is_wrong(client, cast: Cast):
    client.force_login(cast.participant)
    file = SimpleUploadedFile("p.csv", "\n".join([HEADER, GOOD.replace("2008", "1850")]).encode())
    answer = client.post("/praktijken/importeren/", {"file": file})
    assert (answer.status_code, GoodPractice.objects.count()) == (422, 0)
    assert "1850" in answer.content.decode()
    file = SimpleUploadedFile("p.csv", f"{HEADER}\n{GOOD}".encode())
    assert client.post("/praktijken/importeren/", {"file": file}).status_code == 302
    assert GoodPractice.objects.get().state == "draft"


def test_merged_tags_are_rewritten_everywhere_and_leave_a_redirect(client, cast: Cast, make):
    both = make("Beide", tags=["klantcontact", "KCC"])
    one = make("Een ding", tags=["klantcontact"])
    old, new = Tag.objects.get(name="klantcontact"), Tag.objects.get(name="KCC")
    with pytest.raises(PermissionDenied):
        vocabulary.merge(by=cast.editor, tag=old, into=new)
    with pytest.raises(VocabularyError):
        vocabulary.merge(by=cast.office, tag=old, into=old)
    make("Concept", tags=["klantcontact"], state="draft", municipality=cast.delft)
    assert vocabulary.merge(by=cast.office, tag=old, into=new) == 2
    assert [sorted(practice.tags.names()) for practice in (both, one)] == [["KCC"], ["KCC"]]
    assert find(None, Asked.of(QueryDict("tag=klantcontact"))).total == 2
    assert find(None, Asked.of(QueryDict("q=klantcontact"))).total == 2
    assert tags.existing_or_new(["Klantcontact", "kcc"]) == [new]
    vocabulary.add_synonym(by=cast.office, tag=new, name="belteam")
    assert tags.existing_or_new(["BELTEAM"]) == [new]
    assert set(find(None, Asked.of(QueryDict("q=belteam"))).ids) == {both.pk, one.pk}
    third = tags.existing_or_new(["contactcentrum"])[0]
    vocabulary.merge(by=cast.office, tag=new, into=third)
    assert find(None, Asked.of(QueryDict("tag=klantcontact"))).total == 2
    client.force_login(cast.participant)
    assert client.get("/praktijken/labels/").status_code == 403
    client.force_login(cast.office)
    assert "belteam" in client.get("/praktijken/labels/").content.decode()
    moved = client.get("/praktijken/?q=beide&tag=klantcontact&sort=newest")
    assert (moved.status_code, moved.url) == (301, "/praktijken/?q=beide&tag=contactcentrum&sort=newest")


def test_what_stands_on_a_draft_only_is_no_tag_to_anybody_else(client, cast: Cast, make):
    make("Open", tags=["kcc"])
    draft = make("Geheim", tags=["kcc", "geheimplan"], state="draft", municipality=cast.delft)
    kcc, hidden = Tag.objects.get(name="kcc"), Tag.objects.get(name="geheimplan")
    client.force_login(cast.office)
    page = client.get("/praktijken/labels/")
    assert [(one.tag, one.used) for one in page.context["tags"]] == [(kcc, 1)]
    assert "geheimplan" not in page.content.decode()
    answer = client.post("/praktijken/labels/", {"tag": hidden.pk, "into": kcc.pk}, follow=True).content.decode()
    unknown = client.post("/praktijken/labels/", {"tag": 999_999, "into": kcc.pk}, follow=True).content.decode()
    assert ("geheimplan" in answer, "Kies een label uit de lijst" in answer) == (False, True)
    assert "Kies een label uit de lijst" in unknown
    # Another word for a tag is taken also when somebody's draft has it as a tag of its own.
    vocabulary.add_synonym(by=cast.office, tag=kcc, name="geheimplan")
    assert sorted(draft.tags.names()) == ["kcc"]
    # A merged tag leads on only to what the reader can find.
    vocabulary.merge(by=cast.office, tag=kcc, into=tags.existing_or_new(["stil"])[0])
    GoodPractice.objects.filter(title="Open").update(state="draft")
    indexing.reindex_all()
    assert client.get("/praktijken/?tag=kcc").status_code == 200


def test_the_tag_that_is_being_typed_is_completed(client, cast: Cast, make):
    make("Open", tags=["balie", "bezwaar"])
    client.force_login(cast.participant)
    html = client.get("/praktijken/lijkt-op/", {"q": "", "typed": "bez"}).content.decode()
    assert 'data-tag="bezwaar"' in html
    assert 'data-tag="balie"' not in html


@pytest.mark.parametrize("name", ["<b>x</b>", "x" * 200, ""])
def test_a_synonym_that_cannot_be_a_tag_is_refused_in_a_sentence(client, cast: Cast, make, name):
    make("Een", tags=["kcc"])
    client.force_login(cast.office)
    sent = {"tag": Tag.objects.get().pk, "synonym": name}
    html = client.post("/praktijken/labels/", sent, follow=True).content.decode()
    assert "kan geen label zijn" in html or "cannot be a tag" in html or "kan geen" in html
    assert Tag.objects.get().synonyms.count() == 0


def test_suggestions_come_from_the_list_of_the_area_and_from_what_can_be_found(cast: Cast, make):
    make("Open", tags=["balie"])
    make("Geheim", tags=["baliegeheim"], state="draft")
    vocabulary.set_area_list(by=cast.office, area=cast.area, names=["wachtrij"])
    assert vocabulary.suggest(cast.participant, typed="bal") == ["balie"]
    assert vocabulary.suggest(cast.participant, areas=[cast.area.pk]) == ["wachtrij"]
    assert vocabulary.suggest(cast.participant, text="Kortere wachtrij bij de balies") == ["balie"]


def test_similar_practices_are_shown_while_writing_but_no_drafts(client, cast: Cast, make):
    alike = make("Avondopenstelling op afspraak")
    make("Avondopenstelling geheim", state="draft", municipality=cast.zandvoort)
    client.force_login(cast.participant)
    html = client.get("/praktijken/lijkt-op/", {"q": "Afspraken tijdens de avondopenstelling"}).content.decode()
    assert alike.title in html
    assert "geheim" not in html
    client.force_login(cast.steering)
    assert client.get("/praktijken/lijkt-op/", {"q": "x"}).status_code == 403


def test_a_kept_search_tells_what_is_new_to_this_person_only(
    client, cast: Cast, make, django_capture_on_commit_callbacks
):
    make("Balie eerst", published_at=timezone.now() - dt.timedelta(days=1))
    saved = saved_searches.save(by=cast.participant, asked=Asked.of(QueryDict("q=balie&page=3")), by_mail=True)
    again = saved_searches.save(by=cast.participant, asked=Asked.of(QueryDict("q=balie")), by_mail=True)
    assert (saved.pk, saved.address) == (again.pk, "q=balie")
    assert saved_searches.with_news(cast.participant) == [(saved, 0)]
    make("Balie geheim", state="draft")
    make("Balie van Delft", visibility="kring", municipality=cast.delft)
    assert saved_searches.with_news(cast.participant) == [(saved, 0)]
    make("Balie nieuw")
    assert saved_searches.with_news(cast.participant) == [(saved, 1)]
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            call_command("practice_notices")
    assert [one.to for one in mail.outbox] == [[cast.participant.email]]
    client.force_login(cast.participant)
    assert client.get(f"/praktijken/zoekvragen/{saved.pk}/").url == "/praktijken/?q=balie"
    assert saved_searches.with_news(cast.participant)[0][1] == 0
    client.force_login(cast.stranger)
    assert client.get(f"/praktijken/zoekvragen/{saved.pk}/").status_code == 404
    assert client.post(f"/praktijken/zoekvragen/{saved.pk}/weg/").status_code == 404
    with pytest.raises(SavedSearchError):
        saved_searches.save(by=cast.stranger, asked=Asked())
    assert SavedSearch.objects.count() == 1


def picture(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(out, format=kind)
    return out.getvalue()


@pytest.fixture
def draft(make, settings, tmp_path) -> GoodPractice:
    settings.MEDIA_ROOT = tmp_path
    return make("Met bijlage", state="draft")


def test_a_picture_and_a_document_are_kept_and_given_to_readers_only(client, cast: Cast, draft):
    shown = attachments.add(
        by=cast.participant, practice=draft, file=SimpleUploadedFile("foto.png", picture()), description="De balie"
    )
    saved = attachments.add(
        by=cast.participant, practice=draft, file=SimpleUploadedFile("plan.pdf", b"%PDF-1.4 x"), description="Plan"
    )
    assert [(one.kind, one.is_image) for one in (shown, saved)] == [("image/png", True), ("application/pdf", False)]
    address = f"/praktijken/{draft.slug}/bijlagen/{saved.pk}/"
    client.force_login(cast.participant)
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 x"
    assert "attachment" in answer["Content-Disposition"]
    assert 'alt="De balie"' in client.get(f"/praktijken/{draft.slug}/").content.decode()
    for who in (cast.editor, cast.stranger):
        client.force_login(who)
        assert client.get(address).status_code == 404
        assert client.post(f"{address}weg/").status_code == 404
        with pytest.raises(PermissionDenied):
            attachments.remove(by=who, attachment=saved)
    assert Attachment.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "data", "description", "said"),
    [
        ("x.html", b"<script>alert(1)</script>", "x", "not a file we can keep"),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "x", "not a file we can keep"),
        ("x.pdf", b"MZ\x90", "x", "not a file we can keep"),
        ("x.exe", b"PK\x03\x04", "x", "not a file we can keep"),
        ("x.png", b"\x89PNG\r\n\x1a\nrest", "x", "not a file we can keep"),
        ("foto.png", picture(), " ", "Describe the file"),
    ],
)
def test_a_file_that_is_not_what_it_seems_is_refused(  # noqa: PLR0917 - a table of cases
    cast: Cast, draft, name, data, description, said
):
    with pytest.raises(AttachmentError, match=said):
        attachments.add(
            by=cast.participant, practice=draft, file=SimpleUploadedFile(name, data), description=description
        )
    assert Attachment.objects.count() == 0
