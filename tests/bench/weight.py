"""Bytes over the wire of a first view, in a real browser with an empty cache, and whether anything leaves the site."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.servers import environment, fill, running_site

KRING = "/kringen/kring-c/"
MEMBER = "deelnemer@hillegom.example"
TARGET = 150_000
OTHERS = {"home": "/", "indicator": "/benchmark/indicatoren/wac_balie_gem/", "practices": "/praktijken/"}


def run(record: Callable[..., Any]) -> None:
    """Open pages as a member, each in a fresh context with only the session's cookie."""
    from playwright.sync_api import sync_playwright

    from tests.e2e.conftest import ARGUMENTS, CHROMIUM, PASSWORD

    if not CHROMIUM:
        record(id="weight.kring", value=None, unit="bytes", target=TARGET, note="no Chromium found")
        return
    with tempfile.TemporaryDirectory(prefix="kringen-bench-weight-") as folder:
        template = Path(folder) / "template"
        template.mkdir()
        env = environment(template, 8000)
        env.pop("DATABASE_URL", None)
        fill(env)
        with running_site({"sqlite": str(template)}, Path(folder) / "site") as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            page = browser.new_page(base_url=site.url)
            page.goto("/accounts/login/")
            page.fill("input[name=login]", MEMBER)
            page.fill("input[name=password]", PASSWORD)
            with page.expect_navigation():
                page.press("input[name=password]", "Enter")
            cookies = page.context.cookies()
            outside: set[str] = set()
            for name, path in {"kring": KRING, **OTHERS}.items():
                weight, kinds, left = _weigh(browser, site.url, path, cookies)
                outside |= left
                record(
                    id=f"weight.{name}",
                    value=weight,
                    unit="bytes",
                    target=TARGET if name == "kring" else None,
                    note=f"{path}, first view: headers and bodies as sent; " + ", ".join(kinds),
                )
            record(
                id="weight.requests-outside",
                value=len(outside),
                unit="requests",
                target=0,
                note=", ".join(sorted(outside)) or "every request stayed on the site",
            )
            browser.close()


def _weigh(browser: Any, home: str, path: str, cookies: list[Any]) -> tuple[int, list[str], set[str]]:
    """Return bytes on the wire, the same per kind, and the addresses outside the site."""
    context = browser.new_context(base_url=home)
    context.add_cookies(cookies)
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}
    outside: set[str] = set()

    def answered(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def asked(event: dict[str, Any]) -> None:
        url = event["request"]["url"]
        if not url.startswith((home, "data:", "blob:")):
            outside.add(url)

    def finished(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "Other")
        sizes[kind] = sizes.get(kind, 0) + int(event["encodedDataLength"])

    network.on("Network.requestWillBeSent", asked)
    network.on("Network.responseReceived", answered)
    network.on("Network.loadingFinished", finished)
    page.goto(path, wait_until="networkidle")
    context.close()
    return sum(sizes.values()), [f"{kind} {size}" for kind, size in sorted(sizes.items())], outside
