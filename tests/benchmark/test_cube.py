"""The cube: one query per indicator, fresh after every change, nothing kept from a transaction that may roll back."""

import numpy as np
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from benchmark import cube
from benchmark.models import DataRevision, Dataset, Indicator, Measurement
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
    DataRevision.objects.create(number=1)
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


def test_several_indicators_come_in_one_query(kept):
    found = cube.current()
    others = [
        Indicator.objects.create(code=f"c{at}", name="x", unit="%", direction="up", area=kept.area).pk
        for at in range(3)
    ]
    with CaptureQueriesContext(connection) as seen:
        found.slices([kept.indicator.pk, *others])
    assert len(seen) == 1


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
