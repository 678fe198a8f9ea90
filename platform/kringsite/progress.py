"""How far the kringen are: for the steering group, the office and facilitators. Counts, and the lists behind them.

It stands here because its words for goals are those of the first page.
"""

from __future__ import annotations

import csv
import io
import uuid
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benchmark.charts.export import safe
from kringen import pdf
from kringen.circle import progress as verbs
from kringen.circle.progress import Counts, Line
from kringen.models import Kring, ProgressNote, ProgressSnapshot
from kringen.models.kring import kring_ids_of
from kringen.permissions import can_view_progress
from kringsite.home import GOAL_WORDS
from people import clock
from people.models import RoleName
from people.permissions import is_office, is_steering
from people.requests import PersonRequest

COLUMNS = {
    "kring": gettext_lazy("Kring"),
    "year": gettext_lazy("Year"),
    "stage": gettext_lazy("Stage"),
    "members": gettext_lazy("Municipalities"),
    "intakes": gettext_lazy("Intakes"),
    "delivered": gettext_lazy("Core figures delivered"),
    "asked": gettext_lazy("Core figures asked"),
    "meetings_held": gettext_lazy("Meetings held"),
    "meetings_planned": gettext_lazy("Meetings planned"),
    "reached": gettext_lazy("Goals reached"),
    "on_track": gettext_lazy("Goals on track"),
    "behind": gettext_lazy("Goals behind"),
    "unknown": gettext_lazy("Goals not known yet"),
    "actions_open": gettext_lazy("Actions open"),
    "actions_overdue": gettext_lazy("Actions overdue"),
    "actions_done": gettext_lazy("Actions done"),
    "adoptions": gettext_lazy("Practices taken over"),
    "experiences": gettext_lazy("Experiences told"),
}
READING = ["GET", "HEAD"]
LISTS = ("intakes", "figures", "meetings", "goals", "actions", "adoptions", "experiences")


def _kringen(user: Any) -> Any:
    """Return the kringen whose progress a person may see, or say that there is no such page.

    Raises:
        Http404: progress is not for this person.
    """
    if not can_view_progress(user):
        raise Http404
    kringen = Kring.objects.visible_to(user)
    if is_office(user) or is_steering(user):
        return kringen
    return kringen.filter(pk__in=kring_ids_of(user, RoleName.FACILITATOR))


def may_note(user: Any) -> bool:
    """Say whether a person writes notes about kringen: the steering group and the office."""
    return is_office(user) or is_steering(user)


@login_required
def progress(request: HttpRequest) -> HttpResponse:
    """Show the kringen in counts; as a table to take away with `?format=csv`, on one page with `?format=pdf`."""
    kringen = _kringen(request.user)
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    lines = verbs.lines(kringen)
    kind = request.GET.get("format", "")
    if kind == "csv":
        return _csv(lines)
    context = {"lines": [_row(line) for line in lines], "today": clock.today(), "total": _total(lines)}
    if kind == "pdf":
        try:
            return pdf.response(pdf.render("kringsite/progress_pdf.html", context), _("progress"))
        except pdf.PdfUnavailable as missing:
            messages.error(request, str(missing))
            return redirect("progress")
    return render(request, "kringsite/progress.html", context)


def _row(line: Line) -> dict[str, Any]:
    goals = line.goals_by_standing
    return {
        "line": line,
        "goals_total": len(line.goals),
        "marks": [{**GOAL_WORDS[now], "number": number} for now, number in goals.items() if number],
    }


def _total(lines: list[Line]) -> dict[str, int]:
    """Return the sum of every count but the stage, over all kringen shown."""
    names = [name for name in Counts.__dataclass_fields__ if name != "stage"]
    return {name: sum(getattr(line.counts, name) for line in lines) for name in names}


