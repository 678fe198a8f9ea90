"""`make screenshots`: the pictures of the README, taken from the demo in a real browser.

A server of its own on a fresh demo, so they show what a new user sees. A palette keeps them small.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.e2e.conftest import ARGUMENTS, CHROMIUM, PASSWORD
from tests.servers import ROOT, Site, environment, fill, free_port, need_assets

FOLDER = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1280, 960
MEMBER = "deelnemer@hillegom.example"
PICTURES = {
    "home": "/",
    "room": "/kringen/kring-c/ruimtes/",
    "indicator": "/benchmark/indicatoren/wac_balie_gem/",
    "practices": "/praktijken/?q=telefoon",
}


def small(file: Path) -> None:
    """Write a picture again with a palette: a quarter of its size, and text stays sharp."""
    from PIL import Image

    with Image.open(file) as image:
        paletted = image.convert("RGB").quantize(method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    paletted.save(file, optimize=True)


def log_in(page: Page) -> None:
    """Log the demo's participant of Hillegom in."""
    page.goto("/accounts/login/")
    page.fill("input[name=login]", MEMBER)
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")


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
        browser.close()
    return made


def main() -> int:
    """Fill a demo, serve it, take the pictures; return the exit code."""
    if not CHROMIUM:
        sys.stderr.write("No Chromium found. Install it with: sudo apt-get install chromium\n")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
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
