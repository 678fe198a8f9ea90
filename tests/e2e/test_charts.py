"""Charts in a real browser: every kind is read by eye, by ear and by keyboard, in both themes, wide and narrow.

The map needs outlines; a small file is brought in through the page of the office.
"""

from __future__ import annotations

import json

import pytest

from tests.e2e.test_look import violations

pytestmark = pytest.mark.once  # what a browser draws

KINDS = ("trend", "distribution", "dumbbell", "heatmap", "map")
ADDRESS = "/benchmark/indicatoren/wac_balie_gem/?group=kring&kind="
MEMBER = "deelnemer@hillegom.example"
# CBS codes of some members of the demo's kring.
CODES = ("GM0534", "GM0473", "GM0375", "GM0537", "GM0547")


def outlines() -> bytes:
    """Squares in a row."""
    areas = [
        {
            "type": "Feature",
            "properties": {"gm_code": code},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[at, 52], [at + 1, 52], [at + 1, 53], [at, 53], [at, 52]]],
            },
        }
        for at, code in enumerate(CODES, 3)
    ]
    return json.dumps({"type": "FeatureCollection", "features": areas}).encode()


@pytest.fixture
def with_outlines(new_page, login):
    """The office has brought outlines in."""
    page = login(new_page(), "bureau@kringen.example")
    page.goto("/benchmark/kaart/")
    if not page.locator("tbody tr").count():
        page.set_input_files("input[name=file]", {"name": "x.geojson", "mimeType": "", "buffer": outlines()})
        page.fill("input[name=year]", "2008")
        page.fill("input[name=source]", "Proefkaart")
        page.get_by_role("button", name="Bewaar deze omtrekken").click()
        page.wait_for_selector("tbody tr")
    assert violations(page) == []


def test_every_kind_is_accessible_and_fits_in_both_themes(new_page, login, with_outlines):
    faults = []
    for width, scheme in ((1280, "light"), (360, "dark")):
        page = login(new_page(width=width, color_scheme=scheme), MEMBER)
        for kind in KINDS:
            page.goto(ADDRESS + kind)
            faults += [(kind, width, one) for one in violations(page)]
            drawing = page.locator(".k-chart__svg:visible svg")
            assert drawing.count() == 1, kind
            assert page.locator("main table tbody tr").count() > 0, kind
            box = drawing.bounding_box()
            assert box["width"] <= width, kind
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 0, kind
    assert faults == []


def test_the_keyboard_walks_the_points_and_says_them(new_page, login, with_outlines):
    page = login(new_page(), MEMBER)
    for kind in KINDS:
        page.goto(ADDRESS + kind)
        page.locator("[data-chart-button]").scroll_into_view_if_needed()
        page.wait_for_selector(".k-chart--interactive .k-chart__plot svg")
        page.locator(".k-chart__plot").focus()
        page.keyboard.press("Home")
        said = page.locator(".k-chart__said")
        first = said.inner_text()
        page.keyboard.press("ArrowRight")
        second = said.inner_text()
        assert first, kind
        assert second, kind
        assert first != second, kind
        page.keyboard.press("Escape")
        assert said.inner_text() == "", kind


def test_without_a_script_everything_is_there(new_page, login):
    page = login(new_page(java_script_enabled=False), MEMBER)
    page.goto(ADDRESS + "distribution")
    assert page.locator("main svg[role=img]:visible").count() >= 1
    names = page.locator("main tbody th").all_inner_texts()
    page.locator("thead a[data-sort]").first.click()
    assert page.locator("main tbody th").all_inner_texts() == sorted(names)
    assert page.locator("th[aria-sort=ascending]").count() == 1


def test_a_table_is_ordered_in_its_place(new_page, login):
    page = login(new_page(), MEMBER)
    page.goto(ADDRESS + "distribution")
    values = page.locator("main tbody td[data-value]")
    head = page.locator("thead a[data-sort]").nth(1)
    head.click()
    head.click()
    found = [float(one.get_attribute("data-value")) for one in values.all()]
    assert found == sorted(found, reverse=True)
    assert "sort=value" in page.url


def test_the_picture_is_saved_as_png(new_page, login):
    page = login(new_page(), MEMBER)
    page.goto(ADDRESS + "distribution")
    with page.expect_download() as started:
        page.locator("[data-png]").click()
    assert started.value.suggested_filename.endswith(".png")
    assert started.value.path().read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_nothing_moves_when_the_interactive_chart_comes(new_page, login):
    page = login(new_page(), MEMBER)
    page.add_init_script(
        """window.moved = 0;
        new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.moved += entry.value; })
          .observe({ type: "layout-shift", buffered: true });"""
    )
    page.goto(ADDRESS + "dumbbell")
    page.locator(".k-chart").scroll_into_view_if_needed()
    page.wait_for_selector(".k-chart--interactive")
    page.wait_for_timeout(300)
    assert page.evaluate("window.moved") < 0.02


def test_the_talk_stands_beside_the_chart_and_below_it_on_a_phone(new_page, login):
    wide = login(new_page(), MEMBER)
    wide.goto(ADDRESS + "trend")
    aside, figures = wide.locator("main aside").bounding_box(), wide.locator("#figures").bounding_box()
    assert aside["x"] > figures["x"] + figures["width"]
    narrow = login(new_page(width=360), MEMBER)
    narrow.goto(ADDRESS + "trend")
    aside, figures = narrow.locator("main aside").bounding_box(), narrow.locator(".k-chart").bounding_box()
    assert aside["y"] > figures["y"] + figures["height"]


def test_an_embedded_chart_shows_in_a_page_of_others(new_page, login, site):
    page = login(new_page(), MEMBER)
    page.goto("/benchmark/indicatoren/wac_balie_gem/insluiten/?kind=distribution&group=all&municipality=")
    address = page.get_by_role("link", name="Bekijk het zoals buitenstaanders het zien").get_attribute("href")
    outside = new_page(java_script_enabled=False)
    outside.goto(address)
    assert outside.locator("svg[role=img]:visible").count() == 1
    assert violations_without_script(new_page, address) == []


def violations_without_script(new_page, address: str) -> list[str]:
    """Return what axe finds on a page whose own policy allows no script; the browser is told to let axe in."""
    page = new_page(bypass_csp=True)
    page.goto(address)
    return violations(page)
