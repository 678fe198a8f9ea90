"""The page on which somebody makes and revokes their personal tokens."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from people import tokens
from people.forms import TokenForm
from people.models import AccessToken
from people.requests import PersonRequest


@login_required
@require_http_methods(["GET", "POST"])
def token_list(request: PersonRequest) -> HttpResponse:
    """Show one's tokens; make one and show it, this once, in the answer itself."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    text = ""
    if request.method == "POST" and form.is_valid():
        try:
            _made, text = tokens.make(
                by=request.user,
                name=form.cleaned_data["name"],
                scope=form.cleaned_data["scope"],
                days=form.cleaned_data["days"],
            )
        except tokens.TokenRefused as refused:
            form.add_error(None, str(refused))
        else:
            form = TokenForm()
    return render(
        request,
        "people/tokens.html",
        {"form": form, "text": text, "tokens": AccessToken.objects.visible_to(request.user).listed()},
        status=422 if form.errors else 200,
    )


@login_required
@require_POST
def token_revoke(request: PersonRequest, pk: int) -> HttpResponse:
    """Revoke one of one's own tokens."""
    token = get_object_or_404(AccessToken.objects.visible_to(request.user).listed(), pk=pk)
    tokens.revoke(token=token)
    messages.success(request, _("“%(name)s” is revoked; it opens nothing any more.") % {"name": token.name})
    return redirect("people:tokens")
