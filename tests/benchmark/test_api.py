"""The API: shapes of contracts.md, the limits of the pages, errors that say what exists."""

import csv
import io
import json

import pytest
from django.test import Client

from benchmark.models import ComparisonGroup, Goal, Measurement


def get(user, path, **data):
    client = Client()
    if user is not None:
        client.force_login(user)
    answer = client.get(f"/api/v1{path}", data)
    return answer.status_code, json.loads(answer.content), answer


def test_series(cast, figures):
    status, found, _ = get(cast.participant, "/series", indicator="wac_balie_gem", municipality="GM0534", group="kring")
    assert status == 200
    assert found["indicator"]["code"] == "wac_balie_gem"
    assert (found["unit"], found["direction"]) == ("minuten", "down")
    assert found["group"] == {"key": "kring", "label": "3 gemeenten (Kring C)"}
    assert found["years"][-1] == {
        "year": 2008,
        "value": 12.0,
        "status": "published",
        "provisional": False,
        "reason": None,
        "n": 3,
        "median": 12.0,
        "mean": 14.0,
        "weightedMean": pytest.approx(15.789473684),
        "p25": 11.0,
        "p75": 16.0,
        "min": 10.0,
        "max": 20.0,
        "groupReason": None,
        "quarter": 2,
        "quarterSame": 5,
        "quarterOf": 5,
        "verdict": "similar",
        "verdictTest": "stability",
        "converted": False,
        "nConverted": 0,
    }
    assert found["boundaries"] == "then"
    assert found["trend"] == {
        "line": "none",
        "outcome": "none",
        "test": "spread",
        "points": 5,
        "statistic": 0.0,
        "slope": 0.0,
        "from": 2004,
        "to": 2008,
        "sentence": "Van 2004 tot 2008 is er geen duidelijke trend.",
    }
    assert found["sentence"].startswith("In 2008 kwam Hillegom uit op 12,0 minuten.")


def test_from_and_to(cast, figures):
    _s, found, _ = get(cast.participant, "/series", **{"indicator": "wac_balie_gem", "from": "2006", "to": "2007"})
    assert [row["year"] for row in found["years"]] == [2006, 2007]


def test_too_few_is_null_with_that_reason(cast, figures):
    _s, found, _ = get(None, "/series", indicator="wac_balie_gem", municipality="GM0534", group="all")
    first = found["years"][0]
    assert (first["year"], first["n"], first["median"], first["mean"], first["min"]) == (2004, 3, None, None, None)
    assert first["reason"] == "too-few"


def test_missing_is_null_and_never_zero(cast, figures):
    figures.put(cast.hillegom, 2009, None, reason="not-delivered")
    _s, found, _ = get(cast.participant, "/series", indicator="wac_balie_gem", group="kring")
    assert (found["years"][-1]["value"], found["years"][-1]["reason"]) == (None, "not-delivered")


@pytest.mark.parametrize("who", ["public", "stranger", "steering", "deactivated"])
def test_nobody_outside_gets_a_value_by_name(cast, figures, who):
    Measurement.objects.filter(municipality=cast.hillegom).update(value=12.3456)
    _s, found, answer = get(cast.everyone()[who], "/series", indicator="wac_balie_gem", municipality="GM0534")
    assert {row["value"] for row in found["years"]} == {None}
    assert b"12.3456" not in answer.content


@pytest.mark.parametrize(
    ("asked", "status", "lists"),
    [
        ({"indicator": "weg"}, 404, "wac_balie_gem"),
        ({"indicator": "wac_balie_gem", "group": "weg"}, 404, "kring"),
        ({"indicator": "wac_balie_gem", "group": "peers:999"}, 404, "kring"),
        ({"indicator": "wac_balie_gem", "report": "weg"}, 404, None),
        ({"indicator": "wac_balie_gem", "municipality": "GM9999"}, 404, None),
        ({"indicator": "wac_balie_gem", "from": "vorig"}, 400, None),
        ({"indicator": "wac_balie_gem", "from": "2008", "to": "2004"}, 400, None),
        ({"indicator": "wac_balie_gem", "from": "1990", "to": "1995"}, 404, 2008),
        ({"indicator": "wac_balie_gem", "boundaries": "straks"}, 400, "now"),
        ({"indicator": "wac_balie_gem", "show": "GM9999"}, 404, "kring"),
        ({"indicator": "wac_balie_gem", "show": "all"}, 404, "kring"),
        ({}, 400, None),
    ],
)
def test_errors_are_problems_that_say_what_exists(cast, figures, asked, status, lists):
    got, found, answer = get(cast.participant, "/series", **asked)
    assert got == status == found["status"]
    assert answer["Content-Type"] == "application/problem+json"
    assert found["detail"]
    if lists:
        assert lists in found["available"]


def test_charts(cast, figures):
    status, found, _ = get(cast.participant, "/charts/trend", indicator="wac_balie_gem", group="kring")
    assert status == 200
    assert set(found) >= {"figure", "table", "sentence", "source", "revision"}
    assert found["figure"]["layout"]["template"] is None
    assert found["source"] == "Benchmarking Publiekszaken"
    assert found["revision"] == Measurement.objects.count()
    assert [column["key"] for column in found["table"]["columns"]][:4] == ["year", "value", "n", "median"]
    assert found["table"]["rows"][-1][:4] == [2008, 12.0, 3, 12.0]


