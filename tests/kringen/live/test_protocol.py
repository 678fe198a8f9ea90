"""The pure part of the protocol: frames in, batches out, window and bucket. Any input, no surprises."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kringen.live import acts, frames, protocol  # noqa: F401 - the acts declare their frames
from kringen.live.events import Item
from kringen.live.protocol import Batch, Bucket, Window

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
NAMES = sorted({name for must, may in frames.FRAMES.values() for name in {**must, **may}} | {"t", "extra"})
NEARLY = st.builds(
    lambda kind, rest: {**rest, "t": kind},
    st.sampled_from([*frames.FRAMES, "other"]),
    st.dictionaries(st.sampled_from(NAMES), ANY_JSON, max_size=6),
)


@settings(max_examples=600, deadline=None)
@given(st.text() | ANY_JSON.map(json.dumps) | NEARLY.map(json.dumps))
def test_any_text_is_a_checked_frame_or_refused(text):
    try:
        frame = frames.parse(text)
    except frames.BadFrameError as error:
        assert protocol.frame("error", detail=str(error)).encode()  # noqa: PT017 - either outcome is right
        return
    must, may = frames.FRAMES[frame["t"]]
    assert must.keys() <= frame.keys() <= {"t", *must, *may}


def items(first: int, sizes: list[int]) -> list[Item]:
    return [
        Item(first + n, json.dumps({"seq": first + n, "x": "y" * size}), blanks=False, size=size + 20)
        for n, size in enumerate(sizes)
    ]


@settings(deadline=None)
@given(st.integers(1, 10**6), st.lists(st.integers(0, 40_000), max_size=260))
def test_batches_hold_every_event_once_in_order_and_are_small(first, sizes):
    batches = list(protocol.batches(7, items(first, sizes)))
    frames = [json.loads(batch.text) for batch in batches]
    assert [event["seq"] for frame in frames for event in frame["ev"]] == list(range(first, first + len(sizes)))
    for batch, frame in zip(batches, frames, strict=True):
        assert (frame["t"], frame["room"], frame["from"]) == ("ev", 7, batch.first)
        assert batch.last == frame["ev"][-1]["seq"]
        assert len(frame["ev"]) <= 100
        assert len(frame["ev"]) == 1 or batch.size <= protocol.BATCH_BYTES


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 50), st.booleans()), max_size=60))
def test_the_window_counts_exactly_what_is_not_acknowledged(steps):
    window, sent, seqs = Window(), {}, {1: 0, 2: 0, 3: 0}
    for room, number, acknowledge in steps:
        if acknowledge:
            window.got(room, seqs[room])
            sent = {key: value for key, value in sent.items() if key[0] != room}
        else:
            first, last = seqs[room] + 1, seqs[room] + number
            seqs[room] = last
            sent[room, last] = number
            window.sent(room, Batch(first, last, "", number * 10, b""))
        assert window.events == sum(sent.values())
        assert window.size == 10 * sum(sent.values())
    assert window.full == (window.events > 200)


def test_a_bucket_gives_its_rate_and_strikes_whoever_goes_on():
    bucket = Bucket(rate=5, burst=20, now=0)
    assert [bucket.take(0.0) for _ in range(25)] == [True] * 20 + [False] * 5
    assert bucket.strikes == 0
    assert [bucket.take(1.0) for _ in range(6)] == [True] * 5 + [False]
    assert bucket.strikes == 1
    for moment in (2.5, 4.0):
        while bucket.take(moment):
            pass
    assert bucket.strikes == 3
    assert bucket.wait_ms <= 201


@pytest.mark.parametrize("wrong", ["", "x", 7, None, "{00000000-0000-0000-0000-000000000001}", "0" * 32])
def test_a_client_id_is_a_uuid_as_it_is_usually_written(wrong):
    assert frames.client_id(wrong) is None
    assert frames.client_id("01890A5D-AC96-774B-BCCE-B302099A8057") is not None


def test_a_refusal_can_be_sent_back_whatever_it_quotes():
    with pytest.raises(frames.BadFrameError, match=r"^unknown key: \?a$") as refused:
        frames.parse('{"t": "ping", "\\ud800a": 1}')
    assert protocol.frame("error", detail=str(refused.value)).encode()
