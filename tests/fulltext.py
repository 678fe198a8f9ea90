"""The full-text table on SQLite.

Wagtail makes it in a migration (it is a virtual table, with triggers that fill it), so a suite that makes its tables
from the models gets an ordinary table that cannot be searched. This puts the real one in its place.
"""

from __future__ import annotations

import pytest
from django.db import connection

_TABLE = "wagtailsearch_indexentry"
_STATEMENTS = f"""
DROP TABLE {_TABLE}_fts;
CREATE VIRTUAL TABLE {_TABLE}_fts USING fts5(autocomplete, body, title);
CREATE TRIGGER insert_{_TABLE}_fts AFTER INSERT ON {_TABLE} BEGIN
  INSERT INTO {_TABLE}_fts(title, body, autocomplete, rowid)
  VALUES (NEW.title, NEW.body, NEW.autocomplete, NEW.id);
END;
CREATE TRIGGER update_{_TABLE}_fts AFTER UPDATE ON {_TABLE} BEGIN
  UPDATE {_TABLE}_fts SET title=NEW.title, body=NEW.body, autocomplete=NEW.autocomplete WHERE rowid=NEW.id;
END;
CREATE TRIGGER delete_{_TABLE}_fts AFTER DELETE ON {_TABLE} BEGIN
  DELETE FROM {_TABLE}_fts WHERE rowid=OLD.id;
END;
"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """After the tables of the models: the virtual table, where migrations have not made it."""
    with django_db_blocker.unblock():
        if connection.vendor != "sqlite":
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [f"{_TABLE}_fts"])
            made = cursor.fetchone()
            if made is not None and "VIRTUAL" not in made[0].upper():
                cursor.connection.executescript(_STATEMENTS)
