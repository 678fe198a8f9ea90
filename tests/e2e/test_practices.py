"""The page of a practice as everybody can use it; how one comes to be is in test_learning_journeys.py."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

HILLEGOM = "deelnemer@hillegom.example"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_of_an_adopted_practice_can_be_used_by_everybody(new_page, login, width, scheme):
    page = login(new_page(width=width, color_scheme=scheme), HILLEGOM)
    page.goto("/praktijken/training-klantgericht-telefoneren/")
    main = page.locator("main")
    expect(main).to_contain_text("95 %-interval")
    expect(main).to_contain_text("Bij 1 werkte het niet")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert found.response["violations"] == []
