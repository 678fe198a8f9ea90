"""What is found, what is counted and what must not be."""

from __future__ import annotations

import itertools

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmark.models import Area
from goodpractices import catalogue, indexing
from goodpractices.catalogue import FACETS
from goodpractices.models import GoodPractice
from goodpractices.permissions import reach_of
from goodpractices.search import Asked, Found, find
from goodpractices.words import terms
from people import clock
from people.models import MunicipalityYear, User
from tests.cast import Cast

State = GoodPractice.State
Visibility = GoodPractice.Visibility


def ask(user: User | None, address: str = "", page_size: int = 20) -> Found:
    """Search with the parameters of an address."""
    return find(user, Asked.of(QueryDict(address)), page_size=page_size)


def titles(user: User | None, address: str = "") -> list[str]:
    """Return the titles found, in order."""
    by_id = GoodPractice.objects.in_bulk(ask(user, address).ids)
    return [by_id[pk].title for pk in ask(user, address).ids]


def counts(found: Found, facet: str) -> dict[str, int]:
    """Return the counts of a facet by its value in the address."""
    return {choice.value: choice.count for choice in found.facets[facet]}


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("afspraken", "Elke inwoner maakt een afspraak."),
        ("afspraak", "Wij werken op afspraken."),
        ("avondopenstellingen", "Er is een avondopenstelling."),
        ("AVONDOPENSTELLING", "Twee avondopenstellingen per week."),
        ("Antwoord@", "Wij volgen Antwoord© van begin tot eind."),
        ("antwoord", "Eén Antwoord© voor iedereen."),
        ("antwoorden", "Het antwoord staat in de kennisbank."),
        ("gebeld", "Inwoners bellen minder."),
        ("reunie", "De reünie van de baliemedewerkers."),
        ("één loket", "Alles aan een loket."),
        ("callcenter", "Het KCC neemt op."),
        ("noshow", "Minder no-show bij de balie."),
        ("no-show", "De no-show daalde."),
        ("email", "Wij sturen een e-mail."),
        ("14+netnummer", "Het 14+netnummer is ingevoerd."),
        ("telefonische", "De telefoon gaat vaker over."),
        ("midoffice", "Ervaringen met een midoffice."),
    ],
)
def test_finds_dutch_word_forms_and_synonyms(make, query, text):
    wanted = make("Wanted", situation=text, summary="x", approach="y", areas=[])
    make("Other", situation="Iets anders.", summary="x", approach="y", areas=[])
    assert ask(
        None, QueryDict(mutable=True).urlencode() + f"q={query.replace('+', '%2B').replace('&', '%26')}"
    ).ids == (wanted.pk,)


def test_the_second_name_of_an_area_finds_its_practices(make, availability: Area):
    wanted = make("Een ingang", areas=[availability])
    make("Iets anders", areas=[])
    assert ask(None, "q=toegankelijkheid").ids == (wanted.pk,)
    assert ask(None, "q=beschikbaarheid").ids == (wanted.pk,)


def test_a_word_in_the_title_weighs_more_than_in_the_text(make):
    in_text = make("Alpha", approach="Kennisbank.")
    in_title = make("Kennisbank voor iedereen")
    assert ask(None, "q=kennisbank").ids == (in_title.pk, in_text.pk)
    assert ask(None, "q=kennisbank&sort=newest").ids == (in_title.pk, in_text.pk)
    assert ask(None, "sort=newest").ids == (in_title.pk, in_text.pk)


def test_all_words_must_occur_and_if_none_has_all_some_do(make):
    both = make("Training telefoneren")
    one = make("Training")
    assert ask(None, "q=training+telefoneren").ids == (both.pk,)
    found = ask(None, "q=training+vergunningverlening")
    assert found.some_words is True
    assert set(found.ids) == {both.pk, one.pk}


@pytest.mark.parametrize(("query", "meant"), [("avondopenstelilng", "avondopenstelling"), ("kenisbank", "kennisbank")])
def test_suggests_what_a_typing_error_may_have_meant(make, query, meant):
    make("Avondopenstelling met kennisbank")
    found = ask(None, f"q={query}")
    assert (found.total, found.suggestion) == (1, meant)
    assert ask(None, f"q={meant}").total == 1


