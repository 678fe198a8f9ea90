"""The pages, as each viewpoint meets them."""

from __future__ import annotations

import uuid

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from goodpractices.models import GoodPractice
from tests.cast import Cast

State = GoodPractice.State
Visibility = GoodPractice.Visibility


def _post(cast: Cast, **changes):
    return {
        "municipality": cast.hillegom.pk,
        "title": "Avondopenstelling",
        "summary": "Ook na werktijd.",
        "situation": "Er was een rij.",
        "approach": "Een avond **open**.",
        "areas": [cast.area.pk],
        "organisation_area": "processen",
        "phase": "3",
        "visibility": "public",
        "tags": "KCC, balie",
        "year": "2008",
        "submission": str(uuid.uuid4()),
    } | changes


def test_the_library_shows_what_was_found_with_counts_and_marks(client, cast: Cast, make):
    practice = make("Afspraken maken", tags=["kcc"], phase=3, organisation_area="processen", year=2008, is_demo=True)
    make("Iets anders")
    html = client.get("/praktijken/", {"q": "afspraak"}).content.decode()
    assert "<mark>Afspraken</mark> maken" in html
    assert f'href="/praktijken/{practice.slug}/"' in html
    assert "Iets anders" not in html
    assert 'href="?q=afspraak&amp;tag=kcc"' in html
    assert "k-demo-mark" in html


def test_a_tag_leads_to_the_filtered_list_and_back(client, make):
    make("Met label", tags=["kcc"])
    make("Zonder label")
    html = client.get("/praktijken/", {"tag": "kcc"}).content.decode()
    assert "Met label" in html
    assert "Zonder label" not in html
    assert 'aria-current="true"' in html
    assert client.get("/praktijken/", {"tag": "KCC"}).context["found"].total == 1


def test_an_empty_answer_says_what_to_try(client, make):
    make("Avondopenstelling")
    html = client.get("/praktijken/", {"q": "avondopenstelilng"}).content.decode()
    assert 'href="?q=avondopenstelling"' in html
    assert "<mark>Avondopenstelling</mark>" in html
    html = client.get("/praktijken/", {"q": "zaaksysteem"}).content.decode()
    assert "k-empty" in html
    assert 'href="/praktijken/"' in html


def test_pages_of_twenty(client, make):
    for number in range(21):
        make(f"Praktijk {number}")
    first, second = client.get("/praktijken/"), client.get("/praktijken/", {"page": 2})
    assert (len(first.context["hits"]), len(second.context["hits"])) == (20, 1)
    assert 'rel="next" href="?page=2"' in first.content.decode()
    assert 'rel="prev" href="?"' in second.content.decode()


def test_the_same_number_of_queries_for_1_3_and_30(client, cast: Cast, make, django_assert_max_num_queries):
    client.force_login(cast.participant)

    def measured() -> int:
        client.get("/praktijken/")
        with django_assert_max_num_queries(30) as used:
            assert client.get("/praktijken/", {"q": "balie"}).status_code == 200
        return len(used)

    seen = []
    made = 0
    for number in (1, 3, 30):
        while made < number:
            made += 1
            make(f"Balie {made}", tags=["kcc", f"t{made}"], municipality=[cast.hillegom, cast.delft][made % 2])
        seen.append(measured())
    assert seen == [seen[0]] * 3


def test_a_practice_tells_everything(client, cast: Cast, make):
    practice = make(
        "Avondopenstelling",
        approach="Een avond **open**. <script>x</script>",
        result="Minder wachten.",
        cost="Twee uur.",
        contact="Teamleider",
        phase=3,
        organisation_area="processen",
        year=2008,
        tags=["KCC"],
        is_demo=True,
    )
    practice.indicators.set([cast.indicator])
    html = client.get(f"/praktijken/{practice.slug}/").content.decode()
    for text in (
        "<strong>open</strong>",
        "Minder wachten.",
        "Twee uur.",
        "Teamleider, Hillegom",
        "k-phase--3",
        "/benchmark/indicatoren/wac_balie_gem/",
        "?area=wachttijden",
        "?organisation=processen",
        "?municipality=GM0534",
        "?tag=kcc",
        "k-demo-mark",
    ):
        assert text in html, text
    assert "<script>x" not in html


