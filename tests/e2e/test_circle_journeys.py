"""The circle at work as its people meet it (facts 10: journeys 10, 11, 12, 14, 19 and 21).

Everybody starts at the first page and gets on by what stands there: links, buttons, keys. No address is typed.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from icalendar import Calendar
from PIL import Image
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.e2e.test_journey import tab_to

pytestmark = pytest.mark.once  # pages and clicks; what they store is tested on both databases

FACILITATOR, FACILITATOR_V = "begeleider@kringen.example", "begeleider-v@kringen.example"
HILLEGOM, ZANDVOORT, DELFT = (f"deelnemer@{place}.example" for place in ("hillegom", "zandvoort", "delft"))
STEERING = "stuurgroep@kringen.example"
SLOW = 20_000  # milliseconds: a machine that does ten things at once needs its time


def go(page: Page, *names: str) -> None:
    """Follow links one after the other: each the first of menu, crumbs and page whose name begins so."""
    for name in names:
        with page.expect_navigation():
            places = page.locator(".k-nav, .k-breadcrumbs-place, main")
            places.get_by_role("link", name=re.compile(rf"^{re.escape(name)}")).first.click()


def press(page: Page, name: str) -> None:
    """Press the first button of that name, and wait for the page that comes."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).first.click()


def said(page: Page) -> str:
    """Return what the page says about what was just done."""
    return page.locator(".k-messages").inner_text()


def home(page: Page) -> Page:
    """Open the first page."""
    page.goto("/")
    return page


def test_10_a_facilitator_plans_a_meeting_and_the_others_find_it_with_its_calendar_file(new_page, login):
    guide = home(login(new_page(), FACILITATOR))
    go(guide, "Kringen", "Kring C", "Bijeenkomst plannen")
    guide.get_by_label("Titel").fill("Extra bijeenkomst")
    guide.get_by_label("Datum").fill("2009-08-20")
    guide.get_by_label(re.compile("^Van")).fill("13:00")
    guide.get_by_label("Begin met").select_option(label="de agenda van “Kringbijeenkomst 2”")
    press(guide, "Bijeenkomst plannen")
    assert "valt buiten het jaarplan" in said(guide)  # a warning; the meeting is there
    go(guide, "Bijeenkomst wijzigen")
    guide.get_by_label("Datum").fill("2009-07-02")
    press(guide, "Opslaan")
    assert "buiten" not in said(guide)
    times = guide.locator(".k-agenda__time").all_inner_texts()
    assert times == ["13:00", "13:15", "13:35", "14:35", "15:50"]
    press(guide, "Stuur de uitnodiging")

    member = home(login(new_page(), HILLEGOM))
    go(member, "Kringen", "Kring C", "Extra bijeenkomst")
    expect(member.locator(".k-agenda tbody tr")).to_have_count(5)
    with member.expect_download() as download:
        member.get_by_role("link", name="Zet in mijn agenda (iCal)").click()
    [event] = Calendar.from_ical(Path(download.value.path()).read_bytes()).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Kring C: Extra bijeenkomst"
    assert event.decoded("DTSTART").isoformat() == "2009-07-02T13:00:00+02:00"
    press(member, "Ik kom")
    expect(member.locator("#guests + form")).to_contain_text("u komt")

    go(guide, "Bijeenkomst afzeggen")
    press(guide, "Ja, bijeenkomst afzeggen")
    member.reload()
    expect(member.locator("main")).to_contain_text("afgezegd")


