"""Pages on which figures are handed in, validated, published or sent back, and the history of each value."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Max, Min, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from benchmark import deliveries
from benchmark.deliveries import Pair
from benchmark.models import ImportBatch, Indicator, Measurement, MeasurementRevision
from benchmark.permissions import can_deliver, can_validate_measurements, edited_by, viewer_for

PAGE = 50
Status = Measurement.Status
Action = MeasurementRevision.Action
VERBS = {
    "submit": (deliveries.submit, Action.SUBMITTED),
    "validate": (deliveries.validate, Action.VALIDATED),
    "publish": (deliveries.publish, Action.PUBLISHED),
    "reject": (deliveries.reject, Action.REJECTED),
}


@login_required
@require_http_methods(["GET", "POST"])
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits, per municipality and indicator, and take the next step with what is ticked."""
    user: Any = request.user
    if not can_deliver(user):
        raise Http404
    judges = bool(can_validate_measurements(user))
    error = ""
    if request.method == "POST":
        try:
            return _take_step(request, judges=judges)
        except deliveries.StepRefused as refused:
            error = str(refused)
    page = Paginator(_waiting(user, judges=judges), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": _rows(page.object_list), "judges": judges, "error": error}
    return render(request, "benchmark/queue.html", context, status=422 if error else 200)


def _take_step(request: HttpRequest, *, judges: bool) -> HttpResponse:
    """Do what the pressed button says.

    Raises:
        StepRefused: nothing is ticked, the step needs a reason, or it is not for this person.
    """
    verb = request.POST.get("step", "")
    if verb not in VERBS or (verb != "submit" and not judges):
        raise deliveries.StepRefused(_("Choose what must happen with the figures."))
    pairs = [
        Pair(int(one), int(two))
        for one, _mark, two in (v.partition("-") for v in request.POST.getlist("pair"))
        if one.isdecimal() and two.isdecimal()
    ]
    if not pairs:
        raise deliveries.StepRefused(_("Tick the figures first."))
    more = {"why": request.POST.get("why", "")} if verb == "reject" else {}
    step, action = VERBS[verb]
    outcome = step(pairs=pairs[: 2 * PAGE], by=request.user, **more)  # type: ignore[operator]
    (messages.success if outcome.done else messages.warning)(request, outcome.sentence(action))
    return redirect("benchmark:queue")


def _waiting(user: Any, *, judges: bool) -> Any:
    """Return a row per municipality, indicator and status that waits for somebody."""
    values = Measurement.objects.exclude(status=Status.PUBLISHED)
    if not judges:
        values = values.filter(municipality__in=edited_by(user))
    return (
        values.values(
            "municipality_id",
            "municipality__name",
            "municipality__code",
            "indicator_id",
            "indicator__name",
            "indicator__code",
            "status",
        )
        .annotate(count=Count("pk"), first=Min("year"), last=Max("year"), empty=Count("pk", filter=Q(value=None)))
        .order_by("status", "municipality__name", "indicator__name")
    )


def _rows(found: Any) -> list[dict[str, Any]]:
    """Add to each row its status in words, and why it was sent back the last time."""
    rows = list(found)
    back = MeasurementRevision.objects.filter(
        action=Action.REJECTED,
        measurement__status=Status.DRAFT,
        measurement__municipality__in={row["municipality_id"] for row in rows},
        measurement__indicator__in={row["indicator_id"] for row in rows},
    ).order_by("at")
    whys = {
        (municipality, indicator): why
        for municipality, indicator, why in back.values_list(
            "measurement__municipality_id", "measurement__indicator_id", "why"
        )
    }
    for row in rows:
        row["state"] = Status(row["status"]).label
        if row["status"] == Status.DRAFT:
            row["why"] = whys.get((row["municipality_id"], row["indicator_id"]), "")
    return rows


def values(request: HttpRequest, code: str) -> HttpResponse:
    """Show every value of one municipality and indicator that the reader may see, with its status."""
    indicator = get_object_or_404(Indicator, code=code)
    found = (
        Measurement.objects.visible_to(request.user)
        .filter(indicator=indicator, municipality__code=request.GET.get("municipality", ""))
        .select_related("municipality", "dataset")
        .annotate(changes=Count("revisions"))
        .order_by("-year", "report")
    )
    rows = list(found)
    if not rows:
        raise Http404
    return render(
        request, "benchmark/values.html", {"indicator": indicator, "place": rows[0].municipality, "rows": rows}
    )


def value(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one value: what it is, what it was, by whom and why."""
    seen = Measurement.objects.visible_to(request.user).select_related("indicator", "municipality", "dataset", "batch")
    found = get_object_or_404(seen, pk=pk)
    inside = viewer_for(request.user).may_see_drafts_of(found.municipality_id)
    steps = _history(found)
    if not inside:  # what was never published is nobody else's business, nor who did what
        steps = [step for step in steps if step["is_published"]]
    context = {"value": found, "steps": steps, "inside": inside, "answers": _answers(found) if inside else []}
    return render(request, "benchmark/value.html", context)


def _history(found: Measurement) -> list[dict[str, Any]]:
    """Return what a value was, the latest first: each entry says what it became at that moment.

    A revision keeps what was before it; so what a step made of the value stands in the next one, or is the value now.
    """
    revisions = list(found.revisions.select_related("batch", "by").order_by("at", "pk"))
    befores = [*(revision.before for revision in revisions), None]
    batches = ImportBatch.objects.in_bulk({before["batch_id"] for before in befores if before and before["batch_id"]})
    first = befores[0]
    origin = found.batch if first is None else batches.get(first["batch_id"])
    steps = [
        {
            "batch": origin,
            "at": origin.imported_at if origin else None,
            "by": origin.imported_by if origin else None,
            "what": _("brought in"),
            "why": "",
            **_then(found, first),
        }
    ]
    for at, revision in enumerate(revisions):
        steps.append(
            {
                "batch": revision.batch,
                "at": revision.at,
                "by": revision.by,
                "what": revision.get_action_display(),
                "why": revision.why,
                **_then(found, befores[at + 1]),
            }
        )
    return steps[::-1]


def _then(found: Measurement, before: dict[str, Any] | None) -> dict[str, Any]:
    """Return value, reason and status of a moment."""
    if before is None:
        number, reason, status = found.value, found.reason, found.status
    else:
        number, reason, status = before["value"], before["reason"], before["status"]
    field = Measurement._meta.get_field  # noqa: SLF001 — documented
    return {
        "is_published": status == Status.PUBLISHED,
        "value": number,
        "reason": dict(field("reason").flatchoices).get(reason, ""),  # type: ignore[union-attr]
        "status": dict(field("status").flatchoices).get(status, ""),  # type: ignore[union-attr]
    }


def _answers(found: Measurement) -> Any:
    return found.indicator.question_answers.filter(
        municipality=found.municipality_id, year=found.year, report=found.report
    )
