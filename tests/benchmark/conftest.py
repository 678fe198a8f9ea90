"""Figures for the tests of the benchmark: small, round, and worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from benchmark import goals
from benchmark.models import DataRevision, Dataset, Measurement
from people.models import Municipality, MunicipalityYear
from tests.cast import Cast, municipality

from .goal_forms import AIM

# Kring C in 2008: 12, 10 and 20 minutes; the four others are nobody's business by name.
OTHERS = {"Aa": 8.0, "Bee": 9.0, "Cee": 11.0, "Dee": 30.0}


@dataclass
class Figures:
    """The datasets, and a way to add values."""

    closed: Dataset
    opened: Dataset
    cast: Cast
    others: list[Municipality]

    def put(self, where: Municipality, year: int, value: float | None, **fields: object) -> Measurement:
        """Add a value of the cast's indicator; confidential unless another dataset is given."""
        made = Measurement.objects.create(
            **{
                "indicator": self.cast.indicator,
                "municipality": where,
                "year": year,
                "value": value,
                "dataset": self.closed,
                **fields,
            }
        )
        DataRevision.objects.update_or_create(pk=1, defaults={"number": Measurement.objects.count()})
        return made


@pytest.fixture
def figures(cast) -> Figures:
    """An indicator with values of Kring C, Delft and four others in 2004-2008."""
    closed = Dataset.objects.create(slug="bpz", name="BPZ", source="Benchmarking Publiekszaken", is_demo=True)
    opened = Dataset.objects.create(slug="open", name="Open", source="CBS", licence="CC BY 4.0", is_public=True)
    others = [municipality(f"GM100{at}", name, province="Drenthe") for at, name in enumerate(OTHERS, 1)]
    made = Figures(closed, opened, cast, others)
    for year in range(2004, 2009):
        made.put(cast.hillegom, year, 12.0)
        made.put(cast.zandvoort, year, 10.0)
        made.put(cast.beverwijk, year, 20.0)
    made.put(cast.delft, 2008, 6.0)
    for where, value in zip(others, OTHERS.values(), strict=True):
        made.put(where, 2008, value)
    for where, inhabitants in [
        (cast.hillegom, 20_000),
        (cast.zandvoort, 16_000),
        (cast.beverwijk, 40_000),
        (cast.delft, 100_000),
        *[(other, 24_999) for other in others],
    ]:
        MunicipalityYear.objects.create(municipality=where, year=2008, inhabitants=inhabitants)
    return made


@pytest.fixture
def goal(cast, figures):
    """A goal of Hillegom: from 12 minutes in 2006 to 8 in 2010."""
    return goals.create_goal(by=cast.participant, municipality=cast.hillegom, indicator=cast.indicator, aim=AIM)