def test_a_draft_is_in_no_result_count_or_suggestion(cast: Cast, make):
    make("Gepubliceerd", tags=["open"])
    for state in (State.DRAFT, State.REVIEW, State.ARCHIVED):
        make(
            f"Geheimtaal {state}",
            state=state,
            municipality=cast.zandvoort,
            tags=[f"verborgen-{state}"],
            year=2007,
            areas=[],
        )
    for name, user in cast.everyone().items():
        found = ask(user)
        assert found.total == 1, name
        assert counts(found, "tag") == {"open": 1}, name
        assert counts(found, "municipality") == {"GM0534": 1}, name
        assert counts(found, "year") == {}, name
        assert ask(user, "q=geheimtaal").total == 0, name
        assert ask(user, "q=geheimtal").suggestion == "", name
        hidden, unknown = ask(user, "tag=verborgen-draft"), ask(user, "tag=bestaat-niet")
        assert hidden == unknown, name
        assert ask(user, "municipality=GM0473") == ask(user, "municipality=GM9999"), name


def test_each_viewpoint_sees_what_is_meant_for_it(cast: Cast, make):
    def add(title, visibility, where):
        make(title, visibility=visibility, municipality=where)

    add("Public", Visibility.PUBLIC, cast.zandvoort)
    add("Shared", Visibility.PARTICIPANTS, cast.zandvoort)
    add("Kring", Visibility.KRING, cast.zandvoort)
    add("Delft", Visibility.KRING, cast.delft)
    expected = {
        "public": {"Public"},
        "participant": {"Public", "Shared", "Kring"},
        "facilitator": {"Public", "Shared", "Kring"},
        "editor": {"Public", "Shared"},
        "validator": {"Public", "Shared"},
        "office": {"Public", "Shared", "Kring", "Delft"},
        "steering": {"Public", "Shared"},
        "admin": {"Public", "Shared", "Kring", "Delft"},
        "stranger": {"Public", "Shared", "Delft"},
        "deactivated": {"Public"},
    }
    for name, user in cast.everyone().items():
        assert set(titles(user)) == expected[name], name
        assert {practice.title for practice in GoodPractice.objects.published_to(user)} == expected[name], name


def test_the_counts_in_memory_and_the_query_follow_one_rule(cast: Cast, make):
    for state, visibility, where in itertools.product(
        State.values, Visibility.values, [cast.hillegom, cast.zandvoort, cast.beverwijk, cast.delft]
    ):
        make(f"{state} {visibility} {where}", state=state, visibility=visibility, municipality=where)
    library = catalogue.current()
    for name, user in cast.everyone().items():
        expected = set(GoodPractice.objects.published_to(user).values_list("pk", flat=True))
        assert library.reached(reach_of(user)) == library.set_of(expected), name
        assert set(ask(user, page_size=100).ids) == expected, name


_VALUES = {
    "area": ["wachttijden", "bejegening", "nergens"],
    "organisation": ["processen", "ict", "middelen"],
    "phase": ["1", "3", "5", "x"],
    "tag": ["kcc", "digid", "balie"],
    "municipality": ["GM0534", "GM0473", "GM0503"],
    "year": ["2007", "2008", "2009"],
    "size": ["0", "1", "2", "x"],
    "evidence": ["0", "1", "2", "9"],
}


