"""The register from files: the real ones where they are, and every way of being wrong."""

from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import F

from people.imports import spelling
from people.imports.outcome import ImportRefused
from people.imports.profiles import profiles
from people.imports.register import Period, timeline
from people.imports.run import import_municipalities
from people.models import Municipality, MunicipalityName, MunicipalityYear, Succession
from people.municipalities import by_name
from people.names import key
from tests.cast import municipality

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "nl"
COUNTS = {
    2010: 431, 2011: 418, 2012: 415, 2013: 408, 2014: 403, 2015: 393, 2016: 390, 2017: 388, 2018: 380,
    2019: 355, 2020: 355, 2021: 352, 2022: 345, 2023: 342, 2024: 342, 2025: 342, 2026: 342,
}  # fmt: skip
real = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real data is not at {DATA}")


def import_text(tmp_path, content: str, profile: str = ""):
    path = tmp_path / "gemeenten.csv"
    path.write_text(content, encoding="utf-8")
    return import_municipalities(source=path, profile=profile)


def state():
    return (
        list(Municipality.objects.order_by("code").values()),
        list(MunicipalityName.objects.order_by("municipality", "key", "year_from").values()),
        list(MunicipalityYear.objects.order_by("pk").values()),
        list(Succession.objects.order_by("pk").values()),
    )


def official(code: str):
    return list(
        MunicipalityName.objects.filter(municipality__code=code, official=True)
        .order_by(F("year_from").asc(nulls_first=True))
        .values_list("name", "year_from", "year_until")
    )


# ---- the real files -----------------------------------------------------------------------------------------
@real
@pytest.mark.django_db
def test_the_real_register_in_every_year():
    outcome = import_municipalities(source=DATA / "gemeenten_per_jaar.csv")
    assert {year: Municipality.objects.existing_in(year).count() for year in COUNTS} == COUNTS
    assert outcome.made == Municipality.objects.count() == 463
    assert official("GM1900") == [("Súdwest-Fryslân", 2011, None)]
    assert official("GM0051") == [("Skarsterlân", None, 2014)]
    assert official("GM0164") == [("Hengelo", None, 2024), ("Hengelo (O.)", 2024, None)]
    assert sum("“" in note for note in outcome.notes) == 4
    assert not MunicipalityName.objects.filter(name__regex="[‚˙]").exists()
    assert by_name("Den Haag", 2012).code == "GM0518"
    assert by_name("Den Bosch", 2012).code == "GM0796"
    assert by_name("Cranendonk", 2012).code == "GM1706"
    assert by_name("Haarlemmerliede/Spaarnw.", 2012).code == "GM0393"
    assert by_name("Hengelo", 2025).code == "GM0164"
    hoeksche_waard = Municipality.objects.get(code="GM1963")
    assert (hoeksche_waard.exists_from, hoeksche_waard.exists_until) == (2019, None)
    assert hoeksche_waard.province == "Zuid-Holland"


@real
@pytest.mark.django_db
def test_all_real_files_and_a_second_time_nothing_changes():
    # the demo came first: Bussum and Haarlemmerliede with their successors, without shares
    bussum = municipality("GM0381", "Bussum", exists_until=2016)
    gooise_meren = municipality("GM1942", "Gooise Meren", exists_from=2016)
    haarlemmerliede = municipality("GM0393", "Haarlemmerliede en Spaarnwoude", exists_until=2019)
    haarlemmermeer = municipality("GM0394", "Haarlemmermeer")
    Succession.objects.create(predecessor=bussum, successor=gooise_meren, year=2016)
    Succession.objects.create(predecessor=haarlemmerliede, successor=haarlemmermeer, year=2019)
    files = [
        "gemeenten_per_jaar", "gemeentemutaties_afgeleid", "inwoners_per_jaar",
        "gemeenten_2022_regioindeling", "grenswijzigingen_gemeente_2016_2024",
    ]  # fmt: skip
    for name in files:
        import_municipalities(source=DATA / f"{name}.csv")
    before = state()
    for name in files:
        assert import_municipalities(source=DATA / f"{name}.csv").nothing_changed, name
    assert state() == before
    assert {year: Municipality.objects.existing_in(year).count() for year in COUNTS} == COUNTS

    def successors(code):
        found = Succession.objects.filter(predecessor__code=code).order_by("successor__code")
        return list(found.values_list("successor__code", "year", "share"))

    assert successors("GM0788") == [
        ("GM0757", 2021, Decimal("0.150161")),
        ("GM0824", 2021, Decimal("0.423489")),
        ("GM0855", 2021, Decimal("0.083840")),
        ("GM0865", 2021, Decimal("0.342510")),
    ]
    assert [(code, round(share, 2)) for code, _, share in successors("GM0053")] == [
        ("GM1966", Decimal("0.88")),
        ("GM1969", Decimal("0.12")),
    ]
    assert successors("GM0393") == [("GM0394", 2019, 1)]
    assert successors("GM0381") == [("GM1942", 2016, None)]
    assert Succession.objects.count() == 73
    row = MunicipalityYear.objects.get(municipality__code="GM1680", year=2022)
    assert (row.inhabitants, row.urbanity, row.address_density) == (25579, 5, 283)
    assert MunicipalityYear.objects.count() == 3543
    assert MunicipalityYear.objects.filter(year=2023).count() == 342
    assert Municipality.objects.get(code="GM0381").province == ""
    assert official("GM0381") == [("Bussum", None, 2016)]


