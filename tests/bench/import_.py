"""How fast 656,657 rows come in, at what memory, and what the second time costs (group `import`).

Everything is measured in processes of their own with the site's settings: first the import on an empty SQLite file,
then the same file again, then, as baseline, the bare `executemany` of the very same rows into the same tables.
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

ROOT = Path(__file__).resolve().parents[2]
ROWS = 656_657
TARGET_ROWS_PER_SECOND = 40_000
TARGET_MEGABYTES = 600


def run(record: Callable[..., Any]) -> None:
    """Measure and record.

    Args:
        record: takes `id`, `value`, `unit` and optionally `baseline`, `target`, `better` ("more" or "less") and `note`.
    """
    with tempfile.TemporaryDirectory(prefix="kringen-bench-import-") as folder:
        database = Path(folder) / "site.sqlite3"
        _step("make", database)
        first = _step("import", database)
        if first.get("missing"):
            record(id="import.rows-per-second", value=None, unit="rows/s", note=first["missing"])
            return
        again = _step("import", database)
        bare = _step("bare", database)
    record(
        id="import.rows-per-second",
        value=round(first["rows"] / first["seconds"]),
        unit="rows/s",
        baseline=round(bare["rows"] / bare["seconds"]),
        target=TARGET_ROWS_PER_SECOND,
        better="more",
        note=f"{first['rows']} rows, validation included; baseline: bare executemany of the same rows",
    )
    record(
        id="import.peak-memory",
        value=round(first["megabytes"]),
        unit="MB",
        baseline=round(first["megabytes_before"]),
        target=TARGET_MEGABYTES,
        better="less",
        note="ru_maxrss of the importing process; baseline: the same process before it began",
    )
    record(
        id="import.again",
        value=round(again["seconds"], 3),
        unit="s",
        baseline=round(first["seconds"], 3),
        better="less",
        note=f"the same file a second time: {again['sentence']} Values changed: {again['changed']}",
    )


def _step(name: str, database: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.import_", name],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": f"sqlite:///{database}",
            "DJANGO_SETTINGS_MODULE": "kringsite.settings.test",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


# ---- inside the processes -------------------------------------------------------------------------------------
def _make() -> dict[str, Any]:
    from django.apps import apps
    from django.db import connection

    from tests.realdata import DATA, register

    with connection.schema_editor() as editor:
        for label in ("contenttypes", "auth", "auditlog", "people", "benchmark"):
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

    before, started = megabytes(), time.perf_counter()
    summary = imports.run(file, profile="iv3")
    seconds = time.perf_counter() - started
    return {
        "rows": Measurement.objects.count(),
        "seconds": seconds,
        "megabytes_before": before,
        "megabytes": megabytes(),
        "changed": summary.created + summary.changed,
        "sentence": summary.headline,
    }


def _bare() -> dict[str, Any]:
    """Write the same rows into the same, emptied table with one plain executemany."""
    import time

    from django.db import connection

    from benchmark.models import Measurement

    names = [str(field.column) for field in Measurement._meta.concrete_fields if not field.primary_key]  # noqa: SLF001
    columns = ",".join(names)
    connection.ensure_connection()
    database = connection.connection
    table = Measurement._meta.db_table  # noqa: SLF001
    rows = database.execute(f"SELECT {columns} FROM {table} ORDER BY id").fetchall()
    database.execute(f"DELETE FROM {table}")
    started = time.perf_counter()
    database.execute("BEGIN IMMEDIATE")
    database.executemany(f"INSERT INTO {table} ({columns}) VALUES ({','.join('?' * len(names))})", rows)
    database.execute("COMMIT")
    return {"rows": len(rows), "seconds": time.perf_counter() - started}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps({"make": _make, "import": _import, "bare": _bare}[sys.argv[1]]()))
