"""The structure of a conversation in real browsers: topics, places, a break, ten thousand messages, a burst."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_rooms import HILLEGOM, SLOW, ZANDVOORT, enter, live, message, something, write
from tests.servers import Site

SHOTS = Path(os.environ.get("KRINGEN_SHOTS", "reports/rooms"))
LONG = int(os.environ.get("KRINGEN_MESSAGES", "700"))

FILL = """
import uuid
from django.utils import timezone
from kringen.models import Kring, Message, Room, RoomEvent, Topic
from kringen.conversation.messages import fingerprint
from people.models import User
number, name = {number}, {name!r}
kring = Kring.objects.get(slug="kring-c")
sender = User.objects.get(email="begeleider@kringen.example")
room = Room.objects.create(kring=kring, name=name, seq=number)
topic = Topic.objects.create(room=room, title="Algemeen", is_general=True)
now = timezone.now()
said = Message.objects.bulk_create([
    Message(room=room, topic=topic, sender=sender, client_id=uuid.uuid4(), body=f"bericht {{n}}", html=f"<p>bericht {{n}}</p>",
            body_hash=fingerprint(f"bericht {{n}}"), created_seq=n, created_at=now)
    for n in range(1, number + 1)], batch_size=500)
RoomEvent.objects.bulk_create([
    RoomEvent(room=room, seq=each.created_seq, kind="message.new", actor=sender, message=each, created_at=now,
              payload={{"topic": topic.pk, "body": each.body, "html": each.html}})
    for each in said], batch_size=500)
