"""Figures of then for the municipalities of now: counts go over by shares, ratios are computed again."""

import numpy as np
import pytest

from benchmark import asking, cube
from benchmark import register as registers
from benchmark.boundaries import Boundaries, conversion
from benchmark.models import DataRevision, Measurement
from people.models import MunicipalityYear, Succession
from tests.cast import municipality
from tests.realdata import DATA

NOW = 2009  # the day of the tests is in that year (kringsite.settings.test)


@pytest.fixture
def merged(cast, figures):
    """Heren was split in 2008: three quarters to Hillegom, a quarter to Nieuw; Alk went over into Nieuw whole."""
    Measurement.objects.all().delete()
    heren = municipality("GM0788", "Heren", exists_until=2008)
    alk = municipality("GM0789", "Alk", exists_until=2008)
    new = municipality("GM1948", "Nieuw", exists_from=2008)
    Succession.objects.create(predecessor=heren, successor=cast.hillegom, year=2008, share="0.742500")
    Succession.objects.create(predecessor=heren, successor=new, year=2008, share="0.247500")  # 1 % is no succession
    Succession.objects.create(predecessor=alk, successor=new, year=2008, share=None)
    MunicipalityYear.objects.create(municipality=heren, year=2007, inhabitants=8_000)
    MunicipalityYear.objects.create(municipality=alk, year=2007, inhabitants=2_000)
    for where, value in ((heren, 40.0), (alk, 6.0), (cast.hillegom, 100.0), (cast.zandvoort, 7.0)):
        figures.put(where, 2007, value)
    for where, value in ((new, 17.0), (cast.hillegom, 131.0), (cast.zandvoort, 8.0)):
        figures.put(where, 2008, value)
    return {"heren": heren, "alk": alk, "new": new}


def now(cast, code, **wanted):
    result = asking.ask(
        asking.reader(cast.office, code), cast.indicator, **{"group": "all", "boundaries": Boundaries.NOW, **wanted}
    )
    return {row.year: row for row in result.rows}


def test_counts_go_over_by_shares(cast, merged):
    cast.indicator.adds_up = True
    hillegom, new = now(cast, "GM0534")[2007], now(cast, "GM1948")[2007]
    # 100 + ¾ · 40, and ¼ · 40 + 6
    assert (hillegom.value, new.value) == (pytest.approx(130), pytest.approx(16))
    assert (hillegom.converted, new.converted) == (True, True)
    untouched = now(cast, "GM0473")[2007]
    assert (untouched.value, untouched.converted) == (7.0, False)
    assert now(cast, "GM0534")[2008].converted is False


def test_the_total_stays_the_same_and_the_municipalities_are_those_of_now(cast, merged):
    cast.indicator.adds_up = True
    cast.kring_c.comparison_group.municipalities.add(*merged.values())  # then nothing is withheld
    who = asking.reader(cast.participant, "GM0534")
    row = asking.ask(who, cast.indicator, group="all", boundaries=Boundaries.NOW).rows[0]
    assert row.n == 3
    assert row.n_converted == 2
    assert row.mean * row.n == pytest.approx(40 + 6 + 100 + 7)
    assert now(cast, "GM0788")[2007].value is None


def test_ratios_are_computed_again_from_numerator_and_denominator(cast, merged):
    above_below = {"GM0788": (40, 100), "GM0789": (6, 20), "GM0534": (50, 200)}
    for code, (above, below) in above_below.items():
        Measurement.objects.filter(municipality__code=code, year=2007).update(
            numerator=above, denominator=below, value=100 * above / below
        )
    # (¼ · 40 + 6) / (¼ · 100 + 20), in percent; the mean of 40 and 30 would be 35, weighted by share 38
    assert now(cast, "GM1948")[2007].value == pytest.approx(100 * 16 / 45)
    assert now(cast, "GM0534")[2007].value == pytest.approx(100 * 80 / 275)


def test_percentages_are_never_averaged(cast, merged):
    row = now(cast, "GM1948")[2007]
    assert (row.value, row.reason) == (None, "break")
    # of Zandvoort nothing was merged
    assert now(cast, "GM0473")[2007].value == 7.0


def test_a_part_that_is_missing_makes_the_whole_missing(cast, merged):
    cast.indicator.adds_up = True
    Measurement.objects.filter(municipality=merged["alk"]).update(value=None, reason="not-delivered")
    row = now(cast, "GM1948")[2007]
    assert (row.value, row.reason) == (None, "not-delivered")


def test_an_unknown_share_of_a_split_makes_its_parts_unknown(cast, merged):
    cast.indicator.adds_up = True
    Succession.objects.filter(predecessor=merged["heren"]).update(share=None)
    assert now(cast, "GM0534")[2007].reason == "break"


def test_then_is_as_it_was_reported(cast, merged):
    cast.indicator.adds_up = True
    found = now(cast, "GM0788", boundaries=Boundaries.THEN)[2007]
    assert (found.value, found.n, found.converted, found.n_converted) == (40.0, 4, False, 0)


