"""The look, on every kind of page that somebody can reach: accessible, in both colour schemes, wide and narrow.

That no request leaves the site and no content policy is broken is watched on every page (conftest.py).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.crawl import Found, crawl

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
}
PEOPLE = {
    "visitor": None,
    "participant": "deelnemer@hillegom.example",
    "facilitator": "begeleider@kringen.example",
    "validator": "validator@kringen.example",
    "office": "bureau@kringen.example",
    "steering": "stuurgroep@kringen.example",
}
SHAPES = {"wide and light": (1280, "light"), "narrow and dark": (360, "dark")}
NARROWEST = 320  # 1,280 px at 400 %

_found: dict[str, Found] = {}


@pytest.fixture
def pages_of(site, new_page, login) -> Callable[[str], Found]:
    """One page of every kind that a person reaches; the links are followed once per run."""

    def look(who: str) -> Found:
        if who not in _found:
            page = new_page()
            if PEOPLE[who]:
                login(page, PEOPLE[who])
            _found[who] = crawl(page.request, site.url)
        return _found[who]

    return look


def only_here(who: str, pages_of: Callable[[str], Found]) -> dict[str, str]:
    """Return the kinds of page of a person that the participant has not; everybody has a first page of their own."""
    kinds = pages_of(who).kinds
    if who == "participant":
        return kinds
    known = pages_of("participant").kinds
    return {kind: address for kind, address in kinds.items() if kind not in known or address == "/"}


def violations(page: Page) -> list[str]:
    """Return what axe finds, as `rule: element`."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"][:3]]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("who", PEOPLE)
def test_no_link_is_broken(pages_of, who):
    assert pages_of(who).broken == []


@pytest.mark.timeout(900)
@pytest.mark.once
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("who", PEOPLE)
def test_every_kind_of_page_is_accessible(new_page, login, pages_of, who, shape):
    width, scheme = SHAPES[shape]
    kinds = only_here(who, pages_of)
    page = new_page(width=width, color_scheme=scheme)
    if PEOPLE[who]:
        login(page, PEOPLE[who])
    faults = []
    for address in kinds.values():
        page.goto(address)
        faults += [f"{address} {fault}" for fault in violations(page)]
        if page.locator("h1").count() != 1:
            faults.append(f"{address} has {page.locator('h1').count()} headings of level 1")
        page.set_viewport_size({"width": min(width, NARROWEST) if width < 1000 else width, "height": 900})
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if overflow > 0:
            faults.append(f"{address} is {overflow} px too wide")
        page.set_viewport_size({"width": width, "height": 900})
    assert faults == []


@pytest.mark.once
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/nergens/", "/accounts/login/", "/zoeken/?q=wachttijd", "/zoeken/?q=xyzzyxyzzy"])
def test_pages_without_a_link_are_accessible(new_page, address, scheme):
    page = new_page(color_scheme=scheme)
    page.goto(address)
    assert violations(page) == []


def test_a_refused_form_is_accessible(page):
    page.goto("/accounts/login/")
    page.fill("input[name=login]", "niemand@hillegom.example")
    page.fill("input[name=password]", "verkeerd")
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")
    assert page.locator("[role=alert]").count() == 1
    assert violations(page) == []


@pytest.mark.once
def test_the_first_tab_skips_to_the_content(page):
    page.goto("/verhalen/")
    page.keyboard.press("Tab")
    skip = page.locator(".k-skip")
    assert skip.evaluate("link => link === document.activeElement")
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.once
@pytest.mark.parametrize("address", ["/", "/verhalen/", "/accounts/login/"])
def test_focus_follows_the_page_and_can_be_seen(page, address):
    page.goto(address)
    order, unseen = [], []
    for _ in range(60):
        page.keyboard.press("Tab")
        step = page.evaluate(
            """() => {
              const e = document.activeElement, all = [...document.querySelectorAll('*')];
              const marks = [e, e.closest('.k-card')].filter(Boolean);
              return {
                body: e === document.body,
                place: all.indexOf(e),
                seen: marks.some((m) => getComputedStyle(m).outlineStyle !== 'none'),
                html: e.outerHTML.slice(0, 120),
              };
            }"""
        )
        if step["body"] or (order and step["place"] <= order[-1]):
            break
        order.append(step["place"])
        if not step["seen"]:
            unseen.append(step["html"])
    assert len(order) > 10
    assert unseen == []


@pytest.mark.once
@pytest.mark.parametrize("script", [True, False])
def test_the_menu_opens_by_keyboard_with_or_without_a_script(new_page, script):
    page = new_page(width=360, java_script_enabled=script)
    page.goto("/")
    entry = page.locator(".k-menu--site a[href='/praktijken/']")
    assert not entry.is_visible()
    page.locator(".k-menu--site > summary").press("Enter")
    assert entry.is_visible()
    entry.press("Enter")
    page.wait_for_url("**/praktijken/")
    assert page.locator(".k-menu--site a[aria-current=page]").get_attribute("href") == "/praktijken/"


def test_the_public_site_is_edited_without_leaving_it(new_page, login, site):
    """Wagtail's admin asks nothing of other sites; the watch of the page says so when it does."""
    page = login(new_page(), "bureau@kringen.example")
    page.goto("/beheer/")
    page.goto("/beheer/pages/")
    page.locator("a[href*='/beheer/pages/'][href$='/edit/']").first.click()
    page.wait_for_load_state("load")
    assert "/edit/" in page.url


@pytest.mark.once
def test_nothing_moves_while_the_page_loads(page):
    page.add_init_script(
        """window.moved = 0;
        new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.moved += entry.value; })
          .observe({ type: "layout-shift", buffered: true });"""
    )
    page.goto("/", wait_until="load")
    page.wait_for_timeout(500)
    assert page.evaluate("window.moved") < 0.02
