"""Taking an import back restores exactly what was, or says why it cannot."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from benchmark import imports
from benchmark.models import DataRevision, Goal, ImportBatch, Indicator, Measurement, MeasurementRevision
from people.models import Municipality

from .checking import file_of

pytestmark = pytest.mark.django_db

HEAD = "gm_code,indicator,year,value,reason,n\n"


def values() -> list[dict[str, object]]:
    return list(Measurement.objects.order_by("pk").values())


def bring(text: str) -> ImportBatch:
    return ImportBatch.objects.get(pk=imports.run(file_of(HEAD + text)).batch)


def test_new_values_go_and_changed_values_come_back(ground):
    bring("GM0534,saldo,2008,1.5,,40\nGM0473,saldo,2008,,confidential,\n")
    before = values()
    second = bring("GM0534,saldo,2008,2,,\nGM0473,saldo,2008,3,,5\nGM0373,saldo,2008,4,,\n")
    assert (second.created, second.changed) == (1, 2)
    undone = imports.undo(batch=second)
    assert values() == before
    assert (undone.state, undone.undone_at is not None) == ("undone", True)
    assert MeasurementRevision.objects.count() == 0
    assert DataRevision.current() == 3


def test_the_file_may_come_again_after_it_was_taken_back(ground):
    imports.undo(batch=bring("GM0534,saldo,2008,1,,\n"))
    assert Measurement.objects.count() == 0
    again = bring("GM0534,saldo,2008,1,,\n")
    assert again.created == 1


def test_a_batch_is_taken_back_once(ground):
    batch = bring("GM0534,saldo,2008,1,,\n")
    imports.undo(batch=batch)
    with pytest.raises(imports.UndoRefused, match=f"Batch {batch.pk} was taken back already. Nothing changed."):
        imports.undo(batch=batch)


def test_a_batch_under_a_later_one_stays_until_that_is_taken_back(ground):
    first = bring("GM0534,saldo,2008,1,,\n")
    second = bring("GM0534,saldo,2008,2,,\n")
    now = values()
    with pytest.raises(imports.UndoRefused, match=f"later imports changed the same figures \\(batch {second.pk}\\)"):
        imports.undo(batch=first)
    assert values() == now
    imports.undo(batch=second)
    imports.undo(batch=first)
    assert values() == []


def test_a_later_batch_elsewhere_is_no_obstacle(ground):
    first = bring("GM0534,saldo,2008,1,,\n")
    bring("GM0473,saldo,2008,2,,\n")
    imports.undo(batch=first)
    assert list(Measurement.objects.values_list("municipality__code", flat=True)) == ["GM0473"]


IV3 = "jaar,verslagsoort,gm_code,inwoners,indicator,waarde_x1000_euro\n"


def test_indicators_that_a_batch_made_go_with_it_unless_something_hangs_on_them(ground):
    summary = imports.run(file_of(IV3 + "2008,2008X005,GM0534,20000,a,1\n2008,2008X005,GM0534,20000,b,2\n"))
    assert Indicator.objects.filter(code__startswith="iv3_").count() == 2
    Goal.objects.create(
        municipality=Municipality.objects.get(code="GM0534"),
        indicator=Indicator.objects.get(code="iv3_b"),
        title="Minder",
        target_value=1,
        target_date="2010-01-01",
    )
    imports.undo(batch=ImportBatch.objects.get(pk=summary.batch))
    assert list(Indicator.objects.filter(code__startswith="iv3_").values_list("code", flat=True)) == ["iv3_b"]


def test_the_command_takes_back_and_refuses_in_words(ground):
    batch = bring("GM0534,saldo,2008,1,,\n")
    told = io.StringIO()
    call_command("undo_import", batch.pk, stdout=told)
    assert "was taken back: every figure is what it was before." in told.getvalue()
    assert Measurement.objects.count() == 0
    with pytest.raises(CommandError, match="was taken back already"):
        call_command("undo_import", batch.pk)
    with pytest.raises(CommandError, match=r"There is no batch 999\. The latest are: "):
        call_command("undo_import", 999)
