"""Inviting, and accepting an invitation."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from people import invitations
from people.forms import AcceptForm, InvitationFileForm, InvitationForm
from people.imports.outcome import ImportRefused
from people.models import Invitation, User
from people.permissions import can_invite_anybody
from people.requests import PersonRequest
from people.tables import Refusal

PER_PAGE = 50


def _must_invite(request: PersonRequest) -> None:
    if not request.user.has_perm("people.invite_user"):
        raise Http404


@login_required
@require_http_methods(["GET", "POST"])
def invitation_list(request: PersonRequest) -> HttpResponse:
    """Show the invitations one may see, and invite one person."""
    _must_invite(request)
    if request.method != "POST":
        return _page(request, InvitationForm(by=request.user))
    form = InvitationForm(request.POST, by=request.user)
    if form.is_valid():
        try:
            invitation, _token = invitations.invite(by=request.user, **form.cleaned_data)
        except invitations.InvitationRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(email)s is invited.") % {"email": invitation.email})
            return redirect("people:invitations")
    return _page(request, form)


def _page(
    request: PersonRequest,
    form: InvitationForm,
    file_form: InvitationFileForm | None = None,
    refusals: list[Refusal] | None = None,
) -> HttpResponse:
    found = (
        Invitation.objects.visible_to(request.user)
        .select_related("municipality", "invited_by")
        .prefetch_related("scope")
    )
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "file_form": file_form or InvitationFileForm(),
        "refusals": refusals or [],
        "may_invite_anybody": can_invite_anybody(request.user),
    }
    wrong = form.errors or refusals or (file_form is not None and file_form.errors)
    return render(request, "people/invitation_list.html", context, status=422 if wrong else 200)


@login_required
@require_POST
def invite_file(request: PersonRequest) -> HttpResponse:
    """Invite everybody in a file, or nobody."""
    _must_invite(request)
    form = InvitationFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, InvitationForm(by=request.user), form)
    file = form.cleaned_data["file"]
    try:
        made = invitations.invite_many(source=file, name=file.name, by=request.user)
    except ImportRefused as refused:
        return _page(request, InvitationForm(by=request.user), form, refused.refusals)
    messages.success(
        request,
        ngettext("%(count)s person is invited.", "%(count)s people are invited.", len(made)) % {"count": len(made)},
    )
    return redirect("people:invitations")


@login_required
@require_POST
def resend(request: PersonRequest, pk: int) -> HttpResponse:
    """Send an invitation again, with a new link."""
    _must_invite(request)
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user), pk=pk)
    try:
        invitations.resend(invitation=invitation, by=request.user)
    except invitations.InvitationRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request,
            _("A new link is sent to %(email)s; the earlier one stopped working.") % {"email": invitation.email},
        )
    return redirect("people:invitations")


@login_required
@require_POST
def revoke(request: PersonRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    _must_invite(request)
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user), pk=pk)
    try:
        invitations.revoke(invitation=invitation, by=request.user)
    except invitations.InvitationRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The invitation of %(email)s is taken back.") % {"email": invitation.email})
    return redirect("people:invitations")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Show what an invitation is for, and accept it by POST.

    The address of this page is the secret itself: it is not sent on as a referrer, and not logged.
    """
    try:
        response = _accept(request, token)
    except invitations.InvitationUnusable:
        response = render(request, "people/invitation_unusable.html", status=404)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _accept(request: HttpRequest, token: str) -> HttpResponse:
    invitation = invitations.find(token=token)
    owner = User.objects.filter(email__iexact=invitation.email).first()
    who = request.user if request.user.is_authenticated else None
    context = {"invitation": invitation, "has_account": owner is not None, "other": who if who != owner else None}
    fits = owner == who
    form = AcceptForm(request.POST or None, initial={"name": invitation.name}) if owner is None else None
    if request.method == "POST" and fits and (form is None or form.is_valid()):
        given = form.cleaned_data if form else {}
        try:
            person = invitations.accept(token=token, user=owner, **given)
        except ValidationError as wrong:
            form.add_error(None, wrong)  # type: ignore[union-attr]
        except invitations.OtherAccount:
            return redirect(request.path)
        else:
            messages.success(request, _("Welcome. Your invitation is accepted."))
            return redirect("home") if owner else perform_login(request, person, email_verification="none")
    status = 422 if request.method == "POST" else 200
    return render(request, "people/invitation_accept.html", {**context, "form": form}, status=status)
