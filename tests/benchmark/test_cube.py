"""The cube: one query per indicator, fresh after every change, nothing kept from a transaction that may roll back."""

import numpy as np
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from benchmark import cube
from benchmark.models import DataRevision, Dataset, ImportBatch, Indicator, Measurement
from tests.cast import make_cast


@pytest.fixture
def kept(transactional_db):
    """A cast outside a transaction: only then the cube remembers."""
    cube.forget()
    cast = make_cast()
    dataset = Dataset.objects.create(slug="d", name="D", source="S")
    for year in (2007, 2008):
        Measurement.objects.create(
            indicator=cast.indicator, municipality=cast.hillegom, year=year, value=1.0, dataset=dataset
        )
    DataRevision.objects.create(pk=1, number=1)
    yield cast
    cube.forget()


def largest(of, cast):
    """Return the largest value of the cast's indicator."""
    return float(np.nanmax(of.slice(cast.indicator.pk).value))


def test_the_second_time_costs_one_query(kept):
    cube.current().slice(kept.indicator.pk)
    with CaptureQueriesContext(connection) as seen:
        cube.current().slice(kept.indicator.pk)
    assert len(seen) == 1


def test_several_indicators_come_in_two_queries(kept):
    found = cube.current()
    others = [
        Indicator.objects.create(code=f"c{at}", name="x", unit="%", direction="up", area=kept.area).pk
        for at in range(3)
    ]
    with CaptureQueriesContext(connection) as seen:
        found.slices([kept.indicator.pk, *others])
    assert len(seen) == 2


def test_a_new_revision_is_noticed(kept):
    before = cube.current()
    assert largest(before, kept) == 1.0
    Measurement.objects.update(value=2.0)
    assert cube.current() is before  # nobody said that anything changed
    DataRevision.objects.update(number=2)
    assert largest(cube.current(), kept) == 2.0


def test_closing_a_dataset_is_noticed_at_once(kept):
    Dataset.objects.update(is_public=True)
    assert cube.current().sources[Dataset.objects.get().pk].is_public
    Dataset.objects.update(is_public=False)
    assert not cube.current().sources[Dataset.objects.get().pk].is_public


def test_a_new_municipality_is_noticed(kept):
    from tests.cast import municipality

    before = cube.current()
    late = municipality("GM1234", "Laat")
    assert late.pk not in before.register.index
    assert late.pk in cube.current().register.index


def test_nothing_is_kept_from_a_transaction(kept):
    before = cube.current()
    before.slice(kept.indicator.pk)
    with transaction.atomic():
        Measurement.objects.update(value=9.0)
        DataRevision.objects.update(number=2)
        assert largest(cube.current(), kept) == 9.0
        transaction.set_rollback(True)
    assert largest(cube.current(), kept) == 1.0


def test_absent_and_missing_are_different(kept):
    Measurement.objects.create(
        indicator=kept.indicator,
        municipality=kept.zandvoort,
        year=2008,
        value=None,
        reason="not-applicable",
        dataset=Dataset.objects.get(),
    )
    DataRevision.objects.update(number=2)
    found = cube.current()
    part = found.slice(kept.indicator.pk)
    at = found.register.index[kept.zandvoort.pk]
    assert part.status[0, at].tolist() == [cube.ABSENT, cube.PUBLISHED]
    assert part.reasons[part.reason[0, at, 1]] == "not-applicable"
    assert str(part.value[0, at, 1]) == "nan"


def change(cast, value, *, batch=None, place=None, year=2008, **fields):
    """Write one value as an import does."""
    Measurement.objects.update_or_create(
        indicator=cast.indicator,
        municipality=place or cast.hillegom,
        year=year,
        report=fields.pop("report", ""),
        defaults={"value": value, "dataset": Dataset.objects.get(), "batch": batch, **fields},
    )


@pytest.fixture
def batch(kept):
    return ImportBatch.objects.create(dataset=Dataset.objects.get(), file_name="f.csv", sha256="0" * 64)


def raised(**what):
    """Raise the revision as an import does."""
    with transaction.atomic():
        DataRevision.locked().raise_by_one(**what)


