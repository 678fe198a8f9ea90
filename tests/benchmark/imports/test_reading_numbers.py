"""Files that are not the neutral one: a column per indicator, agreed decimals, bounds, Windows text."""

import tomllib

import pytest

from benchmark import imports
from benchmark.imports import building, own_profiles, profiles
from benchmark.imports.building import Said
from benchmark.models import ImportProfile, Measurement

from .checking import checksum, figures, file_of

pytestmark = pytest.mark.django_db

WIDE = "gemeente;wachttijd;saldo x 1000;opmerking\nHillegom;12,5;1.234,5;druk\nZandvoort;9;-99;\n\nBron: eigen telling;;;\n"


def profile(**more: object) -> profiles.Profile:
    told = building.describe(
        title="Balie",
        columns=[
            Said("gemeente", "municipality"),
            Said("wachttijd", "wide", "wac_balie_gem", "comma"),
            Said("saldo x 1000", "wide", "saldo", "comma", 1000.0, (-99.0,)),
            Said("opmerking"),
        ],
        fixed={"year": "2008"},
    )
    return profiles.parse("balie", {**told, **more})


def test_a_column_per_indicator_with_a_factor_a_sentinel_and_one_year_for_all(ground):
    summary = imports.run(file_of(WIDE), profile=profile())
    found = [(row[0], row[1], row[2], row[4], row[7]) for row in figures()]
    assert found == [
        ("saldo", "GM0473", 2008, None, "not-delivered"),
        ("saldo", "GM0534", 2008, 1_234_500.0, ""),
        ("wac_balie_gem", "GM0473", 2008, 9.0, ""),
        ("wac_balie_gem", "GM0534", 2008, 12.5, ""),
    ]
    assert (summary.empty_rows, summary.footers) == (1, ["Bron: eigen telling"])
    assert summary.decimals == {"wachttijd": "comma", "saldo x 1000": "comma"}


def test_a_refusal_points_at_the_column_of_the_wide_file(ground):
    before = checksum()
    with pytest.raises(imports.ImportRefused) as refused:
        imports.run(file_of(WIDE.replace("12,5", "twaalf").replace("1.234,5", "12.5")), profile=profile())
    assert [(one.row, one.column, one.value) for one in refused.value.refusals] == [
        (2, "wachttijd", "twaalf"),
        (2, "saldo x 1000", "12.5"),
    ]
    assert "marked by “,”; here stands “.”" in refused.value.refusals[1].reason
    assert checksum() == before


def test_a_profile_survives_its_way_through_toml(ground):
    told = building.describe(
        title="B", columns=[Said("x", "wide", "saldo", "point", 60, (-1.0,))], fixed={"year": "2008"}
    )
    assert profiles.parse("b", tomllib.loads(own_profiles.as_toml(told))) == profiles.parse("b", told)


def test_a_profile_made_here_is_recognised_by_the_columns_next_year(ground, django_user_model):
    told = building.describe(
        title="Balie",
        columns=[Said("plaats", "municipality"), Said("j", "year"), Said("minuten", "wide", "wac_balie_gem")],
        fixed={},
    )
    building.save(told=told, municipality=None, by=django_user_model.objects.create_user("x@y.example"))
    summary = imports.run(file_of("plaats,j,minuten\nHillegom,2009,7\n"))
    assert (summary.profile, summary.created) == ("balie", 1)
    assert ImportProfile.objects.get().name == "balie"


def test_a_bound_is_kept_as_a_bound_and_not_as_a_value(ground):
    text = "gm_code,indicator,year,value\nGM0534,saldo,2008,<=5\nGM0473,saldo,2008,> 99\nGM0473,saldo,2007,4\n"
    summary = imports.run(file_of(text))
    fields = ("municipality__code", "value", "reason", "censored", "lower", "upper")
    assert list(Measurement.objects.filter(year=2008).order_by("municipality__code").values_list(*fields)) == [
        ("GM0473", None, "confidential", ">", 99.0, None),
        ("GM0534", None, "confidential", "<=", None, 5.0),
    ]
    assert "2 values are only a bound, such as “<=5”: they are kept as that, without a value." in summary.notes
    again = imports.run(file_of(text + "\n"))
    assert (again.changed, again.unchanged) == (0, 3)


def test_a_windows_file_is_read_and_it_is_said(ground):
    summary = imports.run(file_of("gm_code;indicator;year;value;source\nGM0534;saldo;2008;1;Één\n".encode("cp1252")))
    assert Measurement.objects.get().source == "Één"
    assert any("Windows text" in sentence for sentence in summary.sentences())


def test_other_municipalities_and_published_values_are_not_an_editors(ground):
    from benchmark.imports import scopes
    from people.models import Municipality

    own = scopes.own(frozenset(Municipality.objects.filter(code="GM0534").values_list("pk", flat=True)))
    head = "gm_code,indicator,year,value\n"
    with pytest.raises(imports.ImportRefused, match="You deliver figures for Hillegom only"):
        imports.run(file_of(head + "GM0473,saldo,2008,1\n"), scope=own)
    with pytest.raises(imports.ImportRefused, match="somebody else"):
        imports.run(file_of(head.strip() + ",status\nGM0534,saldo,2008,1,published\n"), scope=own)
    imports.run(file_of(head + "GM0534,saldo,2008,1\n"))
    with pytest.raises(imports.ImportRefused, match="Ask the validator to send it back first"):
        imports.run(file_of(head + "GM0534,saldo,2008,2\n"), scope=own)
    imports.run(file_of(head + "GM0534,saldo,2007,3\n"), scope=own)
    assert dict(Measurement.objects.values_list("year", "status")) == {2008: "published", 2007: "draft"}
