"""Rooms about a meeting, an indicator or a practice: one per kring, opened by who speaks first."""

from __future__ import annotations

import pytest

from goodpractices.models import GoodPractice
from kringen.conversation import rooms
from kringen.conversation.subjects import open_about, subject_line
from kringen.models import Room


@pytest.fixture
def practice(cast) -> GoodPractice:
    return GoodPractice.objects.create(
        slug="gastvrouw",
        title="Een gastvrouw in de hal",
        municipality=cast.hillegom,
        author=cast.participant,
        summary="Kort",
        situation="Zo was het",
        approach="Zo deden we het",
        state=GoodPractice.State.PUBLISHED,
        visibility=GoodPractice.Visibility.PUBLIC,
    )


def test_each_kring_has_one_room_about_a_thing(cast, practice):
    for subject, word, title in (
        (cast.indicator, "indicator", cast.indicator.name),
        (cast.meeting, "bijeenkomst", str(cast.meeting)),
        (practice, "praktijk", "Een gastvrouw in de hal"),
    ):
        room = open_about(kring=cast.kring_c, subject=subject, by=cast.participant)
        assert open_about(kring=cast.kring_c, subject=subject, by=cast.colleague) == room
        assert (room.name, room.topics.get().is_general) == (title, True)
        line = subject_line(Room.objects.select_related("kring").get(pk=room.pk), cast.colleague)
        assert (line.word, line.title) == (word, title)
    theirs = open_about(kring=cast.kring_v, subject=cast.indicator, by=cast.stranger)
    assert theirs.kring == cast.kring_v
    assert Room.objects.filter(subject_id=cast.indicator.pk, name=cast.indicator.name).count() == 2


@pytest.mark.parametrize("who", ["stranger", "steering", "validator", "editor"])
def test_who_does_not_talk_in_the_kring_opens_nothing(cast, who):
    with pytest.raises(rooms.RoomRefused) as refused:
        open_about(kring=cast.kring_c, subject=cast.indicator, by=cast.everyone()[who])
    assert refused.value.code == "forbidden"
    assert Room.objects.filter(subject_id__isnull=False).count() == 0


def test_no_room_about_what_one_may_not_see(cast, practice):
    GoodPractice.objects.filter(pk=practice.pk).update(
        visibility=GoodPractice.Visibility.KRING, municipality=cast.delft, author=cast.stranger
    )
    practice.refresh_from_db()
    with pytest.raises(rooms.RoomRefused):
        open_about(kring=cast.kring_c, subject=practice, by=cast.participant)
    with pytest.raises(rooms.RoomRefused):
        open_about(kring=cast.kring_v, subject=cast.meeting, by=cast.stranger)


def test_the_pages_of_a_member_lead_to_the_room(client, cast, practice):
    addresses = {
        f"/kringen/kring-c/bijeenkomsten/{cast.meeting.number}/": f"bijeenkomst/{cast.meeting.pk}",
        f"/benchmark/indicatoren/{cast.indicator.code}/": f"indicator/{cast.indicator.pk}",
        "/praktijken/gastvrouw/": f"praktijk/{practice.pk}",
    }
    for page, about in addresses.items():
        client.force_login(cast.participant)
        button = f'action="/kringen/kring-c/ruimtes/over/{about}/"'
        assert button in client.get(page).content.decode()
        there = client.post(f"/kringen/kring-c/ruimtes/over/{about}/")["Location"]
        assert there == f"/kringen/kring-c/ruimtes/{Room.objects.latest('pk').pk}/"
        seen = client.get(page).content.decode()
        assert button not in seen
        assert f'href="{there}"' in seen
        if "kring-c" not in page:
            client.force_login(cast.stranger)
            assert there not in client.get(page).content.decode()
            client.logout()
            assert "k-discuss" not in client.get(page).content.decode()
        client.force_login(cast.stranger)
        assert client.post(f"/kringen/kring-c/ruimtes/over/{about}/").status_code == 404
    client.force_login(cast.participant)
    assert client.post("/kringen/kring-c/ruimtes/over/gemeente/1/").status_code == 404
    listed = client.get("/kringen/kring-c/ruimtes/").content.decode()
    assert listed.count("k-rooms__kind") == 3
    assert listed.count("k-confidentiality") >= 4