def test_an_unknown_chart_lists_those_that_exist(cast):
    status, found, _ = get(None, "/charts/taart", indicator="wac_balie_gem")
    assert (status, found["available"]) == (
        404,
        ["trend", "distribution", "dumbbell", "heatmap", "map", "goal", "goal-pair"],
    )


def test_an_unknown_format_is_refused(cast, figures):
    assert get(None, "/charts/trend", indicator="wac_balie_gem", format="pdf")[0] == 400


def test_csv_carries_figures_reasons_source_and_version(client, cast, figures):
    cast.hillegom.name = "=HYPERLINK(1)"
    cast.hillegom.save()
    client.force_login(cast.participant)
    answer = client.get("/api/v1/charts/trend?indicator=wac_balie_gem&group=kring&format=csv")
    assert "attachment" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows[0][:4] == ["Jaar", "'=HYPERLINK(1)", "Aantal gemeenten", "Mediaan"]
    assert rows[5][:4] == ["2008", "12.0", "3", "12.0"]
    assert any("Bron: Benchmarking Publiekszaken · cijfers versie" in row[0] for row in rows[6:] if row)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


def test_xlsx_holds_texts_as_texts(client, cast, figures):
    import python_calamine

    cast.hillegom.name = "=1+1"
    cast.hillegom.save()
    client.force_login(cast.participant)
    answer = client.get("/api/v1/charts/trend?indicator=wac_balie_gem&group=kring&format=xlsx")
    rows = python_calamine.load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][1] == "=1+1"
    assert rows[5][:3] == [2008.0, 12.0, 3.0]
    import zipfile

    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(answer.content)).read("xl/worksheets/sheet1.xml")


def test_svg_is_a_picture_with_title_and_source(client, cast, figures):
    answer = client.get("/api/v1/charts/trend?indicator=wac_balie_gem&format=svg")
    assert answer["Content-Type"] == "image/svg+xml"
    body = answer.content.decode()
    assert "<title" in body
    assert "Bron: " in body
    assert "<script" not in body


def test_goals(cast, figures):
    goal = Goal.objects.create(
        municipality=cast.hillegom,
        indicator=cast.indicator,
        title="Korter wachten",
        baseline_value=12,
        baseline_year=2006,
        target_value=8,
        target_date="2010-12-31",
    )
    _s, found, _ = get(cast.participant, "/goals")
    assert [(one["id"], one["municipality"], one["state"]["standing"]) for one in found] == [
        (goal.pk, "GM0534", "behind")
    ]
    assert get(cast.stranger, "/goals")[1] == []
    assert get(None, "/goals")[1] == []
    assert get(cast.participant, "/charts/goal", goal=goal.pk)[1]["kind"] == "goal"
    assert get(cast.stranger, "/charts/goal", goal=goal.pk)[0] == 404


def test_whom_to_show_is_apart_from_whom_to_compare_with(cast, figures):
    asked = {"indicator": "wac_balie_gem", "municipality": "GM0534", "group": "all", "from": "2008"}
    _s, found, _ = get(cast.participant, "/series", **asked, show="GM0473,GM0503")
    assert found["years"][0]["n"] == 8
    assert [(one["municipality"]["name"], one["years"]) for one in found["shown"]] == [
        ("Delft", [{"year": 2008, "value": None, "reason": "confidential"}]),
        ("Zandvoort", [{"year": 2008, "value": 10.0, "reason": None}]),
    ]
    _s, found, _ = get(cast.participant, "/series", **asked, show="kring")
    assert [one["municipality"]["name"] for one in found["shown"]] == ["Beverwijk", "Zandvoort"]
    assert get(cast.participant, "/series", **asked)[1]["shown"] is None


def test_groups(cast, figures):
    group = ComparisonGroup.objects.create(owner=cast.participant, name="Buren")
    group.municipalities.set([cast.zandvoort])
    _s, found, _ = get(cast.participant, "/groups")
    assert [one["key"] for one in found] == ["all", "size", "province", "urbanity", "kring", f"peers:{group.pk}"]
    assert found[4]["municipalities"] == ["GM0375", "GM0473", "GM0534"]
    assert [one["key"] for one in get(None, "/groups")[1]] == ["all"]
    assert "Buren" not in json.dumps(get(cast.colleague, "/groups")[1])


def test_lists(cast, figures):
    _s, found, _ = get(None, "/municipalities")
    assert {
        "code": "GM0534",
        "name": "Hillegom",
        "province": "Zuid-Holland",
        "existsFrom": None,
        "existsUntil": None,
    } in found
    assert [one["code"] for one in get(None, "/indicators")[1]] == ["wac_balie_gem"]
    detail = get(None, "/indicators/wac_balie_gem")[1]
    assert (detail["years"], detail["area"]["slug"]) == ([2004, 2005, 2006, 2007, 2008], "wachttijden")
    assert get(None, "/indicators/weg")[0] == 404


def test_openapi_describes_it(cast):
    paths = get(None, "/openapi.json")[1]["paths"]
    assert {"/api/v1/series", "/api/v1/charts/{kind}", "/api/v1/groups", "/api/v1/goals"} <= set(paths)
