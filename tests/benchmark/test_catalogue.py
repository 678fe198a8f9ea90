"""The catalogue that comes with the site."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmark import catalogue
from benchmark.models import Area, Indicator, Norm, ReferenceValue
from tests.cast import municipality

pytestmark = pytest.mark.django_db


def test_it_has_all_areas_indicators_norms_and_values():
    counts = catalogue.load()
    assert counts["areas"] == Area.objects.count() == 19
    assert counts["indicators"] == Indicator.objects.count() == 155
    assert counts["norms"] == Norm.objects.count() == 11
    assert counts["reference_values"] == ReferenceValue.objects.count() == 78


def test_directions_are_those_of_the_programme():
    catalogue.load()
    assert Counter(Indicator.objects.values_list("direction", flat=True)) == {"up": 84, "down": 51, "context": 20}


def test_about_thirty_indicators_are_core_and_every_performance_area_has_one():
    catalogue.load()
    core = Indicator.objects.filter(is_core=True)
    assert core.count() == 32
    assert set(core.filter(area__kind="performance").values_list("area__slug", flat=True)) == {
        "bereikbaarheid",
        "beschikbaarheid",
        "informatievoorziening",
        "wachttijden",
        "levertijden",
        "tarieven",
        "bejegening",
        "betrouwbaarheid",
    }


def test_area_two_is_found_by_its_other_name_and_area_eight_has_no_question():
    catalogue.load()
    assert Area.objects.get(slug="beschikbaarheid").synonyms == "Toegankelijkheid"
    assert list(Area.objects.filter(kind="performance", question="").values_list("slug", flat=True)) == [
        "betrouwbaarheid"
    ]
    assert list(Area.objects.filter(kind="performance").values_list("position", flat=True)) == list(range(1, 9))


def test_every_indicator_can_be_read_without_the_manual():
    catalogue.load()
    for indicator in Indicator.objects.all():
        assert indicator.definition.endswith("."), indicator.code
        assert len(indicator.definition) > 30, indicator.code
        assert indicator.unit, indicator.code
        assert bool(indicator.numerator) == bool(indicator.denominator), indicator.code
    assert Indicator.objects.values("definition").distinct().count() == 155


def test_kinds_have_the_bounds_that_an_import_keeps_to():
    catalogue.load()
    bounds = {(row.kind, row.minimum, row.maximum) for row in Indicator.objects.exclude(code="ver_kostendekking")}
    assert bounds == {
        ("percentage", 0, 100),
        ("grade", 1, 10),
        ("effort", 1, 5),
        ("yes-no", 0, 1),
        ("money", 0, None),
        ("number", 0, None),
        ("number", 0, 168),
    }


def test_the_minimum_norms_of_2011():
    catalogue.load()
    norms = Norm.objects.filter(source="vng").values_list("indicator__code", "bound", "value", "year_from")
    assert set(norms) == {
        ("wac_tel_sec", "max", 25, 2011),
        ("bes_doorverbonden", "max", 2, 2011),
        ("wac_balie_gem", "max", 15, 2011),
        ("wac_balie_afspraak", "max", 5, 2011),
        ("inf_brief_6w", "min", 100, 2011),
        ("inf_brief_bevestigd", "min", 100, 2011),
        ("lev_omgeving_8w", "min", 100, 2011),
    }


def test_norms_of_a_municipality_come_when_the_register_knows_it():
    catalogue.load()
    katwijk = municipality("GM0537", "Katwijk")
    assert catalogue.load()["norms"] == 13
    assert set(katwijk.norms.values_list("indicator__code", "value")) == {("wac_balie_gem", 10), ("wac_tel_sec", 20)}


def test_loading_again_repairs_and_keeps_ids_and_what_people_added():
    catalogue.load()
    before = dict(Indicator.objects.values_list("code", "pk"))
    Indicator.objects.filter(code="wac_tel_sec").update(name="Iets anders")
    own = Norm.objects.create(indicator_id=before["wac_tel_sec"], source="vng", bound="max", value=40)
    counts = catalogue.load()
    assert dict(Indicator.objects.values_list("code", "pk")) == before
    assert Indicator.objects.get(code="wac_tel_sec").name == "Gemiddelde wachttijd telefoon"
    assert Norm.objects.filter(pk=own.pk).exists()
    assert Norm.objects.count() == counts["norms"] + 1
    assert ReferenceValue.objects.count() == counts["reference_values"]


def test_every_published_value_says_of_whom_when_and_where():
    catalogue.load()
    assert not ReferenceValue.objects.filter(year__isnull=True).exists()
    assert not ReferenceValue.objects.filter(label="").exists()
    assert not ReferenceValue.objects.filter(source="").exists()


def test_loading_costs_few_queries():
    with CaptureQueriesContext(
        connection,
    ) as queries:
        catalogue.load()
    assert len(queries) <= 16