@pytest.mark.parametrize("state", [State.DRAFT, State.REVIEW, State.ARCHIVED])
def test_what_is_not_published_does_not_exist_for_others(client, cast: Cast, make, state):
    practice = make("Geheim", state=state)
    allowed = {"participant"} if state == State.DRAFT else {"participant", "facilitator", "office", "admin"}
    for name, user in cast.everyone().items():
        client.logout()
        if user is not None:
            client.force_login(user)
        expected = 200 if name in allowed else 404
        assert client.get(f"/praktijken/{practice.slug}/").status_code == expected, name
        if user is not None and user.is_active:
            statuses = {
                verb: client.post(f"/praktijken/{practice.slug}/{verb}/", {"remark": ""}).status_code
                for verb in ("wijzigen", "indienen", "publiceren", "terugsturen", "archiveren")
            }
            if name not in allowed:
                assert set(statuses.values()) == {404}, name
        practice.refresh_from_db()
        GoodPractice.objects.filter(pk=practice.pk).update(state=state)


def test_kring_practices_stay_in_the_kring(client, cast: Cast, make):
    practice = make("Kringpraktijk", visibility=Visibility.KRING)
    expected = {
        "public": 404,
        "participant": 200,
        "facilitator": 200,
        "editor": 404,
        "validator": 404,
        "office": 200,
        "steering": 404,
        "admin": 200,
        "stranger": 404,
        "deactivated": 404,
    }
    for name, user in cast.everyone().items():
        client.logout()
        if user is not None:
            client.force_login(user)
        assert client.get(f"/praktijken/{practice.slug}/").status_code == expected[name], name


def test_from_draft_to_library(client, cast: Cast):
    client.force_login(cast.participant)
    form = _post(cast, hand_in="1")
    answer = client.post("/praktijken/nieuw/", form)
    assert answer.headers["Location"] == "/praktijken/avondopenstelling-hillegom/"
    assert client.post("/praktijken/nieuw/", form).headers["Location"] == "/praktijken/avondopenstelling-hillegom/"
    practice = GoodPractice.objects.get()
    assert (practice.state, practice.author, practice.municipality) == (State.REVIEW, cast.participant, cast.hillegom)
    assert (practice.phase, practice.year, sorted(practice.tags.names())) == (3, 2008, ["KCC", "balie"])
    assert "Avondopenstelling" in client.get("/praktijken/mijn/").content.decode()

    client.force_login(cast.facilitator)
    assert "Avondopenstelling" in client.get("/praktijken/beoordelen/").content.decode()
    client.post("/praktijken/avondopenstelling-hillegom/terugsturen/", {"remark": "Noem de kosten."})
    client.force_login(cast.participant)
    assert "Noem de kosten." in client.get("/praktijken/avondopenstelling-hillegom/").content.decode()
    page = client.get("/praktijken/avondopenstelling-hillegom/wijzigen/")
    changed = _post(cast, cost="Twee uur.", seen=page.context["form"].fields["seen"].initial, hand_in="1")
    client.post("/praktijken/avondopenstelling-hillegom/wijzigen/", changed)
    client.force_login(cast.facilitator)
    client.post("/praktijken/avondopenstelling-hillegom/publiceren/")

    client.logout()
    assert client.get("/praktijken/", {"q": "avondopenstellingen", "area": "wachttijden"}).context["found"].total == 1
    assert "Noem de kosten." not in client.get("/praktijken/avondopenstelling-hillegom/").content.decode()


def test_another_municipality_cannot_be_chosen(client, cast: Cast):
    client.force_login(cast.participant)
    answer = client.post("/praktijken/nieuw/", _post(cast, municipality=cast.delft.pk))
    assert answer.status_code == 422
    assert GoodPractice.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("title", "", "title"),
        ("areas", [], "areas"),
        ("year", "20080", "year"),
        ("year", "1066", "year"),
        ("year", "vorig jaar", "year"),
        ("tags", "<b>", "tags"),
        ("tags", "x" * 200, "tags"),
        ("phase", "9", "phase"),
    ],
)
def test_bad_input_is_told_and_kept(client, cast: Cast, field, value, says):
    client.force_login(cast.participant)
    answer = client.post("/praktijken/nieuw/", _post(cast, **{field: value}))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [says]
    assert "Er was een rij." in answer.content.decode()
    assert GoodPractice.objects.count() == 0


