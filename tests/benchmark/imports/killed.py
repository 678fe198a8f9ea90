"""Imports a file into its own SQLite database and tells how far it is: a process to be killed (test_killed.py).

`python killed.py make FILE DATABASE` makes both; `python killed.py import FILE DATABASE` imports the file.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ROWS_YEARS = range(1990, 2010)
PLACES = 120


def make(file: Path) -> None:
    """Make the tables that an import needs, a register, and a file of 60,000 rows."""
    from django.apps import apps
    from django.db import connection

    from benchmark.models import Dataset, ImportBatch, Measurement
    from people.models import Municipality

    with connection.schema_editor() as editor:
        for label in ("contenttypes", "auth", "auditlog", "people", "benchmark"):
            for model in apps.get_app_config(label).get_models():
                editor.create_model(model)
    places = Municipality.objects.bulk_create(
        Municipality(code=f"GM{at:04}", name=f"Gemeente {at}") for at in range(1, PLACES + 1)
    )
    with file.open("w") as target:
        target.write("jaar,verslagsoort,gm_code,inwoners,indicator,waarde_x1000_euro\n")
        for place in places:
            for year in ROWS_YEARS:
                for at in range(25):
                    target.write(f"{year},{year}X005,{place.code},20000,post_{at},{at * year}.0\n")
    assert (Dataset.objects.count(), ImportBatch.objects.count(), Measurement.objects.count()) == (0, 0, 0)


def bring(file: Path) -> None:
    """Import the file, with a line per step."""
    from benchmark import imports

    summary = imports.run(
        file,
        profile="iv3",
        progress=lambda stage, done, total: print(stage, done, total, flush=True),  # noqa: T201
    )
    print("done", summary.created, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "platform")]
    import django
    from django.conf import settings

    from kringsite.settings.base import sqlite

    # Only what an import needs: the whole site takes seconds to start, and this is started five times.
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "auditlog", "people", "benchmark"],
        AUTH_USER_MODEL="people.User",
        DATABASES={"default": sqlite(sys.argv[3])},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        DEMO_TODAY=None,
        IMPORT_MAX_BYTES=200 * 1024**2,
    )
    django.setup()
    {"make": make, "import": bring}[sys.argv[1]](Path(sys.argv[2]))
