"""Stems, synonyms, highlights and tags: the small parts."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from taggit.models import Tag

from goodpractices import tags
from goodpractices.highlights import marked, snippet
from goodpractices.words import fold, stem_text, stems, surface_words, terms, tokens


def _stems(query: str) -> frozenset[str]:
    return frozenset(stem for term in terms(query) for stem in (*term.stems, *term.synonyms))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("afspraak", "afspraken"),
        ("antwoord", "antwoorden"),
        ("avondopenstelling", "avondopenstellingen"),
        ("bellen", "gebeld"),
        ("formulier", "formulieren"),
        ("praktijk", "praktijken"),
    ],
)
def test_forms_of_a_word_share_a_stem(one, other):
    assert set(stems(one)) & set(stems(other))


def test_folding_and_tokens():
    assert fold("Reünie ÉÉN") == "reunie een"
    assert list(tokens("No-show bij 14+netnummer, Antwoord©!")) == [
        "noshow",
        "no",
        "show",
        "bij",
        "14",
        "netnummer",
        "antwoord",
    ]
    assert stem_text("De balie en het loket") == "balie loket"
    assert surface_words(["De Reünie van reünie", "een Balie"]) == "reünie balie"


def test_a_long_question_is_cut():
    assert len(terms(" ".join(f"woord{number}" for number in range(100)))) == 12


def test_marks_escape_everything_else():
    assert marked("<b>Afspraken</b> & balie", _stems("afspraak")) == (
        "&lt;b&gt;<mark>Afspraken</mark>&lt;/b&gt; &amp; balie"
    )
    assert marked("<i>", frozenset()) == "&lt;i&gt;"


def test_a_passage_is_the_part_with_the_word():
    text = "Eerst iets anders. " * 10 + "Dan de kennisbank van het team. " + "En nog veel meer. " * 20
    passage = snippet([text], _stems("kennisbanken"))
    assert passage is not None
    assert "<mark>kennisbank</mark>" in passage
    assert passage.startswith("…")
    assert passage.endswith("…")
    assert len(passage) < 260
    assert snippet([text], _stems("zaaksysteem")) is None


@pytest.mark.parametrize(
    "bad",
    ["<b>kcc</b>", "x" * 41, "x" * 200, "a@b", 'quote"', "---", "&", "14+netnummer", "\u202etag"],
)
def test_a_tag_that_is_not_allowed_is_named_in_a_sentence(bad):
    with pytest.raises(ValidationError) as refused:
        tags.parse(bad)
    assert "cannot be a tag" in str(refused.value.messages) or "kan geen" in str(refused.value.messages)


def test_tags_are_split_and_made_one():
    assert tags.parse(" KCC, kcc ;  Één loket,Een loket,, ") == ["KCC", "Één loket"]
    with pytest.raises(ValidationError):
        tags.parse(", ".join(f"tag{number}" for number in range(13)))


def test_an_existing_tag_is_used_whatever_its_capitals(db):
    first = Tag.objects.create(name="DigiD")
    Tag.objects.create(name="digid", slug="digid-2")  # a double from before
    one = Tag.objects.create(name="Één loket")
    assert tags.existing_or_new(["DIGID", "één Loket"]) == [first, one]
    made = tags.existing_or_new(["NUP"])
    assert [tag.name for tag in made] == ["NUP"]
    assert tags.existing_or_new(["nup"]) == made
    assert Tag.objects.count() == 4


def test_a_passage_leaves_out_the_marks_of_markdown():
    assert snippet(["Stappen:\n\n- **Eerst** de [balie](https://x.example)\n1. dan de rest"], _stems("balie")) == (
        "Stappen: Eerst de <mark>balie</mark> dan de rest"
    )


def test_threads_do_not_stem_each_others_words():
    """A stemmer holds the word it is at; rooms are written by eight threads at once."""
    words = [f"{word}{end}" for word in ("wachttijd", "avond", "openstelling", "werk") for end in ("en", "s", "je", "")]
    alone = [stems.__wrapped__(word) for word in words]
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(stems.__wrapped__, words * 50))
    finally:
        sys.setswitchinterval(usual)
    assert together == alone * 50
