"""`make screenshots`: the pictures of README and docs, taken from the demo in a real browser.

A server of its own on a fresh demo, so they show what a new user sees. A palette keeps them small.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.e2e.conftest import ARGUMENTS, CHROMIUM
from tests.screenshots import rooms
from tests.screenshots.browser import log_in, small
from tests.servers import ROOT, Site, environment, fill, free_port, need_assets

FOLDER = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1280, 960
PICTURES = {
    "home": "/",
    "room": "/kringen/kring-c/ruimtes/",
    "indicator": "/benchmark/indicatoren/wac_balie_gem/",
    "practices": "/praktijken/?q=telefoon",
}


# Every kind of chart beside its table and sentence; light and dark, wide and narrow.
CHARTS = FOLDER / "charts"
INDICATOR = "/benchmark/indicatoren/wac_balie_gem/"
KINDS = ("trend", "distribution", "dumbbell", "heatmap", "map")
OUTLINES = ROOT.parent / "shared" / "data" / "nl" / "gemeenten_2023.geojson"
OFFICE = "bureau@kringen.example"
SHAPES = [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")]


def take(site: Site) -> list[Path]:
    """Take every picture from a running site; return the files."""
    made = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(base_url=site.url, locale="nl-NL", viewport={"width": WIDTH, "height": HEIGHT})
        log_in(page)
        for name, address in PICTURES.items():
            page.goto(address)
            if name == "room":
                page.locator("main a[href*='/ruimtes/']").first.click()
            if name == "indicator":  # past the explanations, to sentence, table and picture
                page.evaluate("document.querySelector('main h2').scrollIntoView({ behavior: 'instant' })")
            page.wait_for_load_state("load")
            page.evaluate("document.fonts.ready")
            page.wait_for_timeout(800)
            file = FOLDER / f"{name}.png"
            page.screenshot(path=file)
            small(file)
            made.append(file)
        bring_outlines(browser, site)
        made += take_charts(browser, site)
        made += rooms.take(browser, site, FOLDER)
        browser.close()
    return made


def bring_outlines(browser: Browser, site: Site) -> None:
    """Let the office bring the real outlines in, where they are at hand; without them the map says what it lacks."""
    if not OUTLINES.exists():
        return
    page = browser.new_page(base_url=site.url, locale="nl-NL")
    log_in(page, OFFICE)
    page.goto("/benchmark/kaart/")
    page.set_input_files("input[name=file]", OUTLINES)
    page.fill("input[name=year]", "2008")
    page.fill("input[name=source]", "CBS en Kadaster")
    page.get_by_role("button", name="Bewaar deze omtrekken").click()
    page.wait_for_selector("tbody tr", timeout=60_000)
    page.close()


def take_charts(browser: Browser, site: Site) -> list[Path]:
    """Take a picture of each kind of chart in each shape; return the files."""
    made = []
    for width, scheme in SHAPES:
        page = browser.new_page(
            base_url=site.url, locale="nl-NL", viewport={"width": width, "height": HEIGHT}, color_scheme=scheme
        )
        log_in(page)
        for kind in KINDS:
            page.goto(f"{INDICATOR}?group=kring&kind={kind}")
            page.evaluate("document.fonts.ready")
            page.wait_for_timeout(500)
            file = CHARTS / f"{kind}-{width}-{scheme}.png"
            page.locator("main .k-beside > div").screenshot(path=file)
            small(file)
            made.append(file)
        page.close()
    return made


def main() -> int:
    """Fill a demo, serve it, take the pictures; return the exit code."""
    if not CHROMIUM:
        sys.stderr.write("No Chromium found. Install it with: sudo apt-get install chromium\n")
        return 1
    CHARTS.mkdir(parents=True, exist_ok=True)
    var = Path(tempfile.mkdtemp(prefix="kringen-pictures-"))
    need_assets()
    port = free_port()
    fill(environment(var, port))
    site = Site(var=var, port=port)
    try:
        site.start()
        for file in take(site):
            sys.stdout.write(f"{file.relative_to(ROOT)}  {file.stat().st_size // 1024} kB\n")
    finally:
        site.stop()
        shutil.rmtree(var, ignore_errors=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