# ---- small files --------------------------------------------------------------------------------------------
REGISTER = "gm_code,gm_naam,prv_code,jaar\n"


@pytest.mark.django_db
def test_a_later_file_goes_on_where_the_register_is(tmp_path):
    import_text(tmp_path, REGISTER + "GM0001,Een,,2010\nGM0002,Twee,28.0,2010\nGM0001,Een,,2011\nGM0002,Twee,28,2011\n")
    outcome = import_text(tmp_path, REGISTER + "GM0002,Twee (ZH.),28,2012\nGM0003,Drie,,2012\n")
    assert list(Municipality.objects.order_by("code").values_list("code", "exists_from", "exists_until")) == [
        ("GM0001", None, 2012),
        ("GM0002", None, None),
        ("GM0003", None, None),
    ]
    assert official("GM0002") == [("Twee", None, 2012), ("Twee (ZH.)", 2012, None)]
    assert any("GM0001" in note for note in outcome.notes)
    assert Municipality.objects.get(code="GM0002").province == "Zuid-Holland"


@pytest.mark.parametrize(
    ("line", "row", "column", "value"),
    [
        ("GM12345,Naam,,2010", 3, "gm_code", "GM12345"),
        ("XX0012,Naam,,2010", 3, "gm_code", "XX0012"),
        ("GM0012,,,2010", 3, "gm_naam", ""),
        ("GM0012,Naam,99,2010", 3, "prv_code", "99"),
        ("GM0012,Naam,,twintig", 3, "jaar", "twintig"),
        ("GM0012,Naam,,12", 3, "jaar", "12"),
        ("GM0001,Een,,2010", 3, "gm_code", "GM0001"),
        ("GM0012,N����m,,2010", 3, "gm_naam", "N����m"),
    ],
)
@pytest.mark.django_db
def test_one_bad_row_and_nothing_changes(tmp_path, line, row, column, value):
    with pytest.raises(ImportRefused) as caught:
        import_text(tmp_path, f"{REGISTER}GM0001,Een,,2010\n{line}\n")
    assert [(each.row, each.column, each.value) for each in caught.value.refusals] == [(row, column, value)]
    assert caught.value.refusals[0].reason
    assert state() == ([], [], [], [])


@pytest.mark.django_db
def test_a_gap_in_the_years_is_refused(tmp_path):
    with pytest.raises(ImportRefused) as caught:
        import_text(tmp_path, REGISTER + "GM0001,Een,,2010\nGM0002,Twee,,2011\nGM0001,Een,,2012\nGM0002,Twee,,2010\n")
    assert [(each.row, each.value) for each in caught.value.refusals] == [(4, "GM0001")]


@pytest.mark.django_db
def test_a_wrong_column_is_named(tmp_path):
    with pytest.raises(ImportRefused) as caught:
        import_text(tmp_path, "gm_code,gm_naam,prv_code,year\nGM0001,Een,,2010\n")
    assert [(each.row, each.column) for each in caught.value.refusals] == [(1, "jaar")]
    with pytest.raises(ImportRefused, match="gemeenten"):
        import_text(tmp_path, "a,b\n1,2\n")
    with pytest.raises(ImportRefused, match="grenswijzigingen"):
        import_text(tmp_path, REGISTER, "anders")


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("GM9999,2010,5", "gemeente"),
        ("GM0381,2016,5", "gemeente"),
        ("GM0534,2010,0", "aantal_inwoners"),
        ("GM0534,2010,-3", "aantal_inwoners"),
        ("GM0534,2010,veel", "aantal_inwoners"),
        ("GM0534,2010,9999999", "aantal_inwoners"),
        ("GM0534,2010,1\nGM0534,2010,2", "gemeente"),
    ],
)
def test_inhabitants_that_cannot_be_are_refused(cast, tmp_path, line, column):
    municipality("GM0381", "Bussum", exists_until=2016)
    with pytest.raises(ImportRefused) as caught:
        import_text(tmp_path, f"gemeente,jaar,aantal_inwoners\nGM0473,2010,16000\n{line}\n")
    assert [each.column for each in caught.value.refusals] == [column]
    assert not MunicipalityYear.objects.exists()


