"""Asks the database's full-text index itself, for texts that are not ours to keep in memory: the pages.

Wagtail's search writes these tables, and this module only reads them. Its own `search()` is not used for reading
because on SQLite it fails on a quotation mark, finds no Dutch word forms, and runs the whole match again for each row
to find that row's score.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from wagtail.search.backends import get_search_backend

from goodpractices.words import Term

# bm25 weights in the order of the table's columns: autocomplete, body, title. `body` holds the stems.
# Which kind a match is of is asked by its number, before its row is read and its score computed: most matches are
# practices, and reading the wide rows of thousands of those took four fifths of the time. The plus keeps SQLite from
# asking the index once per number instead.
_SQLITE = """
SELECT CAST(entry.object_id AS INTEGER), -bm25(wagtailsearch_indexentry_fts, 1.0, 1.0, 2.0) AS score
FROM wagtailsearch_indexentry_fts AS found
CROSS JOIN wagtailsearch_indexentry AS entry ON entry.id = found.rowid
WHERE wagtailsearch_indexentry_fts MATCH %s
  AND +found.rowid IN (SELECT id FROM wagtailsearch_indexentry WHERE content_type_id IN ({kinds}))
ORDER BY score DESC, entry.object_id
"""
_POSTGRESQL = """
SELECT entry.object_id::bigint, ts_rank(entry.body, asked.q, 1) + 2 * ts_rank(entry.title, asked.q) AS score
FROM wagtailsearch_indexentry AS entry, (SELECT to_tsquery(%s::regconfig, %s) AS q) AS asked
WHERE (entry.body @@ asked.q{title}) AND entry.content_type_id IN ({kinds})
ORDER BY score DESC, entry.object_id
"""


def _sqlite_expression(terms: Sequence[Term], *, every: bool, prefix: bool) -> str:
    """Write the question in FTS5's language. Stems hold a–z and 0–9 only, so nothing in them needs escaping."""
    mark = "*" if prefix else ""
    alternatives = (
        "("
        + " OR ".join(f'"{stem}"{mark if len(stem) >= _SAFE_PREFIX else ""}' for stem in (*term.stems, *term.synonyms))
        + ")"
        for term in terms
    )
    columns = "{body title}" if prefix else "{body}"
    return f"{columns} : (" + (" AND " if every else " OR ").join(alternatives) + ")"


def _postgresql_expression(terms: Sequence[Term], *, every: bool, prefix: bool) -> str:
    """Write the question in the language of `to_tsquery`, which stems the stems once more, as the index did."""
    alternatives = []
    for term in terms:
        forms = [f"'{stem}'" for stem in (*term.stems, *term.synonyms)]
        if prefix:
            forms += [f"'{stem}':*" for stem in term.stems if len(stem) >= _SAFE_PREFIX]
        alternatives.append("(" + " | ".join(forms) + ")")
    return (" & " if every else " | ").join(alternatives)


# The beginning of a word stands for its forms only when it is long enough.
_SAFE_PREFIX = 4


def ranked(
    kinds: Sequence[int], terms: Sequence[Term], *, every: bool = True, prefix: bool = False
) -> list[tuple[int, float]]:
    """Return what matches, the best first: primary key and score (higher is better). One query.

    Args:
        kinds: content types to look in.
        terms: the words; without words nothing matches.
        every: whether all words must occur, or one of them is enough.
        prefix: take stems as beginnings of words and look in titles too, for texts indexed without our stems.
    """
    if not terms or not kinds:
        return []
    places = ", ".join(["%s"] * len(kinds))
    if connection.vendor == "postgresql":
        config = get_search_backend().config or "dutch"
        sql = _POSTGRESQL.format(kinds=places, title=" OR entry.title @@ asked.q" if prefix else "")
        arguments = [config, _postgresql_expression(terms, every=every, prefix=prefix), *kinds]
    else:
        sql = _SQLITE.format(kinds=places)
        arguments = [_sqlite_expression(terms, every=every, prefix=prefix), *kinds]
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        return [(int(pk), float(score)) for pk, score in cursor.fetchall()]
