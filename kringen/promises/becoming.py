"""What came of a promise: a goal, a practice that was taken over, or a practice of one's own.

Each is shown only to who may see it itself: a goal that a municipality keeps to itself stays so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from benchmark.models import Goal
from benchmark.permissions import can_create_goal
from goodpractices.models import Adoption, GoodPractice
from goodpractices.permissions import can_create_practice
from kringen.models import Action
from kringen.permissions import can_change_action
from kringen.promises.actions import ActionRefused
from people.models import User

ORIGIN = "action"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a promise became: a word for it, its title and its address."""

    word: str
    title: str
    url: str


def of(actions: Sequence[Action], user: Any) -> dict[int, Outcome]:
    """Return what these promises became, by their id, as far as somebody may see it. At most three queries."""
    goals = _found(Goal.objects.visible_to(user), [one.goal_id for one in actions])
    practices = _found(GoodPractice.objects.visible_to(user), [one.practice_id for one in actions])
    adoptions = _found(
        Adoption.objects.visible_to(user).select_related("practice"), [one.adoption_id for one in actions]
    )
    outcomes: dict[int, Outcome] = {}
    for action in actions:
        if action.goal_id in goals:
            goal = goals[action.goal_id]
            outcomes[action.pk] = Outcome(_("goal"), goal.title, goal.get_absolute_url())
        elif action.practice_id in practices:
            practice = practices[action.practice_id]
            outcomes[action.pk] = Outcome(_("good practice"), practice.title, _page_of(practice))
        elif action.adoption_id in adoptions:
            practice = adoptions[action.adoption_id].practice
            outcomes[action.pk] = Outcome(_("practice taken over"), practice.title, _page_of(practice))
    return outcomes


def choices(action: Action, user: Any) -> list[tuple[str, str]]:
    """Return what a promise can be linked to, as (key, words): what its municipality has and this person may see."""
    own = {"municipality_id": action.municipality_id}
    if action.municipality_id is None:
        return []
    goals = Goal.objects.visible_to(user).filter(**own).order_by("title")
    adoptions = Adoption.objects.visible_to(user).filter(**own).select_related("practice").order_by("practice__title")
    practices = GoodPractice.objects.visible_to(user).filter(**own).order_by("title")
    return [
        *((f"goal:{one.pk}", _("goal: %(title)s") % {"title": one.title}) for one in goals),
        *(
            (f"adoption:{one.pk}", _("practice taken over: %(title)s") % {"title": one.practice.title})
            for one in adoptions
        ),
        *((f"practice:{one.pk}", _("good practice: %(title)s") % {"title": one.title}) for one in practices),
    ]


def forms_for(action: Action, user: Any) -> list[tuple[str, str]]:
    """Return where this person can make something of a promise, as (words, address), filled in with what it says."""
    asked = urlencode({"title": action.text})
    goal = urlencode({"title": action.text, "from": f"{ORIGIN}:{action.pk}"})
    found = [(_("Find a practice to take over"), f"{reverse('goodpractices:library')}?{urlencode({'q': action.text})}")]
    if can_create_goal(user):
        found.insert(0, (_("Set a goal with it"), f"{reverse('goals:new')}?{goal}"))
    if can_create_practice(user):
        found.append((_("Write a good practice about it"), f"{reverse('goodpractices:create')}?{asked}"))
    return found


@transaction.atomic
def link(*, action: Action, key: str, by: User) -> Action:
    """Keep what a promise became; an empty key takes the link away.

    Raises:
        ActionRefused: the key is none of `choices`.
    """
    action = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if key and key not in dict(choices(action, by)):
        raise ActionRefused(_("Choose a goal or a practice of this municipality from the list."))
    word, _colon, pk = key.partition(":")
    for name in ("goal", "practice", "adoption"):
        setattr(action, f"{name}_id", int(pk) if name == word else None)
    action.save(update_fields=["goal", "practice", "adoption"])
    return action


def goal_made(pk: int, goal: Goal, by: Any) -> None:
    """Keep that a goal was made of a promise, where its maker may change the promise and both are of one municipality."""
    found = Action.objects.visible_to(by).filter(pk=pk, municipality=goal.municipality_id).first()
    if found is not None and can_change_action(by, found):
        link(action=found, key=f"goal:{goal.pk}", by=by)


def _page_of(practice: GoodPractice) -> str:
    return reverse("goodpractices:detail", args=[practice.slug])


def _found(queryset: Any, pks: list[int | None]) -> dict[int | None, Any]:
    wanted = [pk for pk in pks if pk is not None]
    return {one.pk: one for one in queryset.filter(pk__in=wanted)} if wanted else {}
