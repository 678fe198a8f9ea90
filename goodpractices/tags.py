"""Tags: one spelling per word, whoever comes first.

`TAGGIT_CASE_INSENSITIVE` looks first and makes afterwards, so two people who add "KCC" and "kcc" at once make two tags.
Here the looking and the making are one step under a lock; on SQLite a writing transaction already excludes all others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from goodpractices.models import TagSynonym
from people.names import key

MAX_TAGS = 12
LONGEST = 40
_ALLOWED = re.compile(rf"^[\w À-ÿ\-/&]{{1,{LONGEST}}}$")
_LOCK = 0x7A67  # any number that no other part of the site locks


def clean(name: str) -> str:
    """Return a tag as it is stored: composed letters, single spaces.

    Raises:
        ValidationError: a sentence that names the tag and says what is allowed.
    """
    tidy = " ".join(unicodedata.normalize("NFC", name).split())
    if not _ALLOWED.match(tidy) or not key(tidy):
        raise ValidationError(
            _("“%(tag)s” cannot be a tag. Use at most 40 letters, digits, spaces, - / & and nothing else."),
            code="tag",
            params={"tag": tidy[:LONGEST] + ("…" if len(tidy) > LONGEST else "")},
        )
    return tidy


def parse(text: str) -> list[str]:
    """Return the tags in a text with commas between them, each once.

    Raises:
        ValidationError: for the first tag that is not allowed, or when there are more than twelve.
    """
    found: dict[str, str] = {}
    for part in re.split(r"[,;\n]", text):
        if part.strip():
            tidy = clean(part)
            found.setdefault(key(tidy), tidy)
    if len(found) > MAX_TAGS:
        raise ValidationError(
            _("These are %(number)s tags. Keep the %(most)s that say most."),
            code="tags",
            params={"number": len(found), "most": MAX_TAGS},
        )
    return list(found.values())


def existing_or_new(names: Iterable[str]) -> list[Tag]:
    """Return a tag for each name: the one that exists under any capitals or accents, else a new one.

    Call it within the transaction that uses the tags; the lock ends with it.
    """
    wanted = {key(name): name for name in map(clean, names)}
    if not wanted:
        return []
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        known = {one.key: one.tag for one in TagSynonym.objects.filter(key__in=wanted).select_related("tag")}
        for tag in Tag.objects.order_by("-pk"):
            known[key(tag.name)] = tag  # the oldest is kept last, and wins
        wanted = {
            key(known[spelling].name) if spelling in known else spelling: name for spelling, name in wanted.items()
        }
        return [known.get(spelling) or Tag.objects.create(name=name) for spelling, name in wanted.items()]
