"""Searching, reading, writing and reviewing practices."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from benchmark.models import Area, Indicator
from goodpractices import library, permissions, proposals, vocabulary
from goodpractices.forms import PracticeForm, RemarkForm, figures_of
from goodpractices.models import Adoption, Experience, GoodPractice, Proposal, Remark, ResultFigure
from goodpractices.presentation import (
    by_province,
    effect_charts,
    experience_counts,
    facet_groups,
    hits,
    in_order,
    pager,
)
from goodpractices.search import Asked, can_compare, find, similar
from goodpractices.standing import count_of
from goodpractices.views.acting import done, fetch, person_of

_ACCEPTED = ["GET", "POST"]


@require_GET
def library_page(request: HttpRequest) -> HttpResponse:
    """Search and filter the library."""
    asked = Asked.of(request.GET)
    found = find(request.user, asked)
    if found.moved is not None:
        return redirect(f"{reverse('goodpractices:library')}?{found.moved.address()}", permanent=True)
    context = {
        "asked": asked,
        "found": found,
        "hits": hits(found),
        "groups": facet_groups(asked, found),
        "pager": pager(asked, found),
        "may_create": permissions.can_create_practice(request.user),
        "may_review": permissions.can_review_practices(request.user),
        "may_keep_tags": permissions.can_keep_tags(request.user),
        "may_compare": can_compare(request.user),
    }
    return render(request, "goodpractices/library.html", context)


@require_GET
def detail_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one practice, and to its people and reviewers what can be done with it."""
    practice = get_object_or_404(
        GoodPractice.objects.visible_to(request.user)
        .for_cards()
        .prefetch_related(
            Prefetch("indicators", Indicator.objects.select_related("area")),
            Prefetch("remarks", Remark.objects.select_related("author")),
        ),
        slug=slug,
    )
    user = request.user
    oversees = permissions.can_oversee_practice(user, practice)
    own = permissions.can_submit_practice(user, practice)
    states = GoodPractice.State
    adoptions = list(
        Adoption.objects.visible_to(user).filter(practice=practice).select_related("municipality", "practice")
    )
    experiences = list(
        Experience.objects.visible_to(user).filter(practice=practice).select_related("municipality", "author")
    )
    reach = permissions.reach_of(user)
    context = {
        "practice": practice,
        "figures": list(ResultFigure.objects.filter(practice=practice).select_related("indicator")),
        "attachments": list(practice.attachments.all()),
        "co_authors": list(practice.co_authors.all()) if own or oversees else (),
        "may_edit": permissions.can_edit_practice(user, practice),
        "may_propose": permissions.can_propose_practice(user, practice),
        "proposal": Proposal.objects.visible_to(user).filter(practice=practice).first() if oversees or own else None,
        "may_submit": practice.state == states.DRAFT and own,
        "may_publish": practice.state in {states.REVIEW, states.ARCHIVED}
        and permissions.can_review_practice(user, practice),
        "may_return": practice.state == states.REVIEW and permissions.can_review_practice(user, practice),
        "may_archive": practice.state == states.PUBLISHED and oversees,
        "may_confirm": practice.is_published and practice.is_due and (own or oversees),
        # Remarks and versions are between the reviewers and the authors; who only reads does not see them.
        "remarks": practice.remarks.all() if oversees or own else (),
        "may_compare_versions": oversees or own,
        "remark_form": RemarkForm(),
        "effects": effect_charts(practice) if practice.is_published else (),
        "adoptions": adoptions,
        "provinces": by_province(adoptions),
        "may_see_map": reach.takes_part,
        "adoption_counts": count_of(practice) if practice.is_published else {},
        "experiences": experiences,
        "experience_counts": experience_counts(practice) if practice.is_published else {},
        "may_join": practice.is_published and bool(reach.own - {practice.municipality_id}),
        "mine": next((one for one in adoptions if one.municipality_id in reach.own), None),
        "told": next((one for one in experiences if one.municipality_id in reach.own), None),
        "alike": in_order(similar(user, f"{practice.title} {practice.summary}", but=practice.pk)),
    }
    return render(request, "goodpractices/detail.html", context)


def _saved(request: HttpRequest, practice: GoodPractice) -> HttpResponse:
    """After saving: hand in when that button was pressed, and show the practice."""
    if "hand_in" in request.POST and practice.state == GoodPractice.State.DRAFT:
        library.submit(by=person_of(request), practice=practice)
        messages.success(request, _("Your practice is handed in. The facilitator or the office reads it first."))
    else:
        messages.success(request, _("“%(title)s” is saved.") % {"title": practice.title})
    return redirect("goodpractices:detail", slug=practice.slug)


def _form_page(
    request: HttpRequest, form: PracticeForm, practice: GoodPractice | None, *, status: int, **more: Any
) -> HttpResponse:
    """Show the form; what was told already brings up similar practices and tags, also without JavaScript."""
    told = f"{form['title'].value() or ''} {form['summary'].value() or ''}"
    areas = [int(pk) for pk in form["areas"].value() or () if str(pk).isdigit()]
    context = {
        "form": form,
        "practice": practice,
        "alike": in_order(similar(request.user, told, but=practice.pk if practice else None)),
        "suggested": vocabulary.suggest(request.user, text=told, areas=areas),
        "may_import": permissions.can_create_practice(request.user),
    }
    return render(request, "goodpractices/form.html", context | more, status=status)


