"""Charts elsewhere: signed, public figures only, framed by others, without a script; and versions of long ago."""

import pytest
from django.urls import reverse

from benchmark import embedding, talk
from benchmark.embedding import NotSigned
from benchmark.models import FiguresChange, ImportBatch, Measurement, MeasurementRevision, TalkOffer
from benchmark.showing import State
from tests.cast import municipality


@pytest.fixture
def public(figures):
    """The same figures, as open data."""
    figures.closed.is_public = True
    figures.closed.save()
    return figures


def page(client, **query):
    return client.get(reverse("benchmark:indicator", args=["wac_balie_gem"]), query).content.decode()


# ---- embedded charts ------------------------------------------------------------------------------------------


def test_the_signed_address_shows_the_chart_framed_and_without_a_script(client, cast, public):
    token = embedding.sign(State("wac_balie_gem", "distribution", "GM0534", "all"), "nl")
    answer = client.get(reverse("embed", args=[token]))
    html = answer.content.decode()
    assert "In 2008 kwam Hillegom uit op 12,0 minuten." in html
    assert "<svg" in html
    assert "<script" not in html
    assert "X-Frame-Options" not in answer
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors https:" in policy
    assert "script-src 'none'" in policy


@pytest.mark.parametrize("who", ["participant", "office"])
def test_nobody_sees_more_in_an_embedded_chart_than_the_public(client, cast, figures, who):
    client.force_login(getattr(cast, who))
    for kind in ("trend", "distribution", "dumbbell", "map"):
        token = embedding.sign(State("wac_balie_gem", kind, "GM0534", "all"), "nl")
        html = client.get(reverse("embed", args=[token])).content.decode()
        assert "kwam Hillegom uit op" not in html
        assert "Beverwijk" not in html
        assert "Zandvoort" not in html


def test_a_changed_address_does_not_exist(client, cast, figures):
    token = embedding.sign(State("wac_balie_gem"), "nl")
    assert client.get(reverse("embed", args=[token[:-2] + "xx"])).status_code == 404
    with pytest.raises(NotSigned):
        embedding.read("iets")


def test_the_rest_of_the_site_may_not_be_framed(client, cast, figures):
    answer = client.get(reverse("benchmark:indicator", args=["wac_balie_gem"]))
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_the_code_to_copy_names_the_same_chart(client, cast, public):
    client.force_login(cast.participant)
    query = {"kind": "distribution", "municipality": "GM0534", "group": "all"}
    html = client.get(reverse("benchmark:embed-code", args=["wac_balie_gem"]), query).content.decode()
    token = embedding.sign(State("wac_balie_gem", "distribution", "GM0534", "all"), "nl")
    assert f'src="http://testserver/insluiten/{token}/"' in html.replace("&quot;", '"')


# ---- versions -------------------------------------------------------------------------------------------------


@pytest.fixture
def imported(public):
    """Version 100: as it was. Version 101: one batch made Hillegom 9 in 2008 and brought Zandvoort 2009."""
    from benchmark.models import DataRevision

    where = public.cast
    batch = ImportBatch.objects.create(dataset=public.closed, file_name="x.csv", sha256="1" * 64)
    changed = Measurement.objects.get(municipality=where.hillegom, year=2008)
    fields = ("value", "status", "provisional", "reason", "lower", "upper", "dataset_id", "batch_id")
    MeasurementRevision.objects.create(
        measurement=changed, batch=batch, before={name: getattr(changed, name) for name in fields}
    )
    changed.value, changed.batch = 9.0, batch
    changed.save()
    public.put(where.zandvoort, 2009, 11.0, batch=batch)
    DataRevision.objects.update_or_create(pk=1, defaults={"number": 101})
    FiguresChange.objects.create(number=101, batch=batch)
    return public


def test_a_link_with_a_version_shows_the_figures_of_then(client, cast, imported):
    client.force_login(cast.participant)
    now, then = page(client, group="kring"), page(client, group="kring", revision="100")
    assert "In 2008 kwam Hillegom uit op 9,0 minuten." in now
    assert "In 2008 kwam Hillegom uit op 12,0 minuten." in then
    assert "Er is een nieuwere versie." in then
    assert "cijfers versie 100" in then
    assert '<th scope="row">2009</th>' in now
    assert '<th scope="row">2009</th>' not in then


