"""From text to the stems that are indexed, and from a question to the stems that are looked up.

The index must find Dutch word forms on SQLite, which stems nothing, and on PostgreSQL alike. So both store stems that
are made here. Two stemmers work side by side: Kraaij-Pohlmann joins *gebeld* and *bellen* but splits *antwoord* from
*antwoorden*, Porter does the reverse; a word is found when either agrees.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

MAX_QUERY = 200  # characters; nobody asks for more, and the databases need not try
MAX_TERMS = 12
SHORTEST_SUGGESTION = 4

_WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SURFACE = re.compile(r"[^\W\d_]{4,40}")
_STEMMERS = (snowballstemmer.stemmer("dutch"), snowballstemmer.stemmer("dutch_porter"))

_STOP_WORDS = """
aan al als alle bij dan dat de den der deze die dit door een en er geen haar heb hebben heeft het hem hen hier
hij hoe hun ik in is ja je kan kunnen maar me meer men met mijn na naar nee niet nog nu of om onder ons onze
ook op over te tegen ten ter tot uit uw van veel voor waar was wat we wel welke werd wie wij wil worden wordt
ze zelf zich zij zijn zo zonder zou a an and for how of on the to with
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

# Words that people use for one thing. The areas bring their own synonyms from the database as well.
SYNONYMS: tuple[tuple[str, ...], ...] = (
    ("beschikbaarheid", "toegankelijkheid"),
    ("kcc", "klantcontactcentrum", "klantencontactcentrum", "callcenter"),
    ("balie", "loket"),
    ("pip", "mijnoverheid"),
    ("telefoon", "telefonie", "telefonisch", "bellen"),
    ("burger", "inwoner"),
    ("medewerker", "personeel"),
    ("tarief", "leges"),
    ("openingstijd", "openstelling"),
    ("website", "internet"),
    ("digitaal", "online"),
    ("wachttijd", "wachten"),
    ("levertijd", "afhandeltijd", "doorlooptijd"),
    ("cursus", "training"),
)


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a question.

    Attributes:
        word: as folded from what was typed.
        stems: its own one or two stems. Only a–z and 0–9.
        synonyms: the stems of other words for the same thing; one of all these must occur.
    """

    word: str
    stems: tuple[str, ...]
    synonyms: tuple[str, ...] = ()


def fold(text: str) -> str:
    """Return text without accents and capitals ("Reünie" and "reunie" meet)."""
    spread = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in spread if not unicodedata.combining(letter)).casefold()


def tokens(text: str) -> Iterator[str]:
    """Yield the folded words of a text; a hyphenated word comes whole ("noshow") and in parts ("no", "show")."""
    for found in _WORD.findall(fold(text)):
        if "-" in found:
            yield found.replace("-", "")
            yield from found.split("-")
        else:
            yield found


@lru_cache(maxsize=65536)
def stems(word: str) -> tuple[str, ...]:
    """Return the one or two stems of a folded word."""
    return tuple(dict.fromkeys(stemmer.stemWord(word) for stemmer in _STEMMERS))


def stem_text(text: str) -> str:
    """Return the stems of a text in reading order, for the index."""
    return " ".join(stem for word in tokens(text) if word not in STOP_WORDS for stem in stems(word))


def surface_words(texts: Iterable[str]) -> str:
    """Return the different words of texts as written, in small letters: what a typing error may be corrected to."""
    found: dict[str, None] = {}
    for text in texts:
        for word in _SURFACE.findall(unicodedata.normalize("NFC", text).lower()):
            found.setdefault(word)
    return " ".join(word for word in found if fold(word) not in STOP_WORDS)


def _synonym_stems() -> dict[str, frozenset[str]]:
    """Return for each stem of a synonym the stems of its whole group."""
    groups: dict[str, frozenset[str]] = {}
    for group in SYNONYMS:
        together = frozenset(stem for word in group for stem in stems(word))
        for stem in together:
            groups[stem] = groups.get(stem, frozenset()) | together
    return groups


_SYNONYM_STEMS = _synonym_stems()


def terms(query: str) -> tuple[Term, ...]:
    """Return the words of a question that can be looked up: at most twelve, without words that mean nothing here."""
    found: dict[str, Term] = {}
    for written in _WORD.findall(fold(query[:MAX_QUERY])):
        word = written.replace("-", "")
        if word in STOP_WORDS or word in found:
            continue
        own = stems(word)
        more = sorted({other for stem in own for other in _SYNONYM_STEMS.get(stem, ())} - set(own))
        found[word] = Term(word, own, tuple(more))
        if len(found) == MAX_TERMS:
            break
    return tuple(found.values())
