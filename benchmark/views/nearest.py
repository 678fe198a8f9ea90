"""The page on which somebody finds the municipalities that are like theirs, sees why, and keeps them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from benchmark import nearest, peers
from benchmark.forms.nearest import KeepNearestForm, NearestForm
from benchmark.permissions import can_create_group, guided_circles, viewer_for
from people import clock
from people.requests import PersonRequest


@login_required
@require_http_methods(["GET", "POST"])
def peer_finder(request: PersonRequest) -> HttpResponse:
    """Search with what the address says; a POST on the same address keeps what it finds."""
    if not can_create_group(request.user):
        raise PermissionDenied
    known = nearest.traits(clock.today().year)
    form = NearestForm(request.GET, known=known, home=viewer_for(request.user).home)
    found: list[nearest.Near] = []
    of = None
    if form.is_valid():
        of = next(one for one in known.places.values() if one.code == form.cleaned_data["of"])
        found = nearest.find(known, of=of.pk, weights=form.weights, count=form.cleaned_data["count"])
    circles = guided_circles(request.user)
    start = {"name": _("Like %(municipality)s") % {"municipality": of.name}} if of is not None else {}
    keep = KeepNearestForm(request.POST or None, circles=[(one.pk, one.name) for one in circles], initial=start)
    if request.method == "POST" and of is not None and found and keep.is_valid():
        told = nearest.recipe(known, of=of, weights=form.weights, found=found)
        circle = next((one for one in circles if one.pk == keep.cleaned_data.get("circle")), None)
        kept = peers.keep_nearest(
            by=request.user,
            name=keep.cleaned_data["name"],
            municipalities=[one.municipality for one in found],
            recipe=told,
            circle=circle,
            submission=keep.cleaned_data["submission"],
        )
        messages.success(
            request, _("“%(name)s” is kept. From now on you compare with this group.") % {"name": kept.name}
        )
        return redirect("benchmark:groups")
    weights = [form[f"w_{one.key}"] for one in known.features]
    return render(
        request,
        "benchmark/nearest.html",
        {"form": form, "weights": weights, "keep": keep, "found": found, "of": of, "year": known.year},
        status=422 if request.method == "POST" else 200,
    )
