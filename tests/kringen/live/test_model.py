"""A room against a plain list (S-18): whatever people do, the log says the same, and so does every tab.

30 lives of 30 steps in every run; `make faults` does 2,000 of 50.
"""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from kringen.live import acts, log, standing
from people import roles
from people.models import Role, RoleName, User
from tests.cast import make_cast, person

FULL = os.environ.get("FAULTS") == "full"
SIGNS = ["👍", "💡", "❓"]

who = st.integers(0, 4)
which = st.integers(0, 30)
# None draws a fresh id: an act that is sent again comes with the id of an earlier one.
again = st.none() | st.integers(0, 30)


@dataclass
class Line:
    """What the model holds of one event."""

    kind: str
    actor: int
    message: int | None


@dataclass
class Written:
    """What the model holds of one message."""

    sender: int
    body: str
    seq: int
    deleted_at: int | None = None


@dataclass
class Client:
    """A tab: what it has, and from which number on."""

    seq: int = 0
    lines: list[dict[str, Any]] = field(default_factory=list)


class RoomLife(RuleBasedStateMachine):
    """People come, go, write, change, take away and react in one room."""

    def __init__(self) -> None:
        super().__init__()
        self.frame = transaction.atomic()
        self.frame.__enter__()
        self.lines: list[Line] = []
        self.written: dict[int, Written] = {}
        self.done: dict[tuple[int, str], tuple[tuple[Any, ...], int, int]] = {}
        self.ids: list[str] = []
        self.clients: dict[int, Client] = {}

    def teardown(self) -> None:
        """Take everything back."""
        transaction.set_rollback(True)
        self.frame.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        """Start with the cast: three of the kring, its facilitator, somebody of another kring."""
        cast = make_cast()
        self.room = cast.room
        self.kring = cast.kring_c
        third = person("derde@hillegom.example", cast.hillegom)
        self.people: list[User] = [cast.participant, cast.colleague, third, cast.facilitator, cast.stranger]
        self.inside = {0, 1, 3}
        self.leading = {3}
        self.clients = {number: Client() for number in range(5)}

    # ---- acting ----

    def act(self, number: int, frame: dict[str, Any], earlier: int | None) -> tuple[dict[str, Any], bool]:
        """Send a frame; the answer, and whether this id was used before by this person."""
        if earlier is not None and self.ids:
            cid = self.ids[earlier % len(self.ids)]
        else:
            cid = str(uuid.uuid4())
            self.ids.append(cid)
        answer = acts.perform(self.people[number], {**frame, "room": self.room.pk, "cid": cid})
        assert answer["cid"] == cid
        return answer, (number, cid) in self.done

    def settle(self, number: int, answer: dict[str, Any], mark: tuple[Any, ...], line: Line) -> bool:
        """Hold an ack against what was done under this id before; True when it is something new."""
        key = (number, answer["cid"])
        if key in self.done:
            assert (mark, answer["seq"], answer["id"]) == self.done[key]
            assert answer["dup"] is True
            return False
        assert answer["dup"] is False
        assert answer["seq"] == len(self.lines) + 1
        self.done[key] = mark, answer["seq"], answer["id"]
        line.message = answer["id"]
        self.lines.append(line)
        return True

    def message(self, number: int) -> int | None:
        """Return one of the messages there are."""
        return list(self.written)[number % len(self.written)] if self.written else None

    @rule(number=who, body=st.text("abc", min_size=0, max_size=3), earlier=again)
    def send(self, number: int, body: str, earlier: int | None) -> None:
        """Write; the text may be empty."""
        answer, used = self.act(number, {"t": "send", "body": body}, earlier)
        if not body:
            assert answer["code"] == "empty"
        elif number not in self.inside:
            assert answer["code"] == "forbidden"
        elif used and self.done[number, answer["cid"]][0] != ("send", body):
            assert answer.get("code") in {"conflict", None}
            if "code" not in answer:  # the id of another kind of act: ids are unique within a kind
                self.done.pop((number, answer["cid"]))
                assert self.settle(number, answer, ("send", body), Line("message.new", number, 0))
                self.written[answer["id"]] = Written(number, body, answer["seq"])
        elif self.settle(number, answer, ("send", body), Line("message.new", number, 0)):
            self.written[answer["id"]] = Written(number, body, answer["seq"])

    @rule(number=who, pick=which, body=st.text("abc", min_size=1, max_size=3))
    def edit(self, number: int, pick: int, body: str) -> None:
        """Change a text: one's own, and only while it stands."""
        message = self.message(pick)
        if message is None:
            return
        answer, _used = self.act(number, {"t": "edit", "message": message, "body": body}, None)
        known = self.written[message]
        if number not in self.inside or known.sender != number:
            assert answer["code"] == "forbidden"
        elif known.deleted_at is not None:
            assert answer["code"] == "missing"
        elif self.settle(number, answer, ("edit", message, body), Line("message.edit", number, message)):
            known.body = body

    @rule(number=who, pick=which)
    def delete(self, number: int, pick: int) -> None:
        """Take a message away: one's own, or as facilitator (with a reason)."""
        message = self.message(pick)
        if message is None:
            return
        frame = {"t": "delete", "message": message, "reason": "hoort hier niet"}
        answer, _used = self.act(number, frame, None)
        known = self.written[message]
        if number not in self.inside or (known.sender != number and number not in self.leading):
            assert answer["code"] == "forbidden"
        elif known.deleted_at is not None:
            assert (answer["dup"], answer["seq"]) == (True, known.deleted_at)
        elif self.settle(number, answer, ("delete", message), Line("message.delete", number, message)):
            known.deleted_at, known.body = answer["seq"], ""

    @rule(number=who, pick=which, sign=st.sampled_from(SIGNS), on=st.booleans())
    def react(self, number: int, pick: int, sign: str, *, on: bool) -> None:
        """Put a sign under a message, or take it away."""
        message = self.message(pick)
        if message is None:
            return
        answer, _used = self.act(number, {"t": "react", "message": message, "emoji": sign, "on": on}, None)
        if number not in self.inside:
            assert answer["code"] == "forbidden"
        elif self.written[message].deleted_at is not None:
            assert answer["code"] == "missing"
        else:
            self.settle(number, answer, ("react", message, sign, on), Line("reaction", number, message))

    # ---- coming and going ----

    @rule(number=st.integers(0, 3))
    def join(self, number: int) -> None:
        """Let somebody into the kring."""
        if number not in self.inside:
            roles.grant(user=self.people[number], role=RoleName.PARTICIPANT, scope=self.kring, by=None)
            self.lines.append(Line("member.join", number, None))
            self.inside.add(number)

    @rule(number=st.integers(0, 3))
    def leave(self, number: int) -> None:
        """Let somebody go, or send them away."""
        for role in Role.objects.filter(user=self.people[number]):
            roles.end(role=role, by=None)
            self.lines.append(Line("member.leave", number, None))
        self.inside.discard(number)
        self.leading.discard(number)

    @rule(number=st.integers(0, 3))
    def promote(self, number: int) -> None:
        """Make somebody facilitator of the kring."""
        if number not in self.leading:
            roles.grant(user=self.people[number], role=RoleName.FACILITATOR, scope=self.kring, by=None)
            self.lines.append(Line("member.join", number, None))
            self.inside.add(number)
            self.leading.add(number)

    @rule(number=who)
    def reconnect(self, number: int) -> None:
        """Come back and read what was missed; who may not come in, gets nothing."""
        client, user = self.clients[number], User.objects.get(pk=self.people[number].pk)
        head = standing.rooms_of(user, [self.room.pk]).get(self.room.pk)
        if number not in self.inside:
            assert head is None
            return
        assert head is not None
        assert head.seq == len(self.lines)
        for item in log.after(self.room.pk, client.seq, 500):
            assert item.seq == client.seq + 1
            client.seq = item.seq
            client.lines.append(json.loads(item.text))
        assert client.seq == head.seq
        for line, event in zip(self.lines, client.lines, strict=False):
            assert (event["kind"], event["actor"]["id"]) == (line.kind, self.people[line.actor].pk)
            assert _message_of(event) == line.message

    @invariant()
    def the_log_is_the_list(self) -> None:
        """The log has exactly these lines, in this order, and no text of what was taken away."""
        if not hasattr(self, "room"):
            return
        events = [json.loads(item.text) for item in log.after(self.room.pk, 0, 500)]
        assert [event["seq"] for event in events] == list(range(1, len(self.lines) + 1))
        assert [(event["kind"], _message_of(event)) for event in events] == [
            (line.kind, line.message) for line in self.lines
        ]
        for event in events:
            if _message_of(event) is None:
                continue
            known = self.written[event["message"]["id"]]
            if known.deleted_at is not None and event["kind"] in {"message.new", "message.edit"}:
                assert (event["message"]["body"], event["message"]["html"]) == ("", "")
        shown = {message["id"]: message for message in (log.snapshot(self.room.pk) or (None, []))[1]}
        for message, known in list(self.written.items())[-50:]:
            assert shown[message]["body"] == known.body
            assert shown[message]["deleted"] is (known.deleted_at is not None)


@pytest.mark.timeout(5400 if FULL else 120)
def test_a_room_says_what_a_plain_list_would(db):
    run_state_machine_as_test(
        RoomLife,
        settings=settings(
            max_examples=2000 if FULL else 30,
            stateful_step_count=50 if FULL else 30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def _message_of(event: dict[str, Any]) -> int | None:
    """Return the id of the message that a line is about; who comes and leaves is about none."""
    return event["message"]["id"] if "message" in event else None
