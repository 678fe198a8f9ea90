"""Promises that serve a goal, as marks in its chart and on its page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from benchmark.goal_marks import Mark
from benchmark.models import Goal
from kringen.models import Action


def actions(goal: Goal, user: Any) -> Iterator[Mark]:
    """Yield the promises that became a goal or serve it, on the day they should be done; dropped ones are left out."""
    found = Action.objects.visible_to(user).filter(goal=goal).exclude(state=Action.State.DROPPED)
    for one in found.select_related("kring"):
        said = {"text": one.text, "state": one.get_state_display()}
        url = reverse("kringen:actions", args=[one.kring.slug])
        yield Mark(one.due_on, _("action"), _("action: %(text)s (%(state)s)") % said, url)
