"""How fast 656,657 rows come in, at what memory, and what the second time costs (group `import`).

Everything is measured in processes of their own with the site's settings: first the import on an empty database, then
the same file again, then, as baseline, the very same rows by bare `executemany` (SQLite) or `COPY` (PostgreSQL) into
the same table.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.servers import Postgres

ROOT = Path(__file__).resolve().parents[2]
ROWS = 656_657
TARGET_ROWS_PER_SECOND = 60_000
TARGET_MEGABYTES = 600
TARGET_TIMES_BARE = 3
# Whose tables the import and those who listen to it need.
APPS = ("contenttypes", "auth", "auditlog", "taggit", "people", "benchmark", "goodpractices", "kringen")


def run(record: Callable[..., Any]) -> None:
    """Measure and record, on SQLite and where a PostgreSQL answers (`DATABASE_URL`, else its usual port) on that.

    Args:
        record: takes `id`, `value`, `unit` and optionally `baseline`, `target`, `better` ("more" or "less") and `note`.
    """
    with tempfile.TemporaryDirectory(prefix="kringen-bench-import-") as folder:
        _lines(record, "import", f"sqlite:///{Path(folder) / 'site.sqlite3'}", "executemany")
    server = Postgres(os.environ.get("DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres")
    name = f"kringen_bench_import_{os.getpid()}"
    try:
        url = server.create(name)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a server that need not be there
        record(id="import.postgresql.rows-per-second", value=None, unit="rows/s", note=f"no PostgreSQL: {error}")
        return
    try:
        _lines(record, "import.postgresql", url, "COPY")
    finally:
        server.drop(name)


def _lines(record: Callable[..., Any], group: str, url: str, bare_way: str) -> None:
    step("make", url)
    first = step("import", url)
    if first.get("missing"):
        record(id=f"{group}.rows-per-second", value=None, unit="rows/s", note=first["missing"])
        return
    again = step("import", url)
    bare = step("bare", url)
    record(
        id=f"{group}.rows-per-second",
        value=round(first["rows"] / first["seconds"]),
        unit="rows/s",
        baseline=round(bare["rows"] / bare["seconds"]),
        target=TARGET_ROWS_PER_SECOND,
        better="more",
        note=f"{first['rows']} rows, validation and questions included (processor {first['processor']:.1f} s, load "
        f"{os.getloadavg()[0]:.1f}); baseline: bare {bare_way} of the same rows",
    )
    record(
        id=f"{group}.times-bare",
        value=round(first["seconds"] / bare["seconds"], 2),
        unit="×",
        target=TARGET_TIMES_BARE,
        note=f"the whole import against bare {bare_way} of the same rows",
    )
    record(
        id=f"{group}.peak-memory",
        value=round(first["megabytes"]),
        unit="MB",
        baseline=round(first["megabytes_before"]),
        target=TARGET_MEGABYTES,
        better="less",
        note="ru_maxrss of the importing process; baseline: the same process before it began",
    )
    record(
        id=f"{group}.again",
        value=round(again["seconds"], 3),
        unit="s",
        baseline=round(first["seconds"], 3),
        better="less",
        note=f"the same file a second time: {again['sentence']} Values changed: {again['changed']}",
    )


def step(name: str, url: str, module: str = "tests.bench.import_") -> dict[str, Any]:
    """Do one step of a group in a process of its own on the database at `url`; return what it told."""
    done = subprocess.run(
        [sys.executable, "-m", module, name],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "kringsite.settings.test",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr}")
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


# ---- inside the processes -------------------------------------------------------------------------------------
def _make() -> dict[str, Any]:
    from django.apps import apps
    from django.db import connection

    from tests.realdata import DATA, register

    with connection.schema_editor() as editor:
        for label in APPS:
            for model in apps.get_app_config(label).get_models():
                editor.create_model(model)
    if DATA.exists():
        register()
    return {}


def _import() -> dict[str, Any]:
    import resource
    import time

    from benchmark import imports
    from benchmark.models import Measurement
    from tests.realdata import DATA

    file = DATA / "iv3_indicatoren_lang.csv.gz"
    if not file.exists():
        return {"missing": f"the real file is not there: {file}"}

    def megabytes() -> float:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    worked, before, started = time.process_time(), megabytes(), time.perf_counter()
    summary = imports.run(file, profile="iv3")
    seconds = time.perf_counter() - started
    return {
        "rows": Measurement.objects.count(),
        "seconds": seconds,
        "processor": time.process_time() - worked,
        "megabytes_before": before,
        "megabytes": megabytes(),
        "changed": summary.created + summary.changed,
        "sentence": summary.headline,
    }


def _bare() -> dict[str, Any]:
    """Write the same rows into the same, emptied table with one plain executemany, or one COPY."""
    import time

    from django.db import connection

    from benchmark.models import Measurement

    names = [str(field.column) for field in Measurement._meta.concrete_fields if not field.primary_key]  # noqa: SLF001
    columns = ",".join(names)
    connection.ensure_connection()
    database = connection.connection
    table = Measurement._meta.db_table  # noqa: SLF001
    rows = database.execute(f"SELECT {columns} FROM {table} ORDER BY id").fetchall()
    database.execute(f"DELETE FROM {table}" if connection.vendor == "sqlite" else f"TRUNCATE {table} CASCADE")
    started = time.perf_counter()
    if connection.vendor == "sqlite":
        database.execute("BEGIN IMMEDIATE")
        database.executemany(f"INSERT INTO {table} ({columns}) VALUES ({','.join('?' * len(names))})", rows)
        database.execute("COMMIT")
    else:
        with database.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        database.commit()
    return {"rows": len(rows), "seconds": time.perf_counter() - started}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps({"make": _make, "import": _import, "bare": _bare}[sys.argv[1]]()))
