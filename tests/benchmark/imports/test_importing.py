"""A good file: what comes in, what changes, what stays."""

import pytest

from benchmark import imports
from benchmark.models import DataRevision, Dataset, ImportBatch, Measurement, MeasurementRevision
from people.models import Municipality, MunicipalityName
from people.names import key

from .checking import checksum, figures, file_of

pytestmark = pytest.mark.django_db

FULL = """\
gm_code;indicator;year;value;status;reason;numerator;denominator;n;lower;upper;report;source
GM0534;wac_balie_gem;2008;12,5;;;;;;;;;
GM0473;wac_balie_gem;2008;;;confidential;;;;;;;
GM0534;lev_binnen_termijn;2008;87,5;validated;;175;200;;;;;Eigen telling
GM0473;lev_binnen_termijn;2008;90;provisional;;;;;;;;
GM0534;kto_balie;2008;7,8;;;;;96;7,5;8,1;;
GM0534;saldo;2008;-43,25;draft;;;;;;;jaarrekening;
"""


def none(count: int) -> tuple[None, ...]:
    return (None,) * count


def test_every_column_of_the_neutral_file_arrives(ground):
    summary = imports.run(file_of(FULL), name="cijfers.csv")
    assert (summary.rows, summary.created, summary.missing, summary.profile) == (6, 6, 1, "neutral")
    assert figures() == [
        ("kto_balie", "GM0534", 2008, "", 7.8, "published", False, "", None, None, 96, 7.5, 8.1, "", "gemeenten"),
        ("lev_binnen_termijn", "GM0473", 2008, "", 90.0, "published", True, "", *none(5), "", "gemeenten"),
        (
            *("lev_binnen_termijn", "GM0534", 2008, "", 87.5, "validated", False, ""),
            *(175.0, 200.0, None, None, None, "Eigen telling", "gemeenten"),
        ),
        ("saldo", "GM0534", 2008, "jaarrekening", -43.25, "draft", False, "", *none(5), "", "gemeenten"),
        ("wac_balie_gem", "GM0473", 2008, "", None, "published", False, "confidential", *none(5), "", "gemeenten"),
        ("wac_balie_gem", "GM0534", 2008, "", 12.5, "published", False, "", *none(5), "", "gemeenten"),
    ]
    batch = ImportBatch.objects.get(pk=summary.batch)
    assert (batch.file_name, batch.rows, batch.created, batch.missing) == ("cijfers.csv", 6, 6, 1)
    assert batch.details["decimals"]["value"] == "comma"
    assert batch.details["separator"] == ";"
    assert DataRevision.current() == 1


def test_the_same_file_again_changes_nothing_and_says_so(ground):
    first = imports.run(file_of(FULL))
    before = checksum()
    again = imports.run(file_of(FULL))
    assert again.already == first.batch
    assert again.headline == f"This file was imported before (batch {first.batch}). Nothing changed."
    assert checksum() == before


def test_the_same_values_in_another_order_change_nothing_and_say_so(ground):
    imports.run(file_of(FULL))
    before = checksum()
    header, *rows = FULL.splitlines()
    again = imports.run(file_of("\n".join([header, *reversed(rows)])))
    assert (again.already, again.batch) == (None, None)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 6)
    assert again.headline == "Nothing changed: all 6 figures stand as they are in this file."
    assert checksum() == before


def test_a_corrected_file_changes_what_differs_and_keeps_what_was(ground):
    first = imports.run(file_of("gm_code,indicator,year,value\nGM0534,wac_balie_gem,2008,900\nGM0473,saldo,2008,1\n"))
    second = imports.run(
        file_of(
            "gm_code,indicator,year,value\nGM0534,wac_balie_gem,2008,15\nGM0473,saldo,2008,1\nGM0473,saldo,2007,2\n"
        )
    )
    assert (second.created, second.changed, second.unchanged) == (1, 1, 1)
    corrected = Measurement.objects.get(indicator__code="wac_balie_gem")
    assert (corrected.value, corrected.batch_id) == (15.0, second.batch)
    revision = MeasurementRevision.objects.get()
    assert (revision.measurement_id, revision.batch_id) == (corrected.pk, second.batch)
    assert (revision.before["value"], revision.before["batch_id"]) == (900.0, first.batch)
    assert Measurement.objects.get(indicator__code="saldo", year=2008).batch_id == first.batch
    assert DataRevision.current() == 2


def test_the_old_file_again_after_a_correction_is_not_taken_for_known(ground):
    old = "gm_code,indicator,year,value\nGM0534,wac_balie_gem,2008,900\n"
    imports.run(file_of(old))
    imports.run(file_of("gm_code,indicator,year,value\nGM0534,wac_balie_gem,2008,15\n"))
    back = imports.run(file_of(old))
    assert (back.already, back.changed) == (None, 1)
    assert Measurement.objects.get().value == 900.0


def test_a_dry_run_says_what_would_happen_and_does_nothing(ground):
    before = checksum()
    summary = imports.run(file_of(FULL), dry_run=True)
    assert (summary.created, summary.batch) == (6, None)
    assert summary.headline == "Tried only, nothing changed. 6 rows are good: 6 new, 0 changed, 0 unchanged."
    # the row that counts revisions may be made, its number stays
    DataRevision.objects.all().delete()
    assert checksum() == before


def test_an_empty_value_needs_a_reason_and_gets_the_plain_one(ground):
    summary = imports.run(
        file_of(
            "gm_code,indicator,year,value\n"
            "GM0534,wac_balie_gem,2008,\nGM0473,wac_balie_gem,2008,-99998\nGM0788,wac_balie_gem,2022,\n"
        )
    )
    reasons = dict(Measurement.objects.values_list("municipality__code", "reason"))
    assert reasons == {"GM0534": "not-delivered", "GM0473": "not-delivered", "GM0788": "did-not-exist"}
    assert "2 empty values without a reason count as “not delivered”." in summary.sentences()
    assert "1 empty values are of municipalities that did not exist in that year." in summary.sentences()


