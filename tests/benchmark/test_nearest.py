"""Who is like whom, and why: by hand, then on the page, kept for oneself and frozen for a kring."""

import pytest
from django.urls import reverse

from benchmark import asking, nearest
from benchmark.groups import UnknownGroup
from benchmark.models import ComparisonGroup, GroupChoice
from people.models import MunicipalityFeature, MunicipalityYear
from tests.cast import municipality


@pytest.fixture
def country(cast):
    """Hillegom among eight others: twins, one that is near, and ones that are far."""
    facts = {
        "Tweeling": (20_000, 3, "Zuid-Holland", "Bollenstreek"),
        "Bijna": (22_000, 3, "Zuid-Holland", "Bollenstreek"),
        "Anders": (21_000, 5, "Drenthe", "Noord"),
        "Groot": (200_000, 1, "Zuid-Holland", "Delft"),
        "Half": (10_000, 3, "Noord-Holland", "Haarlem"),
    }
    made = {"Hillegom": cast.hillegom}
    for at, (name, (_n, _u, province, _c)) in enumerate(facts.items()):
        made[name] = municipality(f"GM30{at:02}", name, province=province)
    facts["Hillegom"] = (20_000, 3, "Zuid-Holland", "Bollenstreek")
    for name, (inhabitants, urbanity, _p, corop) in facts.items():
        MunicipalityYear.objects.update_or_create(
            municipality=made[name], year=2008, defaults={"inhabitants": inhabitants, "urbanity": urbanity}
        )
        MunicipalityFeature.objects.create(municipality=made[name], year=2008, key="corop", word=corop)
    return made


def names(found):
    return [one.municipality.name for one in found]


def test_the_nearest_come_first_with_why(cast, country):
    known = nearest.traits(2009)
    weights = {"inhabitants": 3, "urbanity": 2, "province": 1, "corop": 1}
    found = nearest.find(known, of=cast.hillegom.pk, weights=weights, count=3)
    assert names(found)[:2] == ["Tweeling", "Bijna"]
    twin, near = found[:2]
    assert twin.distance == 0
    assert twin.reasons == (
        "aantal inwoners gelijk (20.000)",
        "stedelijkheid gelijk (matig stedelijk)",
        "provincie gelijk (Zuid-Holland)",
        "COROP-gebied gelijk (Bollenstreek)",
    )
    assert near.reasons[0] == "aantal inwoners bijna gelijk (22.000, u 20.000)"
    assert near.differences == ()


def test_weights_decide(cast, country):
    known = nearest.traits(2009)
    by_size = nearest.find(known, of=cast.hillegom.pk, weights={"inhabitants": 1}, count=9)
    assert names(by_size)[:3] == ["Tweeling", "Anders", "Bijna"]
    by_province = nearest.find(known, of=cast.hillegom.pk, weights={"province": 1}, count=9)
    assert by_province[-1].distance == 1
    assert "Anders" not in names(by_province)[:4]
    assert nearest.find(known, of=cast.hillegom.pk, weights={}, count=9) == []


def test_twice_as_many_is_as_far_as_half(cast, country):
    double = municipality("GM3099", "Dubbel")
    MunicipalityYear.objects.create(municipality=double, year=2008, inhabitants=40_000)
    found = nearest.find(nearest.traits(2009), of=cast.hillegom.pk, weights={"inhabitants": 1}, count=20)
    far = {one.municipality.name: one.distance for one in found}
    assert far["Dubbel"] == pytest.approx(far["Half"])


def test_what_is_not_known_counts_as_half_and_is_no_reason(cast, country):
    found = nearest.find(nearest.traits(2009), of=cast.hillegom.pk, weights={"corop": 1}, count=20)
    unknown = next(one for one in found if one.municipality == cast.zandvoort)
    assert (unknown.distance, unknown.reasons, unknown.differences) == (0.5, (), ())


def test_only_who_exists_is_near(cast, country):
    type(cast.hillegom).objects.filter(name="Tweeling").update(exists_until=2009)
    found = nearest.find(nearest.traits(2009), of=cast.hillegom.pk, weights={"inhabitants": 1}, count=3)
    assert "Tweeling" not in names(found)


URL = "benchmark:peer-finder"
SEARCH = {"of": "GM0534", "count": "7", "w_inhabitants": "3", "w_urbanity": "2", "w_province": "0", "w_corop": "0"}