def test_11_questions_become_themes_that_are_voted_on_and_chosen(new_page, login):
    guide = home(login(new_page(), FACILITATOR))
    go(guide, "Kringen", "Kring C", "Naar het themabord")
    proposed = guide.locator("#suggested ~ form").first
    first = proposed.get_by_label("Thema").input_value()
    assert proposed.get_by_role("checkbox").count() >= 3
    press(guide, "Maak hier een thema van")
    loose = guide.locator("#loose ~ form")
    loose.get_by_label("Welke servicenormen kunnen wij hanteren?").check()
    loose.get_by_label("Wat zijn onze verbeterpunten?").check()
    loose.get_by_label("Een nieuw thema").fill("Servicenormen die werken")
    press(guide, "Maak het thema")
    press(guide, "Breng deze thema's in stemming")

    for who in (HILLEGOM, ZANDVOORT):
        member = home(login(new_page(), who))
        go(member, "Kringen", "Kring C", "Naar het themabord", "Naar de stemming")
        poll = member.locator("[data-poll]").last
        poll.get_by_label("Servicenormen die werken").check()
        poll.get_by_role("button", name="Stem", exact=True).click()
        expect(poll.locator("tr", has_text="Servicenormen die werken")).to_contain_text("Hillegom", timeout=SLOW)
    expect(poll.locator("tr", has_text="Servicenormen die werken")).to_contain_text("2 (100 %)")

    for theme, meeting, why in (
        ("Servicenormen die werken", "Kringbijeenkomst 2", "De meeste stemmen."),
        (first, "Kringbijeenkomst 3", "Vijf gemeenten noemden het."),
    ):
        row = guide.get_by_role("article", name=theme)
        row.get_by_label("Kies voor").select_option(label=meeting)
        row.get_by_label("Waarom").fill(why)
        with guide.expect_navigation():
            row.get_by_role("button", name="Kies dit thema").click()
    go(member, "Kring C")
    questions = member.locator("section", has=member.locator("#questions"))
    expect(questions).to_contain_text(
        "“Servicenormen die werken” is gekozen voor Kringbijeenkomst 2: De meeste stemmen."
    )
    expect(questions).to_contain_text(f"“{first}” is gekozen voor Kringbijeenkomst 3")


def test_12_after_the_meeting_everything_is_kept_and_promises_find_their_owners(new_page, login, tmp_path):
    guide = home(login(new_page(), FACILITATOR_V))
    go(guide, "Kringen", "Kring V", "Wat op u wacht", "Kringbijeenkomst 1: nog geen verslag")
    press(guide, "Maak een concept van wat er is opgeschreven")
    go(guide, "Bewerk het verslag")
    guide.locator("textarea").first.fill("Delft vertelde hoe werken op afspraak de wachttijd bekortte.")
    press(guide, "Bewaar het verslag")
    press(guide, "Open de wijzigingsronde")

    go(guide, "Kringbijeenkomst 1")
    sheets, photo = tmp_path / "sheets.pdf", tmp_path / "zaal.jpg"
    sheets.write_bytes(PDF)
    Image.new("RGB", (320, 240), "#8899aa").save(photo)
    for file, kind, words in ((sheets, "Sheets", ""), (photo, "Foto", "De kring aan tafel in Haarlem")):
        bring = guide.locator("details.k-bring", has_text="Zet er sheets of een foto bij")
        bring.locator("summary").click()
        bring.get_by_label(kind, exact=True).check()
        bring.get_by_label("Bestand", exact=True).set_input_files(file)
        bring.get_by_label("Wat er op de foto te zien is").fill(words)
        with guide.expect_navigation():
            bring.get_by_role("button", name="Bewaar het bestand").click()
    for place, what, day in (
        ("Delft", "Stuur de folder over afspraken rond", "2009-03-02"),
        ("Haarlem", "Meet de wachttijd een week lang", "2009-05-01"),
        ("Leiden", "Vraag de balie wat zij missen", "2009-05-01"),
    ):
        go(guide, "Actie toevoegen")
        guide.get_by_label("Wat", exact=True).fill(what)
        guide.get_by_label("Wie").select_option(label=f"Deelnemer {place} ({place})")
        guide.get_by_label(re.compile("^Uiterlijk")).fill(day)
        press(guide, "Noteren")
        go(guide, "Kring V", "Kringbijeenkomst 1")
    expect(guide.locator("#promised ~ ul > li")).to_have_count(3)

    owner = home(login(new_page(), DELFT))
    expect(owner.locator("section", has=owner.locator("#actions"))).to_contain_text("te laat")
    go(owner, "Stuur de folder over afspraken rond", "Kring V", "Kringbijeenkomst 1")
    expect(owner.get_by_role("link", name="sheets.pdf")).to_be_visible()
    expect(owner.get_by_alt_text("De kring aan tafel in Haarlem")).to_be_visible()
    go(owner, "Verslag van de bijeenkomst")
    expect(owner.locator("main")).to_contain_text("hoe werken op afspraak de wachttijd bekortte")
    go(owner, "Stel een andere tekst voor")


