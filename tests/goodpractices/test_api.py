"""GET /api/v1/practices: the same answers as the page."""

from __future__ import annotations

from goodpractices.models import GoodPractice
from tests.cast import Cast


def test_results_facets_and_highlights(client, cast: Cast, make):
    make("Afspraken maken", tags=["KCC"], phase=3, organisation_area="processen", year=2008, is_demo=True)
    make("Zonder", areas=[], tags=["kcc"], municipality=cast.delft)
    body = client.get("/api/v1/practices", {"q": "afspraak"}).json()
    assert (body["total"], body["page"], body["pages"], body["suggestion"], body["someWords"]) == (1, 1, 1, None, False)
    (result,) = body["results"]
    published = result.pop("publishedAt")
    assert published.startswith("20")
    assert result == {
        "slug": "praktijk-1",
        "address": "/praktijken/praktijk-1/",
        "title": "Afspraken maken",
        "summary": "Inwoners kunnen ook na werktijd terecht.",
        "municipality": {"key": "GM0534", "name": "Hillegom"},
        "areas": [{"key": "wachttijden", "name": "Wachttijden"}],
        "organisation": {"key": "processen", "name": result["organisation"]["name"]},
        "phase": 3,
        "tags": [{"key": "kcc", "name": "KCC"}],
        "year": 2008,
        "evidence": {"key": "0", "name": "nog geen"},
        "adopters": 0,
        "isDemo": True,
        "highlights": {
            "title": "<mark>Afspraken</mark> maken",
            "summary": "Inwoners kunnen ook na werktijd terecht.",
            "passage": None,
        },
    }
    everything = client.get("/api/v1/practices").json()
    assert everything["facets"]["tag"] == [{"key": "kcc", "name": "KCC", "count": 2, "chosen": False}]
    assert {found["key"]: found["count"] for found in everything["facets"]["municipality"]} == {
        "GM0534": 1,
        "GM0503": 1,
    }
    filtered = client.get("/api/v1/practices?municipality=GM0503&tag=kcc").json()
    assert [found["title"] for found in filtered["results"]] == ["Zonder"]


def test_it_obeys_the_same_visibility(client, cast: Cast, make):
    make("Kring", visibility=GoodPractice.Visibility.KRING, tags=["binnen"])
    make("Concept", state=GoodPractice.State.DRAFT, tags=["geheim"])
    for user, expected in [(None, []), (cast.stranger, []), (cast.colleague, ["Kring"]), (cast.office, ["Kring"])]:
        client.logout()
        if user is not None:
            client.force_login(user)
        body = client.get("/api/v1/practices").json()
        assert [found["title"] for found in body["results"]] == expected
        assert [found["key"] for found in body["facets"]["tag"]] == (["binnen"] if expected else [])


def test_bad_parameters_are_a_problem_or_ignored(client, make):
    make("Balie")
    assert client.get("/api/v1/practices?page=x").status_code == 422
    assert client.get("/api/v1/practices?page=99&phase=x&sort=z").json()["total"] == 0
    assert client.get("/api/v1/practices", {"q": '" OR *'}).status_code == 200


def test_the_number_of_queries_does_not_grow(client, cast: Cast, make, django_assert_max_num_queries):
    client.force_login(cast.participant)
    seen = []
    for number in range(3):
        make(f"Balie {number}", tags=[f"t{number}"])
        client.get("/api/v1/practices")
        with django_assert_max_num_queries(30) as used:
            assert client.get("/api/v1/practices", {"q": "balie"}).json()["total"] == number + 1
        seen.append(len(used))
    assert len(set(seen)) == 1