def test_a_change_that_contradicts_the_register_is_refused(cast, tmp_path):
    municipality("GM0381", "Bussum", exists_until=2016)
    with pytest.raises(ImportRefused) as caught:
        import_text(tmp_path, "jaar,soort,gm_code,naam\n2015,vervallen,GM0381,Bussum\n2015,weg,GM0534,Hillegom\n")
    assert [(each.row, each.column) for each in caught.value.refusals] == [(2, "jaar"), (3, "soort")]


def test_a_renaming_is_a_period_and_not_a_new_municipality(cast, tmp_path):
    before = Municipality.objects.count()
    outcome = import_text(tmp_path, "jaar,soort,gm_code,naam\n2024,naam,GM0534,Hillegom -> Hillegom (ZH.)\n")
    assert (outcome.changed, Municipality.objects.count()) == (1, before)
    assert official("GM0534") == [("Hillegom", None, 2024), ("Hillegom (ZH.)", 2024, None)]


def test_a_successor_that_did_not_exist_is_refused(cast, tmp_path):
    municipality("GM0381", "Bussum", exists_until=2016)
    municipality("GM1942", "Gooise Meren", exists_from=2020)
    with pytest.raises(ImportRefused) as caught:
        import_text(
            tmp_path,
            "van_jaar,naar_jaar,van_gm,naar_gm,adressen,aandeel_van,aandeel_naar\n"
            "2015,2016,GM0381,GM1942,100,1.0,0.5\n2015,2016,GM0381,GM7777,100,1.5,0.5\n",
        )
    assert [(each.row, each.column) for each in caught.value.refusals] == [(3, "aandeel_van"), (2, "naar_gm")]


# ---- the command --------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_command_says_what_it_did_and_exits_1_when_it_did_nothing(tmp_path):
    good = tmp_path / "goed.csv"
    good.write_text(REGISTER + "GM0001,Een,,2010\nGM0002,Twee,,2010\nGM0001,Een,,2011\n")
    out = StringIO()
    call_command("import_municipalities", str(good), "--counts", stdout=out)
    assert "2010: 2\n2011: 1\n" in out.getvalue()
    bad = tmp_path / "fout.csv"
    bad.write_text(REGISTER + "GM0003,Drie,,nul\n")
    errors = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("import_municipalities", str(bad), stderr=errors)
    assert stopped.value.code == 1
    assert "“nul”" in errors.getvalue()
    assert not Municipality.objects.filter(code="GM0003").exists()


@pytest.mark.django_db
def test_a_file_that_is_not_there_is_a_sentence(tmp_path):
    errors = StringIO()
    with pytest.raises(SystemExit):
        call_command("import_municipalities", str(tmp_path / "weg.csv"), stderr=errors)
    assert "weg.csv" in errors.getvalue()


# ---- parts --------------------------------------------------------------------------------------------------
def test_every_profile_is_complete():
    assert {name: profile.kind for name, profile in profiles().items()} == {
        "gemeenten": "register",
        "grenswijzigingen": "boundaries",
        "inwoners": "inhabitants",
        "mutaties": "mutations",
        "regioindeling": "regions",
    }


@pytest.mark.parametrize(
    ("damaged", "neighbours", "expected"),
    [
        ("Skarsterl‚n", (), "Skarsterlân"),
        ("S˙dwest-Frysl‚n", ("Súdwest-Fryslân",), "Súdwest-Fryslân"),
        ("SÃºdwest-FryslÃ¢n", (), "Súdwest-Fryslân"),
        ("Skarsterl�n", ("Skarsterlân",), "Skarsterlân"),
        ("Skarsterl�n", ("Hillegom",), None),
        ("Skarsterl�n", (), None),
        ("Nuenen, Gerwen en Nederwetten", (), "Nuenen, Gerwen en Nederwetten"),
    ],
)
def test_damaged_names(damaged, neighbours, expected):
    assert spelling.repair(damaged, neighbours) == expected


def test_the_timeline_of_names():
    assert timeline({2010: "A", 2011: "A", 2012: "B"}, 2010, 2012, []) == [
        Period("A", None, 2012),
        Period("B", 2012, None),
    ]
    assert timeline({2011: "A"}, 2010, 2012, []) == [Period("A", 2011, 2012)]
    known = [Period("Oud", None, 2009), Period("A", 2009, None)]
    assert timeline({2010: "A"}, 2010, 2010, known) == [Period("Oud", None, 2009), Period("A", 2009, None)]
    later = [Period("A", None, 2020), Period("Z", 2020, None)]
    assert timeline({2010: "A"}, 2010, 2010, [Period("A", None, 2019)], 2019) == [Period("A", None, 2019)]
    assert timeline({2010: "A"}, 2010, 2010, later) == [Period("A", None, 2020), Period("Z", 2020, None)]


def test_the_key_of_a_name():
    assert key("'s-Gravenhage ") == key("’s Gravenhage") == "s gravenhage"
