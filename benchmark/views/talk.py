"""The button with which somebody offers to be asked about a figure."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from benchmark import talk
from benchmark.models import Indicator
from benchmark.permissions import viewer_for
from people.models import Municipality
from people.requests import PersonRequest


@login_required
@require_POST
def offer(request: PersonRequest, code: str) -> HttpResponse:
    """Make an offer to talk, or take it back."""
    indicator = get_object_or_404(Indicator, code=code)
    own = viewer_for(request.user).own
    if not own:
        raise PermissionDenied
    if request.POST.get("offer") == "yes":
        home = request.user.municipality_id if request.user.municipality_id in own else min(own)
        talk.offer(by=request.user, indicator=indicator, municipality=Municipality.objects.get(pk=home))
        messages.success(request, _("Others who take part can now ask you about this figure."))
    else:
        talk.take_back(by=request.user, indicator=indicator)
        messages.success(request, _("Your offer is taken back."))
    return redirect("benchmark:indicator", code=code)
