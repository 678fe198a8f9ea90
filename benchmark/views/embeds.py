"""A chart for a council paper or the site of a municipality: the code to copy, and the page it shows."""

from __future__ import annotations

from dataclasses import replace

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from benchmark import asking, embedding, groups, showing
from benchmark.charts.chart import Chart
from benchmark.embedding import NotSigned
from benchmark.groups import UnknownGroup
from benchmark.models import Indicator
from benchmark.past import VersionGone
from benchmark.permissions import PUBLIC
from benchmark.series import UnknownReport
from benchmark.showing import State, Unshowable

# Pixels high; the page inside scrolls when its table is opened.
HEIGHTS = {"trend": 620, "distribution": 560, "dumbbell": 820, "heatmap": 820, "map": 900}


def _public_chart(state: State, found: Indicator) -> Chart | None:
    """Return the chart as the public sees it, None when the public sees nothing of it."""
    try:
        who = asking.reader(None, state.municipality or "", viewer=PUBLIC)
        keys = {choice.key for choice in who.choices}
        group = state.group if state.group in keys else groups.DEFAULT
        return showing.chart(replace(state, group=group, sort=""), who, found)[0]
    except (Http404, UnknownGroup, UnknownReport, Unshowable, VersionGone):
        return None


@require_safe
def embed_code(request: HttpRequest, code: str) -> HttpResponse:
    """Show what others would see of this chart, and the code with which they show it."""
    found = get_object_or_404(Indicator.objects.select_related("area"), code=code)
    try:
        state = State.of(request.GET, indicator=found.code)
    except Unshowable:
        state = State(found.code)
    token = embedding.sign(replace(state, sort=""), translation.get_language() or settings.LANGUAGE_CODE)
    address = request.build_absolute_uri(reverse("embed", args=[token]))
    context = {
        "indicator": found,
        "chart": _public_chart(state, found),
        "address": address,
        "height": HEIGHTS[state.kind],
        "back": f"{reverse('benchmark:indicator', args=[found.code])}?{state.query(indicator='')}",
    }
    return render(request, "benchmark/embed_code.html", context)


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": settings.EMBED_ANCESTORS, "script-src": ["'none'"], "form-action": ["'none'"]})  # type: ignore[arg-type]
@cache_control(public=True, max_age=300)
def embedded(request: HttpRequest, token: str) -> HttpResponse:
    """Show a chart inside somebody else's page: public figures only, whoever looks, and no script."""
    try:
        asked = embedding.read(token)
    except NotSigned:
        raise Http404 from None
    found = get_object_or_404(Indicator.objects.select_related("area"), code=asked.state.indicator)
    with translation.override(asked.language):
        chart = _public_chart(asked.state, found)
        page = f"{reverse('benchmark:indicator', args=[found.code])}?{asked.state.query(indicator='')}"
        context = {"indicator": found, "chart": chart, "page": request.build_absolute_uri(page)}
        return render(request, "benchmark/embedded.html", context)
