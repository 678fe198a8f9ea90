"""Marks the words that were asked for in the texts that were found."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from goodpractices.words import stems, tokens

_PIECE = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_SNIPPET = 220  # characters
_BEFORE = 60
# The marks of Markdown mean nothing in a passage.
_PLAIN = re.compile(r"(?m)^\s*(?:[-*+]|\d+[.)])\s+|\]\([^)]*\)|[#*_`>\[\]|]+")


def _hit(word: str, wanted: AbstractSet[str]) -> bool:
    return any(stem in wanted for token in tokens(word) for stem in stems(token))


def marked(text: str, wanted: AbstractSet[str]) -> SafeString:
    """Return text as safe HTML with `<mark>` around the words whose stem is wanted."""
    if not wanted:
        return escape(text)
    parts: list[str] = []
    last = 0
    for found in _PIECE.finditer(text):
        if _hit(found.group(), wanted):
            parts += [escape(text[last : found.start()]), "<mark>", escape(found.group()), "</mark>"]
            last = found.end()
    parts.append(escape(text[last:]))
    return mark_safe("".join(parts))  # noqa: S308 - every piece is escaped above


def snippet(texts: list[str], wanted: AbstractSet[str]) -> SafeString | None:
    """Return the first passage (about 220 characters) with a wanted word, marked; None when no text has one."""
    if not wanted:
        return None
    for text in texts:
        plain = " ".join(_PLAIN.sub(" ", text).split())
        for found in _PIECE.finditer(plain):
            if not _hit(found.group(), wanted):
                continue
            start = max(0, found.start() - _BEFORE)
            if start:
                start = plain.find(" ", start) + 1
            piece = plain[start : start + _SNIPPET]
            if start + _SNIPPET < len(plain):
                piece = piece.rsplit(" ", 1)[0] + "…"
            return marked(("…" if start else "") + piece, wanted)
    return None
