"""Who takes part, for the office: the list, one person, their roles."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from people import roles
from people.forms import RoleForm
from people.models import Role, RoleName, User
from people.permissions import can_deactivate_user, can_grant_role
from people.requests import PersonRequest

PER_PAGE = 50


def _must(request: PersonRequest, permission: str) -> None:
    """Answer 404 to those who may not know that this exists."""
    if not request.user.has_perm(permission):
        raise Http404


@login_required
@require_GET
def person_list(request: PersonRequest) -> HttpResponse:
    """Show everybody, with search and a filter on role."""
    _must(request, "people.list_users")
    query, role = request.GET.get("q", "").strip(), request.GET.get("role", "")
    people = User.objects.visible_to(request.user).select_related("municipality")
    if query:
        people = people.filter(
            Q(name__icontains=query) | Q(email__icontains=query) | Q(municipality__name__icontains=query)
        )
    if role in RoleName.values:
        people = people.filter(roles__in=Role.objects.current().filter(role=role)).distinct()
    people = people.prefetch_related(
        Prefetch("roles", Role.objects.current().prefetch_related("scope"), to_attr="current_roles")
    )
    page = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "query": query, "role": role, "roles": RoleName.choices}
    return render(request, "people/person_list.html", context)


@login_required
@require_GET
def person(request: PersonRequest, pk: int) -> HttpResponse:
    """Show one person with all their roles, also those that ended."""
    _must(request, "people.view_user")
    return _person_page(request, get_object_or_404(User.objects.visible_to(request.user), pk=pk))


def _person_page(request: PersonRequest, found: User, form: RoleForm | None = None) -> HttpResponse:
    held = list(found.roles.prefetch_related("scope"))
    current = set(found.roles.current().values_list("pk", flat=True))
    context = {
        "person": found,
        "roles": [
            {
                "role": each,
                "current": each.pk in current,
                "may_end": can_grant_role(request.user, RoleName(each.role), each.scope),
            }
            for each in held
        ],
        "form": form or RoleForm(by=request.user),
        "may_close": can_deactivate_user(request.user, found),
    }
    return render(request, "people/person.html", context, status=422 if form and form.errors else 200)


@login_required
@require_POST
def grant(request: PersonRequest, pk: int) -> HttpResponse:
    """Give a person a role."""
    _must(request, "people.view_user")
    found = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    form = RoleForm(request.POST, by=request.user)
    if form.is_valid():
        try:
            roles.grant(user=found, by=request.user, **form.cleaned_data)
        except roles.RoleRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The role is given."))
            return redirect("people:person", found.pk)
    return _person_page(request, found, form)


@login_required
@require_POST
def end_role(request: PersonRequest, pk: int) -> HttpResponse:
    """End a role from today."""
    _must(request, "people.view_user")
    role = get_object_or_404(Role.objects.filter(user__in=User.objects.visible_to(request.user)), pk=pk)
    try:
        roles.end(role=role, by=request.user)
    except roles.RoleRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The role has ended."))
    return redirect("people:person", role.user_id)


@login_required
@require_POST
def close(request: PersonRequest, pk: int) -> HttpResponse:
    """Close an account: it cannot log in any more and its sessions end."""
    _must(request, "people.deactivate_user")
    found = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    try:
        roles.deactivate(user=found, by=request.user)
    except roles.RoleRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The account is closed. What this person wrote stays."))
    return redirect("people:person", found.pk)


@login_required
@require_POST
def reopen(request: PersonRequest, pk: int) -> HttpResponse:
    """Open a closed account again."""
    _must(request, "people.deactivate_user")
    found = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    try:
        roles.reactivate(user=found, by=request.user)
    except roles.RoleRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The account is open again."))
    return redirect("people:person", found.pk)
