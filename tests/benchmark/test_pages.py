"""The pages of figures, as each reader gets them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmark.models import (
    ComparisonGroup,
    DataRevision,
    GroupChoice,
    Indicator,
    Measurement,
    MissingReason,
    Norm,
    ReferenceValue,
)


def page(client, user, address, **data):
    if user is not None:
        client.force_login(user)
    answer = client.get(address, data)
    return answer.status_code, answer.content.decode()


def text(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.fixture
def address(cast):
    return reverse("benchmark:indicator", args=[cast.indicator.code])


def test_sentence_table_picture_in_that_order(client, cast, figures, address):
    status, html = page(client, cast.participant, address, group="kring")
    assert status == 200
    assert "In 2008 kwam Hillegom uit op 12,0 minuten." in html
    assert "De mediaan van 3 gemeenten (Kring C) was in 2008 12,0 minuten" in html
    assert "Lager is beter." in html
    assert html.index("k-sentence") < html.index("<table") < html.index('class="k-svg"')
    assert "voorbeeldgegevens" in html


def test_every_year_is_a_row(client, cast, figures, address):
    figures.put(cast.zandvoort, 2009, 10.0)
    _status, html = page(client, cast.participant, address, group="kring")
    row = text(html[html.index('<th scope="row">2009</th>') :][:900])
    assert row.startswith(" 2009 niet aangeleverd 1 10,0 10,0 10,0 10,0 10,0")


def test_the_public_sees_no_name(client, cast, figures, address):
    status, html = page(client, None, address)
    assert status == 200
    assert "mediaan van 8 gemeenten" in text(html)
    for name in ("Hillegom", "Zandvoort", "Beverwijk", "Delft", "Aa"):
        assert not re.search(rf"\b{name}\b", text(html)), name


def test_a_stranger_asking_for_hillegom_sees_no_value(client, cast, figures, address):
    Measurement.objects.filter(municipality=cast.hillegom).update(value=12.34)
    _status, html = page(client, cast.stranger, address, municipality="GM0534", group="all")
    assert "12,3" not in html
    assert str(MissingReason.CONFIDENTIAL.label) in html


def test_norm_and_goal_are_in_the_table_too(client, cast, figures, address):
    from benchmark.models import Goal

    Norm.objects.create(indicator=cast.indicator, source="vng", bound="max", value=15)
    Goal.objects.create(
        municipality=cast.hillegom,
        indicator=cast.indicator,
        title="Korter wachten",
        baseline_value=12,
        baseline_year=2008,
        target_value=10,
        target_date="2010-12-31",
    )
    _status, html = page(client, cast.participant, address, group="kring")
    assert "Norm: VNG-minimumnorm" in html
    assert "Doel: Korter wachten" in html
    assert "De norm (VNG-minimumnorm) is hoogstens 15,0 minuten en wordt gehaald." in html
    assert text(html[html.index('<th scope="row">2010</th>') :][:900]).startswith(
        " 2010 nog geen cijfer 0 – – – – – – 15,0 10,0"
    )


def test_reference_values_carry_source_and_year(client, cast, figures, address):
    ReferenceValue.objects.create(indicator=cast.indicator, label="NL", year=2011, value=7.3, source="Leiden 2011")
    _status, html = page(client, None, address)
    assert "NL (2011): 7,3 minuten. Bron: Leiden 2011" in text(html)


def test_bad_choices_are_told_and_the_rest_is_shown(client, cast, figures, address):
    status, html = page(client, cast.participant, address, group="niets", first="2008", last="2005")
    assert status == 200
    assert "k-sentence" in html
    assert "Het tijdvak eindigt (2005) voordat het begint (2008)." in html
    assert "utrecht-alert" in html


def test_the_trend_is_said_with_an_arrow_and_a_word(client, cast, figures, address):
    assert "→ geen duidelijke trend Van 2004 tot 2008 is er geen duidelijke trend." in text(
        page(client, cast.participant, address)[1]
    )
    for year, value in zip(range(2004, 2009), (20.0, 18.0, 16.0, 14.0, 12.0), strict=True):
        Measurement.objects.filter(municipality=cast.hillegom, year=year).update(value=value)
    DataRevision.objects.update(number=99)
    assert "↘ gunstiger Van 2004 tot 2008 is de trend duidelijk dalend." in text(
        page(client, cast.participant, address)[1]
    )


def test_whom_to_list_and_whose_boundaries_stay_in_every_address(client, cast, figures, address):
    _status, html = page(client, cast.participant, address, group="all", show="GM0473", boundaries="now")
    assert '<option value="GM0473" selected>' in html
    assert '<option value="now" selected>' in html
    assert html.count("boundaries=now&amp;show=GM0473") >= 8
    assert "Vergeleken met: alle gemeenten." in html
    status, html = page(client, cast.participant, address, group="all", show="nergens")
    assert (status, "k-sentence" in html, "utrecht-alert" in html) == (200, True, True)


def test_unknown_things_are_404(client, cast, figures, address):
    assert page(client, cast.participant, reverse("benchmark:indicator", args=["bestaat_niet"]))[0] == 404
    assert page(client, cast.participant, address, municipality="GM9999")[0] == 404


def test_codes_with_points_and_capitals(client, cast):
    Indicator.objects.create(code="iv3_heffingen_B2.2.1", name="x", unit="€", direction="context", area=cast.area)
    assert page(client, None, "/benchmark/indicatoren/iv3_heffingen_B2.2.1/")[0] == 200


def test_names_cannot_bring_markup(client, cast, figures, address):
    cast.hillegom.name = '<a href="http://x.example">=1+1</a>'
    cast.hillegom.save()
    _status, html = page(client, cast.participant, address, group="kring")
    assert '<a href="http://x.example">' not in html


def test_the_last_group_is_remembered(client, cast, figures, address):
    page(client, cast.participant, address, group="all")
    assert GroupChoice.objects.get(user=cast.participant).key == "all"
    _status, html = page(client, cast.participant, address)
    assert "mediaan van 8 gemeenten" in text(html)


def test_the_office_chooses_a_municipality(client, cast, figures, address):
    _status, html = page(client, cast.office, address, municipality="GM0534", group="kring")
    assert "In 2008 kwam Hillegom uit op 12,0 minuten." in html


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_list_costs_the_same_for_one_and_three_indicators(client, cast, figures):
    client.force_login(cast.participant)
    Indicator.objects.update(is_core=True)
    one = queries(client, reverse("benchmark:index"))
    for at in range(2):
        extra = Indicator.objects.create(
            code=f"extra_{at}", name=f"Extra {at}", unit="%", direction="up", area=cast.area, is_core=True
        )
        figures.put(cast.hillegom, 2008, 5.0, indicator=extra)
    assert queries(client, reverse("benchmark:index")) == one


def test_the_page_costs_the_same_whatever_the_number_of_values(client, cast, figures, address):
    client.force_login(cast.participant)
    few = queries(client, address)
    for year in range(1990, 2004):
        figures.put(cast.zandvoort, year, 5.0)
    assert queries(client, address) == few


def test_the_list_shows_the_own_position(client, cast, figures):
    Indicator.objects.update(is_core=True)
    _status, html = page(client, cast.colleague, reverse("benchmark:index"))
    assert "10,0 minuten 12,0 minuten 3 gunstiger ●○○○ beste kwart" in text(html)


def test_search_by_name_and_code(client, cast):
    for query in ("WACHTTIJD", "wac_balie"):
        assert "1 indicator gevonden" in page(client, None, reverse("benchmark:index"), q=query)[1]
    assert "Niets gevonden" in page(client, None, reverse("benchmark:index"), q="zzz")[1]


# ---- peers ------------------------------------------------------------------------------------------------------


def test_peers_are_kept_chosen_and_dropped(client, cast, figures):
    client.force_login(cast.participant)
    data = {"name": "Buren", "municipalities": [cast.zandvoort.pk, cast.beverwijk.pk]}
    data["submission"] = "6a1f2f3e-6b1c-4b8e-9d63-0d8f3f0c2a11"
    for _twice in range(2):
        assert client.post(reverse("benchmark:group-new"), data).status_code == 302
    group = ComparisonGroup.objects.get(owner=cast.participant)
    assert GroupChoice.objects.get(user=cast.participant).key == f"peers:{group.pk}"
    assert "Buren" in client.get(reverse("benchmark:groups")).content.decode()
    client.post(reverse("benchmark:group-drop", args=[group.pk]))
    assert not ComparisonGroup.objects.filter(owner=cast.participant, retired_at=None).exists()


def test_a_group_of_one_is_refused_in_words(client, cast):
    client.force_login(cast.participant)
    answer = client.post(reverse("benchmark:group-new"), {"name": "Een", "municipalities": [cast.zandvoort.pk]})
    assert "U koos er 1; kies tussen de 2 en 40 gemeenten." in answer.content.decode()


def test_somebody_elses_group_is_404(client, cast):
    group = ComparisonGroup.objects.create(owner=cast.participant, name="Van mij")
    client.force_login(cast.stranger)
    assert client.get(reverse("benchmark:group", args=[group.pk])).status_code == 404
    assert client.post(reverse("benchmark:group-drop", args=[group.pk])).status_code == 404
    assert client.get(reverse("benchmark:group", args=[cast.kring_c.comparison_group_id])).status_code == 404
    client.force_login(cast.participant)
    assert "Van mij" in client.get(reverse("benchmark:group", args=[group.pk])).content.decode()


def test_the_public_must_log_in_to_keep_groups(client, cast):
    assert client.get(reverse("benchmark:groups")).status_code == 302


def test_group_list_costs_the_same_for_one_and_three(client, cast):
    client.force_login(cast.participant)

    def make(name):
        group = ComparisonGroup.objects.create(owner=cast.participant, name=name)
        group.municipalities.set([cast.zandvoort, cast.beverwijk])

    make("1")
    one = queries(client, reverse("benchmark:groups"))
    make("2")
    make("3")
    assert queries(client, reverse("benchmark:groups")) == one
