"""Which questions seem to belong together."""

from kringen.circle.grouping import Group, Text, groups

# From the intake of Kring C (facts 4.3), shortened: who asks, what.
ASKED = [
    (1, "Inrichten van het KCC"),
    (2, "Oriëntatie op midoffice"),
    (2, "Brede functies in het KCC"),
    (3, "Hoe motiveren we burgers om via de website aan te vragen"),
    (3, "Kanaalsturing en midoffice"),
    (4, "Ontwikkelingen in kanaalsturing"),
    (5, "Welke servicenormen kunnen we hanteren"),
]


def texts() -> list[Text]:
    return [Text(key, owner, text) for key, (owner, text) in enumerate(ASKED)]


def test_texts_of_different_municipalities_that_share_a_word_meet_once():
    found = groups(texts())
    assert {(group.word, group.keys) for group in found} == {("KCC", (0, 2)), ("Kanaalsturing", (4, 5))}
    keys = [key for group in found for key in group.keys]
    assert len(keys) == len(set(keys))


def test_the_order_of_the_texts_changes_nothing():
    first = {frozenset(group.keys) for group in groups(texts())}
    assert {frozenset(group.keys) for group in groups(list(reversed(texts())))} == first


def test_one_municipality_alone_makes_no_group():
    assert groups([Text(1, 7, "Midoffice kiezen"), Text(2, 7, "Midoffice inrichten")]) == []


def test_a_word_that_everybody_uses_tells_nothing():
    everybody = [Text(key, key, f"Dienstverlening {word}") for key, word in enumerate(("aan", "en", "van", "op"))]
    assert groups(everybody) == []


def test_words_of_asking_make_no_group():
    """What four municipalities of Kring C wrote (facts 4.3): they share "andere", "vergelijkbare" and "resultaten" only."""
    asked = [
        "Waar liggen voor ons kansen vergeleken met andere gemeenten?",
        "Wat kunnen wij van anderen leren om de dienstverlening te verbeteren?",
        "Hoe ontwikkelt de formatie zich bij vergelijkbare gemeenten?",
        "Hoe verhouden onze resultaten zich tot die van gelijke gemeenten?",
        "Hebben de inspanningen van vorig jaar tot betere resultaten geleid?",
        "Wat zijn onze verbeterpunten?",
        "Ontwikkelingen rond internet",
    ]
    assert groups([Text(key, key, text) for key, text in enumerate(asked)]) == []


def test_the_word_is_shown_as_it_was_written():
    found = groups(
        [
            Text(1, 1, "invoering van het 14-nummer"),
            Text(2, 2, "Wie heeft een 14-nummer?"),
            Text(3, 3, "digitale formulieren"),
            Text(4, 4, "Reünie van de balie"),
        ]
    )
    assert found == [Group("14-nummer", (1, 2))]


def test_inflected_words_and_synonyms_meet():
    found = groups(
        [
            Text(1, 1, "Wachttijden aan de balie"),
            Text(2, 2, "Onze wachttijd is te lang"),
            Text(3, 3, "Formulieren op de website"),
            Text(4, 4, "Tarieven van paspoorten"),
        ]
    )
    assert found[0] == Group("Wachttijden", (1, 2))


def test_nothing_to_group():
    assert groups([]) == []
