"""What hangs on messages, in two browsers: cards with one's own figures, signs, votes, answers, files, and no script."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from kringsite.demo.documents import pdf
from tests.e2e.test_rooms import HILLEGOM, SLOW, ZANDVOORT, enter, live, message, something, write


def test_a_chart_by_slash_shows_each_their_own_municipality(new_page, login):
    one, other = enter(new_page(), login, HILLEGOM), enter(new_page(width=360, height=740), login, ZANDVOORT)
    live(one)
    live(other)
    box = one.locator("[data-body-input]")
    box.fill("/graf")
    expect(one.get_by_role("option", name="/grafiek")).to_be_visible()
    box.press("Enter")
    box.press_sequentially("balie zonder")
    expect(one.get_by_role("option", name="Gemiddelde wachttijd balie zonder afspraak")).to_be_visible(timeout=SLOW)
    box.press("Enter")
    expect(one.locator("[data-chips] li")).to_have_count(1)
    text = something("Wat valt op?")
    write(one, text)
    for page, place in ((one, "Hillegom"), (other, "Zandvoort")):
        card = message(page, text).locator(".k-chart-card")
        expect(card.locator(".k-sentence")).to_contain_text(f"kwam {place} uit op", timeout=SLOW)
    expect(message(one, text)).to_have_count(1)


def test_signs_answers_and_pins_are_live(new_page, login):
    one, other = enter(new_page(), login, HILLEGOM), enter(new_page(), login, ZANDVOORT)
    live(one)
    live(other)
    text = something("Een vraag")
    write(one, text)
    expect(message(other, text)).to_have_count(1, timeout=SLOW)
    there = other.locator(f"#{message(other, text).get_attribute('id')}")  # not the answer, which quotes it
    there.locator("[data-more]").focus()
    other.keyboard.press("Enter")
    there.locator(".k-acts__signs [data-sign='👍']").press("Enter")
    expect(message(one, text).first.locator("[data-signs] [data-sign='👍']")).to_have_attribute(
        "title", "mee eens: Deelnemer Zandvoort", timeout=SLOW
    )
    there.locator("[data-reply]").press("Enter")
    answer = something("Een antwoord")
    write(other, answer)
    quote = message(one, answer).locator("[data-quote]")
    expect(quote).to_contain_text(text, timeout=SLOW)
    there.locator("[data-more]").press("Enter")
    there.get_by_role("button", name="Bovenaan vastzetten").press("Enter")
    expect(one.locator("[data-pins]")).to_contain_text(text, timeout=SLOW)


def test_hostile_words_do_nothing(new_page, login):
    page = enter(new_page(), login, HILLEGOM)
    live(page)
    seen: list[str] = []
    page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
    word = something("gevaar")
    write(page, f"{word} <img src=x onerror=alert(1)> [x](javascript:alert(2)) <svg onload=alert(3)>")
    page.locator("[data-file-input]").set_input_files(
        {"name": "<img src=x onerror=alert(4)>.pdf", "mimeType": "application/pdf", "buffer": pdf("x", [])}
    )
    expect(page.locator("[data-chips] li")).to_have_count(1, timeout=SLOW)
    write(page, f"bestand {word}")
    expect(message(page, f"bestand {word}").locator(".k-file")).to_contain_text("onerror", timeout=SLOW)
    page.reload()
    # the name of the file under the second one begins like the first
    expect(message(page, f"{word} <img").first).to_be_visible(timeout=SLOW)
    assert seen == []


def test_a_forbidden_file_gets_a_sentence(new_page, login):
    page = enter(new_page(), login, HILLEGOM)
    page.locator("[data-file-input]").set_input_files(
        {"name": "plaatje.png", "mimeType": "image/png", "buffer": b"<svg onload=alert(1)>"}
    )
    expect(page.locator("[data-upload-said]")).to_contain_text("kunt u niet versturen", timeout=SLOW)
    expect(page.locator("[data-chips] li")).to_have_count(0)


def test_without_a_script_the_cards_and_acts_are_pages(new_page, login):
    page = enter(new_page(java_script_enabled=False), login, HILLEGOM)
    page.locator("[data-cards]:not([hidden]) [data-cards-link]").first.click()
    expect(page.locator("[data-cards-page] .k-hung").first).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_the_room_with_everything_in_it_passes_axe(new_page, login, width, scheme):
    page = enter(new_page(width=width, color_scheme=scheme), login, ZANDVOORT)
    live(page)
    page.locator(".k-message__cards:not([hidden])").first.scroll_into_view_if_needed()
    expect(page.locator(".k-hung").first).to_be_visible(timeout=SLOW)
    more = page.locator("[data-more]:visible").last
    more.press("Enter")
    expect(page.locator("[data-panel] .k-acts")).to_be_visible(timeout=SLOW)
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found] == []
