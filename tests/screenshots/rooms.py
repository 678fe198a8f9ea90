"""Two people in one room side by side: the same chart card for each, and a minute without a connection."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.screenshots.browser import log_in, side_by_side
from tests.servers import Site

WIDTH, HEIGHT = 640, 1000
PEOPLE = {"hillegom": "deelnemer@hillegom.example", "zandvoort": "deelnemer@zandvoort.example"}
SLOW = 20_000
AWAY = 60_000  # ms without a connection


def take(browser: Browser, site: Site, folder: Path) -> list[Path]:
    """Play the two scenes in the first room of Kring C; return the pictures."""
    pages = {}
    for name, who in PEOPLE.items():
        page = browser.new_page(base_url=site.url, locale="nl-NL", viewport={"width": WIDTH, "height": HEIGHT})
        log_in(page, who)
        page.goto("/kringen/kring-c/ruimtes/")
        page.locator(".k-rooms a").first.click()
        _state(page, "live")
        pages[name] = page
    made = [_card(pages, folder), *_apart(pages, folder)]
    for page in pages.values():
        page.close()
    return made


def _card(pages: dict[str, Page], folder: Path) -> Path:
    """One writes a message with a chart; each reads about their own municipality."""
    text = "Hoe kort is het wachten aan de balie bij jullie?"
    writer = pages["hillegom"]
    box = writer.locator("[data-body-input]")
    box.fill("/graf")
    writer.get_by_role("option", name="/grafiek").wait_for()
    box.press("Enter")
    box.press_sequentially("balie zonder")
    writer.get_by_role("option", name="Gemiddelde wachttijd balie zonder afspraak").wait_for(timeout=SLOW)
    box.press("Enter")
    _write(writer, text)
    for name, page in pages.items():
        card = _message(page, text).locator(".k-chart-card")
        expect(card.locator(".k-sentence")).to_contain_text(name.capitalize(), timeout=SLOW)
        card.evaluate("card => card.scrollIntoView({ block: 'center' })")
        expect(card.locator("svg").first).to_be_visible(timeout=SLOW)
        page.wait_for_timeout(2_000)  # where there is room, the chart comes in the place of the drawing
    return _both(pages, folder / "room-card.png")


def _apart(pages: dict[str, Page], folder: Path) -> list[Path]:
    """Zandvoort has no connection for a minute, while Hillegom writes, changes and removes."""
    here, away = pages["hillegom"], pages["zandvoort"]
    first, second = "Dit bericht wijzig ik zo", "Dit bericht haal ik zo weg"
    _write(here, first)
    _write(here, second)
    expect(_message(away, second)).to_have_count(1, timeout=SLOW)
    away.context.set_offline(True)
    _state(away, "offline")
    _change(here, first, "Dit bericht is intussen gewijzigd")
    _remove(here, second)
    _write(here, "En dit is nieuw")
    _write(away, "Vanuit de trein, zonder verbinding")
    away.wait_for_timeout(AWAY)
    apart = _both(pages, folder / "room-offline.png")
    away.context.set_offline(False)
    _state(away, "live")
    for page in pages.values():
        for text in ("Dit bericht is intussen gewijzigd", "En dit is nieuw", "Vanuit de trein, zonder verbinding"):
            expect(_message(page, text)).to_have_count(1, timeout=SLOW)
        expect(_message(page, second)).to_have_count(0)
        expect(_message(page, "Vanuit de trein, zonder verbinding").locator("[data-state]")).to_be_hidden()
    return [apart, _both(pages, folder / "room-back.png")]


def _both(pages: dict[str, Page], into: Path) -> Path:
    parts = []
    for name, page in pages.items():
        part = into.with_name(f"{into.stem}-{name}.png")
        page.screenshot(path=part)
        parts.append(part)
    return side_by_side(parts, into)


def _state(page: Page, state: str) -> None:
    expect(page.locator("[data-live]")).to_have_attribute("data-state", state, timeout=SLOW)


def _message(page: Page, text: str) -> Locator:
    return page.locator("[data-list] .k-message", has_text=text)


def _write(page: Page, text: str) -> None:
    page.locator("[data-body-input]").fill(text)
    page.keyboard.press("Enter")
    expect(_message(page, text)).to_have_count(1)


def _change(page: Page, text: str, later: str) -> None:
    _message(page, text).hover()
    _message(page, text).locator("[data-edit]").click()
    page.locator("textarea").fill(later)
    page.get_by_role("button", name="Opslaan").click()
    _state(page, "live")


def _remove(page: Page, text: str) -> None:
    _message(page, text).hover()
    _message(page, text).locator("[data-delete]").click()
    page.locator("main button[type=submit]").click()
    _state(page, "live")
