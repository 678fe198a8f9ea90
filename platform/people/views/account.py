"""What everybody decides about themselves: profile and language."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from people.forms import LanguageForm, ProfileForm
from people.requests import PersonRequest

YEAR = 365 * 24 * 3600


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: PersonRequest) -> HttpResponse:
    """Show and change one's own name, job title and language; show one's own roles."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(request.user.language):
            messages.success(request, _("Your profile is saved."))
        return redirect("people:profile")
    if form.errors:
        # the form has put refused values on the person, whose name stands in the header
        request.user.refresh_from_db()
    roles = request.user.roles.current().prefetch_related("scope")
    return render(request, "people/profile.html", {"form": form, "roles": roles}, status=422 if form.errors else 200)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language: kept with a person, in a cookie for a visitor; then back to the page."""
    target = request.POST.get("next") or request.headers.get("referer") or "/"
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = redirect(target)
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return response
    chosen = form.cleaned_data["language"]
    if request.user.is_authenticated:
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    response.set_cookie("language", chosen, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure())
    return response
