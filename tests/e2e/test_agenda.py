"""The agenda form in a browser: items are put in another order by dragging and by keyboard, and saved like that."""

from __future__ import annotations

from playwright.sync_api import Page, expect

FACILITATOR = "begeleider@kringen.example"
FORM = "/kringen/kring-c/bijeenkomsten/2/agenda/"


def titles(page: Page) -> list[str]:
    """Return the titles in the order in which they stand."""
    return [field.input_value() for field in page.locator("[data-agenda-item] [name$=-title]").all()]


def test_items_are_dragged_and_moved_by_keyboard_and_saved_in_that_order(new_page, login):
    page = login(new_page(height=2600), FACILITATOR)
    page.goto(FORM)
    before = titles(page)
    rows = page.locator("[data-agenda-item]")
    rows.nth(2).locator("[data-grip]").drag_to(rows.nth(0), target_position={"x": 30, "y": 5})
    dragged = [before[2], before[0], before[1], *before[3:]]
    expect(page.locator("[data-agenda-said]")).to_contain_text("1")
    assert titles(page) == dragged
    assert rows.nth(0).locator("[name$=-title]").get_attribute("name") == "items-0-title"
    assert rows.nth(0).locator("[data-up]").is_hidden()
    # What was dragged is what the buttons go on with: by keyboard, back down one place.
    down = rows.nth(0).locator("[data-down]")
    down.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    moved = [before[0], before[2], before[1], *before[3:]]
    assert titles(page) == moved
    with page.expect_navigation():
        page.locator("button[value=save]").first.click()
    shown = page.locator(".k-agenda tbody th[scope=row]").all_inner_texts()
    assert [text.split("\n")[0].strip() for text in shown] == moved
    # Put back for the tests that come after: they share this demo.
    page.goto(FORM)
    with page.expect_navigation():
        rows.nth(2).locator("[data-up]").press("Enter")
    with page.expect_navigation():
        page.locator("button[value=save]").first.click()
    page.goto(FORM)
    assert titles(page) == before
