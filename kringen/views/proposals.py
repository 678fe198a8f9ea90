"""What may come on the agenda: proposed by members, proposed from data, or left over from an earlier meeting."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kringen.meetings import ideas
from kringen.meetings import proposals as verbs
from kringen.meetings.agenda_ideas import HANDFUL
from kringen.meetings.agendas import AgendaRefused
from kringen.meetings.proposal_forms import ProposalForm
from kringen.models import AgendaItem, AgendaProposal, Kring, Meeting
from kringen.permissions import can_plan_meeting
from kringen.views.loaders import entered, in_kring, need, number_of
from people.requests import PersonRequest

ANSWERED_SHOWN = 20


@in_kring("GET", "HEAD", "POST")
def proposal_list(request: PersonRequest, kring: Kring) -> HttpResponse:
    """Show what was proposed and take a new proposal; who guides the kring answers here."""
    entered(request, kring)
    if request.method != "POST":
        return _page(request, kring, ProposalForm(kring=kring))
    do = request.POST.get("do", "propose")
    if do == "propose":
        return _propose(request, kring)
    act = OWN_ACTS.get(do) or ACTS.get(do)
    if act is None:
        raise Http404
    if do in ACTS:
        need(can_plan_meeting(request.user, kring))
    try:
        messages.success(request, act(request, kring))
    except (verbs.ProposalRefused, AgendaRefused) as refusal:
        return _page(request, kring, ProposalForm(kring=kring), refused=str(refusal))
    return redirect("kringen:proposals", slug=kring.slug)


@in_kring("POST")
def carry(request: PersonRequest, meeting: Meeting, item: int) -> HttpResponse:
    """Let an unfinished item of a meeting go on at the next one."""
    need(can_plan_meeting(request.user, meeting.kring))
    found = get_object_or_404(meeting.agenda_items, pk=item)
    try:
        made = verbs.carry_over(item=found, by=request.user)
    except (verbs.ProposalRefused, AgendaRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        where = _("the agenda of “%(meeting)s”") % {"meeting": made.meeting} if isinstance(made, AgendaItem) else ""
        messages.success(
            request, _("“%(item)s” goes on: it is on %(where)s.") % {"item": found, "where": where or _("the backlog")}
        )
    return redirect("kringen:meeting", slug=meeting.kring.slug, number=meeting.number)


def _propose(request: PersonRequest, kring: Kring) -> HttpResponse:
    form = ProposalForm(request.POST, kring=kring)
    if not form.is_valid():
        return _page(request, kring, form)
    data = form.cleaned_data
    try:
        verbs.propose(
            kring=kring, wish=form.wish(), by=request.user, meeting=data["meeting"], submission=data["submission"]
        )
    except verbs.ProposalRefused as refusal:
        form.add_error("meeting", str(refusal))
        return _page(request, kring, form)
    messages.success(request, _("Your proposal was sent. The facilitator answers it here."))
    return redirect("kringen:proposals", slug=kring.slug)


def _page(request: PersonRequest, kring: Kring, form: ProposalForm, refused: str = "") -> HttpResponse:
    made = kring.proposals.select_related("meeting__kring", "proposer", "municipality", "answered_by")
    waiting = list(made.open())
    histories = verbs.histories((one.pk, one.carried_from_id) for one in waiting)
    rows = [(one, verbs.history_text(histories.get(one.pk, ()))) for one in waiting]
    may_answer = can_plan_meeting(request.user, kring)
    proposed = ideas.proposed(kring) if may_answer else []
    return render(
        request,
        "kringen/proposals.html",
        {
            "kring": kring,
            "form": form,
            "waiting": [row for row in rows if row[0].meeting is not None],
            "backlog": [row for row in rows if row[0].meeting is None],
            "answered": made.exclude(state=AgendaProposal.State.OPEN).order_by("-pk")[:ANSWERED_SHOWN],
            "ideas": proposed[:HANDFUL],
            "more_ideas": proposed[HANDFUL:],
            "meetings": list(kring.meetings.for_the_circle().upcoming()),
            "may_answer": may_answer,
            "refused": refused,
            "typed": request.POST,
        },
        status=400 if refused or form.errors else 200,
    )


def _proposal(request: PersonRequest, kring: Kring) -> AgendaProposal:
    found = AgendaProposal.objects.visible_to(request.user).filter(kring=kring)
    return get_object_or_404(found, pk=number_of(request.POST.get("proposal", "")) or 0)


def _meeting(request: PersonRequest, kring: Kring) -> Meeting:
    found = Meeting.objects.visible_to(request.user).filter(kring=kring)
    return get_object_or_404(found, pk=number_of(request.POST.get("meeting", "")) or 0)


def _accept(request: PersonRequest, kring: Kring) -> str:
    meeting = _meeting(request, kring)
    item = verbs.accept(proposal=_proposal(request, kring), meeting=meeting, by=request.user)
    return _("“%(item)s” is on the agenda of “%(meeting)s”.") % {"item": item, "meeting": meeting}


def _drop(request: PersonRequest, kring: Kring) -> str:
    dropped = verbs.drop(proposal=_proposal(request, kring), answer=request.POST.get("answer", ""), by=request.user)
    return _("“%(item)s” is not taken over; who proposed it reads why.") % {"item": dropped}


def _take(request: PersonRequest, kring: Kring) -> str:
    meeting = _meeting(request, kring)
    item = ideas.take(kring=kring, key=request.POST.get("idea", ""), meeting=meeting, by=request.user)
    return _("“%(item)s” is on the agenda of “%(meeting)s”.") % {"item": item, "meeting": meeting}


def _forget(request: PersonRequest, kring: Kring) -> str:
    ideas.drop(kring=kring, key=request.POST.get("idea", ""), by=request.user)
    return _("This is not proposed again.")


def _withdraw(request: PersonRequest, kring: Kring) -> str:
    taken = verbs.withdraw(proposal=_proposal(request, kring), by=request.user)
    return _("You took “%(item)s” back.") % {"item": taken}


OWN_ACTS = {"withdraw": _withdraw}
ACTS = {"accept": _accept, "drop": _drop, "take": _take, "forget": _forget}
