"""Closing a room: who may, what stays, and that nobody writes in it meanwhile."""

from __future__ import annotations

import uuid

import pytest

from kringen.conversation import rooms
from kringen.live import log
from kringen.models import RoomEvent


def say(cast, body):
    return rooms.send(sender=cast.participant, room=cast.room, client_id=uuid.uuid4(), body=body)


def test_a_closed_room_can_be_read_and_not_written_in(client, cast):
    say(cast, "Dit blijft staan")
    rooms.close(room=cast.room, by=cast.facilitator)
    with pytest.raises(rooms.RoomRefused) as refused:
        say(cast, "Nog één ding")
    assert refused.value.code == "forbidden"
    client.force_login(cast.participant)
    page = client.get(f"/kringen/kring-c/ruimtes/{cast.room.pk}/").content.decode()
    assert "Dit blijft staan" in page
    assert "data-composer" not in page
    answer = client.post(f"/kringen/kring-c/ruimtes/{cast.room.pk}/", {"body": "Nog één ding", "cid": uuid.uuid4()})
    assert answer.status_code == 422
    assert cast.room.messages.count() == 1
    assert f"/ruimtes/{cast.room.pk}/" in client.get("/kringen/kring-c/ruimtes/").content.decode()


def test_closing_and_opening_are_told_to_the_sockets_once(cast):
    rooms.close(room=cast.room, by=cast.facilitator)
    rooms.close(room=cast.room, by=cast.office)
    rooms.reopen(room=cast.room, by=cast.office)
    told = [item.text for item in log.after(cast.room.pk, 0, 10)]
    assert len(told) == 2
    assert '"kind":"room.state"' in told[0]
    assert '"room":{"closed":true}' in told[0]
    assert '"room":{"closed":false}' in told[1]
    assert say(cast, "Weer open").seq == 3


@pytest.mark.parametrize("who", ["participant", "stranger", "steering", "editor"])
def test_only_who_keeps_order_closes(cast, who):
    with pytest.raises(rooms.RoomRefused):
        rooms.close(room=cast.room, by=getattr(cast, who))
    cast.room.refresh_from_db()
    assert not cast.room.is_archived
    assert not RoomEvent.objects.exists()


def test_the_page_has_the_button_for_who_keeps_order(client, cast):
    address = f"/kringen/kring-c/ruimtes/{cast.room.pk}/"
    client.force_login(cast.participant)
    assert "close-form" not in client.get(address).content.decode()
    assert client.post(f"{address}afsluiten/").status_code == 403
    client.force_login(cast.facilitator)
    assert "close-form" in client.get(address).content.decode()
    assert client.post(f"{address}afsluiten/").status_code == 302
    cast.room.refresh_from_db()
    assert cast.room.is_archived
    client.post(f"{address}afsluiten/", {"open": "1"})
    cast.room.refresh_from_db()
    assert not cast.room.is_archived
