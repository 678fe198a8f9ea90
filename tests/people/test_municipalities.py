"""Finding a municipality by code, and by name in a year."""

import pytest

from people import municipalities
from people.models import MunicipalityName
from people.municipalities import AmbiguousMunicipality, UnknownMunicipality
from people.names import key
from tests.cast import municipality


def alias(of, name, since=None, until=None):
    MunicipalityName.objects.create(
        municipality=of, name=name, key=key(name), official=False, year_from=since, year_until=until
    )


@pytest.fixture
def bergen(db):
    north = municipality("GM0373", "Bergen (NH.)", province="Noord-Holland")
    south = municipality("GM0893", "Bergen (L.)", province="Limburg")
    for each in (north, south):
        alias(each, "Bergen")
    return north, south


@pytest.mark.parametrize("written", ["GM0534", "gm0534", " 0534 ", "534"])
def test_a_code_is_found_however_it_is_written(cast, written):
    assert municipalities.by_code(written) == cast.hillegom


def test_an_unknown_code_is_an_error_with_the_code(cast):
    with pytest.raises(UnknownMunicipality, match="GM9999"):
        municipalities.by_code("GM9999")


def test_an_alias_and_its_accents_do_not_matter(db):
    the_hague = municipality("GM0518", "'s-Gravenhage")
    alias(the_hague, "Den Haag")
    assert municipalities.by_name("den  haag", 2010) == the_hague
    assert municipalities.by_name("’s-Gravenhage", 2010) == the_hague


def test_an_ambiguous_name_lists_the_candidates_with_their_codes(bergen):
    with pytest.raises(AmbiguousMunicipality) as caught:
        municipalities.by_name("Bergen", 2010)
    assert caught.value.candidates == list(bergen)
    assert "Bergen (NH.) (GM0373, Noord-Holland); Bergen (L.) (GM0893, Limburg)" in str(caught.value)
    assert municipalities.by_name("Bergen (L.)", 2010) == bergen[1]


def test_a_name_counts_only_in_its_own_years(db):
    bussum = municipality("GM0381", "Bussum", exists_until=2016)
    assert municipalities.by_name("Bussum", 2015) == bussum
    with pytest.raises(UnknownMunicipality, match=r"GM0381.*2015"):
        municipalities.by_name("Bussum", 2016)


def test_the_index_of_a_year_is_the_alias_table_in_two_queries(bergen, django_assert_num_queries):
    municipality("GM0381", "Bussum", exists_until=2009)
    with django_assert_num_queries(2):
        index = municipalities.name_index(2010)
    assert {name: [each.code for each in found] for name, found in index.items()} == {
        "bergen": ["GM0373", "GM0893"],
        "bergen nh": ["GM0373"],
        "bergen l": ["GM0893"],
    }
    with django_assert_num_queries(1):
        assert sorted(municipalities.code_index()) == ["GM0373", "GM0381", "GM0893"]
