"""/benchmark/invoer/: upload, look, confirm, take back; for validators and the office only."""

import io
import time
import uuid
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from benchmark import imports
from benchmark.imports import uploads
from benchmark.models import DataRevision, Dataset, ImportBatch, Measurement

pytestmark = pytest.mark.django_db

GOOD = "gm_code;indicator;year;value\nGM0534;wac_balie_gem;2008;12,5\nGM0473;wac_balie_gem;2008;9\n"
BAD = "gm_code;indicator;year;value\nGM0534;wac_balie_gem;2008;<b>5\n"
LIST = "/benchmark/invoer/"


@pytest.fixture(autouse=True)
def var(settings, tmp_path) -> Path:
    """Uploads of a test stay in its own folder."""
    settings.VAR = tmp_path
    return tmp_path


@pytest.fixture
def client(cast) -> Client:
    """The validator, in English."""
    made = Client(headers={"accept-language": "en"})
    made.force_login(cast.validator)
    made.cookies["django_language"] = "en"
    return made


def send(client: Client, text: str | bytes, name: str = "cijfers.csv", profile: str = ""):
    content = text if isinstance(text, bytes) else text.encode()
    return client.post(LIST, {"file": SimpleUploadedFile(name, content), "profile": profile})


def batches(count: int) -> None:
    for at in range(count):
        rows = [{"gm_code": "GM0534", "indicator": "wac_balie_gem", "year": 2000 + at, "value": at}]
        imports.run_rows(rows, name=f"bestand-{at}.csv")


def test_the_way_from_file_to_figures_and_back(cast, client, var):
    page = send(client, GOOD)
    assert page.status_code == 302
    preview = page["Location"]
    page = client.get(preview)
    assert page.context["summary"].created == 2
    assert page.context["summary"].decimals == {"value": "comma"}
    assert page.context["header"] == ("gm_code", "indicator", "year", "value")
    assert page.context["rows"][0] == (2, ["GM0534", "wac_balie_gem", "2008", "12,5"])
    assert Measurement.objects.count() == 0
    page = client.post(preview)
    batch = ImportBatch.objects.get()
    assert page["Location"] == reverse("benchmark:import_batch", args=[batch.pk])
    assert (batch.imported_by, batch.file_name, batch.created) == (cast.validator, "cijfers.csv", 2)
    assert set(Measurement.objects.values_list("municipality__code", "value")) == {("GM0534", 12.5), ("GM0473", 9.0)}
    assert list((var / "imports").glob("*.data")) == []
    page = client.post(reverse("benchmark:import_undo", args=[batch.pk]))
    assert page["Location"] == reverse("benchmark:import_batch", args=[batch.pk])
    assert Measurement.objects.count() == 0
    assert client.get(page["Location"]).context["batch"].state == "undone"


def test_a_form_sent_twice_makes_one_batch(client):
    preview = send(client, GOOD)["Location"]
    first, second = client.post(preview), client.post(preview)
    assert first["Location"] == second["Location"]
    assert ImportBatch.objects.count() == 1
    assert DataRevision.current() == 1
    assert client.get(preview)["Location"] == first["Location"]


def test_the_same_file_in_two_tabs_makes_one_batch(client):
    one, two = send(client, GOOD)["Location"], send(client, GOOD)["Location"]
    assert client.post(one)["Location"] == client.post(two)["Location"]
    assert ImportBatch.objects.count() == 1


def test_refusals_are_a_table_and_there_is_no_button(client):
    preview = send(client, BAD)["Location"]
    page = client.get(preview)
    refusal = page.context["refused"].refusals[0]
    assert (refusal.row, refusal.column, refusal.value) == (2, "value", "<b>5")
    body = page.content.decode()
    assert "&lt;b&gt;5" in body
    assert '<form method="post" class="k-form">' not in body
    assert client.post(preview).status_code == 422
    assert Measurement.objects.count() == 0


def test_a_file_that_is_no_table_is_refused_in_words(client):
    page = client.get(send(client, GOOD, name="cijfers.xlsx")["Location"])
    assert "its content is csv" in page.context["refused"].refusals[0].reason or page.context["refused"].total == 1
    assert "header" not in page.context


