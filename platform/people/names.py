"""One spelling per name, so that "Den Haag", "den haag" and "'s-Gravenhage " meet."""

import re
import unicodedata


def key(name: str) -> str:
    """Return the comparison key of a name: no accents, capitals, punctuation or double spaces."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", " ", plain.casefold()).strip()
