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
from pathlib import Path

from goodpractices.stemming import stemmers

MAX_QUERY = 200  # characters; nobody asks for more, and the databases need not try
MAX_TERMS = 12
SHORTEST_SUGGESTION = 4

_WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SURFACE = re.compile(r"[^\W\d_]{4,40}")

_STOP_WORDS = """
aan al als alle bij dan dat de den der deze die dit door een en er geen haar heb hebben heeft het hem hen hier
hij hoe hun ik in is ja je kan kunnen maar me meer men met mijn na naar nee niet nog nu of om onder ons onze
ook op over te tegen ten ter tot uit uw van veel voor waar was wat we wel welke werd wie wij wil worden wordt
ze zelf zich zij zijn zo zonder zou a an and for how of on the to with
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

_SYNONYMS = Path(__file__).with_name("content") / "synonyms.txt"


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
    return tuple(dict.fromkeys(stemmer.stemWord(word) for stemmer in stemmers()))


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


@lru_cache(maxsize=1)
def _groups() -> tuple[dict[str, frozenset[str]], dict[tuple[str, ...], str]]:
    """Read the synonyms: for each stem the stems of its groups, and for each phrase the word that it stands for."""
    together: dict[str, frozenset[str]] = {}
    phrases: dict[tuple[str, ...], str] = {}
    for line in _SYNONYMS.read_text(encoding="utf-8").splitlines():
        group = [fold(word).strip() for word in line.split("#")[0].split(",") if word.strip()]
        single = [word.replace("-", "") for word in group if " " not in word]
        found = frozenset(stem for word in single for stem in stems(word))
        for stem in found:
            together[stem] = together.get(stem, frozenset()) | found
        for phrase in group:
            if " " in phrase:
                phrases[tuple(phrase.split())] = single[0]
    return together, phrases


def _written(query: str) -> Iterator[str]:
    """Yield the words of a question; a known phrase ("waiting time") comes as the word that it stands for."""
    words = _WORD.findall(fold(query[:MAX_QUERY]))
    phrases = _groups()[1]
    longest = max(map(len, phrases), default=1)
    at = 0
    while at < len(words):
        for length in range(min(longest, len(words) - at), 1, -1):
            if (stands_for := phrases.get(tuple(words[at : at + length]))) is not None:
                yield stands_for
                at += length
                break
        else:
            yield words[at]
            at += 1


def terms(query: str) -> tuple[Term, ...]:
    """Return the words of a question that can be looked up: at most twelve, without words that mean nothing here."""
    found: dict[str, Term] = {}
    together = _groups()[0]
    for written in _written(query):
        word = written.replace("-", "")
        if word in STOP_WORDS or word in found:
            continue
        own = stems(word)
        more = sorted({other for stem in own for other in together.get(stem, ())} - set(own))
        found[word] = Term(word, own, tuple(more))
        if len(found) == MAX_TERMS:
            break
    return tuple(found.values())
