"""The promises of a kring: the list, a new one, done and open again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kringen import actions as verbs
from kringen import memberships
from kringen.forms import ActionForm
from kringen.models import Action, Kring
from kringen.permissions import can_add_action, can_change_action
from kringen.views.loaders import in_kring, need
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
        form = ActionForm(request.POST if request.method == "POST" else None, kring=kring, people=people)
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            verbs.add_action(kring=kring, **form.cleaned_data)
        except verbs.ActionRefused as refusal:
            form.add_error("owner", str(refusal))
        else:
            messages.success(request, _("The action was written down."))
            return redirect("kringen:actions", slug=kring.slug)
    today = clock.today()
    actions = list(kring.actions.select_related("owner", "municipality", "meeting", "kring").order_by("due_on", "pk"))
    rows: list[dict[str, Any]] = [
        {
            "action": action,
            "is_mine": action.owner_id == request.user.pk,
            "is_overdue": action.is_overdue(today),
            "can_change": can_change_action(request.user, action),
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


@in_kring("POST")
def action_state(request: PersonRequest, kring: Kring, action: int) -> HttpResponse:
    """Mark a promise done, or open it again."""
    found = get_object_or_404(Action.objects.visible_to(request.user), kring=kring, pk=action)
    need(can_change_action(request.user, found))
    state = Action.State.OPEN if request.POST.get("state") == Action.State.OPEN else Action.State.DONE
    verbs.set_state(action=found, state=state)
    messages.success(
        request,
        _("The action is open again.") if state == Action.State.OPEN else _("The action is marked as done."),
    )
    return redirect("kringen:actions", slug=kring.slug)
