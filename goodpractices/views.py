"""The pages of the library. They fetch through `visible_to` and leave deciding to the verbs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from benchmark.models import Area, Indicator
from goodpractices import library, permissions
from goodpractices.forms import PracticeForm, RemarkForm
from goodpractices.models import GoodPractice, Remark
from goodpractices.presentation import facet_groups, hits, pager
from goodpractices.search import Asked, find
from people.models import User

_ACCEPTED = ["GET", "POST"]


def _person(request: HttpRequest) -> User:
    """Return who is logged in; only for views behind `login_required`."""
    return cast("User", request.user)


def _practice(request: HttpRequest, slug: str) -> GoodPractice:
    """Fetch a practice that this person may open, or answer 404."""
    return get_object_or_404(GoodPractice.objects.visible_to(request.user).for_cards(), slug=slug)


@require_GET
def library_page(request: HttpRequest) -> HttpResponse:
    """Search and filter the library."""
    asked = Asked.of(request.GET)
    found = find(request.user, asked)
    context = {
        "asked": asked,
        "found": found,
        "hits": hits(found),
        "groups": facet_groups(asked, found),
        "pager": pager(asked, found),
        "may_create": permissions.can_create_practice(request.user),
        "may_review": permissions.can_review_practices(request.user),
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
    oversees = permissions.can_oversee_practice(request.user, practice)
    states = GoodPractice.State
    context = {
        "practice": practice,
        "may_edit": permissions.can_edit_practice(request.user, practice),
        "may_submit": practice.state == states.DRAFT and permissions.can_submit_practice(request.user, practice),
        "may_publish": practice.state in {states.REVIEW, states.ARCHIVED}
        and permissions.can_review_practice(request.user, practice),
        "may_return": practice.state == states.REVIEW and permissions.can_review_practice(request.user, practice),
        "may_archive": practice.state == states.PUBLISHED and oversees,
        # Remarks are between the reviewers and the authors; who only reads does not see them.
        "remarks": practice.remarks.all()
        if oversees or permissions.can_submit_practice(request.user, practice)
        else (),
        "remark_form": RemarkForm(),
    }
    return render(request, "goodpractices/detail.html", context)


def _saved(request: HttpRequest, practice: GoodPractice) -> HttpResponse:
    """After saving: hand in when that button was pressed, and show the practice."""
    if "hand_in" in request.POST and practice.state == GoodPractice.State.DRAFT:
        library.submit(by=_person(request), practice=practice)
        messages.success(request, _("Your practice is handed in. The facilitator or the office reads it first."))
    else:
        messages.success(request, _("“%(title)s” is saved.") % {"title": practice.title})
    return redirect("goodpractices:detail", slug=practice.slug)


def _form_page(request: HttpRequest, form: PracticeForm, practice: GoodPractice | None, *, status: int) -> HttpResponse:
    return render(request, "goodpractices/form.html", {"form": form, "practice": practice}, status=status)


@login_required
@require_http_methods(_ACCEPTED)
def create_page(request: HttpRequest) -> HttpResponse:
    """Add an own practice."""
    if not permissions.can_create_practice(request.user):
        raise PermissionDenied
    # An area page sends along which area the experience is about.
    initial = {"areas": list(Area.objects.filter(slug=request.GET.get("area", "")).values_list("pk", flat=True))}
    form = PracticeForm(request.POST or None, initial=initial, reach=permissions.reach_of(request.user))
    if request.method == "POST" and form.is_valid():
        made = library.create(
            by=_person(request),
            municipality=form.cleaned_data["municipality"],
            submission=form.cleaned_data["submission"],
            **form.text(),
        )
        return _saved(request, made)
    return _form_page(request, form, None, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(_ACCEPTED)
def edit_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a practice."""
    practice = _practice(request, slug)
    if not permissions.can_edit_practice(request.user, practice):
        raise PermissionDenied
    form = PracticeForm(request.POST or None, instance=practice, reach=permissions.reach_of(request.user))
    if request.method == "POST" and form.is_valid():
        # The form has put its values on the instance already; the verb starts from the database.
        current = _practice(request, slug)
        try:
            library.edit(by=_person(request), practice=current, seen=form.cleaned_data["seen"], **form.text())
        except library.ChangedError as conflict:
            form.add_error(None, str(conflict))
            again = request.POST.copy()
            again["seen"] = str(current.revision)
            form.data = again
            context = {"form": form, "practice": practice, "theirs": current}
            return render(request, "goodpractices/form.html", context, status=409)
        return _saved(request, current)
    return _form_page(request, form, practice, status=422 if form.is_bound else 200)


def _done(request: HttpRequest, slug: str, verb: Callable[..., GoodPractice], text: str, **more: Any) -> HttpResponse:
    """Run a verb on a practice and show it again, with what was done or why it was not."""
    practice = _practice(request, slug)
    try:
        verb(by=_person(request), practice=practice, **more)
    except library.LibraryError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, text % {"title": practice.title})
    return redirect("goodpractices:detail", slug=slug)


@login_required
@require_POST
def submit(request: HttpRequest, slug: str) -> HttpResponse:
    """Hand in a draft."""
    return _done(request, slug, library.submit, _("“%(title)s” is handed in for review."))


@login_required
@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish a practice."""
    return _done(request, slug, library.publish, _("“%(title)s” is published."))


@login_required
@require_POST
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Archive a practice."""
    return _done(request, slug, library.archive, _("“%(title)s” is archived. Its text is kept."))


@login_required
@require_POST
def return_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Send a practice back with a remark."""
    remark = request.POST.get("remark", "")[:2000]
    text = _("“%(title)s” is back with its author, with your remark.")
    return _done(request, slug, library.return_with_remark, text, remark=remark)


@login_required
@require_GET
def review_page(request: HttpRequest) -> HttpResponse:
    """Show what waits for this reviewer."""
    if not permissions.can_review_practices(request.user):
        raise PermissionDenied
    waiting = GoodPractice.objects.for_review_by(request.user).for_cards().order_by("created_at", "pk")
    return render(request, "goodpractices/review.html", {"practices": waiting})


@login_required
@require_GET
def own_page(request: HttpRequest) -> HttpResponse:
    """Show the drafts of one's own municipality, and what is in review."""
    if not permissions.can_create_practice(request.user):
        raise PermissionDenied
    drafts = GoodPractice.objects.in_progress_for(request.user).for_cards().prefetch_related("remarks")
    return render(request, "goodpractices/own.html", {"practices": drafts.order_by("-created_at", "-pk")})
