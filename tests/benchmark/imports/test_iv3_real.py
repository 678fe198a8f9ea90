"""The real file of 656,657 rows: the totals that everybody can check. One import for the whole module."""

from __future__ import annotations

import gzip
import random

import pytest
from django.db import transaction
from django.db.models import Avg, Count, Sum
from django.utils import translation

from benchmark import imports
from benchmark.models import Area, DataRevision, ImportBatch, Indicator, Measurement
from tests.realdata import DATA, register

FILE = DATA / "iv3_indicatoren_lang.csv.gz"

pytestmark = [
    pytest.mark.xdist_group("iv3"),
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        not FILE.exists(), reason="the real file is not there: ../shared/data/nl/iv3_indicatoren_lang.csv.gz"
    ),
]

INHABITANTS_2023 = 17_811_291
NOT_FILED = """
begroting 2017 GM1598 GM1948 2018 GM0299 GM0437 GM1949 GM1950 GM1952 2021 GM1979 2022 GM1731 GM1980 GM1982 GM1991
2023 GM1992 2024 GM1961
jaarrekening 2018 GM0545 GM0620 GM0707 2020 GM0339 GM1735 2022 GM0141 GM0457 GM0505 GM1700 2023 GM1961 2024 GM0809
"""


@pytest.fixture(scope="module")
def summary(django_db_setup, django_db_blocker):
    """Import the file once; what it brought is rolled back after the last test of this module."""
    with django_db_blocker.unblock(), translation.override("en"), transaction.atomic():
        register()
        yield imports.run(FILE, profile="iv3")
        transaction.set_rollback(True)


def filed(code: str, year: int):
    return Measurement.objects.filter(indicator__code=code, year=year, report="jaarrekening", value__isnull=False)


def test_every_row_came_in(summary):
    assert (summary.rows, summary.created, summary.changed) == (656_657, 656_657, 0)
    assert Measurement.objects.count() == 656_657
    assert len(summary.new_indicators) == Indicator.objects.filter(area__slug="financien").count() == 114
    assert DataRevision.current() == 1


def test_exactly_the_25_reports_of_zeros_count_as_not_filed(summary):
    expected, report, year = [], "", ""
    for word in NOT_FILED.split():
        if word in {"begroting", "jaarrekening"}:
            report = word
        elif word.isdigit():
            year = word
        else:
            expected.append(f"{word} {year} {report}")
    assert len(expected) == 25
    assert summary.not_filed == sorted(expected)
    missing = Measurement.objects.filter(value__isnull=True)
    assert missing.values("municipality", "year", "report").distinct().count() == 25
    assert set(missing.values_list("reason", "numerator", "denominator")) == {("not-delivered", None, None)}


@pytest.mark.parametrize(
    ("code", "euro"),
    [
        ("salarissen", 792),
        ("verbonden", 467),
        ("rijk", 2312),
        ("spuks", 655),
        ("heffingen", 437),
        ("sociaal", 1855),
        ("baten", 4317),
    ],
)
def test_golden_totals_of_2023(summary, code, euro):
    total = filed(f"iv3_{code}", 2023).aggregate(total=Sum("numerator"))["total"]
    assert round(total / INHABITANTS_2023) == euro


def test_the_social_domain_of_2022(summary):
    rows = filed("iv3_sociaal", 2022)
    found = rows.aggregate(n=Count("pk"), mean=Avg("value"), above=Sum("numerator"), below=Sum("denominator"))
    ordered = sorted(rows.values_list("value", flat=True))
    assert found["n"] == 341
    assert round(found["mean"]) == 1346
    assert round(found["above"] / found["below"]) == 1703
    assert round(ordered[170]) == 1208


def test_the_same_file_again_is_known(summary):
    again = imports.run(FILE, profile="iv3")
    assert again.already == summary.batch
    assert again.headline == f"This file was imported before (batch {summary.batch}). Nothing changed."


def test_the_same_values_in_another_order_change_nothing(summary, tmp_path):
    """A sixth of the rows, shuffled: held against what is there value by value."""
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        header, *rows = [
            line for at, line in enumerate(lines) if at == 0 or line.split(",", 5)[4].startswith("lasten_hoofd")
        ]
    random.Random(1).shuffle(rows)
    shuffled = tmp_path / "andersom.csv"
    shuffled.write_text("".join([header, *rows]))
    batches = ImportBatch.objects.count()
    again = imports.run(shuffled, profile="iv3")
    assert (again.created, again.changed, again.unchanged) == (0, 0, len(rows))
    assert ImportBatch.objects.count() == batches
    assert DataRevision.current() == 1


def test_every_indicator_has_a_name_people_can_read(summary):
    names = dict(Indicator.objects.filter(area=Area.objects.get(slug="financien")).values_list("code", "name"))
    assert len(set(names.values())) == 114
    assert names["iv3_lasten_taakveld_6.72"] == "Lasten taakveld 6.72: maatwerkdienstverlening 18- (tot en met 2024)"
    assert not [name for name in names.values() if "_" in name]