def test_the_second_tab_sees_both_versions(client, cast: Cast, make):
    practice = make("Eerste", state=State.DRAFT, author=cast.participant)
    client.force_login(cast.participant)
    seen = client.get(f"/praktijken/{practice.slug}/wijzigen/").context["form"].fields["seen"].initial
    client.post(f"/praktijken/{practice.slug}/wijzigen/", _post(cast, title="Van de een", seen=seen))
    answer = client.post(f"/praktijken/{practice.slug}/wijzigen/", _post(cast, title="Van de ander", seen=seen))
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Van de een" in html
    assert "Van de ander" in html
    again = answer.context["form"].data["seen"]
    client.post(f"/praktijken/{practice.slug}/wijzigen/", _post(cast, title="Van de ander", seen=again))
    practice.refresh_from_db()
    assert practice.title == "Van de ander"


def test_who_may_not_add_is_refused(client, cast: Cast):
    assert client.get("/praktijken/nieuw/").headers["Location"].startswith("/accounts/login/")
    for user in (cast.steering, cast.validator, cast.facilitator):
        client.force_login(user)
        assert client.get("/praktijken/nieuw/").status_code == 403
        assert client.get("/praktijken/mijn/").status_code == 403
    client.force_login(cast.participant)
    assert client.get("/praktijken/beoordelen/").status_code == 403


def test_the_queue_holds_ones_own_kring_only(client, cast: Cast, make):
    make("Van Hillegom", state=State.REVIEW)
    make("Van Delft", state=State.REVIEW, municipality=cast.delft)
    client.force_login(cast.facilitator)
    assert [found.title for found in client.get("/praktijken/beoordelen/").context["practices"]] == ["Van Hillegom"]
    client.force_login(cast.office)
    assert {found.title for found in client.get("/praktijken/beoordelen/").context["practices"]} == {
        "Van Hillegom",
        "Van Delft",
    }


def test_lists_of_work_cost_the_same_for_1_and_3(client, cast: Cast, make, django_assert_max_num_queries):
    seen: dict[str, list[int]] = {"mijn": [], "beoordelen": []}
    for number in (1, 2, 3):
        make(f"Praktijk {number}", state=State.REVIEW, tags=["kcc"])
        for address, user in (("mijn", cast.participant), ("beoordelen", cast.facilitator)):
            client.force_login(user)
            client.get("/praktijken/")
            with django_assert_max_num_queries(30) as used:
                assert len(client.get(f"/praktijken/{address}/").context["practices"]) == number
            seen[address].append(len(used))
    assert all(len(set(numbers)) == 1 for numbers in seen.values()), seen


def _drawn(source: str, user, **context) -> str:
    request = RequestFactory().get("/")
    request.user = user
    return Template("{% load goodpractices %}" + source).render(Context({"request": request, **context}))


def test_an_area_lists_its_practices_for_this_reader(cast: Cast, make):
    for number in range(3):
        make(f"Publiek {number}")
    make("Kring", visibility=Visibility.KRING)
    html = _drawn("{% practices_for_area area 2 %}", cast.stranger, area=cast.area)
    assert ("Publiek 2" in html, "Publiek 0" in html, "Kring" in html) == (True, False, False)
    assert "?area=wachttijden" in html
    assert "Kring" in _drawn("{% practices_for_area area 2 %}", cast.colleague, area=cast.area)
    assert _drawn("{% practices_for_area area 2 %}", cast.stranger, area=None).strip() == ""


def test_a_card_shows_nothing_to_who_may_not_see_it(cast: Cast, make):
    practice = make("Kring", visibility=Visibility.KRING)
    assert "Kring" in _drawn("{% practice_card practice %}", cast.colleague, practice=practice)
    assert _drawn("{% practice_card practice %}", cast.stranger, practice=practice).strip() == ""
