"""From whom can we learn: who is like me, better, getting better, and can tell how."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmark import asking
from benchmark.models import DataRevision, Dataset, Goal, Measurement, TalkOffer
from benchmark.register import Place
from goodpractices import teachers
from goodpractices.models import GoodPractice
from goodpractices.teachers import Evidence, Peer, rank
from people.models import MunicipalityYear
from tests.cast import Cast


def peer(code: str = "GM0001", **fields: object) -> Peer:
    """Make somebody who meets all four conditions, unless the fields say otherwise."""
    values: dict[str, object] = {
        "place": Place(int(code[2:]), code, code, "", None, None),
        "same_circle": True,
        "same_size": True,
        "better": True,
        "improving": True,
        "ahead": 3.0,
        "evidence": Evidence(adopted=True),
    }
    return Peer(**(values | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "lacking",
    [
        {"same_circle": False, "same_size": False},
        {"better": False},
        {"improving": False},
        {"evidence": Evidence()},
    ],
)
def test_all_four_must_hold(lacking):
    assert rank([peer()]) == [peer()]
    assert rank([peer(**lacking)]) == []


def test_who_can_tell_most_comes_first_then_the_own_kring_then_who_is_furthest_ahead():
    far = peer("GM0001", ahead=9.0, same_circle=False)
    near = peer("GM0002", ahead=1.0)
    nearer = peer("GM0003", ahead=2.0)
    teller = peer("GM0004", ahead=0.5, evidence=Evidence(practices=(("T", "t"),), adopted=True))
    assert [one.place.code for one in rank([far, near, nearer, teller])] == ["GM0004", "GM0003", "GM0002", "GM0001"]
    assert len(rank([peer(f"GM{at:04}") for at in range(1, 12)])) == teachers.MOST


@pytest.fixture
def world(cast: Cast, make) -> GoodPractice:
    """Waiting times: Hillegom stands still, Zandvoort and Delft are shorter every year, Beverwijk is only shorter."""
    dataset = Dataset.objects.create(slug="proef", name="Proef", source="Proef")
    courses = {
        cast.hillegom: (20.0, 0.0),
        cast.zandvoort: (15.0, -1.5),
        cast.beverwijk: (10.0, 0.0),
        cast.delft: (15.0, -2.0),
    }
    for place, (start, step) in courses.items():
        MunicipalityYear.objects.create(municipality=place, year=2008, inhabitants=20_000)
        Measurement.objects.bulk_create(
            Measurement(
                indicator=cast.indicator,
                municipality=place,
                year=2004 + at,
                dataset=dataset,
                value=start + step * at,
                lower=start + step * at - 0.5,
                upper=start + step * at + 0.5,
            )
            for at in range(6)
        )
    DataRevision.objects.create(number=1)
    practices = [make(f"Praktijk van {place}", municipality=place) for place in courses]
    for practice in practices:
        practice.indicators.add(cast.indicator)
    return practices[1]


def found_by(user, indicator) -> list[tuple[str, tuple[str, ...]]]:
    found = teachers.of(asking.reader(user), [indicator])[indicator.pk]
    return [(one.peer.place.name, one.reasons) for one in found]


def test_only_who_is_better_and_improving_and_can_tell_is_named_with_reasons(cast: Cast, world):
    TalkOffer.objects.create(person=cast.colleague, municipality=cast.zandvoort, indicator=cast.indicator)
    [(name, reasons)] = found_by(cast.participant, cast.indicator)
    assert name == "Zandvoort"
    assert len(reasons) == 5
    assert "7,5" in reasons[1] or "7.5" in reasons[1]
    assert "2009" in reasons[1]
    assert "Praktijk van Zandvoort" in reasons[3]
    assert cast.colleague.name in reasons[4]
    # Without anything to tell nobody is named, however good the figures are.
    TalkOffer.objects.all().delete()
    world.delete()
    assert found_by(cast.participant, cast.indicator) == []


def test_whose_figures_the_reader_may_not_see_is_not_named(cast: Cast, world):
    # Delft is of the same size, better and improving, but in another kring: its figures are not for Hillegom.
    assert [name for name, _ in found_by(cast.participant, cast.indicator)] == ["Zandvoort"]
    assert found_by(cast.stranger, cast.indicator) == []
    assert found_by(cast.steering, cast.indicator) == []
    assert teachers.of(asking.reader(None), [cast.indicator]) == {cast.indicator.pk: []}
    Dataset.objects.update(is_public=True)
    DataRevision.objects.update(number=2)
    assert [name for name, _ in found_by(cast.participant, cast.indicator)] == ["Zandvoort", "Delft"]


def test_a_draft_tells_nothing(cast: Cast, world):
    GoodPractice.objects.filter(pk=world.pk).update(state=GoodPractice.State.DRAFT)
    assert found_by(cast.participant, cast.indicator) == []


def test_of_a_context_indicator_nobody_is_better(cast: Cast, world):
    cast.indicator.direction = "context"
    cast.indicator.save()
    assert found_by(cast.participant, cast.indicator) == []


def test_queries_do_not_grow_with_what_can_be_told(cast: Cast, world, make):
    who = asking.reader(cast.participant)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            teachers.of(who, [cast.indicator])
        return len(queries)

    count()
    before = count()
    for at in range(3):
        make(f"Nog een {at}", municipality=cast.zandvoort).indicators.add(cast.indicator)
    assert count() == before


def test_one_click_opens_the_talk_with_the_chart_in_it(client, cast: Cast, world):
    client.force_login(cast.participant)
    page = reverse("benchmark:indicator", args=[cast.indicator.code])
    html = client.get(page).content.decode()
    address = f"/leren-van/{cast.indicator.code}/GM0473/"
    assert address in html
    answer = client.post(address)
    assert client.post(address).url == answer.url
    topic = cast.kring_c.rooms.get(subject_id=cast.indicator.pk).topics.get(is_general=False)
    assert answer.url.endswith(f"?onderwerp={topic.pk}")
    [message] = topic.messages.all()
    assert message.sender == cast.participant
    assert [(card["kind"], card["indicator"]) for card in message.cards] == [("chart", cast.indicator.code)]
    # Who is not to be learned from, or not to be seen, cannot be asked by its address either.
    for code in ("GM0375", "GM0503", "GM9999"):
        assert client.post(f"/leren-van/{cast.indicator.code}/{code}/").status_code == 404
    client.force_login(cast.stranger)
    assert "/leren-van/" not in client.get(page).content.decode()
    assert client.post(address).status_code == 404


def test_the_page_of_a_goal_shows_them_too(client, cast: Cast, world):
    goal = Goal.objects.create(
        municipality=cast.hillegom,
        indicator=cast.indicator,
        title="Korter",
        target_value=10,
        target_date=dt.date(2009, 12, 31),
    )
    client.force_login(cast.participant)
    html = client.get(f"/doelen/{goal.pk}/").content.decode()
    assert "/leren-van/wac_balie_gem/GM0473/" in html
    assert "Zandvoort" in html
