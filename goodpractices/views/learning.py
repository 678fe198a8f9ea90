"""What other municipalities do with a practice: adopt it, and tell what came of it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from benchmark import outlines
from goodpractices import adopters_map, adoptions, experiences
from goodpractices.adoptions import AdoptionError
from goodpractices.experiences import ExperienceError
from goodpractices.forms import AdoptionForm, ExperienceForm
from goodpractices.models import Adoption, Experience, GoodPractice
from goodpractices.permissions import reach_of
from goodpractices.views.acting import person_of
from people import clock
from people.models import User

_ACCEPTED = ["GET", "POST"]


def _published(request: HttpRequest, slug: str) -> tuple[User, GoodPractice]:
    """Fetch a practice of the library for somebody who may speak for a municipality."""
    person = person_of(request)
    practice = get_object_or_404(GoodPractice.objects.published_to(person).for_cards(), slug=slug)
    if not reach_of(person).own:
        raise PermissionDenied
    return person, practice


@login_required
@require_http_methods(_ACCEPTED)
def adopt_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Wij doen dit ook."""
    person, practice = _published(request, slug)
    mine = Adoption.objects.filter(practice=practice, municipality__in=reach_of(person).own).first()
    form = AdoptionForm(request.POST or None, instance=None if request.POST else mine, by=person)
    if request.method == "POST" and form.is_valid():
        try:
            adoptions.adopt(by=person, practice=practice, **form.cleaned_data)
        except AdoptionError as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            messages.success(request, _("It is recorded how far you are with “%(title)s”.") % {"title": practice.title})
            return redirect("goodpractices:detail", slug=slug)
    context = {"form": form, "practice": practice, "mine": mine}
    return render(request, "goodpractices/adopt.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def adoption_withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Take back an adoption that was recorded by mistake."""
    person, practice = _published(request, slug)
    adoption = get_object_or_404(Adoption, practice=practice, municipality__in=reach_of(person).own)
    adoptions.withdraw(by=person, adoption=adoption)
    messages.success(request, _("Your municipality is not in the list any more."))
    return redirect("goodpractices:detail", slug=slug)


@login_required
@require_GET
def adopters_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show on the map who does this too; for participants, because the public sees a number only."""
    practice = get_object_or_404(GoodPractice.objects.published_to(request.user).for_cards(), slug=slug)
    if not reach_of(request.user).takes_part:
        raise Http404
    seen = Adoption.objects.visible_to(request.user).filter(practice=practice).select_related("municipality")
    chart = adopters_map.chart(practice, list(seen), outlines.for_year(clock.today().year))
    return render(request, "goodpractices/adopters.html", {"practice": practice, "chart": chart})


@login_required
@require_http_methods(_ACCEPTED)
def experience_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Voeg uw eigen ervaring toe."""
    person, practice = _published(request, slug)
    mine = Experience.objects.filter(practice=practice, municipality__in=reach_of(person).own).first()
    form = ExperienceForm(request.POST or None, instance=None if request.POST else mine, by=person)
    if request.method == "POST" and form.is_valid():
        try:
            experiences.tell(by=person, practice=practice, **form.cleaned_data)
        except ExperienceError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your experience is with the practice now. Thank you."))
            return redirect("goodpractices:detail", slug=slug)
    context = {
        "form": form,
        "practice": practice,
        "mine": mine,
        "versions": list(mine.versions.select_related("author")) if mine else (),
    }
    return render(request, "goodpractices/experience.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def experience_withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Take an experience back."""
    person, practice = _published(request, slug)
    experience = get_object_or_404(Experience, practice=practice, municipality__in=reach_of(person).own)
    experiences.withdraw(by=person, experience=experience)
    messages.success(request, _("Your experience is taken back."))
    return redirect("goodpractices:detail", slug=slug)