def test_14_the_steering_group_sees_how_far_the_kringen_are_and_no_figure_of_anybody(new_page, login):
    page = home(login(new_page(), STEERING))
    go(page, "Voortgang")
    row = page.get_by_role("row", name=re.compile("^Kring C"))
    expect(row).to_contain_text(re.compile(r"\d+ doelen"))
    text = page.locator("main").inner_text()
    assert "Hillegom" not in text
    assert "13,6" not in text  # the waiting time of Hillegom
    with page.expect_download() as download:
        page.get_by_role("link", name="Op één pagina (PDF)").click()
    assert len(PdfReader(io.BytesIO(Path(download.value.path()).read_bytes())).pages) == 1
    with page.expect_navigation():
        row.get_by_role("link", name="9 van 11").click()
    expect(page.locator("h1")).to_have_text("Intakes: 9")
    expect(page.get_by_role("row", name=re.compile("^Leiderdorp"))).to_contain_text("nog niet ingediend")
    go(page, "Kring C")
    page.get_by_label("Uw notitie").fill("Twee intakes ontbreken nog.")
    press(page, "Bewaar de notitie")
    expect(page.locator("main")).to_contain_text("Twee intakes ontbreken nog.")


def test_19_a_visitor_reads_what_is_public_and_meets_the_door_of_the_rest(new_page):
    page = home(new_page())
    go(page, "Kringen")
    card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Kring C"))
    for words in ("Hillegom", "donderdag 25 juni 2009"):
        expect(card).to_contain_text(words)
    expect(card.get_by_role("link")).to_have_count(0)
    go(page, "Praktijken")
    page.get_by_label("Zoek in de goede praktijken").fill("midoffice")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=midoffice")
    go(page, "Digitale formulieren ook aan telefoon en balie gebruiken")
    expect(page.locator("h1")).to_have_text("Digitale formulieren ook aan telefoon en balie gebruiken")
    go(page, "Benchmark", "Gemiddelde wachttijd balie zonder afspraak")
    # figures of groups only: the practices beside them may name their makers
    figures = " ".join(page.locator("main table, main .k-sentence, main figure.k-chart").all_inner_texts())
    assert "Hillegom" not in figures
    assert re.search(r"[Mm]ediaan", figures)
    # a colleague sent the address of a room
    page.goto("/kringen/kring-c/ruimtes/")
    expect(page.locator("h1")).to_have_text("Inloggen")


def test_21_by_keyboard_on_a_phone_from_area_to_practice_and_an_experience_of_ones_own(new_page, login):
    page = home(login(new_page(width=360, height=740), HILLEGOM))
    menu(page, "Benchmark")
    tab_to(page, re.compile("^Wachttijden$"))
    page.keyboard.press("Enter")
    tab_to(page, re.compile("^Gemiddelde wachttijd balie zonder afspraak"))
    follow(page)
    expect(page.locator("main table").first).to_contain_text("2008")  # the figures, before any picture
    tab_to(page, "Dienstverlening op afspraak")
    follow(page)
    expect(page.locator("h1")).to_have_text("Dienstverlening op afspraak")

    menu(page, "Praktijken")
    tab_to(page, "Voeg uw eigen ervaring toe")
    follow(page)
    page.locator("input[name=title]").focus()
    page.keyboard.type("Gastvrouw in de hal")
    for name, words in (
        ("summary", "Een gastvrouw helpt bezoekers aan de computer."),
        ("situation", "Het was druk aan de balie."),
        ("approach", "Wij zetten een gastvrouw in de hal."),
    ):
        page.locator(f"[name={name}]").focus()
        page.keyboard.type(words)
    page.locator("input[name=areas]").first.focus()
    page.keyboard.press("Space")
    tab_to(page, "Opslaan als concept")
    follow(page)
    expect(page.locator("main")).to_contain_text("Gastvrouw in de hal")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def menu(page: Page, name: str) -> None:
    """Open the menu of the site and follow a line of it, by keyboard."""
    page.locator(".k-menu--site > summary").focus()
    page.keyboard.press("Enter")
    tab_to(page, re.compile(rf"^{name}$"))
    follow(page)


def follow(page: Page) -> None:
    """Press Enter on what has the focus, and wait for the page that comes."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""
