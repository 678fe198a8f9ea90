"""The new version of a published practice that waits for a reviewer."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from goodpractices import permissions, proposals, versions
from goodpractices.forms import RemarkForm
from goodpractices.models import Proposal
from goodpractices.views.acting import done


@login_required
@require_GET
def proposal_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what would change, word by word, and what can be done with it."""
    found = Proposal.objects.visible_to(request.user).select_related("practice__municipality", "author")
    proposal = get_object_or_404(found, practice__slug=slug)
    practice = proposal.practice
    reviews = permissions.can_review_practice(request.user, practice) and proposal.author_id != request.user.pk
    context = {
        "practice": practice,
        "proposal": proposal,
        "fields": versions.between(versions.snapshot(practice), proposal.text),
        "may_review": proposal.is_waiting and practice.is_published and reviews,
        "may_propose": permissions.can_propose_practice(request.user, practice),
        "remark_form": RemarkForm(),
        "remarks": () if proposal.is_waiting else practice.remarks.select_related("author")[:1],
    }
    return render(request, "goodpractices/proposal.html", context)


@login_required
@require_POST
def accept(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish the new version."""
    return done(request, slug, proposals.accept, _("The new version of “%(title)s” is published."))


@login_required
@require_POST
def send_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the new version back with a remark."""
    remark = request.POST.get("remark", "")[:2000]
    text = _("The new version of “%(title)s” is back with its author, with your remark.")
    return done(request, slug, proposals.send_back, text, remark=remark)


@login_required
@require_POST
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Throw the new version away."""
    text = _("The new version is thrown away. “%(title)s” stays as it is.")
    return done(request, slug, proposals.withdraw, text)