def test_a_sentinel_is_taken_by_equality_and_never_by_size(ground):
    imports.run(file_of("gm_code,indicator,year,value\nGM0534,saldo,2008,-99998\nGM0473,saldo,2008,-446327\n"))
    assert dict(Measurement.objects.values_list("municipality__code", "value")) == {"GM0534": None, "GM0473": -446327.0}


def test_codes_without_gm_or_zeros_are_completed_and_it_is_said(ground):
    summary = imports.run(file_of("gm_code,indicator,year,value\n534,saldo,2008,1\ngm0473,saldo,2008,2\n"))
    assert set(Measurement.objects.values_list("municipality__code", flat=True)) == {"GM0534", "GM0473"}
    assert summary.notes == ["2 codes were completed, such as “534” to GM0534."]


def test_a_name_is_looked_up_in_the_year_of_its_row(ground):
    MunicipalityName.objects.create(
        municipality=Municipality.objects.get(code="GM0473"),
        name="Zandvoort aan Zee",
        key=key("Zandvoort aan Zee"),
        year_until=2000,
        official=False,
    )
    imports.run(file_of("gm_code,indicator,year,value\nzandvoort aan zee,saldo,1999,1\nHillegom,saldo,2008,2\n"))
    assert set(Measurement.objects.values_list("municipality__code", "year")) == {("GM0473", 1999), ("GM0534", 2008)}
    with pytest.raises(imports.ImportRefused) as refused:
        imports.run(file_of("gm_code,indicator,year,value\nZandvoort aan Zee,saldo,2008,1\n"))
    assert "There was no municipality called “Zandvoort aan Zee” in 2008" in refused.value.refusals[0].reason


def test_footers_and_empty_rows_are_passed_over_and_counted(ground):
    summary = imports.run(
        file_of("gm_code,indicator,year,value\nGM0534,saldo,2008,1\n,,,\n\nGM0473,saldo,2008,2\nBron: CBS,,,\n")
    )
    assert (summary.rows, summary.empty_rows, summary.footers) == (2, 2, ["Bron: CBS"])
    assert "Passed over: 2 empty rows and 1 footers." in summary.sentences()


def test_a_decimal_of_three_digits_everywhere_is_asked_about(ground):
    summary = imports.run(file_of("gm_code;indicator;year;value\nGM0534;saldo;2008;1.234\nGM0473;saldo;2008;2.345\n"))
    assert summary.notes == ["In column value every decimal has three digits. Are these not thousands?"]


def test_example_data_never_replaces_real_figures(ground):
    imports.run(file_of("gm_code,indicator,year,value\nGM0534,saldo,2008,1\n"))
    demo = Dataset.objects.create(slug="voorbeeld", name="Voorbeeld", source="Voorbeeld", is_demo=True)
    rows = [{"gm_code": "GM0534", "indicator": "saldo", "year": 2008, "value": 9.5}]
    rows += [{"gm_code": "GM0473", "indicator": "saldo", "year": 2008, "value": 8.25, "reason": ""}]
    summary = imports.run_rows(rows, dataset=demo, name="voorbeeld")
    assert (summary.created, summary.changed, summary.kept) == (1, 0, 1)
    assert set(Measurement.objects.values_list("value", "dataset__slug")) == {(1.0, "gemeenten"), (8.25, "voorbeeld")}
    # and real figures do replace examples
    imports.run(file_of("gm_code,indicator,year,value\nGM0473,saldo,2008,8.25\n"))
    assert set(Measurement.objects.values_list("value", "dataset__slug")) == {(1.0, "gemeenten"), (8.25, "gemeenten")}


def test_progress_is_told_in_both_stages(ground):
    told = []
    imports.run(file_of(FULL), progress=lambda *now: told.append(now))
    assert told[0] == ("reading", 6, None)
    assert told[-1] == ("writing", 6, 6)


def test_rows_of_a_program_go_the_same_way(ground):
    rows = [{"gm_code": "GM0534", "indicator": "kto_balie", "year": 2008, "value": 0.1 + 7}]
    rows += [{"gm_code": "GM0473", "indicator": "kto_balie", "year": 2008, "value": None, "reason": "not-applicable"}]
    imports.run_rows(rows)
    assert dict(Measurement.objects.values_list("value", "reason")) == {7.1: "", None: "not-applicable"}
    with pytest.raises(imports.ImportRefused) as refused:
        imports.run_rows([{"gm_code": "GM0534", "indicator": "kto_balie", "year": 2008, "value": 11}])
    assert refused.value.refusals[0].reason == "A grade lies between 1 and 10."


def test_many_rows_of_many_shapes(ground):
    lines = ["gm_code,indicator,year,value,reason,report,n,source"]
    for year in range(1990, 2020):
        for code in ("GM0534", "GM0473"):
            for report in ("", "begroting", "jaarrekening"):
                value, reason = (year, "") if year % 3 else ("", "break")
                lines.append(f"{code},saldo,{year},{value},{reason},{report},{year % 4 or ''},bron {year % 5}")
    summary = imports.run(file_of("\n".join(lines)))
    assert summary.created == 180
    got = Measurement.objects.get(municipality__code="GM0473", year=2001, report="begroting")
    assert (got.value, got.reason, got.n, got.source) == (None, "break", 1, "bron 1")
    got = Measurement.objects.get(municipality__code="GM0534", year=2005, report="")
    assert (got.value, got.reason, got.n, got.source) == (2005.0, "", 1, "bron 0")
