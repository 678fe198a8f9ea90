"""One whole meeting in the browser: a facilitator, two members, a projector; one of them offline for a while."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

FACILITATOR = "begeleider@kringen.example"
HILLEGOM = "deelnemer@hillegom.example"
ZANDVOORT = "deelnemer@zandvoort.example"
CHART = "/benchmark/indicatoren/wac_balie_gem/?group=kring"
SLOW = 20_000


def plan(page: Page) -> str:
    """Plan a meeting with an agenda that has a chart on its third item; return the address of its page."""
    page.goto("/kringen/kring-c/bijeenkomsten/nieuw/")
    page.fill("[name=title]", "Kringbijeenkomst met vier schermen")
    page.fill("[name=date]", "2009-10-08")
    page.select_option("[name=agenda_from]", "theme")
    with page.expect_navigation():
        page.locator("main form button").last.click()
    address = page.url
    page.goto(f"{address}agenda/")
    page.fill("[name=items-2-notes]", CHART)
    save(page)
    return address


def save(page: Page) -> None:
    with page.expect_navigation():
        page.locator("button[value=save]").first.click()


def live(page: Page) -> None:
    expect(page.locator("[data-live]")).to_have_attribute("data-state", "live", timeout=SLOW)


def at(page: Page, number: int) -> None:
    """Wait until the page shows the meeting at an item, and only that item."""
    expect(page.locator("[data-where]")).to_contain_text(f"punt {number},", timeout=SLOW)
    expect(page.locator("[data-item]:visible")).to_have_count(1)
    expect(page.locator("[data-item]:visible")).to_have_attribute("data-number", str(number))


def lead(page: Page, act: str, which: str = "") -> None:
    page.locator(f".k-meeting-live__bar form{which}", has=page.locator(f"[name=t][value={act}]")).locator(
        "button"
    ).click()


def note(page: Page, text: str) -> None:
    page.fill("#note-text", text)
    page.locator("#note-text").press("Control+Enter")


def notes(page: Page, text: str, item: int | None = None) -> Locator:
    """Return the notes with a text: anywhere, or under the item with a number."""
    within = "" if item is None else f'[data-number="{item}"] '
    return page.locator(f"{within}.k-note", has_text=text)


@dataclass
class Table:
    """Who follows the meeting: the facilitator, two members (one on a phone), and the projector of the room."""

    guide: Page
    one: Page
    other: Page
    screen: Page

    @property
    def all(self) -> tuple[Page, ...]:
        """Every screen."""
        return self.guide, self.one, self.other, self.screen


def start(table: Table, address: str) -> None:
    """Whoever is early waits; the page comes in by itself when the facilitator starts."""
    for page in (table.one, table.other):
        page.goto(f"{address}live/")
        expect(page.locator("[data-live]")).to_have_attribute("data-state", "waiting")
    table.screen.goto(f"{address}live/scherm/")
    table.guide.goto(f"{address}live/")
    lead(table.guide, "meetingStart")
    for page in table.all:
        live(page)
        at(page, 1)


def look_at_figures(table: Table) -> None:
    """A chart on everybody's screen: each member's own municipality, on the projector nobody's."""
    for number in (2, 3):
        lead(table.guide, "meetingMove", "[data-step='1']")
        at(table.one, number)
    for page in table.all:
        at(page, 3)
    sentence = "[data-item]:visible .k-sentence"
    expect(table.one.locator(sentence)).to_contain_text("Hillegom", timeout=SLOW)
    expect(table.other.locator(sentence)).to_contain_text("Zandvoort", timeout=SLOW)
    expect(table.screen.locator(sentence)).to_contain_text("Kring C", timeout=SLOW)
    for name in ("Hillegom", "Zandvoort"):
        expect(table.screen.locator("[data-item]:visible .k-chart-card")).not_to_contain_text(name)


def lose_the_connection(table: Table) -> None:
    """One member is offline in the middle of writing; the meeting goes on, and they come back to where it is."""
    table.other.context.set_offline(True)
    expect(table.other.locator("[data-live]")).to_have_attribute("data-state", "offline")
    note(table.other, "Bij ons twaalf minuten")
    expect(table.other.locator("[data-waiting] li")).to_contain_text("Bij ons twaalf minuten")
    note(table.one, "Wij meten bij de balie")
    expect(notes(table.guide, "Wij meten bij de balie", 3)).to_have_count(1, timeout=SLOW)
    lead(table.guide, "meetingMove", "[data-step='1']")
    at(table.one, 4)
    table.other.context.set_offline(False)
    live(table.other)
    expect(table.other.locator("[data-waiting] li")).to_have_count(0, timeout=SLOW)
    for page in table.all:
        at(page, 4)
        for text in ("Bij ons twaalf minuten", "Wij meten bij de balie"):
            expect(notes(page, text)).to_have_count(1, timeout=SLOW)
            expect(notes(page, text, 3)).to_have_count(1)


