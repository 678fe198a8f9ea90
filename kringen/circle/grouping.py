"""Which questions and themes of different municipalities seem to be about the same. Pure, and only a suggestion.

Two texts belong together when they share a stem that is not in most of the texts: a word like "dienstverlening" that
everybody uses says nothing, and a word of asking ("leren", "vergelijkbaar", "vorig jaar") says nothing however rare it
is. The words are those of the practice search, so synonyms meet as well.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from goodpractices import words

COMMON = 0.5  # a word in more than this share of the texts tells them apart from nothing
SHORTEST = 3
MOST = 6

_WRITTEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# What municipalities ask with, beside the stop words of the search: what they do, how much of it, when, and the words
# for themselves. None of these is what a question is about.
_SAYS_NOTHING = """
aandacht aanpak aanpakken behalen bekijken beleven bepalen bereiken betekenen betekent bieden blijven brengen deden
denken doen doet ervaren ervaring ervaringen gaan gaat geleid geven geeft halen hanteren helpen hielp hopen houden
ingezet inrichten inspanning inspanningen inzet inzetten kennen kiezen kijken komen komt krijgen kunt laten leiden
leren leerde leerden letten liggen lijken maken merken moet moeten mogen motiveren noemen omgaan onderbrengen
ontwikkelen ontwikkelt ontwikkeling ontwikkelingen oplossen opbouwen organiseren oriëntatie passen pakken plan
plannen regelen richten scoren score scores slagen staan staat stellen terugzien toepassen uitbreiden uitbreiding
uitvoeren verbeteren verbetering verbeteringen verbeteracties verbeterpunt verbeterpunten verder vergelijken
vergelijking vergeleken verhouden verhouding verkennen verkenning vinden voeren vraagt weten werken werkt willen
zetten zien zoeken zorgen
ander andere anderen belangrijk belangrijkste beter betere best beste bepaalde breed brede bredere diverse eigen geheel
gelijk gelijke gezamenlijk goed goede groot grote grotere hoog hoger huidige klein kleine kort lang lager mogelijk
nieuw nieuwe samen snel sneller sterk vaak vaker vergelijkbaar vergelijkbare verschillende volgend volgende vooral
vorig vorige weinig zover
aspect aspecten burger burgers deelnemer deelnemers dienst diensten dienstverlening ding dingen fase gebied gebieden
gemeente gemeenten inwoner inwoners jaar jaren kans kansen keer klant klanten kring kringen manier manieren mensen
niveau onderdeel onderdelen onderwerp onderwerpen organisatie plaats plek probleem problemen punt punten relatie
resultaat resultaten situatie stap stappen stelling stellingen thema themas tijd toekomst verhaal voorbeeld
voorbeelden vraag vragen vraagstuk vraagstukken weg zaak zaken
"""


@dataclass(frozen=True)
class Text:
    """Something a municipality asked or works on."""

    key: int
    owner: int
    text: str


@dataclass(frozen=True)
class Group:
    """Texts of at least two municipalities that share a word; `word` is written as the first of them wrote it."""

    word: str
    keys: tuple[int, ...]


def groups(texts: Sequence[Text]) -> list[Group]:
    """Return texts that seem to belong together, the word of most municipalities first; each text once at most."""
    having: dict[str, list[Text]] = defaultdict(list)
    written: dict[str, str] = {}
    for text in texts:
        for stem, word in _stems(text.text).items():
            having[stem].append(text)
            written.setdefault(stem, word)
    most = max(2, int(len(texts) * COMMON))
    # Sorted by the word as well: the same texts give the same groups, in whatever order they come.
    ranked = sorted(
        (stem for stem, found in having.items() if len(found) <= most),
        key=lambda stem: (-len({text.owner for text in having[stem]}), -len(having[stem]), stem),
    )
    taken: set[int] = set()
    made: list[tuple[int, Group]] = []
    for stem in ranked:
        free = [text for text in having[stem] if text.key not in taken]
        owners = len({text.owner for text in free})
        if owners > 1:
            made.append((owners, Group(written[stem], tuple(text.key for text in free))))
            taken |= {text.key for text in free}
    # Once more: a word may have lost texts to one before it.
    return [group for _owners, group in sorted(made, key=lambda pair: -pair[0])][:MOST]


@lru_cache(maxsize=1)
def _empty_stems() -> frozenset[str]:
    """Return the stems of the words that say nothing; the stemmers are loaded when first asked for."""
    return frozenset(stem for word in words.tokens(_SAYS_NOTHING) for stem in words.stems(word))


def _stems(text: str) -> dict[str, str]:
    """Return the stems of a text, each with the word it was written as; of synonyms the first stem stands for all."""
    shown = {words.fold(word).replace("-", ""): word for word in reversed(_WRITTEN.findall(text))}
    found: dict[str, str] = {}
    for term in words.terms(text[: words.MAX_QUERY]):
        if len(term.word) < SHORTEST or set(term.stems) <= _empty_stems():
            continue
        word = shown.get(term.word, term.word)
        found.setdefault(min((*term.stems, *term.synonyms)), word[:1].upper() + word[1:])
    return found
