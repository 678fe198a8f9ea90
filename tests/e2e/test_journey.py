"""The journey the site is for, as a new member of Kring C makes it: with the keyboard only, wide and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

HILLEGOM = "deelnemer@hillegom.example"


def tab_to(page: Page, name: str | re.Pattern[str]) -> None:
    """Press Tab until the link, button or field of that name has the focus; at most as often as there are stops."""
    wanted = re.compile(re.escape(name)) if isinstance(name, str) else name
    for _ in range(120):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(e => e ? (e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText || e.value || '') : '')"
            "(document.activeElement)"
        )
        if wanted.search(" ".join(focused.split())):
            return
    raise AssertionError(f"{name} cannot be reached with the keyboard on {page.url}")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_member_finds_meeting_room_figure_goal_and_practice_by_keyboard(new_page, login, width):
    page = new_page(width=width, height=800)
    page.goto("/accounts/login/")
    page.locator("input[name=login]").focus()
    page.keyboard.type(HILLEGOM)
    tab_to(page, re.compile(r"^Wachtwoord:?$"))
    page.keyboard.type("kringen")
    page.keyboard.press("Enter")

    # the next meeting, on the first page
    expect(page.locator("main")).to_contain_text("Kringbijeenkomst 2")
    expect(page.locator("main")).to_contain_text("donderdag 25 juni 2009")
    tab_to(page, "Kringbijeenkomst 2")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Kringbijeenkomst 2")

    # talks live in a room
    page.goto("/kringen/kring-c/ruimtes/")
    tab_to(page, "Servicenormen")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Servicenormen")
    other = login(new_page(), "deelnemer@katwijk.example")
    other.goto(page.url)
    words = f"Wij meten de wachttijd elke week ({width})."
    tab_to(page, "Uw bericht")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(other.get_by_role("log")).to_contain_text(words)
    expect(page.get_by_role("log")).to_contain_text(words)

    # the own municipality's figures: sentence, table, picture, in that order
    page.goto("/benchmark/indicatoren/wac_balie_gem/?group=kring")
    main = page.locator("main")
    expect(main).to_contain_text("Hillegom")
    expect(main).to_contain_text("voorbeeldgegevens", ignore_case=True)
    order = page.evaluate(
        "[...document.querySelectorAll('main .k-sentence, main table, main figure svg')].map(e => e.tagName.toLowerCase())"
    )
    assert order[:3] == ["p", "table", "svg"]

    # the goal with the chart in it
    page.goto("/doelen/")
    tab_to(page, "Hooguit 10 minuten wachten aan de balie")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Hooguit 10 minuten wachten aan de balie")
    expect(page.locator("main table").first).to_contain_text("13,6")
    expect(page.locator("main figure svg:visible")).to_have_count(1)

    # and a good practice, by another form of the word
    page.goto("/praktijken/")
    page.locator("main input[name=q]").focus()
    page.keyboard.type("avondopenstellingen")
    page.keyboard.press("Enter")
    page.wait_for_url("**/praktijken/?*avondopenstellingen*")
    tab_to(page, "Dienstverlening op afspraak")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Dienstverlening op afspraak")


def test_somebody_of_another_kring_finds_nothing_of_kring_c(new_page, login):
    page = login(new_page(), "deelnemer@delft.example")
    for address in ("", "jaarplan/", "bijeenkomsten/2/", "ruimtes/", "acties/"):
        answer = page.goto(f"/kringen/kring-c/{address}")
        assert (address, answer.status) == (address, 404)
        assert "Hillegom" not in page.locator("main").inner_text()
