"""The adopters of a practice on the map, and asking one of them."""

from __future__ import annotations

import datetime as dt

import pytest

from benchmark import outlines
from goodpractices import adopters_map, adoptions
from goodpractices.models import Adoption, GoodPractice
from kringsite.demo.maps import squares
from tests.cast import Cast


@pytest.fixture
def practice(cast: Cast, make, settings) -> GoodPractice:
    settings.DEMO_TODAY = dt.date(2010, 6, 1)
    made = make("Afspraken", municipality=cast.beverwijk, year=2008)
    for by, place, state in (
        (cast.participant, cast.hillegom, "considering"),
        (cast.colleague, cast.zandvoort, "running"),
        (cast.stranger, cast.delft, "stopped"),
    ):
        adoptions.adopt(
            by=by,
            practice=made,
            municipality=place,
            state=state,
            started_on=None if state == "considering" else dt.date(2009, 3, 1),
            stopped_why="Te duur" if state == "stopped" else "",
        )
    return made


def test_every_adopter_has_the_look_of_its_state_and_the_source_is_marked(cast: Cast, practice):
    outline = outlines.keep(by=cast.office, content=squares(), file_name="x.geojson", year=2008, source="Proef")
    seen = list(Adoption.objects.filter(practice=practice).select_related("municipality"))
    drawn = adopters_map.chart(practice, seen, outline)
    looks = {shape.said.split(":")[0]: shape.role for shape in drawn.picture.shapes}
    assert looks == {"Hillegom": "q1", "Zandvoort": "q4", "Delft": "missing", "Beverwijk": "plain own"}
    assert [key.role for key in drawn.picture.keys] == ["q1", "q4", "missing", "plain own"]
    assert [[cell.text for cell in row][:2] for row in drawn.table.rows] == [
        ["Delft", "Zuid-Holland"],
        ["Hillegom", "Zuid-Holland"],
        ["Zandvoort", "Noord-Holland"],
    ]
    assert "3 gemeenten in 2 provincies" in drawn.sentence
    assert drawn.notes[-1].startswith("Grenzen van 2008")


def test_without_outlines_sentence_and_table_stand_and_who_lies_elsewhere_is_named(cast: Cast, practice):
    seen = list(Adoption.objects.filter(practice=practice).select_related("municipality"))
    assert adopters_map.chart(practice, seen, None).picture.is_empty
    outline = outlines.keep(by=cast.office, content=squares(), file_name="x.geojson", year=2008, source="Proef")
    del outline.areas["GM0503"]
    assert adopters_map.chart(practice, seen, outline).notes[-1].endswith(": Delft.")


def test_participants_see_the_map_and_the_public_a_number(client, cast: Cast, practice, make):
    address = f"/praktijken/{practice.slug}/kaart/"
    assert client.get(address).url.startswith("/accounts/login/")
    client.force_login(cast.participant)
    assert address in client.get(f"/praktijken/{practice.slug}/").content.decode()
    html = client.get(address).content.decode()
    assert '<th scope="row">Zandvoort</th>' in html
    draft = make("Geheim", state="draft", municipality=cast.delft)
    assert client.get(f"/praktijken/{draft.slug}/kaart/").status_code == 404
    client.logout()
    public = client.get(f"/praktijken/{practice.slug}/").content.decode()
    assert ("Zandvoort" in public, address in public) == (False, False)


def test_asking_an_adopter_opens_a_talk_with_the_practice_in_it(client, cast: Cast, practice):
    client.force_login(cast.participant)
    html = client.get(f"/praktijken/{practice.slug}/").content.decode()
    address = f"/praktijken/{practice.slug}/vraag-aan/GM0473/"
    assert address in html
    # Not oneself, and not who shares no kring.
    assert "/vraag-aan/GM0534/" not in html
    assert "/vraag-aan/GM0503/" not in html
    answer = client.post(address)
    assert client.post(address).url == answer.url
    topic = cast.kring_c.rooms.get(subject_id=practice.pk).topics.get(is_general=False)
    assert answer.url.endswith(f"?onderwerp={topic.pk}")
    [message] = topic.messages.all()
    assert (message.sender, message.cards) == (cast.participant, [{"kind": "practice", "id": practice.pk}])
    assert "Zandvoort" in message.body


def test_who_does_not_want_to_be_asked_or_cannot_be_seen_is_not_asked(client, cast: Cast, practice):
    client.force_login(cast.participant)
    address = f"/praktijken/{practice.slug}/vraag-aan/"
    assert client.post(f"{address}GM0534/").status_code == 404
    assert client.post(f"{address}GM0375/").status_code == 404
    # Delft may be asked and sits in no kring with Hillegom: nothing is said there, and the page says why.
    elsewhere = client.post(f"{address}GM0503/", follow=True).content.decode()
    assert "Delft" in elsewhere
    assert not cast.kring_v.rooms.filter(subject_id=practice.pk).exists()
    Adoption.objects.filter(municipality=cast.zandvoort).update(may_be_asked=False)
    assert client.post(f"{address}GM0473/").status_code == 404
    GoodPractice.objects.filter(pk=practice.pk).update(visibility="kring")
    client.force_login(cast.stranger)
    assert client.post(f"{address}GM0473/").status_code == 404
    assert not cast.kring_c.rooms.filter(subject_id=practice.pk).exists()