def test_too_large_empty_and_wrong_files_are_not_kept(client, settings, var):
    settings.IMPORT_MAX_BYTES = 10
    page = send(client, GOOD)
    assert page.status_code == 422
    assert len(page.context["form"].errors["file"]) == 1
    settings.IMPORT_MAX_BYTES = 10_000
    assert send(client, b"").status_code == 422
    assert send(client, GOOD, name="cijfers.pdf").status_code == 422
    assert client.post(LIST, {}).status_code == 422
    assert send(client, GOOD, profile="../../etc").status_code == 422
    assert not (var / "imports").exists()


def test_markup_in_a_file_stays_text(client):
    body = client.get(send(client, GOOD + "<script>alert(1)</script>;x;2008;1\n")["Location"]).content.decode()
    assert "<script>alert(1)" not in body
    assert "&lt;script&gt;alert(1)" in body


def test_an_upload_is_of_one_person_and_goes_after_a_day(cast, client, var):
    preview = send(client, GOOD)["Location"]
    other = Client()
    other.force_login(cast.office)
    assert other.get(preview).status_code == 404
    assert client.get(reverse("benchmark:import_preview", args=[uuid.uuid4()])).status_code == 404
    for path in (var / "imports").iterdir():
        old = time.time() - uploads.KEPT_SECONDS - 10
        import os

        os.utime(path, (old, old))
    uploads.sweep()
    assert client.get(preview).status_code == 404


@pytest.mark.parametrize("who", ["participant", "facilitator", "steering", "stranger"])
def test_for_all_others_the_pages_do_not_exist(cast, who):
    batches(1)
    batch = ImportBatch.objects.get()
    client = Client()
    client.force_login(getattr(cast, who))
    before = DataRevision.current()
    assert client.get(LIST).status_code == 404
    assert send(client, GOOD).status_code == 404
    assert client.get(reverse("benchmark:import_batch", args=[batch.pk])).status_code == 404
    assert client.post(reverse("benchmark:import_undo", args=[batch.pk])).status_code == 404
    assert client.get(reverse("benchmark:import_preview", args=[uuid.uuid4()])).status_code == 404
    assert (DataRevision.current(), ImportBatch.objects.get().state) == (before, "imported")


def test_the_public_is_asked_to_log_in(cast):
    page = Client().get(LIST)
    assert page.status_code == 302
    assert "/accounts/login/" in page["Location"]


def test_an_undo_that_cannot_be_is_told(cast, client):
    batches(1)
    first = ImportBatch.objects.get()
    imports.run_rows([{"gm_code": "GM0534", "indicator": "wac_balie_gem", "year": 2000, "value": 9}], name="later.csv")
    page = client.post(reverse("benchmark:import_undo", args=[first.pk]), follow=True)
    assert [message.level_tag for message in page.context["messages"]] == ["error"]
    assert Measurement.objects.get().value == 9


def test_the_list_costs_the_same_with_one_and_with_three(cast, client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(LIST)
    batches(1)
    with CaptureQueriesContext(
        connection,
    ) as one:
        page = client.get(LIST)
    assert [batch.file_name for batch in page.context["page"]] == ["bestand-0.csv"]
    batches(3)
    with django_assert_num_queries(len(one)):
        page = client.get(LIST)
    assert [batch.file_name for batch in page.context["page"]] == ["bestand-2.csv", "bestand-1.csv", "bestand-0.csv"]


def test_example_data_is_marked_in_the_list(cast, client):
    demo = Dataset.objects.create(slug="voorbeeld", name="Voorbeeld", source="Voorbeeld", is_demo=True)
    rows = [{"gm_code": "GM0534", "indicator": "wac_balie_gem", "year": 2000, "value": 1}]
    imports.run_rows(rows, dataset=demo, name="voorbeeld")
    assert "k-demo" in client.get(LIST).content.decode()


def test_a_workbook_goes_the_same_way(client):
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("Blad 1")
        sheet.write_row(0, 0, ["gm_code", "indicator", "year", "value"])
        sheet.write_row(1, 0, ["GM0534", "wac_balie_gem", 2008, 12.5])
    page = client.get(send(client, target.getvalue(), name="cijfers.xlsx")["Location"])
    assert (page.context["sheet"], page.context["summary"].created) == ("Blad 1", 1)
