"""What a question with a typing error may have meant: the nearest word that its reader can find.

A word that stands only on practices outside the reader's reach is never suggested.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from itertools import islice
from typing import Final

from goodpractices.catalogue import Catalogue
from goodpractices.models import GoodPractice
from goodpractices.words import SHORTEST_SUGGESTION, Term, fold, terms

_SUGGEST_FROM: Final = 78.0  # rapidfuzz score; below this a word is another word, not a typing error
_NEAREST: Final = 5
_vocabulary_lock = threading.Lock()
_vocabulary: tuple[Catalogue, dict[str, str], dict[str, int]] | None = None


def _vocabulary_of(library: Catalogue) -> tuple[dict[str, str], dict[str, int]]:
    """Return each word of the library folded, and the set of practices it stands in; made once per revision."""
    global _vocabulary  # noqa: PLW0603 - the one copy of this process
    known = _vocabulary
    if known is not None and known[0] is library:
        return known[1:]
    with _vocabulary_lock:
        marks: dict[str, bytearray] = {}
        width = (len(library.rows) + 7) // 8
        published = GoodPractice.objects.filter(state=GoodPractice.State.PUBLISHED)
        for pk, words in published.values_list("pk", "words").iterator(chunk_size=2000):
            position = library.positions.get(pk)
            if position is not None:
                for word in words.split():
                    if word not in marks:
                        marks[word] = bytearray(width)
                    marks[word][position >> 3] |= 1 << (position & 7)
        folded = {word: fold(word) for word in marks}
        places = {word: int.from_bytes(mark, "little") for word, mark in marks.items()}
        _vocabulary = (library, folded, places)
        return folded, places


def meant(library: Catalogue, visible: int, asked_terms: Sequence[Term]) -> str:
    """Return the question with unknown words replaced by the nearest word that the reader can find; else nothing."""
    from rapidfuzz import fuzz, process

    folded, places = _vocabulary_of(library)
    size = len(library.rows)
    corrected: list[str] = []
    changed = False
    for term in asked_terms:
        if len(term.word) < SHORTEST_SUGGESTION or library.postings.having(term, size) & visible:
            corrected.append(term.word)
            continue
        # Asked of all words, and then only those that the reader can find: picking these first costs more.
        nearest = process.extract(term.word, folded, scorer=fuzz.ratio, score_cutoff=_SUGGEST_FROM, limit=None)
        near = list(islice((hit for hit in nearest if places[hit[2]] & visible), _NEAREST))
        if not near:
            corrected.append(term.word)
            continue
        best = max(near, key=lambda hit: (round(hit[1]), (places[hit[2]] & visible).bit_count(), hit[2]))
        corrected.append(best[2])
        changed = True
    if not changed:
        return ""
    suggestion = " ".join(corrected)
    return suggestion if library.postings.matching(terms(suggestion), size, every=True) & visible else ""
