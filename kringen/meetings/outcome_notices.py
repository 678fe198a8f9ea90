"""What comes after a meeting and concerns somebody: minutes to read, answers, and promises whose day comes near."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.translation import gettext_lazy

from kringen.models import Action, Amendment, Kring, Minutes, OfficeQuestion
from people import notifications
from people.models import Notification, Role, RoleName, User
from people.notifications import Kind, Line

ROUND = "minutes.round"
AMENDED = "minutes.amended"
ASKED = "question.asked"
ANSWERED = "question.answered"
DUE = "action.due"
LATE = "action.late"


def tell_round(minutes: Minutes, *, people: Iterable[int], actor: User) -> None:
    """Let people know that minutes can be read and amended."""
    notifications.notify(kind=ROUND, about_id=minutes.pk, people=people, actor=actor)


def tell_amendment(amendment: Amendment, *, actor: User) -> None:
    """Let somebody know what came of their amendment."""
    if amendment.proposer_id:
        notifications.notify(kind=AMENDED, about_id=amendment.pk, people=[amendment.proposer_id], actor=actor)


def tell_asked(question: OfficeQuestion, *, actor: User) -> None:
    """Let the facilitators of the kring and the office know that something was asked."""
    roles = Role.objects.current().filter(user__is_active=True)
    guides = roles.filter(
        role=RoleName.FACILITATOR,
        scope_type=ContentType.objects.get_for_model(Kring),
        scope_id=question.meeting.kring_id,
    )
    office = roles.filter(role=RoleName.OFFICE)
    people = {*guides.values_list("user", flat=True), *office.values_list("user", flat=True)}
    notifications.notify(kind=ASKED, about_id=question.pk, people=people, actor=actor)


def tell_answered(question: OfficeQuestion, *, actor: User) -> None:
    """Let who asked know that there is an answer; a bettered answer is told again."""
    if question.asked_by_id:
        notifications.withdraw(kinds=[ANSWERED], about_id=question.pk)
        notifications.notify(kind=ANSWERED, about_id=question.pk, people=[question.asked_by_id], actor=actor)


def tell_action(action: Action, kind: str) -> None:
    """Remind the owner of a promise; for another date it is told again."""
    if action.owner_id:
        notifications.withdraw(kinds=[kind], about_id=action.pk)
        notifications.notify(kind=kind, about_id=action.pk, people=[action.owner_id])


def _minutes(user: User, pks: list[int]) -> dict[int, tuple[Any, str]]:
    found = Minutes.objects.visible_to(user).filter(pk__in=pks).select_related("meeting__kring")
    return {one.pk: (one.meeting.title, f"{one.meeting.get_absolute_url()}verslag/") for one in found}


def _amendments(user: User, pks: list[int]) -> dict[int, tuple[Any, str]]:
    found = Amendment.objects.filter(pk__in=pks, proposer=user, item__minutes__in=Minutes.objects.visible_to(user))
    return {
        one.pk: (
            one.item.title,
            f"{one.item.minutes.meeting.get_absolute_url()}verslag/#item-{one.item_id}",
        )
        for one in found.select_related("item__minutes__meeting__kring")
    }


def _questions(user: User, pks: list[int]) -> dict[int, tuple[Any, str]]:
    found = OfficeQuestion.objects.visible_to(user).filter(pk__in=pks).select_related("meeting__kring")
    return {one.pk: (one.meeting.title, f"{one.meeting.get_absolute_url()}#question-{one.pk}") for one in found}


def _promises(user: User, pks: list[int]) -> dict[int, tuple[Any, str]]:
    found = Action.objects.visible_to(user).open().filter(pk__in=pks, owner=user).select_related("kring")
    return {one.pk: (one.text, reverse("kringen:actions", args=[one.kring.slug])) for one in found}


_WORDS: dict[str, tuple[Any, Any, Callable[[User, list[int]], dict[int, tuple[Any, str]]]]] = {
    ROUND: (
        gettext_lazy("The minutes of a meeting can be amended"),
        gettext_lazy("Read the minutes of “%(what)s” and say what should be different"),
        _minutes,
    ),
    AMENDED: (
        gettext_lazy("My amendment was answered"),
        gettext_lazy("Your amendment to “%(what)s” was answered"),
        _amendments,
    ),
    ASKED: (
        gettext_lazy("Somebody asks the office something (for facilitators and the office)"),
        gettext_lazy("There is a question to the office at “%(what)s”"),
        _questions,
    ),
    ANSWERED: (
        gettext_lazy("My question to the office was answered"),
        gettext_lazy("Your question at “%(what)s” was answered"),
        _questions,
    ),
    DUE: (
        gettext_lazy("A promise of mine is due within a week"),
        gettext_lazy("Due within a week: %(what)s"),
        _promises,
    ),
    LATE: (
        gettext_lazy("The day of a promise of mine has passed"),
        gettext_lazy("Should have been done by now: %(what)s"),
        _promises,
    ),
}


def _teller(name: str) -> notifications.Tell:
    def tell_it(user: User, rows: Sequence[Notification]) -> dict[int, Line]:
        _label, sentence, find = _WORDS[name]
        found = find(user, [row.about_id for row in rows])
        return {
            row.pk: Line(sentence % {"what": found[row.about_id][0]}, found[row.about_id][1])
            for row in rows
            if row.about_id in found
        }

    return tell_it


def register() -> None:
    """Add these kinds of things to what people hear of."""
    for name, (label, _sentence, _find) in _WORDS.items():
        notifications.register(Kind(name, label, _teller(name)))
