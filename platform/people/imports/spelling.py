"""Repairing names that went through the wrong alphabet: "Skarsterl‚n" was Skarsterlân before somebody's Mac."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Every character in the name of a Dutch municipality, and no other.
_SOUND = re.compile(r"[A-Za-zàáâäèéêëìíîïòóôöùúûüÿçñIJijÂÊÔÛÚ'’ ().,/&-]+")
# (how it was read, how it was written)
_MIX_UPS = (
    ("mac_roman", "cp1252"),
    ("cp1252", "utf-8"),
    ("latin-1", "utf-8"),
    ("mac_roman", "utf-8"),
    ("cp850", "cp1252"),
)


def is_sound(name: str) -> bool:
    """Say whether a name has only characters that names of municipalities have."""
    return _SOUND.fullmatch(name) is not None


def repair(name: str, neighbours: Iterable[str] = ()) -> str | None:
    """Return the name as it must have been, or None when that cannot be known.

    Args:
        name: as it stands in the file.
        neighbours: sound names of the same code in other years, the nearest year first. One of them that differs
            only in the damaged characters is taken; else the first transcoding that gives a sound name.
    """
    if is_sound(name):
        return name
    pattern = re.compile("".join(re.escape(each) if is_sound(each) else ".{1,2}" for each in name))
    for neighbour in neighbours:
        if is_sound(neighbour) and pattern.fullmatch(neighbour):
            return neighbour
    for read_as, written_as in _MIX_UPS:
        try:
            candidate = name.encode(read_as).decode(written_as)
        except UnicodeError:
            continue
        if is_sound(candidate):
            return candidate
    return None