def test_of_an_import_only_its_own_rows_are_read(kept, batch):
    other = Indicator.objects.create(code="other", name="x", unit="%", direction="up", area=kept.area)
    Measurement.objects.create(
        indicator=other, municipality=kept.hillegom, year=2008, value=5.0, dataset=Dataset.objects.get()
    )
    before = cube.current()
    untouched = before.slices([kept.indicator.pk, other.pk])[other.pk]
    change(kept, 7.0, batch=batch)
    change(kept, 3.0, batch=batch, place=kept.delft, year=2010)
    raised(batch=batch)
    after = cube.current()
    with CaptureQueriesContext(connection) as seen:
        part = after.slice(kept.indicator.pk)
        assert after.slice(other.pk) is untouched
    assert len(seen) == 0
    assert part.years.tolist() == [2007, 2008, 2010]
    hillegom, delft = (after.register.index[one.pk] for one in (kept.hillegom, kept.delft))
    assert part.value[0, hillegom].tolist()[:2] == [1.0, 7.0]
    assert part.value[0, delft, 2] == 3.0
    # the older revision still says what it said: a request that began with it ends with it
    assert before.slice(kept.indicator.pk).value[0, hillegom].tolist() == [1.0, 1.0]


def test_what_was_read_row_by_row_is_what_a_fresh_cube_holds(kept, batch):
    cube.current().slice(kept.indicator.pk)
    change(kept, None, batch=batch, reason="not-delivered", status="draft")
    change(kept, 7.5, batch=batch, place=kept.zandvoort, lower=7.0, upper=8.0, provisional=True)
    change(kept, 2.0, batch=batch, place=kept.delft, report="begroting")
    raised(batch=batch)
    patched = cube.current().slice(kept.indicator.pk)
    cube.forget()
    fresh = cube.current().slice(kept.indicator.pk)
    assert patched.reports == fresh.reports == ("", "begroting")
    for name in ("years", "value", "status", "provisional", "dataset", "lower", "upper"):
        np.testing.assert_array_equal(getattr(patched, name), getattr(fresh, name))
    words = [np.array(one.reasons)[one.reason].tolist() for one in (patched, fresh)]
    assert words[0] == words[1]


def test_what_nobody_described_is_read_again(kept):
    part = cube.current().slice(kept.indicator.pk)
    Measurement.objects.update(value=4.0)
    raised()
    assert largest(cube.current(), kept) == 4.0
    Measurement.objects.filter(year=2007).delete()
    raised(indicators=[kept.indicator.pk])
    assert cube.current().slice(kept.indicator.pk).years.tolist() == [2008]
    assert part.years.tolist() == [2007, 2008]


def test_a_new_municipality_moves_what_is_kept(kept, batch):
    from tests.cast import municipality

    cube.current().slice(kept.indicator.pk)
    late = municipality("GM1234", "Laat")
    change(kept, 9.0, batch=batch, place=late)
    raised(batch=batch)
    after = cube.current()
    assert after.slice(kept.indicator.pk).value[0, after.register.index[late.pk]].tolist()[1] == 9.0


def test_a_change_of_the_register_is_noticed(kept):
    from people.models import RegisterRevision

    before = cube.current()
    type(kept.delft).objects.filter(pk=kept.delft.pk).update(province="Drenthe")
    assert cube.current() is before
    RegisterRevision.raise_by_one()
    assert cube.current().register.place(kept.delft.pk).province == "Drenthe"


def test_an_import_describes_itself(kept):
    from benchmark import imports
    from benchmark.models import FiguresChange

    line = {"gm_code": "GM0534", "indicator": kept.indicator.code, "year": 2009, "value": 3.0}
    summary = imports.run_rows([line], dataset=Dataset.objects.get(), name="f")
    assert [(one.number, one.batch_id) for one in FiguresChange.objects.all()] == [(2, summary.batch)]
    imports.undo(batch=ImportBatch.objects.get(pk=summary.batch))
    assert FiguresChange.objects.get(number=3).indicators == [kept.indicator.pk]


def test_only_so_many_changes_are_kept(kept, batch, monkeypatch):
    from benchmark.models import FiguresChange

    monkeypatch.setattr(FiguresChange, "KEPT", 3)
    for _ in range(5):
        raised(batch=batch)
    assert FiguresChange.objects.count() == 3
    assert FiguresChange.between(1, 6) is None
    assert FiguresChange.between(3, 6).batches == {batch.pk}
    assert FiguresChange.between(6, 3) is None