@pytest.fixture
def shelf(cast: Cast, make) -> list[GoodPractice]:
    """Sixty practices in many combinations, a third of them not for everybody."""
    manner = Area.objects.create(slug="bejegening", name="Bejegening")
    for where, inhabitants in ((cast.hillegom, 20_600), (cast.zandvoort, 25_000)):
        MunicipalityYear.objects.create(municipality=where, year=2009, inhabitants=inhabitants)
    return [
        make(
            f"Praktijk {number}",
            municipality=[cast.hillegom, cast.zandvoort, cast.delft][number % 3],
            areas=[[cast.area], [manner], [cast.area, manner], []][number % 4],
            organisation_area=["processen", "ict", ""][number % 3 if number % 7 else 2],
            phase=[1, 3, None, 5][(number // 3) % 4],
            year=[2007, 2008, None][(number // 2) % 3],
            tags=[tag for at, tag in enumerate(["kcc", "digid", "balie"]) if number % (at + 2) == 0],
            state=[State.PUBLISHED, State.PUBLISHED, State.PUBLISHED, State.DRAFT][number % 4],
            visibility=list(Visibility)[number % 3],
            situation="balie" if number % 5 else "telefoon",
            evidence=number % 3,
        )
        for number in range(60)
    ]


def _carries(practice: GoodPractice, facet: str) -> set[str]:
    """Return the values of a facet that a practice carries, the slow and certain way."""
    return {
        "area": lambda: {area.slug for area in practice.shown_areas},
        "organisation": lambda: {practice.organisation_area} - {""},
        "phase": lambda: {str(practice.phase)} - {"None"},
        "tag": lambda: {tag.slug for tag in practice.shown_tags},
        "municipality": lambda: {practice.municipality.code},
        "year": lambda: {str(practice.year)} - {"None"},
        "size": lambda: {"GM0534": {"0"}, "GM0473": {"1"}}.get(practice.municipality.code, set()),
        "evidence": lambda: {str(practice.evidence)},
    }[facet]()


def test_counts_are_right_under_every_combination(cast: Cast, shelf):
    people = cast.everyone()

    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        who=st.sampled_from(sorted(people)),
        chosen=st.fixed_dictionaries(
            {},
            optional={
                facet: st.lists(st.sampled_from(values), min_size=1, max_size=2) for facet, values in _VALUES.items()
            },
        ),
        query=st.sampled_from(["", "telefoon", "balie"]),
    )
    def check(who: str, chosen: dict[str, list[str]], query: str) -> None:
        address = QueryDict(mutable=True)
        for facet, values in chosen.items():
            address.setlist(facet, values)
        address["q"] = query
        found = ask(people[who], address.urlencode(), page_size=100)
        visible = [
            (practice, {facet: _carries(practice, facet) for facet in FACETS})
            for practice in GoodPractice.objects.published_to(people[who]).for_cards()
            if not query or query in f"{practice.situation} {' '.join(_carries(practice, 'tag'))}"
        ]

        def fits(carried: dict[str, set[str]], without: str = "") -> bool:
            return all(carried[facet] & set(values) for facet, values in chosen.items() if facet != without)

        assert set(found.ids) == {practice.pk for practice, carried in visible if fits(carried)}
        assert found.total == len(found.ids)
        for facet in FACETS:
            expected: dict[str, int] = {}
            for _, carried in visible:
                if fits(carried, without=facet):
                    for value in carried[facet]:
                        expected[value] = expected.get(value, 0) + 1
            shown = {value: number for value, number in counts(found, facet).items() if number}
            assert shown == expected, facet

    check()


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("medewerker", "Elke baliemedewerker oefent."),
        ("openstelling", "Er is een avondopenstelling."),
        ("telefoon", "De telefooncentrale is weg."),
        ("klachtenformulier", "Een formulier voor wie klachten heeft."),
        ("wachttijdnorm", "De norm voor de wachttijd is 15 minuten."),
        ("waiting time", "De wachttijd is korter."),
        ("Opening hours", "De openingstijden zijn ruimer."),
        ("appointments", "Alles gaat op afspraak."),
        ("call centre", "Het KCC neemt op."),
    ],
)
def test_finds_compounds_their_parts_and_english(make, query, text):
    wanted = make("Wanted", situation=text, summary="x", approach="y", areas=[])
    make("Other", situation="Het openbaar vervoer is openlijk besproken.", summary="x", approach="y", areas=[])
    assert ask(None, f"q={query.replace(' ', '+')}").ids == (wanted.pk,)


def test_the_most_adopted_the_best_effect_and_the_newest_come_first(make):
    one = make("Alfa", adopters=2, proven=None)
    two = make("Beta", adopters=9, proven=-0.2)
    three = make("Drie", adopters=9, proven=0.7)
    assert ask(None, "sort=adopted").ids == (three.pk, two.pk, one.pk)
    assert ask(None, "sort=effect").ids == (three.pk, two.pk, one.pk)
    assert ask(None, "sort=newest").ids == (three.pk, two.pk, one.pk)
    one.proven = 1.5
    one.save()
    assert ask(None, "sort=effect&q=praktijk+alfa+beta").ids == (one.pk, two.pk)
    assert ask(None, "sort=nonsense").ids == (three.pk, two.pk, one.pk)


def test_like_my_municipality_keeps_those_of_about_the_same_size(cast: Cast, make):
    sizes = {cast.hillegom: 20_000, cast.zandvoort: 30_000, cast.beverwijk: 30_001, cast.delft: 13_333}
    for where, inhabitants in sizes.items():
        MunicipalityYear.objects.create(municipality=where, year=2001, inhabitants=inhabitants)
        make(f"Van {where.name}", municipality=where)
    assert set(titles(cast.participant, "like=1")) == {"Van Hillegom", "Van Zandvoort"}
    assert counts(ask(cast.participant, "like=1"), "municipality") == {"GM0534": 1, "GM0473": 1}
    assert ask(None, "like=1").total == 0
    MunicipalityYear.objects.create(municipality=cast.beverwijk, year=clock.today().year, inhabitants=25_000)
    assert "Van Beverwijk" in titles(cast.participant, "like=1")


def _backwards(query: str, keys: list[int]) -> list[int]:
    return [*reversed(keys), 0]


def _broken(query: str, keys: list[int]) -> list[int]:
    raise RuntimeError(query)


def test_a_ranker_may_change_the_order_and_nothing_else(make, settings):
    first, second = make("Balie balie"), make("Iets", situation="balie")
    assert ask(None, "q=balie").ids == (first.pk, second.pk)
    settings.PRACTICE_RANKER = f"{__name__}._backwards"
    assert ask(None, "q=balie").ids == (second.pk, first.pk)
    settings.PRACTICE_RANKER = f"{__name__}._broken"
    assert ask(None, "q=balie").ids == (first.pk, second.pk)


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        '"',
        '""',
        "'",
        "*",
        "a*",
        "NEAR(balie, 2)",
        "balie AND",
        "OR",
        "NOT balie",
        "title:balie",
        "{body} : balie",
        "🙂🙂",
        "ﬃ ªº ²",
        "日本語",
        "\x00balie",
        "balie'; DROP TABLE goodpractices_goodpractice; --",
        "%",
        "\\",
        "balie:*&|!()<->",
        "de het een",
        "x" * 5000,
        "woord " * 500,
        "-" * 300,
        "<script>alert(1)</script>",
    ],
)
def test_hostile_questions_are_only_words(client, make, query):
    make("Balie")
    answer = client.get("/praktijken/", {"q": query})
    assert answer.status_code == 200
    assert b"<script>alert(1)" not in answer.content
    assert GoodPractice.objects.count() == 1


