"""A goal that moves by itself: the office brings figures in, and the members see it happen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_look import violations
from tests.e2e.test_rooms import HILLEGOM, SLOW, ZANDVOORT, live

OFFICE = "bureau@kringen.example"
GOAL = "Minder bellers die ophangen"
FIGURES = b"gm_code,indicator,year,value\nGM0473,ber_tel_uitval,2009,4.6\n"


def first_room(page: Page) -> str:
    """Return the address of the first room of Kring C: there is said what no other room is about."""
    page.goto("/kringen/kring-c/ruimtes/")
    addresses = [link.get_attribute("href") for link in page.locator(".k-rooms a").all()]
    rooms = [found for address in addresses if (found := re.fullmatch(r".*/ruimtes/(\d+)/", address))]
    return min(rooms, key=lambda found: int(found[1]))[0]


def test_figures_come_in_and_the_goal_turns_in_the_room_and_at_home(new_page, login):
    member, office = login(new_page(), HILLEGOM), login(new_page(), OFFICE)
    member.goto(first_room(member))
    live(member)
    news = member.locator("[data-goal-news]")
    expect(news).not_to_contain_text(GOAL)

    office.goto("/benchmark/invoer/")
    office.set_input_files("input[name=file]", {"name": "zandvoort.csv", "mimeType": "text/csv", "buffer": FIGURES})
    office.locator("main form[enctype] button[type=submit]").click()
    office.get_by_role("button", name="Deze cijfers importeren").click()
    expect(office.locator("h1")).to_contain_text("Import")

    expect(news).to_contain_text(GOAL, timeout=SLOW)
    expect(news).to_contain_text("gehaald")
    member.get_by_role("link", name=GOAL).first.click()
    expect(member.locator("main")).to_contain_text("Zandvoort heeft dit doel gehaald. Goed gedaan!")
    member.goto("/kringen/kring-c/doelen/")
    expect(member.locator(".k-alert, [role=status]").filter(has_text="Gehaald, goed gedaan:")).to_contain_text(GOAL)

    owner = login(new_page(width=360, height=740), ZANDVOORT)
    owner.goto("/")
    card = owner.locator("article", has=owner.get_by_role("heading", name=GOAL))
    expect(card).to_contain_text("gehaald")
    owner.goto("/meldingen/")
    expect(owner.locator("main")).to_contain_text(f"Uw doel “{GOAL}” is bereikt. Gefeliciteerd!")


@pytest.mark.once
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_pages_of_goals_are_accessible_and_fit(new_page, login, width, scheme):
    page = login(new_page(width=width, color_scheme=scheme), "deelnemer@leiderdorp.example")
    page.goto("/doelen/")
    keys = [
        link.get_attribute("href").strip("/").split("/")[-1]
        for link in page.locator(".k-goal-card a").filter(has_text=re.compile("^Hooguit")).all()
    ]
    form = f"/doelen/{keys[0]}/wijzigen/"
    pair = f"/doelen/vergelijken/?goal={keys[0]}&beside={keys[1]}"
    faults = []
    for address in (f"/doelen/{keys[0]}/", form, pair, "/doelen/verbeterkaart/", "/kringen/kring-c/doelen/"):
        page.goto(address)
        faults += [f"{address}: {fault}" for fault in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            faults.append(f"{address} is too wide")
    assert faults == []
    page.goto(pair)
    assert page.locator(".k-chart__svg:visible svg .k-svg__line--own").count() == 1
    page.goto(f"/doelen/{keys[0]}/")
    assert page.locator(".k-chart__svg:visible svg .k-svg__mark").count() == 2
    page.goto(form)
    page.get_by_role("button", name="Bekijk hoe haalbaar het is").press("Enter")
    expect(page.locator(".k-realism")).to_contain_text("die dicht bij deze waarde begonnen")
