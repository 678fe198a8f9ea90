"""Practices that were taken over for a goal, as marks in its chart and on its page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from benchmark.goal_marks import Mark
from benchmark.models import Goal
from goodpractices.models import Adoption, GoodPractice


def adoptions(goal: Goal, user: Any) -> Iterator[Mark]:
    """Yield the practices that serve a goal: since when, and when that stopped. Only what this reader may see."""
    found = Adoption.objects.visible_to(user).filter(goal=goal).select_related("practice")
    for one in found.filter(practice__in=GoodPractice.objects.visible_to(user)):
        said = {"title": one.practice.title, "state": one.get_state_display()}
        url = reverse("goodpractices:detail", args=[one.practice.slug])
        text = _("practice taken over: %(title)s (%(state)s)") % said
        yield Mark(one.started_on, _("practice"), text, url)
        if one.stopped_on is not None:
            yield Mark(one.stopped_on, _("stopped"), _("stopped with: %(title)s") % said, url)
