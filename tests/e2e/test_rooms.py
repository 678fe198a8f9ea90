"""Two people in a room, each in a browser of their own."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

HILLEGOM = "deelnemer@hillegom.example"
ZANDVOORT = "deelnemer@zandvoort.example"
SLOW = 20_000


def something(text: str) -> str:
    """Return a text that no other test writes."""
    return f"{text} {uuid.uuid4().hex[:8]}"


def enter(page: Page, login, who: str) -> Page:
    """Log in and open the first room of Kring C."""
    login(page, who)
    page.goto("/kringen/kring-c/ruimtes/")
    page.locator(".k-rooms a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page


def live(page: Page) -> None:
    expect(page.locator("[data-live]")).to_have_attribute("data-state", "live", timeout=SLOW)


def write(page: Page, text: str) -> None:
    page.locator("[data-body-input]").fill(text)
    page.keyboard.press("Enter")


def message(page: Page, text: str):
    return page.locator("[data-list] .k-message", has_text=text)


def test_a_message_appears_at_the_other_without_reloading(new_page, login):
    one, other = enter(new_page(), login, HILLEGOM), enter(new_page(width=360, height=740), login, ZANDVOORT)
    live(one)
    live(other)
    text = something("Hoe lang wachten jullie aan de **balie**?")
    write(one, text)
    there = message(other, text.replace("**", ""))
    expect(there).to_have_count(1, timeout=SLOW)
    expect(there.locator("strong", has_text="balie")).to_be_visible()
    expect(there.locator("[data-municipality]")).to_have_text("Hillegom")
    mine = message(one, text.replace("**", ""))
    expect(mine).to_have_count(1)
    expect(mine.locator("[data-state]")).to_be_hidden()
    expect(mine).to_have_class(re.compile("k-message--own"))
    # told to a screen reader at the other side, not at the writer's
    expect(other.locator("[data-announcer]")).to_contain_text(text[:10], timeout=SLOW)
    expect(one.locator("[data-announcer]")).to_be_empty()


def test_written_without_a_connection_it_is_kept_and_sent_once(new_page, login):
    one, other = enter(new_page(), login, HILLEGOM), enter(new_page(), login, ZANDVOORT)
    live(one)
    live(other)
    other.context.set_offline(True)
    expect(other.locator("[data-live]")).to_have_attribute("data-state", "offline")
    # the tab is closed and opened again without a network: the text is in the browser's own storage
    kept, missed = something("Vanuit de trein"), something("Terwijl je weg was")
    other.evaluate("document.querySelector('[data-room]')")
    write(other, kept)
    write(one, missed)
    expect(message(other, kept)).to_have_count(1)
    other.context.set_offline(False)
    other.reload()
    live(other)
    expect(message(one, kept)).to_have_count(1, timeout=SLOW)
    expect(message(other, missed)).to_have_count(1, timeout=SLOW)
    expect(message(other, kept)).to_have_count(1)
    expect(message(other, kept).locator("[data-state]")).to_be_hidden()


def test_a_change_and_a_removal_reach_the_other(new_page, login):
    one, other = enter(new_page(), login, HILLEGOM), enter(new_page(), login, ZANDVOORT)
    live(one)
    live(other)
    text, later = something("Eerst"), something("Later")
    write(one, text)
    expect(message(other, text)).to_have_count(1, timeout=SLOW)
    place = message(other, text).get_attribute("id")
    mine = message(one, text)
    expect(mine.locator("[data-state]")).to_be_hidden()
    mine.hover()
    mine.locator("[data-edit]").click()
    one.locator("textarea").fill(later)
    one.get_by_role("button", name=re.compile("Opslaan|Save")).click()
    expect(other.locator(f"#{place} [data-body]")).to_contain_text(later, timeout=SLOW)
    message(one, later).hover()
    message(one, later).locator("[data-delete]").click()
    one.locator("main button[type=submit]").click()
    expect(other.locator(f"#{place} .k-message__gone")).to_be_visible(timeout=SLOW)
    expect(other.locator("[data-list]")).not_to_contain_text(later)


def test_everything_works_without_a_script(new_page, login):
    page = enter(new_page(java_script_enabled=False), login, HILLEGOM)
    text = something("Zonder script")
    page.locator("textarea[name=body]").fill(text)
    page.locator(".k-composer button[type=submit]").click()
    expect(message(page, text)).to_have_count(1)
    expect(page.locator("[data-list] .k-message").last).to_contain_text(text)


def test_where_no_socket_passes_the_messages_come_by_http(new_page, login):
    page, other = new_page(), enter(new_page(), login, ZANDVOORT)
    page.add_init_script(
        "window.WebSocket = class { constructor() { setTimeout(() => this.onclose?.({ code: 1006 })); } close() {} }"
    )
    enter(page, login, HILLEGOM)
    expect(page.locator("[data-live]")).to_have_attribute("data-state", "detour", timeout=SLOW)
    live(other)
    there, back = something("Via een omweg"), something("Terug")
    write(page, there)
    expect(message(other, there)).to_have_count(1, timeout=SLOW)
    write(other, back)
    expect(message(page, back)).to_have_count(1, timeout=SLOW)
    expect(message(page, there)).to_have_count(1)


@pytest.mark.once
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_room_is_accessible_and_fits(new_page, login, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    page = enter(new_page(width=width, color_scheme=scheme), login, HILLEGOM)
    live(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found.response["violations"]] == []
