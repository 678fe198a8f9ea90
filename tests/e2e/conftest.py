"""A real browser (Debian's Chromium) before a real server (tests/servers.py).

Every page made here watches itself: a request that leaves the site, a broken content policy or an uncaught script
error fails the test that opened the page.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.servers import Site

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))), None
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "kringen"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep everything here in one worker (one server, one demo) and skip it where no browser is found."""
    here = [item for item in items if "/e2e/" in str(item.path)]
    for item in here:
        item.add_marker(pytest.mark.e2e)
        item.add_marker(pytest.mark.xdist_group("e2e"))
        item.add_marker(pytest.mark.timeout(180))
        if not CHROMIUM:
            item.add_marker(
                pytest.mark.skip(reason="No Chromium found. Install it with: sudo apt-get install chromium")
            )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole run."""
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield made
        made.close()


class Watch:
    """What a context did that it should not have done."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.faults: list[str] = []

    def follow(self, context: BrowserContext) -> None:
        """Look at every request, console line and script error of `context`."""
        context.on("request", lambda request: self.request(request.url))
        context.on("console", self.console)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))

    def request(self, url: str) -> None:
        """Note a request that leaves the site."""
        if not url.startswith((self.home, "data:", "blob:", "about:", self.home.replace("http", "ws", 1))):
            self.faults.append(f"request outside the site: {url}")

    def console(self, message: ConsoleMessage) -> None:
        """Note a refusal by the content policy."""
        if message.type == "error" and "Content Security Policy" in message.text:
            self.faults.append(message.text)


NewPage = Callable[..., Page]


@pytest.fixture
def new_page(browser: Browser, site: Site) -> Iterator[NewPage]:
    """Make pages, each in a context (a person at a machine) of its own.

    Call it as `new_page(width=360, height=740, java_script_enabled=False, color_scheme="dark", …)`: anything that
    playwright's `new_context` takes. Relative addresses start at the site.
    """
    watch, contexts = Watch(site.url), []

    def make(width: int = 1280, height: int = 900, **options: object) -> Page:
        context = browser.new_context(
            base_url=site.url, locale="nl-NL", viewport={"width": width, "height": height}, **options
        )
        context.set_default_timeout(15_000)
        watch.follow(context)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert watch.faults == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page of 1280 × 900 of somebody who is not logged in."""
    return new_page()


_cookies: dict[tuple[str, str], list] = {}


@pytest.fixture
def login(site: Site) -> Callable[..., Page]:
    """Log somebody in: `login(page, "deelnemer@hillegom.example")`.

    The form is filled in once per person; later pages get the same session by its cookie. `fresh=True` always goes
    through the form (for tests that log out).
    """

    def enter(page: Page, email: str, *, password: str = PASSWORD, fresh: bool = False) -> Page:
        known = _cookies.get((site.url, email))
        if known and not fresh:
            page.context.add_cookies(known)
            return page
        page.goto("/accounts/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", password)
        with page.expect_navigation():
            page.press("input[name=password]", "Enter")
        if page.url.rstrip("/").endswith("/accounts/login"):
            raise AssertionError(f"{email} could not log in: {page.inner_text('main')[:500]}")
        if not fresh:
            _cookies[site.url, email] = page.context.cookies()
        return page

    return enter
