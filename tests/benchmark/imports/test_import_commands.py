"""`manage.py import_measurements`: exit code, summary, refusals, JSON."""

import io
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from benchmark.models import ImportBatch, Measurement

from .checking import checksum

pytestmark = pytest.mark.django_db

GOOD = "gm_code,indicator,year,value\nGM0534,saldo,2008,1\nGM0473,saldo,2008,2\n"
BAD = "gm_code,indicator,year,value\nGM0534,lev_binnen_termijn,2008,140\nGM0534,saldo,2008,twee\n"


def file(tmp_path, text: str) -> str:
    path = tmp_path / "cijfers.csv"
    path.write_text(text)
    return str(path)


def test_a_good_file_gives_a_summary(ground, tmp_path):
    told = io.StringIO()
    call_command("import_measurements", file(tmp_path, GOOD), stdout=told)
    batch = ImportBatch.objects.get()
    assert told.getvalue().splitlines()[:2] == [
        "2 rows imported: 2 new, 0 changed, 0 unchanged.",
        "Column value: whole numbers.",
    ]
    assert f"Take it back with “manage.py undo_import {batch.pk}”." in told.getvalue()
    assert batch.file_name == "cijfers.csv"


def test_a_bad_file_lists_every_refusal_and_changes_nothing(ground, tmp_path):
    before = checksum()
    with pytest.raises(CommandError) as refused:
        call_command("import_measurements", file(tmp_path, BAD))
    assert str(refused.value).splitlines() == [
        "Nothing was imported and nothing changed: 2 refusals.",
        "row 2, column value, value “140”: A percentage lies between 0 and 100.",
        (
            "row 3, column value, value “twee”: Here stands text where a number belongs. "
            "Leave the cell empty when there is no value."
        ),
    ]
    assert refused.value.returncode == 1
    assert checksum() == before


def test_json_for_machines(ground, tmp_path):
    told = io.StringIO()
    call_command("import_measurements", file(tmp_path, GOOD), "--json", stdout=told)
    answer = json.loads(told.getvalue())
    assert (answer["ok"], answer["rows"], answer["created"], answer["batch"]) == (
        True,
        2,
        2,
        ImportBatch.objects.get().pk,
    )
    told = io.StringIO()
    with pytest.raises(CommandError):
        call_command("import_measurements", file(tmp_path, BAD), "--json", stdout=told)
    answer = json.loads(told.getvalue())
    assert (answer["ok"], answer["total"], answer["more"]) == (False, 2, 0)
    assert answer["refusals"][0] == {
        "reason": "A percentage lies between 0 and 100.",
        "sheet": "",
        "row": 2,
        "column": "value",
        "value": "140",
    }


def test_a_dry_run_and_a_file_that_is_not_there(ground, tmp_path):
    told = io.StringIO()
    call_command("import_measurements", file(tmp_path, GOOD), "--dry-run", "--profile", "neutral", stdout=told)
    assert told.getvalue().startswith("Tried only, nothing changed. 2 rows are good")
    assert Measurement.objects.count() == 0
    with pytest.raises(CommandError, match="cannot be opened"):
        call_command("import_measurements", str(tmp_path / "nergens.csv"))