def address(**changed):
    from urllib.parse import urlencode

    return f"{reverse(URL)}?{urlencode({**SEARCH, **changed})}"


def test_the_page_begins_with_ones_own_municipality(client, cast, country):
    client.force_login(cast.participant)
    page = client.get(reverse(URL)).content.decode()
    assert "Dichtst bij Hillegom" in page
    assert "aantal inwoners gelijk (20.000)" in page
    assert page.index("Tweeling</h3>") < page.index("Bijna</h3>")


@pytest.mark.parametrize(
    "wrong", [{"of": "GM9999"}, {"count": "99"}, {"w_inhabitants": "-1"}, {"w_inhabitants": "0", "w_urbanity": "0"}]
)
def test_what_is_wrong_is_said_and_nothing_is_kept(client, cast, country, wrong):
    client.force_login(cast.participant)
    answer = client.get(address(**wrong))
    assert "Niemand gevonden" in answer.content.decode()
    assert client.post(address(**wrong), {"name": "x"}).status_code == 422
    assert not ComparisonGroup.objects.filter(owner=cast.participant).exists()


def test_what_was_found_is_kept_with_its_recipe(client, cast, country):
    client.force_login(cast.participant)
    assert client.post(address(), {"name": "Zoals wij"}).status_code == 302
    group = ComparisonGroup.objects.get(owner=cast.participant)
    assert group.municipalities.count() == 7
    assert group.recipe["of"] == "GM0534"
    assert group.recipe["weights"] == {"inhabitants": 3.0, "urbanity": 2.0}
    assert group.recipe["found"][0]["code"] == "GM3000"
    assert GroupChoice.objects.get(user=cast.participant).key == f"peers:{group.pk}"


def test_a_facilitator_freezes_for_the_kring_and_its_members_compare_with_it(client, cast, figures, country):
    circle = cast.kring_c.comparison_group
    client.force_login(cast.facilitator)
    assert client.post(address(), {"name": "Van de kring", "circle": circle.pk}).status_code == 302
    group = ComparisonGroup.objects.get(kind="frozen")
    assert group.circle == circle
    assert f"peers:{group.pk}" in [one.key for one in asking.reader(cast.colleague).choices]
    # another kring does not know of it
    with pytest.raises(UnknownGroup):
        asking.ask(asking.reader(cast.stranger), cast.indicator, group=f"peers:{group.pk}")
    # nobody changes it
    assert client.post(reverse("benchmark:group", args=[group.pk]), {"name": "x"}).status_code == 404
    # who freezes again under the same name puts it in its place
    client.post(address(count="8"), {"name": "Van de kring", "circle": circle.pk})
    group.refresh_from_db()
    assert group.retired_at is not None
    assert ComparisonGroup.objects.get(kind="frozen", retired_at=None).municipalities.count() == 8


def test_a_participant_cannot_freeze_for_a_kring(client, cast, country):
    client.force_login(cast.participant)
    client.post(address(), {"name": "Stiekem", "circle": cast.kring_c.comparison_group.pk})
    assert not ComparisonGroup.objects.filter(kind="frozen").exists()


def test_a_facilitator_cannot_freeze_for_another_kring(client, cast, country):
    client.force_login(cast.facilitator)
    answer = client.post(address(), {"name": "Stiekem", "circle": cast.kring_v.comparison_group.pk})
    assert answer.status_code == 422
    assert not ComparisonGroup.objects.filter(kind="frozen").exists()


def test_features_come_in_with_the_file_of_regions(cast, tmp_path):
    from people.imports.run import import_municipalities

    file = tmp_path / "regio.csv"
    head = "gm_code,gemeente,provincies_naam,stedelijkheid_code,inwoners_2022,omgevingsadressendichtheid,corop-gebieden_naam"
    file.write_text(f"{head}\nGM0534,Hillegom,Zuid-Holland,3,22000,1400,Agglomeratie Leiden en Bollenstreek\n")
    for _twice in range(2):
        import_municipalities(source=file, profile="regioindeling")
    row = MunicipalityFeature.objects.get(municipality=cast.hillegom)
    assert (row.year, row.key, row.word) == (2022, "corop", "Agglomeratie Leiden en Bollenstreek")
