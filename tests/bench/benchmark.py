"""How fast figures become answers, on the real 656,657 rows (group `benchmark`); each beside its baseline.

Everything is measured in processes of their own with the site's settings: the rows are imported once into SQLite and,
where a PostgreSQL server answers on its standard address (or `DATABASE_URL`), once into that.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.import_ import step
from tests.servers import Postgres

INDICATORS = 114
# One answer; against the same from ORM rows, and against bare NumPy on the same slice.
ONE_MS, TIMES_PANDAS, TIMES_NUMPY = 3, 50, 4
EXPLORE_MS = 150
BUILD_SECONDS, BUILD_MEGABYTES, REFRESH_SECONDS = 4, 200, 1
CHART_MS = 25
SCRIPT_BYTES, INTERACTIVE_SECONDS = 350_000, 1.5
CHANGED = 10_000
MODULE = "tests.bench.benchmark"  # not __name__: inside a process of its own this is __main__
Record = Callable[..., Any]


def run(record: Record) -> None:
    """Measure and record; a PostgreSQL that is not there and a missing Chromium are said, not skipped silently."""
    load = f"load {os.getloadavg()[0]:.1f} at the start"
    with tempfile.TemporaryDirectory(prefix="kringen-bench-benchmark-") as folder:
        url = f"sqlite:///{Path(folder) / 'site.sqlite3'}"
        if missing := _fill(url):
            record(id="benchmark.answer", value=None, unit="ms", note=missing)
            return
        _answers(record, step("answers", url, MODULE), load)
        _cube(record, "sqlite", url, load)
    server = Postgres(os.environ.get("DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres")
    name = f"kringen_bench_{os.getpid()}"
    try:
        url = server.create(name)
    except Exception as error:  # noqa: BLE001 — whatever is wrong with a server that need not be there
        record(id="benchmark.cube-postgresql", value=None, unit="s", note=f"no PostgreSQL: {error}")
    else:
        try:
            _fill(url)
            _cube(record, "postgresql", url, load)
        finally:
            server.drop(name)
    _wire(record, load)


def _answers(record: Record, told: dict[str, Any], load: str) -> None:
    record(
        id="benchmark.answer",
        value=told["p95"],
        unit="ms",
        baseline=told["numpy"],
        target=ONE_MS,
        note=f"p95 of {told['count']}: one indicator × group × all years, all statistics computed anew, verdicts and "
        f"trend; p50 {told['p50']}, remembered {told['remembered']}; {load}",
    )
    record(
        id="benchmark.answer-times-numpy",
        value=round(told["p50"] / told["numpy"], 2),
        unit="×",
        target=TIMES_NUMPY,
        note=f"p50 against NumPy nanmedian, nanpercentile, nanmean on the same slice: {told['numpy']} ms; {load}",
    )
    record(
        id="benchmark.answer-pandas-times",
        value=round(told["pandas"] / told["p50"], 1),
        unit="×",
        target=TIMES_PANDAS,
        better="more",
        note=f"ORM rows of the indicator into pandas groupby, per request: {told['pandas']} ms; {load}",
    )
    record(
        id="benchmark.explore",
        value=told["explore"],
        unit="ms",
        baseline=told["explore_again"],
        target=EXPLORE_MS,
        note=f"{told['indicators']} indicators × {told['groups']} groups for one municipality, figures computed anew "
        f"(processor {told['explore_processor']} ms); baseline: the same again, figures remembered; {load}",
    )
    record(
        id="benchmark.chart",
        value=told["chart_p95"],
        unit="ms",
        baseline=told["p50"],
        target=CHART_MS,
        note=f"p95 of figure + table + sentence over the API, Django from request to last byte; p50 "
        f"{told['chart_p50']}; processor p50 {told['chart_processor_p50']}, p95 {told['chart_processor_p95']}; {load}",
    )


def _cube(record: Record, name: str, url: str, load: str) -> None:
    built, bare = step("build", url, MODULE), step("bare", url, MODULE)
    record(
        id=f"benchmark.cube-{name}",
        value=built["seconds"],
        unit="s",
        baseline=bare["seconds"],
        target=BUILD_SECONDS,
        note=f"{built['indicators']} indicators from {built['rows']} rows (processor {built['processor']} s); baseline: fetching the bare rows; {load}",
    )
    record(
        id=f"benchmark.cube-{name}-memory",
        value=built["megabytes"],
        unit="MB",
        baseline=built["arrays"],
        target=BUILD_MEGABYTES,
        note="growth of ru_maxrss while building; baseline: the arrays themselves",
    )
    fresh = step("refresh", url, MODULE)
    record(
        id=f"benchmark.cube-{name}-refresh",
        value=fresh["seconds"],
        unit="s",
        baseline=built["seconds"],
        target=REFRESH_SECONDS,
        note=f"the whole cube after an import of {fresh['rows']} rows in {fresh['indicators']} indicators "
        f"(processor {fresh['processor']} s); {load}",
    )


def _fill(url: str) -> str:
    """Make the tables and import the real file; what is missing, when it is."""
    step("make", url)
    told = step("import", url)
    return str(told.get("missing", ""))


# ---- in the browser ---------------------------------------------------------------------------------------------


def _wire(record: Record, load: str) -> None:
    """Bytes of script that a page with a chart fetches because of it, and when the chart can be used."""
    from playwright.sync_api import sync_playwright

    from tests.e2e.conftest import ARGUMENTS, CHROMIUM
    from tests.servers import environment, fill, running_site

    if not CHROMIUM:
        record(id="benchmark.wire", value=None, unit="bytes", note="no Chromium found")
        return
    with tempfile.TemporaryDirectory(prefix="kringen-bench-wire-") as folder:
        template = Path(folder) / "template"
        template.mkdir()
        env = environment(template, 8000)
        env.pop("DATABASE_URL", None)
        fill(env)
        with running_site({"sqlite": str(template)}, Path(folder) / "site") as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            plain = _scripts(browser, site.url, "/praktijken/")
            charted = [_scripts(browser, site.url, "/benchmark/indicatoren/wac_balie_gem/") for _ in range(5)]
            browser.close()
    record(
        id="benchmark.wire",
        value=charted[0][0] - plain[0],
        unit="bytes",
        baseline=plain[0],
        target=SCRIPT_BYTES,
        note="script of the indicator page beyond that of a page without a chart, as sent (brotli)",
    )
    record(
        id="benchmark.interactive",
        value=round(statistics.median(one[1] for one in charted), 2),
        unit="s",
        baseline=round(plain[1], 2),
        target=INTERACTIVE_SECONDS,
        note=f"empty cache, from asking to a chart that answers the mouse; median of 5; baseline: a page without; {load}",
    )


def _scripts(browser: Any, home: str, path: str) -> tuple[int, float]:
    context = browser.new_context(base_url=home, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    kinds: dict[str, str] = {}
    total = 0

    def answered(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def finished(event: dict[str, Any]) -> None:
        nonlocal total
        if kinds.get(event["requestId"]) == "Script":
            total += int(event["encodedDataLength"])

    network.on("Network.responseReceived", answered)
    network.on("Network.loadingFinished", finished)
    began = time.perf_counter()
    page.goto(path, wait_until="load")
    if page.locator("figure[data-chart]").count():
        page.locator("figure[data-chart]").first.scroll_into_view_if_needed()
        page.wait_for_selector(".k-chart--interactive")
    took = time.perf_counter() - began
    page.wait_for_load_state("networkidle")
    context.close()
    return total, took


# ---- inside the processes ---------------------------------------------------------------------------------------


def _megabytes() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _build() -> dict[str, Any]:
    import numpy as np

    from benchmark import cube
    from benchmark.models import Indicator, Measurement

    ids = list(Indicator.objects.values_list("pk", flat=True))
    before, worked, began = _megabytes(), time.process_time(), time.perf_counter()
    parts = cube.current().slices(ids)
    seconds = time.perf_counter() - began
    after = _megabytes()
    arrays = sum(
        one.nbytes
        for part in parts.values()
        for one in (part.value, part.status, part.reason, part.provisional, part.dataset)
        if isinstance(one, np.ndarray)
    )
    return {
        "seconds": round(seconds, 2),
        "processor": round(time.process_time() - worked, 2),
        "megabytes": round(after - before),
        "arrays": round(arrays / 1e6),
        "rows": Measurement.objects.count(),
        "indicators": len(ids),
    }


def _bare() -> dict[str, Any]:
    from django.db import connection

    from benchmark.models import Measurement

    table = Measurement._meta.db_table  # noqa: SLF001
    began = time.perf_counter()
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT indicator_id, municipality_id, year, report, value FROM {table}")
        while cursor.fetchmany(20_000):
            pass
    return {"seconds": round(time.perf_counter() - began, 2)}


def _refresh() -> dict[str, Any]:
    """Bring the whole cube up to date after another process imported: here nothing has looked at it yet."""
    from benchmark import cube
    from benchmark.models import Indicator

    ids = list(Indicator.objects.values_list("pk", flat=True))
    cube.current().slices(ids)
    told = step("change", os.environ["DATABASE_URL"], MODULE)
    worked, began = time.process_time(), time.perf_counter()
    fresh = cube.current()
    parts = fresh.slices(ids)
    seconds, busy = time.perf_counter() - began, time.process_time() - worked
    code, indicator, year, report, value = told["first"]
    part = parts[Indicator.objects.get(code=indicator).pk]
    place = fresh.register.index[fresh.register.by_code[code]]
    found = part.value[part.reports.index(report), place, part.years.tolist().index(year)]
    if abs(found - value - 1) > 1e-6:
        raise AssertionError(f"the cube says {found}, the import {value + 1}")
    return {
        "seconds": round(seconds, 3),
        "processor": round(busy, 3),
        "rows": told["rows"],
        "indicators": told["indicators"],
    }


def _change() -> dict[str, Any]:
    """Import changed figures of the last year."""
    from benchmark import imports
    from benchmark.models import Dataset, Measurement

    rows = list(
        Measurement.objects.filter(year=2024, report="jaarrekening", value__isnull=False)
        .order_by("municipality_id", "indicator_id")
        .values_list("municipality__code", "indicator__code", "year", "report", "value")[:CHANGED]
    )
    lines = [
        {"gm_code": code, "indicator": indicator, "year": year, "report": report, "value": value + 1}
        for code, indicator, year, report, value in rows
    ]
    imports.run_rows(lines, dataset=Dataset.objects.get(), name="wijziging")
    return {"first": rows[0], "rows": len(lines), "indicators": len({line["indicator"] for line in lines})}


def _answer() -> dict[str, Any]:
    from django.contrib.auth.models import AnonymousUser

    from benchmark import asking, cube, positions
    from benchmark.models import Indicator
    from people.models import Municipality

    _size_of_the_register()
    indicators = list(Indicator.objects.select_related("area").order_by("pk"))
    held = cube.current()
    held.slices(one.pk for one in indicators)
    who = asking.reader(AnonymousUser(), Municipality.objects.get(code="GM0534").code)
    keys = [one.key for one in who.choices]

    def one(key: str, indicator: Indicator, *, anew: bool) -> float:
        if anew:
            held.forget_figures()
        began = time.perf_counter()
        asking.ask(who, indicator, group=key)
        return 1000 * (time.perf_counter() - began)

    for indicator in indicators[:10]:
        for key in keys:
            one(key, indicator, anew=True)
    took = [one(key, indicator, anew=True) for indicator in indicators for key in keys]
    again = [one("all", indicator, anew=False) for indicator in indicators for _ in range(2)][1::2]
    chosen = indicators[:: len(indicators) // 12]
    explore, busy = [], []
    for _ in range(7):
        held.forget_figures()
        worked, began = time.process_time(), time.perf_counter()
        found = positions.of(who, indicators, keys)
        explore.append(1000 * (time.perf_counter() - began))
        busy.append(1000 * (time.process_time() - worked))
        began = time.perf_counter()
        positions.of(who, indicators, keys)
        explore.append(1000 * (time.perf_counter() - began))
    told = sum(1 for row in found.values() for position in row.values() if position.value is not None)
    if told < len(indicators) * len(keys) * 0.8:
        raise AssertionError(f"only {told} positions")
    return {
        "p50": round(statistics.median(took), 3),
        "p95": round(statistics.quantiles(took, n=20)[-1], 3),
        "remembered": round(statistics.median(again), 3),
        "count": len(took),
        "numpy": round(statistics.median(_numpy(held, indicator) for indicator in chosen), 3),
        "pandas": round(statistics.median(_pandas(indicator) for indicator in chosen), 2),
        "explore": round(statistics.median(explore[::2]), 1),
        "explore_processor": round(statistics.median(busy), 1),
        "explore_again": round(statistics.median(explore[1::2]), 1),
        "indicators": len(indicators),
        "groups": len(keys),
        **_charts(indicators),
    }


def _size_of_the_register() -> None:
    """Fill what the file of figures does not bring: inhabitants, province, urbanity."""
    from people.imports.run import import_municipalities
    from people.models import MunicipalityYear
    from tests.realdata import DATA

    if not MunicipalityYear.objects.exists():
        for name in ("inwoners_per_jaar.csv", "gemeenten_2022_regioindeling.csv"):
            import_municipalities(source=DATA / name)


def _numpy(held: Any, indicator: Any) -> float:
    """The bare statistics of one report's slice in plain NumPy, in milliseconds."""
    import warnings

    import numpy as np

    part = held.slice(indicator.pk)
    values = part.published(part.reports.index("jaarrekening") if "jaarrekening" in part.reports else 0)
    took = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for _ in range(5):
            began = time.perf_counter()
            np.nanmedian(values, axis=0)
            np.nanpercentile(values, [25, 75], axis=0)
            np.nanmean(values, axis=0)
            took.append(1000 * (time.perf_counter() - began))
    return statistics.median(took)


