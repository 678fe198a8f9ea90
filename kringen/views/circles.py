"""The list of kringen, the page of one, and its members."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kringen.circle import memberships, progress
from kringen.circle.overview import members_of, timeline_of
from kringen.conversation.room_permissions import can_talk_in
from kringen.conversation.roomlist import rooms_for
from kringen.forms import EndForm, MemberForm
from kringen.models import Kring, Meeting, Membership
from kringen.models.kring import kring_ids_of
from kringen.permissions import can_add_action, can_change_action, can_manage_members, can_plan_meeting
from kringen.views.loaders import in_kring, need
from kringen.year.dates import days_text
from people import clock
from people.models import RoleName
from people.requests import PersonRequest


@require_safe
def kring_list(request: HttpRequest) -> HttpResponse:
    """Show what everybody may know of the kringen: name, municipalities, theme, next date. Members see theirs first."""
    kringen = list(Kring.objects.listed())
    mine = kring_ids_of(request.user)
    readable = set(Kring.objects.visible_to(request.user).values_list("pk", flat=True))
    next_dates: dict[int, Meeting] = {}
    for meeting in Meeting.objects.filter(kring__in=kringen).for_the_circle().upcoming():
        next_dates.setdefault(meeting.kring_id, meeting)
    cards = [
        {
            "kring": kring,
            "next": next_dates.get(kring.pk),
            "is_mine": kring.pk in mine,
            "is_readable": kring.pk in readable,
        }
        for kring in kringen
    ]
    return render(
        request,
        "kringen/list.html",
        {
            "mine": [card for card in cards if card["is_mine"]],
            "others": [card for card in cards if not card["is_mine"]],
        },
    )


@in_kring("GET", "HEAD")
def kring_page(request: PersonRequest, kring: Kring) -> HttpResponse:
    """Show who sits at the table, what is next, what is said and what was promised."""
    today = clock.today()
    people = memberships.people_of(kring)
    rows = members_of(kring, people, request.user.municipality_id)
    meetings = list(kring.meetings.visible_to(request.user).order_by("date", "number"))
    upcoming = [each for each in meetings if each.date >= today and each.state == Meeting.State.PLANNED]
    actions = list(kring.actions.visible_to(request.user).open().select_related("owner", "municipality", "kring"))
    return render(
        request,
        "kringen/kring.html",
        {
            "kring": kring,
            "rows": rows,
            "intakes": [row for row in rows if row.questions or row.themes],
            "facilitators": [role.user for role in people if role.role == RoleName.FACILITATOR],
            "others": [
                role.user
                for role in people
                if role.role == RoleName.PARTICIPANT
                and role.user.municipality_id not in {row.municipality.pk for row in rows}
            ],
            "meetings": meetings,
            "next_meeting": upcoming[0] if upcoming else None,
            "next_meeting_away": days_text((upcoming[0].date - today).days) if upcoming else "",
            "timeline": timeline_of(kring),
            "choices": kring.theme_choices.select_related("theme", "meeting"),
            "may_talk": can_talk_in(request.user, kring),
            "standing": progress.lines(Kring.objects.filter(pk=kring.pk))[0].standing,
            "rooms": rooms_for(request.user, [kring]),
            "actions": [
                {
                    "action": action,
                    "is_mine": action.owner_id == request.user.pk,
                    "is_overdue": action.is_overdue(today),
                    "can_change": can_change_action(request.user, action),
                }
                for action in actions
            ],
            "can_plan": can_plan_meeting(request.user, kring),
            "can_manage": can_manage_members(request.user, kring),
            "can_add_action": can_add_action(request.user, kring),
        },
    )


@in_kring("GET", "HEAD", "POST")
def members(request: PersonRequest, kring: Kring) -> HttpResponse:
    """Bring a municipality in; shows who is in and since when."""
    need(can_manage_members(request.user, kring))
    form = MemberForm(request.POST if request.method == "POST" else None, kring=kring)
    if request.method == "POST" and form.is_valid():
        try:
            made = memberships.add_municipality(kring=kring, by=request.user, **form.cleaned_data)
        except memberships.MembershipRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("%(place)s is in %(kring)s now.") % {"place": made.municipality, "kring": kring}
            )
            return redirect("kringen:members", slug=kring.slug)
    rows = members_of(kring, memberships.people_of(kring), request.user.municipality_id)
    return render(
        request,
        "kringen/members.html",
        {"kring": kring, "form": form, "rows": rows},
        status=400 if form.errors else 200,
    )


@in_kring("GET", "HEAD", "POST")
def end_membership(request: PersonRequest, kring: Kring, membership: int) -> HttpResponse:
    """End a membership, after asking."""
    need(can_manage_members(request.user, kring))
    found = get_object_or_404(
        Membership.objects.select_related("municipality").filter(until__isnull=True), kring=kring, pk=membership
    )
    form = EndForm(request.POST if request.method == "POST" else None, initial={"until": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            memberships.end_membership(membership=found, on=form.cleaned_data["until"], by=request.user)
        except memberships.MembershipRefused as refusal:
            form.add_error("until", str(refusal))
        else:
            messages.success(
                request,
                _("%(place)s has left %(kring)s. Its figures and messages were kept.")
                % {"place": found.municipality, "kring": kring},
            )
            return redirect("kringen:members", slug=kring.slug)
    return render(
        request,
        "kringen/member_end.html",
        {"kring": kring, "membership": found, "form": form},
        status=400 if form.errors else 200,
    )
