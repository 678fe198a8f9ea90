"""The sums of the load itself: quantiles, frames, who heard what, and when a line says `missed`."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bench.__main__ import Book
from tests.bench.rooms_load.figures import milliseconds, quantile, rate
from tests.bench.rooms_load.talk import Talk
from tests.bench.rooms_load.wire import frames, masked


@pytest.mark.parametrize(
    ("share", "value"), [(0, 1), (0.01, 1), (0.5, 50), (0.95, 95), (0.951, 96), (0.99, 99), (1, 100)]
)
def test_a_quantile_is_a_value_that_was_measured(share: float, value: int):
    assert quantile(list(range(100, 0, -1)), share) == value


def test_of_nothing_there_is_no_quantile():
    assert quantile([], 0.95) is None
    assert milliseconds([], 0.95) is None
    assert milliseconds([0.1234], 0.95) == 123.4


def test_a_rate_has_three_figures():
    assert rate(299_999, 3.7) == 81_100
    assert rate(1, 0) == 0


@pytest.mark.parametrize("size", [3, 125, 126, 70_000])
def test_frames_come_out_of_any_pieces(size: int):
    text = "x" * size
    whole = masked(text)
    head = len(whole) - size - 4
    served = bytes([whole[0], whole[1] & 0x7F]) + whole[2:head] + text.encode()  # as a server sends it: no mask
    data, found = bytearray(), []
    for at in range(0, 2 * len(served), 1000):
        data += (served * 2)[at : at + 1000]
        found += list(frames(data))
    assert found == [(1, text.encode())] * 2
    assert not data


class Somebody:
    """Takes what is to be said."""

    def say(self, number: int, text: str) -> None:
        """Say nothing."""


async def test_a_message_is_whole_when_everybody_in_its_room_has_it_once():
    talk = Talk()
    talk.people = [Somebody(), Somebody(), Somebody()]  # type: ignore[list-item]  # they only speak
    talk.circles, talk.sizes = [0, 1, 1], {0: 1, 1: 2}
    for number in range(3):
        talk.say(number, 10.0)
    talk.hear(0, 0)
    talk.hear(1, 1)
    talk.hear(1, 1)
    talk.receipt(1)
    found = talk.report(range(3), 10.0, 0)
    assert (found["sent"], found["stored"], found["whole"]) == (3, 1, 1)
    assert (found["lost"], found["twice"]) == (3, 1)  # one reader of message 1, both of message 2
    talk.hear(2, 1)
    assert talk.report(range(3), 10.0, 0)["whole"] == 2


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        ({"value": 80, "target": 80}, "met"),
        ({"value": 81, "target": 80}, "missed"),
        ({"value": 79, "target": 80, "better": "more"}, "missed"),
        ({"value": 0, "target": 0}, "met"),
        ({"value": None, "target": 80}, "not measured"),
        ({"value": 5}, "no target"),
    ],
)
def test_a_line_says_whether_it_held(figure: dict[str, Any], verdict: str, tmp_path: Path):
    book = Book(tmp_path / "reports" / "bench.jsonl")
    book.record(id="rooms.x", unit="ms", baseline=40, **figure)
    line = json.loads((tmp_path / "reports" / "bench.jsonl").read_text())
    assert line["verdict"] == verdict
    assert line["ratio"] == (None if figure["value"] is None else figure["value"] / 40)
    assert bool(book.missed) == (verdict == "missed")