def _pandas(indicator: Any) -> float:
    """The same answer from ORM rows through a pandas groupby, in milliseconds."""
    import pandas as pd

    from benchmark.models import Measurement

    began = time.perf_counter()
    rows = Measurement.objects.filter(indicator=indicator, report="jaarrekening", status="published")
    frame = pd.DataFrame.from_records(rows.values("municipality_id", "year", "value"))
    if len(frame):
        frame.groupby("year")["value"].describe(percentiles=[0.25, 0.5, 0.75])
    return 1000 * (time.perf_counter() - began)


def _charts(indicators: list[Any]) -> dict[str, float]:
    from django.conf import settings
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"})
    settings.ALLOWED_HOSTS = ["*"]
    took, busy = [], []
    for number, indicator in enumerate([*indicators[:5], *indicators]):
        worked, began = time.process_time(), time.perf_counter()
        answer = client.get(
            "/api/v1/charts/trend", {"indicator": indicator.code, "municipality": "GM0534", "group": "size"}
        )
        if number >= 5:
            took.append(1000 * (time.perf_counter() - began))
            busy.append(1000 * (time.process_time() - worked))
        if answer.status_code != 200:
            raise AssertionError(answer.content)
    return {
        "chart_p50": round(statistics.median(took), 1),
        "chart_p95": round(statistics.quantiles(took, n=20)[-1], 1),
        "chart_processor_p50": round(statistics.median(busy), 1),
        "chart_processor_p95": round(statistics.quantiles(busy, n=20)[-1], 1),
    }


if __name__ == "__main__":
    import django

    django.setup()
    print(
        json.dumps(
            {"answers": _answer, "build": _build, "bare": _bare, "refresh": _refresh, "change": _change}[sys.argv[1]]()
        )
    )
