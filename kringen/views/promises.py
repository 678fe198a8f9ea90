"""The promises of a kring: the list, a new one, done and open again."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kringen.circle import memberships
from kringen.forms import ActionForm, ChangeActionForm
from kringen.models import Action, Kring
from kringen.permissions import can_add_action, can_change_action
from kringen.promises import actions as verbs
from kringen.promises import becoming
from kringen.views.loaders import in_kring, need, number_of
from people import clock
from people.requests import PersonRequest


@in_kring("GET", "HEAD", "POST")
def action_list(request: PersonRequest, kring: Kring) -> HttpResponse:
    """Show every promise, open ones first, and take a new one."""
    may_add = can_add_action(request.user, kring)
    form = None
    if may_add or request.method == "POST":
        need(may_add)
        people = [role.user for role in memberships.people_of(kring)]
        initial = {"submission": uuid.uuid4(), "meeting": _origin(request, kring)}
        data = request.POST if request.method == "POST" else None
        form = ActionForm(data, kring=kring, people=people, initial=initial)
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            verbs.add_action(kring=kring, **form.cleaned_data)
        except verbs.ActionRefused as refusal:
            form.add_error("owner", str(refusal))
        else:
            messages.success(request, _("The action was written down."))
            return redirect("kringen:actions", slug=kring.slug)
    today = clock.today()
    seen = kring.actions.visible_to(request.user).select_related("owner", "municipality", "meeting", "item", "kring")
    actions = list(seen.order_by("due_on", "pk"))
    became = becoming.of(actions, request.user)
    rows: list[dict[str, Any]] = [
        {
            "action": action,
            "is_mine": action.owner_id == request.user.pk,
            "is_overdue": action.is_overdue(today),
            "can_change": can_change_action(request.user, action),
            "became": became.get(action.pk),
        }
        for action in actions
    ]
    return render(
        request,
        "kringen/actions.html",
        {
            "kring": kring,
            "form": form,
            "open": [row for row in rows if row["action"].state == Action.State.OPEN],
            "closed": [row for row in rows if row["action"].state != Action.State.OPEN],
        },
        status=400 if form is not None and form.errors else 200,
    )


def _origin(request: PersonRequest, kring: Kring) -> int | None:
    """Return the meeting that the address says a promise comes from."""
    number = number_of(request.GET.get("van", ""))
    if not number:
        return None
    return kring.meetings.for_the_circle().filter(number=number).values_list("pk", flat=True).first()


@in_kring("POST")
def action_state(request: PersonRequest, kring: Kring, action: int) -> HttpResponse:
    """Mark a promise done or dropped, or open it again."""
    found = _changeable(request, kring, action)
    asked = request.POST.get("state")
    state = Action.State(asked) if asked in Action.State.values else Action.State.DONE
    try:
        verbs.set_state(action=found, state=state, because=request.POST.get("because", ""))
    except verbs.ActionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("kringen:action-change", slug=kring.slug, action=found.pk)
    messages.success(request, _STATES[state])
    return redirect("kringen:actions", slug=kring.slug)


_STATES = {
    Action.State.OPEN: gettext_lazy("The action is open again."),
    Action.State.DONE: gettext_lazy("The action is marked as done."),
    Action.State.DROPPED: gettext_lazy("The action was dropped, with your reason."),
}


@in_kring("GET", "HEAD", "POST")
def change(request: PersonRequest, kring: Kring, action: int) -> HttpResponse:
    """Give a promise to somebody else or another date; drop it; say what came of it."""
    found = _changeable(request, kring, action)
    people = [role.user for role in memberships.people_of(kring)]
    initial = {"owner": found.owner_id, "due_on": found.due_on}
    form = ChangeActionForm(request.POST if request.method == "POST" else None, people=people, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.change_action(action=found, **form.cleaned_data)
        except verbs.ActionRefused as refusal:
            form.add_error("owner", str(refusal))
        else:
            messages.success(request, _("The action was changed."))
            return redirect("kringen:actions", slug=kring.slug)
    linked = next((f"{name}:{pk}" for name in _LINKS if (pk := getattr(found, f"{name}_id"))), "")
    return render(
        request,
        "kringen/action_change.html",
        {
            "kring": kring,
            "action": found,
            "form": form,
            "became": becoming.of([found], request.user).get(found.pk),
            "linked": linked,
            "choices": becoming.choices(found, request.user),
            "forms": becoming.forms_for(found, request.user),
        },
        status=400 if form.errors else 200,
    )


_LINKS = ("goal", "practice", "adoption")


@in_kring("POST")
def became(request: PersonRequest, kring: Kring, action: int) -> HttpResponse:
    """Keep which goal or practice came of a promise."""
    found = _changeable(request, kring, action)
    try:
        becoming.link(action=found, key=request.POST.get("became", ""), by=request.user)
    except verbs.ActionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("kringen:action-change", slug=kring.slug, action=found.pk)
    messages.success(request, _("The link was kept."))
    return redirect("kringen:actions", slug=kring.slug)


def _changeable(request: PersonRequest, kring: Kring, pk: int) -> Action:
    found = get_object_or_404(
        Action.objects.visible_to(request.user).select_related("owner", "municipality", "meeting", "item"),
        kring=kring,
        pk=pk,
    )
    found.kring = kring
    need(can_change_action(request.user, found))
    return found