def _csv(lines: list[Line]) -> HttpResponse:
    """Return the counts as a file that a spreadsheet opens; a name is never a formula."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(str(label) for label in COLUMNS.values())
    for line in lines:
        counts = asdict(line.counts)
        head = [safe(line.kring.name), line.kring.cycle.year, line.standing.stage.label]
        writer.writerow([*head, *(counts[name] for name in list(COLUMNS)[3:])])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_("progress")}-{clock.today().isoformat()}.csv"'
    return response


def _line(request: HttpRequest, slug: str) -> Line:
    found = _kringen(request.user).filter(slug=slug)
    kring = get_object_or_404(found)
    return verbs.lines(Kring.objects.filter(pk=kring.pk))[0]


@login_required
def kring_progress(request: PersonRequest, slug: str) -> HttpResponse:
    """Show one kring: its stage with what is missing, its counts over the year, and the notes."""
    line = _line(request, slug)
    if request.method not in {*READING, "POST"}:
        return HttpResponseNotAllowed([*READING, "POST"])
    refused, text = "", ""
    if request.method == "POST":
        if not may_note(request.user):
            raise Http404
        text = request.POST.get("text", "")
        try:
            verbs.add_note(kring=line.kring, text=text, by=request.user, submission=_id_of(request.POST))
        except verbs.NoteRefused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("The note was kept."))
            return redirect("progress-kring", slug=slug)
    snapshots = ProgressSnapshot.objects.filter(kring=line.kring).order_by("date")
    return render(
        request,
        "kringsite/progress_kring.html",
        {
            **_row(line),
            "kring": line.kring,
            "history": snapshots,
            "notes": ProgressNote.objects.filter(kring=line.kring).select_related("author"),
            "may_note": may_note(request.user),
            "refused": refused,
            "text": text,
            "submission": uuid.uuid4(),
        },
        status=400 if refused else 200,
    )


def _id_of(data: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(data.get("submission", ""))
    except ValueError:
        return None


@login_required
def progress_list(request: HttpRequest, slug: str, what: str) -> HttpResponse:
    """Show what a number counts: names and states, never a figure."""
    line = _line(request, slug)
    if what not in LISTS:
        raise Http404
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    return render(
        request,
        "kringsite/progress_list.html",
        {"kring": line.kring, "line": line, "what": what, **_listed(line, what)},
    )


def _listed(line: Line, what: str) -> dict[str, Any]:
    """Return the head and the rows of a list, with how many of them the number counts."""
    rows: list[tuple[Any, ...]]
    if what == "intakes":
        yes, no = _("handed in"), _("not handed in yet")
        rows = [(place.name, yes if place.pk in line.with_intake else no) for place in line.members]
        return _table(_("Intakes"), (_("Municipality"), _("Intake")), rows, line.intakes)
    if what == "figures":
        of = _("%(n)s of %(all)s")
        rows = [(place.name, of % {"n": line.delivered[place.pk], "all": line.core}) for place in line.members]
        return _table(_("Core figures"), (_("Municipality"), _("Delivered")), rows, line.delivered_total)
    if what == "meetings":
        rows = [
            (each.title, each.date, _("held") if each in line.held else _("still to come")) for each in line.meetings
        ]
        return _table(_("Meetings"), (_("Meeting"), _("Date"), _("State")), rows, len(line.meetings))
    if what == "goals":
        rows = [(place.name, str(GOAL_WORDS[now]["word"])) for place, now in line.goals]
        return _table(_("Improvement goals"), (_("Municipality"), _("State")), rows, len(line.goals))
    if what == "actions":
        rows = [
            (each.text, str(each.owner or _("nobody")), each.due_on, _action_state(line, each)) for each in line.actions
        ]
        return _table(_("Actions"), (_("What"), _("Who"), _("By"), _("State")), rows, len(line.actions))
    return _told(line) if what == "experiences" else _adopted(line)


def _adopted(line: Line) -> dict[str, Any]:
    rows = [(each.practice.title, each.municipality_id, each.get_state_display()) for each in line.adoptions]
    head = (_("Practice"), _("Municipality"), _("State"))
    return _table(_("Practices taken over"), head, _named(line, rows), len(rows))


def _told(line: Line) -> dict[str, Any]:
    """Tell that they told, and of which practice: what they told has readers of its own."""
    rows = [(each.practice.title, each.municipality_id, each.created_at.date()) for each in line.experiences]
    head = (_("Practice"), _("Municipality"), _("Date"))
    return _table(_("Experiences told"), head, _named(line, rows), len(rows))


def _named(line: Line, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return the rows with the name of the municipality in the second place; its key stands there."""
    names = {place.pk: place.name for place in line.members}
    return [(first, names[pk], last) for first, pk, last in rows]


def _action_state(line: Line, action: Any) -> str:
    return _("overdue") if action in line.overdue_actions else str(action.get_state_display())


def _table(title: str, head: tuple[str, ...], rows: list[Any], number: int) -> dict[str, Any]:
    return {"title": title, "head": head, "rows": rows, "number": number}
