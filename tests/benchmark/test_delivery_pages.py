"""Questions, kinds of file and versions, as pages."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from benchmark import imports
from benchmark.imports import uploads
from benchmark.models import ImportProfile, Indicator, IndicatorVersion, Measurement, QuestionAnswer, breaks

pytestmark = pytest.mark.django_db

LIST = "/benchmark/invoer/"
HEAD = "gm_code,indicator,year,value\n"


@pytest.fixture(autouse=True)
def _var(settings, tmp_path):
    settings.VAR = tmp_path


def client_of(user) -> Client:
    made = Client(headers={"accept-language": "en"})
    made.force_login(user)
    made.cookies["django_language"] = "en"
    return made


def send(client: Client, text: str, name: str = "cijfers.csv") -> str:
    return client.post(LIST, {"file": SimpleUploadedFile(name, text.encode())})["Location"]


@pytest.fixture
def question(cast) -> str:
    """Hillegom waited 12 minutes for years; now the file says 720."""
    imports.run_rows(
        [{"gm_code": "GM0534", "indicator": "wac_balie_gem", "year": 2000 + at, "value": 12} for at in range(5)]
    )
    return HEAD + "GM0534,wac_balie_gem,2005,720\nGM0473,wac_balie_gem,2005,9\n"


def test_a_question_is_put_and_must_be_answered_before_anything_comes_in(cast, question):
    client = client_of(cast.validator)
    preview = send(client, question)
    page = client.get(preview)
    key = page.context["answers"][0].question.key
    assert "Klopt 720?" in page.content.decode()
    unanswered = client.post(preview)
    assert (unanswered.status_code, unanswered.context["unanswered"]) == (422, 1)
    no_number = client.post(preview, {f"{key}-choice": "correct", f"{key}-value": "twaalf"})
    assert no_number.status_code == 422
    assert Measurement.objects.filter(year=2005).count() == 0
    client.post(preview, {f"{key}-choice": "correct", f"{key}-value": "12,5", f"{key}-note": "waren seconden"})
    assert Measurement.objects.get(municipality=cast.hillegom, year=2005).value == 12.5
    answer = QuestionAnswer.objects.get()
    assert (answer.note, answer.by, answer.correction) == ("waren seconden", cast.validator, 12.5)
    assert "waren seconden" in client.get(f"/benchmark/invoer/{answer.batch_id}/").content.decode()


def test_what_a_command_left_open_is_answered_on_the_page_of_the_batch(cast, question):
    Indicator.objects.filter(code="wac_balie_gem").update(minimum=0)
    rows = [
        {"gm_code": "GM0534", "indicator": "wac_balie_gem", "year": 2005, "value": 720},
        {"gm_code": "GM0534", "indicator": "wac_balie_gem", "year": 2006, "value": 2400},
    ]
    batch = imports.run_rows(rows, name="nacht.csv").batch
    address = f"{LIST}{batch}/"
    client = client_of(cast.validator)
    keys = {form.question.year: form.question.key for form in client.get(address).context["open"]}
    assert sorted(keys) == [2005, 2006]
    assert client.post(address).status_code == 422
    impossible = {f"{keys[2005]}-choice": "correct", f"{keys[2005]}-value": "-3"}
    assert client.post(address, impossible).status_code == 422
    assert QuestionAnswer.objects.count() == 0
    said = {f"{keys[2005]}-choice": "correct", f"{keys[2005]}-value": "12,5", f"{keys[2005]}-note": "seconden"}
    assert client.post(address, said)["Location"] == address
    value = Measurement.objects.get(municipality=cast.hillegom, year=2005)
    assert (value.value, value.batch.imported_by, value.revisions.get().before["value"]) == (12.5, cast.validator, 720)
    assert [form.question.year for form in client.get(address).context["open"]] == [2006]
    client.post(address, {f"{keys[2006]}-choice": "leave-out", f"{keys[2006]}-note": "wordt nagezocht"})
    left = Measurement.objects.get(municipality=cast.hillegom, year=2006)
    assert (left.value, left.reason) == (None, "rejected")
    assert "wordt nagezocht" in client.get(address).content.decode()
    assert client_of(cast.editor).get(address).status_code == 404


def test_all_at_once_with_one_note(cast, question):
    client = client_of(cast.validator)
    preview = send(client, question)
    client.get(preview)
    client.post(preview, {"all_right": "on", "all_note": "nieuwe meting"})
    assert Measurement.objects.get(municipality=cast.hillegom, year=2005).value == 720
    assert QuestionAnswer.objects.get().note == "nieuwe meting"


def test_a_large_file_is_read_in_the_background_and_can_be_left(cast, monkeypatch):
    monkeypatch.setattr(uploads, "LARGE", 10)
    client = client_of(cast.validator)
    preview = send(client, HEAD + "GM0534,wac_balie_gem,2005,12\n")
    assert client.get(preview)["Location"] == preview  # the work is done while the page waits, in tests
    assert client.get(preview).context["summary"].created == 1
    assert "cijfers.csv" in client.get(LIST).content.decode()
    client.post(preview)
    assert Measurement.objects.get().value == 12
    assert client.get(preview).status_code == 302


def test_how_far_it_is_and_that_it_was_stopped(cast, monkeypatch):
    monkeypatch.setattr(uploads, "LARGE", 10)
    client = client_of(cast.validator)
    preview = send(client, HEAD + "GM0534,wac_balie_gem,2005,12\n")
    upload = uploads.find(key=uuid.UUID(preview.rstrip("/").rpartition("/")[2]), user=cast.validator)
    upload.state, upload.stage, upload.rows, upload.of = "importing", "writing", 400, 1000
    upload.save()
    assert "400 van 1000 rijen geschreven." in client.get(preview).content.decode()
    monkeypatch.setattr(uploads, "SILENT_SECONDS", -1)
    upload.outcome = {"summary": imports.run(upload.path, dry_run=True).__dict__}
    upload.save()
    assert "is halverwege gestopt. Er is niets veranderd." in client.get(preview).content.decode()


def test_an_editor_brings_in_drafts_of_the_own_municipality(cast):
    client = client_of(cast.editor)
    other = client.get(send(client, HEAD + "GM0534,wac_balie_gem,2005,12\n"))
    assert "U levert alleen cijfers voor Beverwijk." in other.context["refused"].refusals[0].reason
    client.post(send(client, HEAD + "GM0375,wac_balie_gem,2005,12\n"))
    value = Measurement.objects.get()
    assert (value.status, value.batch.imported_by, value.dataset.slug) == ("draft", cast.editor, "gemeenten")
    assert client_of(cast.validator).get(f"/benchmark/invoer/{value.batch_id}/").status_code == 200
    imports.run_rows([{"gm_code": "GM0534", "indicator": "wac_balie_gem", "year": 2001, "value": 1}], name="ander.csv")
    assert "ander.csv" not in client.get(LIST).content.decode()


def test_a_kind_of_file_is_described_once_and_known_next_year(cast):
    client = client_of(cast.editor)
    preview = send(client, "minuten;wanneer\n12,5;2005\n")
    page = client.get(f"{preview}kolommen/")
    assert [column.sample.title for column, _texts in page.context["columns"]] == ["minuten", "wanneer"]
    said = {"title": "Telling balie", "municipality": "GM0375", "c0-what": "wide", "c1-what": "year", "c0-factor": "2"}
    wrong = client.post(f"{preview}kolommen/", {**said, "c0-indicator": "nergens"})
    assert wrong.status_code == 422
    assert ImportProfile.objects.count() == 0
    assert client.post(f"{preview}kolommen/", {**said, "municipality": "GM0534"}).status_code == 422
    client.post(f"{preview}kolommen/", {**said, "c0-indicator": "wac_balie_gem", "c0-decimal": "comma"})
    assert client.get(preview).context["summary"].profile == "telling-balie-gm0375"
    client.post(preview)
    assert Measurement.objects.get().value == 25.0
    next_year = send(client, "minuten;wanneer\n13,5;2006\n")
    assert client.get(next_year).context["summary"].profile == "telling-balie-gm0375"
    toml = client.get("/benchmark/invoer/soorten/telling-balie-gm0375.toml")
    assert 'indicator = "wac_balie_gem"' in toml.content.decode()
    client.post("/benchmark/invoer/soorten/telling-balie-gm0375/weg/")
    assert ImportProfile.objects.count() == 0


def test_a_kind_of_file_of_one_municipality_is_not_another_editors(cast):
    from people.models import Role, RoleName
    from tests.cast import person

    client = client_of(cast.editor)
    preview = send(client, "minuten;wanneer\n12,5;2005\n")
    said = {"title": "Geheime telling", "municipality": "GM0375", "c0-what": "wide", "c1-what": "year"}
    client.post(f"{preview}kolommen/", {**said, "c0-indicator": "wac_balie_gem"})
    name = ImportProfile.objects.get().name
    other = person("redacteur@delft.example", cast.delft)
    Role.objects.create(user=other, role=RoleName.EDITOR, scope=cast.delft)
    assert "Geheime telling" not in client_of(other).get(LIST).content.decode()
    assert client_of(other).get(f"/benchmark/invoer/soorten/{name}.toml").status_code == 404
    assert client_of(other).post(f"/benchmark/invoer/soorten/{name}/weg/").status_code == 404
    assert client_of(other).get(f"{preview}kolommen/").status_code == 404


def test_the_office_says_that_a_meaning_changed(cast):
    client = client_of(cast.office)
    address = "/benchmark/indicatoren/wac_balie_gem/versies/"
    assert client.post(address, {"year_from": 2007, "is_break": "on"}).status_code == 422
    client.post(address, {"year_until": 2007, "name": "Met en zonder afspraak"})
    client.post(address, {"year_from": 2007, "is_break": "on", "what_changed": "Alleen nog zonder afspraak."})
    indicator = Indicator.objects.get(pk=cast.indicator.pk)
    assert [(one.year, one.words) for one in breaks(indicator)] == [(2007, "Alleen nog zonder afspraak.")]
    client.post(address, {"drop": IndicatorVersion.objects.get(year_from=2007).pk})
    assert breaks(indicator) == []
    assert client_of(cast.validator).get(address).status_code == 404
