"""One door for ranking by meaning, off unless a site names a ranker in `PRACTICE_RANKER`.

A ranker is a function that takes a question and the primary keys of the best practices, and returns those keys in its
own order. It never adds a practice, so rights and counts are those of the search itself.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from goodpractices.catalogue import Catalogue

log = logging.getLogger(__name__)
BEST = 100  # how many of the best are put in another order


def reordered(query: str, positions: list[int], library: Catalogue) -> list[int]:
    """Return positions in the order of the site's ranker, or as they came where there is none or it fails."""
    path: str = getattr(settings, "PRACTICE_RANKER", "")
    if not path:
        return positions
    best = positions[:BEST]
    keys = [library.rows[at].pk for at in best]
    try:
        order = [library.positions[pk] for pk in import_string(path)(query, keys) if pk in set(keys)]
    except Exception:
        # An extra must not take the search along when it falls.
        log.exception("The ranker %s failed", path)
        return positions
    chosen = set(order)
    return [*dict.fromkeys(order), *(at for at in best if at not in chosen), *positions[BEST:]]
