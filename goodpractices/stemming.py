"""The two Dutch stemmers, loaded when the first word is stemmed.

`import snowballstemmer` loads the stemmers of 36 languages, 0.3 to 1 s at every start. Its modules import each other
relatively, so they can be loaded as a package of our own that knows the same folder: only the two that are asked for.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import threading
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Protocol

_PACKAGE = "goodpractices._snowball"


class Stemmer(Protocol):
    """What a stemmer can do."""

    def stemWord(self, word: str) -> str:  # noqa: N802 - the library's name
        """Return the stem of a word in small letters."""


_of_thread = threading.local()


def stemmers() -> tuple[Stemmer, Stemmer]:
    """Return Kraaij-Pohlmann and Porter for Dutch, of this thread: a stemmer holds the word it is at."""
    found: tuple[Stemmer, Stemmer] | None = getattr(_of_thread, "stemmers", None)
    if found is None:
        dutch, porter = _classes()
        found = _of_thread.stemmers = (dutch(), porter())
    return found


@cache
def _classes() -> tuple[Callable[[], Stemmer], Callable[[], Stemmer]]:
    if _PACKAGE not in sys.modules:
        found = importlib.util.find_spec("snowballstemmer")
        if found is None or found.submodule_search_locations is None:
            raise ImportError("snowballstemmer is not installed; run `make` to install what the lock file names.")
        package = ModuleType(_PACKAGE)
        package.__path__ = list(found.submodule_search_locations)
        sys.modules[_PACKAGE] = package
    dutch = importlib.import_module(f"{_PACKAGE}.dutch_stemmer")
    porter = importlib.import_module(f"{_PACKAGE}.dutch_porter_stemmer")
    return dutch.DutchStemmer, porter.DutchPorterStemmer
