"""Size classes are half-open and belong to a year."""

import pytest

from people import sizes
from people.models import MunicipalityYear


@pytest.mark.parametrize(
    ("inhabitants", "expected"),
    [(0, 0), (24_999, 0), (25_000, 1), (49_999, 1), (50_000, 2), (99_999, 2), (100_000, 3), (900_000, 3)],
)
def test_the_bounds_belong_to_the_higher_class(inhabitants, expected):
    assert sizes.size_class(inhabitants) == expected


def test_a_negative_number_is_no_size():
    with pytest.raises(ValueError, match="-1"):
        sizes.size_class(-1)


def test_the_class_is_that_of_the_year_or_the_nearest_with_a_note(cast):
    for year, inhabitants in [(2017, 24_500), (2019, 25_000)]:
        MunicipalityYear.objects.create(municipality=cast.hillegom, year=year, inhabitants=inhabitants)
    exact = sizes.size_in(cast.hillegom, 2019)
    assert (exact.index, exact.figure_year, exact.note) == (1, 2019, "")
    between = sizes.size_in(cast.hillegom, 2018)
    assert (between.index, between.figure_year) == (0, 2017)
    early = sizes.size_in(cast.hillegom, 2009)
    assert (early.index, early.figure_year) == (0, 2017)
    assert "2009" in early.note
    assert "2017" in early.note
    assert sizes.size_in(cast.delft, 2009) is None


def test_the_sizes_of_all_take_one_query(cast, django_assert_num_queries):
    MunicipalityYear.objects.create(municipality=cast.hillegom, year=2009, inhabitants=20_000)
    MunicipalityYear.objects.create(municipality=cast.delft, year=2010, inhabitants=100_000)
    MunicipalityYear.objects.create(municipality=cast.zandvoort, year=2009, urbanity=2)
    with django_assert_num_queries(1):
        found = sizes.sizes_in(2009)
    assert {pk: size.index for pk, size in found.items()} == {cast.hillegom.pk: 0, cast.delft.pk: 3}
