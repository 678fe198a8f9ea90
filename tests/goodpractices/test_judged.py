"""The order of what is found, against judged questions; the bench asks the same on 10,000 practices."""

from __future__ import annotations

import pytest

from tests.goodpractices import judging


@pytest.fixture
def small_library(db):
    judging.fill()


def test_the_library_orders_well_and_far_better_than_plain_full_text(small_library):
    assert len(judging.QUESTIONS) >= 60
    ours, each = judging.score(judging.by_library)
    plain, _ = judging.score(judging.by_backend)
    worst = sorted(each.items(), key=lambda one: one[1])[:8]
    assert ours >= 0.85, worst
    assert ours - plain >= 0.15


def test_the_measure_itself():
    assert judging.ndcg(["a", "b"], {"a": 3, "b": 1}) == 1.0
    assert judging.ndcg(["b", "a"], {"a": 3, "b": 1}) < 0.8
    assert judging.ndcg([], {"a": 3}) == 0.0
