"""What the figures propose for an agenda: the picture beside an idea, fetched when it comes near."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from kringen.meetings import ideas
from kringen.meetings.idea_charts import chart_of
from kringen.models import Kring
from kringen.permissions import can_plan_meeting
from kringen.views.loaders import entered, in_kring, need
from people.requests import PersonRequest


@in_kring("GET", "HEAD")
def idea_chart(request: PersonRequest, kring: Kring, key: str) -> HttpResponse:
    """Show the chart of an idea as a part of the page with `?deel=1`; by itself the address leads to its own page."""
    entered(request, kring)
    need(can_plan_meeting(request.user, kring))
    idea = next((one for one in ideas.proposed(kring) if one.key == key and one.chart is not None), None)
    if idea is None or idea.chart is None:
        raise Http404
    if "deel" not in request.GET:
        return redirect(idea.address)
    return render(
        request, "kringen/_idea_chart.html", {"chart": chart_of(idea.chart, kring=kring, reader=request.user)}
    )