@login_required
@require_http_methods(_ACCEPTED)
def create_page(request: HttpRequest) -> HttpResponse:
    """Add an own practice."""
    if not permissions.can_create_practice(request.user):
        raise PermissionDenied
    # An area page sends along which area the experience is about.
    initial: dict[str, Any] = {
        "areas": list(Area.objects.filter(slug=request.GET.get("area", "")).values_list("pk", flat=True)),
        "title": request.GET.get("title", "")[:160],
    }
    person = person_of(request)
    form = PracticeForm(request.POST or None, initial=initial, reach=permissions.reach_of(person), by=person)
    figures = figures_of(None, request.POST if "figures-TOTAL_FORMS" in request.POST else None)
    if request.method == "POST" and form.is_valid() and (not figures.is_bound or figures.is_valid()):
        made = library.create(
            by=person,
            municipality=form.cleaned_data["municipality"],
            submission=form.cleaned_data["submission"],
            **form.text(),
            figures=figures.figures() if figures.is_bound else [],
        )
        return _saved(request, made)
    return _form_page(request, form, None, status=422 if form.is_bound else 200, figures=figures)


@login_required
@require_http_methods(_ACCEPTED)
def edit_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a practice."""
    practice = fetch(request, slug)
    proposing = not permissions.can_edit_practice(request.user, practice)
    if proposing and not permissions.can_propose_practice(request.user, practice):
        raise PermissionDenied
    person = person_of(request)
    before = Proposal.objects.filter(practice=practice).first() if proposing else None
    form = PracticeForm(
        request.POST or None,
        instance=practice,
        initial=proposals.initial(before) if before is not None else None,
        reach=permissions.reach_of(person),
        by=person,
    )
    figures = figures_of(
        practice,
        request.POST if "figures-TOTAL_FORMS" in request.POST else None,
        before.values.get("figures") if before is not None else None,
    )
    if request.method == "POST" and form.is_valid() and (not figures.is_bound or figures.is_valid()):
        # The form has put its values on the instance already; the verb starts from the database.
        current = fetch(request, slug)
        text = form.text()
        if figures.is_bound:
            text["figures"] = figures.figures()
        if proposing:
            return _proposed(request, form, current, figures, text)
        try:
            current = library.edit(by=person, practice=current, seen=form.cleaned_data["seen"], **text)
        except library.ChangedError as conflict:
            form.add_error(None, str(conflict))
            again = request.POST.copy()
            again["seen"] = str(current.revision)
            form.data = again
            return _form_page(request, form, practice, status=409, figures=figures, theirs=current)
        return _saved(request, current)
    return _form_page(
        request, form, practice, status=422 if form.is_bound else 200, figures=figures, proposing=proposing
    )


def _proposed(
    request: HttpRequest, form: PracticeForm, practice: GoodPractice, figures: Any, text: dict[str, Any]
) -> HttpResponse:
    """Hand in the new text of a published practice, or show the form again with why it was not."""
    try:
        proposals.propose(by=person_of(request), practice=practice, **text)
    except library.LibraryError as refused:
        form.add_error(None, str(refused))
        return _form_page(request, form, practice, status=422, figures=figures, proposing=True)
    messages.success(request, _("Your new version waits for review. Until then the library shows the published one."))
    return redirect("goodpractices:proposal", slug=practice.slug)


@login_required
@require_POST
def submit(request: HttpRequest, slug: str) -> HttpResponse:
    """Hand in a draft."""
    return done(request, slug, library.submit, _("“%(title)s” is handed in for review."))


@login_required
@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish a practice."""
    return done(request, slug, library.publish, _("“%(title)s” is published."))


@login_required
@require_POST
def confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that a practice is still right."""
    return done(request, slug, library.still_right, _("“%(title)s” is confirmed. You are asked again in two years."))


@login_required
@require_POST
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Archive a practice."""
    return done(request, slug, library.archive, _("“%(title)s” is archived. Its text is kept."))


@login_required
@require_POST
def return_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Send a practice back with a remark."""
    remark = request.POST.get("remark", "")[:2000]
    text = _("“%(title)s” is back with its author, with your remark.")
    return done(request, slug, library.return_with_remark, text, remark=remark)


@login_required
@require_GET
def review_page(request: HttpRequest) -> HttpResponse:
    """Show what waits for this reviewer."""
    if not permissions.can_review_practices(request.user):
        raise PermissionDenied
    waiting = GoodPractice.objects.for_review_by(request.user).for_cards().order_by("created_at", "pk")
    proposed = Proposal.objects.for_review_by(request.user).select_related("practice__municipality", "author")
    return render(request, "goodpractices/review.html", {"practices": waiting, "proposals": proposed})


@login_required
@require_GET
def own_page(request: HttpRequest) -> HttpResponse:
    """Show the drafts of one's own municipality, and what is in review."""
    if not permissions.can_create_practice(request.user):
        raise PermissionDenied
    drafts = GoodPractice.objects.in_progress_for(request.user).for_cards().prefetch_related("remarks__author")
    return render(request, "goodpractices/own.html", {"practices": drafts.order_by("-created_at", "-pk")})
