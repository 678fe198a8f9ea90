"""Pages on which somebody chooses the peers to compare with."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from benchmark import peers
from benchmark.forms.groups import PeersForm
from benchmark.models import ComparisonGroup
from benchmark.permissions import can_create_group
from people.requests import PersonRequest


def _mine(request: PersonRequest, pk: int) -> ComparisonGroup:
    chosen = ComparisonGroup.objects.filter(kind=ComparisonGroup.Kind.CHOSEN, owner_id=request.user.pk, retired_at=None)
    return get_object_or_404(chosen.prefetch_related("municipalities"), pk=pk)


@login_required
def group_list(request: PersonRequest) -> HttpResponse:
    """Show the groups of peers a person keeps."""
    if not can_create_group(request.user):
        raise PermissionDenied
    kept = ComparisonGroup.objects.filter(kind=ComparisonGroup.Kind.CHOSEN, owner_id=request.user.pk, retired_at=None)
    return render(request, "benchmark/groups.html", {"groups": kept.prefetch_related("municipalities")})


@login_required
@require_http_methods(["GET", "POST"])
def group_edit(request: PersonRequest, pk: int | None = None) -> HttpResponse:
    """Make or change a group of peers."""
    if not can_create_group(request.user):
        raise PermissionDenied
    group = _mine(request, pk) if pk is not None else None
    form = PeersForm.of(group) if group is not None and request.method == "GET" else PeersForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kept = peers.choose_peers(
            by=request.user,
            group=group,
            name=form.cleaned_data["name"],
            municipalities=form.cleaned_data["municipalities"],
            submission=form.cleaned_data["submission"],
        )
        messages.success(
            request, _("“%(name)s” is kept. From now on you compare with this group.") % {"name": kept.name}
        )
        return redirect("benchmark:groups")
    return render(request, "benchmark/group_form.html", {"form": form, "group": group})


@login_required
@require_POST
def group_drop(request: PersonRequest, pk: int) -> HttpResponse:
    """Throw a group of peers away."""
    group = _mine(request, pk)
    peers.drop_peers(by=request.user, group=group)
    messages.success(request, _("“%(name)s” is gone.") % {"name": group.name})
    return redirect("benchmark:groups")