def test_words_that_mean_nothing_find_nothing_and_say_so(make):
    make("Balie")
    found = ask(None, "q=de+het")
    assert (found.total, found.too_common, terms("de het")) == (0, True, ())


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "9" * 30, "9" * 5000, "²", "1.5"])
def test_a_page_that_does_not_exist_is_the_first_or_the_last(make, page):
    for number in range(3):
        make(f"Praktijk {number}")
    found = find(None, Asked.of(QueryDict(f"page={page}")), page_size=2)
    assert found.page == (2 if page.startswith("9") else 1)
    assert found.pages == 2


def test_pages_follow_each_other_without_gaps(make):
    made = [make(f"Praktijk {number}").pk for number in range(5)]
    pages = [find(None, Asked.of(QueryDict(f"page={page}")), page_size=2).ids for page in (1, 2, 3)]
    assert [pk for page in pages for pk in page] == made[::-1]


def test_a_change_is_seen_at_once_and_a_deletion_too(cast: Cast, make):
    practice = make("Eerste", year=2008)
    other = make("Tweede", year=2008)
    assert counts(ask(None), "year") == {"2008": 2}
    practice.year = 2009
    practice.save()
    assert counts(ask(None), "year") == {"2009": 1, "2008": 1}
    practice.tags.add("nieuw")
    assert counts(ask(None), "tag") == {"nieuw": 1}
    assert ask(None, "q=nieuw").ids == (practice.pk,)
    practice.areas.clear()
    assert counts(ask(None), "area") == {"wachttijden": 1}
    practice.delete()
    assert ask(None).ids == (other.pk,)
    assert ask(None, "q=nieuw").total == 0


def test_bulk_work_is_found_after_reindexing(cast: Cast, make):
    GoodPractice.objects.bulk_create(
        GoodPractice(
            slug=f"bulk-{number}",
            title=f"Bulk {number}",
            municipality=cast.hillegom,
            summary="s",
            situation="stapel",
            approach="a",
            state=State.PUBLISHED,
            visibility=Visibility.PUBLIC,
            published_at=timezone.now(),
        )
        for number in range(3)
    )
    assert indexing.reindex_all() == 3
    assert ask(None, "q=stapels").total == 3


def test_the_number_of_queries_does_not_depend_on_the_number_of_practices(
    cast: Cast, make, django_assert_num_queries, django_assert_max_num_queries
):
    make("Balie 0", tags=["kcc"])

    def measured() -> int:
        catalogue.current()
        user = User.objects.get(pk=cast.participant.pk)
        with django_assert_max_num_queries(20) as used:
            find(user, Asked.of(QueryDict("q=balie&tag=kcc")))
        return len(used)

    first = measured()
    for number in range(1, 3):
        make(f"Balie {number}", tags=["kcc", f"t{number}"])
    three = measured()
    for number in range(3, 30):
        make(f"Balie {number}", tags=["kcc", f"t{number}"], municipality=cast.delft)
    assert (first, three, measured()) == (first, first, first)
