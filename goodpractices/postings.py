"""The words of the library in memory: which practice has a stem, and how much it says about it.

Why not ask the database's full-text index: with 10,000 practices a word that half of them use took 35–50 ms on SQLite
and 100–220 ms on PostgreSQL, because each match must be ranked and brought over before it can be counted for the reader.
Reading the same stems from arrays takes 1–5 ms on both, gives both the same order, and the sets that come out can be
cut with the sets of the catalogue. The database keeps its index too: Wagtail's search reads it, and so does the site
search for pages (`fulltext.py`).
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from goodpractices.words import Term

# BM25. The usual length is a constant: an average would change every weight with each new practice.
_K1 = 1.2
_B = 0.5
_USUAL_LENGTH = 400
_WEIGHT_BITS = 10
_WEIGHT_MASK = (1 << _WEIGHT_BITS) - 1
_SCALE = _WEIGHT_MASK / (_K1 + 1)
_SYNONYM = 0.6  # a synonym says less than the word itself


class Postings:
    """For each stem the positions that have it, in rising order, each with its weight in the low ten bits.

    Positions are only ever added. A practice that changes gets a new position, and its old one is in no set any more;
    so a reader who still holds an older catalogue is not disturbed by what is added meanwhile.
    """

    def __init__(self) -> None:
        self._of: dict[str, array[int]] = {}

    def add(self, position: int, stems: str) -> None:
        """Add the stems of one practice (text as made by `words.stem_text`) at a position beyond all others."""
        counted = Counter(stems.split())
        room = _K1 * (1 - _B + _B * counted.total() / _USUAL_LENGTH)
        base = position << _WEIGHT_BITS
        for stem, times in counted.items():
            weight = int(_SCALE * times * (_K1 + 1) / (times + room))
            found = self._of.get(stem)
            if found is None:
                found = self._of[stem] = array("L")
            found.append(base | max(1, weight))

    def _each(self, stem: str, size: int) -> Iterator[tuple[int, int]]:
        """Yield (position, weight) of a stem, up to the size of the reader's catalogue."""
        limit = size << _WEIGHT_BITS
        for packed in self._of.get(stem, ()):
            if packed >= limit:
                return
            yield packed >> _WEIGHT_BITS, packed & _WEIGHT_MASK

    def having(self, term: Term, size: int) -> int:
        """Return the set of positions that have a word or one of its synonyms."""
        marks = bytearray((size + 7) // 8)
        for stem in (*term.stems, *term.synonyms):
            for position, _ in self._each(stem, size):
                marks[position >> 3] |= 1 << (position & 7)
        return int.from_bytes(marks, "little")

    def matching(self, terms: Sequence[Term], size: int, *, every: bool) -> int:
        """Return the set of positions that have every word, or at least one."""
        sets = [self.having(term, size) for term in terms]
        if not sets:
            return 0
        found = sets[0]
        for other in sets[1:]:
            found = found & other if every else found | other
        return found

    def ranked(self, terms: Iterable[Term], member: bytes) -> list[int]:
        """Return the positions of a set (a byte each, `Catalogue.members`), the best first, later ones before earlier.

        A word counts once, by the best of its stems and synonyms, and rare words count more.
        """
        size = len(member)
        scores = [0.0] * size
        for term in terms:
            best: dict[int, float] = {}
            for stem, worth in [*((stem, 1.0) for stem in term.stems), *((stem, _SYNONYM) for stem in term.synonyms)]:
                frequency = min(len(self._of.get(stem, ())), size)
                rarity = worth * math.log(1 + (size - frequency + 0.5) / (frequency + 0.5))
                for position, weight in self._each(stem, size):
                    if member[position]:
                        score = weight * rarity
                        if score > best.get(position, 0.0):
                            best[position] = score
            for position, score in best.items():
                scores[position] += score
        found = [position for position in range(size) if member[position]]
        found.sort(key=lambda position: (scores[position], position), reverse=True)
        return found