def test_the_api_pins_a_version_too(client, cast, imported):
    address = "/api/v1/charts/trend?indicator=wac_balie_gem&municipality=GM0534"
    assert client.get(address).json()["revision"] == 101
    then = client.get(f"{address}&revision=100").json()
    assert (then["revision"], then["table"]["rows"][-1][:2]) == (100, [2008, 12.0])


def test_a_version_that_cannot_be_shown_says_so(client, cast, imported):
    client.force_login(cast.participant)
    html = page(client, group="kring", revision="50")
    assert "Versie 50 van deze cijfers is niet meer te tonen; u ziet versie 101." in html
    assert "In 2008 kwam Hillegom uit op 9,0 minuten." in html


def test_two_versions_do_not_give_away_a_confidential_figure(client, cast, imported):
    imported.closed.is_public = False
    imported.closed.save()
    answer = client.get("/api/v1/charts/trend?indicator=wac_balie_gem&municipality=&revision=100")
    assert answer.status_code == 404
    assert "te weinig gemeenten" in answer.json()["detail"]


# ---- the talk -------------------------------------------------------------------------------------------------


def test_who_does_better_and_is_willing_is_named_with_a_way_to_ask(client, cast, figures):
    talk.offer(by=cast.colleague, indicator=cast.indicator, municipality=cast.zandvoort)
    talk.offer(by=cast.editor, indicator=cast.indicator, municipality=cast.beverwijk)
    talk.offer(by=cast.stranger, indicator=cast.indicator, municipality=cast.delft)
    client.force_login(cast.participant)
    html = page(client, group="kring")
    assert "<strong>Zandvoort</strong>: 10,0 minuten (2008)" in html
    assert f"Vraag het {cast.colleague.name} in Kring C" in html
    assert "<strong>Beverwijk</strong>" not in html  # does worse
    assert "<strong>Delft</strong>" not in html  # better, but in another kring
    client.logout()
    assert "wil erover praten" not in page(client)


def test_an_offer_is_made_and_taken_back_by_its_own_button(client, cast, figures):
    client.force_login(cast.participant)
    address = reverse("benchmark:talk", args=["wac_balie_gem"])
    for _twice in range(2):
        client.post(address, {"offer": "yes"})
    assert [one.municipality_id for one in TalkOffer.objects.all()] == [cast.hillegom.pk]
    client.post(address, {"offer": "no"})
    assert not TalkOffer.objects.exists()


def test_who_belongs_to_no_municipality_offers_nothing(client, cast, figures):
    client.force_login(cast.facilitator)
    assert client.post(reverse("benchmark:talk", args=["wac_balie_gem"]), {"offer": "yes"}).status_code == 403
    assert not TalkOffer.objects.exists()


@pytest.mark.parametrize("kind", ["trend", "distribution", "dumbbell", "heatmap", "map"])
def test_a_page_costs_the_same_for_one_and_three_values_and_offers(client, cast, figures, kind):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(cast.participant)

    def cost():
        page(client, kind=kind, group="kring")  # fills what is kept
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page(client, kind=kind, group="kring")
        return len(asked)

    talk.offer(by=cast.colleague, indicator=cast.indicator, municipality=cast.zandvoort)
    one = cost()
    for at in range(3):
        figures.put(municipality(f"GM400{at}", f"Dorp {at}"), 2008, 5.0 + at)
    talk.offer(by=cast.editor, indicator=cast.indicator, municipality=cast.beverwijk)
    talk.offer(by=cast.stranger, indicator=cast.indicator, municipality=cast.delft)
    assert cost() == one


def test_the_explore_page_shows_a_whole_area_with_the_own_quarter(client, cast, figures):
    client.force_login(cast.participant)
    html = client.get(reverse("benchmark:index"), {"area": "wachttijden", "group": "kring"}).content.decode()
    assert "12,0 minuten" in html  # the indicator is not core: only the area itself shows its figures
    assert "○●○○" in html
    assert "tweede kwart" in html
