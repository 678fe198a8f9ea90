"""Personal tokens: made and shown once, kept as a hash, never more than their owner, gone when revoked."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from people import tokens
from people.models import AccessToken

MESSAGE = {"cid": str(uuid.UUID(int=7)), "body": "Dag"}


def make(cast, scope="read", by=None, days=30):
    return tokens.make(by=by or cast.participant, name="rekenblad", scope=scope, days=days)


def ask(text, path="/api/v1/goals", *, client=None, method="get", **more):
    client = client or Client(enforce_csrf_checks=True)
    return getattr(client, method)(path, headers={"Authorization": f"Bearer {text}"}, **more)


def test_a_token_is_its_owner(cast):
    _made, text = make(cast)
    mine = ask(text, "/api/v1/groups").json()
    assert "kring" in [one["key"] for one in mine]
    stranger = ask(make(cast, by=cast.stranger)[1], "/api/v1/groups").json()
    assert [one["label"] for one in stranger if one["key"] == "kring"] == ["Kring V"]
    # nobody without one
    assert [one["key"] for one in Client().get("/api/v1/groups").json()] == ["all"]


def test_only_its_hash_is_kept(cast):
    made, text = make(cast)
    kept = AccessToken.objects.get(pk=made.pk)
    assert text.startswith("kringen_")
    assert len(text) > 45
    fields = [str(value) for value in vars(kept).values()]
    assert not [value for value in fields if text in value]
    assert kept.start == text[:12]


@pytest.mark.parametrize("text", ["", "x", "kringen_", "kringen_" + "A" * 43])
def test_an_unknown_token_is_refused_and_not_just_nobody(cast, text):
    answer = ask(text)
    assert (answer.status_code, answer.json()["status"]) == (401, 401)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_it_ends_by_itself_and_when_it_is_revoked(cast):
    made, text = make(cast, days=1)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(hours=25)):
        assert ask(text).status_code == 401
    assert ask(text).status_code == 200
    tokens.revoke(token=made)
    assert ask(text).status_code == 401


def test_it_ends_with_the_account(cast):
    _made, text = make(cast)
    cast.participant.is_active = False
    cast.participant.save()
    assert ask(text).status_code == 401


def test_it_holds_only_for_the_api(cast):
    _made, text = make(cast)
    assert ask(text, "/doelen/nieuw/").status_code == 302
    assert "/accounts/login/" in ask(text, reverse("people:tokens"))["Location"]


def test_a_token_to_read_cannot_write(cast):
    path = f"/api/v1/rooms/{cast.room.pk}/messages"
    answer = ask(make(cast)[1], path, method="post", data=MESSAGE, content_type="application/json")
    assert answer.status_code == 403
    assert answer.json()["detail"]
    assert cast.room.messages.count() == 0


def test_when_it_was_last_used_is_told_to_the_minute(cast, django_assert_num_queries):
    made, text = make(cast)
    ask(text)
    made.refresh_from_db()
    first = made.last_used_at
    assert first is not None
    with django_assert_num_queries(1):
        tokens.recognise(text)
    made.refresh_from_db()
    assert made.last_used_at == first


def test_too_many_requests_wait(cast, monkeypatch):
    monkeypatch.setattr(tokens, "A_MINUTE", 2)
    with time_machine.travel(dt.datetime(2026, 11, 23, 12, 0, 20, tzinfo=dt.UTC), tick=False):
        _made, text = make(cast)
        other = make(cast)[1]
        assert [ask(text).status_code for _ in range(3)] == [200, 200, 429]
        answer = ask(text)
        assert (answer["Retry-After"], answer.json()["status"]) == ("40", 429)
        assert ask(other).status_code == 200
    with time_machine.travel(dt.datetime(2026, 11, 23, 12, 1, 0, tzinfo=dt.UTC), tick=False):
        assert ask(text).status_code == 200


def test_the_token_goes_before_the_session(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.stranger)
    found = ask(make(cast)[1], "/api/v1/groups", client=client).json()
    assert [one["label"] for one in found if one["key"] == "kring"] == ["Kring C"]


def test_nobody_has_more_than_so_many(cast, monkeypatch):
    monkeypatch.setattr(tokens, "MOST", 2)
    first, _text = make(cast)
    make(cast)
    with pytest.raises(tokens.TokenRefused):
        make(cast)
    tokens.revoke(token=first)
    make(cast)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_token_holds_for_a_year_at_most(cast, days):
    with pytest.raises(tokens.TokenRefused):
        make(cast, days=days)


# ---- the page ---------------------------------------------------------------------------------------------------


def test_it_is_made_on_a_page_and_shown_once(client, cast):
    client.force_login(cast.participant)
    data = {"name": "rekenblad", "scope": "write", "days": "90"}
    answer = client.post(reverse("people:tokens"), data)
    text = next(
        word
        for word in answer.content.decode().replace("<", " ").replace(">", " ").split()
        if len(word) > 45 and word.startswith("kringen_")
    )
    assert ask(text).status_code == 200
    assert "no-store" in answer["Cache-Control"]
    again = client.get(reverse("people:tokens")).content.decode()
    assert text not in again
    assert text[:12] in again
    assert "rekenblad" in again


def test_what_is_wrong_is_said_and_nothing_is_made(client, cast):
    client.force_login(cast.participant)
    answer = client.post(reverse("people:tokens"), {"name": "", "scope": "alles", "days": "9999"})
    assert answer.status_code == 422
    assert not AccessToken.objects.exists()


def test_somebody_elses_token_does_not_exist(client, cast):
    made, text = make(cast)
    client.force_login(cast.colleague)
    assert made.start not in client.get(reverse("people:tokens")).content.decode()
    assert client.post(reverse("people:token-revoke", args=[made.pk])).status_code == 404
    assert ask(text).status_code == 200
    client.force_login(cast.participant)
    assert client.post(reverse("people:token-revoke", args=[made.pk])).status_code == 302
    assert ask(text).status_code == 401


def test_the_list_costs_the_same_with_one_and_with_three(client, cast, django_assert_max_num_queries):
    client.force_login(cast.participant)
    counts = []
    for _ in range(3):
        make(cast)
        with django_assert_max_num_queries(40) as seen:
            client.get(reverse("people:tokens"))
        counts.append(len(seen))
    assert counts[0] == counts[2]