print(room.pk, said[number // 2].pk)
"""

SAY = """async ([url, bodies]) => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const newId = () => crypto.randomUUID();
  for (const body of bodies) {
    const answer = await fetch(url, { method: "POST", body: JSON.stringify({ cid: newId(), body }),
      headers: { "Content-Type": "application/json", "X-CSRFToken": token } });
    if (!answer.ok) throw new Error(await answer.text());
  }
}"""


def state(page: Page) -> list[tuple[str, str]]:
    """Return what stands in the list: every message's number and text, in order."""
    return page.evaluate(
        """() => [...document.querySelectorAll("[data-list] [data-id]")].slice(-25).map((each) =>
             [each.dataset.id, each.querySelector("[data-body]").textContent.trim()])"""
    )


def say(page: Page, bodies: list[str]) -> None:
    """Send messages over HTTP from inside a page."""
    url = page.evaluate("JSON.parse(document.getElementById('room-live').textContent).messages")
    page.evaluate(SAY, [url, bodies])


def nodes(page: Page) -> int:
    return page.locator("[data-list] .k-message").count()


def both(one: Page, other: Page, name: str) -> None:
    """Keep a picture of both browsers for the report."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    one.screenshot(path=SHOTS / f"{name}-one.png")
    other.screenshot(path=SHOTS / f"{name}-other.png")


def test_after_a_break_both_show_the_same(new_page, login):
    one, other = enter(new_page(), login, HILLEGOM), enter(new_page(), login, ZANDVOORT)
    live(one)
    live(other)
    first, second, third = (something(text) for text in ("Blijft", "Wordt anders", "Gaat weg"))
    for text in (first, second, third):
        write(one, text)
        expect(message(other, text)).to_have_count(1, timeout=SLOW)
    other.context.set_offline(True)
    expect(other.locator("[data-live]")).to_have_attribute("data-state", "offline")
    mine = something("Geschreven zonder verbinding")
    write(other, mine)
    expect(message(other, mine)).to_have_attribute("data-sending", "waiting")
    both(one, other, "1-zonder-verbinding")

    desk = enter(new_page(), login, HILLEGOM)
    later = something("Is nu anders")
    act(desk, second, "wijzigen", lambda: desk.locator("textarea[name=body]").first.fill(later))
    act(desk, third, "verwijderen", lambda: None)
    desk.close()
    news = something("Terwijl je weg was")
    write(one, news)
    expect(message(one, news).locator("[data-state]")).to_be_hidden()

    other.context.set_offline(False)
    live(other)
    for page in (one, other):
        for text in (first, later, news, mine):
            expect(message(page, text)).to_have_count(1, timeout=SLOW)
        for text in (second, third):
            expect(message(page, text)).to_have_count(0, timeout=SLOW)
    assert state(one) == state(other)
    both(one, other, "2-weer-verbonden")


def act(page: Page, text: str, what: str, fill) -> None:
    """Open a message's own page, fill it in and save."""
    number = message(page, text).get_attribute("data-id")
    address = page.url.split("?")[0].split("#")[0]
    page.goto(f"{address}berichten/{number}/{what}/")
    fill()
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/ruimtes/\d+/([?#].*)?$"))


def test_a_long_conversation_keeps_the_page_small_and_the_place(new_page, login, site: Site):
    room, middle = site.manage("shell", "-c", FILL.format(number=LONG, name=something("Lang"))).split()[-2:]
    page = new_page()
    login(page, HILLEGOM)
    page.goto(f"/kringen/kring-c/ruimtes/{room}/")
    live(page)
    expect(message(page, f"bericht {LONG}").last).to_be_visible()
    log = page.locator("[data-log]")
    for _ in range(40):
        if page.get_by_text("bericht 1", exact=True).count():
            break
        before = page.evaluate(
            """() => { const log = document.querySelector("[data-log]"); log.scrollTop = -log.scrollHeight;
                 const first = document.querySelector("[data-list] [data-id]");
                 return [first.dataset.id, Math.round(first.getBoundingClientRect().top)]; }"""
        )
        page.wait_for_function(
            "id => document.querySelector('[data-list] [data-id]').dataset.id !== id", arg=before[0], timeout=SLOW
        )
        after = page.evaluate(
            "id => Math.round(document.querySelector(`[data-id='${id}']`).getBoundingClientRect().top)", before[0]
        )
        assert abs(after - before[1]) < 400  # what was read is still in view
        assert nodes(page) <= 300
        if LONG > 2000:
            break
    assert nodes(page) <= 300
    # said while the end is out of the page: told, not shown; one press and it is there
    say(page, ["helemaal nieuw"])
    expect(page.locator("[data-newest]")).to_be_visible(timeout=SLOW)
    assert message(page, "helemaal nieuw").count() == 0
    page.locator("[data-newest]").click()
    expect(message(page, "helemaal nieuw")).to_be_visible(timeout=SLOW)
    assert nodes(page) <= 300
    # a link to one message opens its part, with the focus on it
    page.goto(f"/kringen/kring-c/ruimtes/{room}/?bericht={middle}")
    expect(page.locator(f"#m{middle}")).to_be_focused(timeout=SLOW)
    expect(page.locator(f"#m{middle}")).to_be_in_viewport()
    log.focus()
    page.keyboard.press("n")
    expect(message(page, "helemaal nieuw")).to_be_visible(timeout=SLOW)


def test_topics_and_places_move_in_the_other_tab(new_page, login, site: Site):
    room, _middle = site.manage("shell", "-c", FILL.format(number=3, name=something("Kort"))).split()[-2:]
    here, tab = new_page(), None
    login(here, HILLEGOM)
    here.goto(f"/kringen/kring-c/ruimtes/{room}/")
    live(here)
    expect(here.locator("[data-everything] [data-count]")).to_have_attribute("data-count", "0", timeout=SLOW)
    tab = new_page()
    login(tab, ZANDVOORT)
    tab.goto(f"/kringen/kring-c/ruimtes/{room}/")
    live(tab)
    expect(here.locator("[data-present]")).to_contain_text("Zandvoort", timeout=SLOW)
    title = something("Balie")
    tab.locator(".k-topics__new summary").click()
    tab.locator(".k-topics__new input[name=title]").fill(title)
    tab.locator(".k-topics__new button").click()
    expect(here.locator("[data-topic-item]", has_text=title)).to_have_count(1, timeout=SLOW)
    here.locator("[data-topic-item] a", has_text="Algemeen").click()
    live(here)
    live(tab)
    tab.locator("[data-body-input]").press_sequentially("in dit onderwerp", delay=20)
    expect(here.locator("[data-typing]")).to_be_empty()  # writes in another topic than the one shown here
    tab.keyboard.press("Enter")
    count = here.locator("[data-topic-item]", has_text=title).locator("[data-count]")
    expect(count).to_have_attribute("data-count", "1", timeout=SLOW)
    assert message(here, "in dit onderwerp").count() == 0
    # a draft belongs to its topic and outlives the page
    here.locator("[data-body-input]").fill("half af")
    here.locator("[data-topic-item] a", has_text=title).click()
    expect(here.locator("[data-body-input]")).to_have_value("")
    expect(message(here, "in dit onderwerp")).to_be_visible()
    here.go_back()
    expect(here.locator("[data-body-input]")).to_have_value("half af")
    # ended over there, apart over here
    tab.get_by_role("button", name=re.compile("Afronden|resolved")).click()
    expect(here.locator("[data-ended-list] [data-topic-item]", has_text=title)).to_have_count(1, timeout=SLOW)


def test_a_burst_of_twenty_is_told_in_at_most_three_sentences(new_page, login, site: Site):
    room, _middle = site.manage("shell", "-c", FILL.format(number=1, name=something("Druk"))).split()[-2:]
    one, other = new_page(), new_page()
    for page, who in ((one, HILLEGOM), (other, ZANDVOORT)):
        login(page, who)
        page.goto(f"/kringen/kring-c/ruimtes/{room}/")
        live(page)
    other.evaluate(
        """() => { window.told = []; const place = document.querySelector("[data-announcer]");
             new MutationObserver(() => place.textContent && window.told.push(place.textContent))
               .observe(place, { childList: true, characterData: true, subtree: true }); }"""
    )
    say(one, [f"nummer {n}" for n in range(20)])
    expect(message(other, "nummer 19")).to_have_count(1, timeout=SLOW)
    other.wait_for_timeout(7500)
    told = other.evaluate("window.told")
    assert 1 <= len(told) <= 3
    spoken = sum(int(found.group()) if (found := re.match(r"\d+", text)) else 1 for text in told)
    assert spoken == 20
    assert message(other, "nummer").count() == 20


@pytest.mark.once
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_topic_search_and_keys_are_accessible(new_page, login, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    page = enter(new_page(width=width, color_scheme=scheme), login, HILLEGOM)
    live(page)
    page.locator("[data-help]").click()
    expect(page.locator("#room-help")).to_be_visible()
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
    found = Axe().run(page, options=rules).response["violations"]
    page.keyboard.press("Escape")
    topic = page.locator("[data-topic-item] a").first.get_attribute("href")
    room = page.url.split("?")[0]
    for address in (f"{room}{topic}", f"{room}zoeken/?q=balie", f"{room}onderwerpen/{topic.split('=')[1]}/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found += Axe().run(page, options=rules).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