def change_the_agenda(table: Table, address: str) -> None:
    """Another agenda is on every screen at once, and what somebody is typing stays."""
    table.one.fill("#note-text", "Half af")
    desk = table.guide.context.new_page()
    desk.goto(f"{address}agenda/")
    desk.fill("[name=items-4-title]", "Praktijk uit Bloemendaal")
    save(desk)
    desk.close()
    for page in (table.one, table.screen):
        expect(page.locator("[data-agenda]")).to_contain_text("Praktijk uit Bloemendaal", timeout=SLOW)
    expect(table.one.locator("#note-text")).to_have_value("Half af")
    at(table.one, 4)


def ask(table: Table) -> None:
    """Asking to speak, and a quick poll of which the projector shows the result."""
    table.one.locator("[data-up]").click()
    hand = table.guide.locator("[data-hands] li")
    expect(hand).to_contain_text("Hillegom", timeout=SLOW)
    expect(table.screen.locator("[data-hands] li")).to_have_count(1, timeout=SLOW)
    hand.locator("button").click()
    expect(table.one.locator("[data-down]")).to_be_hidden(timeout=SLOW)
    form = table.guide.locator("form", has=table.guide.locator("#poll-options"))
    table.guide.locator("details", has=form).locator("summary").click()
    table.guide.fill("#poll-question", "Meten wij dit voortaan elk kwartaal?")
    form.locator("button").click()
    poll = table.one.locator("[data-polls] .k-poll")
    poll.locator("[name=option]").first.check(timeout=SLOW)
    poll.locator("button").first.click()
    shown = table.screen.locator("[data-polls] .k-poll")
    expect(shown).to_contain_text("(100 %)", timeout=SLOW)
    expect(shown.locator("input[name=option], button")).to_have_count(0)


def settle(table: Table) -> str:
    """Write down a decision and an action, on the screens of the others with number and owner; return the number."""
    decide = table.guide.locator("[data-writes=decide]")
    table.guide.locator("details", has=decide).locator("summary").click()
    table.guide.fill("#decision-text", "Wij meten elk kwartaal")
    decide.locator("button").first.click()
    decided = table.one.locator('[data-number="4"] [data-decision-id]')
    expect(decided).to_contain_text("Wij meten elk kwartaal", timeout=SLOW)
    promise = table.one.locator("[data-writes=promise]")
    table.one.locator("details", has=promise).locator("summary").click()
    table.one.fill("#action-text", "Meetformulier rondsturen")
    owner = table.one.locator("#action-owner option", has_text="Zandvoort").first.get_attribute("value")
    table.one.select_option("#action-owner", owner)
    table.one.fill("#action-due", "2009-11-01")
    promise.locator("button").first.click()
    promised = table.screen.locator("[data-action-id]", has_text="Meetformulier")
    expect(promised).to_contain_text("Zandvoort", timeout=SLOW)
    number = decided.locator("[data-label]").inner_text()
    assert re.fullmatch(r"2009-\d+", number)
    return number


def test_a_meeting_from_its_start_to_its_minutes(new_page, login):
    guide = login(new_page(), FACILITATOR)
    address = plan(guide)
    table = Table(
        guide=guide,
        one=login(new_page(), HILLEGOM),
        other=login(new_page(width=360, height=740), ZANDVOORT),
        screen=login(new_page(width=1600, height=900), FACILITATOR),
    )
    start(table, address)
    look_at_figures(table)
    lose_the_connection(table)
    change_the_agenda(table, address)
    ask(table)
    number = settle(table)
    lead(guide, "meetingEnd")
    for page in (table.one, table.other, table.screen):
        expect(page.locator("[data-where]")).to_contain_text("afgelopen", timeout=SLOW)
    # Afterwards the draft of the minutes has under each item what was written, decided and promised there.
    guide.goto(f"{address}verslag/")
    with guide.expect_navigation():
        guide.locator("button[name=do][value=draft]").click()
    written = guide.locator(".k-minutes")
    for item, texts in (
        (2, ("Bij ons twaalf minuten", "Wij meten bij de balie")),
        (3, (f"{number}: Wij meten elk kwartaal", "Meetformulier rondsturen")),
    ):
        for text in texts:
            expect(written.nth(item)).to_contain_text(text)
