"""How lines of the log are declared and shown; a line that cannot be shown does not stop its room."""

from __future__ import annotations

import datetime as dt
import json
import logging

import pytest

from kringen.live import acts, events, frames
from kringen.models import RoomEvent

AT = dt.datetime(2009, 3, 5, 9, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize("payload", [[1], None, {"body": float("nan")}, {"body": {1, 2}}, {"body": "\ud800"}])
def test_a_line_that_cannot_be_shown_keeps_its_number(payload, caplog):
    line = RoomEvent(room_id=7, seq=12, kind="message.new", message_id=3, payload=payload, created_at=AT)
    with caplog.at_level(logging.ERROR):
        item = events.item_of(line)
    assert json.loads(item.text) == {"seq": 12, "kind": "unreadable", "at": "2009-03-05T09:30:00.000Z", "actor": None}
    assert (item.seq, item.size) == (12, len(item.text))
    assert "Line 12 of room 7 cannot be shown" in caplog.text


def test_a_kind_without_a_function_says_who_when_and_about_which_message():
    line = RoomEvent(room_id=7, seq=1, kind="something.new", message_id=3, payload={"secret": 1}, created_at=AT)
    assert events.describe(line) == {
        "seq": 1,
        "kind": "something.new",
        "at": "2009-03-05T09:30:00.000Z",
        "actor": None,
        "message": {"id": 3},
    }


def test_nothing_is_declared_twice():
    with pytest.raises(ValueError, match=r"message\.new is shown already"):
        events.shows(RoomEvent.Kind.MESSAGE_NEW)(lambda _event: {})
    with pytest.raises(ValueError, match="There is a frame 'send' already"):
        acts.act("send")(lambda _user, _frame, _id: None)
    with pytest.raises(ValueError, match="There is a frame 'hello' already"):
        acts.act("hello")(lambda _user, _frame, _id: None)


def test_every_act_has_a_room_and_an_id_of_its_own():
    for name in frames.ACTS:
        must, _may = frames.FRAMES[name]
        assert {"room", "cid"} <= must.keys(), name