def test_a_converted_value_is_as_confidential_as_its_parts(cast, merged):
    """Hillegom's own people know Hillegom, not Heren; the difference of the two would tell Heren."""
    cast.indicator.adds_up = True
    who = asking.reader(cast.participant, "GM0534")
    result = asking.ask(who, cast.indicator, group="kring", boundaries=Boundaries.NOW)
    row = {row.year: row for row in result.rows}[2007]
    assert (row.value, row.reason) == (None, "too-few")
    assert {row.year: row.value for row in result.rows}[2008] == 131.0
    # the group of the kring has Heren in it too, and no figure of one hidden part
    assert row.mean is None


def test_inhabitants_go_over_too(cast, merged):
    found = cube.current()
    then = found.inhabitants_in(np.array([2007]))[0][:, 0]
    moved = found.inhabitants_in(np.array([2007]), NOW)[0][:, 0]
    at = found.register.index
    assert then[at[cast.hillegom.pk]] == 20_000
    assert moved[at[cast.hillegom.pk]] == pytest.approx(20_000 + 0.75 * 8_000)


def test_a_chain_of_successions(cast, merged):
    last = municipality("GM1999", "Laatst", exists_from=2009)
    type(last).objects.filter(pk=merged["new"].pk).update(exists_until=2009)
    Succession.objects.create(predecessor=merged["new"], successor=last, year=2009, share=1)
    DataRevision.objects.update(number=99)
    cast.indicator.adds_up = True
    assert now(cast, "GM1999")[2007].value == pytest.approx(16)
    assert now(cast, "GM1999")[2008].value == pytest.approx(17)


def test_the_api_says_what_was_converted(client, cast, merged):
    type(cast.indicator).objects.update(adds_up=True)
    client.force_login(cast.office)
    asked = {"indicator": "wac_balie_gem", "municipality": "GM1948", "boundaries": "now"}
    found = client.get("/api/v1/series", asked).json()
    assert found["boundaries"] == "now"
    year = found["years"][0]
    assert (year["value"], year["converted"], year["nConverted"]) == (pytest.approx(16), True, 2)


# Without the open data: the same shapes. Year, who ended, into whom with which share (of Haaren in four, Winsum in two).
STAND_IN = [
    (2019, "GM0053", {"GM1966": 0.8757, "GM1969": 0.1243}),
    (2019, "GM1651", {"GM1966": 1}),
    (2019, "GM0015", {"GM1969": 1}),
    (2019, "GM0022", {"GM1969": 1}),
    (2021, "GM0788", {"GM0757": 0.1881, "GM0824": 0.4063, "GM0855": 0.1432, "GM0865": 0.2601}),
    (2021, "GM0003", {"GM1979": 1}),
    (2021, "GM0010", {"GM1979": 1}),
    (2021, "GM0024", {"GM1979": 1}),
]


def stand_in():
    """Make a register of the same shape as the real one."""
    made = {}
    new = {"GM1966": 2019, "GM1969": 2019, "GM1979": 2021}
    for year, ended, parts in STAND_IN:
        made[ended] = municipality(ended, ended, exists_until=year)
        for code in parts:
            made.setdefault(code, None)
            if made[code] is None:
                made[code] = municipality(code, code, exists_from=new.get(code))
    for at, (code, one) in enumerate(made.items()):
        MunicipalityYear.objects.create(municipality=one, year=new.get(code, 2018), inhabitants=10_000 + 777 * at)
    for year, ended, parts in STAND_IN:
        for code, share in parts.items():
            Succession.objects.create(predecessor=made[ended], successor=made[code], year=year, share=share)


@pytest.fixture
def real(db):
    """The register of the Netherlands with what became of whom; its shapes where the open data is not there."""
    if not DATA.exists():
        stand_in()
        return registers.load()
    from people.imports.run import import_municipalities

    for name in (
        "gemeenten_per_jaar.csv",
        "gemeentemutaties_afgeleid.csv",
        "inwoners_per_jaar.csv",
        "grenswijzigingen_gemeente_2016_2024.csv",
    ):
        import_municipalities(source=DATA / name)
    return registers.load()


@pytest.mark.parametrize(("year", "after"), [(2018, 2019), (2020, 2021), (2018, 2024)])
def test_conversion_conserves_the_people_of_the_netherlands(real, year, after):
    there = real.existing(np.array([year]))[:, 0]
    people = np.where(there, real.inhabitants.nearest(np.array([year]))[0][:, 0], np.nan)
    step = conversion(real, year=year, now=after)
    moved = step.counts(people)
    # every municipality that went over, went over altogether
    gone = np.flatnonzero(step.gone & there)
    assert len(gone) >= 4
    np.testing.assert_allclose(step.shares[:, gone].sum(axis=0), 1.0)
    assert np.nansum(moved) == pytest.approx(np.nansum(people))
    assert set(np.flatnonzero(~np.isnan(moved))) == set(np.flatnonzero(real.existing(np.array([after]))[:, 0]))


@pytest.mark.parametrize(("year", "after"), [(2018, 2019), (2020, 2021)])
def test_the_shapes_of_the_real_register_conserve_too(db, year, after):
    stand_in()
    test_conversion_conserves_the_people_of_the_netherlands(registers.load(), year, after)
