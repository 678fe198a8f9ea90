"""The learning loop as its people meet it (facts 10: journeys 4, 6, 8 and 13).

Everybody begins at the first page, or where the journey says, and gets on by what stands there.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.once  # pages and clicks; what they store is tested on both databases

HILLEGOM, ZANDVOORT, FACILITATOR, EDITOR, OFFICE = (
    "deelnemer@hillegom.example",
    "deelnemer@zandvoort.example",
    "begeleider@kringen.example",
    "redacteur@beverwijk.example",
    "bureau@kringen.example",
)
STORY = "Rust aan de balie in Beverwijk"


def follow(page: Page, name: str) -> None:
    """Follow the first link in the text whose name begins so, and wait for the page that comes."""
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.locator("main").get_by_role("link", name=re.compile(rf"^{re.escape(name)}")).first.click()


def press(page: Page, name: str) -> None:
    """Press the first button of that name, and wait for the page that comes."""
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.get_by_role("button", name=name).first.click()


def test_4_a_goal_shows_where_it_stands_and_who_can_help(new_page, login):
    page = login(new_page(), HILLEGOM)
    page.goto("/")
    follow(page, "Hooguit 10 minuten wachten aan de balie")
    main = page.locator("main")
    expect(main).to_contain_text("Lager is beter")
    expect(main).to_contain_text(re.compile("op koers|loopt achter"))
    expect(page.locator("main table").first).to_contain_text("norm", ignore_case=True)
    drawing = main.locator(".k-chart__svg svg:visible").first
    for words in ("begin 13,6", "Hillegom 13,2", "mediaan", "doel 10,0", "15,0"):
        expect(drawing).to_contain_text(words)
    # Better by the test of the figures, better every year, and with something to tell; the question brings the chart.
    expect(main).to_contain_text("vertelde 1 ervaring")
    press(page, "Vraag Leiderdorp")
    log = page.get_by_role("log")
    expect(log).to_contain_text("Leiderdorp, wat doe")
    expect(log).to_contain_text("Gemiddelde wachttijd balie zonder afspraak")


def test_6_from_a_figure_on_a_phone_to_the_practices_of_its_area_and_to_who_does_them(new_page, login):
    page = login(new_page(width=360, height=740), ZANDVOORT)
    page.goto("/benchmark/indicatoren/wac_balie_gem/")
    area = page.locator("section", has=page.get_by_role("heading", name="Goede praktijken: Wachttijden"))
    expect(area).to_contain_text(re.compile(r"Bekijk alle \d+ praktijken"))
    follow(page, "Dienstverlening op afspraak")
    expect(page.locator("h1")).to_contain_text("Dienstverlening op afspraak")
    expect(page.locator("main")).to_contain_text("Leiderdorp – doet het")
    follow(page, "Bekijk ze op de kaart")
    expect(page.locator("main table")).to_contain_text("Leiderdorp")
    expect(page.locator(".k-chart__svg svg:visible")).to_contain_text("Hillegom, van wie de praktijk is")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    follow(page, "Terug naar de praktijk")
    press(page, "Vraag het Leiderdorp in Kring C")
    log = page.get_by_role("log")
    expect(log).to_contain_text("Leiderdorp, hoe gaat dit bij jullie")
    expect(log.get_by_role("link", name="Dienstverlening op afspraak").first).to_be_visible()


def test_8_a_practice_goes_from_draft_to_found_and_adopted(new_page, login):
    author = login(new_page(), HILLEGOM)
    author.goto("/praktijken/nieuw/")
    author.fill("input[name=title]", "Trouwloket in de avond")
    author.fill("input[name=summary]", "Trouwen op afspraak, ook tijdens de avondopenstelling.")
    # similar practices appear while typing, and the tag that is being typed is completed
    expect(author.locator("[data-beside]")).to_contain_text("Dienstverlening op afspraak")
    author.fill("textarea[name=situation]", "Paren konden overdag niet komen.")
    author.fill("textarea[name=approach]", "Wij openden een avond in de week.")
    author.get_by_label("Bereikbaarheid", exact=True).check()
    author.select_option("select[name=organisation_area]", "processen")
    author.select_option("select[name=phase]", "3")
    author.fill("input[name=year]", "2008")
    author.locator("input[name=tags]").press_sequentially("trouwen, open")
    author.get_by_role("button", name="+ openingstijden").click()
    expect(author.locator("input[name=tags]")).to_have_value("trouwen, openingstijden")
    author.check("input[name=visibility][value=participants]")
    author.click("button[name=hand_in]")
    expect(author.locator("main")).to_contain_text("wordt beoordeeld")
    address = author.url

    # nobody else finds it yet, not even in a count
    other = login(new_page(), ZANDVOORT)
    other.goto("/praktijken/?q=trouwloket")
    expect(other.locator("main")).to_contain_text("0 praktijken")

    reviewer = login(new_page(), FACILITATOR)
    reviewer.goto("/praktijken/beoordelen/")
    follow(reviewer, "Trouwloket in de avond")
    reviewer.fill("textarea[name=remark]", "Wat kostte het?")
    reviewer.click("form[action$='/terugsturen/'] button")
    author.goto("/praktijken/mijn/")
    expect(author.locator("main")).to_contain_text("Wat kostte het?")
    author.goto(f"{address}wijzigen/")
    author.fill("textarea[name=cost]", "Een avond per week twee medewerkers.")
    author.click("button[name=hand_in]")
    reviewer.goto(address)
    reviewer.click("form[action$='/publiceren/'] button")

    other.goto("/praktijken/?q=avondopenstellingen")
    expect(other.locator("main")).to_contain_text("Trouwloket in de avond")
    other.locator(".k-facet", has_text="Bereikbaarheid").click()
    expect(other.locator("main")).to_contain_text("Trouwloket in de avond")
    follow(other, "Trouwloket in de avond")
    follow(other, "Wij doen dit ook")
    other.check("input[name=state][value=trying]")
    other.fill("input[name=started_on]", "2007-01-01")
    other.click("main form button[type=submit] >> nth=0")
    expect(other.locator("main")).to_contain_text("voordat deze praktijk bestond")
    other.fill("input[name=started_on]", "2009-01-01")
    other.click("main form button[type=submit] >> nth=0")
    expect(other.locator("main")).to_contain_text("Zandvoort – probeert het")


def test_13_an_editor_writes_a_story_and_the_office_publishes_it(new_page, login):
    editor = login(new_page(), EDITOR)
    editor.goto("/beheer/pages/")  # an editor writes in one place only, and lands there
    with editor.expect_navigation(wait_until="domcontentloaded"):
        editor.locator("main a[href$='/add_subpage/']").first.click()
    for name, text in {
        "title": STORY,
        "intro": "Wie een afspraak maakt, is meteen aan de beurt.",
        "figure_label": "Gemiddelde wachttijd aan de balie",
        "before_value": "18 minuten",
        "after_value": "9 minuten",
        "quote": "Niemand staat meer te zuchten.",
        "quote_name": "Teamleider",
        "quote_job": "Publiekszaken",
    }.items():
        editor.fill(f"[name={name}]", text)
    editor.select_option("[name=municipality]", label="Beverwijk")
    editor.select_option("[name=area]", label="Wachttijden")
    editor.select_option("[name=indicator]", label="Gemiddelde wachttijd balie zonder afspraak")
    for name in ("figures_are_examples", "consent"):
        editor.check(f"[name={name}]")
    editor.get_by_role("button", name="Meer acties").click()
    press(editor, "Stuur door naar")

    public = new_page()
    public.goto("/verhalen/")
    expect(public.locator("main")).not_to_contain_text(STORY)
    office = login(new_page(), OFFICE)
    office.goto("/beheer/")
    with office.expect_navigation(wait_until="domcontentloaded"):
        office.get_by_role("link", name=STORY).first.click()
    office.get_by_role("button", name="Meer acties").click()
    press(office, "Goedkeuren")

    public.goto("/verhalen/")
    follow(public, STORY)
    main = public.locator("main")
    for words in ("18 minuten", "9 minuten", "Niemand staat meer te zuchten.", "Teamleider, Publiekszaken"):
        expect(main).to_contain_text(words)
    # Beside its own figure stands the average of all, and no other municipality is named.
    table = public.locator("main table").first
    expect(table).to_contain_text(re.compile("gemiddelde|mediaan", re.IGNORECASE))
    for other in ("Hillegom", "Leiderdorp", "Zandvoort", "Katwijk"):
        expect(main).not_to_contain_text(other)
