"""Outline files: what is refused and why, and that neighbours keep their common border."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from benchmark import outlines
from benchmark.models import Outline
from benchmark.outlines import OutlineRefused


def feature(code, *rings, **more):
    return {
        "type": "Feature",
        "properties": {"gm_code": code},
        "geometry": {"type": "Polygon", "coordinates": list(rings)},
        **more,
    }


def square(x, y=52.0, size=0.1, bends=0):
    """A square whose right side wiggles a little."""
    right = [[x + size + (0.0001 if at % 2 else 0), y + size * at / (bends + 1)] for at in range(1, bends + 1)]
    return [[x, y], [x + size, y], *right, [x + size, y + size], [x, y + size], [x, y]]


def file(*features):
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def neighbours():
    """Two squares with one wiggling border between them."""
    left = square(4.0, bends=40)
    border = [point for point in left if point[0] >= 4.1]
    right = [*reversed(border), [4.1, 52.0], [4.2, 52.0], [4.2, 52.1], border[-1]]
    return file(feature("GM0534", left), feature("GM0473", right))


def test_outlines_come_to_a_plane_with_the_north_above():
    plane = outlines.read(file(feature("GM0534", square(4.0)), feature("GM0473", square(4.0, 52.2))))
    south, north = plane.areas["GM0534"][0], plane.areas["GM0473"][0]
    assert min(y for _x, y in south) > max(y for _x, y in north)
    assert max(plane.width, plane.height) == outlines.SIDE


def test_neighbours_keep_their_border_when_points_are_left_out():
    plane = outlines.read(neighbours())
    left, right = (set(plane.areas[code][0]) for code in ("GM0534", "GM0473"))
    assert plane.points < 20
    assert len(left & right) >= 2
    edge = max(x for x, _y in left)
    assert {point for point in left if point[0] == edge} == {point for point in right if point[0] == edge}


def test_codes_may_be_plain_digits():
    plane = outlines.read(file({**feature("x", square(4.0)), "properties": {"statcode": 534}}))
    assert list(plane.areas) == ["GM0534"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "niet als JSON"),
        (b"{", "niet als JSON"),
        (b'{"type": "FeatureCollection", "features": [NaN]}', "niet als JSON"),
        (b"[" * 100_000, "niet als JSON"),
        (b"[]", "geen FeatureCollection"),
        (file(), "0 gebieden"),
        (file(feature("Hillegom", square(4.0))), "Gebied 1 heeft geen gemeentecode"),
        (file(feature("GM0534", square(4.0)), feature("GM0534", square(5.0))), "Gebied 2"),
        (file(feature("GM0534", [[4, 52], [5, 52]])), "minder dan 4 punten"),
        (file(feature("GM0534", [["a", 52], [5, 52], [5, 53], [4, 52]])), "geen twee getallen"),
        (file(feature("GM0534", [[1e300, 52], [5, 52], [5, 53], [4, 52]])), "geen twee getallen"),
        (file(feature("GM0534", square(4.0), geometry={"type": "Point", "coordinates": [4, 52]})), "geen vlak"),
        (file(feature("GM0534", [[4, 52], [5, 52], [6, 52], [4, 52]])), "op één lijn"),
        (file(None), "Gebied 1 heeft geen gemeentecode"),
    ],
)
def test_a_file_that_cannot_be_used_says_what_is_wrong(content, said):
    with pytest.raises(OutlineRefused, match=said):
        outlines.read(content)


def test_only_the_office_keeps_outlines(cast):
    with pytest.raises(PermissionDenied):
        outlines.keep(by=cast.validator, content=neighbours(), file_name="a", year=2008, source="x")
    assert not Outline.objects.exists()


def test_a_file_of_the_same_year_takes_the_place_of_the_other(client, cast):
    client.force_login(cast.office)
    for source in ("Eerste", "Tweede"):
        upload = SimpleUploadedFile("gemeenten.geojson", neighbours())
        data = {"file": upload, "year": 2008, "source": source}
        answer = client.post(reverse("benchmark:outlines"), data, follow=True)
        assert "De omtrekken van 2 gemeenten zijn bewaard" in answer.content.decode()
    assert [(one.year, one.source, one.count) for one in Outline.objects.all()] == [(2008, "Tweede", 2)]


def test_a_refused_file_keeps_nothing_and_says_so(client, cast):
    client.force_login(cast.office)
    data = {"file": SimpleUploadedFile("x.geojson", b"{}"), "year": 2008, "source": "x"}
    answer = client.post(reverse("benchmark:outlines"), data)
    assert answer.status_code == 422
    assert "Er is niets bewaard." in answer.content.decode()
    assert not Outline.objects.exists()


def test_areas_of_no_known_municipality_are_refused(cast):
    with pytest.raises(OutlineRefused, match="GM9999"):
        outlines.keep(by=cast.office, content=file(feature("GM9999", square(4.0))), file_name="a", year=1, source="x")


def test_the_nearest_year_is_used(cast):
    for year in (2000, 2010):
        outlines.keep(by=cast.office, content=neighbours(), file_name="a", year=year, source=str(year))
    assert outlines.for_year(2008).source == "2010"
    assert outlines.for_year(1990).source == "2000"
