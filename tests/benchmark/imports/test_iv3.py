"""The profile `iv3` on a small file: division, reports, not-filed reports, new indicators."""

import pytest

from benchmark import imports
from benchmark.models import Area, Dataset, Indicator, Measurement

from .checking import file_of

pytestmark = pytest.mark.django_db

HEAD = "jaar,verslagsoort,gm_code,inwoners,indicator,waarde_x1000_euro\n"


def test_amounts_become_euro_per_inhabitant(ground):
    summary = imports.run(
        file_of(
            HEAD + "2017,2017X000,GM0534,20000,lasten_taakveld_0.2,1500.0\n"
            "2017,2017X005,GM0534,20000,lasten_taakveld_0.2,-250.0\n"
        )
    )
    assert (summary.profile, summary.dataset, summary.new_indicators) == ("iv3", "iv3", ["iv3_lasten_taakveld_0.2"])
    fields = ("report", "value", "numerator", "denominator", "reason")
    assert set(Measurement.objects.values_list(*fields)) == {
        ("begroting", 75.0, 1_500_000.0, 20_000.0, ""),
        ("jaarrekening", -12.5, -250_000.0, 20_000.0, ""),
    }
    made = Indicator.objects.get(code="iv3_lasten_taakveld_0.2")
    assert (made.name, made.unit, made.kind, made.direction) == (
        "Lasten taakveld 0.2: burgerzaken",
        "€ per inwoner",
        "money",
        "context",
    )
    assert made.area == Area.objects.get(slug="financien")
    dataset = Dataset.objects.get(slug="iv3")
    assert (dataset.licence, dataset.is_public, dataset.is_demo) == ("CC BY 4.0", True, False)


def rows(code: str, amount: str) -> str:
    return "".join(f"2017,2017X005,{code},20000,post_{at},{amount}\n" for at in range(10))


def test_a_report_of_nothing_but_zeros_was_not_filed(ground):
    some = "".join(f"2017,2017X005,GM0373,20000,post_{at},{int(at == 3)}\n" for at in range(10))
    summary = imports.run(file_of(HEAD + rows("GM0534", "0.0") + rows("GM0473", "5.0") + some))
    assert summary.not_filed == ["GM0534 2017 jaarrekening"]
    assert summary.missing == 10
    of = Measurement.objects.filter(municipality__code="GM0534").values_list(
        "value", "numerator", "denominator", "reason"
    )
    assert set(of) == {(None, None, None, "not-delivered")}
    # a zero among other amounts is a real zero
    assert Measurement.objects.filter(municipality__code="GM0373", value=0.0).count() == 9


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("2017,2017X009,GM0534,20000,a,1\n", "verslagsoort", "Known are: X000, X005."),
        ("2017,2018X005,GM0534,20000,a,1\n", "verslagsoort", "another year than the row (2017)"),
        ("2017,2017X005,GM0534,0,a,1\n", "inwoners", "more than 0"),
        ("2017,2017X005,GM0534,,a,1\n", "inwoners", "A denominator is needed here."),
        ("2017,2017X005,GM0534,20000,a b,1\n", "indicator", "letters, digits, underscores and points"),
        ("2022,2022X005,GM0788,20000,a,1\n", "gm_code", "did not exist in 2022"),
    ],
)
def test_what_iv3_refuses(ground, row, column, reason):
    with pytest.raises(imports.ImportRefused) as refused:
        imports.run(file_of(HEAD + row), profile="iv3")
    first = refused.value.refusals[0]
    assert (first.row, first.column) == (2, column)
    assert reason in first.reason
    assert Indicator.objects.filter(code__startswith="iv3_").count() == 0


def test_an_empty_amount_is_missing(ground):
    imports.run(file_of(HEAD + "2017,2017X005,GM0534,20000,a,\n2017,2017X005,GM0473,,a,-99998\n"), profile="iv3")
    assert set(Measurement.objects.values_list("value", "numerator", "denominator", "reason")) == {
        (None, None, None, "not-delivered")
    }
